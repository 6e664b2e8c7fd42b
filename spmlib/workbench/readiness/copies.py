"""Readiness, copies: a company into which adjustments by hand were planted, beside itself."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import Adjustments
from spmlib.revops.readiness import planted
from spmlib.workbench.readiness.assessment import Readiness


def copy(of: Readiness, noise: int = 50, messy: float = 0.35, seed: int = 42) -> Readiness:
    """A copy of a company in which much is adjusted by hand: rules, and amounts that are none.

    They are planted for people who held a plan in the currency that is read in on the first day of
    each month, so that an amount means the same for all.

    Args:
        of: the company.
        noise: one-off adjustments a month.
        messy: share of reasons written with slips, names, days, or not at all.
        seed: of the draws.
    """
    calendar = engine.collected(of.bench.company.calendar)
    months = calendar.filter(pl.col("period").is_in(of.months)).sort("start_date")["start_date"]
    names = engine.collected(of.bench.company.payees.select("name"))["name"].to_list()
    made = planted.planted(
        _steady(of, months), months.to_list(), noise, seed, of.credited, messy, names=names
    )
    return copied(of, made.rows)


def _steady(of: Readiness, days: pl.Series) -> list[str]:
    """Who held a plan in the currency on each of some days."""
    plans, currency = of.bench.parameters.plans, of.computed.currency
    own = [name for name, plan in plans.items() if plan.currency == currency]
    positions = engine.collected(engine.open_ended(of.bench.company.positions))
    held = positions.filter(pl.col("plan").is_in(own)).join(
        pl.DataFrame({"day": days}), how="cross"
    )
    there = held.filter(pl.col("day") >= pl.col("start_date"), pl.col("day") < pl.col("end_date"))
    counts = there.group_by("payee_id").agg(pl.col("day").n_unique())
    return counts.filter(pl.col("day") == len(days))["payee_id"].sort().to_list()


def copied(of: Readiness, rows: pl.DataFrame) -> Readiness:
    """A copy of a company in which adjustments were made by hand.

    Args:
        of: the company.
        rows: adjustment_id, payee_id, event_date, amount [ticks], cause, reason, and where known
            rule (which one each was planted for; -1 for none) and plan.

    Returns:
        The same months; each adjustment is under the plan held on its day, asked for by one and
        approved by another. Who holds no plan on the day is left out.
    """
    positions = engine.collected(engine.open_ended(of.bench.company.positions))
    held = positions.filter(pl.col("plan").is_not_null()).select(
        "payee_id", "plan", "start_date", "end_date"
    )
    day = pl.col("event_date")
    own = (
        rows.drop("plan", strict=False)
        .join(held, on="payee_id")
        .filter(day >= pl.col("start_date"), day < pl.col("end_date"))
    )
    empty = {name: pl.lit(None) for name in Adjustments.columns() if name not in own.columns}
    whole = own.with_columns(**empty).with_columns(
        requested_by=pl.lit("sales operations"), approved_by=pl.lit("finance")
    )
    schema = engine.collected(engine.empty(Adjustments)).schema
    made = whole.select(*(pl.col(name).cast(kind) for name, kind in schema.items()))
    truth = None
    if "rule" in rows.columns:
        truth = own.select(exception_id="adjustment_id", rule="rule")
    return replace(of, adjustments=made.sort("adjustment_id"), truth=truth)
