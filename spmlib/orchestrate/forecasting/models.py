"""Models: one series at a time, by a model with a name, whose parts and drivers can be looked into.

The automatic forecast weighs many methods and cannot say what a price rise did. These can: trend,
season and drivers are estimated together by statsmodels, with intervals and diagnostics; and the
same backtest is beside them, so that nobody has to believe.

Source:
    Harvey, "Forecasting, structural time series models and the Kalman filter" (1989); Box, Jenkins,
    "Time series analysis" (1970); Hyndman, Athanasopoulos, "Forecasting: principles and practice".
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import Drivers, Effects, Forecasts, History, Table
from spmlib.orchestrate.forecasting import histories
from spmlib.orchestrate.forecasting.drivers import by_step
from spmlib.orchestrate.forecasting.panels import Frequency, frequency

if TYPE_CHECKING:
    import pandas as pd

PATHS, SEED = 2000, 20240501
YEARS = 2  # of history that a season needs
CHANGING = 5  # years of history from which slope and season may change
MOST = 12  # steps in a year up to which each has a season of its own; beyond, waves
ENOUGH = 200  # steps of the optimiser
LEVELS = (80, 95)
SURE = 0.05  # a test's probability below which what it asks for does not hold
SAYS = {
    "structural": "level, slope, season and drivers, each changing slowly (unobserved components)",
    "arima": "differences from the month and the year before, and drivers (seasonal ARIMA)",
    "smoothing": "error, damped trend and season (ETS); knows no drivers",
}
TESTS = {  # what is tested, and what holds if it passes
    "autocorrelation": "errors do not follow one another (Ljung-Box)",
    "variance": "errors are as large in the end as in the beginning (Goldfeld-Quandt)",
    "normality": "errors are normal: formulas of intervals hold (Jarque-Bera)",
}


@dataclass(frozen=True)
class Model:
    """A fitted model of one series, and all that can be asked of it.

    Attributes:
        kind: one of `SAYS`.
        forecasts: value and intervals by step, as any forecast's.
        effects: what drivers do; empty for smoothing.
        parts: date, value, trend, season, drivers, rest, adding up (on logarithms: multiplying).
        diagnostics: test, says, statistic, probability, holds.
        backtest: date, step, origin (days asked), actual, model, naive, low_95, high_95.
        logarithm: whether it was fitted to logarithms.
        fitted: the results of statsmodels, for everything else (``fitted.summary()``).
    """

    kind: str
    forecasts: Table[Forecasts]
    effects: Table[Effects]
    parts: pd.DataFrame
    diagnostics: pd.DataFrame
    backtest: pd.DataFrame
    logarithm: bool
    fitted: Any


@dataclass(frozen=True)
class _Known:
    """A series with its drivers: what was, and what is known of the steps ahead."""

    name: str
    values: Floats
    numbers: Whole  # of the steps, those ahead too
    drivers: Floats  # steps, those ahead too, x drivers
    names: tuple[str, ...]
    steps: Frequency
    logarithm: bool

    def until(self, size: int) -> _Known:
        """What was known when it had fewer steps; what had not happened yet has no effect."""
        kept = np.ptp(self.drivers[:size], axis=0) > 0
        every = size + self.horizon
        return replace(
            self,
            values=self.values[:size],
            numbers=self.numbers[:every],
            drivers=self.drivers[:every, kept],
            names=tuple(np.array(self.names)[kept]),
        )

    @property
    def size(self) -> int:
        """Steps that are known."""
        return len(self.values)

    @property
    def horizon(self) -> int:
        """Steps ahead."""
        return len(self.numbers) - self.size

    @property
    def fitted_to(self) -> Floats:
        """What a model is fitted to."""
        return np.log(self.values) if self.logarithm else self.values

    @property
    def past(self) -> Floats | None:
        """The drivers of the steps that are known; none where there are no drivers."""
        return self.drivers[: self.size] if self.names else None

    @property
    def ahead(self) -> Floats | None:
        """The drivers of the steps ahead."""
        return self.drivers[self.size :] if self.names else None


def model(
    history: Table[History],
    series: str,
    horizon: int,
    kind: str = "structural",
    drivers: Table[Drivers] | None = None,
    steps: str = "month",
    origins: int = 4,
) -> Model:
    """Fit a model to one series, and ask it on earlier days too.

    A series that is above 0 throughout is fitted on logarithms: what drivers do is then a share.

    Args:
        history: as for `forecasts.forecast`.
        series: the one to fit.
        horizon: steps ahead.
        kind: ``structural``, ``arima`` or ``smoothing``.
        drivers: what moves the series, known for all its steps and those ahead; a step without a
            row has 0.
        steps: month, quarter or week.
        origins: earlier days on which it is asked, one step apart, the last a horizon ago.

    Raises:
        ParameterError: no such kind or series, less than two years of it, a driver that ends too
            early or never changes, or smoothing with drivers.
    """
    if kind not in SAYS:
        raise ParameterError(f"there is no model '{kind}'; write {nearest(kind, SAYS)}.")
    if horizon < 1:
        raise ParameterError(f"the horizon is {horizon}; write 1 or more steps.")
    known = _known(history, series, horizon, drivers, frequency(steps))
    if kind == "smoothing" and known.names:
        raise ParameterError("smoothing knows no drivers; write structural or arima.")
    fitted = _fitted(known, kind)
    draws = _paths(known, fitted, kind)
    return Model(
        kind,
        engine.brought(_forecasts(known, draws)),
        engine.brought(_effects(known, fitted)),
        _parts(known, fitted, kind),
        _diagnostics(known, fitted, kind),
        _backtest(known, kind, origins),
        known.logarithm,
        fitted,
    )


def errors(made: Model) -> pd.Series:
    """How right the model was on earlier days: error over naive's, share of intervals that held."""
    import pandas as pd

    rows = made.backtest
    apart = {name: (rows[name] - rows["actual"]).abs().mean() for name in ("model", "naive")}
    inside = (rows["actual"] >= rows["low_95"]) & (rows["actual"] <= rows["high_95"])
    relative = apart["model"] / apart["naive"] if apart["naive"] > 0 else np.nan
    told = {"origins": rows["origin"].nunique(), "relative_error": relative}
    return pd.Series(told | {"covered_95": inside.mean() if len(rows) else np.nan})


