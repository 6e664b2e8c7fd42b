"""Backtests: what the candidates would have forecast from earlier days, and how wrong they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.forecasting.accuracy import scales, usual
from spmlib.orchestrate.forecasting.candidates import NAMES, candidates, naive
from spmlib.orchestrate.forecasting.panels import Panel
from spmlib.orchestrate.forecasting.workdays import ahead, known

ORIGINS = 6
APART = 3  # steps between origins, from which errors of short horizons tell enough apart
NOTHING = 1e-100  # what is no larger is rounding
SYMMETRIC = 7.0  # what a relative error of 1 weighs beside a scaled error of 1
Per = Callable[[Whole], Floats]  # of the numbers of steps


@dataclass(frozen=True)
class Backtest:
    """Forecasts from some earlier days (origins, the latest first), beside what came.

    NaN where a series was too short.
    """

    spacing: int  # steps between origins
    sparse: Whole  # whether each series is sparse, as is known now
    forecasts: Floats  # origins x series x methods x steps
    naive: Floats  # origins x series x steps
    actual: Floats  # origins x series x steps
    scales: Floats  # origins x series: what errors are measured by, as known on that day
    levels: Floats  # origins x series: the level over the year before it

    @cached_property
    def errors(self) -> Floats:
        """Scaled errors, actual less forecast: origins x series x methods x steps."""
        apart = self.actual[:, :, None] - self.forecasts
        return apart / self.scales[:, :, None, None]

    @cached_property
    def losses(self) -> Floats:
        """Scaled and relative absolute errors together, as `errors`."""
        actual = self.actual[:, :, None]
        apart, size = np.abs(actual - self.forecasts), np.abs(actual) + np.abs(self.forecasts)
        relative = np.divide(2 * apart, size, out=np.zeros_like(apart), where=size > 0)
        return np.abs(self.errors) + SYMMETRIC * relative

    def scaled(self, forecasts: Floats) -> Floats:
        """The scaled errors of other forecasts from the same days: origins x series x steps."""
        return (self.actual - forecasts) / self.scales[..., None]


def backtest(panel: Panel, horizon: int, per: Per | None = None) -> Backtest:
    """Forecasts from `ORIGINS` earlier days, a sixth of the horizon apart.

    Args:
        panel: the series.
        horizon: steps ahead.
        per: what values are divided by before they are forecast, and forecasts multiplied by.

    Series with less than a year and a half before a day are left out on it; of new series, those
    with less than a quarter of a year.
    """
    spacing, count = _spacing(panel, horizon), len(panel.names)
    made = Backtest(
        spacing,
        panel.sparse,
        *(
            np.full((ORIGINS, count, *shape), np.nan)
            for shape in ((len(NAMES), horizon), (horizon,), (horizon,), (), ())
        ),
    )
    least = np.where(panel.short, max(panel.season // 4, 2), panel.season * 3 // 2)
    otherwise = usual(panel)  # so that errors have one unit, also before there was a whole year
    for n in range(ORIGINS):
        back = horizon + n * spacing
        which: Whole = np.flatnonzero(panel.lengths - back >= least)
        if len(which) == 0:
            break
        then = panel.before(back, which)
        size = scales(then, otherwise)
        made.scales[n, which] = np.where(size > NOTHING, size, np.nan)
        made.levels[n, which] = then.level
        made.forecasts[n, which] = _asked(panel, then, which, horizon, back, per)
        made.naive[n, which] = naive(then, horizon)
        at = panel.offsets[1:][which, None] - back + np.arange(horizon)
        made.actual[n, which] = panel.values[at]
    return made


def _spacing(panel: Panel, horizon: int) -> int:
    """The steps between origins: as many as keep their errors apart, where history allows it."""
    room = int(np.median(panel.lengths)) - panel.season * 3 // 2 - horizon
    return max(1, horizon // ORIGINS, min(horizon, APART, room // (ORIGINS - 1)))


def _asked(
    panel: Panel, then: Panel, which: Whole, horizon: int, back: int, per: Per | None
) -> Floats:
    """What the candidates would have forecast of some series, some steps ago."""
    if per is None:
        return candidates(then, horizon)
    divided = replace(panel, values=panel.values / per(known(panel))).before(back, which)
    return candidates(divided, horizon) * per(ahead(panel, horizon, back)[which])[:, None]
