"""Staggered: a published difference of differences, and growing effects that fool a regression."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.value.staggered import staggered

NEVER = np.inf


def test_card_and_krueger():
    # Jobs a store: New Jersey 20.44, 21.03; Pennsylvania 23.33, 21.17: 2.76 (rounded means: 2.75)
    # Source: Card and Krueger, American Economic Review 84 (1994), table 3.
    found = staggered(np.array([[20.44, 21.03], [23.33, 21.17]]), np.array([1, NEVER]))
    assert found.change == pytest.approx(2.75)
    assert np.isnan(found.low)


def test_an_effect_that_grows_is_found_where_two_way_effects_miss_it():
    months, starts = np.arange(12), np.array([3, 3, 8, 8, NEVER])
    growing = np.where(months >= starts[:, None], 1.0 + months - starts[:, None], 0)
    growing = np.nan_to_num(growing, neginf=0)
    values = np.arange(5.0)[:, None] * 10 + np.sin(months) + growing
    found = staggered(values, starts)
    assert found.change == pytest.approx(growing[growing > 0].mean())
    started = growing > 0
    dummies = [np.repeat(np.eye(5), 12, axis=0), np.tile(np.eye(12), (5, 1))]
    design = np.column_stack([started.ravel(), *dummies])
    blind = np.linalg.lstsq(design, values.ravel(), rcond=None)[0][0]
    assert abs(blind - found.change) > 0.5


def test_months_in_which_all_had_started_say_nothing():
    values = np.array([[0.0, 5, 100], [0, 0, 100], [0, 0, 90], [0, 0, 80]])
    assert staggered(values, np.array([1, 2, 2, 2])).change == pytest.approx(5)


def test_nobody_to_compare_with_is_refused():
    with pytest.raises(ParameterError, match="not started"):
        staggered(np.ones((3, 4)), np.array([0, 0, 0]))


@pytest.mark.parametrize(("values", "starts"), [(np.ones((3, 4)), [1.0, 2]), (np.ones(4), [1.0])])
def test_starts_that_do_not_pair_are_refused(values, starts):
    with pytest.raises(ParameterError, match="do not pair; give a row and a start for each team"):
        staggered(values, np.array(starts))
