"""The compiled kernels do what statsmodels and plain loops do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.api import SimpleExpSmoothing
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.seasonal import seasonal_decompose

from spmlib.orchestrate.forecasting import kernels
from spmlib.orchestrate.forecasting.accuracy import overall_error, scale
from spmlib.orchestrate.forecasting.candidates import adjusted_naive, candidates, naive
from spmlib.orchestrate.forecasting.pooled import pooled
from tests.forecasting.panels import panel

SEED = np.random.default_rng(20261125)
SALES = 100 + np.cumsum(SEED.normal(size=72)) + 20 * np.sin(np.arange(72) * np.pi / 6)


def test_the_level_is_that_of_statsmodels():
    walk = 50 + np.cumsum(SEED.normal(size=80))
    model = SimpleExpSmoothing(walk, initialization_method="known", initial_level=walk[0])
    fitted = model.fit(smoothing_level=None, optimized=True)
    assert kernels._level(walk) == pytest.approx(fitted.level[-1], rel=1e-3)


@pytest.mark.parametrize("season", [4, 12])
def test_the_season_is_that_of_statsmodels(season):
    found = np.ones(season)
    kernels.ratios(SALES, season, found)
    whole = seasonal_decompose(SALES, model="multiplicative", period=season).seasonal[:season]
    share = 1.0 if kernels.is_seasonal(SALES, season) else 0.5
    np.testing.assert_allclose(found, whole**share, rtol=1e-12)


@settings(max_examples=30, deadline=None)
@given(*[st.floats(0.05, 0.9)] * 3, st.floats(0.8, 0.98))
def test_holt_winters_walks_as_statsmodels_does(level, trend, season, damping):
    first = 20 * np.sin(np.arange(12) * np.pi / 6)
    last = np.empty(12)
    given_ = np.array([level, trend, season, damping])
    squares, end, slope = kernels._run(SALES, 12, given_, 100.0, 0.5, first, last)
    known = ("initialization_method", "initial_level", "initial_trend", "initial_seasonal")
    model = ETSModel(
        SALES,
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=12,
        **dict(zip(known, ("known", 100.0, 0.5, first), strict=True)),
    )
    made = model.smooth([level, level * trend, season * (1 - level), damping])
    assert squares == pytest.approx(made.sse, rel=1e-9)
    assert (end, slope) == pytest.approx((made.level[-1], made.slope[-1]), rel=1e-9)
    ahead = end + slope * damping + last[72 % 12]
    assert ahead == pytest.approx(made.forecast(1)[0], rel=1e-9)


def test_the_search_finds_what_a_grid_does_not_better():
    first, last = np.zeros(1), np.zeros(1)
    found = kernels._fitted(SALES, 1, SALES[0], 0.0, first, last)

    def wrong(*p: float) -> float:
        return kernels._run(SALES, 1, np.array(p), SALES[0], 0.0, first, last)[0]

    grid = [
        wrong(level, trend, 0.05, damping)
        for level in np.linspace(0.01, 0.99, 15)
        for trend in np.linspace(0.001, 0.95, 10)
        for damping in (0.8, 0.85, 0.9, 0.95, 0.98)
    ]
    assert wrong(*found) <= min(grid) * 1.01


def test_theta_is_half_a_line_and_half_a_level():
    straight = np.arange(1.0, 31.0)
    made = candidates(panel([straight]), 3)[0, 1]
    # half of what came last (30) and half of the line (31, 32, 33)
    np.testing.assert_allclose(made, [30.5, 31, 31.5], atol=0.02)


def test_a_pooled_equation_finds_what_all_series_follow():
    rows = []
    for start in (50.0, 80.0, 120.0, 200.0) * 4:
        logs = [np.log(start)] * 13
        for _ in range(70):
            logs.append(0.7 * logs[-1] + 0.3 * logs[-13] + 0.01 + SEED.normal() * 1e-4)
        rows.append(np.exp(logs[13:]))
    stepwise, direct = pooled(panel(rows), 1)
    for row, made in zip(rows, stepwise[:, 0], strict=True):
        expected = np.exp(0.7 * np.log(row[-1]) + 0.3 * np.log(row[-13 + 1 - 1]) + 0.01)
        assert made == pytest.approx(expected, rel=2e-3)
    np.testing.assert_allclose(stepwise, direct)


def test_too_few_series_have_no_pooled_equation():
    assert np.isnan(pooled(panel([SALES[:30]]), 6)[0]).all()


def test_naive_is_last_year_again_and_the_last_value_of_a_short_series():
    made = naive(panel([np.arange(30.0), [1.0, 2.0]]), 14)
    assert made[0].tolist() == [*range(18, 30), 18, 19]
    assert made[1].tolist() == [2.0] * 14


def test_the_scale_is_the_mean_change_from_year_to_year():
    rows = [SALES, SALES[:13], SALES[:12]]
    expected = [np.abs(row[12:] - row[:-12]).mean() if len(row) > 12 else np.nan for row in rows]
    np.testing.assert_allclose(scale(panel(rows)), expected)


def test_the_second_naive_keeps_the_last_value_and_a_season_that_is_there():
    noise = SEED.normal(size=40) + 10
    found = adjusted_naive(panel([SALES, noise]), 14)
    assert kernels.is_seasonal(SALES, 12) and not kernels.is_seasonal(noise, 12)
    factors = np.ones(12)
    kernels.ratios(SALES, 12, factors)
    expected = SALES[-1] / factors[71 % 12] * factors[(72 + np.arange(14)) % 12]
    np.testing.assert_allclose(found[0], expected)
    assert found[1].tolist() == [noise[-1]] * 14


def test_the_overall_error_is_the_mean_of_two_ratios():
    came, made, usual = np.array([[10.0]]), np.array([[20.0]]), np.array([[30.0]])
    # sMAPE 20/30 over 40/40; MASE 10/5 over 20/5
    assert overall_error(came, made, usual, np.array([5.0])) == pytest.approx((2 / 3 + 1 / 2) / 2)
