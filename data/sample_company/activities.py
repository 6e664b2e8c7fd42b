"""Activities: meetings that marketing brings about, and objectives scored as a period ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from .customers import Customers
from .days import month_start
from .deals import won
from .draws import Draws, Whole
from .people import People

MEETINGS = 300  # held in a year by one person in marketing development
# months of a period, and the weights of its objectives [percent]
OBJECTIVES = {
    "executive": (6, (40, 30, 20, 10)),
    "sales_manager": (3, (60, 40)),
    "customer_success": (3, (100,)),
}


def meetings(people: People, firm: Customers) -> pl.DataFrame:
    """Meetings held with customers to be: quantity 1, amount 0."""
    draws = Draws("meetings")
    stints = [s for s in people.stints if s.seat.role == "marketing_development"]
    person, day, seat = won(people, stints, {"-": MEETINGS}, draws)
    region = np.array([{"A": "AMER", "E": "EMEA", "P": "APAC"}[key[3]] for key in seat.tolist()])
    of = np.where(firm.market == "JP", "APAC", firm.market)
    account, drawn = np.zeros(len(day), np.int64), draws.below(2**40, len(day))
    for name in np.unique(region):
        pool = np.flatnonzero(of == name)
        account[region == name] = pool[drawn[region == name] % len(pool)]
    return _activity(day, account, person, np.full(len(day), 10_000), "meeting")


def objectives(people: People) -> pl.DataFrame:
    """Scores of objectives: a quantity from 0 to the objective's weight, on a period's last day."""
    draws, rows = Draws("objectives"), []
    for plan, (months, weights) in OBJECTIVES.items():
        for end in _ends(months):
            there = [
                s.person
                for s in people.stints
                if s.seat.plan == plan and s.start <= end < s.end and s.status == "active"
            ]
            scores = draws.spread(
                ((0, 300), (1500, 650), (5000, 850), (8000, 1000), (10000, 1000)),
                len(there) * len(weights),
            )
            person = np.repeat(there, len(weights))
            rows.append(
                (np.full(len(person), end), person, scores // 50 * 5 * np.tile(weights, len(there)))
            )
    day, person, score = (np.concatenate(column) for column in zip(*rows, strict=True))
    return _activity(day, np.full(len(day), -1), person, score, "objective")


def _ends(months: int) -> list[int]:
    """The last working days of the periods that end in the sample."""
    first = np.arange(np.datetime64("2024-07"), np.datetime64("2026-11")).astype(np.int64)
    after = month_start(first[first % months == 0])
    return (
        np.busday_offset(after.astype("datetime64[D]"), -1, roll="forward")
        .astype(np.int64)
        .tolist()
    )


def _activity(
    day: Whole, account: Whole, person: Whole, quantity: Whole, kind: str
) -> pl.DataFrame:
    nothing = np.zeros(len(day), np.int64)
    columns: dict[str, Any] = {
        "day": day,
        "deal": nothing - 1,
        "account": account,
        "product": nothing - 1,
    }
    columns |= {
        "owner": person,
        "channel": [""] * len(day),
        "new_logo": ["no"] * len(day),
        "amount": nothing,
    }
    columns |= {
        "margin": nothing,
        "quantity": quantity,
        "arr": nothing,
        "discount": nothing,
        "term": nothing - 1,
    }
    return pl.DataFrame(columns | {"currency": ["USD"] * len(day), "kind": [kind] * len(day)})
