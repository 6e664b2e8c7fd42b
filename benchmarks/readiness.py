"""Rules planted among adjustments by hand: how many are found, and what is found that is none.

python -m benchmarks.readiness
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from data.sample_company.by_hand import planted
from spmlib.revops.readiness import clusters, disguised, written

POLICY = Path(__file__).parents[1] / "parameters/policies/readiness.yaml"
PEOPLE = [f"H{number}" for number in range(60)]
MONTHS = [date(2026, month, 1) for month in range(1, 11)]


def counts(noise: int, seed: int) -> tuple[int, int, int]:
    """Rules planted, rules found, and clusters that were called rules."""
    policy = written.read(POLICY)
    made = planted(PEOPLE, MONTHS, noise, seed)
    rows = clusters.clustered(made.rows, policy.similar)
    told = disguised.disguised(rows, policy)
    own = rows.join(told.select("cluster"), on="cluster", how="semi")
    most = own.group_by("cluster").agg(rule=pl.col("rule").mode().min())
    right = most.filter(pl.col("rule") >= 0)["rule"].n_unique()
    return made.rules, right, told.height


def main() -> None:
    """Print recall and precision by noise a month, over twenty seeds."""
    for noise in (0, 5, 20, 60):
        sums = [
            sum(part) for part in zip(*(counts(noise, seed) for seed in range(20)), strict=True)
        ]
        rules, right, called = sums
        print(f"noise {noise:>2}: recall {right / rules:.2f}, precision {right / called:.2f}")


if __name__ == "__main__":
    main()
