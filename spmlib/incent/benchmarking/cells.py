"""Cells: which figures of small groups are not shown, so that nobody's pay can be read off them.

A cell of fewer people than the policy says is hidden. Where totals are shown beside it, others are
hidden too, until no hidden cell follows from what is shown: in each row and each column at least
two, together not of fewer people, and none that the sums determine.

Source:
    Hundepool et al., "Statistical Disclosure Control" (2012), chapter 4: thresholds, secondary
    suppression. Surveys: US DOJ and FTC, "Statements of Antitrust Enforcement Policy in Health
    Care" (1996), statement 6: five providers or more, none above 25 %, data three months old;
    withdrawn by both agencies in 2023, and in use as a convention still.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError

SMALL = 1e-9


def enough(organisations: Any, largest_share: Any, least: int, largest: float) -> Any:
    """Whether a survey's cell rests on enough organisations, none of which has most of it.

    >>> enough(5, 0.25, least=5, largest=0.25), enough(4, 0.1, 5, 0.25), enough(9, 0.26, 5, 0.25)
    (True, False, False)

    Args:
        organisations: that told; not a number where the survey does not say, which passes.
        largest_share: of the largest of them; likewise.
        least: organisations.
        largest: share.
    """
    many, share = np.asarray(organisations, float), np.asarray(largest_share, float)
    made = (np.isnan(many) | (many >= least)) & (np.isnan(share) | (share <= largest + SMALL))
    return bool(made) if made.ndim == 0 else made


def hidden(counts: Any, least: int, totals: bool = True) -> Any:
    """Which cells are not shown: a table of booleans.

    >>> hidden([[4, 9, 20]], 5).tolist()
    [[True, True, False]]
    >>> hidden([[4, 9, 20]], 5, totals=False).tolist()
    [[True, False, False]]

    Args:
        counts: people of each cell, rows x columns; one row where there is one way of dividing.
            Empty cells are shown: nobody is in them.
        least: people of whom a cell's figures are shown.
        totals: whether the figures of rows (and, of several rows, of columns) are shown too.

    Raises:
        ParameterError: counts are no table of 0 or more, or `least` is below 1.
    """
    people = np.atleast_2d(np.asarray(counts, float))
    if people.ndim != 2 or not np.isfinite(people).all() or (people < 0).any():
        raise ParameterError("counts of people are no table of 0 or more; write rows of counts.")
    if least < 1:
        raise ParameterError(f"cells of {least} people cannot be shown; write 1 or more.")
    made = (people > 0) & (people < least)
    while totals and (line := _open(people, made, least)) is not None:
        made |= line
    return made


def determined(made: Any, counts: Any) -> Any:
    """Which hidden cells follow from the sums of rows and columns and the cells shown.

    A cell does where every table with the same sums has the same value in it.
    """
    shape = np.shape(made)
    places = np.flatnonzero(made)
    rows, columns = np.unravel_index(places, shape)
    sums = np.zeros((shape[0] + shape[1], len(places)))
    sums[rows, np.arange(len(places))] = 1
    if shape[0] > 1:
        sums[shape[0] + columns, np.arange(len(places))] = 1
    found = np.zeros(np.size(made), bool)
    if len(places):
        _, size, axes = np.linalg.svd(sums)
        free = axes[(size > SMALL).sum() :]  # ways to move hidden cells that no sum shows
        found[places] = (np.abs(free) < SMALL).all(axis=0)
    return found.reshape(shape)


def _open(people: Any, made: Any, least: int) -> Any:
    """One cell more to hide, in a line that gives a hidden cell away; none where none does."""
    row, column = np.indices(people.shape)
    lines = list(zip(row, column, strict=True))
    if people.shape[0] > 1:
        lines += zip(row.T, column.T, strict=True)
    known = determined(made, people)
    for line in lines:
        away, size = made[line], people[line]
        few = away.any() and (away.sum() < 2 or size[away].sum() < least)
        if few or known[line].any():
            left = np.where(~away & (size > 0), size, np.inf)
            if np.isfinite(left).any():
                more = np.zeros_like(made)
                at = int(left.argmin())
                more[line[0][at], line[1][at]] = True
                return more
    return None
