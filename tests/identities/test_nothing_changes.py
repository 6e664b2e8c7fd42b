"""Whatever the plan: what changes nothing pays nothing, and what is undone was never paid."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from spmlib.core import engine, tables
from spmlib.incent.calculation import calculated
from tests import small
from tests.oracles.companies import Sale, SmallCompany
from tests.oracles.engine import _company, _parameters
from tests.shared import examples
from tests.strategies import companies

Paid = dict[tuple[str, str], int]  # ticks by person and period
some = settings(
    max_examples=examples(2),
    derandomize=True,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
AMOUNTS = st.integers(-90_000_000, 90_000_000).map(lambda ticks: Fraction(ticks, 10**4))


@some
@given(companies(), DAYS)
def test_a_sale_of_zero_changes_nothing(company: SmallCompany, day: date):
    assume("transaction" not in company.plans[0] and "place" not in company.plans[0])
    nothing = Sale("T99", day, "A")
    assert paid(company) == paid(with_sales(company, nothing))


@some
@given(companies(), st.data())
def test_a_sale_written_as_two_at_the_same_instant_pays_the_same(company: SmallCompany, data: Any):
    """But where each transaction counts as one: alone, crossing whole, or limited by a windfall."""
    assume(company.sales)
    assume(not any(word in company.plans[0] for word in ("transaction", "windfall")))
    whole = data.draw(st.sampled_from(company.sales))
    part = data.draw(AMOUNTS)
    first = replace(whole, amount=part, margin=Fraction(0), quantity=Fraction(1))
    rest = replace(
        whole,
        transaction=whole.transaction + "b",
        amount=whole.amount - part,
        quantity=whole.quantity - 1,
    )
    others = [sale for sale in company.sales if sale is not whole]
    assert paid(company) == paid(replace(company, sales=(*others, first, rest)))


@some
@given(companies(), DAYS, AMOUNTS.filter(bool), st.sampled_from(["0", "0.333333", "0.5", "1"]))
def test_a_sale_cancelled_in_full_pays_nobody_anything(
    company: SmallCompany, day: date, amount: Fraction, share: str
):
    colleagues = {p.name: Fraction(share) for p in company.people if p.name == "B"}
    sale = Sale("T05x", day, "A", amount, quantity=Fraction(3), margin=amount, splits=colleagues)
    cancelled = {"event_id": "E1", "transaction_id": "T05x", "event": "cancellation"}
    cancelled |= {"event_date": day, "amount": -amount}
    assert paid(company) == paid(with_sales(company, sale), cancelled)


@some
@given(companies(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(company: SmallCompany, chance: Any):
    sales, people = list(company.sales), list(company.people)
    chance.shuffle(sales)
    chance.shuffle(people)
    assert paid(company) == paid(replace(company, sales=tuple(sales), people=tuple(people)))


def with_sales(company: SmallCompany, *sales: Sale) -> SmallCompany:
    """The company with more sales."""
    return replace(company, sales=(*company.sales, *sales))


def paid(company: SmallCompany, *events: dict[str, Any]) -> Paid:
    """What everybody is due, by period, and that the lines say the same."""
    whole = _company(company)
    if events:
        whole = replace(whole, events=small.table(tables.Events, events))
    with TemporaryDirectory() as folder:
        results = calculated(whole, _parameters(company, Path(folder) / "parameters"))
    due = Counter(summed(results.payouts))
    assert due == Counter(summed(results.earnings))
    return {key: amount for key, amount in due.items() if amount}


def summed(table: Any) -> Paid:
    """Amounts by person and period, those of nothing left out."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in engine.collected(table).iter_rows(named=True):
        sums[row["payee_id"], row["period"]] += row["amount"]
    return {key: amount for key, amount in sums.items() if amount}
