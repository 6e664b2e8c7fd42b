"""Periods: the company's calendar, from ``parameters/calendar.yaml``.

Months from any month and day, weeks in patterns such as 4-4-5, or every period written out. A
stretch is closed left and open right: ``from`` is its first day, ``until`` the first day no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl

from spmlib.core import engine, parameters
from spmlib.core.parameters import Block, refuse
from spmlib.core.tables import Calendar, Table

LATEST = 28  # the latest day on which every month can begin
WEEKS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}
MOST = 200  # years that a calendar may hold
COMMON = ("kind", "from", "until")
WORDS = {
    "months": (*COMMON, "first_month", "first_day", "year_named_by"),
    **dict.fromkeys(WEEKS, (*COMMON, "first_year", "long_years")),
    "listed": ("kind", "until", "periods"),
}
LABELS = ("quarter", "half", "year")


@dataclass(frozen=True)
class Period:
    """One period and what it belongs to."""

    period: str
    start: date
    year: str
    quarter: str
    half: str


def calendar(path: Path) -> Table[Calendar]:
    """The periods of a calendar file, in order.

    Raises:
        ParameterError: ``calendar.yaml:LINE: what is wrong; what would be right``.
    """
    entry = parameters.read(path)
    kind = parameters.choice(entry, "kind", WORDS)
    parameters.known(entry, WORDS[kind], f"a calendar of kind {kind}")
    until = parameters.day(parameters.needed(entry, "until", "until: 2027-01-01"))
    periods = KINDS[kind](entry, until)
    return _table(periods, until)


def of_years(first: int, last: int) -> Table[Calendar]:
    """The calendar months of some years, from January of the first to December of the last.

    >>> engine.collected(of_years(2026, 2026))["period"][-1]
    '2026-12'
    """
    until = date(last + 1, 1, 1)
    starts = _month_starts(date(first, 1, 1), until)
    return _table([_month(start, 1, by_end=False) for start in starts], until)


def _months(entry: Block, until: date) -> list[Period]:
    """Months that begin on one day; from the 2nd on, each is named after the month it ends in."""
    first = _first(entry, until)
    month, day = _number(entry, "first_month", 1, 12), _number(entry, "first_day", 1, LATEST)
    by_end = parameters.choice(entry, "year_named_by", ("end", "start"), "end") == "end"
    if first.day != day:
        refuse(entry.places["from"], f"no month begins on {first}", f"write a day {day}")
    starts = [start for start in _month_starts(first, until) if start < until]
    _refuse_inside(entry, until, [*starts, _next_month(starts[-1])])
    return [_month(start, month, by_end) for start in starts]


def _month(start: date, first_month: int, by_end: bool) -> Period:
    named = _next_month(start) if start.day > 1 else start
    number = (named.month - first_month) % 12
    year = named.year - (named.month < first_month) + (by_end and first_month > 1)
    return _period(f"{named.year}-{named.month:02}", start, str(year), number // 3)


def _month_starts(first: date, until: date) -> Iterator[date]:
    while first < until:
        yield first
        first = _next_month(first)


def _next_month(day: date) -> date:
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)


def _weeks(entry: Block, until: date) -> list[Period]:
    """Quarters of 13 weeks; a long year's last period has one week more."""
    first = _first(entry, until)
    pattern = WEEKS[entry["kind"]] * 4
    year = parameters.whole(entry["first_year"]) if "first_year" in entry else first.year
    written = entry.get("long_years", [])
    several = written if isinstance(written, list) else [written]
    long = {parameters.whole(each) for each in several}
    made: list[Period] = []
    while first < until:
        for number, weeks in enumerate(pattern):
            made.append(_period(f"{year}-P{number + 1:02}", first, str(year), number // 3))
            first += timedelta(weeks=weeks + (year in long and number == 11))
        year += 1
    _refuse_inside(entry, until, [*(period.start for period in made), first])
    return [period for period in made if period.start < until]


def _listed(entry: Block, until: date) -> list[Period]:
    example = "{2026-01: {start: 2026-01-01, quarter: 2026-Q1, half: 2026-H1, year: 2026}}"
    written = parameters.block(parameters.needed(entry, "periods", example), "`periods`", example)
    made = [_written(name, written, example) for name in written]
    for before, after in pairwise(made):
        if after.start <= before.start:
            wrong = f"{after.period} starts on {after.start}, {before.period} on {before.start}"
            refuse(written.places[after.period], wrong, "put the periods in order of their days")
    if not made:
        refuse(written.place, "no period is listed", f"write {example}")
    if until <= made[-1].start:
        wrong = f"`until` is {until}, and {made[-1].period} starts on {made[-1].start}"
        refuse(entry.places["until"], wrong, "write the first day after the last period")
    return made


def _written(name: str, periods: Block, example: str) -> Period:
    entry = parameters.block(periods[name], f"the period {name}", example)
    parameters.known(entry, ("start", *LABELS), "a period")
    labels = {
        word: parameters.text(parameters.needed(entry, word, f"{word}: ...")) for word in LABELS
    }
    start = parameters.day(parameters.needed(entry, "start", "start: 2026-01-01"))
    return Period(name, start, **{word: str(label) for word, label in labels.items()})


KINDS: dict[str, Callable[[Block, date], list[Period]]] = {
    "months": _months,
    **dict.fromkeys(WEEKS, _weeks),
    "listed": _listed,
}


def _period(name: str, start: date, year: str, quarter: int) -> Period:
    return Period(name, start, year, f"{year}-Q{quarter + 1}", f"{year}-H{quarter // 2 + 1}")


def _first(entry: Block, until: date) -> date:
    first = parameters.day(parameters.needed(entry, "from", "from: 2026-01-01"))
    if until <= first:
        wrong = f"`until` {until} is not after `from` {first}"
        refuse(entry.places["until"], wrong, "write the first day after the last period")
    if until.year - first.year > MOST:
        refuse(entry.places["until"], f"it lasts more than {MOST} years", "correct the year")
    return first


def _number(entry: Block, word: str, least: int, most: int) -> int:
    number = parameters.whole(entry[word]) if word in entry else least
    if not least <= number <= most:
        refuse(entry.places[word], f"{word} {number} is not possible", f"write {least} to {most}")
    return number


def _refuse_inside(entry: Block, until: date, edges: list[date]) -> None:
    """Refuse an end that cuts a period."""
    if until not in edges:
        before = max(edge for edge in edges if edge < until)
        after = min(edge for edge in edges if edge > until)
        wrong = f"`until` {until} lies inside a period"
        refuse(entry.places["until"], wrong, f"write {before} or {after}")


def _table(periods: list[Period], until: date) -> Table[Calendar]:
    starts = [period.start for period in periods]
    columns = {
        "period": [period.period for period in periods],
        "start_date": starts,
        "end_date": [*starts[1:], until],
        **{word: [getattr(period, word) for period in periods] for word in LABELS},
    }
    days = {"start_date": pl.Date, "end_date": pl.Date}
    return engine.table(pl.DataFrame(columns, schema_overrides=days))
