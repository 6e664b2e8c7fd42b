"""Wages: base pay of the year so far, and pay in the currency people are paid in.

Base pay counts towards wage bases by days: a year's base pay times the days held of the year's;
who is on leave is paid none. What plans say in another currency than the payroll's is turned at
the last spot rate before a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.conversion import minor
from spmlib.core.errors import ParameterError
from spmlib.core.tables import RATE
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import polars as pl


def base_pay(company: Company, plans: Mapping[str, Plan], day: date) -> pl.DataFrame:
    """Base pay of a calendar year up to a day, that day included.

    Returns:
        payee_id, plan, currency (of the plan), before [ticks].
    """
    import polars as pl

    first, until = date(day.year, 1, 1), day + timedelta(days=1)
    held = engine.collected(engine.open_ended(company.positions))
    paid = held.filter(pl.col("plan").is_in(list(plans)), pl.col("status") != "leave")
    start = pl.max_horizontal("start_date", pl.lit(first))
    end = pl.min_horizontal("end_date", pl.lit(until))
    days = (end - start).dt.total_days().clip(lower_bound=0)
    year = (date(day.year + 1, 1, 1) - first).days
    base = pl.col("base_pay").fill_null(0).cast(pl.Int128) * days // year
    currencies = pl.DataFrame(
        {"plan": list(plans), "currency": [plan.currency for plan in plans.values()]},
        {"plan": pl.String, "currency": pl.String},
    )
    told = paid.with_columns(before=base.cast(pl.Int64)).join(currencies, on="plan")
    return told.group_by("payee_id", "plan", "currency").agg(pl.col("before").sum())


def in_payroll(rows: pl.DataFrame, company: Company, day: date) -> pl.DataFrame:
    """Amounts in the currency each person is paid in, at the last spot rate before a day.

    Args:
        rows: payee_id, currency, amount, before [ticks].
        company: whose people and rates hold.
        day: rates that begin later are left out.

    Returns:
        The same rows; currency is the payroll's, amounts are rounded to its minor unit.

    Raises:
        ParameterError: there is no rate.
    """
    import polars as pl

    people = engine.collected(company.payees).select("payee_id", to_currency="currency")
    rates = engine.collected(company.currency_rates).filter(
        pl.col("kind") == "spot", pl.col("start_date") < day
    )
    pair = ["currency", "to_currency"]
    last = rates.sort("start_date").group_by(pair).agg(pl.col("rate").last())
    told = rows.join(people, on="payee_id", how="left").with_columns(
        to_currency=pl.coalesce("to_currency", "currency")
    )
    own = pl.col("currency") == pl.col("to_currency")
    rated = told.join(last, on=pair, how="left").with_columns(
        rate=pl.when(own).then(RATE).otherwise("rate")
    )
    _refuse_missing(rated)
    codes = rated["to_currency"].unique().to_list()
    units = pl.DataFrame({"to_currency": codes, "unit": [minor(code) for code in codes]})
    turned = rated.join(units, on="to_currency", how="left").with_columns(
        _turned("amount"), _turned("before")
    )
    return turned.with_columns(currency="to_currency").select(rows.columns)


def _turned(name: str) -> pl.Expr:
    """An amount at a rate, rounded to minor units, halves away from zero [ticks]."""
    import polars as pl

    exact = pl.col(name).cast(pl.Int128) * pl.col("rate")
    by = pl.col("unit").cast(pl.Int128) * RATE
    units = (exact.abs() * 2 + by) // (by * 2) * exact.sign()
    return (units * pl.col("unit")).cast(pl.Int64).alias(name)


def _refuse_missing(rows: pl.DataFrame) -> None:
    import polars as pl

    wrong = rows.filter(pl.col("rate").is_null())
    if len(wrong):
        person, one, other = wrong.select("payee_id", "currency", "to_currency").row(0)
        said = f"{person} is paid in {other}, and no spot rate leads there from {one}"
        raise ParameterError(f"{said}; add a row to currency_rates.")
