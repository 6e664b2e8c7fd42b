"""Accuracy: the errors of forecasts, by the definitions of the M4 competition.

Source:
    Makridakis, Spiliotis, Assimakopoulos, "The M4 Competition" (2020), and its organisers' code.
"""

from __future__ import annotations

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.orchestrate.forecasting.panels import Panel, within

SMALLEST = 1e-6  # of a series' level, that a scale may be before it is taken for none


def scale(panel: Panel) -> Floats:
    """The mean size of seasonal differences of each series: what one error is measured by.

    Returns:
        One number for each series; NaN where it has no whole year and one step more.
    """
    back = np.where(within(panel.lengths) >= panel.season, panel.season, 0)
    differences = np.abs(panel.values - panel.values[np.arange(len(back)) - back])
    count = np.maximum(panel.lengths - panel.season, 0)
    total = np.add.reduceat(differences, panel.offsets[:-1])
    return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)


def usual(panel: Panel) -> float:
    """The median ratio of scale to level of the series that have both; 1 where none has."""
    own, level = scale(panel), panel.level
    there = (own > SMALLEST * level) & (level > 0)
    return float(np.median(own[there] / level[there])) if there.any() else 1.0


def scales(panel: Panel, otherwise: float = 1.0) -> Floats:
    """The scale of each series, never NaN, for what errors are compared by.

    Where a series has none of its own (too short, or the same every year), it has as much as others
    of its level: their median ratio of scale to level; where none has, `otherwise` times its level.
    What never was anything has 0.
    """
    own, level = scale(panel), panel.level
    there = own > SMALLEST * level
    ratio = usual(panel) if (there & (level > 0)).any() else otherwise
    return np.where(there, own, ratio * level)


def overall_error(actual: Floats, forecast: Floats, naive: Floats, scale: Floats) -> float:
    """The overall weighted average (OWA) of two errors over those of a naive forecast.

    Defined as::

        1/2 (mean sMAPE / mean sMAPE of naive + mean MASE / mean MASE of naive)

    Args:
        actual: series x steps.
        forecast: as `actual`.
        naive: as `actual`; in the M4 competition `candidates.adjusted_naive`.
        scale: of each series.
    """
    made, usual = (
        (symmetric_error(actual, each).mean(), scaled_error(actual, each, scale).mean())
        for each in (forecast, naive)
    )
    return float(np.mean([one / other for one, other in zip(made, usual, strict=True)]))


def scaled_error(actual: Floats, forecast: Floats, scale: Floats) -> Floats:
    """The mean absolute scaled error (MASE) over the last axis.

    Defined as::

        mean |actual - forecast| / scale

    >>> import numpy as np
    >>> scaled_error(np.array([10.0, 12.0]), np.array([11.0, 11.0]), np.array(2.0))
    np.float64(0.5)
    """
    return np.mean(np.abs(actual - forecast), axis=-1) / scale


def symmetric_error(actual: Floats, forecast: Floats) -> Floats:
    """The symmetric mean absolute percentage error (sMAPE) over the last axis [0 to 2].

    Defined as::

        mean 2 |actual - forecast| / (|actual| + |forecast|)        (0 where both are 0)

    >>> import numpy as np
    >>> symmetric_error(np.array([10.0, 0.0]), np.array([30.0, 0.0]))
    np.float64(0.5)
    """
    size = np.abs(actual) + np.abs(forecast)
    apart = 2 * np.abs(actual - forecast)
    return np.mean(np.divide(apart, size, out=np.zeros_like(size), where=size > 0), axis=-1)


def interval_score(
    actual: Floats, low: Floats, high: Floats, scale: Floats, level: float
) -> Floats:
    """The mean scaled interval score (MSIS) over the last axis: width, and a fine for misses.

    Defined as::

        mean (high - low + 2/(1 - level) x how far actual lies outside) / scale
    """
    outside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    return np.mean(high - low + 2 / (1 - level) * outside, axis=-1) / scale


def covered(actual: Floats, low: Floats, high: Floats) -> Floats:
    """The share of actual values that lie within their intervals, over the last axis."""
    return np.mean((low <= actual) & (actual <= high), axis=-1)
