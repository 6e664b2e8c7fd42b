"""Preparations: all that a company's quotas of a year are made of, as known on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.months import later
from spmlib.core.parameters import nearest, refuse
from spmlib.core.tables import QuotaBases, Table
from spmlib.orchestrate.forecasting.forecasts import forecast
from spmlib.orchestrate.forecasting.outlooks import before, whole
from spmlib.orchestrate.forecasting.sales import sales
from spmlib.orchestrate.quotas import judgements, people, potentials, ramps
from spmlib.orchestrate.quotas.plans import Months
from spmlib.orchestrate.quotas.written import Past
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

MIXES: dict[str, dict[str, float]] = {  # tried on past years
    "even": {"even": 1},
    "history": {"history": 1},
    "forecast": {"forecast": 1},
    "capacity": {"capacity": 1},
    "history and even": {"history": 1, "even": 1},
    "capacity and even": {"capacity": 1, "even": 1},
    "history and forecast": {"history": 1, "forecast": 1},
}
YEARS = 2  # past years that mixes are tried on


@dataclass(frozen=True)
class Prepared:
    """All that quotas of a year are made of.

    Attributes:
        people: who carries them, with last (sold in as many months the year before).
        months: of the year; of its rest, where it has begun.
        full: people x months: what each would carry without leave and relief.
        carried: the same with them.
        season: the share of these months in each, by the forecast of the whole.
        bases: what a target can be shared out by.
        expected: what all sell in them, by the forecast of the whole.
        last: what all sold in as many months the year before.
        errors: how wrong each mix was in past years: method, error, years.
        mixes: those that were tried, by name.
        absences: leave and relief.
        accounts: whose each account is, and its potential: account_id, payee_id, value.
    """

    people: pl.DataFrame
    months: Months
    full: Floats
    carried: Floats
    season: Floats
    bases: Table[QuotaBases]
    expected: float
    last: float
    errors: pd.DataFrame
    mixes: Mapping[str, Mapping[str, float]]
    absences: tuple[ramps.Absence, ...] = ()
    accounts: pl.DataFrame | None = None


def prepared(
    company: Company,
    measure: Measure,
    currency: str,
    until: date,
    year: int,
    roles: Sequence[str],
    pipeline: Mapping[str, float] | None = None,
    ramp: Sequence[float] = ramps.USUAL,
    past: Past | None = None,
    relief: Sequence[ramps.Absence] = (),
    mixes: Mapping[str, Mapping[str, float]] = MIXES,
) -> Prepared:
    """What is known for the quotas of a year.

    Args:
        company: its positions, transactions and rates.
        measure: what quotas count.
        currency: of the plan.
        until: the day up to which anything is known.
        year: the calendar year planned; if it has begun, its months from the day on.
        roles: who carries quotas.
        pipeline: what is expected of each person's open deals.
        ramp: of new people, month by month.
        past: how past years make the history.
        relief: beside leave of absence, which positions know.
        mixes: to try on past years, by name.

    Returns:
        Who carries nothing in any month of the year is left out.

    Raises:
        ParameterError: the year is over or more than two years away, nobody has the roles, or
            relief names somebody who has none.
    """
    import polars as pl

    months = [(first, after) for first, after in people.months(year) if first >= until]
    gap = max((year - until.year) * 12 + 1 - until.month, 0)
    if not months or gap > 24:
        raise ParameterError(f"quotas of {year} cannot be planned on {until}; name a year to come.")
    sold = before(sales(company, measure, ["owner_id"], currency).history, until)
    size = len(months)
    all_ = forecast(whole(sold), gap + size).values[0, gap:]
    rows = people.carriers(company, until, roles)
    rows, full, carried, absences = _carried(company, rows, months, ramp, relief)
    names = rows["payee_id"].to_list()
    last = people.sold(sold, later(until, -12), later(until, size - 12))
    rows = rows.with_columns(last=pl.Series([last.get(name) for name in names], dtype=pl.Float64))
    accounts = potentials.owned(company, currency, until, names)
    worths = {"pipeline": pipeline or {}, "potential": potentials.by_person(accounts)}
    said = people.known(company, ramp, past or Past())
    told = people.bases(sold, until, forecast(sold, 12), said, worths)
    errors = judgements.errors(*people.tried(sold, until, YEARS, mixes, said))
    positive = np.maximum(all_, 0.0)
    season = positive / positive.sum() if positive.sum() > 0 else np.full(size, 1 / size)
    total = float(sum(last.values()))
    return Prepared(
        people=rows,
        months=months,
        full=full,
        carried=carried,
        season=season,
        bases=told,
        expected=float(all_.sum()),
        last=total,
        errors=errors,
        mixes=mixes,
        absences=absences,
        accounts=accounts,
    )


def _carried(
    company: Company,
    rows: pl.DataFrame,
    months: Months,
    ramp: Sequence[float],
    relief: Sequence[ramps.Absence],
) -> tuple[pl.DataFrame, Floats, Floats, tuple[ramps.Absence, ...]]:
    """Who carries something in some months, what without and with leave and relief, and these."""
    names = rows["payee_id"].to_list()
    for one in relief:
        if one.payee_id not in names:
            wrong = f"{one.payee_id} carries no quota"
            refuse(one.place, wrong, f"write {nearest(one.payee_id, names)}")
    full = ramps.carried(rows["hire_date"].to_list(), rows["leave_date"].to_list(), months, ramp)
    absences = (*people.leaves(company, names, months[0][0].year), *relief)
    carried = ramps.away(full, names, absences, months)
    there = carried.sum(axis=1) > 0
    kept = rows.filter(there)
    known = set(kept["payee_id"])
    absences = tuple(one for one in absences if one.payee_id in known)
    return kept, full[there], carried[there], absences
