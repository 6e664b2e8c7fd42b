"""Employer taxes are exact, stop at wage bases, and are given back as they were paid."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.rules import employer_taxes
from spmlib.rules.employer_taxes import Tax, due, due_in_ticks, on_pay
from tests.shared import accounting

FILE = Path(__file__).parents[2] / "parameters/policies/employer_taxes.yaml"
SOCIAL = Tax(Decimal("0.062"), Decimal(176100))
SPLIT = Tax(Decimal("0.155"), Decimal(1000), Decimal("0.015"))
SAID = """\
USD:
  social_security:
    2025-01-01: {share: 6.2%, ceiling: 176_100}
    2026-01-01: {share: 6.2%, ceiling: 184_500}
  medicare:
    2025-01-01: {share: 1.45%}
"""


def read(tmp_path, text=SAID):
    path = tmp_path / "employer_taxes.yaml"
    path.write_text(text, "utf-8")
    return employer_taxes.read(path)


def test_a_commission_that_crosses_the_wage_base_costs_as_published():
    case = accounting("G3")
    given_, expected = case["inputs"], case["expected"]
    taxes = employer_taxes.read(FILE).of("USD", date(2025, 10, 31))
    assert taxes["social_security"].ceiling == given_["ss_base"]
    told = on_pay(taxes, given_["commission"], given_["ytd_wages"])
    assert str(told["social_security"]) == expected["ss"]
    assert str(told["medicare"]) == expected["medicare"]
    assert str(given_["commission"] + sum(told.values())) == expected["capitalised"]


@pytest.mark.parametrize(
    ("before", "pay", "worth"),
    [
        ("0", "0", "0.00"),
        ("170000", "6100", "378.20"),  # to the base exactly
        ("170000", "6099.99", "378.20"),
        ("176099.99", "100", "0.00"),  # a cent of base is left: 0.00062
        ("176100", "100", "0.00"),
        ("200000", "5000", "0.00"),
        ("176100", "-100", "-6.20"),  # back below the base
        ("180000", "-10000", "-378.20"),
        ("-500", "100", "6.20"),
        ("0", "200000", "10918.20"),
        ("0", "0.25", "0.02"),  # 0.0155
        ("0", "-0.25", "-0.02"),
    ],
)
def test_below_at_and_above_the_ceiling(before, pay, worth):
    assert due(SOCIAL, pay, before) == Decimal(worth)


def test_beyond_a_ceiling_there_is_another_share():
    assert due(SPLIT, 1500, 0, "JPY") == 163  # 155 + 7.5, a half away from zero
    assert due(SPLIT, -1500, 1500, "JPY") == -163
    assert due(Tax(Decimal(0), Decimal(5000), Decimal("0.15")), 3000, 4000, "GBP") == 300


cents = st.integers(-(10**9), 10**9)
shares = st.integers(0, 10**8)


@given(cents, cents, shares, shares, st.none() | st.integers(0, 10**9), st.sampled_from("UJ"))
def test_ticks_are_the_decimals_rounded_once(pay, before, share, beyond, ceiling, first):
    currency = {"U": "USD", "J": "JPY"}[first]
    places = {"U": "0.01", "J": "1"}[first]
    part, more = Decimal(share).scaleb(-8), Decimal(beyond).scaleb(-8)
    base = None if ceiling is None else Decimal(ceiling).scaleb(-2)
    p, b = Decimal(pay).scaleb(-2), Decimal(before).scaleb(-2)
    below = p if base is None else min(b + p, base) - min(b, base)
    exact = part * below + more * (p - below)
    told = due(Tax(part, base, more), p, b, currency)
    assert told == exact.quantize(Decimal(places), ROUND_HALF_UP)
    assert due(Tax(part, base, more), -p, b + p, currency) == -told


@given(st.integers(1, 10**9), shares, shares, st.integers(0, 10**9))
def test_at_the_average_rate_a_years_pay_costs_what_the_year_does(year, share, beyond, ceiling):
    pay, base = Decimal(year).scaleb(-2), Decimal(ceiling).scaleb(-2)
    tax = Tax(Decimal(share).scaleb(-8), base, Decimal(beyond).scaleb(-8))
    assert employer_taxes.at_average_rate(tax, pay, pay) == due(tax, pay)
    assert employer_taxes.at_average_rate(tax, -pay, pay) == -due(tax, pay)


def test_an_average_rate_of_nothing_is_refused():
    assert employer_taxes.at_average_rate(Tax(Decimal("0.0145")), 100, 5) == Decimal("1.45")
    with pytest.raises(ParameterError, match="has no average rate; give more than 0"):
        employer_taxes.at_average_rate(SOCIAL, 100, 0)


def test_many_people_at_once_are_each_alone():
    pay = np.array([10000, 10000, -50, 0]) * MONEY
    before = np.array([170000, 0, 176120, 5]) * MONEY
    told = due_in_ticks(SOCIAL, pay, before, "USD")
    alone = [
        due(SOCIAL, int(p), int(b)) for p, b in zip(pay // MONEY, before // MONEY, strict=True)
    ]
    assert [Decimal(int(x)) / MONEY for x in told] == alone


def test_pay_that_would_wrap_is_refused():
    with pytest.raises(ParameterError, match="too large to be exact"):
        due(SOCIAL, 10**14)
    with pytest.raises(ParameterError, match="too large to be exact"):
        due_in_ticks(SOCIAL, np.array([10**18]), np.array([0]), "USD")
    with pytest.raises(ParameterError, match="too fine to be exact"):
        due(SOCIAL, "0.00001")
    with pytest.raises(ParameterError, match=r"a share of 0\.062 is not exact"):
        due(Tax(0.062), 10_000)
    assert due(Tax("0.062", 176_100), "10000.00", 170_000) == Decimal("378.20")


def test_each_year_has_its_wage_base(tmp_path):
    told = read(tmp_path)
    bases = [told.of("USD", date(year, 12, 31))["social_security"].ceiling for year in (2025, 2026)]
    assert bases == [176100, 184500]
    assert told.of("USD", date(2027, 1, 1)) == told.of("USD", date(2026, 1, 1))
    with pytest.raises(ParameterError, match="nothing is said of USD in 2024; add `USD: "):
        told.of("USD", date(2024, 12, 31))
    with pytest.raises(ParameterError, match="nothing is said of EUR, which somebody is paid in"):
        told.of("EUR", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("USD", "USX", ":1: 'USX' is no currency"),
        ("{share: 1.45%}", "{ceiling: 5}", ":6: 'share' is missing; add `share: 20%`"),
        ("{share: 1.45%}", "1.45%", ":6: a tax is not written as `name: value`"),
        ("share: 1.45%", "rate: 1.45%", ":6: 'rate' is not a word of a tax; write"),
        ("1.45%", "1.45", ":6: share 1.45 is above 1 and has no %"),
        ("1.45%", "101%", "`share: 101%` is no share of pay; write 0% to 100%"),
        ("1.45%", "-1%", "`share: -1%` is no share of pay"),
        ("1.45%", "1.0000001%", "is too fine to be exact"),
        ("1.45%", "1.45%, beyond: 1%", "there is nothing beyond no ceiling"),
        ("176_100", "-1", "'-1' is no amount of 0 or more"),
        ("176_100", "0.00001", "'0.00001' is too fine to be exact"),
        ("2026-01-01", "2026-04-06", ":4: 2026-04-06 is not the first day of a year"),
        ("2026-01-01", "2026", "'2026' is not a day"),
        ("    2025-01-01: {share: 1.45%}", "    {}", "there is no day from which this holds"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_line(tmp_path, old, new, said):
    assert old in SAID
    with pytest.raises(ParameterError) as refused:
        read(tmp_path, SAID.replace(old, new, 1))
    assert said in str(refused.value)


def test_a_currency_without_a_tax_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="no tax of USD is written"):
        read(tmp_path, "USD: {}\n")
