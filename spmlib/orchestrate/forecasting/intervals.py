"""Intervals: from the errors that were made before, of all series together (conformal).

An error is measured by its series' scale, by how high the forecast lay over the series' level (as
far as errors of all series grow with it), and by how much more or less wrong than others the series
was (drawn towards 1). What is left is alike across series, so its quantiles by step are taken from
all of them; a new forecast gets them back in its own scale and at its own height.

Source:
    Vovk, Gammerman, Shafer, "Algorithmic learning in a random world" (2005), split conformal
    prediction; pooled over series here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.forecasting.backtests import Backtest
from spmlib.orchestrate.forecasting.panels import Panel

DOUBT = 8.0  # origins' worth of belief that a series is as predictable as the others
LEVELS = (0.8, 0.95)
NORMAL = {0.8: 1.2815515655446004, 0.95: 1.959963984540054}  # where there is nothing to go by
HIGHEST = 10.0  # times its level (and a part of it) that a forecast's height counts
POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of heights
ENOUGH = 20  # errors of sparse series, before their intervals are theirs alone
Bands = dict[float, tuple[Floats, Floats]]  # by level: lows and highs, as what they lie around


@dataclass(frozen=True)
class Errors:
    """Errors of a backtest: origins x series x steps; NaN where there are none.

    Attributes:
        scaled: actual less forecast, over the series' scale.
        heights: what was forecast over the level of the series then.
        power: of the heights, by which errors grow.
    """

    scaled: Floats
    heights: Floats
    power: float


def errors(tested: Backtest, then: Floats) -> Errors:
    """The errors of a forecast that would have been made on the days of a backtest.

    Args:
        tested: the backtest.
        then: what would have been forecast: origins x series x steps.
    """
    scaled, high = tested.scaled(then), heights(then, tested.levels)
    return Errors(scaled, high, growth(scaled, high, tested.sparse))


def heights(forecasts: Floats, levels: Floats) -> Floats:
    """How high forecasts lie over the level of their series, within bounds; 1 where it has none.

    Args:
        forecasts: (origins x) series x steps.
        levels: (origins x) series.
    """
    level = levels[..., None]
    made = np.divide(np.abs(forecasts), level, out=np.ones(forecasts.shape), where=level > 0)
    return np.clip(made, 1 / HIGHEST, HIGHEST)


def growth(scaled: Floats, heights: Floats, sparse: Whole) -> float:
    """How much errors grow with what is forecast: 0 not at all, 1 in proportion.

    The power of the heights under which errors of all series are likeliest (Laplace), each series
    with a width of its own.
    """
    size, high = np.abs(scaled), np.log(heights)
    there = ~np.isnan(size) & ~np.isnan(high) & ~sparse[None, :, None]
    count = there.sum(axis=(0, 2))
    if not count.any():
        return 0.0
    likely = []
    for power in POWERS:
        flat = np.where(there, size * np.exp(-power * high), 0.0).sum(axis=(0, 2))
        own = np.log(np.maximum(flat / np.maximum(count, 1), np.finfo(float).tiny))
        likely.append(-(count * own).sum() - power * high[there].sum())
    return POWERS[int(np.argmax(likely))]


def bands(values: Floats, errors: Errors, panel: Panel, scales: Floats) -> Bands:
    """The intervals around forecasts.

    Args:
        values: series x steps.
        errors: of the backtest.
        panel: the series; those that never were below 0 have intervals that are not either.
        scales: of each series now.
    """
    moves = changes(panel, scales, values.shape[1])
    return _around(values, errors, heights(values, panel.level), panel, scales, moves)


def total_bands(values: Floats, errors: Errors, panel: Panel, scales: Floats) -> Bands:
    """The intervals around the sums of forecasts up to each step; as `bands`."""
    sums, steps = values.cumsum(1), np.arange(1, values.shape[1] + 1)
    ahead = heights(values, panel.level).cumsum(1) / steps
    summed = Errors(errors.scaled.cumsum(2), errors.heights.cumsum(2) / steps, errors.power)
    moves = changes(panel, scales, values.shape[1]).cumsum(axis=1)
    return _around(sums, summed, ahead, panel, scales, moves)


def changes(panel: Panel, scales: Floats, horizon: int) -> Floats:
    """How series went on from each of their steps, scaled; where none is long enough to know more.

    A panel of less than two years and the horizon has seen most months of the year once or never: a
    backtest tells the errors of some of them only. Intervals are then at least as wide as values
    were apart.

    Returns:
        Courses x steps: what each step ahead was more than the step they begin at; none for a
        panel that is longer.
    """
    if np.median(panel.lengths) >= 2 * panel.season + horizon or not (scales > 0).any():
        return np.empty((0, horizon))
    at = np.arange(len(panel.values))[:, None] + np.arange(1, horizon + 1)
    series = np.repeat(np.arange(len(panel.lengths)), panel.lengths)
    whole = at[:, -1] < panel.offsets[1:][series]
    moved = panel.values[at[whole]] - panel.values[whole][:, None]
    size = scales[series[whole]]
    return moved[size > 0] / size[size > 0][:, None]


def crossed(errors: Errors, panel: Panel) -> Bands:
    """The intervals that each origin's errors would have had by those of all the other origins.

    Returns:
        By level: lows and highs, as the scaled errors.
    """
    shape = errors.scaled.shape
    grown = errors.heights**errors.power
    scaled = errors.scaled / grown
    made = {level: (np.empty(shape), np.empty(shape)) for level in LEVELS}
    for n in range(len(scaled)):
        others = np.where((np.arange(len(scaled)) == n)[:, None, None], np.nan, scaled)
        width, like = predictability(scaled, n)[:, None] * grown[n], comparable(others)
        for level in LEVELS:
            for side, quantile in zip(
                made[level], _by_kind(like, panel.sparse, level), strict=True
            ):
                side[n] = width * quantile
    return made


def _around(
    values: Floats,
    errors: Errors,
    ahead: Floats,
    panel: Panel,
    scales: Floats,
    moves: Floats,
) -> Bands:
    scaled = errors.scaled / errors.heights**errors.power
    width = (scales * predictability(scaled))[:, None] * ahead**errors.power
    like = comparable(scaled)
    lowest = np.where(panel.lowest < 0, -np.inf, 0.0)[:, None]
    made = {}
    for level in LEVELS:
        low, high = _by_kind(like, panel.sparse, level)
        if len(moves):
            tails = np.quantile(moves, [(1 - level) / 2, (1 + level) / 2], axis=0)
            low, high = np.minimum(low, tails[0]), np.maximum(high, tails[1])
        made[level] = (
            np.minimum(np.maximum(values + width * low, lowest), values),
            np.maximum(values + width * high, values),
        )
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
