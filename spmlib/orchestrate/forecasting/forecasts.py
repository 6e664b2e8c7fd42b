"""Forecasts: what series will come to, how sure that is, and how right it would have been before.

>>> import pandas as pd
>>> from spmlib.core import engine
>>> from spmlib.orchestrate.forecasting.forecasts import forecast
>>> months = pd.date_range("2023-01-01", periods=36, freq="MS").date
>>> sold = [100 + month.month for month in months]
>>> history = engine.table(pd.DataFrame({"series": "EMEA", "date": months, "value": sold}))
>>> rows = engine.collected(forecast(history, horizon=3).forecasts)
>>> rows["value"].round().to_list()
[101.0, 102.0, 103.0]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import Accuracies, Forecasts, History, Issues, Table
from spmlib.orchestrate.forecasting import ensembles, histories, intervals, workdays
from spmlib.orchestrate.forecasting.accuracy import covered, scales
from spmlib.orchestrate.forecasting.backtests import Backtest, Per, backtest
from spmlib.orchestrate.forecasting.candidates import NAMES, candidates
from spmlib.orchestrate.forecasting.hierarchies import METHODS, Level, agreed, hierarchy
from spmlib.orchestrate.forecasting.intervals import LEVELS, Bands, Errors
from spmlib.orchestrate.forecasting.panels import Frequency, Panel, frequency

if TYPE_CHECKING:
    import polars as pl

FARTHEST = 5  # years ahead


@dataclass(frozen=True)
class Forecast:
    """A forecast with all that is known of how far it can be trusted."""

    forecasts: Table[Forecasts]
    accuracies: Table[Accuracies]
    issues: Table[Issues]
    panel: Panel
    values: Floats  # series x steps: what is expected
    backtest: Backtest
    per: str  # what values were forecast per: days, working days, or none


def forecast(
    history: Table[History],
    horizon: int,
    steps: str = "month",
    gaps: str = "zero",
    levels: Sequence[Level] = (),
    reconciliation: str = "wls_var",
) -> Forecast:
    """What every series of a history will come to, and the sums of them that are asked for.

    Args:
        history: what was sold, step by step; its other columns are what levels are made of.
        horizon: steps ahead.
        steps: month, quarter or week.
        gaps: what a missing step holds: ``zero``, or a value ``between`` those beside it.
        levels: of sums, as lists of columns: ``[(), ("region",), ("family",)]``. With any, series
            that end early are taken to have sold nothing since.
        reconciliation: how sums and parts are made to agree: ols, wls_struct, wls_var or
            mint_shrink (`hierarchies.METHODS`).

    Raises:
        ParameterError: the history has no value, a word is unknown, or the horizon is no number
            from 1 to five years.
    """
    kind = frequency(steps)
    if not 1 <= horizon <= FARTHEST * kind.season:
        wrong = f"a horizon of {horizon} {steps}s cannot be meant"
        raise ParameterError(f"{wrong}; write 1 to {FARTHEST * kind.season}.")
    if reconciliation not in METHODS:
        known = nearest(reconciliation, METHODS)
        wrong = f"there is no reconciliation '{reconciliation}'"
        raise ParameterError(f"{wrong}; write {known}.")
    read = histories.read(history, kind, gaps, ended=not levels)
    whole = hierarchy(read.panel, levels)
    panel = whole.panel if levels else read.panel
    adjusted = _adjusted(panel, horizon, kind)
    tested, then = adjusted.tested, adjusted.then
    weights = ensembles.weights(tested)
    divided = replace(panel, values=panel.values / adjusted.per(workdays.known(panel)))
    forecasts = candidates(divided, horizon)
    values = ensembles.combined(forecasts, weights)
    values = values * adjusted.per(workdays.ahead(panel, horizon))
    if levels:
        agree = partial(agreed, whole, *METHODS[reconciliation](whole, tested.actual - then))
        values, then = agree(values), np.stack([agree(made) for made in then])
    errors, size = intervals.errors(tested, then), scales(panel)
    alone = intervals.bands(values, errors, panel, size)
    summed = intervals.total_bands(values, errors, panel, size)
    issues = [*read.issues, *_issues(panel, tested), *adjusted.issues]
    return Forecast(
        engine.brought(_forecasts(panel, kind, values, alone, summed)),
        engine.brought(_accuracies(panel, tested, weights, errors)),
        engine.brought(_rows(issues)),
        panel,
        values,
        tested,
        adjusted.word,
    )


@dataclass(frozen=True)
class _Adjusted:
    """A backtest with or without working days."""

    word: str
    per: Per
    tested: Backtest
    then: Floats  # what the ensemble would have forecast

    @property
    def issues(self) -> list[histories.Issue]:
        """What is to be said of it."""
        if self.word == workdays.NONE:
            return []
        wrong = f"all series were forecast per number of {self.word} in the month"
        return [("all", wrong, "it was more right when tried on earlier days", "noted")]

    @property
    def errors(self) -> Floats:
        """The mean scaled errors of the ensemble, of every day and series."""
        apart = np.abs(self.tested.scaled(self.then)).mean(axis=2)
        return apart[~np.isnan(apart)]


def _adjusted(panel: Panel, horizon: int, kind: Frequency) -> _Adjusted:
    """The backtest without working days, unless one with them is clearly better."""
    words = [workdays.NONE, *(workdays.EVERY if kind.name == "month" else ())]
    made = []
    for word in words:
        per = partial(workdays.counts, word, frequency=kind)
        tested = backtest(panel, horizon, None if word == workdays.NONE else per)
        made.append(_Adjusted(word, per, tested, ensembles.backtested(tested)))
    plain = made[0].errors
    better = [each for each in made[1:] if _better(each.errors, plain)]
    return min(better, key=lambda each: float(each.errors.mean()), default=made[0])


def _better(errors: Floats, plain: Floats) -> bool:
    """Whether errors are smaller by more than a little, and by more than chance."""
    if len(plain) < 2:
        return False
    gain = plain - errors
    chance = workdays.SURE * gain.std() / np.sqrt(len(gain))
    return bool(errors.mean() < workdays.BETTER * plain.mean() and gain.mean() > chance)


def _forecasts(
    panel: Panel, kind: Frequency, values: Floats, alone: Bands, summed: Bands
) -> pl.DataFrame:
    import polars as pl

    count, horizon = values.shape
    ahead = np.arange(1, horizon + 1)
    numbers = (panel.ends[:, None] + ahead).ravel()
    columns = {"value": values, **_named(alone, ""), "total": values.cumsum(1)}
    columns |= _named(summed, "total_")
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.array(panel.names, dtype=object), horizon),
            "date": histories.days(numbers, kind),
            "step": np.tile(ahead, count),
            **{name: made.ravel() for name, made in columns.items()},
        },
        schema_overrides={"series": pl.String},
    )
    return frame.select(*Forecasts.columns())


def _named(bands: Bands, word: str) -> dict[str, Floats]:
    return {
        f"{word}{side}_{level * 100:.0f}": made
        for level, (low, high) in bands.items()
        for side, made in (("low", low), ("high", high))
    }


def _accuracies(panel: Panel, tested: Backtest, weights: Floats, errors: Errors) -> pl.DataFrame:
    """How wrong each method was, series by series."""
    import polars as pl

    methods = [*NAMES, "ensemble", "naive"]
    others = [errors.scaled[:, :, None], tested.scaled(tested.naive)[:, :, None]]
    apart = np.concatenate([tested.errors, *others], axis=2)
    error, bias = _mean(np.abs(apart)), _mean(-apart)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = error / error[:, -1:]
    shape = error.shape
    weight = np.full(shape, np.nan)
    weight[:, : len(NAMES)] = weights
    within = {level: np.full(shape, np.nan) for level in LEVELS}
    asked = ~np.isnan(errors.scaled).any(axis=2)
    for level, (low, high) in intervals.crossed(errors, panel).items():
        inside = np.where(asked, covered(errors.scaled, low, high), np.nan)
        within[level][:, -2] = _mean(inside[:, :, None, None])[:, 0]
    columns = {"weight": weight, "error": error, "relative_error": relative, "bias": bias}
    columns |= {f"covered_{level * 100:.0f}": made for level, made in within.items()}
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.array(panel.names, dtype=object), len(methods)),
            "method": methods * len(panel.names),
            "origins": np.repeat(asked.sum(axis=0), len(methods)),
            **{name: made.ravel() for name, made in columns.items()},
        },
        schema_overrides={"series": pl.String},
        nan_to_null=True,
    )
    finite = [pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in columns]
    return frame.with_columns(finite).select(*Accuracies.columns())


def _mean(values: Floats) -> Floats:
    """The mean over origins and steps, NaN left out: series x methods."""
    there = ~np.isnan(values)
    total, count = np.where(there, values, 0.0).sum(axis=(0, 3)), there.sum(axis=(0, 3))
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _issues(panel: Panel, tested: Backtest) -> list[histories.Issue]:
    """What makes a forecast less sure than others."""
    from spmlib.orchestrate.forecasting import breaks, outliers

    untested = np.isnan(tested.scales).all(axis=0)
    unusual = np.add.reduceat(outliers.outliers(panel), panel.offsets[:-1], dtype=int)
    back, times = breaks.breaks(panel)
    new = (
        "it is believed as fast as its errors ask for; if it lasts, say so to a model with an event"
    )
    return [
        *(
            (name, f"its level became {by:.1f} times as high {ago} steps ago", new, "noted")
            for name, ago, by in zip(panel.names, back, times, strict=True)
            if ago
        ),
        *(
            (name, f"{count} values are far from all others", "forecast without them", "noted")
            for name, count in zip(panel.names, unusual, strict=True)
            if count
        ),
        *(
            (name, "it is too short to be tested", "its interval is that of the others", "noted")
            for name in np.array(panel.names)[untested]
        ),
        *(
            (name, "it has less than two years", "its season is borrowed from the others", "noted")
            for name in np.array(panel.names)[panel.short & ~untested]
        ),
    ]


def _rows(issues: list[histories.Issue]) -> pl.DataFrame:
    import polars as pl

    names = ("row", "what", "remedy", "effect")
    rows = [dict(zip(names, map(str, issue), strict=True)) for issue in issues]
    whole = [{"table": "history", "place": f"series {row['row']}", **row} for row in rows]
    return pl.DataFrame(whole, schema=dict.fromkeys(Issues.columns(), pl.String))
