"""Panels and histories in plain lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.orchestrate.forecasting.panels import Panel

LAST = 2026 * 12 - 1  # December 2025: the month in which every history ends


def panel(series: Sequence[Sequence[float]], season: int = 12, **groups: Sequence[str]) -> Panel:
    """Series that all end in the same month."""
    return Panel(
        tuple(f"S{n}" for n in range(len(series))),
        np.concatenate([np.asarray(each, float) for each in series]),
        np.cumsum([0, *(len(each) for each in series)]),
        np.full(len(series), LAST),
        season,
        {word: tuple(labels) for word, labels in groups.items()},
    )


def history(series: Mapping[str, Sequence[float | None]], **groups: Mapping[str, str]) -> Any:
    """A long table of months; where there is None, there is no row."""
    rows = [
        {"series": name, "date": date(month // 12, month % 12 + 1, 1), "value": value}
        | {word: labels[name] for word, labels in groups.items()}
        for name, values in series.items()
        for month, value in enumerate(values, start=LAST - len(values) + 1)
        if value is not None
    ]
    return engine.table(pl.DataFrame(rows, infer_schema_length=None))
