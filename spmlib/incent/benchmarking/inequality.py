"""Inequality: how far a few have most of it: Gini coefficient, Lorenz curve, top shares.

Source:
    Gini, "Variabilità e mutabilità" (1912); Lorenz, "Methods of measuring the concentration of
    wealth" (1905). Quantiles: Hyndman and Fan, "Sample quantiles in statistical packages" (1996),
    definition 7 (linear).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.plain import bare, some


def gini(values: Any, axis: int = -1, corrected: bool = False) -> Any:
    """How unequal values are: 0 all alike, (n - 1) / n where one of n has all.

    Defined as::

        G = sum of |x_i - x_j| over all pairs / (2 n^2 mean)
          = sum of (2 i - n - 1) x_i / (n sum of x)          x rising, i from 1

    >>> gini([1, 1, 1]), gini([0, 0, 0, 10]), round(gini([0, 0, 0, 10], corrected=True), 10)
    (0.0, 0.75, 1.0)

    Args:
        values: of 0 or more.
        axis: along which people stand.
        corrected: times n / (n - 1), so that it is 1 where one has all: of a sample of few.

    Returns:
        One number, or one for each row; 0 where nobody has anything.
    """
    ordered = np.sort(some(values, "values"), axis=axis)
    ordered = np.moveaxis(ordered, axis, -1)
    size = ordered.shape[-1]
    total = ordered.sum(axis=-1)
    weights = 2 * np.arange(1, size + 1) - size - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        made = np.where(total > 0, (ordered @ weights) / (size * total), 0.0)
    return bare(made * size / (size - 1) if corrected and size > 1 else made)


def lorenz(values: Any) -> tuple[Floats, Floats]:
    """The Lorenz curve: the share of people, the least first, and what share of all they have.

    >>> people, have = lorenz([1, 3])
    >>> people.tolist(), have.tolist()
    ([0.0, 0.5, 1.0], [0.0, 0.25, 1.0])
    """
    ordered = np.sort(some(values, "values"))
    total = ordered.sum()
    people = np.arange(len(ordered) + 1) / len(ordered)
    have = np.append(0.0, np.cumsum(ordered)) / total if total > 0 else people
    return people, have


def top_share(values: Any, share: float = 0.2, axis: int = -1) -> Any:
    """What share of all the top people have: of 17, the top 20 % are 3.4 people.

    Defined as::

        1 - Lorenz curve at (1 - share), linear between people

    >>> top_share([1, 1, 1, 1, 6], 0.2), top_share([1, 1], 0.2)
    (0.6, 0.2)
    """
    if not 0 < share <= 1:
        raise ParameterError(f"the top {share:.0%} are nobody; write a share above 0% up to 100%.")
    ordered = np.moveaxis(np.sort(some(values, "values"), axis=axis), axis, -1)[..., ::-1]
    size = ordered.shape[-1]
    weights = np.clip(share * size - np.arange(size), 0.0, 1.0)
    total = ordered.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        made = np.where(total > 0, ordered @ weights / total, share)
    return bare(np.round(made, 15))


def excellence_ratio(values: Any, top: float = 90, middle: float = 50, axis: int = -1) -> Any:
    """How far the best are above the middle: the ninth tenth over the median.

    Defined as::

        P90 / P50, quantiles linear between people

    >>> excellence_ratio([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    1.6666666666666667

    Args:
        values: pay, payouts over target, or results; 0 or more.
        top: percentile of the best.
        middle: percentile of the middle.
        axis: along which people stand.

    Returns:
        Not a number where the middle is 0.
    """
    high, low = np.percentile(some(values, "values"), [top, middle], axis=axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        return bare(np.where(low > 0, high / low, np.nan))
