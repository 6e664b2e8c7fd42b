"""Intervals: a figure with how sure it is: by drawing people again, or in closed form.

Source:
    Efron and Tibshirani, "An Introduction to the Bootstrap" (1993); Fisher, "On the probable error
    of a coefficient of correlation" (1921); Bonett and Wright, "Sample size requirements for
    estimating Pearson, Kendall and Spearman correlations" (2000); Wilson, "Probable inference, the
    law of succession, and statistical inference" (1927).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

SURE, RUNS, SEED = 0.95, 2_000, 20240501  # what the policy usually says instead
AT_ONCE = 2_000_000  # numbers drawn at once


@dataclass(frozen=True)
class Estimate:
    """A figure, between what it lies with the chance asked for, and what it rests on.

    Attributes:
        value: the figure.
        low: not a number where nothing can be said.
        high: as low.
        count: how many people or windows it rests on.
        how: the method, and how many draws.
    """

    value: float
    low: float
    high: float
    count: int
    how: str

    def __float__(self) -> float:
        """The figure."""
        return self.value


def resampled(
    values: Any,
    figure: Callable[..., Any],
    sure: float = SURE,
    runs: int = RUNS,
    seed: int = SEED,
    method: str = "percentile",
) -> Estimate:
    """A figure of some values, and where it lies when people are drawn again with replacement.

    Args:
        values: one array, or several of one length whose places belong together.
        figure: of the arrays along an ``axis``, which it takes by name.
        sure: the chance with which it lies between.
        runs: how many times people are drawn again.
        seed: of the draws.
        method: percentile or BCa (corrected for bias and skewness; not for medians of few).

    Raises:
        ParameterError: there is nothing to draw from, arrays differ in length, `sure` is not
            between 0 and 1, or the method is unknown.
    """
    from scipy.stats import bootstrap

    data = _arrays(values)
    if method not in ("percentile", "BCa"):
        raise ParameterError(f"'{method}' is no method; write percentile or BCa.")
    _refuse_unsure(sure)
    size, value = len(data[0]), float(figure(*data, axis=-1))
    how = f"{'BCa ' if method == 'BCa' else ''}bootstrap, {runs:,} draws"
    if size < 2 or not np.isfinite(value):
        return Estimate(value, np.nan, np.nan, size, how)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of draws that are all alike: said by the interval
        made = bootstrap(
            data,
            figure,
            paired=len(data) > 1,
            vectorized=True,
            n_resamples=runs,
            batch=max(1, AT_ONCE // size),
            confidence_level=sure,
            method=method,
            rng=np.random.default_rng(seed),
        )
    drawn = made.bootstrap_distribution[np.isfinite(made.bootstrap_distribution)]
    low, high = made.confidence_interval
    if not np.isfinite([low, high]).all() and len(drawn):
        low, high = np.quantile(drawn, [(1 - sure) / 2, (1 + sure) / 2])
    return Estimate(value, float(low), float(high), size, how)


def proportion(count: int, size: int, sure: float = SURE) -> Estimate:
    """A share of people, with Wilson's score interval.

    >>> found = proportion(8, 163)
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.0491, 0.0251, 0.0938)
    """
    if not 0 <= count <= size or size < 1:
        raise ParameterError(f"{count} of {size} is no share; give a part of one or more.")
    z = _z(sure)
    share = count / size
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z * np.sqrt(share * (1 - share) / size + z * z / (4 * size * size)) / (1 + z * z / size)
    low, high = max(0.0, float(middle - half)), min(1.0, float(middle + half))
    return Estimate(share, low, high, size, "Wilson score")


def correlated(value: float, size: int, sure: float = SURE, ranks: bool = False) -> Estimate:
    """A correlation, with Fisher's interval; of ranks, with Bonett and Wright's variance.

    Defined as::

        tanh(artanh(r) -+ z x s)    s^2 = 1 / (n - 3), of ranks (1 + r^2 / 2) / (n - 3)
    """
    how = "Bonett and Wright" if ranks else "Fisher z"
    z = _z(sure)
    if size < 4 or not np.isfinite(value):
        return Estimate(value, np.nan, np.nan, size, how)
    if abs(value) >= 1 - 1e-12:  # on a line
        return Estimate(value, value, value, size, how)
    wide = z * np.sqrt((1 + value**2 / 2 if ranks else 1.0) / (size - 3))
    middle = np.arctanh(value)
    return Estimate(value, float(np.tanh(middle - wide)), float(np.tanh(middle + wide)), size, how)


def ratio_of_sums(above: Floats, below: Floats, axis: int = -1) -> Any:
    """One sum over another, as `resampled` takes it; not a number where there is none."""
    under = np.asarray(below).sum(axis=axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(under > 0, np.asarray(above).sum(axis=axis) / under, np.nan)


def _arrays(values: Any) -> Sequence[Floats]:
    several = isinstance(values, tuple)
    data = tuple(np.asarray(v, float) for v in (values if several else (values,)))
    if not data or any(v.ndim != 1 or v.size == 0 for v in data):
        raise ParameterError("there is nothing to draw from; give one value or more.")
    if len({v.size for v in data}) > 1:
        raise ParameterError("values that belong together differ in number; give as many of each.")
    if not all(np.isfinite(v).all() for v in data):
        raise ParameterError("there is a value that is no number; leave it out.")
    return data


def _refuse_unsure(sure: float) -> None:
    if not 0 < sure < 1:
        raise ParameterError(f"an interval cannot hold with a chance of {sure}; write 50% to 99%.")


def _z(sure: float) -> float:
    _refuse_unsure(sure)
    return NormalDist().inv_cdf((1 + sure) / 2)
