"""Recognised: rows of what was earned for contracts, as costs and as changes of costs.

The first amount of an order, component and team is a cost; what is earned later for it adds to it,
what cancellations take back is clawed back, and contracts that end are terminations.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import SHARE, ContractCosts, CostChanges, Table
from spmlib.incent.contract_costs import levies
from spmlib.incent.contract_costs.allocations import numbered
from spmlib.incent.contract_costs.written import Policy

TAXES = ", taxes"  # how portfolios of employers' taxes end
CANCELLED = "cancellation"  # how the source of such an end begins


def recognised(
    kept: pl.DataFrame, ended: pl.DataFrame, policy: Policy
) -> tuple[Table[ContractCosts], Table[CostChanges], pl.DataFrame]:
    """Costs, their changes, and rows that came when their benefit was over.

    Args:
        kept: transaction_id, plan, component, team, currency, period, its start_date, end_date and
            place (``at``), amount, event_id, event_date, manner, and of the contract: booked,
            start, months, row, segment, source, policy_date.
        ended: as `contracts.ends`.
        policy: what later pay is amortised over.
    """
    dated = _dated(kept)
    firsts = dated.filter(pl.col("turn") == 0)
    gone = _gone()
    costs = _costs(firsts.filter(gone < pl.col("months")), policy)
    about = costs.select(
        *("cost", "cost_id", "capitalised_date"), own="amount", transaction_id="contract_id"
    )
    later = dated.filter(pl.col("turn") > 0)
    late = firsts.filter(gone >= pl.col("months"))
    lost = pl.concat([late, later.join(about, "cost", "anti")])
    moved = _moved(later.join(about.drop("transaction_id"), "cost"), ended)
    empty: Any = pl.lit(None, dtype=pl.Int64)
    changes = pl.concat([moved, _over(about, ended).select(moved.columns)])
    changes = changes.with_columns(months=empty, months_left=empty)
    changes = changes.select(*CostChanges.columns())
    return engine.brought(costs.select(*ContractCosts.columns())), engine.brought(changes), lost


def _dated(kept: pl.DataFrame) -> pl.DataFrame:
    """The rows with their cost, the day on which each holds, and its turn among the cost's."""
    last = pl.col("end_date").dt.offset_by("-1d")
    # What is earned in the month of the order is an asset from that day; what is shared out, or
    # earned later, at the month's end.
    own = (pl.col("booked") >= pl.col("start_date")) & (pl.col("booked") < pl.col("end_date"))
    own = own & pl.col("event_id").is_null() & (pl.col("manner") == "as_earned")
    words = ["transaction_id", "plan", "component", "team", "currency"]
    dated = (
        numbered(kept, words, "cost")
        .with_columns(
            day=pl.coalesce("event_date", pl.when(own).then("booked").otherwise(last)),
            taken=pl.col("event_id").is_not_null(),
        )
        .sort("cost", "at", "taken", "day", "event_id")
    )
    return dated.with_columns(turn=pl.int_range(pl.len()).over("cost"))


def _gone() -> pl.Expr:
    """Months of a benefit that are over when something is earned for it."""
    years = pl.col("day").dt.year() - pl.col("start").dt.year()
    months = pl.col("day").dt.month().cast(pl.Int64) - pl.col("start").dt.month()
    return (years.cast(pl.Int64) * 12 + months).clip(lower_bound=0)


def _costs(firsts: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    left = policy.later == "prospective"
    taxes = pl.col("component") == levies.COMPONENT
    ending = pl.when(taxes).then(pl.lit(TAXES)).otherwise(pl.lit(""))
    begins = pl.when(_gone() > 0).then("day").otherwise("start")
    words = ("transaction_id", "plan", "component", "team", "currency")
    return firsts.select(
        "cost",
        "amount",
        "currency",
        "team",
        "source",
        "policy_date",
        cost_id=pl.concat_str(words, separator=" "),
        contract_id="transaction_id",
        portfolio=pl.concat_str("row", pl.lit(", "), "segment", ending),
        capitalised_date="day",
        start_date=begins if left else pl.col("start"),
        months=pl.col("months") - _gone() if left else pl.col("months"),
        pattern=pl.lit(None, dtype=pl.String),
        how=pl.lit("incurred"),
    )


def _moved(later: pl.DataFrame, ended: pl.DataFrame) -> pl.DataFrame:
    """What was earned later or taken back, on the day of the cancellation that took it."""
    cancelled = ended.filter(pl.col("source").str.starts_with(CANCELLED))
    days = cancelled.select("transaction_id", cancelled="change_date").sort("cancelled")
    dated = later.with_columns(last=pl.col("end_date").dt.offset_by("-1d")).sort("last")
    told = dated.join_asof(
        days, left_on="last", right_on="cancelled", by="transaction_id", check_sortedness=False
    )
    inside = (pl.col("cancelled") >= pl.col("start_date")).fill_null(False)
    back = (pl.col("amount") < 0) & (pl.col("taken") | inside)
    day = pl.when(back & ~pl.col("taken")).then("cancelled").otherwise("day")
    told = told.with_columns(
        back=back, change_date=pl.max_horizontal(day, "capitalised_date")
    ).sort("cost", "change_date", "turn")
    # What is taken back beyond what a cost came to is a correction, and no clawback.
    rest = pl.col("own") + pl.col("amount").cum_sum().over("cost")
    claw = pl.col("back") & (rest.min().over("cost") >= 0) & (pl.col("own") > 0)
    return told.select(
        "cost_id",
        "change_date",
        kind=pl.when(claw).then(pl.lit("clawed_back")).otherwise(pl.lit("added")),
        amount=pl.when(claw).then(-pl.col("amount")).otherwise("amount"),
        share=pl.lit(None, dtype=pl.Int64),
        source=pl.coalesce("event_id", "period"),
    )


def _over(about: pl.DataFrame, ended: pl.DataFrame) -> pl.DataFrame:
    """The ends of contracts, of each of their costs.

    A part that was cancelled before a cost became an asset never counted for it.
    """
    over = about.join(ended, "transaction_id")
    early = pl.col("change_date") < pl.col("capitalised_date")
    whole = pl.col("share") == pl.lit(SHARE)
    return over.filter(~early | whole).select(
        "cost_id",
        "share",
        "source",
        kind=pl.lit("terminated"),
        change_date=pl.max_horizontal("change_date", "capitalised_date"),
        amount=pl.lit(None, dtype=pl.Int64),
    )
