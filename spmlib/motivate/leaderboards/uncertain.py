"""Uncertain: between which places a person stands, from draws of what everybody is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError


@dataclass(frozen=True)
class Places:
    """Where people stand, over draws.

    Attributes:
        low, high: the places between which each is, so surely; 1 the first.
        mean: the mean place.
        top: the chance to be among the first so many.
    """

    low: Whole
    high: Whole
    mean: Floats
    top: Floats


def places_drawn(draws: Floats, top: int = 3, sure: float = 0.95, best: str = "high") -> Places:
    """Intervals of places, and chances to be among the first.

    Defined as::

        low, high = the (1 - sure) / 2 and (1 + sure) / 2 quantiles of a person's place over draws

    Args:
        draws: draws x people.
        top: how many the first are.
        sure: how surely a place is in its interval.
        best: high or low.

    Raises:
        ParameterError: `sure` is not between 0 and 1, or `top` is below 1.

    >>> import numpy as np
    >>> made = places_drawn(np.array([[3.0, 2.0, 1.0], [2.0, 3.0, 1.0]]), top=1)
    >>> made.low.tolist(), made.high.tolist(), made.top.tolist()
    ([1, 1, 3], [2, 2, 3], [0.5, 0.5, 0.0])
    """
    if not 0 < sure < 1:
        raise ParameterError(f"sure: {sure:g} is not between 0 and 1; write 0.95 or the like.")
    if top < 1:
        raise ParameterError(f"top: {top} is not 1 or more; write how many the first are.")
    many, people = draws.shape
    if not many or not people:
        return Places(np.zeros(people, int), np.zeros(people, int), *[np.full(people, np.nan)] * 2)
    placed = _placed(np.ascontiguousarray(-draws if best == "high" else draws))
    first = int(np.floor(many * (1 - sure) / 2))
    last = max(int(np.ceil(many * (1 + sure) / 2)) - 1, 0)
    mean, among = placed.mean(axis=1), (placed <= top).mean(axis=1)
    placed.partition([first, last], axis=1)
    return Places(placed[:, first].astype(np.int64), placed[:, last].astype(np.int64), mean, among)


@njit(cache=True)
def _placed(draws: Floats) -> Whole:
    """People x draws: each person's place in each draw, the lowest number first."""
    many, people = draws.shape
    made = np.empty((people, many), np.int32)
    for draw in range(many):
        order = np.argsort(draws[draw])
        for place in range(people):
            made[order[place], draw] = place + 1
    return made
