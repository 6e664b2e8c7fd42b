"""Trials: what draws would have said of quarters that are over, from what was known before each.

Quotas and positions are those of the quarter; what was credited and paid is cut off at its first
day. Only people who held their plan then and throughout the quarter count, on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.pay import Pay
from spmlib.incent.modelling.simulated import draws, sets
from spmlib.incent.modelling.simulated.sets import Known, Prepared
from spmlib.incent.modelling.simulated.written import Decisions
from spmlib.rules.estimated import earned, pasts, plans
from spmlib.rules.estimated.earned import Sold
from spmlib.rules.estimated.pasts import Past

if TYPE_CHECKING:
    import pandas as pd

RUNS = 500
WITHIN = 0.8  # of cases lie in the interval


@dataclass(frozen=True)
class _Tried:
    """Those on one plan in a quarter: drawn people x runs, and as they came: people."""

    cost: Floats
    came_cost: float
    attained: Floats
    came_attained: Floats


def tried(
    company: Company, pay: Pay, decided: Decisions, quarters: Sequence[date], runs: int = RUNS
) -> pd.DataFrame:
    """What was drawn for quarters, and what came.

    Args:
        company: its tables.
        pay: how people are paid and were, over all quarters.
        decided: what the file says; quotas are as issued, so nothing grows.
        quarters: first days of quarters; at least half a year lies before the first.
        runs: how many companies are drawn for each.

    Returns:
        period, people, expected, low_80, high_80, actual [currency, what components earned], within
        (whether it lay in the interval), place (share of draws below it), attained_within (share of
        people whose attainment lay in their own interval of 80 %), attained (how many people).
    """
    import pandas as pd

    return pd.DataFrame([_quarter(company, pay, decided, first, runs) for first in quarters])


def coverage(of: pd.DataFrame) -> pd.DataFrame:
    """How often intervals of 80 % held what came: what, cases, held (share), error (of the share).

    The error takes cases as independent, which people of one quarter are not.
    """
    import pandas as pd

    cases = int(of["attained"].sum())
    held = float((of["attained_within"] * of["attained"]).sum() / max(cases, 1))
    rows = [
        ("cost of a quarter", len(of), float(of["within"].mean())),
        ("attainment of a person", cases, held),
    ]
    made = pd.DataFrame(rows, columns=["what", "cases", "held"])
    return made.assign(error=np.sqrt(WITHIN * (1 - WITHIN) / made["cases"]))


def quarters(until: date, count: int) -> list[date]:
    """The first days of the last so many quarters that are over on a day, oldest first.

    >>> quarters(date(2026, 11, 1), 2)
    [datetime.date(2026, 4, 1), datetime.date(2026, 7, 1)]
    """
    here = until.year * 4 + (until.month - 1) // 3
    return [date(n // 4, n % 4 * 3 + 1, 1) for n in range(here - count, here)]


def _quarter(
    company: Company, pay: Pay, decided: Decisions, first: date, runs: int
) -> dict[str, object]:
    ready = sets.prepared(
        company, _until(pay, first), replace(decided, year=first.year, growth=0.0), first
    )
    now = plans.in_force(pay, date(first.year, 12, 31))
    came = {name: pasts.past(now[name], first.year, company, pay) for name in ready.known}
    parts = [
        _of_plan(ready, known, came[name], first.month - 1, runs)
        for name, known in ready.known.items()
    ]
    drawn = np.sum([part.cost for part in parts], axis=0)
    paid = float(np.sum([part.came_cost for part in parts]))
    edges = (0.5 - WITHIN / 2, 0.5 + WITHIN / 2)
    low, high = np.quantile(drawn, edges)
    attained = np.concatenate([part.attained for part in parts])
    told = np.concatenate([part.came_attained for part in parts])
    inner = np.quantile(attained, edges, axis=1)
    return {
        "period": f"{first.year}-Q{(first.month + 2) // 3}",
        "people": sum(len(part.came_attained) for part in parts),
        "expected": float(drawn.mean()),
        "low_80": float(low),
        "high_80": float(high),
        "actual": paid,
        "within": bool(low <= paid <= high),
        "place": float((drawn < paid).mean()),
        "attained_within": float(((inner[0] <= told) & (told <= inner[1])).mean()),
        "attained": len(told),
    }


def _of_plan(ready: Prepared, known: Known, came: Past, first: int, runs: int) -> _Tried:
    """Those who hold the plan throughout the quarter: what was before it as it was, then draws."""
    months = slice(first, first + 3)
    places = {person: place for place, person in enumerate(came.people)}
    throughout = [
        number
        for number, person in enumerate(known.people)
        if person in places and (came.sold.held[places[person], 0, months] > 0.99).all()
    ]
    own = np.array(throughout, int)
    at = np.array([places[known.people[number]] for number in throughout], int)
    drawn = [draws.drawn(ready, known, batch, 1) for _, batch in draws.batches(ready, runs)]
    credited = {}
    for measure in known.expected:
        luck = np.concatenate([part.credited[measure] for part in drawn], axis=1)[own]
        was = came.sold.credited.get(measure, np.zeros((len(came.people), 1, 12)))[at]
        luck[..., :first] = was[..., :first]
        luck[..., first + 3 :] = 0.0
        credited[measure] = luck
    goals = {m: asked[at] for m, asked in came.sold.goals.items()}
    sold = Sold(credited, goals, came.sold.target[at], came.sold.held[at], came.sold.rate[at])
    cost = (earned.earned(known.plan, sold, known.ratios)[..., months]).sum(axis=(0, 2))
    paid = np.sum([amounts[at][:, months] for amounts in came.earned.values()])
    attained, told = _attained(known, came, sold, at, months)
    return _Tried(cost * known.worth, float(paid) * known.worth, attained, told)


def _attained(
    known: Known, came: Past, sold: Sold, at: Floats, months: slice
) -> tuple[Floats, Floats]:
    """The quarter's attainment of who has a quota in it: drawn people x runs, and as it came."""
    main = known.plan.main.measure
    goals = came.sold.goals.get(main, np.zeros_like(came.sold.held))[at, 0, months].sum(axis=1)
    there = goals > 0
    drawn = sold.credited[main][..., months].sum(axis=-1)[there] / goals[there][:, None]
    told = came.sold.credited[main][at, 0, months].sum(axis=1)[there] / goals[there]
    return drawn, told


def _until(pay: Pay, day: date) -> Pay:
    """What was recorded before a day."""
    import polars as pl

    records = engine.collected(pay.records).filter(pl.col("period") < f"{day:%Y-%m}")
    return replace(pay, records=engine.brought(records))
