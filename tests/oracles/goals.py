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
            share = _share(person, plan, proration, calendar, row, first, end)
            total += row.amount if share == 1 else rounded(row.amount * share, places)
    return total


def _share(
    person: Person,
    plan: str,
    proration: str,
    calendar: list[Period],
    row: Quota,
    start: date,
    end: date,
) -> Fraction:
    """The share of a row that falls to a part of its stretch, as far as the person counts there."""
    if proration == "none":
        return Fraction(len(days(start, end)), len(days(row.start, row.end)))
    if proration == "months":
        whole = [p for p in calendar if row.start <= p.start < row.end]
        part = [p for p in whole if start <= p.start < end]
        return Fraction(sum(counts(person, plan, p) for p in part), len(whole))
    whole_days = counted_days(days(row.start, row.end), proration)
    part_days = counted_days(days(start, end), proration)
    worked = [day for day in part_days if active(person, plan, day)]
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
    parts = {p: _target_part(person, plan, proration, accumulate, p, year) for p in year}
    before = sum((parts[p] for p in year if p.start < window[0].start), Fraction(0))
    there = sum((parts[p] for p in window), Fraction(0))
    return rounded((before + there) * weight, places) - rounded(before * weight, places)


def _target_part(
    person: Person, plan: str, proration: str, accumulate: str, period: Period, year: list[Period]
) -> Fraction:
    """The part of the annual targets that falls to one month."""
    if proration == "none":
        window = [p for p in year if p.window(accumulate) == period.window(accumulate)]
        under = held_days(person, plan, window[0].start, window[-1].end)
        held = person.held(plan, under[-1]) if under else None
        return held.target / len(year) if held else Fraction(0)
    if proration == "months":
        if not counts(person, plan, period):
            return Fraction(0)
        first = person.held(plan, held_days(person, plan, period.start, period.end)[0])
        return first.target / len(year) if first else Fraction(0)
    total = len(counted_days(days(year[0].start, year[-1].end), proration))
    stretch = counted_days(days(period.start, period.end), proration)
    worked = [person.held(plan, day) for day in stretch if active(person, plan, day)]
    return sum((p.target / total for p in worked if p), Fraction(0))
