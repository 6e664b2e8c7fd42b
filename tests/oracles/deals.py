"""What became of a deal after it was booked: billed, collected, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True)
class Event:
    """One thing that happened to a transaction; what is cancelled is below zero."""

    name: str
    transaction: str
    kind: str  # billing, collection or cancellation
    day: date
    amount: Fraction


@dataclass(frozen=True)
class Deal:
    """A transaction and what became of it, in its own currency."""

    day: date
    amount: Fraction
    events: tuple[Event, ...] = ()

    def booked(self, end: date) -> Fraction:
        """What is booked and not cancelled, of what happened before a day."""
        return self.amount + self.happened("cancellation", end)

    def happened(self, kind: str, end: date) -> Fraction:
        """What was billed, collected or cancelled before a day."""
        amounts = [e.amount for e in self.events if e.kind == kind and e.day < end]
        return sum(amounts, Fraction(0))

    def share(self, kind: str, end: date) -> Fraction:
        """Billed, or collected, over booked: from nothing to all.

        Of a deal of which nothing is booked any more there is nothing left to wait for.
        """
        booked = self.booked(end)
        if booked == 0:
            return Fraction(1)
        return max(Fraction(0), min(Fraction(1), self.happened(kind, end) / booked))


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that is too short."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, day.day)


def months_between(start: date, day: date) -> int:
    """The whole months that have gone by: one is over on the same day of the next month."""
    count = (day.year - start.year) * 12 + day.month - start.month
    return max(0, count - (day.day < start.day))
