"""Densities: whether values heap on one side of a threshold: the local-polynomial density test.

The density on each side is the slope of a polynomial fitted to the share of values up to each
point, near the threshold. Where nobody can place themselves, both sides meet.

Source: Cattaneo, Jansson and Ma, "Simple Local Polynomial Density Estimators", Journal of the
American Statistical Association 115 (2020), 1449-1455; McCrary, "Manipulation of the running
variable in the regression discontinuity design", Journal of Econometrics 142 (2008), 698-714.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import factorial, sqrt

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

ORDER = 2  # of the polynomial for which the bandwidth is chosen; the test is one order higher
LEAST = 20  # values on each side that a bandwidth takes in, where there are as many
FEWEST = 10  # on each side, below which nothing can be said
POINTS = 400  # of numerical integrals


@dataclass(frozen=True)
class Density:
    """The density on each side of a threshold, and whether they meet.

    Attributes:
        at: the threshold.
        left, right: the densities there, corrected for bias.
        left_error, right_error: their standard errors.
        statistic: their difference over its standard error; above 0 there is more to the right.
        p_value: two-sided; `above` and `below` are one-sided: more to the right, more to the left.
        bandwidths: to the left and right.
        counts: values within them.
        lumpy: the share of values that equal another: above about a tenth, distrust the test.
    """

    at: float
    left: float
    right: float
    left_error: float
    right_error: float
    statistic: float
    p_value: float
    bandwidths: tuple[float, float]
    counts: tuple[int, int]
    lumpy: float

    @property
    def above(self) -> float:
        """One-sided p-value: there is more just above the threshold."""
        from scipy.stats import norm

        return float(norm.sf(self.statistic))

    @property
    def below(self) -> float:
        """One-sided p-value: there is more just below the threshold."""
        from scipy.stats import norm

        return float(norm.cdf(self.statistic))


@dataclass(frozen=True)
class Side:
    """One side of a threshold.

    Attributes:
        density, error: at the threshold.
        weights: what each value adds to the density, over the number of values: its mean is it.
        bandwidth, count: of the fit.
    """

    density: float
    error: float
    weights: Floats
    bandwidth: float
    count: int


def density_test(
    values: Sequence[float] | Floats,
    at: float = 0.0,
    bandwidth: float | tuple[float, float] | None = None,
    order: int = ORDER,
) -> Density:
    """Whether the density of values jumps at a threshold.

    Defined as::

        T = (f+ - f-) / sqrt(var(f+ - f-)),    f = slope at the threshold of the polynomial of
        order + 1 fitted by triangular weights to the empirical distribution function

    The bandwidth is the one best for the polynomial of `order`, so that the fit of one order more
    is corrected for the bias of that (robust bias correction). Variances follow from what each
    value adds to both densities. A value on the threshold counts to its right.

    Args:
        values: one number each; missing ones are left out.
        at: the threshold.
        bandwidth: of both sides, or to the left and right; the best if none.
        order: 1, 2 or 3.

    Raises:
        ParameterError: there are too few values on a side, a bandwidth is not above 0 or takes in
            too few, or the order is none of 1, 2, 3.
    """
    x = np.sort(_finite(values)) - at
    sides = int(np.searchsorted(x, 0.0)), len(x) - int(np.searchsorted(x, 0.0))
    if min(sides) < FEWEST:
        wrong = f"{sides[0]} values lie below {at:g} and {sides[1]} above"
        raise ParameterError(f"values: {wrong}; the test needs {FEWEST} on each side.")
    if order not in (1, 2, 3):
        raise ParameterError(f"order: {order} is no order of the fit; write 1, 2 or 3.")
    widths = _given(bandwidth) if bandwidth is not None else best_bandwidths(x, order)
    left, right = (fitted(x, sign * h, order + 1) for sign, h in zip((-1, 1), widths, strict=True))
    spread = float(np.std(right.weights - left.weights) / sqrt(len(x)))
    statistic = (right.density - left.density) / spread if spread > 0 else 0.0
    return Density(
        at=at,
        left=left.density,
        right=right.density,
        left_error=left.error,
        right_error=right.error,
        statistic=statistic,
        p_value=_two_sided(statistic),
        bandwidths=widths,
        counts=(left.count, right.count),
        lumpy=1 - len(np.unique(x)) / len(x),
    )


def fitted(x: Floats, width: float, order: int) -> Side:
    """The density at 0 from one side.

    Args:
        x: values less the threshold, rising.
        width: of the kernel; below 0 for the left side.
        order: of the polynomial.

    Raises:
        ParameterError: too few distinct values lie within the width.
    """
    inside = (x >= 0) & (x <= width) if width > 0 else (x < 0) & (x >= width)
    h, count = abs(width), int(inside.sum())
    u = x[inside] / h
    if len(np.unique(u)) < order + 2:
        raise ParameterError(
            f"bandwidth: {h:g} takes in {count} values; write a larger one or bring more values."
        )
    powers = u[:, None] ** np.arange(order + 1)
    kernel = 1 - np.abs(u)
    gram = (powers * kernel[:, None]).T @ powers
    slope = np.linalg.solve(gram, (powers * kernel[:, None]).T)[1] / h
    weights = _influence(x, inside, slope)
    return Side(float(weights.mean()), float(weights.std() / sqrt(len(x))), weights, h, count)


def line(values: Sequence[float] | Floats, test: Density, at: Floats) -> Floats:
    """The density that the polynomial of each side gives at points; missing beyond its bandwidth.

    Args:
        values: those that were tested.
        test: of them.
        at: points; one on the threshold is of the right side.
    """
    x, points = np.sort(_finite(values)) - test.at, np.asarray(at, float) - test.at
    shares = (np.searchsorted(x, x, "left") + np.searchsorted(x, x, "right")) / (2 * len(x))
    made = np.full(len(points), np.nan)
    for sign, width in zip((-1, 1), test.bandwidths, strict=True):
        own = (x >= 0) == (sign > 0)
        inside = own & (np.abs(x) <= width)
        weights = np.sqrt(1 - np.abs(x[inside]) / width)
        fit = np.polynomial.polynomial.polyfit(x[inside], shares[inside], ORDER + 1, w=weights)
        near = ((points >= 0) == (sign > 0)) & (np.abs(points) <= width)
        slope = np.polynomial.polynomial.polyder(fit)
        made[near] = np.polynomial.polynomial.polyval(points[near], slope)
    return made


def best_bandwidths(x: Floats, order: int = ORDER) -> tuple[float, float]:
    """The bandwidth, the same on both sides, with the least mean squared error of the difference.

    Defined as::

        h = (V (f- + f+) / (2 p B^2 n))^(1 / (2 p + 1)),
        B = b (F+ - (-1)^p F-),    F the derivatives of order p + 1 of the distribution function

    The derivatives are those of polynomials of order p + 2 fitted within a wide pilot bandwidth. It
    takes in at least `LEAST` values of each side, and reaches no further than the shorter side.

    Args:
        x: values less the threshold, rising.
        order: p.
    """
    n, low, high = len(x), x[x < 0], x[x >= 0]
    spread = min(float(np.std(x)), float(np.subtract(*np.percentile(x, [75, 25]))) / 1.349)
    spread = spread if spread > 0 else float(np.std(x))
    least = max(_reach(-low[::-1], LEAST + order), _reach(high, LEAST + order))
    most = max(min(-float(low[0]), float(high[-1])), least)
    pilot = min(max(2.5 * spread * n ** (-1 / (2 * order + 5)), least), most)
    densities, derivatives = zip(*(_derivatives(x, s * pilot, order) for s in (-1, 1)), strict=True)
    bias, variance = constants(order)
    b = bias * (derivatives[1] - (-1) ** order * derivatives[0])
    v = variance * max(sum(densities), 1e-12)
    best = (v / (2 * order * b * b * n)) ** (1 / (2 * order + 1)) if b else most
    width = float(min(max(best, least), most))
    return width, width


@lru_cache
def constants(order: int) -> tuple[float, float]:
    """The constants of bias and variance of the density at an edge, triangular kernel.

    Defined as::

        bias = e1' S^-1 c / (p + 1)!,    variance = e1' S^-1 G S^-1 e1
        S = int r r' K,  c = int r u^(p+1) K,  G = int int min(u, v) r(u) r(v)' K(u) K(v)

    each from 0 to 1, r the powers up to p. The variance is that of the slope of the distribution
    function's fit, times n h over the density.
    """
    u, w = np.polynomial.legendre.leggauss(POINTS)
    u, w = (u + 1) / 2, w / 2
    powers = u[:, None] ** np.arange(order + 1)
    weighed = powers * ((1 - u) * w)[:, None]
    first = np.linalg.inv(weighed.T @ powers)[1]
    bias = first @ weighed.T @ u ** (order + 1) / factorial(order + 1)
    slope = weighed @ first
    return float(bias), float(slope @ np.minimum.outer(u, u) @ slope)


def _influence(x: Floats, inside: Floats, slope: Floats) -> Floats:
    """What each value adds to the slope: the weights of all points at or above it, times n / n."""
    all_ = np.zeros(len(x))
    all_[inside] = slope
    upwards = np.cumsum(all_[::-1])[::-1]
    first = np.searchsorted(x, x, "left")  # ties: all of them lie at or above each other
    return np.asarray(upwards[first])


def _derivatives(x: Floats, width: float, order: int) -> tuple[float, float]:
    """The density and the derivative of order p + 1 of the distribution function, at 0."""
    inside = (x >= 0) & (x <= width) if width > 0 else (x < 0) & (x >= width)
    shares = np.searchsorted(x, x[inside], "right") / len(x)
    fits = np.polynomial.polynomial.polyfit(x[inside] / abs(width), shares, order + 2)
    scale = abs(width)
    return max(float(fits[1]) / scale, 0.0), float(
        fits[order + 1] * factorial(order + 1) / scale ** (order + 1)
    )


def _reach(distances: Floats, count: int) -> float:
    """How far the nearest so many values reach."""
    return float(distances[min(count, len(distances)) - 1]) * (1 + 1e-9) + 1e-12


def _finite(values: Sequence[float] | Floats) -> Floats:
    made = np.asarray(values, float)
    return np.asarray(made[np.isfinite(made)])


def _given(bandwidth: float | tuple[float, float]) -> tuple[float, float]:
    made = (bandwidth, bandwidth) if isinstance(bandwidth, (int, float)) else bandwidth
    if min(made) <= 0:
        raise ParameterError(f"bandwidth: {min(made):g} is not above 0; write the width of a side.")
    return float(made[0]), float(made[1])


def _two_sided(statistic: float) -> float:
    from scipy.stats import norm

    return float(2 * norm.sf(abs(statistic)))