def judged(made: Model) -> str:
    """How right the model was on earlier days, in a sentence."""
    told = errors(made)
    if not told["origins"]:
        return "Its history is too short for it to be asked on earlier days."
    days = "1 earlier day" if told["origins"] == 1 else f"{int(told['origins'])} earlier days"
    wrong, held = (f"{told[name] * 100:.0f} %" for name in ("relative_error", "covered_95"))
    return (
        f"Asked on {days}, the {made.kind} model was {wrong} as wrong as taking last year again; "
        f"{held} of its 95 % intervals held."
    )


def said(made: Model) -> str:
    """What drivers do, in a sentence; empty without any."""
    rows = engine.collected(made.effects).to_dicts()
    parts = [_effect_said(row) for row in rows]
    return f"One more of each, all else the same: {'; '.join(parts)}." if parts else ""


def _effect_said(row: Mapping[str, Any]) -> str:
    if row["kind"] == "share":
        low, high = (f"{row[side] * 100:+.1f}" for side in ("low_95", "high_95"))
        told = f"{row['driver']} {row['effect'] * 100:+.1f} % ({low} to {high} %)"
    else:
        low, high = (f"{row[side]:+,.0f}" for side in ("low_95", "high_95"))
        told = f"{row['driver']} {row['effect']:+,.0f} ({low} to {high})"
    return told.replace("-", "\N{MINUS SIGN}")


# --- what is known ------------------------------------------------------------------------------


