"""A small company in plain rows, worked out by the oracle: who is credited, and what they earn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import yaml

from tests.oracles import pay, rankings, reading
from tests.oracles.desk import Desk, Line
from tests.oracles.goals import Credit, Period, Person, Value, rounded

PLACES = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KWD": 3}

MEASURES = """\
bookings: {title: Bookings, sum: amount, where: {kind: booking}}
renewals: {title: Renewals, sum: amount, where: {kind: renewal}}
seats: {title: Seats, sum: quantity, where: {kind: booking}}
deals: {title: Deals, sum: count, where: {kind: booking}}
margin_rate: {title: Margin, sum: margin, per: amount, where: {kind: booking}}
"""


@dataclass(frozen=True)
class Sale:
    """One transaction."""

    transaction: str
    day: date
    owner: str
    amount: Fraction = Fraction(0)
    kind: str = "booking"
    currency: str | None = None  # None: the plan's
    margin: Fraction = Fraction(0)
    quantity: Fraction = Fraction(0)
    splits: dict[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class SmallCompany:
    """Plans as the text of their files, people, and what they sold."""

    plans: tuple[str, ...]
    people: tuple[Person, ...]
    sales: tuple[Sale, ...]
    calendar: tuple[Period, ...]
    rates: dict[str, Fraction] = field(default_factory=dict)  # of the plan's currency for one of it
    measures: str = MEASURES


def worked_out(company: SmallCompany) -> dict[tuple[str, str], list[Line]]:
    """The lines of every person's receipts, by person and plan."""
    found = {}
    words = yaml.load(company.measures, Loader=yaml.BaseLoader)
    ratios = frozenset(name for name, word in words.items() if "per" in word)
    units = frozenset(n for n, word in words.items() if word["sum"] in ("quantity", "count"))
    calendar = list(company.calendar)
    for text in company.plans:
        plan = reading.plan(text)
        places = PLACES[plan.currency]
        people = [_credited(company, person, plan.currency, words) for person in company.people]
        won = rankings.prizes(plan, people, calendar, places)
        for person in people:
            desk = Desk(plan, person, calendar, places, ratios, units, won[person.name])
            found[person.name, plan.name] = pay.lines(desk)
    return found


def months(year: int) -> tuple[Period, ...]:
    """The calendar months of a year."""
    return tuple(_month(year, month) for month in range(1, 13))


def _month(year: int, month: int) -> Period:
    end = date(year + month // 12, month % 12 + 1, 1)
    quarter, half = f"{year}-Q{(month + 2) // 3}", f"{year}-H{(month + 5) // 6}"
    return Period(f"{year}-{month:02}", date(year, month, 1), end, quarter, half, str(year))


def _credited(
    company: SmallCompany, person: Person, currency: str, words: dict[str, Any]
) -> Person:
    credits = tuple(
        Credit(sale.day, sale.transaction, values)
        for sale in company.sales
        if (share := _share(sale, person.name))
        if (values := dict(_values(company, sale, share, currency, words)))
    )
    return Person(person.name, person.positions, person.quotas, credits)


def _share(sale: Sale, name: str) -> Fraction:
    """The owner keeps what the splits do not give away."""
    if name == sale.owner:
        return 1 - sum(sale.splits.values(), Fraction(0))
    return sale.splits.get(name, Fraction(0))


def _values(
    company: SmallCompany, sale: Sale, share: Fraction, currency: str, words: dict[str, Any]
) -> Iterator[tuple[str, Value]]:
    """What a sale counts, measure by measure: its share of what the measure sums."""
    sums = {
        "amount": _converted(company, sale, sale.amount, share, currency),
        "margin": _converted(company, sale, sale.margin, share, currency),
        "quantity": sale.quantity * share,
        "count": share,
    }
    for name, word in words.items():
        if all(_fits(sale, *filter_) for filter_ in word.get("where", {}).items()):
            top = sums[word["sum"]]
            yield name, (top, sums[word["per"]]) if "per" in word else top


def _converted(
    company: SmallCompany, sale: Sale, amount: Fraction, share: Fraction, currency: str
) -> Fraction:
    places = PLACES[currency]
    if sale.currency not in (None, currency):
        amount = rounded(amount * company.rates[str(sale.currency)], places)
    whole = (amount * 10**places).denominator == 1
    return rounded(amount * share, places) if whole else amount * share


def _fits(sale: Sale, column: str, allowed: str | list[str]) -> bool:
    return getattr(sale, column) in ([allowed] if isinstance(allowed, str) else allowed)
