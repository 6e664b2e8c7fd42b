"""Outlooks: the quotas of a year for a company as it is, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import QuotaBases, QuotaJudgements, QuotaLayers, Table
from spmlib.orchestrate.forecasting.forecasts import forecast
from spmlib.orchestrate.forecasting.outlooks import before, later, whole
from spmlib.orchestrate.forecasting.panels import Floats
from spmlib.orchestrate.forecasting.sales import sales
from spmlib.orchestrate.quotas import judgements, people, ramps, weights
from spmlib.orchestrate.quotas.layers import Layer
from spmlib.orchestrate.quotas.plans import Months, Planned, planned
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

MIXES: dict[str, dict[str, float]] = {  # tried on past years
    "even": {"even": 1},
    "history": {"history": 1},
    "forecast": {"forecast": 1},
    "history and even": {"history": 1, "even": 1},
    "history and forecast": {"history": 1, "forecast": 1},
}
YEARS = 2  # past years that mixes are tried on
HALF_NORMAL = np.sqrt(np.pi / 2)  # a normal's standard deviation over its mean distance


@dataclass(frozen=True)
class Prepared:
    """All that quotas of a year are made of.

    Attributes:
        people: who carries them, with last (sold in as many months the year before).
        months: of the year; of its rest, where it has begun.
        carried: people x months.
        season: the share of these months in each, by the forecast of the whole.
        bases: what a target can be shared out by.
        expected: what all sell in them, by the forecast of the whole.
        last: what all sold in as many months the year before.
        errors: how wrong each mix was in past years: method, error, years.
    """

    people: pl.DataFrame
    months: Months
    carried: Floats
    season: Floats
    bases: Table[QuotaBases]
    expected: float
    last: float
    errors: pd.DataFrame


def prepared(
    company: Company,
    measure: Measure,
    currency: str,
    until: date,
    year: int,
    roles: Sequence[str],
    pipeline: Mapping[str, float] | None = None,
    ramp: Sequence[float] = ramps.USUAL,
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

    Raises:
        ParameterError: the year is over or more than two years away, or nobody has the roles.
    """
    import polars as pl

    months = [(first, after) for first, after in people.months(year) if first >= until]
    gap = max((year - until.year) * 12 + 1 - until.month, 0)
    if not months or gap > 24:
        raise ParameterError(f"quotas of {year} cannot be planned on {until}; name a year to come.")
    size = len(months)
    sold = before(sales(company, measure, ["owner_id"], currency).history, until)
    all_ = forecast(whole(sold), gap + size).values[0, gap:]
    rows = people.carriers(company, until, roles)
    names = rows["payee_id"].to_list()
    last = people.sold(sold, later(until, -12), later(until, size - 12))
    rows = rows.with_columns(last=pl.Series([last.get(name) for name in names], dtype=pl.Float64))
    carried = ramps.carried(rows["hire_date"].to_list(), rows["leave_date"].to_list(), months, ramp)
    told = people.bases(sold, until, forecast(sold, 12), pipeline or {})
    errors = judgements.errors(*people.tried(sold, until, YEARS, MIXES))
    positive = np.maximum(all_, 0.0)
    season = positive / positive.sum() if positive.sum() > 0 else np.full(size, 1 / size)
    total = float(sum(last.values()))
    return Prepared(rows, months, carried, season, told, float(all_.sum()), total, errors)


def made(
    ready: Prepared,
    target: float,
    mix: Mapping[str, float],
    layers: Sequence[Layer],
    unit: int = 100,
    measure: str = "bookings",
) -> Planned:
    """The quotas of the year: as `plans.planned`, of what was prepared."""
    by = weights.blended(ready.people["payee_id"].to_list(), ready.bases, mix)
    return planned(
        ready.people,
        by,
        ready.months,
        target,
        layers,
        ready.carried,
        ready.season,
        unit,
        measure,
    )


def expected(ready: Prepared) -> tuple[Floats, Floats]:
    """What is expected of each person: mean and standard deviation.

    The forecast of the whole, shared out by the mix that was least wrong in past years; people
    differ from their share as they did then.
    """
    best = ready.errors.iloc[0]
    names = ready.people["payee_id"].to_list()
    share = weights.blended(names, ready.bases, MIXES[best["method"]])
    able = (ready.carried * ready.season).sum(axis=1)
    share = share * able / (share * able).sum()
    mean = share * ready.expected
    return mean, mean * float(best["error"]) * HALF_NORMAL


def judged(ready: Prepared, plan: Planned, names: Mapping[str, str]) -> pd.DataFrame:
    """How fair and reachable each quota is, with names: as QuotaJudgements."""
    mean, spread = expected(ready)
    quota = plan.units.sum(axis=1).astype(float) * plan.unit
    worth = engine.collected(ready.bases)
    open_ = dict(worth.filter(worth["basis"] == "pipeline").select("payee_id", "value").iter_rows())
    potential = people.of(plan.people, open_)
    last = ready.people["last"].fill_null(np.nan).to_numpy()
    told = judgements.judged(
        plan.people, quota, mean, spread, potential if potential.any() else None, last
    )
    rows = engine.pandas(told, QuotaJudgements)
    return rows.assign(name=[names.get(person, person) for person in rows["payee_id"]])


def outcome(ready: Prepared, plan: Planned, target: float) -> pd.Series:
    """What the year may bring: as `judgements.told`."""
    mean, spread = expected(ready)
    quota = plan.units.sum(axis=1).astype(float) * plan.unit
    return judgements.told(judgements.attainments(quota, mean, spread), quota, target)


def layers(plan: Planned, names: Mapping[str, str], above: str = "payee_id") -> pd.DataFrame:
    """How each target above the people came about, with names."""
    rows = engine.pandas(plan.layers, QuotaLayers)
    rows = rows[rows["layer"] != above]
    return rows.assign(name=[names.get(node, node) for node in rows["node"]])


def monthly(ready: Prepared, plan: Planned, by: str = "territory_id") -> pd.DataFrame:
    """What quotas come to month by month: period, the column `by`, amount."""
    import pandas as pd

    periods = [f"{first:%Y-%m}" for first, _ in plan.months]
    rows = pd.DataFrame(plan.units * plan.unit, columns=periods)
    long = rows.assign(**{by: ready.people[by].to_list()}).melt(by, None, "period", "amount")
    return long.groupby(["period", by], as_index=False)["amount"].sum()


def checks(ready: Prepared, plan: Planned) -> pd.DataFrame:
    """What must hold of quotas, and whether it does: check, says, holds."""
    import pandas as pd

    rows = engine.collected(plan.layers)
    final = dict(rows.filter(rows["layer"] == "payee_id").select("node", "amount").iter_rows())
    given = np.array([final[person] for person in plan.people])
    people_ = np.abs(plan.units.sum(axis=1) * plan.unit - given).max()
    above = rows.filter(rows["layer"] != "payee_id")
    over = float(above["over"].to_numpy().min())
    idle = (plan.units[ready.carried == 0] == 0).all()
    return pd.DataFrame(
        [
            (
                "People's months add up to their targets",
                f"{people_:,.0f} apart at most, a unit is {plan.unit}",
                people_ < plan.unit,
            ),
            ("Nothing is over-assigned below 0", f"{over:,.0f} at least", over >= -1e-6),
            (
                "Nobody carries a quota before they come",
                "none does" if idle else "some do",
                bool(idle),
            ),
        ],
        columns=["check", "says", "holds"],
    )
