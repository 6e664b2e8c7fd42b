"""Rules planted among adjustments by hand: how many are found, and what is found that is none.

python -m benchmarks.readiness
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from spmlib.revops.readiness import clusters, disguised, measured, wording, written
from spmlib.revops.readiness.measured import Measured
from spmlib.revops.readiness.planted import TICKS, made_up, planted

POLICY = written.read(Path(__file__).parents[1] / "parameters/policies/readiness.yaml")
PEOPLE = [f"H{number}" for number in range(60)]
NAMES = [f"{first} {last}" for first in ("Avery", "Jordan", "Robin") for last in ("Vale", "Hollis")]
MONTHS = [date(2026, month, 1) for month in range(1, 11)]
STYLES: dict[str, dict[str, Any]] = {  # how adjustments are written, as `planted` takes it
    "as they should be": {},
    "a third messy": {"messy": 0.35},
    "nearly all messy": {"messy": 0.9},
    "other words each time": {"other": True},
    "other words, and messy": {"other": True, "messy": 0.9},
    "a quarter forgotten": {"gaps": 0.25},
    "a third not exact": {"sloppy": 0.35},
    "none exact": {"sloppy": 1.0},
    "formulas nobody looks for": {"odd": True},
    "all of it, a third not exact": {"other": True, "messy": 0.9, "sloppy": 0.35, "gaps": 0.1},
}


def tried(noise: int, seed: int, people: int = 60, **style: Any) -> Measured:
    """What is found in one draw."""
    known = made_up(PEOPLE[:people], MONTHS, seed)
    made = planted(PEOPLE[:people], MONTHS, noise, seed, known, names=NAMES, **style)
    rows = made.rows.drop("rule").with_columns(made.rows["amount"] / TICKS)
    table = clusters.clustered(rows, POLICY.similar, wording.names(NAMES))
    return measured.measured(disguised.found(table, POLICY, known), made.rows)


def main(first: int = 100, draws: int = 6) -> None:
    """Print recall and precision by how reasons are written, and by noise a month."""
    for name, style in STYLES.items():
        for noise in (5, 240):
            told = reduce(add, (tried(noise, first + seed, **style) for seed in range(draws)))
            rules, right, rows, good = told.shares.values()
            print(
                f"{name:<29} noise {noise:>3}: rules found {rules:.2f}, right {right:.2f} "
                f"({told.called / draws:.1f} called of {told.rules / draws:.0f}); "
                f"lines found {rows:.3f}, right {good:.3f}"
            )


if __name__ == "__main__":
    main()
