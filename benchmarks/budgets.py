"""How well budgets held: the sample company's, made on earlier days, beside what came.

    python benchmarks/budgets.py

Each is made with what was known on its day; variable pay, cost and bookings of the months that
were to come are set beside their interval of 8 of 10 cases. Hires are left out before 2026.

Read with care: the method was mended with these very days in view (season, level, credibility), so
they are no proof on fresh data; days of one year share their end; and positions and quotas carry no
day of recording, so that quotas of the year under way are those that stand today.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from machine import machine

from spmlib.incent.summaries import budgeted
from spmlib.orchestrate.budgets import actuals, outlooks, written
from spmlib.workbench.opened import opened

NOW = date(2026, 11, 1)
DAYS = [date(2025, month, 1) for month in (1, 4, 7, 10)]
DAYS += [date(2026, month, 1) for month in (1, 4, 7, 9)]


def main() -> None:
    """Print the figures."""
    bench = opened()
    company, payments = bench.company, bench.results.payments
    pay = budgeted.pay(bench.results, company, bench.parameters, NOW)
    file = written.read(bench.folder / "budgets" / "2026.yaml")
    measure = bench.measure(file.measure)
    print(machine())
    print("\n| made on | months | variable pay, M | cost, M | bookings, M | s |")
    print("|---|---|---|---|---|---|")
    for day in DAYS:
        decided = replace(file, year=day.year, raised_from=f"{day.year}-01")
        decided = decided if day.year == file.year else replace(decided, hires={})
        then = budgeted.known_pay(company, bench.parameters, day)
        ready = outlooks.prepared(company, then, measure, decided, day)
        began = time.process_time()
        made = outlooks.made(ready)
        took = time.process_time() - began
        actual = actuals.actual(company, payments, pay, decided, NOW)
        first, count = day.month - 1, len(actual.months) - day.month + 1
        booked = actuals.booked(company, measure, decided.currency, actual.months[first:], NOW)
        came = (actual.kinds["variable"][:, first:], actual.total[:, first:], booked)
        drawn = (made.variable, made.drawn, made.bookings)
        cells = [_said(d[:, :count].sum(axis=1), c.sum()) for d, c in zip(drawn, came, strict=True)]
        print(f"| {day} | {count} | {' | '.join(cells)} | {took:.1f} |")


def _said(drawn: np.ndarray, came: float) -> str:
    """What was expected, between which amounts, and what came."""
    low, high = np.quantile(drawn, [0.1, 0.9])
    held = "held" if low <= came <= high else "missed"
    amounts = (drawn.mean(), low, high, came)
    mean, low, high, real = (f"{amount / 1e6:.1f}" for amount in amounts)
    return f"{mean} ({low} to {high}), came {real}: {held}"


if __name__ == "__main__":
    main()
