"""Readiness, measures: what each person was credited of each measure, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import polars as pl

from spmlib.core import engine
from spmlib.core.tables import MONEY, Table
from spmlib.incent.work import Work
from spmlib.rules.measures import MONEYS


def credited(work: Work, periods: Sequence[str]) -> pl.DataFrame:
    """What an adjustment may be a share of: sums of each measure, as a plan would count it.

    Of a month in which somebody held two plans, what was credited under the later one counts.

    Args:
        work: of a calculation.
        periods: which months.

    Returns:
        payee_id, period, measure, over (month; quarter: the quarter to date), value [currency of
        the plan, or units], per (money, units); measures in the order of their file.
    """
    used = [name for name in work.parameters.measures if name in work.used]
    sums = [name for name in used if work.used[name].per is None]
    monthly = pl.concat([_monthly(work, name) for name in sums])
    names = engine.collected(work.who.people.select("person", "payee_id"))
    months = engine.collected(work.company.calendar.select("period", "quarter", "start_date"))
    wide = monthly.join(months, on="period")
    quarters = wide.filter(pl.col("period").is_in(periods))["quarter"].unique().implode()
    near = months.filter(pl.col("quarter").is_in(quarters))
    grid = wide.select("person", "plan_number", "measure", "per").unique().join(near, how="cross")
    key = ["person", "plan_number", "measure", "per", "period"]
    filled = grid.join(monthly, on=key, how="left").with_columns(pl.col("value").fill_null(0))
    to_date = pl.col("value").cum_sum().over(*key[:-1], "quarter", order_by="start_date")
    both = [
        filled.with_columns(over=pl.lit("month")),
        filled.with_columns(over=pl.lit("quarter"), value=to_date),
    ]
    held = monthly.group_by("person", "period").agg(pl.col("plan_number").sort_by("segment").last())
    order = {name: place for place, name in enumerate(sums)}
    return (
        pl.concat(both)
        .filter(pl.col("period").is_in(list(periods)), pl.col("value") != 0)
        .join(held, on=["person", "period", "plan_number"], how="semi")
        .join(names, on="person")
        .sort(
            pl.col("measure").replace_strict(order, return_dtype=pl.Int64),
            *("payee_id", "period", "over"),
        )
        .select(
            *("payee_id", "period", "measure", "over", "per"),
            value=pl.col("value") / MONEY,
        )
    )


def _monthly(work: Work, name: str) -> pl.DataFrame:
    """A measure's sum of each person, plan and month, with the last segment that has any."""
    measure = work.used[name]
    segments: Table[Any] = engine.words("segment", period=[p.period for p in work.made.parts])
    rows = work.rows.filter(work.booked.has(name)).join(segments, on="segment")
    summed = rows.group_by("person", "plan_number", "period").agg(
        value=nw.col(measure.sums).sum(), segment=nw.col("segment").max()
    )
    per = "money" if measure.sums in MONEYS else "units"
    return engine.collected(summed).with_columns(measure=pl.lit(name), per=pl.lit(per))
