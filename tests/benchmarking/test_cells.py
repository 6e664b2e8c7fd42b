"""Small cells are hidden, and none can be worked out from what is shown."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.cells import determined, enough, hidden
from tests.shared import examples


@pytest.mark.parametrize(("people", "away"), [(4, True), (5, False), (6, False), (0, False)])
def test_a_cell_of_four_five_and_six(people, away):
    assert hidden([[people, 50]], 5, totals=False).tolist() == [[away, False]]


def test_the_smallest_other_is_hidden_with_a_single_one():
    assert hidden([[30, 4, 7]], 5).tolist() == [[False, True, True]]
    assert hidden([[30, 5, 7]], 5).tolist() == [[False, False, False]]


def test_two_that_are_too_few_together_hide_a_third():
    assert hidden([[30, 2, 2, 9]], 5).tolist() == [[False, True, True, True]]
    assert hidden([[30, 2, 3, 9]], 5).tolist() == [[False, True, True, False]]


def test_a_total_that_is_too_small_is_not_shown_either():
    assert hidden([[3, 1]], 5).tolist() == [[True, True]]
    assert hidden([[4, 0]], 5).tolist() == [[True, False]]


def test_rows_and_columns_together():
    counts = [[3, 20, 20], [20, 20, 21], [22, 20, 20]]
    made = hidden(counts, 5)
    assert made[0, 0]
    assert made.sum() == 4
    assert (made.sum(axis=0) != 1).all()
    assert (made.sum(axis=1) != 1).all()


def test_a_bridge_between_two_rings_is_found():
    """Each row and column has two hidden cells or more, and one cell follows all the same."""
    made = np.zeros((4, 4), bool)
    made[:2, :2] = True
    made[2:, 2:] = True
    made[1, 2] = True  # joins both rings, in none
    rows = [np.indices((4, 4))[0] == n for n in range(4)]
    columns = [np.indices((4, 4))[1] == n for n in range(4)]
    assert determined(made, rows + columns).nonzero() == (np.array([1]), np.array([2]))


@settings(max_examples=examples(10), deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=4),
)
def test_nothing_hidden_follows_from_what_is_shown(counts):
    """Every table of the same shown cells and shown sums is tried: none has a hidden cell alone."""
    table = np.array(counts)
    made = hidden(table, 5)
    assert (made | (table == 0) | (table >= 5)).all()
    assert not (made & (table == 0)).any()
    lines = _shown_sums(table)
    assert not determined(made, lines).any() or _exhausted(table, made, lines)


def _shown_sums(table):
    """The rows and columns whose totals are shown, by the rule of one dimension."""
    row, column = np.indices(table.shape)
    if len(table) == 1:
        return [row == 0] if table.sum() >= 5 else []
    made = []
    for numbers, axis in ((row, 1), (column, 0)):
        sums = table.sum(axis=axis)
        away = hidden(sums[None], 5)[0]
        made += [numbers == n for n in range(len(sums)) if sums[n] > 0 and not away[n]]
    return made


def _exhausted(table, made, lines):
    """Where a hidden cell follows, every cell of a line that could hide it is hidden already."""
    known = determined(made, lines)
    return all(not (line & ~made & (table > 0)).any() for line in lines if (line & known).any())


def test_determined_cells_are_those_that_are_alike_in_every_table():
    """Against trying all tables of small numbers with the same sums."""
    table = np.array([[1, 2, 3], [2, 0, 1], [3, 1, 1]])
    row, column = np.indices(table.shape)
    lines = [row == n for n in range(3)] + [column == n for n in range(3)]
    rng = np.random.default_rng(3)
    for _ in range(25):
        made = rng.random(table.shape) < 0.5
        places = np.argwhere(made)
        if not 0 < len(places) <= 6:
            continue
        alike = []
        for values in itertools.product(range(-2, 6), repeat=len(places)):
            other = table.copy()
            other[made] = values
            if all(other[line].sum() == table[line].sum() for line in lines):
                alike.append(other[made])
        fixed = np.ptp(np.array(alike), axis=0) == 0
        assert determined(made, lines)[made].tolist() == fixed.tolist()


@pytest.mark.parametrize(
    ("organisations", "share", "good"),
    [
        (4, 0.1, False),
        (5, 0.1, True),
        (6, 0.25, True),
        (6, 0.2501, False),
        (float("nan"), float("nan"), True),
        (float("nan"), 0.3, False),
    ],
)
def test_a_survey_rests_on_enough_organisations(organisations, share, good):
    assert enough(organisations, share, 5, 0.25) is good


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: hidden([[1, -1]], 5), "counts of people are no table of 0 or more"),
        (lambda: hidden([[1, float("nan")]], 5), "counts of people are no table of 0 or more"),
        (lambda: hidden([[1]], 0), "cells of 0 people cannot be shown; write 1 or more"),
    ],
)
def test_cells_refuse(wrong, says):
    with pytest.raises(ParameterError, match=says):
        wrong()