def _known(
    history: Table[History],
    series: str,
    horizon: int,
    drivers: Table[Drivers] | None,
    steps: Frequency,
) -> _Known:
    panel = histories.read(history, steps, "zero").panel
    if series not in panel.names:
        raise ParameterError(
            f"there is no series '{series}'; write {nearest(series, panel.names)}."
        )
    at = panel.names.index(series)
    values = panel.values[panel.offsets[at] : panel.offsets[at + 1]]
    if len(values) < YEARS * steps.season:
        wrong = f"'{series}' has {len(values)} {steps.name}s, too few for a model with a season"
        raise ParameterError(f"{wrong}; choose one with {YEARS * steps.season}, or forecast it.")
    numbers = np.arange(panel.ends[at] - len(values) + 1, panel.ends[at] + horizon + 1)
    names, table = by_step(drivers, numbers, steps)
    return _Known(series, values, numbers, table, names, steps, bool(values.min() > 0))


# --- models -------------------------------------------------------------------------------------


def _structural(known: _Known) -> Any:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    season = known.steps.season
    changing = known.size >= CHANGING * season
    seasonal: dict[str, Any] = {"seasonal": season, "stochastic_seasonal": changing}
    if season > MOST:
        seasonal = {"freq_seasonal": [{"period": season, "harmonics": MOST // 2}]}
        seasonal["stochastic_freq_seasonal"] = [changing]
    trend = "local linear trend" if changing else "local linear deterministic trend"
    made = UnobservedComponents(known.fitted_to, level=trend, exog=known.past, **seasonal)
    return made.fit(disp=False, maxiter=ENOUGH)


def _arima(known: _Known) -> Any:
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    made = SARIMAX(
        known.fitted_to,
        order=(0, 1, 1),
        seasonal_order=(0, 1, 1, known.steps.season),
        exog=known.past,
    )
    return made.fit(disp=False, maxiter=ENOUGH)


def _smoothing(known: _Known) -> Any:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    season = known.steps.season
    made = ETSModel(
        known.fitted_to,
        error="add",
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=season,
    )
    return made.fit(disp=False, maxiter=ENOUGH)


FITS: dict[str, Callable[[_Known], Any]] = {
    "structural": _structural,
    "arima": _arima,
    "smoothing": _smoothing,
}


def _fitted(known: _Known, kind: str) -> Any:
    with _silence():
        return FITS[kind](known)


@contextmanager
def _silence() -> Iterator[None]:
    """Without the notes of an optimiser about how it went: the diagnostics say what matters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _paths(known: _Known, fitted: Any, kind: str) -> Floats:
    """What may come, many times over: steps x paths."""
    random = np.random.default_rng(SEED)
    about: dict[str, Any] = {"anchor": "end", "repetitions": PATHS, "rng": random}
    if kind != "smoothing" and known.names:
        about["exog"] = known.ahead
    with _silence():
        drawn = np.asarray(fitted.simulate(known.horizon, **about)).reshape(known.horizon, PATHS)
    return np.exp(drawn) if known.logarithm else drawn


def _forecasts(known: _Known, draws: Floats) -> Any:
    import polars as pl

    columns: dict[str, Any] = {
        "series": [known.name] * known.horizon,
        "date": histories.days(known.numbers[known.size :], known.steps),
        "step": np.arange(1, known.horizon + 1),
    }
    for word, paths in (("", draws), ("total_", draws.cumsum(axis=0))):
        columns["total" if word else "value"] = paths.mean(axis=1)
        for level in LEVELS:
            tail = (1 - level / 100) / 2
            low, high = np.quantile(paths, [tail, 1 - tail], axis=1)
            columns |= {f"{word}low_{level}": low, f"{word}high_{level}": high}
    return pl.DataFrame(columns).select(*Forecasts.columns())


def _effects(known: _Known, fitted: Any) -> Any:
    import polars as pl

    count = len(known.names)
    places = _places(known, fitted)
    effect = _coefficients(known, fitted)
    low, high = np.asarray(fitted.conf_int())[places].T if count else (effect, effect)
    made = [np.expm1(each) if known.logarithm else each for each in (effect, low, high)]
    columns = {"driver": list(known.names), "effect": made[0], "low_95": made[1]}
    columns |= {"high_95": made[2], "kind": ["share" if known.logarithm else "amount"] * count}
    return pl.DataFrame(columns, schema_overrides={"driver": pl.String, "kind": pl.String})


def _places(known: _Known, fitted: Any) -> list[int]:
    """Where the effects of drivers stand among all parameters, by what statsmodels calls them."""
    names = {f"{word}{n + 1}" for word in ("beta.x", "x") for n in range(len(known.names))}
    return [n for n, name in enumerate(fitted.model.param_names) if name in names]


def _parts(known: _Known, fitted: Any, kind: str) -> pd.DataFrame:
    """The series taken apart as the model sees it."""
    import pandas as pd

    size = known.size
    zero = np.zeros(size)
    driven = known.drivers[:size] @ _coefficients(known, fitted) if known.names else zero
    if kind == "structural":
        trend = np.asarray(fitted.level["smoothed"])
        seasons = [fitted.seasonal] if fitted.seasonal is not None else fitted.freq_seasonal
        season = np.asarray(seasons[0]["smoothed"])
    elif kind == "smoothing":
        trend = np.asarray(fitted.level)
        season = np.asarray(fitted.season)
    else:
        trend, season = np.asarray(fitted.fittedvalues) - driven, zero
    usual = driven.mean()  # what is usual of drivers is the trend's
    trend, driven = trend + usual, driven - usual
    rest = known.fitted_to - trend - season - driven
    turned = np.exp if known.logarithm else np.asarray
    return pd.DataFrame(
        {
            "date": histories.days(known.numbers[:size], known.steps).to_list(),
            "value": known.values,
            "trend": turned(trend),
            "season": turned(season),
            "drivers": turned(driven),
            "rest": turned(rest),
        }
    )


def _coefficients(known: _Known, fitted: Any) -> Floats:
    return np.asarray(fitted.params)[_places(known, fitted)]


def _diagnostics(known: _Known, fitted: Any, kind: str) -> pd.DataFrame:
    """Whether errors look as the model takes them to be."""
    import pandas as pd
    from scipy import stats
    from statsmodels.stats.diagnostic import acorr_ljungbox

    burn = known.steps.season + 1 if kind == "arima" else 2
    left = np.asarray(fitted.resid)[burn:]
    third = max(len(left) // 3, 2)
    ratio = left[-third:].var() / max(left[:third].var(), np.finfo(float).tiny)
    one_sided = stats.f.cdf(ratio, third, third)
    lags = min(known.steps.season, len(left) // 3)
    box = acorr_ljungbox(left, lags=[max(lags, 1)]).iloc[0]
    bell = stats.jarque_bera(left)
    rows = [
        ("autocorrelation", box["lb_stat"], box["lb_pvalue"]),
        ("variance", ratio, 2 * min(one_sided, 1 - one_sided)),
        ("normality", bell.statistic, bell.pvalue),
    ]
    frame = pd.DataFrame(rows, columns=["test", "statistic", "probability"])
    frame.insert(1, "says", [TESTS[test] for test in frame["test"]])
    return frame.assign(holds=frame["probability"] >= SURE)


def _backtest(known: _Known, kind: str, origins: int) -> pd.DataFrame:
    """What it would have said on earlier days, beside last year again and what came."""
    import pandas as pd

    season, horizon = known.steps.season, known.horizon
    made = []
    for origin in range(origins, 0, -1):
        size = known.size - horizon - origin + 1
        if size < YEARS * season:
            continue
        then = known.until(size)
        draws = _paths(then, _fitted(then, kind), kind)
        low, high = np.quantile(draws, [0.025, 0.975], axis=1)
        again = known.values[size - season : size]
        made.append(
            pd.DataFrame(
                {
                    "origin": size,
                    "step": np.arange(1, horizon + 1),
                    "date": histories.days(then.numbers[size:], known.steps).to_list(),
                    "actual": known.values[size : size + horizon],
                    "model": draws.mean(axis=1),
                    "naive": np.resize(again, horizon),
                    "low_95": low,
                    "high_95": high,
                }
            )
        )
    columns = ["origin", "step", "date", "actual", "model", "naive", "low_95", "high_95"]
    return pd.concat(made) if made else pd.DataFrame(columns=columns)
