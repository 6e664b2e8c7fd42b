"""People: who is to carry a quota, what they sold, and what is expected of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import History, QuotaBases, Table
from spmlib.orchestrate.forecasting.forecasts import Forecast, forecast
from spmlib.orchestrate.forecasting.panels import Floats
from spmlib.orchestrate.quotas import weights

if TYPE_CHECKING:
    import polars as pl


def carriers(company: Company, day: date, roles: Sequence[str]) -> pl.DataFrame:
    """Who holds one of some roles on a day.

    Returns:
        payee_id, territory_id, manager_id, hire_date, leave_date; in order of payee_id.

    Raises:
        ParameterError: nobody ever held one of the roles, or nobody does on the day.
    """
    import polars as pl

    held = engine.collected(engine.open_ended(company.positions))
    for role in roles:
        if role not in (known := held["role"].unique().sort()):
            raise ParameterError(f"nobody is a '{role}'; write {nearest(role, known)}.")
    now = held.filter(
        pl.col("role").is_in(list(roles)),
        pl.col("start_date") <= day,
        pl.col("end_date") > day,
    )
    if now.is_empty():
        raise ParameterError(f"nobody is a {' or '.join(roles)} on {day}; name another day.")
    about = engine.collected(company.payees).select("payee_id", "hire_date", "leave_date")
    rows = now.select("payee_id", "territory_id", "manager_id").join(about, on="payee_id")
    none = pl.lit("(none)")
    return rows.with_columns(
        pl.col("territory_id").fill_null(none), pl.col("manager_id").fill_null(none)
    ).sort("payee_id")


def sold(history: Table[History], first: date, until: date) -> dict[str, float]:
    """What each series of a history (a person) came to from a day to the day before another."""
    rows = history.filter(nw.col("date") >= first, nw.col("date") < until)
    sums = rows.group_by("series").agg(value=nw.col("value").sum())
    return dict(engine.collected(sums).iter_rows())


def bases(
    history: Table[History], until: date, ahead: Forecast, pipeline: Mapping[str, float]
) -> Table[QuotaBases]:
    """What a target can be shared out by: history of two years, forecast, pipeline.

    Args:
        history: what each person sold; a series is a person.
        until: the day up to which it is known.
        ahead: its forecast.
        pipeline: what is expected of each person's open deals.
    """
    years = [sold(history, _ago(until, n + 1), _ago(until, n)) for n in (1, 0)]
    totals = np.maximum(ahead.values.sum(axis=1), 0.0)
    expected = dict(zip(ahead.panel.names, totals.tolist(), strict=True))
    made = {
        "history": weights.history(years),
        "forecast": expected,
        "pipeline": {person: max(worth, 0.0) for person, worth in pipeline.items()},
    }
    return engine.stacked([weights.basis(name, values) for name, values in made.items()])


def of(people: Sequence[str], values: Mapping[str, float]) -> Floats:
    """The values of people in order; 0 for who has none."""
    return np.array([values.get(person, 0.0) for person in people])


def tried(
    history: Table[History], until: date, years: int, mixes: Mapping[str, Mapping[str, float]]
) -> tuple[dict[str, list[Floats]], list[Floats]]:
    """How each mix would have shared out past years, with what was known before each.

    Args:
        history: what each person sold.
        until: the day up to which it is known; years end on it and its anniversaries.
        years: how many.
        mixes: by name: what is blended; of even, history and forecast.

    Returns:
        By mix, each year's shares; and what each person sold in it. Of people who sold something in
        the year and before it.
    """
    shares: dict[str, list[Floats]] = {name: [] for name in mixes}
    came: list[Floats] = []
    for ago in range(years, 0, -1):
        begin, end = _ago(until, ago), _ago(until, ago - 1)
        known = history.filter(nw.col("date") < begin)
        before, after = sold(known, _ago(begin, 2), begin), sold(history, begin, end)
        people = sorted(p for p in after if after[p] > 0 and before.get(p, 0.0) > 0)
        if not people:
            continue
        told = bases(known, begin, forecast(known, 12), {})
        told = told.filter(nw.col("basis") != "pipeline")
        for name, mix in mixes.items():
            shares[name].append(weights.blended(people, told, mix))
        came.append(of(people, after))
    return shares, came


def months(year: int) -> list[tuple[date, date]]:
    """The first day of each month of a year, and the first day after it."""
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return list(pairwise(starts))


def _ago(day: date, years: int) -> date:
    """A day some years before."""
    first = day.replace(day=1)
    return date(first.year - years, first.month, 1) + timedelta(day.day - 1)
