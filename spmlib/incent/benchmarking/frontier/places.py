"""Places: how surely somebody stands where a ranking puts them.

A ranking by one number looks sure and is not. From draws of what each may add come the place each
is likely to have, and the chance to be among the first. Two people whose comparison intervals do
not touch differ (in 95 of 100 cases, on average over all pairs): these are narrower than intervals
around each alone.

Defined as::

    comparison = value -+ z se,  z = mean over pairs of 1.96 sqrt(se_i^2 + se_j^2) / (se_i + se_j)

which is 1.39 where all are equally sure.

Source:
    Goldstein, Spiegelhalter, "League tables and their limitations", JRSS A 159 (1996); Goldstein,
    Healy, "The graphical presentation of a collection of means", JRSS A 158 (1995).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

PAIRWISE = 1.959963984540054  # standard errors, 5 % on both sides


@dataclass(frozen=True)
class Places:
    """Where each may stand.

    Attributes:
        place: the mean place, 1 the first.
        low: in 95 of 100 cases the place is this or after it,
        high: and this or before it.
        first: chance to be among the first so many.
        above_median: chance to be above the middle of all.
        top_quarter: chance to be among the best quarter.
    """

    place: Floats
    low: Floats
    high: Floats
    first: Floats
    above_median: Floats
    top_quarter: Floats


def places(draws: Any, first: int = 10) -> Places:
    """Where each stands, by draws of what each may add.

    Args:
        draws: samples x people; more is better.
        first: how many are among the first.

    Raises:
        ParameterError: draws are no table.
    """
    given = np.asarray(draws, float)
    if given.ndim != 2 or 0 in given.shape:
        raise ParameterError("draws are no table; give samples x people.")
    count = given.shape[1]
    ranks = (-given).argsort(1, kind="stable").argsort(1, kind="stable") + 1
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="inverted_cdf")
    return Places(
        place=ranks.mean(0),
        low=low,
        high=high,
        first=(ranks <= first).mean(0),
        above_median=(given > np.median(given, axis=1)[:, None]).mean(0),
        top_quarter=(ranks <= count / 4).mean(0),
    )


def comparison(errors: Any) -> float:
    """How many standard errors an interval reaches, so that two that do not touch differ.

    Raises:
        ParameterError: there are fewer than two, or one is not above 0.

    >>> round(comparison([2.0, 2.0, 2.0]), 2)
    1.39
    """
    given = np.asarray(errors, float)
    if given.ndim != 1 or len(given) < 2 or not (given > 0).all():
        raise ParameterError("give two or more standard errors above 0.")
    one, other = np.triu_indices(len(given), 1)
    pairs = np.hypot(given[one], given[other]) / (given[one] + given[other])
    return float(PAIRWISE * pairs.mean())
