"""Random people, deals and what became of them, to pay by random terms.

Events fall on the month's day of the booking, a day before or after it; deals are billed and
collected in part, too late, too early or too much, and cancelled once or twice.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.oracles.companies import PLACES, Sale, SmallCompany, months
from tests.oracles.deals import Event, later
from tests.oracles.goals import Person, Position, Quota, rounded
from tests.oracles.random_terms import DAYS, NEW_YEAR, plans

LAST = date(2026, 12, 31)
PARTS = [Fraction(n) for n in ("1", "1", "0.5", "0.5", "0.25", "0.3333", "1.2", "-0.2")]


@st.composite
def companies(draw: Any) -> SmallCompany:
    """A company of four plans, each held by one or two people who sold something."""
    currency = draw(st.sampled_from(["USD", "USD", "JPY", "KWD"]))
    texts = [draw(plans(f"p{n}", currency)) for n in range(4)]
    people = [
        draw(_person(f"{letter}{n}", f"p{n}"))
        for n in range(len(texts))
        for letter in "AB"[: draw(st.sampled_from([1, 2]))]
    ]
    sales, events = [], []
    for person in people:
        for n in range(draw(st.sampled_from([4, 3, 2, 5, 1, 0]))):
            others = [p.name for p in people if p.name[-1] == person.name[-1] and p is not person]
            sale = draw(_sale(f"{person.name}-{n}", person, others, currency))
            sales.append(sale)
            alone = "accumulate: transaction" in texts[int(person.name[-1])]
            events += draw(_events(sale, PLACES[currency], whole=alone))
    credited = draw(st.sampled_from([("booking", "cancellation")] * 4 + [("booking",)]))
    return SmallCompany(
        plans=tuple(texts),
        people=tuple(people),
        sales=tuple(sales),
        calendar=months(2026),
        events=tuple(events),
        credited=credited,
    )


@st.composite
def _person(draw: Any, name: str, plan: str) -> Person:
    """Somebody who begins in January or later, and may leave the plan or go on leave."""
    starts = [NEW_YEAR if draw(st.booleans()) else draw(DAYS)]
    starts = sorted({*starts, *draw(st.lists(DAYS.filter(lambda d: d > starts[0]), max_size=2))})
    left = draw(st.none() | st.none() | DAYS.filter(lambda d: d > starts[-1]) | st.just(LAST))
    held = [(plan, "active")] + [
        draw(st.sampled_from([(plan, "active"), (plan, "leave"), (None, "active")]))
        for _ in starts[1:]
    ]
    positions = tuple(
        Position(start=start, end=end, plan=under, status=status)
        for start, end, (under, status) in zip(starts, [*starts[1:], left], held, strict=True)
    )
    hired = starts[0] - timedelta(draw(st.sampled_from([0, 0, 1, 17, 31])))
    quotas = tuple(
        Quota(measure, NEW_YEAR, date(2027, 1, 1), Fraction(draw(st.sampled_from([2000, 9000]))))
        for measure in ("bookings", "renewals")
    )
    return Person(name, positions, quotas, hired=hired, left=left)


@st.composite
def _sale(draw: Any, name: str, person: Person, others: list[str], currency: str) -> Sale:
    unit = Fraction(1, 10 ** PLACES[currency])
    level = st.sampled_from([1500, 999, 1000, 333, 2500, -400, 0, 1]).map(Fraction)
    odd = st.integers(1, 3_000_000).map(lambda n: Fraction(n, 1000) // unit * unit)
    return Sale(
        transaction=name,
        day=draw(st.one_of(DAYS, st.just(person.positions[0].start))),
        owner=person.name,
        amount=draw(st.one_of(level, level, odd)),
        kind=draw(st.sampled_from(["booking", "booking", "renewal"])),
        quantity=Fraction(draw(st.sampled_from(["1", "2.5", "3", "10"]))),
        splits=draw(st.sampled_from([{}, {}, dict.fromkeys(others[:1], Fraction("0.4"))])),
    )


@st.composite
def _events(draw: Any, sale: Sale, places: int, whole: bool) -> list[Event]:
    """What became of a deal; no more is cancelled of it than was booked."""
    made, left = [], max(Fraction(0), sale.amount)
    for n in range(draw(st.sampled_from([2, 3, 1, 4, 0]))):
        kind = draw(st.sampled_from(["cancellation", "collection", "billing", "collection"]))
        day = later(sale.day, draw(st.integers(0, 7)))
        day += timedelta(draw(st.sampled_from([-1, 0, 1])))
        amount = rounded(sale.amount * draw(st.sampled_from(PARTS)), places)
        if kind == "cancellation":
            amount = -left if whole else -min(left, abs(amount))  # 1. of what is left out
            left += amount
            day = max(sale.day, day)
        if amount:
            day = max(NEW_YEAR, min(LAST, day))
            made.append(Event(f"{sale.transaction}-{n}", sale.transaction, kind, day, amount))
    return made
