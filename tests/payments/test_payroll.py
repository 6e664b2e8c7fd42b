"""What is due is converted once, at the rate of the month's end, to the minor unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from spmlib.core import engine
from spmlib.incent.calculation import Results, calculated
from tests import small

RATES = [
    ("EUR", "spot", date(2026, 1, 1), "0.9"),
    ("EUR", "spot", date(2026, 1, 31), "0.8001"),
    ("EUR", "spot", date(2026, 2, 1), "0.5"),
    ("EUR", "average", date(2026, 1, 1), "0.85"),
    ("JPY", "spot", date(2026, 1, 1), "150.25"),
    ("KWD", "spot", date(2026, 1, 1), "0.3075"),
]


def computed(folder: Path, currency: str, payment: str = "{}") -> Results:
    """A dollar plan that pays 100.01 in January to somebody who is paid in a currency."""
    table = "{2026-01-01: [{from: 0, rate: 100%}]}"
    small.written(folder, small.plan(accumulate="month", table=table, payment=payment))
    payee, position = small.person("Ann", "seller")
    names = ("to_currency", "kind", "start_date", "rate")
    rates = [{"currency": "USD"} | dict(zip(names, row, strict=True)) for row in RATES]
    company = small.company(
        payees=[payee | {"currency": currency}],
        positions=[position],
        transactions=[small.sale("T1", "Ann", date(2026, 1, 5), "100.01")],
        currency_rates=rates,
    )
    return calculated(company, small.parameters(folder), "2026-01")


@pytest.mark.parametrize(
    ("currency", "payment", "amount", "held_from"),
    [
        ("USD", "{}", 100_0100, None),
        # 100.01 x 0.8001 = 80.018001
        ("EUR", "{}", 80_0200, date(2026, 1, 31)),
        # 100.01 x 0.85 = 85.0085
        ("EUR", "{payroll_rate: average}", 85_0100, date(2026, 1, 1)),
        # 15,026.5025
        ("JPY", "{}", 15_027_0000, date(2026, 1, 1)),
        # 30.753075
        ("KWD", "{}", 30_7530, date(2026, 1, 1)),
    ],
)
def test_pay_is_converted_to_the_persons_minor_unit(tmp_path, currency, payment, amount, held_from):
    results = computed(tmp_path, currency, payment)
    (row,) = engine.collected(results.payroll).iter_rows(named=True)
    assert (row["amount"], row["currency"]) == (100_0100, "USD")
    assert (row["payroll_amount"], row["payroll_currency"]) == (amount, currency)
    assert row["rate_date"] == held_from


def test_without_a_rate_it_is_told_and_left_empty(tmp_path):
    results = computed(tmp_path, "EUR", "{payroll_rate: plan}")
    (row,) = engine.collected(results.payroll).iter_rows(named=True)
    assert row["payroll_amount"] is None
    what = engine.collected(results.issues)["what"].to_list()
    assert what == ["there is no rate from USD to EUR for the pay of 2026-01"]
