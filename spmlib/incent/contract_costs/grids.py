"""Grids: the periods in which costs are amortised, from a company's calendar and beyond it.

A calendar ends where the company wrote its end; benefits last longer. Beyond it periods go on as
the same period of the year before, a year later; and before it, a year earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from spmlib.core import engine, periods
from spmlib.core.arrays import Whole
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Calendar, Table

EPOCH = date(1970, 1, 1)
YEAR = 12  # periods
MONTH = (28, 35)  # days that a period has


@dataclass(frozen=True)
class Grid:
    """Periods in order, without gaps.

    Attributes:
        names: of the periods.
        years: the year that each belongs to.
        edges: their first days and the last one's end [days since 1970], one more than periods.
    """

    names: tuple[str, ...]
    years: tuple[str, ...]
    edges: Whole

    def __len__(self) -> int:
        return len(self.names)

    def place(self, days: Whole) -> Whole:
        """The periods in which days lie [days since 1970]."""
        return np.searchsorted(self.edges, days, side="right") - 1

    def named(self, period: str) -> int:
        """The place of a period.

        Raises:
            ParameterError: there is none of that name.
        """
        if period not in self.names:
            ends = f"write one from {self.names[0]} to {self.names[-1]}"
            raise ParameterError(f"there is no period '{period}'; {ends}.")
        return self.names.index(period)

    def day(self, edge: int) -> date:
        """The day of an edge."""
        return EPOCH + timedelta(days=int(self.edges[edge]))


def grid(calendar: Table[Calendar] | None, first: date, last: date) -> Grid:
    """The periods from before a day to after another; calendar months where there is no calendar.

    Raises:
        ParameterError: the calendar has no twelve periods a year.
    """
    rows = engine.collected(
        calendar if calendar is not None else periods.of_years(first.year, last.year)
    )
    known = [(r["period"], r["year"], r["start_date"]) for r in rows.to_dicts()]
    _refuse_other_years(known)
    ends = rows["end_date"].to_list()[-1]
    while known[0][2] > first:
        known = [_moved(row, -1) for row in known[:YEAR]] + known
    while ends <= last:
        more = [_moved(row, 1) for row in known[-YEAR:]]
        known, ends = known + more, _year_on(ends, 1)
    edges = [*(start for _, _, start in known), ends]
    days = np.array([(day - EPOCH).days for day in edges], np.int64)
    return Grid(tuple(n for n, _, _ in known), tuple(y for _, y, _ in known), days)


def _moved(row: tuple[str, str, date], by: int) -> tuple[str, str, date]:
    name, year, start = row
    return f"{int(name[:4]) + by}{name[4:]}", f"{int(year[:4]) + by}{year[4:]}", _year_on(start, by)


def _year_on(day: date, by: int) -> date:
    """The same day of another year; 29 February where there is none is 1 March."""
    try:
        return day.replace(year=day.year + by)
    except ValueError:
        return date(day.year + by, 3, 1)


def _refuse_other_years(known: list[tuple[str, str, date]]) -> None:
    """Refuse a calendar whose years are not of twelve periods, or that has no whole one."""
    lengths = sorted((b - a).days for (_, _, a), (_, _, b) in pairwise(known))
    named = all(name[:4].isdigit() and year[:4].isdigit() for name, year, _ in known)
    monthly = len(known) >= YEAR and MONTH[0] <= lengths[len(lengths) // 2] <= MONTH[1]
    if not monthly or not named:
        wrong = "contract costs need a calendar of twelve periods a year, named by their years"
        remedy = "write months or weeks in quarters, of a year at least"
        raise ParameterError(f"calendar.yaml: {wrong}; {remedy}.")
