"""What a what-if costs: one payee with ten more deals, and a whole company with 5,000.

    python benchmarks/what_if.py

Beside the estimates stands the exact engine, once more on that payee's tables alone, and on
everybody's. The sample company, its last month; least, median and most of many runs in this
process, after one to warm up, and the median of the processors' time, which others on the machine
change less.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import narwhals as nw
import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent))
from machine import machine

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY
from spmlib.incent.calculation import calculated
from spmlib.incent.estimating import estimates, teams
from spmlib.incent.estimating.deals import Deal
from spmlib.incent.estimating.ready import Ready, ready
from spmlib.incent.estimating.tries import shown
from spmlib.incent.explaining.pieces import Measured
from spmlib.rules import curves
from spmlib.workbench.opened import Workbench, opened

PAYEE, COMPONENT, PERIOD = "H1061", "new_business", "2026-10"
SIZES = np.linspace(0, 500_000, 1000)
MANY = 5_000


def main() -> None:
    """Print the figures."""
    bench = opened()
    print(machine())
    began = time.perf_counter()
    known = ready(bench.company, bench.parameters, PERIOD)
    asked = estimates.payee(known, PAYEE)
    held = known.held.filter(pl.col("plan_number") >= 0)["payee_id"].unique().sort().to_list()
    team = teams.team(known, held)
    print(f"\nonce, before any what-if: {time.perf_counter() - began:.1f} s")
    print("\n| a what-if | least ms | median ms | most ms | median CPU ms |\n|---|---|---|---|---|")
    measured = standing(bench)
    _row(f"{len(SIZES):,} sizes of one deal on the curve", lambda: sizes(*measured))
    ten = [_deal(n, known) for n in range(10)]
    _row("a payee, 10 deals, to the cent", lambda: estimates.estimate(asked, ten))
    _row("the same with all that is shown", lambda: shown(estimates.estimate(asked, ten)))
    for many in (MANY // 5, MANY):
        rows = booked(known, many)
        credited = len(teams.counted.credits(team.asked, rows))
        said = f"{len(held)} payees, {many:,} transactions ({credited:,} credits)"
        _row(said, lambda rows=rows: teams.estimated(team, rows))  # type: ignore[misc]
    alone, plan = of_payee(bench.company), measured[0].component.plan
    own = replace(bench.parameters, plans={plan: bench.parameters.plans[plan]})
    exact = lambda: engine.collected(calculated(alone, own).payouts)  # noqa: E731
    _row("the engine on the payee's own tables and plan", exact, 3)
    whole = lambda: engine.collected(calculated(bench.company, bench.parameters).payouts)  # noqa: E731
    _row("the engine on everybody's, all years", whole, 1)


def standing(bench: Workbench) -> tuple[Measured, float]:
    """The payee's curve, and where they stand on it [ticks]."""
    own = (nw.col("payee_id") == PAYEE) & (nw.col("component") == COMPONENT)
    terms = engine.collected(bench.results.terms.filter(own).sort("segment_start")).to_dicts()
    last = [term for term in terms if term["period"] == PERIOD][-1]
    window = [term for term in terms if term["window"] == last["window"]]
    component = bench.parameters.plans[last["plan"]].components[COMPONENT]
    return Measured(component, window, last, ""), float(last["after"])


def sizes(measured: Measured, here: float) -> np.ndarray:
    """What each size of the next deal would earn [currency]."""
    stick, pay = float(measured.stick), float(measured.pay)
    after = (here + SIZES * MONEY) / stick
    at = curves.curve_of_floats(measured.curve, np.append(after, here / stick))
    return pay * (at[:-1] - at[-1]) / MONEY


def booked(known: Ready, many: int) -> pl.DataFrame:
    """So many bookings of the year, as if they were to come on the period's last day."""
    own = known.company.transactions.filter(nw.col("event_date") >= date(2026, 1, 1))
    rows = engine.collected(own).sample(many, seed=1)
    return rows.with_columns(
        event_date=pl.lit(known.end - timedelta(1)), transaction_id="Z" + pl.col("transaction_id")
    )


def _deal(number: int, known: Ready) -> Deal:
    others = {"channel": "direct", "term_months": "24", "new_logo": "yes"}
    day = known.end - timedelta(1)
    amount = 40_000 + 1_000 * number
    return Deal(f"D{number}", day, amount, kind="new", margin=30_000, arr=amount, others=others)


def of_payee(company: Company) -> Company:
    """The company as far as it concerns the payee."""
    own = {}
    for field in fields(Company):
        frame = getattr(company, field.name)
        for key in ("payee_id", "owner_id"):
            if key in engine.names(frame) and field.name != "splits":
                frame = frame.filter(nw.col(key) == PAYEE)
        own[field.name] = engine.kept(frame)
    return replace(company, **own)


def _row(said: str, run: Callable[[], object], times: int = 51) -> None:
    """Print the least, the median and the most of some runs, and their processors' time [ms]."""
    run()
    spent, busy = [], []
    for _ in range(times):
        began, at_work = time.perf_counter(), time.process_time()
        run()
        spent.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - at_work) * 1000)
    middle = statistics.median(spent)
    places = 2 if middle < 1 else 0
    figures = [min(spent), middle, max(spent), statistics.median(busy)]
    print(f"| {said} | " + " | ".join(f"{figure:.{places}f}" for figure in figures) + " |")


if __name__ == "__main__":
    main()
