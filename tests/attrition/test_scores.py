"""Scores against brute force, closed forms, and other libraries' figures."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import logistic, scores

RNG = np.random.default_rng(9)
P = RNG.beta(1, 6, 400).round(2)  # with ties
Y = (RNG.random(400) < P).astype(float)


def test_the_area_is_the_share_of_pairs():
    left, stayed = P[Y == 1][:, None], P[Y == 0][None, :]
    pairs = (left > stayed).mean() + (left == stayed).mean() / 2
    assert scores.auc(Y, P) == pytest.approx(pairs)
    assert scores.auc(1 - Y, P) == pytest.approx(1 - pairs)


def test_delong_is_the_variance_of_placements():
    area, low, high = scores.delong(Y, P)
    left, stayed = P[Y == 1], P[Y == 0]
    beats = (left[:, None] > stayed) + (left[:, None] == stayed) / 2
    v10, v01 = beats.mean(axis=1), beats.mean(axis=0)
    spread = np.sqrt(v10.var(ddof=1) / len(left) + v01.var(ddof=1) / len(stayed))
    assert area == pytest.approx(beats.mean())
    assert high - low == pytest.approx(2 * 1.959964 * spread, rel=1e-6)


def test_intervals_over_people_agree_with_delong_where_each_has_one_row():
    told = scores.scored(Y, P, float(Y.mean()), draws=600)
    _, low, high = scores.delong(Y, P)
    assert told.auc_low == pytest.approx(low, abs=0.02)
    assert told.auc_high == pytest.approx(high, abs=0.02)


def test_intervals_are_wider_where_rows_repeat_people():
    people = np.repeat(np.arange(400), 4)
    many = scores.scored(np.repeat(Y, 4), np.repeat(P, 4), 0.1, people, draws=200)
    rows = scores.scored(np.repeat(Y, 4), np.repeat(P, 4), 0.1, None, draws=200)
    assert many.auc_high - many.auc_low > 1.6 * (rows.auc_high - rows.auc_low)


def test_skill_of_the_base_rate_is_none_and_of_the_truth_is_whole():
    base = float(Y.mean())
    assert scores.skill(Y, np.full(400, base), base) == pytest.approx(0)
    assert scores.skill(Y, Y, base) == pytest.approx(1)
    assert scores.skill(Y, 1 - Y, base) < 0


def test_calibration_of_true_chances_has_slope_one_and_of_wild_ones_less():
    p = RNG.beta(1, 6, 20_000)
    y = (RNG.random(20_000) < p).astype(float)
    told = scores.scored(y, p, float(y.mean()), draws=20)
    assert told.slope_low < 1 < told.slope_high
    assert told.intercept == pytest.approx(0, abs=0.06)
    wild = scores.scored(y, logistic.chances(2 * logistic.log_odds(p)), float(y.mean()), draws=20)
    assert wild.slope == pytest.approx(told.slope / 2, rel=1e-6)
    half = scores.scored(y, logistic.chances(logistic.log_odds(p) - 0.7), 0.1, draws=20)
    assert half.intercept == pytest.approx(told.intercept + 0.7, abs=1e-6)


def test_calibration_groups_hold_all_rows_and_rise():
    told = scores.calibration(Y, P, 7)
    assert (told["rows"].sum(), told["left"].sum()) == (400, Y.sum())
    assert told["predicted"].is_sorted()
    assert ((told["low"] <= told["observed"]) & (told["observed"] <= told["high"])).all()
    assert len(scores.calibration([1, 0], [0.5, 0.1], 10)) == 2


def test_all_left_or_none_has_no_area():
    assert np.isnan(scores.auc([1, 1], [0.1, 0.2]))
    told = scores.scored([0, 0, 0], [0.1, 0.2, 0.3], 0.1, draws=10)
    assert np.isnan(told.auc) and np.isnan(told.slope) and np.isnan(told.intercept)


@pytest.mark.parametrize(
    ("y", "p", "says"),
    [
        ([1, 0], [0.5], "2 outcomes and 1 chances"),
        ([], [], "0 outcomes"),
        ([1, 0], [0.5, float("nan")], "a chance is empty"),
        ([1, 2], [0.5, 0.5], "neither 0 nor 1"),
    ],
)
def test_scores_that_cannot_be_are_refused(y, p, says):
    with pytest.raises(ParameterError, match=says):
        scores.auc(y, p)
