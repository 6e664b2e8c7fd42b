"""Calls: what sales managers and directors said each month would come in, each in their own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from . import catalogue
from .days import END, MONTH, month_start, written
from .draws import Draws, rounded
from .people import People
from .positions import manager
from .written import TICKS

Columns = Mapping[str, Sequence[object]]

TEMPERS = (780, 1290)  # what somebody commits to, of what comes in [thousandths]: from, to
NOISE = ((0, 680), (2000, 890), (5000, 1000), (8000, 1120), (10000, 1380))
BEST = (1130, 1580)  # the best case, of the commitment [thousandths]: from, to
UNSEEN = 1050  # the coming month, of what is open for it now [thousandths]
STEP = 1_000  # US dollars
ROLES = ("sales_manager", "sales_director")


def calls(people: People, pursued: pl.DataFrame) -> Columns:
    """The table of forecast calls: two for each leader and month, given before it begins."""
    draws = Draws("calls")
    came = _came(people, pursued).sort("month", "leader")
    size = len(came)
    leader = came["leader"].to_numpy()
    temper = draws.between(*TEMPERS, int(leader.max()) + 1)[leader]
    commit = came["worth"].to_numpy() * temper // 1000 * draws.spread(NOISE, size) // 1000
    commit = np.maximum(STEP, rounded(commit, STEP))
    best = rounded(commit * draws.between(*BEST, size) // 1000, STEP)
    month = came["month"].to_numpy()
    day = np.busday_offset(
        month_start(month).astype("datetime64[D]"), -1 - draws.below(3, size), roll="forward"
    )
    names = np.datetime_as_string(month.astype("datetime64[M]")).tolist()
    who = [people.id(p) for p in leader.tolist()]
    return {
        "payee_id": who + who,
        "period": names + names,
        "call_date": written(day.astype(np.int64)) * 2,
        "category": ["commit"] * size + ["best_case"] * size,
        "amount": [str(n) for n in [*commit.tolist(), *best.tolist()]],
        "currency": ["USD"] * (2 * size),
    }


def _came(people: People, pursued: pl.DataFrame) -> pl.DataFrame:
    """What each leader's people won in each month [US dollars], and in the one to come."""
    won = pursued.filter("won").filter(pl.col("closed") < month_start(MONTH[-1] + 2))
    month = won["closed"].to_numpy().astype("datetime64[D]").astype("datetime64[M]")
    rate = np.array([catalogue.DOLLARS[c] for c in won["currency"].to_list()], np.int64)
    worth = won["amount"].to_numpy() // TICKS * (rate // 10_000) // 1_000_000
    worth = np.where(won["closed"].to_numpy() >= END, worth * UNSEEN // 1000, worth)
    own = won.select("owner", month=pl.Series(month.astype(np.int64)), worth=pl.Series(worth))
    own = own.group_by("owner", "month").agg(pl.col("worth").sum())
    above = pl.DataFrame(
        [(o, m, leader) for o, m, _ in own.rows() for leader in _leaders(people, o, m)],
        schema=["owner", "month", "leader"],
        orient="row",
    )
    led = own.join(above, on=["owner", "month"])
    return led.group_by("leader", "month").agg(pl.col("worth").sum())


def _leaders(people: People, person: int, month: int) -> list[int]:
    """The sales manager and the director over a person as a month begins."""
    day = min(int(month_start(month)), END - 1)
    found: list[int] = []
    below = [s for s in people.stints if s.person == person and s.end > day]
    while below:
        boss = manager(people, below[0].seat, max(day, below[0].start))
        sits = [s for s in people.stints if people.id(s.person) == boss and s.start <= day < s.end]
        below = [s for s in sits if s.seat.role in ROLES]
        found += [s.person for s in below]
    return found
