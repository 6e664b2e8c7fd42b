"""Figures of plans, held to published numbers, to scipy, and to numbers done by hand."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from spmlib.core.errors import ParameterError
from spmlib.incent.modelling import figures, seen
from tests import small
from tests.shared import REAL, SHARED, needs

VALUES = st.lists(st.integers(0, 20), min_size=3, max_size=12)


def published(name):
    path = SHARED / "worked-examples/compensation.json"
    if not path.exists():
        pytest.skip(f"{path} is not there; set SPMLIB_SHARED to where it is")
    return next(case for case in json.loads(path.read_text("utf-8")) if case["id"] == name)


@needs("adventureworks")
def test_inequality_and_spread_of_a_published_company():
    import pandas as pd

    case = published("G2")
    orders = pd.read_csv(REAL / "adventureworks" / case["inputs"]["file"])
    sold = orders.groupby("EmployeeKey")["SalesAmount"].sum().to_numpy(float)
    assert len(sold) == case["inputs"]["n"]
    assert figures.gini(sold) == pytest.approx(case["expected"]["gini"], abs=1e-6)
    spread = figures.percentile(sold, 0.9) / figures.percentile(sold, 0.5)
    assert spread == pytest.approx(case["expected"]["p90_p50"], abs=1e-6)


def test_upside_of_a_published_plan():
    case = published("S2")
    target, best = case["expected"]["target_incentive"], case["expected"]["upside"]
    curve = lambda at: np.where(at >= 1.5, target + best, target)  # noqa: E731
    assert figures.upside(curve, 1.5) == case["inputs"]["upside_ratio"]
    assert figures.leverage(curve, 1.5) == 3.0


@given(VALUES, st.randoms())
def test_rank_correlation_is_spearmans(values, random):
    other = list(values)
    random.shuffle(other)
    x, y = np.array(values, float), np.array(other, float)
    ours = figures.rank_correlation(x, y)
    if np.ptp(x) == 0:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


@given(VALUES, VALUES)
def test_elasticity_is_the_slope_of_the_regression(one, other):
    count = min(len(one), len(other))
    x, y = np.array(one[:count], float), np.array(other[:count], float)
    if np.ptp(x) == 0:
        assert math.isnan(figures.elasticity(x, y))
    else:
        assert figures.elasticity(x, y) == pytest.approx(stats.linregress(x, y).slope, abs=1e-9)


@given(VALUES)
def test_gini_is_the_mean_distance_of_two(values):
    x = np.array(values, float)
    if x.sum() == 0:
        assert math.isnan(figures.gini(x))
    else:
        slow = np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())
        assert figures.gini(x) == pytest.approx(slow)


def test_people_of_whom_nothing_is_known_are_left_out():
    x, y = np.array([0.5, np.nan, 1.0, 1.5]), np.array([0.5, 9.0, 1.0, 1.5])
    assert figures.rank_correlation(x, y) == 1
    assert figures.elasticity(x, y) == pytest.approx(1)
    assert figures.share_below(x, 1.0) == pytest.approx(1 / 3)
    assert figures.percentile(x, 0.5) == 1.0
    assert figures.concentration(np.array([1.0, np.nan]), 1.0) == 1.0


def test_too_few_people_say_nothing():
    two = np.array([0.5, 1.0])
    assert math.isnan(figures.rank_correlation(two, two))
    assert math.isnan(figures.elasticity(two, two))
    assert math.isnan(figures.percentile(np.array([]), 0.5))
    assert math.isnan(figures.share_below(np.array([]), 1.0))
    assert math.isnan(figures.concentration(np.zeros(4)))
    assert math.isnan(figures.gini(np.array([-1.0, 2.0])))
    assert math.isnan(figures.cost_of_sales(10.0, 0.0))
    assert math.isnan(figures.leverage(lambda at: at, math.nan))
    assert math.isnan(figures.leverage(lambda at: at * 0, 1.2))


def test_exactly_on_a_limit_is_not_below_it():
    assert figures.share_below(np.array([0.999, 1.0, 1.001]), 1.0) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda: figures.percentile(np.ones(3), 90), "no share of people is 90"),
        (lambda: figures.concentration(np.ones(3), 0), "no share of people is 0"),
        (lambda: figures.elasticity(np.ones(3), np.ones(4)), "3 values stand beside 4"),
    ],
)
def test_what_is_no_share_is_refused(asked, says):
    with pytest.raises(ParameterError, match=says):
        asked()


@pytest.mark.parametrize(
    ("rows", "threshold"),
    [
        ("[{from: 0%, rate: 10%}]", math.nan),
        ("[{from: 0%, rate: 0%}, {from: 40%, rate: 10%}]", 0.4),
        ("[{from: 0%, rate: 0%}]", math.nan),
    ],
)
def test_the_threshold_is_where_a_curve_begins_to_pay(tmp_path: Path, rows, threshold):
    plan = small.plan(thresholds="quota", proration="none", table=f"{{2026-01-01: {rows}}}")
    made = small.parameters(small.written(tmp_path, plan)).plans["seller"]
    got = seen.threshold(made.components["bookings"], date(2026, 10, 31))
    assert got == pytest.approx(threshold, nan_ok=True)


def test_every_figure_says_what_it_is_and_of_nobody_nothing():
    nobody = figures.Seen(*(np.array([]) for _ in range(5)), booked=0.0)
    table = figures.told({"base": nobody})
    assert list(table.columns) == ["scenario", "figure", "unit", "value", "says"]
    assert table["says"].str.len().min() > 10
    assert table.loc[table["figure"] != "cost", "value"].isna().all()
