"""Candidates: the methods that forecast a panel, each in its own way.

To add one: a name in `NAMES`, and its forecasts in `candidates`. It has to earn its place on
collections that it was not made for (``benchmarks/README.md``).
"""

from __future__ import annotations

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.orchestrate.forecasting.newcomers import lent
from spmlib.orchestrate.forecasting.panels import Panel, within
from spmlib.orchestrate.forecasting.pooled import pooled

NAMES = {
    "smoothing": "exponential smoothing of the seasonally adjusted series",
    "theta": "Theta: half the long trend, half what came last",
    "holt_winters": "Holt-Winters with damped trend, on logarithms",
    "pooled": "an autoregression fitted to all series together, step after step",
    "pooled_direct": "autoregressions fitted to all series together, one for each step",
    "grown": "last year again, with the growth since the year before (for up to three years)",
    "rate": "the mean of all history, what is long ago counting less (for sparse series)",
}
SAYS = NAMES | {
    "ensemble": "all of these, weighed by how right each was",
    "naive": "the same month of last year again",
}
SHORT = 3  # years, up to which last year says more than any method can learn
DOUBT = 3.0  # months' worth of belief that a year is like the one before
MOST = 2.0  # that a year may grow, or shrink
KEPT = 0.97  # of what a step counts in the mean, a step later


def candidates(panel: Panel, horizon: int) -> Floats:
    """What each method forecasts, of series without outliers, short ones continued backwards.

    Args:
        panel: the series.
        horizon: steps ahead.

    Returns:
        Series x methods (in the order of `NAMES`) x steps; NaN where a method cannot say anything.
        Never below 0 for a series that never was.
    """
    from spmlib.orchestrate.forecasting import kernels, outliers

    seen = lent(outliers.without(panel))
    made = np.empty((len(NAMES), len(panel.names), horizon))
    kernels.smoothing_and_theta(seen.values, seen.offsets, seen.season, made[0], made[1])
    kernels.holt_winters(seen.values, seen.offsets, seen.season, made[2])
    made[3], made[4] = pooled(seen, horizon)
    made[5] = np.where(seen.lengths <= SHORT * seen.season, _grown(panel, horizon).T, np.nan).T
    made[6] = _rate(panel)[:, None]
    made[:, panel.empty] = 0.0
    return np.maximum(made.swapaxes(0, 1), np.where(panel.lowest < 0, -np.inf, 0)[:, None, None])


def naive(panel: Panel, horizon: int) -> Floats:
    """The same step of last year again: what every forecast is measured against.

    Where a series has no whole year, its last value.
    """
    year = panel.ending(panel.season)
    again = year[:, np.arange(horizon) % panel.season]
    return np.where(np.isnan(year[:, :1]), year[:, -1:], again)


def adjusted_naive(panel: Panel, horizon: int) -> Floats:
    """The last value, with the season where there is one: the M4 competition's second naive."""
    from spmlib.orchestrate.forecasting import kernels

    out = np.empty((len(panel.names), horizon))
    kernels.adjusted_naive(panel.values, panel.offsets, panel.season, out)
    return out


def _grown(panel: Panel, horizon: int) -> Floats:
    """Last year again, with the growth of those months that are there twice, drawn towards none."""
    season = panel.season
    years = panel.ending(2 * season)
    before, last = years[:, :season], years[:, season:]
    twice = ~np.isnan(before) & ~np.isnan(last)
    now, then = (np.where(twice, year, 0.0).sum(axis=1) for year in (last, before))
    ratio = np.divide(now, then, out=np.ones(len(years)), where=(now > 0) & (then > 0))
    count = twice.sum(axis=1)
    growth = np.clip(ratio, 1 / MOST, MOST) ** (count / (count + DOUBT))
    return naive(panel, horizon) * growth[:, None] ** (1 + np.arange(horizon) // season)


def _rate(panel: Panel) -> Floats:
    age = np.repeat(panel.lengths, panel.lengths) - 1 - within(panel.lengths)
    heavy = KEPT**age
    starts = panel.offsets[:-1]
    return np.add.reduceat(heavy * panel.values, starts) / np.add.reduceat(heavy, starts)
