"""Actuals: what the sales force really cost, month by month, as far as the tables say.

Base pay is that of positions, by days; variable pay what was earned. Taxes follow from both.
Tools, travel and recruiting are in no table: they are taken at the file's rates for the heads there
were, so that a difference in them is one of heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.pay import Pay
from spmlib.core.tables import MONEY, Payments, Table
from spmlib.orchestrate.budgets import costs
from spmlib.orchestrate.budgets.drawn import Costed
from spmlib.orchestrate.budgets.written import BudgetYear
from spmlib.orchestrate.forecasting.outlooks import before
from spmlib.orchestrate.forecasting.sales import sales
from spmlib.rules.estimated import earned, pasts, plans, rates
from spmlib.rules.estimated.plans import PlanPay
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import polars as pl


def actual(
    company: Company, payments: Table[Payments], pay: Pay, decided: BudgetYear, until: date
) -> Costed:
    """What the sales force cost in the months of a year that are over.

    Args:
        company: its positions, payees and rates.
        payments: of the calculation; what is earned counts, not when it is paid.
        pay: what people were credited with.
        decided: the year's file: taxes, and the rates of what no table holds.
        until: the day up to which months count.

    Raises:
        ParameterError: no month of the year is over.
    """
    year = decided.year
    months = min((until.year - year) * 12 + until.month - 1, 12)
    if months < 1:
        raise ParameterError(f"no month of {year} is over on {until}; name a later day.")
    rows, held = _positions(company, year)
    told = plans.in_force(pay, date(year, 12, 31))
    own = [told[name].currency for name in rows["plan"]]
    paid_in = rows["paid_in"].to_list()
    worth = rates.rates(company, {*own, *paid_in}, decided.currency, year, until)
    rate = np.array([worth[name] for name in own])
    base = rows["base_pay"].fill_null(0).to_numpy()[:, None] / MONEY / 12 * held * rate
    variable = _spread(rows, _earned(payments, year)) * rate
    first = {name: float(values[0]) for name, values in worth.items()}
    kinds = costs.costed(
        np.ones((len(rows), 1, 1)),
        variable[:, None],
        base[:, None],
        np.zeros((len(rows), 1, 12)),
        rows["team"].to_list(),
        costs.taxed(paid_in, decided, first),
        decided,
    )
    begun = pasts.parts(rows["hire_date"].to_list(), [date(9999, 1, 1)] * len(rows), year)
    begun = np.diff((begun > 0).astype(float), axis=1, prepend=0.0) * (held > 0)
    begun[:, 0] *= np.array([day >= date(year, 1, 1) for day in rows["hire_date"]])
    travel = np.array([decided.travelling(team) for team in rows["team"]])[:, None]
    made = {kind: amounts[:, 0] for kind, amounts in kinds.items()}
    made |= {"tools": decided.tools * held, "travel": travel * held}
    made |= {"recruiting": decided.recruiting * begun}
    sold = np.sum([_sold(rows, plan, year, company, pay) for plan in told.values()], axis=0)
    return Costed(
        rows.select("payee_id", "team", "role", "plan", "paid_in").to_pandas(),
        tuple(f"{year}-{month + 1:02}" for month in range(12)),
        decided.currency,
        made,
        held,
        sold,
        rate,
    ).upto(months)


def booked(
    company: Company, measure: Measure, currency: str, months: Sequence[str], until: date
) -> Floats:
    """What the company booked in each month [currency]."""
    sold = before(sales(company, measure, [], currency).history, until)
    rows = engine.collected(sold.select("date", "value")).to_pandas()
    sums = rows.groupby(rows["date"].astype(str).str[:7])["value"].sum()
    return np.array([float(sums.get(month, 0.0)) for month in months])


def _positions(company: Company, year: int) -> tuple[pl.DataFrame, Floats]:
    """Who held which position in a year, and the part of each month: one row for each."""
    import polars as pl

    about = engine.collected(company.payees).select("payee_id", "hire_date", paid_in="currency")
    rows = engine.collected(engine.open_ended(company.positions)).filter(
        pl.col("plan").is_not_null(),
        pl.col("start_date") < date(year + 1, 1, 1),
        pl.col("end_date") > date(year, 1, 1),
    )
    rows = rows.join(about, on="payee_id").sort("payee_id", "start_date")
    return rows, pasts.parts(rows["start_date"].to_list(), rows["end_date"].to_list(), year)


def _earned(payments: Table[Payments], year: int) -> pl.DataFrame:
    """What was earned: payee_id, plan, period, value [plan currency]."""
    import polars as pl

    rows = engine.collected(payments.filter(nw.col("kind") == "earned")).filter(
        pl.col("period").str.starts_with(str(year))
    )
    value = pl.col("amount").sum() / MONEY
    return rows.group_by("payee_id", "plan", "period").agg(value=value)


def _sold(rows: pl.DataFrame, plan: PlanPay, year: int, company: Company, pay: Pay) -> Floats:
    """What those on a plan sold, in the row of the position held in each month."""
    import polars as pl

    past = pasts.past(plan, year, company, pay)
    sold = earned.by_quota(plan, past.sold)[:, 0]
    months = [f"{year}-{month + 1:02}" for month in range(12)]
    values = pl.DataFrame(
        {
            "payee_id": np.repeat(np.array(past.people, dtype=object), 12),
            "plan": [plan.name] * sold.size,
            "period": months * len(past.people),
            "value": sold.ravel(),
        },
        schema_overrides={"payee_id": pl.String},
    )
    return _spread(rows, values)


def _spread(rows: pl.DataFrame, values: pl.DataFrame) -> Floats:
    """The values of each month, in the row of the position held in it: rows x 12.

    What comes in a month in which somebody no longer holds the plan stays with the last row.
    """
    import polars as pl

    starts = rows.with_row_index("row").select(
        "row", "payee_id", "plan", since=pl.col("start_date").dt.strftime("%Y-%m")
    )
    both = values.join(starts, on=["payee_id", "plan"])
    begun = both.sort("row").with_columns(late=pl.col("since") > pl.col("period"))
    chosen = begun.sort("late", pl.col("row"), descending=[True, False]).unique(
        ["payee_id", "plan", "period"], keep="last", maintain_order=True
    )
    made = np.zeros((len(rows), 12))
    month = chosen["period"].str.tail(2).cast(pl.Int64).to_numpy() - 1
    np.add.at(made, (chosen["row"].to_numpy(), month), chosen["value"].to_numpy())
    return made
