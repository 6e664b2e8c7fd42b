"""A small company in plain rows, worked out by the oracle: who is credited, and what they earn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

import yaml

from tests.oracles import clawing, pay, paying, rankings, reading
from tests.oracles.deals import Deal, Event
from tests.oracles.desk import Desk, Line
from tests.oracles.goals import Credit, Period, Person, Value, rounded
from tests.oracles.paying import Month
from tests.oracles.reading import Plan

UNITS = ("quantity", "count")  # sums that are no money: kept to four decimals
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
    events: tuple[Event, ...] = ()  # what became of the sales
    credited: tuple[str, ...] = ("booking", "cancellation")  # `events` of crediting.yaml


def worked_out(company: SmallCompany) -> dict[tuple[str, str], list[Line]]:
    """The lines of every person's receipts, by person and plan."""
    return {
        (desk.person.name, desk.plan.name): pay.lines(desk)
        for text in company.plans
        for desk in desks(company, reading.plan(text))
    }


def paid(company: SmallCompany) -> dict[tuple[str, str], list[Month]]:
    """What every person is paid, month by month, and what is outstanding."""
    return {
        (desk.person.name, desk.plan.name): paying.paid(desk, pay.lines(desk))
        for text in company.plans
        for desk in desks(company, reading.plan(text))
    }


def desks(company: SmallCompany, plan: Plan) -> list[Desk]:
    """What is needed to work out the pay of each person under a plan."""
    words = yaml.load(company.measures, Loader=yaml.BaseLoader)
    calendar, places = list(company.calendar), PLACES[plan.currency]
    people = [_credited(company, person, plan, words) for person in company.people]
    won = rankings.prizes(plan, people, calendar, places)
    made = Desk(
        plan=plan,
        person=people[0],
        calendar=calendar,
        places=places,
        ratios=frozenset(name for name, word in words.items() if "per" in word),
        units=frozenset(n for n, word in words.items() if word["sum"] in UNITS),
        deals={sale.transaction: _deal(company, sale) for sale in company.sales},
        cancellations_count="cancellation" in company.credited,
    )
    return [replace(made, person=person, prizes=won[person.name]) for person in people]


def months(year: int) -> tuple[Period, ...]:
    """The calendar months of a year."""
    return tuple(_month(year, month) for month in range(1, 13))


def _month(year: int, month: int) -> Period:
    end = date(year + month // 12, month % 12 + 1, 1)
    quarter, half = f"{year}-Q{(month + 2) // 3}", f"{year}-H{(month + 5) // 6}"
    return Period(f"{year}-{month:02}", date(year, month, 1), end, quarter, half, str(year))


def _deal(company: SmallCompany, sale: Sale) -> Deal:
    events = tuple(e for e in company.events if e.transaction == sale.transaction)
    return Deal(sale.day, sale.amount, events)


def _credited(company: SmallCompany, person: Person, plan: Plan, words: dict[str, Any]) -> Person:
    found = []
    for sale in company.sales:
        if share := _share(sale, person.name):
            values = dict(_values(company, sale, Fraction(1), share, plan.currency, words))
            found.append(Credit(sale.day, sale.transaction, values))
            found += _cancelled(company, sale, share, plan, words)
    return replace(person, credits=tuple(k for k in found if k.values))


def _cancelled(
    company: SmallCompany, sale: Sale, share: Fraction, plan: Plan, words: dict[str, Any]
) -> Iterator[Credit]:
    """What the cancellations of a sale take from what is counted."""
    clawback, places = plan.payment.clawback, PLACES[plan.currency]
    if "cancellation" not in company.credited or (clawback and clawback.at == "paid_rate"):
        return
    for event in _deal(company, sale).events:
        if event.kind == "cancellation":
            part = event.amount / sale.amount
            counts = clawing.share(clawback, sale.day, event.day)
            whole = _values(company, sale, part, share, plan.currency, words)
            values = {
                name: _shrunk(value, counts, 4 if words[name]["sum"] in UNITS else places)
                for name, value in whole
            }
            yield Credit(event.day, sale.transaction, values, event.name)


def _shrunk(value: Value, counts: Fraction, places: int) -> Value:
    if isinstance(value, tuple):
        top, bottom = value
        return clawing.shrunk(top, counts, places), clawing.shrunk(bottom, counts, places)
    return clawing.shrunk(value, counts, places)


def _share(sale: Sale, name: str) -> Fraction:
    """The owner keeps what the splits do not give away."""
    if name == sale.owner:
        return 1 - sum(sale.splits.values(), Fraction(0))
    return sale.splits.get(name, Fraction(0))


def _values(
    company: SmallCompany,
    sale: Sale,
    part: Fraction,
    share: Fraction,
    currency: str,
    words: dict[str, Any],
) -> Iterator[tuple[str, Value]]:
    """What part of a sale counts, measure by measure: its share of what the measure sums."""
    sums = {
        "amount": _converted(company, sale, sale.amount * part, share, currency),
        "margin": _converted(company, sale, sale.margin * part, share, currency),
        "quantity": sale.quantity * part * share,
        "count": part * share,
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
