"""Kaplan and Meier against published figures: remissions of leukaemia, 6-MP and placebo.

Source: Freireich et al. (1963), as in Gehan (1965); figures of Kleinbaum and Klein, "Survival
analysis" (2012), table 2.1; Collett, "Modelling survival data".
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import survival

REMISSIONS = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
RELAPSED = [1] * 9 + [0] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.fixture(scope="module")
def curve():
    return survival.kaplan_meier(REMISSIONS, RELAPSED)


def test_survival_is_that_of_the_textbook(curve):
    told = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve["duration"].to_list() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].to_list() == [21, 17, 15, 12, 11, 7, 6]
    assert curve["left"].to_list() == [3, 1, 1, 1, 1, 1, 1]
    assert curve["survival"].to_numpy().round(4).tolist() == told


def test_greenwoods_errors_are_those_of_the_textbook(curve):
    told = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert np.allclose(curve["error"], told, atol=6e-5)


def test_the_median_remission_is_23_weeks_and_8_with_placebo(curve):
    assert survival.median(curve) == 23
    placebo = survival.kaplan_meier(PLACEBO, [1] * 21)
    assert survival.median(placebo) == 8
    assert placebo["survival"].to_numpy()[-1] == pytest.approx(0)
    assert survival.at(placebo, 10)["survival"] == pytest.approx(8 / 21)


def test_intervals_of_log_minus_log_are_those_of_r(curve):
    """survfit(conf.type = "log-log") at 6 and 23 weeks."""
    first, last = curve.row(0, named=True), curve.row(-1, named=True)
    assert (round(first["low"], 3), round(first["high"], 3)) == (0.620, 0.952)
    assert (round(last["low"], 3), round(last["high"], 3)) == (0.188, 0.680)


def test_plain_and_log_intervals_are_those_of_r():
    """survfit(conf.type = "plain" and "log") at 6 weeks."""
    plain = survival.kaplan_meier(REMISSIONS, RELAPSED, interval="plain").row(0, named=True)
    log = survival.kaplan_meier(REMISSIONS, RELAPSED, interval="log").row(0, named=True)
    assert (round(plain["low"], 3), round(plain["high"], 3)) == (0.707, 1.0)
    assert (round(log["low"], 3), round(log["high"], 3)) == (0.720, 1.0)


def test_without_censoring_it_is_the_share_still_there():
    curve = survival.kaplan_meier([3, 1, 2, 4], [1, 1, 1, 1])
    assert curve["survival"].to_list() == pytest.approx([0.75, 0.5, 0.25, 0.0])
    share = 0.75
    error = np.sqrt(share * (1 - share) / 4)  # without censoring Greenwood's is the binomial one
    assert curve["error"][0] == pytest.approx(error)


def test_who_enters_late_is_at_risk_only_afterwards():
    """At 2: those of 0 to 5 and 1 to 2; at 5: also who came at 3 and stayed until 6."""
    curve = survival.kaplan_meier([5, 2, 6], [1, 1, 0], [0, 1, 3])
    assert curve["at_risk"].to_list() == [2, 2]
    assert curve["survival"].to_list() == pytest.approx([0.5, 0.25])


def test_nobody_left_is_an_empty_curve():
    curve = survival.kaplan_meier([1, 2], [0, 0])
    assert curve.is_empty()
    assert survival.median(curve) is None
    assert survival.at(curve, 9)["survival"] == 1


@pytest.mark.parametrize(
    ("durations", "left", "entry", "says"),
    [
        ([], [], None, "0 durations"),
        ([1, 2], [1], None, "1 outcomes"),
        ([-1], [1], None, "negative"),
        ([float("nan")], [1], None, "empty"),
        ([1], [2], None, "neither 0 nor 1"),
        ([1], ["yes"], None, "no number"),
        ([1], [1], [1], "row 1: entered at 1"),
    ],
)
def test_what_cannot_be_is_refused(durations, left, entry, says):
    with pytest.raises(ParameterError, match=says):
        survival.kaplan_meier(durations, left, entry)


def test_an_unknown_interval_is_refused():
    with pytest.raises(ParameterError, match="log-log, log, plain"):
        survival.kaplan_meier([1], [1], interval="wald")


def test_curves_of_groups_are_those_of_their_people():
    """Hired before the first row: entered late; the month of leaving is stayed to its end."""
    rows = pl.DataFrame(
        {
            "payee_id": ["A"] * 3 + ["B"] * 2 + ["C"] * 3,
            "month": [date(2026, m, 1) for m in (1, 2, 3, 1, 2, 1, 2, 3)],
            "tenure_months": [0.0, 1, 2, 4, 5, 1, 2, 3],
            "left": [0, 0, 1, 0, 1, 0, 0, 0],
            "role": ["x"] * 8,
        }
    )
    told = survival.by_group(rows, "role", fewest=1)
    own = survival.kaplan_meier([3, 6, 4], [1, 1, 0], [0, 4, 1])
    assert told.drop("group", "people").equals(own)
    assert told["people"].to_list() == [3, 3]
    assert told["at_risk"].to_list() == [2, 1]
    with pytest.raises(ParameterError, match="no group has 5 people"):
        survival.by_group(rows, "role")


def test_where_few_are_at_risk_the_curve_does_not_end():
    """One enters at 0 and leaves at 1, before the others come: too few to say."""
    durations, left, entry = [1, 6, 7, 8], [1, 1, 0, 0], [0, 2, 2, 2]
    assert survival.kaplan_meier(durations, left, entry)["survival"][-1] == 0
    told = survival.kaplan_meier(durations, left, entry, least=2)
    assert told["survival"].to_list() == pytest.approx([2 / 3])
