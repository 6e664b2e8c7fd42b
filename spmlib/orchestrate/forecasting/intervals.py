"""Intervals: from the errors that were made before, of all series together (conformal).

An error is measured by its series' scale, and by how much more or less wrong than others the
series was (drawn towards 1). What is left is alike across series, so its quantiles by step are
taken from all of them; a new forecast gets them back in its own scale.

Source:
    Vovk, Gammerman, Shafer, "Algorithmic learning in a random world" (2005), split conformal
    prediction; pooled over series here.
"""

from __future__ import annotations

import numpy as np

from spmlib.orchestrate.forecasting.panels import Floats, Panel, Whole

DOUBT = 8.0  # origins' worth of belief that a series is as predictable as the others
LEVELS = (0.8, 0.95)
NORMAL = {0.8: 1.2815515655446004, 0.95: 1.959963984540054}  # where there is nothing to go by
ENOUGH = 20  # errors of sparse series, before their intervals are theirs alone
Bands = dict[float, tuple[Floats, Floats]]  # by level: lows and highs, as what they lie around


def bands(values: Floats, errors: Floats, panel: Panel, scales: Floats) -> Bands:
    """The intervals around forecasts.

    Args:
        values: series x steps.
        errors: of the backtest, scaled: origins x series x steps; NaN where there are none.
        panel: the series; those that never were below 0 have intervals that are not either.
        scales: of each series now.
    """
    width = (scales * predictability(errors))[:, None]
    like = comparable(errors)
    lowest = np.where(panel.lowest < 0, -np.inf, 0.0)[:, None]
    made = {}
    for level in LEVELS:
        low, high = _by_kind(like, panel.sparse, level)
        made[level] = (
            np.minimum(np.maximum(values + width * low, lowest), values),
            np.maximum(values + width * high, values),
        )
    return made


def crossed(errors: Floats, panel: Panel) -> Bands:
    """The intervals that each origin's errors would have had by those of all the other origins.

    Returns:
        By level: lows and highs, as `errors`.
    """
    shape = errors.shape
    made = {level: (np.empty(shape), np.empty(shape)) for level in LEVELS}
    for n in range(len(errors)):
        others = np.where((np.arange(len(errors)) == n)[:, None, None], np.nan, errors)
        width, like = predictability(errors, n)[:, None], comparable(others)
        for level in LEVELS:
            for side, quantile in zip(
                made[level], _by_kind(like, panel.sparse, level), strict=True
            ):
                side[n] = width * quantile
    return made


def _by_kind(errors: Floats, sparse: Whole, level: float) -> tuple[Floats, Floats]:
    """The lower and upper quantile for each series: those of sparse series are their own."""
    shares = ((1 - level) / 2, (1 + level) / 2)
    _, count, horizon = errors.shape
    made = np.empty((2, count, horizon))
    for kind in (sparse, ~sparse):
        enough = (~np.isnan(errors[:, kind, 0])).sum() >= ENOUGH
        made[:, kind] = _quantiles(errors[:, kind] if enough else errors, shares, level)[:, None]
    return made[0], made[1]


def predictability(errors: Floats, without: int | None = None) -> Floats:
    """How much more wrong than others each series was, drawn towards 1.

    Args:
        errors: origins x series x steps, scaled; NaN where there are none.
        without: an origin to leave out.
    """
    size = np.abs(errors).mean(axis=2)
    there = ~np.isnan(size)
    typical = size[there].mean() if there.any() else 0.0
    if without is not None:
        there = there & (np.arange(len(errors)) != without)[:, None]
    count = there.sum(axis=0)
    total = np.where(there, size, 0.0).sum(axis=0)
    usual = count * typical
    own = np.divide(total, usual, out=np.ones(len(total)), where=usual > 0)
    return np.maximum(own, 1e-3) ** (count / (count + DOUBT))


def _quantiles(errors: Floats, shares: tuple[float, ...], level: float) -> Floats:
    """The quantiles of errors by step, of each step and those beside it: shares x steps.

    Where there are no errors: those of a normal distribution that widens with the steps.
    """
    horizon = errors.shape[2]
    if np.isnan(errors).all():
        wide = NORMAL[level] * np.sqrt(np.arange(1, horizon + 1))
        return np.stack([-wide, wide])
    made = np.empty((len(shares), horizon))
    for k in range(horizon):
        near = errors[..., max(0, k - 1) : k + 2]
        made[:, k] = np.quantile(near[~np.isnan(near)], shares)
    return made


def comparable(errors: Floats) -> Floats:
    """Errors divided by how predictable each series was on the other days."""
    each = [errors[n] / predictability(errors, n)[:, None] for n in range(len(errors))]
    return np.stack(each)
