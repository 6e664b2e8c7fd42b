"""Corrections: what is known now of earlier months, less what was known when a month began.

What a close would find, for companies that say when each row came to be known (recorded_date).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spmlib.core import engine
from spmlib.core.company import Company, as_known
from spmlib.core.tables import Earnings, Postings, Table
from spmlib.incent.calculation import Parameters, calculated
from spmlib.incent.paying.postings import postings


@dataclass(frozen=True)
class News:
    """What a month's news changed of the months before."""

    lines: Table[Postings]  # the differences
    then: Table[Earnings]  # as known when the month began
    now: Table[Earnings]  # as known at its end


def news(company: Company, parameters: Parameters, period: str) -> News:
    """The lines of earlier months that changed in a month, and why.

    Args:
        company: with all that is known now.
        parameters: as they are now; their changes are no corrections here.
        period: the month in which the news came.
    """
    calendar: Table[Any] = company.calendar
    rows = engine.collected(calendar.sort("start_date").select("period", "start_date", "end_date"))
    periods = rows["period"].to_list()
    before = periods[: periods.index(period)]
    if not before:
        none: Table[Any] = engine.empty(Earnings)
        return News(engine.empty(Postings), none, none)
    first, until = rows.row(len(before))[1:]
    then, now = (
        engine.kept(calculated(as_known(company, day), parameters, before[-1]).earnings)
        for day in (first, until)
    )
    found = postings(engine.collected(now), engine.collected(then), period, first=False)
    return News(engine.brought(found), then, now)
