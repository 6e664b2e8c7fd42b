"""Bunching: how much heaps just above a threshold, how much is missing below it, how surely.

Three answers side by side: `near`, an exact binomial test of those nearest to the threshold;
`excess`, the mass above and the mass missing below, against a smooth density fitted to the rest;
and the density test of `densities`. `adjusted` corrects the p-values of many thresholds at once.

Source: Chetty, Friedman, Olsen and Pistaferri, "Adjustment costs, firm responses, and micro vs.
macro labor supply elasticities", Quarterly Journal of Economics 126 (2011), 749-804; Kleven and
Waseem, "Using notches to uncover optimization frictions", QJE 128 (2013), 669-723; Holm (1979);
Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

SIDES = 2  # the intervals that are told leave out as much below as above


@dataclass(frozen=True)
class Near:
    """How many lie just above and just below a threshold.

    Attributes:
        below, above: within the width.
        p_value: one-sided: so many or more above, if each side were as likely.
    """

    below: int
    above: int
    p_value: float


@dataclass(frozen=True)
class Excess:
    """What heaps above a threshold, and what is missing below it, in numbers of values.

    Attributes:
        excess: above, more than a smooth density has there.
        missing: below, less than it has there.
        low, high: the interval of the excess.
        missing_low, missing_high: that of what is missing.
        usual: the smooth density's number in a bin at the threshold.
        bins: start, number, smooth number of each bin.
    """

    excess: float
    missing: float
    low: float
    high: float
    missing_low: float
    missing_high: float
    usual: float
    bins: tuple[tuple[float, float, float], ...]

    @property
    def normalised(self) -> float:
        """The excess in bins of the smooth density: Chetty's b."""
        return self.excess / self.usual if self.usual > 0 else float("nan")


def near(values: Sequence[float] | Floats, width: float, at: float = 0.0) -> Near:
    """The values within a width of a threshold, above against below; on it counts as above.

    Raises:
        ParameterError: the width is not above 0.

    >>> near([-0.03, 0.01, 0.01, 0.02, 0.04, 0.2], 0.05)
    Near(below=1, above=4, p_value=0.1875)
    """
    from scipy.stats import binomtest

    if width <= 0:
        raise ParameterError(f"width: {width:g} is not above 0; write how near counts, e.g. 5 %.")
    x = _finite(values) - at
    above, below = int(((x >= 0) & (x < width)).sum()), int(((x < 0) & (x >= -width)).sum())
    if not above + below:
        return Near(0, 0, 1.0)
    test = binomtest(above, above + below, 0.5, alternative="greater")
    return Near(below, above, float(test.pvalue))


def excess(
    values: Sequence[float] | Floats,
    bin_width: float,
    above: float,
    below: float,
    at: float = 0.0,
    reach: float | None = None,
    degree: int = 4,
    draws: int = 500,
    seed: int = 1,
    sure: float = 0.95,
) -> Excess:
    """The mass that heaps above a threshold and that is missing below it.

    Bins are counted on both sides; a polynomial is fitted to those outside ``[-below, above)``;
    what the bins inside have more, or less, is excess and missing mass. The interval is that of
    values drawn again with replacement (percentiles).

    Args:
        values: one number each.
        bin_width: of a bin, which divides `above` and `below`.
        above, below: how far heap and hole may reach from the threshold.
        at: the threshold.
        reach: how far bins go to each side; four times the wider of both if not said.
        degree: of the polynomial.
        draws: for the interval; 0 for none.
        seed: of the draws.
        sure: how surely the interval holds.

    Raises:
        ParameterError: a width is not above 0, or too few bins are left for the polynomial.
    """
    if min(bin_width, above) <= 0 or below < 0:
        raise ParameterError("bin_width, above: widths are above 0, and below is not under 0.")
    x = _finite(values) - at
    far = 4 * max(above, below) if reach is None else reach
    edges = np.arange(-round(far / bin_width), round(far / bin_width) + 1) * bin_width
    middles = (edges[:-1] + edges[1:]) / 2
    heap = (middles > 0) & (middles < above)
    hole = (middles < 0) & (middles > -below)
    if (~(heap | hole)).sum() <= degree + 1:
        raise ParameterError(f"reach: {far:g} leaves too few bins; widen it, or narrow the bins.")
    counts = np.histogram(x, edges)[0].astype(float)
    smooth = _smoothing(middles, ~(heap | hole), degree, far)
    found = counts - smooth @ counts
    drawn = _drawn(counts, draws, seed)
    resid = drawn - drawn @ smooth.T
    tails = [100 * (1 - sure) / SIDES, 100 * (1 + sure) / SIDES]
    low, high = _tails(resid[:, heap].sum(axis=1), tails)
    missing = _tails(-resid[:, hole].sum(axis=1), tails)
    fits = smooth @ counts
    return Excess(
        excess=float(found[heap].sum()),
        missing=float(-found[hole].sum()),
        low=low,
        high=high,
        missing_low=missing[0],
        missing_high=missing[1],
        usual=float(fits[heap].mean()),
        bins=tuple(zip(edges[:-1].tolist(), counts.tolist(), fits.tolist(), strict=True)),
    )


def adjusted(p_values: Sequence[float] | Floats, method: str = "holm") -> Floats:
    """P-values corrected for being many.

    Args:
        p_values: one each; missing ones stay missing and do not count.
        method: holm (no false finding at all, at that level) or bh (so many of those found are
            false, Benjamini and Hochberg).

    Raises:
        ParameterError: the method is unknown, or a p-value is none.

    >>> adjusted([0.01, 0.04, 0.03]).tolist(), adjusted([0.01, 0.04, 0.03], "bh").tolist()
    ([0.03, 0.06, 0.06], [0.03, 0.04, 0.04])
    """
    p = np.asarray(p_values, float)
    there = np.flatnonzero(np.isfinite(p))
    if method not in ("holm", "bh"):
        raise ParameterError(f"method: '{method}' is no correction; write holm or bh.")
    if ((p[there] < 0) | (p[there] > 1)).any():
        raise ParameterError("p_values: a probability lies outside 0 to 1.")
    made, m = np.full(p.shape, np.nan), len(there)
    order = there[np.argsort(p[there], kind="stable")]
    if method == "holm":
        made[order] = np.maximum.accumulate(p[order] * (m - np.arange(m)))
    else:
        scaled = p[order] * m / (np.arange(m) + 1)
        made[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(made, 1.0)


def _smoothing(middles: Floats, outside: Floats, degree: int, far: float) -> Floats:
    """The matrix that turns counts of bins into the smooth counts of all bins."""
    powers = (middles / far)[:, None] ** np.arange(degree + 1)
    made = np.zeros((len(middles), len(middles)))
    made[:, outside] = powers @ np.linalg.pinv(powers[outside])
    return made


def _drawn(counts: Floats, draws: int, seed: int) -> Floats:
    """Counts of values drawn again with replacement: draws x bins."""
    total = int(counts.sum())
    if not draws or not total:
        return counts[None, :]
    rng = np.random.default_rng(seed)
    return rng.multinomial(total, counts / total, draws).astype(float)


def _tails(values: Floats, tails: Sequence[float]) -> tuple[float, float]:
    low, high = np.percentile(values, tails)
    return float(low), float(high)


def _finite(values: Sequence[float] | Floats) -> Floats:
    made = np.asarray(values, float)
    return np.asarray(made[np.isfinite(made)])
