"""The arithmetic of methods: published numbers, and what must hold between methods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.incent.accruals import methods
from tests import small
from tests.accounting import kept
from tests.shared import accounting

TIERS = methods.tiers([(0, "0.08"), (1_000_000, "0.12")])


def component(folder, **words):
    small.written(folder, small.plan(**words))
    return small.parameters(folder).plans["seller"].components["bookings"]


def test_an_annual_accelerator_is_accrued_as_published():
    case = accounting("G4")
    told, expected = case["inputs"], case["expected"]
    curve = methods.tiers([(0, told["rate_below"]), (told["quota"], told["rate_above"])])
    credited, forecast = told["ytd_credited"], told["forecast_full_year"]
    point = methods.point_in_time(curve, credited)
    effective = methods.effective_rate(curve, credited, forecast)
    assert str(point) == expected["point_in_time"]
    assert curve(forecast) == Fraction(expected["full_year_cost"])
    assert methods.rate(curve, forecast) == Fraction(expected["effective_rate"])
    assert str(effective) == expected["effective_rate_accrual"]
    assert str(effective - point) == expected["difference"]


def test_a_plans_component_is_the_same_curve(tmp_path):
    of = component(tmp_path, **kept.ACCELERATED)
    curve = methods.curve(of, date(2026, 6, 30), quota=1_000_000)
    assert methods.effective_rate(curve, 500_000, 1_250_000) == Decimal("44000.00")
    for x in (-5, 0, 999_999, 1_000_000, 1_000_001, 3_000_000):
        assert curve(x) == TIERS(x)


@pytest.mark.parametrize(
    ("words", "given_", "at", "worth"),
    [
        ({"crossing": "whole", "boundary": "upper"}, {}, 2000, 400),
        ({"crossing": "transaction", "boundary": "upper"}, {}, 2000, 300),
        ({"pays": "amount", "crossing": "", "boundary": "upper"}, {}, 1000, 20),
        ({"pays": "personal_rate"}, {"personal_rate": "0.5"}, 2000, 150),
    ],
)
def test_curves_of_other_kinds(tmp_path, words, given_, at, worth):
    row = "amount" if words.get("pays") == "amount" else "rate"
    low, high = ("10", "20") if row == "amount" else ("10%", "20%")
    table = f"{{2026-01-01: [{{from: 0, {row}: {low}}}, {{from: 1000, {row}: {high}}}]}}"
    of = component(tmp_path, table=table, **words)
    assert methods.curve(of, date(2026, 1, 1), **given_)(at) == worth


def test_what_has_no_curve_is_refused(tmp_path):
    of = component(tmp_path, **kept.ACCELERATED)
    with pytest.raises(ParameterError, match="cannot be put on a curve; give its quota"):
        methods.curve(of, date(2026, 1, 1))
    with pytest.raises(ParameterError, match="take one that has a curve on the day"):
        methods.curve(of, date(2025, 1, 1), quota=5)
    with pytest.raises(ParameterError, match="forecast more than 0"):
        methods.rate(TIERS, 0)
    with pytest.raises(ParameterError, match="draw more than 0"):
        methods.simulated(TIERS, 1, [-5, 5])
    for rows in ([], [(5, "0.1")], [(0, "0.1"), (0, "0.2")]):
        with pytest.raises(ParameterError, match="tiers begin at 0 and rise"):
            methods.tiers(rows)


amounts = st.integers(1, 3_000_000)


@given(amounts, amounts, st.integers(1, 50))
def test_of_a_straight_line_all_methods_are_alike(credited, forecast, draws):
    line = methods.tiers([(0, "0.07")])
    point = methods.point_in_time(line, credited)
    assert methods.effective_rate(line, credited, forecast) == point
    assert methods.simulated(line, credited, range(1, draws + 1)) == point
    assert methods.over_time(line, forecast, forecast, forecast) == methods.point_in_time(
        line, forecast
    )


@given(amounts, st.lists(amounts, min_size=1, max_size=20))
def test_a_curve_that_bends_up_costs_more_when_it_is_drawn(credited, draws):
    mean = Fraction(sum(draws), len(draws))
    drawn = methods.simulated(TIERS, credited, draws)
    assert drawn >= methods.effective_rate(TIERS, credited, mean)
    assert methods.simulated(TIERS, credited, [mean] * 3) == methods.effective_rate(
        TIERS, credited, mean
    )


def test_money_is_rounded_once_to_its_own_unit():
    third = methods.tiers([(0, Fraction(1, 3))])
    assert methods.point_in_time(third, Decimal("0.05")) == Decimal("0.02")
    assert methods.point_in_time(third, -1, "JPY") == 0
    assert methods.point_in_time(methods.tiers([(0, "0.5")]), -3, "JPY") == -2
