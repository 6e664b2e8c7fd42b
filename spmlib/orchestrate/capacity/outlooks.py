"""Outlooks: the sales force of a company as seats, and what it brings against a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.months import later
from spmlib.core.tables import History, Table
from spmlib.orchestrate.capacity.hires import needed, reached
from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.capacity.seats import Seats, seats
from spmlib.orchestrate.capacity.written import CapacityPlan
from spmlib.orchestrate.forecasting.forecasts import forecast
from spmlib.orchestrate.forecasting.outlooks import before, whole
from spmlib.orchestrate.forecasting.sales import sales
from spmlib.orchestrate.quotas import people
from spmlib.orchestrate.quotas.ramps import MONTH, USUAL, carried
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

HORIZON = 12  # months
LATE = (0.5, 0.3, 0.2)  # as planned, a month later, two


@dataclass(frozen=True)
class Force:
    """A sales force, and what is known of it.

    Attributes:
        seats: its people as seats.
        starts: the first day of each month of the plan.
        brings: what a person brings a month when ramped up [currency].
        leaves: the share that leaves within a year.
    """

    seats: Seats
    starts: tuple[date, ...]
    brings: float
    leaves: float


def force(
    company: Company,
    measure: Measure,
    currency: str,
    until: date,
    roles: Sequence[str],
    ramp: Sequence[float] = USUAL,
    refilled: int = 3,
    months: int = HORIZON,
) -> Force:
    """The people in some roles as seats, for the months from a day on.

    What they bring is what those who were ramped up brought in the year before, per month and
    person; attrition is that of the two years before.

    Args:
        company: its positions, payees and transactions.
        measure: what is brought.
        currency: of amounts.
        until: the day up to which anything is known, the first of a month.
        roles: who brings it.
        ramp: of new people.
        refilled: months until a leaver's successor begins.
        months: from the day on.

    Raises:
        ParameterError: nobody has the roles, or nobody brought anything.
    """
    held = people.carriers(company, until, roles)
    sold = before(sales(company, measure, ["owner_id"], currency).history, until)
    brings, varies = _productivity(held, sold, until, ramp)
    season = np.maximum(forecast(whole(sold), months).values[0], 0.0)
    season = season / season[:HORIZON].mean() if season.sum() > 0 else np.ones(months)
    tenure = [int((until - hired).days / MONTH) for hired in held["hire_date"]]
    leaves = attrition(company, until, roles)
    made = seats(
        tenure,
        brings=brings,
        varies=varies,
        leaves=leaves,
        ramp=tuple(ramp),
        refilled=refilled,
        late=LATE,
        season=tuple(season.tolist()),
    )
    return Force(made, tuple(later(until, n) for n in range(months)), brings, leaves)


def decided_force(
    company: Company,
    measure: Measure,
    currency: str,
    until: date,
    decided: CapacityPlan,
    months: int = HORIZON,
) -> Force:
    """The force as a plan's file decides: as `force`."""
    ramp, refilled = decided.ramp, decided.refilled
    return force(company, measure, currency, until, decided.roles, ramp, refilled, months)


def hired(of: Force, hires: Mapping[str, int]) -> Force:
    """The force and planned hires by month, e.g. ``{"2027-01": 2, "2027-03": 3}``.

    Raises:
        ParameterError: a month is not in the plan, or a number is below 0.
    """
    names = [f"{start:%Y-%m}" for start in of.starts]
    starts: list[int] = []
    for month, number in hires.items():
        if month not in names or number < 0:
            raise ParameterError(
                f"{number} hires in {month} are not in the plan; write 0 or more in {names[1]} to "
                f"{names[-1]}."
            )
        starts += [names.index(month)] * number
    return replace(of, seats=of.seats.and_hires([max(start, 1) for start in starts]))


def by_month(of: Force, target: float) -> pd.DataFrame:
    """What is brought month by month, and what is asked: period, value, low_80, high_80, asked."""
    import pandas as pd

    drawn = played(of.seats)
    low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
    season = np.array(of.seats.season)
    return pd.DataFrame(
        {
            "period": [f"{start:%Y-%m}" for start in of.starts],
            "value": moments(of.seats).mean,
            "low_80": low,
            "high_80": high,
            "asked": target * season / season.sum(),
        }
    )


