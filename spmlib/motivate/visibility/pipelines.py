"""Pipelines: what each person has open, and how much of what is left it covers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def pipelines(opportunities: pl.DataFrame, history: pl.DataFrame, day: date) -> pl.DataFrame:
    """The open deals of everybody on a day, as their history says.

    Args:
        opportunities: opportunity_id, owner_id, currency.
        history: as `OpportunityHistory`, in the order of its source; of several rows of a day the
            last one stands.
        day: the first day that is not known.

    Returns:
        payee_id, category (empty: none), currency, deals, amount [ticks]; by person and category.
    """
    import polars as pl

    known = history.filter(pl.col("change_date") < day).with_row_index("row")
    last = known.sort("change_date", "row").group_by("opportunity_id", maintain_order=True).last()
    open_ = last.filter(pl.col("status") == "open", pl.col("amount").is_not_null())
    owned = open_.join(
        opportunities.select("opportunity_id", "owner_id", "currency"), "opportunity_id"
    )
    named = owned.filter(pl.col("owner_id").is_not_null()).rename({"owner_id": "payee_id"})
    summed = named.group_by("payee_id", "category", "currency").agg(
        deals=pl.len().cast(pl.Int64), amount=pl.col("amount").sum()
    )
    return summed.sort("payee_id", "category", "currency")
