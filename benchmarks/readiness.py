"""Rules planted among adjustments by hand: how many are found, and what is found that is none.

python -m benchmarks.readiness
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from spmlib.revops.readiness import clusters, disguised, wording, written
from spmlib.revops.readiness.disguised import Found
from spmlib.revops.readiness.planted import Planted, made_up, planted

POLICY = written.read(Path(__file__).parents[1] / "parameters/policies/readiness.yaml")
PEOPLE = [f"H{number}" for number in range(60)]
NAMES = [f"{first} {last}" for first in ("Avery", "Jordan", "Robin") for last in ("Vale", "Hollis")]
MONTHS = [date(2026, month, 1) for month in range(1, 11)]
HALF = 0.5  # of a rule's rows, from which it counts as found; of what is called one, as right
STYLES = {  # how adjustments are written, as `planted` takes it
    "as they should be": {},
    "a third messy": {"messy": 0.35},
    "nearly all messy": {"messy": 0.9},
    "other words each time": {"other": True},
    "other words, and messy": {"other": True, "messy": 0.9},
    "a quarter forgotten": {"gaps": 0.25},
    "a third not exact": {"sloppy": 0.35},
    "none exact": {"sloppy": 1.0},
    "all of it, a third not exact": {"other": True, "messy": 0.9, "sloppy": 0.35, "gaps": 0.1},
}


def measured(made: Planted, found: Found) -> np.ndarray:
    """Rules planted and found, called and right, rows planted and found, called and right.

    A rule counts as found where half of its rows are in one rule that was called and its formula is
    the one planted; a rule that was called is right where half of its rows and more are of one
    planted.
    """
    rows = found.rows.rename({"rule": "called"})
    pairs = rows.filter(pl.col("called").is_not_null(), pl.col("rule_planted") >= 0)
    both = pairs.group_by("called", "rule_planted").agg(rows=pl.len())
    planted_ = made.rows.filter(pl.col("rule") >= 0).group_by(rule_planted="rule").agg(all=pl.len())
    called = rows.drop_nulls("called").group_by("called").agg(every=pl.len())
    sized = both.join(planted_, on="rule_planted").join(called, on="called")
    got = sized.filter(pl.col("rows") >= HALF * pl.col("all"))["rule_planted"].n_unique()
    right = sized.filter(pl.col("rows") > HALF * pl.col("every"))["called"].n_unique()
    count = rows.select(pl.col("rule_planted") >= 0).sum().item()
    return np.array(
        [planted_.height, got, called.height, right, count, pairs.height, called["every"].sum(),
         pairs.height]
    )  # fmt: skip


def tried(noise: int, seed: int, **style: Any) -> np.ndarray:
    """The figures of one draw."""
    known = made_up(PEOPLE, MONTHS, seed)
    made = planted(PEOPLE, MONTHS, noise, seed, known, names=NAMES, **style)
    rows = made.rows.rename({"rule": "rule_planted"}).with_columns(pl.col("amount") / 10_000)
    words = wording.names(NAMES)
    found = disguised.found(clusters.clustered(rows, POLICY.similar, words), POLICY, known)
    return measured(made, found)


def main(first: int = 100, draws: int = 10) -> None:
    """Print recall and precision by how reasons are written, and by noise a month."""
    for name, style in STYLES.items():
        for noise in (5, 60, 240):
            sums = sum(tried(noise, first + seed, **style) for seed in range(draws))
            rules, got, called, right, rows, found, claimed, good = (float(x) for x in sums)
            print(
                f"{name:<29} noise {noise:>3}: rules found {got / rules:.2f}, right "
                f"{right / called:.2f} ({called / draws:.1f} called for {rules / draws:.0f}); "
                f"lines found {found / rows:.3f}, right {good / claimed:.3f}"
            )


if __name__ == "__main__":
    main()
