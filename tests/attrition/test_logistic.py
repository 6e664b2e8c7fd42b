"""The penalised maximum against statsmodels, closed forms, and data that part perfectly."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from spmlib.motivate.attrition import logistic


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(3)
    columns = np.column_stack([np.ones(800), rng.normal(size=(800, 3))])
    chance = 1 / (1 + np.exp(-columns @ [-2.0, 1.0, 0.0, 0.5]))
    return columns, (rng.random(800) < chance).astype(float)


def test_without_a_penalty_it_is_statsmodels_logit(drawn):
    columns, y = drawn
    found = logistic.maximum(columns, y, 0.0)
    theirs = sm.Logit(y, columns).fit(disp=0)
    assert np.allclose(found.coefficients, theirs.params, atol=1e-8)
    errors = np.sqrt(np.diag(np.linalg.inv(found.curvature)))
    assert np.allclose(errors, theirs.bse, rtol=1e-5)


def test_covariance_over_people_is_statsmodels_clustered(drawn):
    columns, y = drawn
    people = np.arange(800) // 4
    found = logistic.maximum(columns, y, 0.0)
    how = {"groups": people, "use_correction": False, "df_correction": False}
    theirs = sm.Logit(y, columns).fit(disp=0, cov_type="cluster", cov_kwds=how)
    ours = logistic.covariance(found, columns, y, people)
    assert np.allclose(ours, theirs.cov_params(), rtol=1e-4, atol=1e-8)


def test_two_groups_have_the_log_odds_ratio():
    """Left 30 of 100 and 10 of 100: log odds of the second, and their difference."""
    columns = np.column_stack([np.ones(200), np.repeat([1.0, 0.0], 100)])
    y = np.r_[np.ones(30), np.zeros(70), np.ones(10), np.zeros(90)]
    found = logistic.maximum(columns, y, 0.0).coefficients
    assert found == pytest.approx([np.log(10 / 90), np.log(30 / 70) - np.log(10 / 90)])


def test_at_the_penalised_maximum_slopes_equal_the_pull_of_the_penalty(drawn):
    columns, y = drawn
    found = logistic.maximum(columns, y, 25.0)
    slope = columns.T @ (y - logistic.chances(columns @ found.coefficients))
    assert slope[0] == pytest.approx(0, abs=1e-6)
    assert np.allclose(slope[1:], 25 * found.coefficients[1:], atol=1e-5)


def test_a_large_penalty_leaves_the_base_rate(drawn):
    columns, y = drawn
    found = logistic.maximum(columns, y, 1e9)
    assert np.abs(found.coefficients[1:]).max() < 1e-5
    assert logistic.chances(found.coefficients[:1])[0] == pytest.approx(y.mean())


def test_weights_count_rows_again(drawn):
    columns, y = drawn
    count = np.random.default_rng(0).integers(0, 3, len(y))
    weighted = logistic.maximum(columns, y, 4.0, weights=count.astype(float))
    again = logistic.maximum(np.repeat(columns, count, axis=0), np.repeat(y, count), 4.0)
    assert np.allclose(weighted.coefficients, again.coefficients, atol=1e-7)


def test_rows_that_part_perfectly_stay_finite():
    x = np.r_[np.linspace(-2, -1, 50), np.linspace(1, 2, 50)]
    columns = np.column_stack([np.ones(100), x])
    y = (x > 0).astype(float)
    held = logistic.maximum(columns, y, 1.0).coefficients
    assert 1 < held[1] < 10
    assert np.isfinite(logistic.maximum(columns, y, 0.0).coefficients).all()


def test_chances_and_log_odds_undo_each_other():
    odds = np.array([-30.0, -1.0, 0.0, 2.5])
    assert np.allclose(logistic.log_odds(logistic.chances(odds))[1:], odds[1:])
    assert 0 <= logistic.chances(np.array([-800.0]))[0] < 1e-12