def compared(plans: dict[str, Force], target: float) -> pd.DataFrame:
    """What plans bring: plan, heads (at the end), expected, low_80, high_80, chance."""
    import pandas as pd

    rows = []
    for name, of in plans.items():
        told = reached(of.seats, target)
        low, high = told.between()
        heads = float(moments(of.seats).held[-1])
        row = {"plan": name, "heads": heads, "expected": told.expected, "low_80": low}
        rows.append(row | {"high_80": high, "chance": told.chance})
    return pd.DataFrame(rows)


def delayed(of: Force, months: int) -> Force:
    """The force with all planned hires so many months later."""
    return replace(of, seats=of.seats.later(months))


def enough(of: Force, target: float, sure: float, month: int = 1) -> int:
    """The hires needed, beyond those planned, to reach a target as surely as asked."""
    return needed(of.seats, target, sure, month)


def curve(of: Force, target: float, most: int, month: int, wait: int) -> pd.DataFrame:
    """How surely a target is reached by number of hires: hires, chance, later."""
    import pandas as pd

    step = max(most // 8, 1)
    numbers = list(range(0, most + step, step))
    now = [reached(of.seats.and_hires([month] * n), target).chance for n in numbers]
    late = [reached(of.seats.and_hires([month + wait] * n), target).chance for n in numbers]
    return pd.DataFrame({"hires": numbers, "chance": now, "later": late})


def checks(of: Force) -> pd.DataFrame:
    """What must hold of a plan, and whether it does: check, says, holds."""
    import pandas as pd

    drawn, told = played(of.seats), moments(of.seats)
    error = np.sqrt(np.maximum(told.variance, 1e-12) / len(drawn))
    mean = np.abs(drawn.mean(axis=0) - told.mean) / error
    spread = drawn.std(axis=0) / np.sqrt(np.maximum(told.variance, 1e-12))
    return pd.DataFrame(
        [
            (
                "Runs have the mean of the closed form",
                f"{mean.max():.1f} standard errors apart at most",
                mean.max() < 4,
            ),
            (
                "Runs vary as the closed form says",
                f"{spread.min():.3f} to {spread.max():.3f} of it",
                bool(np.abs(spread - 1).max() < 0.05),
            ),
        ],
        columns=["check", "says", "holds"],
    )


def _productivity(
    held: pl.DataFrame, sold: Table[History], until: date, ramp: Sequence[float]
) -> tuple[float, float]:
    """What a person brings a month when ramped up, and how far people vary around it."""
    months = [(later(until, n - HORIZON), later(until, n + 1 - HORIZON)) for n in range(HORIZON)]
    part = carried(held["hire_date"].to_list(), [None] * len(held), months, ramp).sum(axis=1)
    year = people.sold(sold, months[0][0], until)
    each = np.array([year.get(name, 0.0) for name in held["payee_id"]])
    full = part >= HORIZON / 2  # of whom enough is known
    if not (each[full] > 0).any():
        raise ParameterError("nobody in the roles brought anything in a year; name other roles.")
    monthly: Floats = each[full] / part[full]
    brings = float(each[full].sum() / part[full].sum())
    return brings, float(monthly.std() / brings)


def attrition(company: Company, until: date, roles: Sequence[str]) -> float:
    """The share of people in the roles who leave the company within a year."""
    import polars as pl

    begin = later(until, -24)
    positions = engine.collected(engine.open_ended(company.positions))
    about = engine.collected(company.payees).select("payee_id", "leave_date")
    rows = positions.filter(pl.col("role").is_in(list(roles))).join(about, on="payee_id")
    last = pl.min_horizontal("end_date", pl.lit(until))
    days = (last - pl.max_horizontal("start_date", pl.lit(begin))).dt.total_days()
    years = rows.select(days.clip(lower_bound=0).sum())["end_date"][0] / 365.2425
    left = rows.filter(
        pl.col("leave_date") == pl.col("end_date"),
        pl.col("leave_date") > begin,
        pl.col("leave_date") <= until,
    )
    return float(1 - np.exp(-len(left) / years)) if years > 0 else 0.0
