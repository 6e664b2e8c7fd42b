"""The pay audit: how many planted faults it finds, how many alarms are false, how long it takes.

    python benchmarks/audit.py                 # the policy's numbers were chosen on seeds 1 to 8
    python benchmarks/audit.py --seeds 20      # reported beside: 20 seeds from 1001 on
    python benchmarks/audit.py --lines 1000000 # and duplicates among so many transactions

Each kind of fault is planted in copies of the sample company of its own, 12 in a copy, in its last
twelve months. Precision counts every finding of the check that was not planted as false, but for
what the sample itself has: lines sold at a loss, and one person paid while on leave.
"""

from __future__ import annotations

import argparse
import platform
import resource
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from spmlib.incent.audit.audits import every
from spmlib.incent.audit.duplicates import pairs
from spmlib.incent.audit.planted.measured import FAULTS, measured
from spmlib.workbench import audits
from spmlib.workbench.opened import opened

ROOT = Path(__file__).parents[1]
CHOSEN = range(1, 9)  # seeds on which the policy's numbers were chosen
FIRST = 1001  # the first of those reported
GENUINE = ("margins", "inactive")  # checks that find what the sample really has


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--lines", type=int, default=1_000_000)
    asked = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, "
          f"polars {pl.__version__}, numpy {np.__version__}\n")  # fmt: skip
    found(asked.seeds)
    speed(asked.lines)


def found(seeds: int) -> None:
    """Recall and precision by kind, on seeds that numbers were chosen on and on others."""
    bench = opened(ROOT / "parameters")
    books, policy = audits.kept(bench), audits.policy(bench)
    began = time.process_time()
    all_months = every(books, policy)
    spent = time.process_time() - began
    genuine = set(all_months.filter(pl.col("check").is_in(GENUINE))["finding_id"])
    false = all_months.height - len(genuine)
    print(f"The sample as it is: {false} other findings in 30 months; {spent:.1f} s of CPU.\n")
    heads = "kind", "planted", "found", "findings", "recall (95 %)", "precision (95 %)"
    print(f"| {' | '.join(heads)} | on seeds chosen on: recall, precision |\n|{'---|' * 7}")
    for kind in FAULTS:
        row, old = (
            measured(books, policy, those, 12, genuine, [kind]).row(0, named=True)
            for those in (range(FIRST, FIRST + seeds), CHOSEN)
        )
        shares = [
            f"{100 * row[n]:.1f} % ({100 * row[f'{n}_low']:.0f} to {100 * row[f'{n}_high']:.0f})"
            for n in ("recall", "precision")
        ]
        counts = [str(row[name]) for name in ("planted", "found", "findings")]
        before = f"{100 * old['recall']:.1f} %, {100 * old['precision']:.1f} %"
        print(f"| {' | '.join([kind, *counts, *shares, before])} |", flush=True)


def speed(lines: int) -> None:
    """Duplicates among many transactions, a thousandth of them booked twice."""
    rng = np.random.default_rng(53)
    copies = rng.choice(lines, lines // 1000, replace=False)
    pick = np.concatenate([np.arange(lines), copies])
    columns = {
        "account_id": rng.integers(0, lines // 20, lines),
        "owner_id": rng.integers(0, 2000, lines),
        "product_id": rng.integers(0, 200, lines),
        "amount": np.round(np.exp(rng.normal(7, 1.4, lines)), 2),
        "day": rng.integers(0, 730, lines),
    }
    frame = pl.DataFrame({name: values[pick] for name, values in columns.items()})
    words = ("account_id", "owner_id", "product_id")
    rows = frame.with_columns(
        *(pl.col(name).cast(pl.String) for name in words),
        transaction_id=pl.int_range(pl.len()).cast(pl.String),
        event_date=pl.lit(date(2025, 1, 1)) + pl.duration(days="day"),
        amount=(pl.col("amount") * 10_000).round().cast(pl.Int64),
        currency=pl.lit("USD"),
        kind=pl.lit("new"),
        quantity=pl.lit(10_000, pl.Int64),
        deal_id=pl.lit(None, pl.String),
    ).drop("day")
    names = pl.Series([f"Customer {n:07}" for n in range(lines // 20)])
    ids = pl.int_range(len(names), eager=True).cast(pl.String)
    accounts = pl.DataFrame({"account_id": ids, "name": names})
    terms = audits.policy(opened(ROOT / "parameters")).duplicates
    began, clock = time.process_time(), time.perf_counter()
    told = pairs(rows, accounts, terms)
    cpu, wall = time.process_time() - began, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    planted = {(str(first), str(lines + n)) for n, first in enumerate(copies.tolist())}
    both = told.select("transaction_id", "other_id").iter_rows()
    got = {tuple(sorted(pair, key=int)) for pair in both}
    right, other = len(planted & got), len(got - planted)
    print(
        f"\nDuplicates among {len(pick):,} transactions: {wall:.1f} s ({cpu:.1f} s of CPU, peak "
        f"{peak:.1f} GiB); {right:,} of {len(planted):,} found, {other:,} other pairs."
    )


if __name__ == "__main__":
    main()
