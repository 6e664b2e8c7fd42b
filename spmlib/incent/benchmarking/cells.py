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

from collections.abc import Sequence
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
        totals: whether the figures of rows (and, of several rows, of columns) are shown too: those
            that are not too small, or hidden for another that is.

    Raises:
        ParameterError: counts are no table of 0 or more, or `least` is below 1.
    """
    people = np.atleast_2d(np.asarray(counts, float))
    if people.ndim != 2 or not np.isfinite(people).all() or (people < 0).any():
        raise ParameterError("counts of people are no table of 0 or more; write rows of counts.")
    if least < 1:
        raise ParameterError(f"cells of {least} people cannot be shown; write 1 or more.")
    made = (people > 0) & (people < least)
    lines = _lines(people, least) if totals else []
    while (cell := _giving_away(people, made, lines, least)) is not None:
        made[cell] = True
    return made


def determined(made: Any, lines: Sequence[Any]) -> Any:
    """Which hidden cells follow from sums of lines and the cells shown in them.

    A cell does where every table with the same sums has the same value in it.

    Args:
        made: the cells hidden: rows x columns of booleans.
        lines: of each sum that is shown, the cells it is over: each as `made`.
    """
    places = np.flatnonzero(made)
    found = np.zeros(np.size(made), bool)
    if len(places) and len(lines):
        sums = np.array([np.ravel(line)[places] for line in lines], float)
        _, size, axes = np.linalg.svd(sums)
        free = axes[(size > SMALL).sum() :]  # ways to move hidden cells that no sum shows
        found[places] = (np.abs(free) < SMALL).all(axis=0)
    return found.reshape(np.shape(made))


def _lines(people: Any, least: int) -> list[Any]:
    """The rows and columns whose totals are shown."""
    row, column = np.indices(people.shape)
    if len(people) == 1:
        return [row == 0] if people.sum() >= least else []
    made = []
    for numbers, axis in ((row, 1), (column, 0)):
        sums = people.sum(axis=axis)
        away = hidden(sums[None], least)[0]
        made += [numbers == at for at in np.flatnonzero(~away & (sums > 0))]
    return made


def _giving_away(people: Any, made: Any, lines: Sequence[Any], least: int) -> Any:
    """A cell left in a line that gives a hidden one away: small, and in lines that hide already."""
    left = ~made & (people > 0)
    open_ = [line for line in lines if (line & left).any()]
    few = [line for line in open_ if _few(people[line & made], least)]
    known = determined(made, lines)
    chosen = few or [line for line in open_ if (line & known).any()]
    if not chosen:
        return None
    busy = sum((line * bool((line & made).any()) for line in lines), np.zeros(people.shape))
    order = np.lexsort((people.ravel(), -busy.ravel(), ~(chosen[0] & left).ravel()))
    return np.unravel_index(order[0], people.shape)


def _few(away: Any, least: int) -> bool:
    """Whether hidden cells of a line are one alone, or of too few people together."""
    return len(away) > 0 and (len(away) < 2 or away.sum() < least)
