"""Places: the field's rules for ties, exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from scipy.stats import rankdata

from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards import ties
from spmlib.motivate.leaderboards.ties import places

RULES = {  # of four, two of them level for the second place: the standard example of each rule
    "standard": [1, 2, 2, 4],
    "modified": [1, 3, 3, 4],
    "dense": [1, 2, 2, 3],
    "ordinal": [1, 2, 3, 4],
    "fractional": [1, 2.5, 2.5, 4],
}
SCIPY = {
    "standard": "min", "modified": "max", "dense": "dense", "ordinal": "ordinal",
    "fractional": "average",
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_gives_its_own_example(rule):
    assert places([40, 30, 30, 20], rule) == RULES[rule]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_agrees_with_scipy(rule):
    values = np.random.default_rng(1).integers(0, 9, 200)
    assert places(values.tolist(), rule, "low") == rankdata(values, SCIPY[rule]).tolist()


def test_floats_that_print_alike_are_level_and_a_cent_is_not():
    assert places([0.1 + 0.2, 0.3]) == [1, 1]
    assert places([Decimal("1000000.01"), Decimal("1000000.00")]) == [1, 2]
    assert places([Fraction(1, 3), Fraction(333333333333333333, 10**18)]) == [1, 2]


def test_who_has_no_value_has_no_place_and_is_ahead_of_nobody():
    assert places([None, 5, float("nan"), -1, 0]) == [None, 1, None, 3, 2]
    assert places([]) == []
    assert places([7]) == [1]


def test_who_got_there_first_comes_first():
    days, names = ["2026-10-30", "2026-10-02", None], ["b", "c", "a"]
    assert places([5, 5, 5], "ordinal", breakers=[days, names]) == [2, 1, 3]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (([1], "first"), "'first' is no rule"),
        (([1], "dense", "most"), "'most' is no direction"),
        ((["1"],), "'1' is no number"),
        (([True],), "True is no number"),
        (([float("inf")],), "inf is no number"),
        (([1, 2], "dense", "high", [[1, 2]]), "leaves level ones level"),
        (([1, 2], "ordinal", "high", [[1]]), "not one for each value"),
    ],
)
def test_what_means_nothing_is_refused(given, wrong):
    with pytest.raises(ParameterError, match=wrong):
        places(*given)


def test_fractions_are_level_only_where_they_are_equal():
    rng = np.random.default_rng(2)
    above = [*rng.integers(-50, 50, 400).tolist(), 10**17 + 1, 10**17]
    below = [*rng.integers(1, 30, 400).tolist(), 10**17, 10**17 - 1]
    codes = ties.codes(pl.DataFrame({"above": above, "below": below})).to_list()
    exact = [Fraction(a, b) for a, b in zip(above, below, strict=True)]
    order = {value: place for place, value in enumerate(sorted(set(exact)))}
    assert codes == [order[value] for value in exact]
