"""Money: returns add up, nothing is counted twice, and what moves together is wider together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.value.effects import effect
from spmlib.revops.value.money import Worth, counted, paths, returns
from spmlib.revops.value.series import Series
from tests.value.test_effects import NEW_YEAR, noisy


def named(name, measured, moved=0.0):
    late = np.array([period >= "2026-01" for period in measured.periods])
    return effect(Series(name, measured.periods, measured.values + moved * late), NEW_YEAR)


def test_returns_by_hand():
    # 100 a month for 12 months, cost 600 at once and 20 a month, no discount
    drawn = {"hours": np.full((1, 12), -2.0)}
    made = returns(drawn, {"hours": Worth(-1, 50)}, 600, 20, 0.0)
    assert made.present_value[0] == pytest.approx(12 * 80 - 600)
    assert made.payback[0] == 8  # 600 / 80 = 7.5
    assert made.on_investment[0] == pytest.approx(360 / 840)
    assert list(made.paid[[7, 8]]) == [0, 1]


def test_discounting_by_hand():
    drawn = {"hours": np.full((1, 12), -1.0)}
    made = returns(drawn, {"hours": Worth(-1, 1)}, 0, 0, 0.12)
    expected = sum(1.12 ** (-month / 12) for month in range(1, 13))
    assert made.present_value[0] == pytest.approx(expected)
    with pytest.raises(ParameterError, match="no costs"):
        _ = made.on_investment


def test_what_never_pays_has_no_month():
    made = returns({"x": np.zeros((3, 6))}, {"x": Worth(1, 1)}, 10, 1, 0.0)
    assert np.isinf(made.payback).all()


def test_a_measure_within_another_is_not_counted_twice():
    own = [named("hours", noisy(1)), named("disputes", noisy(2))]
    worths = {"hours": Worth(-1, 60), "disputes": Worth(-1, 240, "hours")}
    assert [e.name for e in counted(own, worths)] == ["hours"]
    assert [e.name for e in counted(own[1:], worths)] == ["disputes"]


def test_measures_that_move_together_are_drawn_together():
    same, other = noisy(1), noisy(2)
    drawn = paths([named("a", same), named("b", same), named("c", other)], 24, 2000, 1)
    means = [path.mean(axis=1) for path in drawn.values()]
    assert np.corrcoef(means[0], means[1])[0, 1] > 0.9
    assert abs(np.corrcoef(means[0], means[2])[0, 1]) < 0.6


def test_draws_have_the_width_of_the_interval():
    found = named("a", noisy(1))
    drawn = paths([found], 10, 20_000, 1)["a"].mean(axis=1)
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx(found.change[1:], rel=0.1, abs=0.1)


def test_nothing_to_sum_is_refused():
    with pytest.raises(ParameterError, match="no effect"):
        returns({}, {}, 1, 1, 0.08)
    with pytest.raises(ParameterError, match="'y' has no worth"):
        returns({"y": np.zeros((1, 2))}, {"x": Worth(1, 1)}, 1, 1, 0.08)
    with pytest.raises(ParameterError, match="'a' has no interval: nothing can be said: 2 months"):
        paths([named("a", noisy(1, months=26))], 24, 10, 1)
    with pytest.raises(ParameterError, match="discount"):
        returns({"x": np.zeros((1, 2))}, {"x": Worth(1, 1)}, 1, 1, -1.0)


def test_what_differs_by_rounding_alone_is_drawn_in_the_same_order():
    found = named("a", noisy(1))
    other = replace(found, residuals=found.residuals + 1e-14 * np.arange(34))
    same = (paths([one], 24, 500, 1)["a"] for one in (found, other))
    assert (next(same) == next(same)).all()
