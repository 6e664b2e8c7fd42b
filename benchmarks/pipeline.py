"""Pipeline: how right month-ahead answers and deals' chances are, and how fast, beside usual ways.

    OMP_NUM_THREADS=1 python benchmarks/pipeline.py           Maven's deals, the sample, 100,000
    OMP_NUM_THREADS=1 python benchmarks/pipeline.py --peers   also gradient boosting (scikit-learn)

Maven's opportunities are read from ``$SPMLIB_SHARED/real`` (else ``../shared/real``): asked of each
month from June to December 2017 as it begins. All peers know only what was known on the day.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from machine import machine

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.orchestrate.compiled import compiled
from spmlib.orchestrate.pipeline.outlooks import Outlook, accuracy, outlook
from spmlib.orchestrate.pipeline.trials import FIRST
from spmlib.workbench.opened import opened

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.pipeline import companies, test_opportunities_of_maven  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", action="store_true", help="scikit-learn beside it")
    asked = parser.parse_args()
    compiled()
    print(machine())
    maven = test_opportunities_of_maven.company()
    sample = opened(ROOT / "parameters").company
    for name, company, day, leads in (
        ("Maven, 8,300 deals, 7 months", maven, date(2018, 1, 1), 1),
        ("The sample company, 11,890 deals, 17 months", sample, date(2026, 11, 1), 1),
    ):
        made = timed(name, company, day, leads)
        print(f"  {'probability x amount':22}{simple(made):8.3f}")
        plain = accuracy(outlook(company, day, "USD", leads, seasonal=False)).set_index("answer")
        print(f"  {'deals without season':22}{plain.loc['pipeline', 'error']:8.3f}")
        chances(made, asked.peers)
    timed("100,000 deals made by lot, 300,000 rows of history", large(100_000), companies.DAY, 1)


def timed(name: str, company: Company, day: date, leads: int) -> Outlook:
    """Ask, and print how right each answer was and how long it took."""
    begin, clock = time.process_time(), time.perf_counter()
    made = outlook(company, day, "USD", leads)
    made.months, made.chances  # noqa: B018
    spent, waited = time.process_time() - begin, time.perf_counter() - clock
    print(f"\n{name}: {spent:.1f} s CPU, {waited:.1f} s, {len(made.trials.days)} days asked")
    for row in accuracy(made).itertuples():
        print(f"  {row.answer:22}{row.error:8.3f}  bias {row.bias:+.3f}")
    return made


def simple(made: Outlook) -> float:
    """Every open deal's amount (or the mean of those won) times the share of deals ever won."""
    rows = made.trials.rows.filter(pl.col("lead") == 0)
    known = ~np.isnan(made.stack.values[:, 0]) & ~np.isnan(made.trials.actual[:, 0])
    days = np.flatnonzero(known)[-accuracy(made)["days"].max() :]
    apart = total = 0.0
    for at in days:
        ended = made.deals.closings.filter(pl.col("day") < made.trials.days[at])
        won = ended.filter("won")
        mean, share = won["amount"].mean(), len(won) / len(ended)
        open_ = rows.filter(pl.col("number") == at)["amount"].fill_null(mean)
        apart += abs(float(open_.sum()) * share - made.trials.actual[at, 0])
        total += made.trials.actual[at, 0]
    return apart / total


def chances(made: Outlook, peers: bool) -> None:
    """How much each way of telling deals' chances leaves unexplained: log loss, out of sample."""
    rows = made.trials.rows
    number, won = rows["number"].to_numpy(), rows["won"].to_numpy()
    later = (number >= FIRST + 3) & (number < made.asked.last)
    own = loss(rows["chance"].to_numpy()[later], won[later])
    print(f"  log loss of {later.sum():,} chances: {own:.4f}", end="")
    share, base = np.zeros(len(rows)), np.zeros(len(rows))
    codes = made.trials.now.labels.codes
    begin = time.process_time()
    for at in np.unique(number[later]):
        mine, before = number == at, number < at
        base[mine] = won[before].mean()
        if peers:
            from sklearn.ensemble import HistGradientBoostingClassifier

            trees = HistGradientBoostingClassifier(
                learning_rate=0.05, max_iter=150, min_samples_leaf=40
            )
            share[mine] = trees.fit(codes[before], won[before]).predict_proba(codes[mine])[:, 1]
    print(f"; the mean of all {loss(base[later], won[later]):.4f}", end="")
    if peers:
        spent = time.process_time() - begin
        print(f"; gradient boosting {loss(share[later], won[later]):.4f} ({spent:.1f} s)", end="")
    print()


def loss(chance: np.ndarray, came: np.ndarray) -> float:
    sure = np.clip(chance, 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(came, np.log(sure), np.log1p(-sure))))


def large(deals: int) -> Company:
    """Deals with two stages, opened evenly over two years."""
    random = np.random.default_rng(1)
    opened_, life = random.integers(0, 731, deals), random.gamma(1.2, 50, deals).astype(int) + 3
    said = (np.exp(random.normal(9, 0.8, deals)) * 10_000).astype(np.int64)
    names = pl.Series([f"O{n:06}" for n in range(deals)])
    won = random.random(deals) < 0.3

    def on(days: np.ndarray) -> pl.Series:
        return (
            pl.Series((companies.FIRST - date(1970, 1, 1)).days + days).cast(pl.Int32).cast(pl.Date)
        )

    def changed(days: np.ndarray, stage: str, status: object = "open") -> pl.DataFrame:
        return pl.DataFrame(
            {"opportunity_id": names, "change_date": on(days), "amount": said}
        ).with_columns(stage=pl.lit(stage), status=pl.lit(status))

    about = pl.DataFrame({"opportunity_id": names, "created_date": on(opened_)}).with_columns(
        owner_id=pl.Series([f"P{n % 200}" for n in range(deals)]), currency=pl.lit("USD")
    )
    middle = opened_ + (life * random.random(deals)).astype(int) + 1
    ends = pl.Series(np.where(won, "won", "lost"))
    history = pl.concat(
        [changed(opened_, "a"), changed(middle, "b"), changed(opened_ + life + 2, "c", ends)]
    ).filter(pl.col("change_date") < companies.DAY)
    empty = companies.of([], [])
    tables = {"opportunities": about, "opportunity_history": history}
    filled = {
        name: engine.table(
            pl.concat([engine.collected(getattr(empty, name)), frame], how="diagonal_relaxed")
        )
        for name, frame in tables.items()
    }
    return replace(empty, **filled)


if __name__ == "__main__":
    main()
