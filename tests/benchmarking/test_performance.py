"""Inequality, intervals, attainment, and pay against results: oracles, coverage, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.attained import (
    attainment_distribution,
    share_at_or_above,
    share_below,
)
from spmlib.incent.benchmarking.inequality import excellence_ratio, gini, lorenz, top_share
from spmlib.incent.benchmarking.intervals import (
    correlated,
    proportion,
    ratio_of_sums,
    resampled,
)
from spmlib.incent.benchmarking.performance import (
    correlation,
    cost_of_sales,
    elasticity,
    pay_mix,
    payout_at_excellence,
    quota_to_ote,
    upside,
)
from spmlib.incent.benchmarking.regressions import unexplained

AMOUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40)


# --- inequality


@given(AMOUNTS)
def test_gini_is_the_mean_difference_of_all_pairs(values):
    total, size = sum(values), len(values)
    slow = sum(abs(a - b) for a in values for b in values)
    expected = slow / (2 * size * total) if total else 0.0
    assert gini(values) == pytest.approx(expected, abs=1e-12)


@given(AMOUNTS)
def test_gini_is_twice_the_area_above_the_lorenz_curve(values):
    people, have = lorenz(values)
    area = float(((have[1:] + have[:-1]) / 2 * np.diff(people)).sum())
    assert gini(values) == pytest.approx(1 - 2 * area, abs=1e-12)


@given(AMOUNTS, st.integers(1, 1000))
def test_gini_does_not_change_with_the_currency_or_with_people_twice(values, times):
    assert gini([v * times for v in values]) == pytest.approx(gini(values), abs=1e-12)
    assert gini(values * 2) == pytest.approx(gini(values), abs=1e-12)


@pytest.mark.parametrize("size", [1, 2, 7, 50])
def test_gini_where_all_are_alike_and_where_one_has_all(size):
    assert gini([3.7] * size) == pytest.approx(0, abs=1e-15)
    assert gini([0] * (size - 1) + [5]) == pytest.approx((size - 1) / size)
    if size > 1:
        assert gini([0] * (size - 1) + [5], corrected=True) == pytest.approx(1)


def test_gini_of_rows_and_of_nothing_sold():
    assert gini([[1, 1], [0, 2]]).tolist() == [0, 0.5]
    assert gini([0, 0, 0]) == 0


@given(AMOUNTS, st.floats(0.01, 1))
def test_top_share_is_read_off_the_lorenz_curve(values, share):
    if sum(values):
        people, have = lorenz(values)
        assert top_share(values, share) == pytest.approx(
            1 - np.interp(1 - share, people, have), abs=1e-9
        )


def test_the_best_against_the_middle():
    assert excellence_ratio([100] * 9) == 1
    assert excellence_ratio(range(1, 12), top=100) == pytest.approx(11 / 6)
    assert np.isnan(excellence_ratio([0, 0, 0, 10]))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: gini([]), "values: there is no value"),
        (lambda: gini([1, -1]), "values: -1 is below 0"),
        (lambda: lorenz([1, None]), "values: there is a value that is no number"),
        (lambda: top_share([1, 2], 0), "the top 0% are nobody"),
        (lambda: top_share([1, 2], 1.2), "the top 120% are nobody"),
    ],
)
def test_inequality_refuses(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()


# --- attainment


def test_edges_are_closed_left_and_open_right():
    made = attainment_distribution([-0.1, 0, 0.5, 0.999, 1.0, 1.5, 2.0], [0, 0.5, 1, 1.5])
    assert made["count"].tolist() == [1, 1, 2, 1, 2]
    assert made["start"].tolist()[1:] == [0, 0.5, 1, 1.5]
    assert made["end"].tolist()[:-1] == [0, 0.5, 1, 1.5]
    assert np.isnan([made["start"][0], made["end"].iloc[-1]]).all()
    assert made["share"].sum() == pytest.approx(1)


def test_inner_brackets_stay_though_nobody_is_in_them():
    assert attainment_distribution([0.9], [0, 0.5, 1, 1.5])["count"].tolist() == [0, 1, 0]


def test_who_reaches_a_level_and_who_stays_below():
    values = [0.5, 0.999999, 1.0, 1.000001]
    assert share_at_or_above(values).value == 0.5
    assert share_below(values, 1.0).value == 0.5
    assert share_below(values, 0.5).value == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: attainment_distribution([], [0, 1]), "nobody attained anything"),
        (lambda: attainment_distribution([1], [0, 0]), "the edges of a distribution do not rise"),
        (lambda: attainment_distribution([1], [0]), "the edges of a distribution do not rise"),
        (lambda: attainment_distribution([np.nan], [0, 1]), "attainment: there is a value"),
    ],
)
def test_attainment_refuses(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()


# --- intervals


@pytest.mark.parametrize(
    ("figure", "method", "truth", "least"),
    [
        (np.mean, "BCa", np.exp(0.125), 0.88),
        (np.median, "percentile", 1.0, 0.90),
        (gini, "BCa", 0.27633, 0.85),
    ],
)
def test_intervals_hold_about_as_often_as_they_say(figure, method, truth, least):
    """Of 300 samples of 40 people from a log-normal with spread 0.5; 95 % is what is asked for."""
    rng = np.random.default_rng(11)
    held = 0
    for sample in rng.lognormal(0, 0.5, (300, 40)):
        found = resampled(sample, figure, runs=400, method=method)
        held += found.low <= truth <= found.high
    assert least <= held / 300 <= 0.985


def test_the_same_seed_draws_the_same():
    values = np.arange(12.0)
    assert resampled(values, np.mean, seed=3) == resampled(values, np.mean, seed=3)
    assert resampled(values, np.mean, seed=3).low != resampled(values, np.mean, seed=4).low


def test_pairs_are_drawn_together():
    paid, sold = np.array([1.0, 2, 3, 4]), np.array([10.0, 20, 30, 40])
    found = resampled((paid, sold), ratio_of_sums)
    assert (found.value, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))


def test_of_one_person_nothing_is_said_and_of_people_alike_everything():
    one = resampled([5.0], np.mean)
    assert one.value == 5
    assert np.isnan([one.low, one.high]).all()
    for method in ("percentile", "BCa"):
        same = resampled([5.0] * 9, np.mean, method=method)
        assert (same.low, same.high) == (5, 5)


def test_wilson_keeps_within_the_whole():
    """Against Wilson's interval as statsmodels computes it."""
    from statsmodels.stats.proportion import proportion_confint

    for count, size in ((0, 5), (5, 5), (8, 163), (50, 100)):
        found = proportion(count, size)
        expected = proportion_confint(count, size, 0.05, "wilson")
        assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_fisher_against_scipy():
    from scipy.stats import pearsonr

    rng = np.random.default_rng(5)
    x = rng.normal(size=30)
    y = x + rng.normal(size=30)
    found, expected = correlation(x, y), pearsonr(x, y).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: resampled([], np.mean), "there is nothing to draw from"),
        (lambda: resampled(([1.0, 2], [1.0]), ratio_of_sums), "differ in number"),
        (lambda: resampled([1.0, np.nan], np.mean), "there is a value that is no number"),
        (lambda: resampled([1.0, 2], np.mean, method="t"), "'t' is no method"),
        (lambda: resampled([1.0, 2], np.mean, sure=1.0), "cannot hold with a chance of 1.0"),
        (lambda: proportion(6, 5), "6 of 5 is no share"),
        (lambda: proportion(0, 0), "0 of 0 is no share"),
    ],
)
def test_intervals_refuse(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()


# --- pay against results


def test_cost_of_sales_of_several_and_of_none():
    assert cost_of_sales([1, 2], [1, 2], [20, 80]).tolist() == [0.1, 0.05]
    with pytest.raises(ParameterError, match="sales: 0 is not above 0"):
        cost_of_sales(1, 1, 0)


def test_the_meanings_of_upside():
    totals = {
        meaning: upside(100_000, 0.6, 2.0, meaning).total_at_excellence
        for meaning in ("additional", "incentive", "total")
    }
    assert totals == {"additional": 180_000, "incentive": 140_000, "total": 200_000}
    assert upside(100_000, 0.5, 1, "incentive").upside == 0
    assert upside(100_000, 0.5, 0).total_at_excellence == 100_000
    assert pay_mix([50, 100], [50, 0])[0].tolist() == [0.5, 1]


def test_the_best_paid_share_of_target():
    paid, target = [50, 100, 150, 300, 90], [100] * 5
    assert payout_at_excellence(paid, target, 0.2) == 3
    assert payout_at_excellence(paid, target, 0.3) == pytest.approx((300 + 75) / 150)
    assert payout_at_excellence(paid, target, 1) == pytest.approx(690 / 500)


def test_correlation_of_ranks_does_not_see_an_outlier():
    pay, results = [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 600]
    assert correlation(pay, results, ranks=True).value == 1
    assert correlation(pay, results).value < 0.75
    assert correlation([1, 2, 3], [1, 2, 3]).value == pytest.approx(1)
    assert np.isnan(correlation([1, 2, 2], [1, 2, 3]).low)
    assert np.isnan(correlation([1, 1, 1, 1], [1, 2, 3, 4]).value)
    assert correlated(1.0, 9).low == 1


def test_elasticity_of_a_power():
    results = np.array([0.5, 0.8, 1.0, 1.3, 2.0])
    found = elasticity(100 * results**1.5, results)
    assert found.value == pytest.approx(1.5)
    assert (found.low, found.high) == pytest.approx((1.5, 1.5))


def test_elasticity_against_statsmodels():
    import statsmodels.api as sm

    rng = np.random.default_rng(2)
    results = rng.lognormal(0, 0.4, 25)
    pay = results**0.7 * rng.lognormal(0, 0.2, 25)
    fitted = sm.OLS(np.log(pay), sm.add_constant(np.log(results))).fit(cov_type="HC3", use_t=True)
    found = elasticity(pay, results)
    assert found.value == pytest.approx(fitted.params[1])
    assert (found.low, found.high) == pytest.approx(tuple(fitted.conf_int()[1]))


def test_elasticity_where_nothing_can_be_said():
    assert np.isnan(elasticity([1, 2], [1, 2]).value)
    assert np.isnan(elasticity([1, 2, 3], [2, 2, 2]).value)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: correlation([1], [1]), "of the same two people or more"),
        (lambda: correlation([1, 2], [1, 2, 3]), "of the same two people or more"),
        (lambda: elasticity([1, 0], [1, 2]), "pay: 0 is not above 0"),
        (lambda: quota_to_ote(1, 0), "on-target earnings: 0 is not above 0"),
        (lambda: pay_mix(0, 0), "on-target earnings: 0 is not above 0"),
        (lambda: upside(1, 0.5, 2, "twice"), "'twice' is no meaning of upside"),
        (lambda: upside(1, 1.5, 2), "base pay is no share 1.5 of pay"),
        (lambda: upside(1, 0.5, 0.5, "incentive"), "an upside of 0.5 is below 1"),
        (lambda: upside(1, 0.5, -0.1), "an upside of -0.1 is below 0"),
        (lambda: payout_at_excellence([1], [0]), "target incentive: 0 is not above 0"),
        (lambda: payout_at_excellence([1], [1], 0), "the top 0% are nobody"),
    ],
)
def test_performance_refuses(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()


# --- what is unexplained


def rows(size: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    role = rng.choice(["one", "two", "three"], size)
    years = rng.uniform(0, 12, size)
    base = {"one": 11.0, "two": 11.4, "three": 12.0}
    pay = np.exp([base[r] for r in role] + 0.02 * years + rng.normal(0, 0.05, size))
    return pd.DataFrame({"role": role, "years": years, "pay": pay})


def test_each_person_is_held_against_the_others():
    """The deleted residual is that of a regression without the person."""
    import statsmodels.api as sm

    table = rows()
    made = unexplained(table, "pay", ["role"], ["years"])
    x = pd.get_dummies(table["role"]).assign(years=table["years"]).to_numpy(float)
    y = np.log(table["pay"].to_numpy())
    for n in (0, 17, 59):
        without = np.arange(60) != n
        fit = sm.OLS(y[without], x[without]).fit()
        told = fit.get_prediction(x[[n]]).conf_int(obs=True, alpha=0.05)[0]
        assert np.log(made["expected"][n]) == pytest.approx(fit.predict(x[[n]])[0])
        assert np.log([made["low"][n], made["high"][n]]) == pytest.approx(told)
    assert made["explained"][0] == pytest.approx(sm.OLS(y, x).fit().rsquared)


def test_who_is_paid_otherwise_is_outside_and_about_as_many_as_by_chance():
    table = rows(400)
    assert 0.02 < unexplained(table, "pay", ["role"], ["years"])["outside"].mean() < 0.09
    table.loc[7, "pay"] *= 1.5
    made = unexplained(table, "pay", ["role"], ["years"])
    assert made["outside"][7]
    assert made["ratio"][7] == pytest.approx(0.5, abs=0.2)


def test_columns_that_say_the_same_do_no_harm():
    table = rows().assign(twice=lambda of: of["role"])
    one = unexplained(table, "pay", ["role"], ["years"])
    both = unexplained(table, "pay", ["role", "twice"], ["years"])
    pd.testing.assert_frame_equal(one, both)


def test_nobody_is_alike():
    table = pd.DataFrame({"role": ["a", "b", "b", "b"], "pay": [10.0, 20, 21, 22]})
    made = unexplained(table, "pay", ["role"])
    assert np.isnan(made["expected"][0])
    assert not made["outside"][0]
    assert made["expected"][1] == pytest.approx(np.sqrt(21 * 22))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: unexplained(rows(), "salary", ["role"]), "there is no column 'salary'"),
        (lambda: unexplained(rows().assign(pay=0), "pay", ["role"]), "pay: 0 is not above 0"),
    ],
)
def test_regressions_refuse(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()
