"""Shrinkage: numbers of known unsureness, pulled in towards their mean.

Defined as::

    pulled = mean + (1 - (k - 3) v / sum (x - mean)^2) (x - mean),   never beyond the mean

for k numbers with the same variance v (James and Stein); where variances differ, each is weighed by
its own: w = s^2 / (s^2 + v), with the s^2 at which sum (x - mean)^2 / (s^2 + v) is k - 1.

Source:
    James, Stein 1961; Efron, Morris, "Data analysis using Stein's estimator and its
    generalizations", JASA 70 (1975); Paule, Mandel 1982 (unequal variances).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError


def james_stein(values: Any, variance: float) -> Floats:
    """Numbers of one variance, pulled in towards their mean.

    Args:
        values: four or more.
        variance: of each around what it stands for.

    Raises:
        ParameterError: there are fewer than four, one is missing, or the variance is not above 0.

    >>> james_stein([1.0, 2.0, 3.0, 6.0], 1.4).round(2).tolist()
    [1.2, 2.1, 3.0, 5.7]
    """
    given = _numbers(values, 4)
    _refuse_variances(np.array([variance]))
    return float(given.mean()) + kept(given, variance) * (given - given.mean())


def kept(values: Any, variance: float) -> float:
    """The share of each distance from the mean that is kept, 0 to 1."""
    given = _numbers(values, 4)
    squares = float(((given - given.mean()) ** 2).sum())
    return max(1 - (len(given) - 3) * variance / squares, 0.0) if squares > 0 else 0.0


def pulled_in(values: Any, variances: Any) -> tuple[Floats, Floats]:
    """Numbers of different variances, pulled in, with their standard errors.

    The errors include that of the mean, not that of how far the numbers really differ.

    Args:
        values: three or more.
        variances: of each around what it stands for.

    Raises:
        ParameterError: there are fewer than three, one is missing, or a variance is not above 0.
    """
    from scipy.optimize import brentq

    given, known = _numbers(values, 3), _numbers(variances, 3)
    if len(given) != len(known):
        raise ParameterError("values and variances differ in number; give one variance to each.")
    _refuse_variances(known)
    free = len(given) - 1

    def beyond(spread: float) -> float:
        weight = 1 / (spread + known)
        mean = (weight @ given) / weight.sum()
        return float(weight @ (given - mean) ** 2 - free)

    most = float(((given - given.mean()) ** 2).sum()) + 1e-12
    spread = brentq(beyond, 0.0, most) if beyond(0.0) > 0 else 0.0
    weight = 1 / (spread + known)
    mean = (weight @ given) / weight.sum()
    share = spread / (spread + known)
    errors = np.sqrt(share * known + (1 - share) ** 2 / weight.sum())
    return mean + share * (given - mean), errors


def _numbers(given: Any, fewest: int) -> Floats:
    made = np.asarray(given, float)
    if made.ndim != 1 or len(made) < fewest:
        raise ParameterError(f"{made.size} numbers are too few; give {fewest} or more in a list.")
    if not np.isfinite(made).all():
        raise ParameterError("one of the numbers is missing; leave it out.")
    return made


def _refuse_variances(given: Floats) -> None:
    if not (np.isfinite(given).all() and (given > 0).all()):
        raise ParameterError("a variance is not above 0; give the square of a standard error.")
