"""People: who is to carry a quota, what they sold, and what is expected of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.months import later
from spmlib.core.parameters import nearest
from spmlib.core.tables import History, QuotaBases, Table
from spmlib.orchestrate.forecasting.forecasts import Forecast, forecast
from spmlib.orchestrate.quotas import ramps, weights
from spmlib.orchestrate.quotas.written import Past

if TYPE_CHECKING:
    import polars as pl

TRIED = (weights.EVEN, "history", "forecast", "capacity")  # bases that past years knew too


def carriers(company: Company, day: date, roles: Sequence[str]) -> pl.DataFrame:
    """Who holds one of some roles on a day.

    Returns:
        payee_id, territory_id, manager_id, hire_date, leave_date; in order of payee_id.

    Raises:
        ParameterError: nobody ever held one of the roles, or nobody does on the day.
    """
    import polars as pl

    known = engine.collected(company.positions)["role"].unique().sort()
    for role in roles:
        if role not in known:
            raise ParameterError(f"nobody is a '{role}'; write {nearest(role, known)}.")
    held = engine.collected(engine.on(company.positions, day))
    now = held.filter(pl.col("role").is_in(list(roles)))
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


@dataclass(frozen=True)
class Known:
    """What bases are made of, but for sales.

    Attributes:
        stays: first day of each person, and the first day after the last one, if any.
        ramp: of new people.
        past: how past years make the history.
    """

    stays: Mapping[str, tuple[date | None, date | None]]
    ramp: Sequence[float] = ()
    past: Past = field(default_factory=Past)


def known(company: Company, ramp: Sequence[float], past: Past) -> Known:
    """What a company's people say of bases."""
    rows = engine.collected(company.payees).select("payee_id", "hire_date", "leave_date")
    return Known({name: (begin, end) for name, begin, end in rows.iter_rows()}, ramp, past)


def leaves(company: Company, people: Sequence[str], year: int) -> list[ramps.Absence]:
    """The leaves of absence of people in a year, as far as positions know of them."""
    import polars as pl

    held = engine.collected(engine.open_ended(company.positions))
    rows = held.filter(
        pl.col("status") == "leave",
        pl.col("payee_id").is_in(list(people)),
        pl.col("start_date") < date(year + 1, 1, 1),
        pl.col("end_date") > date(year, 1, 1),
    ).sort("payee_id", "start_date")
    stretches = rows.select("payee_id", "start_date", "end_date").iter_rows()
    return [ramps.Absence(*stretch) for stretch in stretches]


def bases(
    history: Table[History],
    until: date,
    ahead: Forecast,
    said: Known,
    now: Mapping[str, Mapping[str, float]],
) -> Table[QuotaBases]:
    """What a target can be shared out by: history, forecast, capacity, and what is known today.

    Args:
        history: what each person sold; a series is a person.
        until: the day up to which it is known.
        ahead: its forecast.
        said: of people and past years.
        now: other bases by name, by person: pipeline, potential.
    """
    counted = said.past.weights
    years = [sold(history, _ago(until, n + 1), _ago(until, n)) for n in range(len(counted))]
    totals = np.maximum(ahead.values.sum(axis=1), 0.0)
    made: dict[str, Mapping[str, float]] = {
        "history": weights.history(years, said.past.tails, counted),
        "forecast": dict(zip(ahead.panel.names, totals.tolist(), strict=True)),
        "capacity": weights.capacity(years[0], _there(said, until)),
    }
    for name, worth in now.items():
        made[name] = {person: max(value, 0.0) for person, value in worth.items()}
    return engine.stacked([weights.basis(name, values) for name, values in made.items()])


def _there(said: Known, until: date) -> dict[str, float]:
    """The full months that each person carried in the year before a day."""
    starts = [later(until, -n) for n in range(12, -1, -1)]
    stays = said.stays.values()
    part = ramps.carried([s for s, _ in stays], [e for _, e in stays], pairs(starts), said.ramp)
    return dict(zip(said.stays, part.sum(axis=1).tolist(), strict=True))


def of(people: Sequence[str], values: Mapping[str, float]) -> Floats:
    """The values of people in order; 0 for who has none."""
    return np.array([values.get(person, 0.0) for person in people])


def tried(
    history: Table[History],
    until: date,
    years: int,
    mixes: Mapping[str, Mapping[str, float]],
    said: Known,
) -> tuple[dict[str, list[Floats]], list[Floats]]:
    """How each mix would have shared out past years, with what was known before each.

    Args:
        history: what each person sold.
        until: the day up to which it is known; years end on it and its anniversaries.
        years: how many.
        mixes: by name: what is blended; of `TRIED`.
        said: of people and past years.

    Returns:
        By mix, each year's shares; and what each person sold in it. Of people who sold something in
        the year and before it.
    """
    shares: dict[str, list[Floats]] = {name: [] for name in mixes}
    came: list[Floats] = []
    for ago in range(years, 0, -1):
        begin, end = _ago(until, ago), _ago(until, ago - 1)
        seen = history.filter(nw.col("date") < begin)
        before, after = sold(seen, _ago(begin, 2), begin), sold(history, begin, end)
        people = sorted(p for p in after if after[p] > 0 and before.get(p, 0.0) > 0)
        if not people:
            continue
        told = bases(seen, begin, forecast(seen, 12), said, {})
        for name, mix in mixes.items():
            shares[name].append(weights.blended(people, told, mix))
        came.append(of(people, after))
    return shares, came


def months(year: int) -> list[tuple[date, date]]:
    """The first day of each month of a year, and the first day after it."""
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return pairs(starts)


def pairs(days: Sequence[date]) -> list[tuple[date, date]]:
    """Stretches from each day to the next."""
    return list(pairwise(days))


def _ago(day: date, years: int) -> date:
    """A day some years before."""
    first = day.replace(day=1)
    return date(first.year - years, first.month, 1) + timedelta(day.day - 1)
