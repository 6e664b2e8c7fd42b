"""Conventions: how much of a benefit has gone by, at a period's end and on a day within it.

A convention says what the month in which amortisation starts counts; the month in which something
changes counts for the rest, so that four months after any start four months are amortised:

    month_of_start   the whole month of the start, nothing of the month of a change
    following_month  nothing of the month of the start, the whole month of a change
    half_month       half of either
    nearest_month    the whole month of a start up to the 15th, else the following month
    days             each day

To add one: name it in `CONVENTIONS`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Whole
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.incent.contract_costs.grids import Grid

MIDDLE = 15  # days of a month that count as its first half


@dataclass(frozen=True)
class Convention:
    """How benefits are counted.

    Attributes:
        units: in a month; 0 where each day is one.
        first: units that the month of the start counts at its end.
        halves: whether a day in the second half of a month is one of the next.
    """

    units: int
    first: int
    halves: bool = False


CONVENTIONS = {
    "month_of_start": Convention(1, 1),
    "following_month": Convention(1, 0),
    "half_month": Convention(2, 1),
    "nearest_month": Convention(1, 1, halves=True),
    "days": Convention(0, 0),
}


def convention(name: str) -> Convention:
    """A convention by its name.

    Raises:
        ParameterError: there is none of that name.
    """
    if name not in CONVENTIONS:
        near = nearest(name, CONVENTIONS)
        raise ParameterError(f"there is no convention '{name}'; write {near}.")
    return CONVENTIONS[name]


def zero(of: Convention, days: Whole, grid: Grid) -> Whole:
    """Where benefits that start on some days have their unit 0: units since the grid's begin."""
    if of.units == 0:
        return days.astype(np.int64)
    places = grid.place(days)
    late = days - grid.edges[np.maximum(places, 0)] >= MIDDLE if of.halves else 0
    return of.units * (places + late)


def ends(of: Convention, grid: Grid) -> Whole:
    """Units at the end of each period; less `zero`, what has gone by of a benefit."""
    if of.units == 0:
        return grid.edges[1:].astype(np.int64)
    return of.units * np.arange(len(grid), dtype=np.int64) + of.first
