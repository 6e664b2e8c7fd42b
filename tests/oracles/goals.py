"""Who holds a plan when, and the quota and target incentive that follow: day by day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

Value = Fraction | tuple[Fraction, Fraction]  # a sum, or the two sums of a ratio


@dataclass(frozen=True)
class Period:
    """One row of the calendar."""

    name: str
    start: date
    end: date
    quarter: str
    half: str
    year: str

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - timedelta(1)

    def window(self, accumulate: str) -> str:
        """The window that the period lies in."""
        return self.name if accumulate == "month" else str(getattr(self, accumulate))


@dataclass(frozen=True)
class Position:
    """A stretch of days with one plan and one target."""

    start: date
    end: date | None = None
    plan: str | None = None
    target: Fraction = Fraction(0)
    commission_rate: Fraction = Fraction(0)
    status: str = "active"


@dataclass(frozen=True)
class Quota:
    """What is expected of a person in a stretch of days."""

    measure: str
    start: date
    end: date
    amount: Fraction


@dataclass(frozen=True)
class Credit:
    """What one transaction counts for a person."""

    day: date
    transaction: str
    values: dict[str, Value]  # by measure; a measure that the transaction misses is left out


@dataclass(frozen=True)
class Person:
    """A person and what is known of them."""

    name: str
    positions: tuple[Position, ...]
    quotas: tuple[Quota, ...] = ()
    credits: tuple[Credit, ...] = ()
    _found: dict[date, Position | None] = field(default_factory=dict, compare=False)

    def held(self, plan: str, day: date) -> Position | None:
        """The position under the plan on a day; on leave it is still held."""
        if day not in self._found:
            self._found[day] = next(
                (p for p in self.positions if p.start <= day and (p.end is None or day < p.end)),
                None,
            )
        position = self._found[day]
        return position if position is not None and position.plan == plan else None


def days(start: date, end: date) -> list[date]:
    """The days from the first up to, not including, the second."""
    return [start + timedelta(n) for n in range((end - start).days)]


def rounded(value: Fraction, places: int) -> Fraction:
    """A value rounded once, halves away from zero."""
    whole = floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**places)


def money(value: Fraction, places: int) -> Decimal:
    """A rounded value as it is printed."""
    return Decimal(int(value * 10**places)).scaleb(-places)


def held_days(person: Person, plan: str, start: date, end: date) -> list[date]:
    """The days of a stretch on which the person holds the plan."""
    return [day for day in days(start, end) if person.held(plan, day)]


def counted_days(stretch: list[date], proration: str) -> list[date]:
    """The days that proration counts: all, or Monday to Friday."""
    return [day for day in stretch if proration == "days" or day.weekday() < 5]


def active(person: Person, plan: str, day: date) -> bool:
    """Whether the day counts: under the plan and not on leave."""
    position = person.held(plan, day)
    return position is not None and position.status == "active"


def counts(person: Person, plan: str, period: Period) -> bool:
    """Whether a month counts: the position of its first day under the plan is not on leave."""
    under = held_days(person, plan, period.start, period.end)
    return bool(under) and active(person, plan, under[0])


def quota(
    person: Person,
    plan: str,
    measure: str,
    proration: str,
    calendar: list[Period],
    start: date,
    until: date,
    places: int,
) -> Fraction:
    """The quota of a stretch of days: its rows, or the parts of them that lie in it."""
    total = Fraction(0)
    for row in person.quotas:
        first, end = max(row.start, start), min(row.end, until)
        if row.measure == measure and first < end:
            cuts = (_share(person, plan, proration, calendar, row, day) for day in (first, end))
            before, after = (rounded(row.amount * cut, places) for cut in cuts)
            whole = (first, end) == (row.start, row.end) and after == rounded(row.amount, places)
            total += row.amount if whole else after - before
    return total


def _share(
    person: Person, plan: str, proration: str, calendar: list[Period], row: Quota, until: date
) -> Fraction:
    """The share of a row that falls to the days before one of its days, as far as they count."""
    if proration == "none":
        return Fraction(len(days(row.start, until)), len(days(row.start, row.end)))
    if proration == "months":
        whole = [p for p in calendar if row.start <= p.start < row.end]
        part = [p for p in whole if p.start < until]
        return Fraction(sum(counts(person, plan, p) for p in part), len(whole))
    whole_days = counted_days(days(row.start, row.end), proration)
    worked = [day for day in whole_days if day < until and active(person, plan, day)]
    return Fraction(len(worked), len(whole_days))


def target(
    person: Person,
    plan: str,
    proration: str,
    accumulate: str,
    weight: Fraction,
    window: list[Period],
    year: list[Period],
    places: int,
) -> Fraction:
    """The target incentive of a window: the year's, cut cumulatively and rounded at each cut."""
    total = Fraction(0)
    for stretch, position in _stretches(person, plan, proration, accumulate, window, year):
        annual = position.target * weight
        upto = [_part(proration, stretch, year, edge) for edge in (0, 1)]
        total += rounded(annual * upto[1], places) - rounded(annual * upto[0], places)
    return total


Stretch = tuple[date, date]


def _stretches(
    person: Person,
    plan: str,
    proration: str,
    accumulate: str,
    window: list[Period],
    year: list[Period],
) -> list[tuple[Stretch, Position]]:
    """The stretches of a window that count for the target, and the position each counts for."""
    start, end = window[0].start, window[-1].end
    under = held_days(person, plan, start, end)
    if proration == "none":
        last = person.held(plan, under[-1]) if under else None
        return [((start, end), last)] if last else []
    if proration == "months":
        counted = [p for p in window if counts(person, plan, p)]
        firsts = [person.held(plan, held_days(person, plan, p.start, p.end)[0]) for p in counted]
        return [((p.start, p.end), held) for p, held in zip(counted, firsts, strict=True) if held]
    found = []
    for position in person.positions:
        if position.plan == plan and position.status == "active":
            first, last_day = max(start, position.start), min(end, position.end or end)
            if first < last_day:
                found.append(((first, last_day), position))
    return found


def _part(proration: str, stretch: Stretch, year: list[Period], edge: int) -> Fraction:
    """The part of the year gone by at the first (0) or after the last (1) day of a stretch."""
    first, until = year[0].start, stretch[edge]
    if proration in ("none", "months"):
        return Fraction(sum(p.start < until for p in year), len(year))
    whole = counted_days(days(first, year[-1].end), proration)
    return Fraction(sum(day < until for day in whole), len(whole))
