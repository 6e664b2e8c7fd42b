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
    event: str = ""  # the cancellation that it comes from; empty: the booking itself


@dataclass(frozen=True)
class Person:
    """A person and what is known of them."""

    name: str
    positions: tuple[Position, ...]
    quotas: tuple[Quota, ...] = ()
    credits: tuple[Credit, ...] = ()
    hired: date | None = None  # None: with the first position
    left: date | None = None  # the first day no longer employed
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
    """Whether a month counts: on its first day the plan is held, and not on leave."""
    return active(person, plan, period.start)


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
    if proration != "none":
        cuts = (
            _worked(person, plan, proration, year, p) for p in (window[0].start, window[-1].end)
        )
        before, after = (rounded(cut * weight, places) for cut in cuts)
        return after - before
    under = held_days(person, plan, window[0].start, window[-1].end)
    last = person.held(plan, under[-1]) if under else None
    if last is None:
        return Fraction(0)
    ends = (window[0].start, window[-1].end)
    parts = (Fraction(sum(p.start < day for p in year), len(year)) for day in ends)
    before, after = (rounded(last.target * weight * part, places) for part in parts)
    return after - before


def _worked(person: Person, plan: str, proration: str, year: list[Period], until: date) -> Fraction:
    """The annual targets of the time of a year before a day, each by its part of the year."""
    if proration == "months":
        begun = [p for p in year if p.start < until and counts(person, plan, p)]
        held = [person.held(plan, p.start) for p in begun]
        return sum((p.target / len(year) for p in held if p), Fraction(0))
    whole = counted_days(days(year[0].start, year[-1].end), proration)
    worked = [person.held(plan, d) for d in whole if d < until and active(person, plan, d)]
    return sum((p.target / len(whole) for p in worked if p), Fraction(0))
