"""Ensembles: the candidates' forecasts weighed by how right each was before, series by series."""

from __future__ import annotations

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.orchestrate.forecasting.backtests import Backtest
from spmlib.orchestrate.forecasting.candidates import NAMES

SHARPNESS = 2.0  # how strongly weights follow errors
DOUBT = 2.0  # origins' worth of belief that all candidates are as good
RATE = list(NAMES).index("rate")  # the candidate that is for sparse series only
GROWN = list(NAMES).index("grown")
HEAVY = 3.0  # as many candidates as last year counts for, where it is one


def weights(backtest: Backtest, origin: int = -1) -> Floats:
    """What each candidate weighs, by its errors that were known on the day of an origin.

    Defined as::

        weight ~ exp(-2 x error / mean error of all candidates x origins / (origins + 2))

    and three times that for last year, grown, where it is a candidate.

    Sparse series all follow the one candidate whose sums over the horizon were the least wrong:
    step by step, the best forecast of what is mostly nothing would be nothing.

    Args:
        backtest: of the panel.
        origin: whose day it is, counted from the latest; -1 for now.

    Returns:
        Series x candidates, adding up to 1; equal where nothing was known.
    """
    _, series, methods, horizon = backtest.forecasts.shape
    total, known = np.zeros((series, methods)), np.zeros(series)
    summed = np.zeros((series, methods))
    for earlier in range(origin + 1, len(backtest.forecasts)):
        seen = horizon if origin < 0 else min(horizon, (earlier - origin) * backtest.spacing)
        there = ~np.isnan(backtest.scales[earlier])
        total[there] += backtest.losses[earlier, there, :, :seen].sum(axis=-1)
        summed[there] += np.abs(backtest.errors[earlier, there, :, :seen].sum(axis=-1))
        known[there] += seen / horizon
    valid = ~np.isnan(total[:, :RATE])
    mean = np.where(valid, total[:, :RATE], 0).sum(axis=1) / np.maximum(valid.sum(axis=1), 1)
    relative = np.divide(total, mean[:, None], out=np.ones_like(total), where=mean[:, None] > 0)
    belief = known / (known + DOUBT)
    made = np.nan_to_num(np.exp(-SHARPNESS * belief[:, None] * relative))
    made[:, RATE] = 0
    made[:, GROWN] *= HEAVY
    if backtest.sparse.any():
        summed[:, GROWN] = np.nan
        made[backtest.sparse] = _only(summed[backtest.sparse].sum(axis=0))
    return made / made.sum(axis=1, keepdims=True)


def _only(errors: Floats) -> Floats:
    """All weight on the least wrong candidate; on the last, where nothing is known."""
    best = np.nanargmin(errors) if np.nansum(errors) > 0 else len(errors) - 1
    return np.eye(len(errors))[best]


def combined(forecasts: Floats, weights: Floats) -> Floats:
    """The weighted mean of forecasts: series x steps; candidates without a forecast left out.

    NaN where none has one.
    """
    there = ~np.isnan(forecasts)
    heavy = np.where(there, weights[:, :, None], 0.0)
    total, share = np.sum(np.where(there, forecasts, 0.0) * heavy, axis=1), heavy.sum(axis=1)
    return np.divide(total, share, out=np.full(total.shape, np.nan), where=share > 0)


def backtested(backtest: Backtest) -> Floats:
    """What the ensemble would have forecast, with the weights of each day: as `actual`."""
    each = [combined(f, weights(backtest, n)) for n, f in enumerate(backtest.forecasts)]
    return np.where(np.isnan(backtest.actual), np.nan, np.stack(each))
