"""Outlooks: what a forecast says, as tables for pictures and sentences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import Accuracies, Calendar, Forecasts, History, Issues, Table
from spmlib.orchestrate.forecasting.forecasts import Forecast
from spmlib.orchestrate.forecasting.histories import days
from spmlib.orchestrate.forecasting.panels import frequency
from spmlib.orchestrate.forecasting.sales import Sales

if TYPE_CHECKING:
    import pandas as pd

BANDS = ["low_80", "high_80", "low_95", "high_95"]
CHANGING = 5  # years from which a season may change slowly
WORDS = {  # what a part of a series' course says, largest first
    "trend": "what lasts from month to month",
    "season": "the time of the year",
    "rest": "neither",
}


def until(calendar: Table[Calendar], period: str) -> date:
    """The first day after a period.

    Raises:
        ParameterError: the calendar has no such period.
    """
    rows = engine.collected(calendar.select("period", "end_date"))
    ends = dict(rows.iter_rows())
    if period not in ends:
        known = nearest(period, ends)
        raise ParameterError(f"there is no period '{period}'; write {known}.")
    return ends[period]


def before(history: Table[History], day: date) -> Table[History]:
    """What was sold before a day."""
    return history.filter(nw.col("date") < day)


def whole(history: Table[History]) -> Table[History]:
    """All that was sold as one series, `total`."""
    return history.select("date", "value", series=nw.lit("total"))


def begin(history: Table[History]) -> date:
    """The first day on which anything was sold."""
    return engine.collected(history.select(nw.col("date").min()))["date"][0]


def course(made: Forecast, series: str, steps: str = "month") -> pd.DataFrame:
    """What a series was, and what it is expected to be.

    Returns:
        date, value, low_80, high_80, low_95, high_95; the bands of what was are empty.
    """
    import pandas as pd

    place = made.panel.names.index(series)
    begin, end = made.panel.offsets[place], made.panel.offsets[place + 1]
    last = made.panel.ends[place]
    numbers = np.arange(last - (end - begin) + 1, last + 1)
    was = pd.DataFrame(
        {"date": days(numbers, frequency(steps)).to_list(), "value": made.panel.values[begin:end]}
    )
    will = ahead(made, series)[["date", "value", *BANDS]]
    return pd.concat([was.reindex(columns=will.columns).astype(will.dtypes), will]).reset_index(
        drop=True
    )


def expected(made: Forecast, series: str) -> pd.Series:
    """What all steps of a series come to together: total and its bands."""
    return ahead(made, series).iloc[-1]


def accuracy(made: Forecast, series: str) -> pd.DataFrame:
    """How wrong each method was for a series, the least wrong first: as Accuracies."""
    rows = engine.pandas(made.accuracies, Accuracies)
    return rows[rows["series"] == series].sort_values("error", kind="stable")


def bridge(
    earlier: Forecast, now: Forecast, parts: list[str], first: str, last: str
) -> pd.DataFrame:
    """How the forecast of a month ago becomes today's, of the same months.

    What came in the month since, against what was expected of it; then what is expected of the
    months after it, part by part.

    Args:
        earlier: made a step before; one step longer than `now`.
        now: the forecast.
        parts: series that add up to the whole.
        first: the earlier forecast in words.
        last: today's.

    Returns:
        step, amount, start, end: the first sum, each change, the last.
    """
    import pandas as pd

    was = dict(zip(earlier.panel.names, earlier.values, strict=True))
    will = dict(zip(now.panel.names, now.values, strict=True))
    came = dict(zip(now.panel.names, now.panel.ending(1)[:, 0], strict=True))
    zero = np.zeros(1 + now.values.shape[1])
    changes: dict[str, float] = {}
    for part in parts:
        changes[f"{part}: month just ended"] = came.get(part, 0.0) - was.get(part, zero)[0]
    for part in parts:
        later = will.get(part, zero[1:]).sum() - was.get(part, zero)[1:].sum()
        changes[f"{part}: months ahead"] = float(later)
    changes = {step: round(amount, 2) for step, amount in changes.items() if abs(amount) >= 0.005}
    begin = round(float(sum(was.get(part, zero).sum() for part in parts)), 2)
    ends = np.cumsum([begin, *changes.values()])
    return pd.DataFrame(
        {
            "step": [first, *changes, last],
            "amount": [begin, *changes.values(), ends[-1]],
            "start": [0.0, *ends[:-1], 0.0],
            "end": [*ends, ends[-1]],
        }
    )


def decomposed(made: Forecast, series: str, steps: str = "month") -> pd.DataFrame:
    """A series taken apart: trend, season and rest (STL).

    Returns:
        date, value, trend, season, rest; adding up to the value.

    Raises:
        ParameterError: the series has less than two years.

    Source:
        Cleveland et al., "STL: a seasonal-trend decomposition procedure based on loess" (1990).
    """
    from statsmodels.tsa.seasonal import STL

    rows = course(made, series, steps)
    known = rows[rows["low_80"].isna()][["date", "value"]]
    season = made.panel.season
    if len(known) < 2 * season:
        wrong = f"'{series}' has {len(known)} {steps}s, too few to know its season"
        raise ParameterError(f"{wrong}; choose a series with {2 * season}.")
    years = len(known) // season
    smooth = 7 if years >= CHANGING else 10 * len(known) + 1  # the same season every year
    parts = STL(known["value"].to_numpy(), period=season, seasonal=smooth).fit()
    return known.assign(trend=parts.trend, season=parts.seasonal, rest=parts.resid)


def shares(parts: pd.DataFrame) -> pd.Series:
    """How much of a series' ups and downs each part makes: shares that add up to 1, largest first.

    Defined as::

        variance of the part / sum of the parts' variances
    """
    spread = parts[list(WORDS)].var()
    total = spread.sum()
    return (spread / total if total > 0 else spread).sort_values(ascending=False)


def ahead(made: Forecast, series: str) -> pd.DataFrame:
    """What each step of a series is expected to come to: as Forecasts."""
    rows = engine.pandas(made.forecasts, Forecasts)
    return rows[rows["series"] == series].sort_values("step").reset_index(drop=True)


def largest(made: Forecast, most: int) -> list[str]:
    """The parts of which most is expected, the largest first; no more than so many."""
    own = [place for place, label in enumerate(_labels(made)) if label]
    total = made.values.sum(axis=1)
    order = sorted(own, key=lambda place: -total[place])
    return [made.panel.names[place] for place in order[:most]]


def courses(made: Forecast, series: list[str], by: str) -> pd.DataFrame:
    """The courses of several series, one below the other: the column `by`, and as `course`."""
    import pandas as pd

    return pd.concat([course(made, name).assign(**{by: name}) for name in series])


def previous(calendar: Table[Calendar], period: str) -> str:
    """The period before.

    Raises:
        ParameterError: it is the calendar's first.
    """
    rows = engine.collected(calendar.select("period", "end_date").sort("end_date"))
    periods = rows["period"].to_list()
    place = periods.index(period)
    if place == 0:
        raise ParameterError(f"'{period}' is the first period; write a later one.")
    return periods[place - 1]


def said(shares: pd.Series) -> str:
    """What a course is made of, in a sentence."""
    parts = [f"{share:.0%} come from {WORDS[name]}" for name, share in shares.items()]
    return f"Of the ups and downs, {', '.join(parts[:-1])}, and {parts[-1]}.".replace("%", " %")


def issues(sold: Sales, made: Forecast) -> pd.DataFrame:
    """All that is to be known of a forecast's data: as Issues."""
    import pandas as pd

    return pd.concat([engine.pandas(each.issues, Issues) for each in (sold, made)])


def checks(made: Forecast) -> pd.DataFrame:
    """What must hold of a forecast, and whether it does: check, says, holds."""
    import pandas as pd

    rows = engine.pandas(made.forecasts, Forecasts)
    parts = [bool(label) for label in _labels(made)]
    apart = np.abs(made.values[parts].sum(axis=0) - made.values[0]).max()
    whole = np.abs(made.values[0]).max()
    inside = (rows["low_95"] <= rows["value"]) & (rows["value"] <= rows["high_95"])
    held = engine.pandas(made.accuracies, Accuracies)["covered_95"].mean()
    return pd.DataFrame(
        [
            ("The parts add up to the whole", f"{apart:.2g} apart", apart <= 1e-9 * whole),
            ("Every interval holds its forecast", f"{inside.sum()} of {len(inside)}", inside.all()),
            ("Intervals of 95 % held when tried", f"{held:.0%} did", held >= 0.85),
        ],
        columns=["check", "says", "holds"],
    )


def _labels(made: Forecast) -> tuple[str, ...]:
    """What each series is a part of; nothing for sums."""
    first = next(iter(made.panel.groups.values()), ())
    return first or ("",) * len(made.panel.names)
