"""Random people, deals and what became of them, to pay by random terms.

Events fall on the month's day of the booking, a day before or after it; deals are billed and
collected in part, too late, too early or too much, and cancelled once or twice.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.oracles.companies import PLACES, Sale, SmallCompany, months
from tests.oracles.deals import Event, later
from tests.oracles.goals import Person, Position, Quota, rounded
from tests.oracles.random_terms import NEW_YEAR, a_day, a_plan

LAST = date(2026, 12, 31)
LEVELS = [1500, 999, 1000, 333, 2500, 1, 0, -400]
PARTS = [Fraction(n) for n in ("1", "1", "0.5", "0.5", "0.25", "0.3333", "1.2", "-0.2")]
KINDS = ["cancellation", "cancellation", "billing", "billing", "collection", "collection"]


def a_company(chance: Random, plans: int) -> SmallCompany:
    """A company of so many plans, each held by one or two people who sold something."""
    currency = chance.choice(["USD", "USD", "JPY", "KWD"])
    texts = [a_plan(chance, f"p{n}", currency) for n in range(plans)]
    teams = [
        [_person(chance, f"{letter}{n}", f"p{n}") for letter in "AB"[: chance.choice([1, 2])]]
        for n in range(plans)
    ]
    sales: list[Sale] = []
    events: list[Event] = []
    for text, team in zip(texts, teams, strict=True):
        for person in team:
            for n in range(chance.randint(0, 5)):
                others = [other.name for other in team if other is not person]
                sale = _sale(chance, f"{person.name}-{n}", person, others, currency)
                sales.append(sale)
                alone = "accumulate: transaction" in text
                events += _events(chance, sale, PLACES[currency], whole=alone)
    credited = ("booking", "cancellation") if chance.random() < 0.9 else ("booking",)
    return SmallCompany(
        plans=tuple(texts),
        people=tuple(person for team in teams for person in team),
        sales=tuple(sales),
        calendar=months(2026),
        events=tuple(events),
        credited=credited,
    )


def _person(chance: Random, name: str, plan: str) -> Person:
    """Somebody who begins in January or later, and may leave the plan or go on leave."""
    first = NEW_YEAR if chance.random() < 0.5 else a_day(chance)
    changes = {a_day(chance) for _ in range(chance.choice([0, 0, 1, 2]))}
    starts = [first, *sorted(day for day in changes if day > first)]
    hired = first - timedelta(chance.choice([0, 0, 1, 17, 31]))
    left = chance.choice([None, None, LAST, a_day(chance), later(hired, chance.randint(2, 6))])
    left = left if left and left > starts[-1] else None
    held = [(plan, "active"), *((plan, "active"), (plan, "leave"), (None, "active"))]
    found = [held[0], *(chance.choice(held) for _ in starts[1:])]
    positions = tuple(
        Position(start=start, end=end, plan=under, status=status)
        for start, end, (under, status) in zip(starts, [*starts[1:], left], found, strict=True)
    )
    quotas = tuple(
        Quota(measure, NEW_YEAR, date(2027, 1, 1), Fraction(chance.choice([2000, 9000])))
        for measure in ("bookings", "renewals")
    )
    return Person(name, positions, quotas, hired=hired, left=left)


def _sale(chance: Random, name: str, person: Person, others: list[str], currency: str) -> Sale:
    """A deal; of whole amounts in minor units, or in a few of odd ones."""
    places = PLACES[currency]
    odd = rounded(Fraction(chance.randint(1, 3_000_000), 1000), places)
    shared = bool(others) and chance.random() < 0.3
    return Sale(
        transaction=name,
        day=chance.choice([a_day(chance), a_day(chance), person.positions[0].start]),
        owner=person.name,
        amount=chance.choice([*map(Fraction, LEVELS), odd, odd, odd]),
        kind=chance.choice(["booking", "booking", "renewal"]),
        quantity=Fraction(chance.choice(["1", "2.5", "3", "10"])),
        splits={others[0]: Fraction("0.4")} if shared else {},
    )


def _events(chance: Random, sale: Sale, places: int, whole: bool) -> list[Event]:
    """What became of a deal; no more is cancelled of it than was booked."""
    made, left = [], max(Fraction(0), sale.amount)
    for n in range(chance.randint(0, 4)):
        kind = chance.choice(KINDS)
        day = later(sale.day, chance.randint(0, 7)) + timedelta(chance.choice([-1, 0, 1]))
        amount = rounded(sale.amount * chance.choice(PARTS), places)
        if kind == "cancellation":
            amount = -left if whole else -min(left, abs(amount))  # 1. of what is left out
            left += amount
            day = max(sale.day, day)
        if amount:
            day = max(NEW_YEAR, min(LAST, day))
            made.append(Event(f"{sale.transaction}-{n}", sale.transaction, kind, day, amount))
    return made
