"""Pooled autoregressions: one equation for all series, fitted to them together.

What happens next is a weighted sum of what happened in the last two years, on logarithms less
their mean of the last year. A series alone says too little to fit 25 weights; all together say
enough. One equation is applied step after step, another one for each step directly.

Source:
    Montero-Manso, Hyndman, "Principles and algorithms for forecasting groups of time series:
    locality and globality" (2021).
"""

from __future__ import annotations

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.orchestrate.forecasting.panels import Panel, within

RIDGE = 1.0  # draws weights to 0 where little speaks for them
LIMIT = 5.0  # of a logarithm's distance from its mean that is learnt from
WINDOWS = 20  # for each weight, before two years are looked at
SHIFT = 0.3  # of a series' size, that is added before logarithms where values are not positive
FARTHEST = 2.0  # how far above its highest logarithm a series may be forecast


def pooled(panel: Panel, horizon: int) -> tuple[Floats, Floats]:
    """Forecasts by one equation applied step after step, and by one for each step.

    Returns:
        Two arrays, series x steps; all NaN where all series together are too short.
    """
    lags = _lags(panel, horizon)
    if lags == 0:
        nothing = np.full((len(panel.names), horizon), np.nan)
        return nothing, nothing
    logs, shift = _logarithms(panel)
    season = panel.season
    weights = _weights(_windows(logs, panel, lags, 1), lags, season)
    direct_weights = _weights(_windows(logs, panel, lags, horizon), lags, season)
    at = np.maximum(panel.offsets[1:, None] + np.arange(-lags, 0), panel.offsets[:-1, None])
    known = np.hstack([logs[at], np.empty((len(at), horizon))])
    for k in range(horizon):
        known[:, lags + k] = _applied(known[:, k : k + lags], weights, season)[:, 0]
    highest = np.maximum.reduceat(logs, panel.offsets[:-1])[:, None] + FARTHEST
    stepwise, direct = known[:, lags:], _applied(known[:, :lags], direct_weights, season)
    back = [np.exp(np.minimum(made, highest)) - shift[:, None] for made in (stepwise, direct)]
    return back[0], back[1]


def _lags(panel: Panel, horizon: int) -> int:
    """Two years and a step; a year and a step where too few windows are that long; or none."""
    for lags in (2 * panel.season + 1, panel.season + 1):
        windows = np.maximum(panel.lengths - lags - horizon + 1, 0).sum()
        if windows >= WINDOWS * lags:
            return lags
    return 0


def _logarithms(panel: Panel) -> tuple[Floats, Floats]:
    """The logarithms, of values shifted so that all are positive; and the shift of each series."""
    size = np.add.reduceat(np.abs(panel.values), panel.offsets[:-1]) / panel.lengths
    up = np.where(size > 0, SHIFT * size, 1.0) - np.minimum(panel.lowest, 0)
    shift = np.where(panel.lowest > 0, 0.0, up)
    return np.log(panel.values + np.repeat(shift, panel.lengths)), shift


def _windows(logs: Floats, panel: Panel, lags: int, steps: int) -> Floats:
    """Every stretch of some lags and the steps after it, in each series: a row each."""
    count = np.maximum(panel.lengths - lags - steps + 1, 0)
    starts = np.repeat(panel.offsets[:-1], count) + within(count)
    return np.lib.stride_tricks.sliding_window_view(logs, lags + steps)[starts]


def _weights(windows: Floats, lags: int, season: int) -> Floats:
    """Weights of the lags, and a constant, for each step: by least squares, drawn to 0."""
    middle = windows[:, lags - season : lags].mean(axis=1, keepdims=True)
    known = np.hstack([windows[:, :lags] - middle, np.ones((len(windows), 1))])
    after = np.clip(windows[:, lags:] - middle, -LIMIT, LIMIT)
    return np.linalg.solve(known.T @ known + RIDGE * np.eye(lags + 1), known.T @ after)


def _applied(known: Floats, weights: Floats, season: int) -> Floats:
    middle = known[:, -season:].mean(axis=1, keepdims=True)
    return (known - middle) @ weights[:-1] + weights[-1] + middle
