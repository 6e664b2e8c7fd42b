"""Ranges, percentiles and ageing on plain numbers: thresholds below, at and above, and refusals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.ageing import aged, ageing_factor, composite, months_between
from spmlib.incent.benchmarking.percentiles import (
    amount_at,
    amounts,
    percentile,
    percentile_between,
    placed,
)
from spmlib.incent.benchmarking.ranges import (
    compa_ratio,
    midpoint,
    range_around,
    range_penetration,
    range_spread,
    yearly,
)

TOLD = {10: 40_000, 25: 50_000, 50: 60_000, 75: 80_000, 90: 100_000}


# --- ranges


def test_penetration_outside_of_the_range():
    made = range_penetration([63_999, 64_000, 80_000, 96_000, 112_000], 64_000, 96_000)
    assert made[0] < 0
    assert made[1:].tolist() == [0, 0.5, 1, 1.5]


def test_a_range_and_what_it_is_around():
    low, high = range_around(80_000, 0.5)
    assert (low, high) == (64_000, 96_000)
    assert (midpoint(low, high), range_spread(low, high)) == (80_000, 0.5)
    assert compa_ratio(Decimal(75000), Decimal(80000)) == 0.9375


def test_pay_of_a_part_of_a_year_and_of_full_time():
    assert yearly(60_000) == 60_000
    assert yearly(12_000, 0.25) == 48_000
    assert yearly([40_000, 0], full_time=[0.8, 0.5]).tolist() == [50_000, 0]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: compa_ratio(1, 0), "midpoint: 0 is not above 0; give amounts above 0."),
        (lambda: compa_ratio(float("nan"), 1), "pay: there is a value that is no number; leave it"),
        (lambda: compa_ratio("much", 1), "pay: there is a value that is no number"),
        (lambda: range_penetration(1, 5, 5), "a range ends where it begins, or below"),
        (lambda: range_penetration(1, 6, 5), "a range ends where it begins, or below"),
        (lambda: range_around(1, 0), "range spread: 0 is not above 0"),
        (lambda: yearly(1, 0), "part of a year: 0 is not above 0"),
        (lambda: yearly(1, 1.01), "a part of a year or of full time is above 1"),
        (lambda: yearly(1, 1, -0.5), "part of full time: -0.5 is not above 0"),
    ],
)
def test_ranges_refuse(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()


# --- percentiles


@pytest.mark.parametrize(
    ("pay", "words", "value"),
    [
        (39_999.99, "<10", None),
        (40_000, "10.0", 10),
        (45_000, "17.5", 17.5),
        (50_000, "25.0", 25),
        (60_000, "50.0", 50),
        (80_000, "75.0", 75),
        (100_000, "90.0", 90),
        (100_000.01, ">90", None),
    ],
)
def test_percentile_below_at_between_and_above(pay, words, value):
    made = percentile(pay, TOLD)
    assert str(made) == words
    assert (np.isnan(made) and value is None) or made == pytest.approx(value)


def test_points_that_are_not_told_are_passed_over():
    some = {"p25": 50_000, "P50": None, "75": "*", "90": 100_000, 10: "**"}
    assert percentile(75_000, some) == pytest.approx(25 + 65 * 0.5)
    assert str(percentile(49_000, some)) == "<25"
    only = {50: 60_000}
    assert [str(percentile(pay, only)) for pay in (1, 60_000, 60_001)] == ["<50", "50.0", ">50"]


def test_of_equal_points_the_highest_counts():
    flat = {10: 40_000, 25: 50_000, 50: 50_000, 75: 80_000}
    assert percentile(50_000, flat) == 50
    assert percentile(49_999.99, flat) == pytest.approx(25, abs=0.01)
    assert percentile(65_000, flat) == pytest.approx(62.5)


def test_above_the_top_code_nothing_is_known():
    told = {10: 66_910, 25: 95_910, 50: 138_060, 75: 201_490, 90: "#"}
    said = {pay: str(percentile(pay, told, 239_200)) for pay in (201_490, 201_491, 239_199)}
    assert said == {201_490: "75.0", 201_491: "75-90", 239_199: "75-90"}
    assert str(percentile(239_200, told, 239_200)) == ">75"
    assert str(percentile(10**6, told, 239_200)) == ">75"
    unsaid = percentile(220_000, told)  # without the top code even less is known
    assert (str(unsaid), unsaid.low, unsaid.high) == (">75", 75, 100)
    coded = {50: 239_200, 75: 239_200}
    assert str(percentile(100_000, coded, 239_200)) == "<50"
    assert str(percentile(300_000, coded, 239_200)) == "?"


def test_a_point_equal_to_the_top_code_is_that_or_more():
    assert str(percentile(230_000, {75: 200_000, 90: 239_200}, 239_200)) == "75-90"
    assert percentile(230_000, {75: 200_000, 90: 239_200}) == pytest.approx(86.4796, abs=1e-4)


@given(st.floats(40_000, 100_000))
def test_amount_and_percentile_are_inverse(pay):
    assert amount_at(TOLD, percentile(pay, TOLD)) == pytest.approx(pay)


@given(st.floats(1, 200_000), st.floats(0, 50_000))
def test_more_pay_stands_no_lower(pay, more):
    one, other = percentile(pay, TOLD), percentile(pay + more, TOLD)
    assert other.low >= one.low
    assert other.high >= one.high


@given(st.floats(0.5, 3), st.floats(30_000, 120_000))
def test_the_currency_does_not_matter(rate, pay):
    other = {at: point * rate for at, point in TOLD.items()}
    one, there = percentile(pay, TOLD), percentile(pay * rate, other)
    assert np.isnan([one, there]).all() or one == pytest.approx(float(there), abs=1e-6)


def test_many_at_once_are_as_one_by_one():
    rng = np.random.default_rng(7)
    points = np.sort(rng.uniform(30_000, 120_000, (200, 5)), axis=1)
    points[rng.random((200, 5)) < 0.2] = np.nan
    least = rng.random((200, 5)) < 0.15
    least = np.maximum.accumulate(least, axis=1)
    pay, at = rng.uniform(20_000, 140_000, 200), np.array([10.0, 25, 50, 75, 90])
    made = placed(pay, at, points, least)
    for n in range(200):
        assert _slow(pay[n], at, points[n], least[n]) == pytest.approx(
            (made.value[n], made.low[n], made.high[n]), nan_ok=True
        )


def _slow(pay, at, points, least):
    """Point by point: the last known one that pay reaches, and the next one that it does not."""
    low, high, start, end = 0.0, 100.0, None, None
    for percent, point, more in zip(at, points, least, strict=True):
        if np.isnan(point):
            continue
        if not more and point <= pay:
            low, start = percent, point
        elif point > pay and high == 100.0:
            high, end = percent, None if more else point
            break
    if start == pay:
        return low, low, low
    if start is None or end is None:
        return np.nan, low, high
    value = low + (high - low) * (pay - start) / (end - start)
    return value, value, value


def test_amounts_at_a_point_and_where_none_is_told():
    at = np.array([25.0, 50, 75])
    points = np.array([[50.0, np.nan, 80], [50, 60, 80], [50, 60, 80]])
    least = np.array([[False] * 3, [False, False, True], [False] * 3])
    assert amounts(50, at, points, least).tolist() == [65, 60, 60]
    assert amounts(60, at, points, least).tolist()[0] == pytest.approx(71)
    assert np.isnan(amounts(60, at, points, least)[1])
    assert np.isnan(amounts(90, at, points, least)).all()


def test_percentile_is_as_uncertain_as_the_points():
    told = {10: 37_860, 25: 49_040, 50: 66_780, 75: 97_570, 90: 134_470}
    low, high = percentile_between(70_000, told, relative_error=0.005, rounded_to=10)
    assert low < percentile(70_000, told) < high
    z = 1.959963985
    assert low == pytest.approx(percentile((70_000 - 5) / (1 + z * 0.005), told))
    assert high == pytest.approx(percentile((70_000 + 5) / (1 - z * 0.005), told))
    same = percentile_between(70_000, told)
    assert same[0] == same[1] == percentile(70_000, told)
    assert str(percentile_between(38_000, told, 0.01)[0]) == "<10"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: percentile(1, {}), "no point of the market is told"),
        (lambda: percentile(1, [40, 50]), "the points of the market have no percentiles"),
        (lambda: percentile(1, {50: None}), "no point of the market is told"),
        (lambda: percentile(1, {50: 10, 25: 20}), "the points of the market fall"),
        (lambda: percentile(1, {50: 0}), "the points of the market fall, or are not above 0"),
        (lambda: percentile(1, {100: 5}), "'100' is no percentile"),
        (lambda: percentile(1, {"median": 5}), "'median' is no percentile"),
        (lambda: percentile(0, TOLD), "pay: 0 is not above 0"),
        (lambda: percentile(-5, TOLD), "pay: -5 is not above 0"),
        (lambda: percentile(1, {50: "many"}), "point of the market: there is a value"),
        (lambda: amount_at(TOLD, 95), "the amount at percentile 95 is not told"),
        (
            lambda: percentile_between(1, TOLD, 0.6),
            "an error is below 0, or as large as the points",
        ),
    ],
)
def test_percentiles_refuse(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()


# --- ageing


@given(st.floats(-0.2, 0.3), st.sampled_from(["simple", "geometric"]))
def test_ageing_by_nothing_and_by_a_year(rate, convention):
    assert aged(50_000, rate, 0, convention) == 50_000
    assert aged(50_000, rate, 12, convention) == pytest.approx(50_000 * (1 + rate))


@given(st.floats(0.001, 0.3), st.floats(0.1, 11.9))
def test_within_a_year_simple_ageing_is_more_and_beyond_less(rate, months):
    assert ageing_factor(rate, months, "simple") > ageing_factor(rate, months, "geometric")
    later = months + 12.1
    assert ageing_factor(rate, later, "simple") < ageing_factor(rate, later, "geometric")


def test_ageing_many_at_once():
    made = aged([52_000, 53_000], 0.03, [9, 4], "simple")
    assert made.tolist() == [53_170, 53_530]
    assert aged(100, -0.06, 6, "simple") == pytest.approx(97)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2025, 9, 1), date(2025, 9, 1), 0),
        (date(2025, 9, 1), date(2026, 11, 1), 14),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 1, 31), date(2025, 3, 30), 1 + 30 / 31),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2025, 9, 16), date(2025, 9, 1), -0.5),
        (date(2026, 11, 1), date(2025, 9, 1), -14),
    ],
)
def test_months_between_days(start, end, months):
    assert months_between(start, end) == pytest.approx(months)


def test_composites_weigh_points_too():
    made = composite([[10, 20], [30, 60]], [3, 1])
    assert made.tolist() == [15, 30]
    assert composite([[10, 20], [30, 60]]).tolist() == [20, 40]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: aged(1, 0.03, -1, "simple"), r"not aged backwards \(-1 months\)"),
        (lambda: aged(1, 0.03, 1, "compound"), "'compound' is no convention of ageing; write"),
        (lambda: aged(1, -1, 1, "geometric"), "the market cannot fall by 100%"),
        (lambda: composite([]), "there is no survey to put together"),
        (lambda: composite([1, 2], [1]), "surveys are weighed by one number each"),
        (lambda: composite([1, 2], [0, 0]), "surveys are weighed by one number each"),
        (lambda: composite([1, 2], [-1, 2]), "surveys are weighed by one number each"),
        (lambda: composite([1, None]), "amounts of surveys: there is a value that is no number"),
    ],
)
def test_ageing_refuses(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()
