"""People: who is paid how much on a day, in which job, level and place, as surveys would ask.

Base pay and target are a year's already; what was paid is made a year's by the part of the year in
which somebody was at work. Part-timers are compared as if they worked full time. All is in the
currency that a person is paid in, at the plan's rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, RATE, SHARE, Payments, Table
from spmlib.incent.benchmarking.written import Policy
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import polars as pl

RANKS = {"spot": 0, "average": 1, "plan": 2}  # the highest that there is
YEAR = 365.25  # days


def people(
    company: Company,
    policy: Policy,
    plans: Mapping[str, Plan],
    day: date,
    payments: Table[Payments] | None = None,
) -> pl.DataFrame:
    """Everybody with base pay who is there until a day.

    Args:
        company: its payees, positions and rates.
        policy: its jobs, levels and places.
        plans: whose currencies base pay and targets are in.
        day: the first one on which nothing more is known: a month's end.
        payments: what was earned, for total cash.

    Returns:
        payee_id, role, team, job, level, place (empty where the policy names none), tenure
        [years], currency, base, target [currency a year, full time], paid (earned in the twelve
        months before, as of a year and full time; empty where too little is known), pay (what the
        policy measures).
    """
    import polars as pl

    held = engine.open_ended(company.positions)
    there = held.filter(nw.col("start_date") < day, nw.col("end_date") >= day)
    about = company.payees.select("payee_id", "currency", "hire_date")
    rows = engine.collected(there.join(about, on="payee_id", how="inner"))
    currencies = {name: plan.currency for name, plan in plans.items()}
    plan = pl.col("plan").replace_strict(currencies, default=None, return_dtype=pl.String)
    rows = rows.filter(pl.col("base_pay") > 0).with_columns(
        paid_in_plan=pl.coalesce(plan, "currency"),
        tenure=(pl.lit(day) - pl.col("hire_date")).dt.total_days() / YEAR,
        full_time=pl.col("full_time").fill_null(SHARE) / SHARE,
    )
    known = rates(company, day)
    rows = _levelled(rows, policy).with_columns(place=_place(policy, rows.columns))
    rows = rows.join(known, left_on=["paid_in_plan", "currency"], right_on=["of", "to"], how="left")
    same = pl.col("paid_in_plan") == pl.col("currency")
    by = pl.when(same).then(1.0).otherwise("rate") / pl.col("full_time")
    earned = _earned(company, payments, policy, day)
    made = rows.join(earned, on=["payee_id", "plan"], how="left").with_columns(
        base=pl.col("base_pay") / MONEY * by,
        target=pl.col("target_incentive").fill_null(0) / MONEY * by,
        paid=pl.col("earned") * by,
    )
    more = {"base": pl.lit(0.0), "target_cash": pl.col("target"), "total_cash": pl.col("paid")}
    columns = ("payee_id", "role", "team", "job", "level", "place", "tenure", "currency")
    return made.select(
        *columns, "base", "target", "paid", pay=pl.col("base") + more[policy.measure]
    ).sort("payee_id")


def rates(company: Company, day: date) -> pl.DataFrame:
    """What a unit of each currency is worth in another before a day: of, to, rate.

    The plan's fixed rate where there is one, else the last average, else the last spot rate; where
    no row leads there, one over that which leads back.
    """
    import polars as pl

    rows = engine.collected(company.currency_rates).filter(pl.col("start_date") < day)
    ranked = rows.with_columns(rank=pl.col("kind").replace_strict(RANKS, return_dtype=pl.Int64))
    last = ranked.sort("rank", "start_date").unique(
        ["currency", "to_currency"], keep="last", maintain_order=True
    )
    worth = pl.col("rate").cast(pl.Float64) / RATE
    there = last.select(of="currency", to="to_currency", rate=worth)
    back = last.select(of="to_currency", to="currency", rate=1 / worth)
    return pl.concat([there, back]).unique(["of", "to"], keep="first", maintain_order=True)


def _levelled(rows: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The rows with the surveys' job and level."""
    import polars as pl

    told = [
        {"role": role, "job": job.name, "years": years, "level": level}
        for role, job in policy.jobs.items()
        for years, level in job.levels.items()
    ]
    schema = {"role": pl.String, "job": pl.String, "years": pl.Int64, "level": pl.String}
    jobs = pl.DataFrame(told, schema)
    both = rows.select("payee_id", "role", "tenure").join(jobs, on="role")
    reached = both.filter(pl.col("years") <= pl.col("tenure").clip(lower_bound=0))
    best = reached.sort("years").unique("payee_id", keep="last")
    return rows.join(best.select("payee_id", "job", "level"), on="payee_id", how="left")


def _place(policy: Policy, columns: list[str]) -> pl.Expr:
    """The place of the first rule that fits; "" where none does."""
    import polars as pl

    made = pl.lit("")
    for rule in reversed(policy.places):
        fits = pl.all_horizontal(
            pl.lit(True), *(pl.col(name).is_in(words) for name, words in rule.among.items())
        ).fill_null(False)
        made = pl.when(fits).then(pl.lit(rule.place)).otherwise(made)
    return made


def _earned(
    company: Company, payments: Table[Payments] | None, policy: Policy, day: date
) -> pl.DataFrame:
    """What people earned in the twelve months before a day, as a year's: payee_id, plan, earned."""
    import polars as pl

    empty = {"payee_id": pl.String, "plan": pl.String, "earned": pl.Float64}
    if payments is None:
        return pl.DataFrame(schema=empty)
    begin = date(day.year - 1, day.month, 1)
    over = company.calendar.filter(nw.col("start_date") >= begin, nw.col("end_date") <= day)
    months = engine.collected(over.select("period", "start_date", "end_date"))
    rows = engine.collected(payments.filter(nw.col("kind") == "earned"))
    summed = (
        rows.filter(pl.col("period").is_in(months["period"].to_list()))
        .group_by("payee_id", "plan")
        .agg(earned=pl.col("amount").sum() / MONEY)
    )
    whole = (months["end_date"] - months["start_date"]).dt.total_days().sum()
    held = engine.collected(engine.open_ended(company.positions)).filter(
        pl.col("status") == "active"
    )
    first = pl.max_horizontal(pl.col("start_date"), pl.lit(months["start_date"].min()))
    last = pl.min_horizontal(pl.col("end_date"), pl.lit(day))
    days = (last - first).dt.total_days().clip(lower_bound=0)
    parts = held.group_by("payee_id", "plan").agg(part=days.sum() / max(whole, 1))
    least = policy.least_months / 12 - 0.01
    joined = parts.filter(pl.col("part") >= least).join(summed, on=["payee_id", "plan"], how="left")
    return joined.select(
        "payee_id", "plan", earned=pl.col("earned").fill_null(0.0) / pl.col("part")
    )
