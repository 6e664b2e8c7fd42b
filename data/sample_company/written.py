"""Tables as CSV files, the same to the byte everywhere; money is written as exact decimals."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

TICKS = 10_000


def write(folder: Path, name: str, table: Mapping[str, Sequence[object]]) -> None:
    """Write one table."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(table)
        out.writerows(zip(*table.values(), strict=True))


def exact(ticks: np.ndarray, places: np.ndarray | int = 0) -> list[str]:
    """Ten-thousandths as decimals, with at least so many places and no other zeros at the end."""
    least = np.broadcast_to(places, ticks.shape).tolist()
    return [_exact(tick, few) for tick, few in zip(ticks.tolist(), least, strict=True)]


def _exact(tick: int, places: int) -> str:
    whole, part = divmod(abs(tick), TICKS)
    digits = f"{part:04d}".rstrip("0").ljust(places, "0")
    return f"{'-' if tick < 0 else ''}{whole}{'.' if digits else ''}{digits}"
