"""People: the seats of a budget: who is paid on a day, in which position, and who is to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import MONEY, SHARE
from spmlib.orchestrate.quotas.ramps import MONTH

if TYPE_CHECKING:
    import polars as pl

PLANNED = "planned"


def seated(company: Company, until: date) -> pl.DataFrame:
    """Who is paid on the day before a day, one row for each.

    Returns:
        payee_id, team, role, plan, paid_in (currency of payroll), base, target [plan currency a
        year], rate (personal), tenure [whole months], opens (-1: held); in order of plan.

    Raises:
        ParameterError: nobody is paid on that day.
    """
    import polars as pl

    day = until - timedelta(days=1)
    positions = engine.collected(engine.on(company.positions, day))
    about = engine.collected(company.payees).select(
        "payee_id", "hire_date", "leave_date", paid_in="currency"
    )
    rows = positions.filter(pl.col("plan").is_not_null()).join(about, on="payee_id")
    rows = rows.filter(pl.col("leave_date").is_null() | (pl.col("leave_date") > until))
    if rows.is_empty():
        raise ParameterError(f"nobody is paid on {day}; name a day on which somebody is.")
    tenure = (pl.lit(until) - pl.col("hire_date")).dt.total_days() / MONTH
    return rows.sort("plan", "payee_id").select(
        "payee_id",
        "team",
        "role",
        "plan",
        "paid_in",
        base=pl.col("base_pay").fill_null(0) / MONEY,
        target=pl.col("target_incentive").fill_null(0) / MONEY,
        rate=pl.col("commission_rate").fill_null(0) / SHARE,
        tenure=tenure.floor().cast(pl.Int64).clip(lower_bound=0),
        opens=pl.lit(-1, pl.Int64),
    )


def hired(
    seats: pl.DataFrame, hires: Mapping[str, Mapping[str, int]], until: date, year: int
) -> pl.DataFrame:
    """Seats for planned hires, each like the usual one of its role.

    The usual one has the plan that most of the role have, and its mean pay.

    Args:
        seats: of `seated`.
        hires: by role, how many begin in each month.
        until: the day from which months are counted.
        year: of the budget; months after it are refused.

    Raises:
        ParameterError: nobody has the role, or a month is over or beyond the year.
    """
    import polars as pl

    made = []
    for role, months in hires.items():
        like = seats.filter(pl.col("role") == role)
        if like.is_empty():
            raise ParameterError(
                f"nobody is a '{role}'; write {nearest(role, set(seats['role']))}."
            )
        plan = like["plan"].value_counts(sort=True)["plan"][0]
        usual = like.filter(pl.col("plan") == plan)
        first = usual.select("team", "role", "plan", "paid_in").head(1)
        means = usual.select(pl.col("base", "target", "rate").mean())
        for month, number in months.items():
            opens = _opens(month, until, year)
            one = pl.concat([first, means], how="horizontal").with_columns(
                payee_id=pl.lit(PLANNED), tenure=pl.lit(0, pl.Int64), opens=pl.lit(opens, pl.Int64)
            )
            made += [one.select(seats.columns)] * number
    return pl.concat(made) if made else seats.clear()


def _opens(month: str, until: date, year: int) -> int:
    """How many months after a day a month begins."""
    try:
        asked = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise ParameterError(f"hires in '{month}' cannot be meant; write {year}-03.") from None
    opens = (asked.year - until.year) * 12 + asked.month - until.month
    if opens < 0 or asked.year > year:
        raise ParameterError(
            f"hires in {month} are not planned; write a month from {until:%Y-%m} to {year}-12."
        )
    return opens
