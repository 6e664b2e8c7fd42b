"""Corrected: what changed of closed months, by reason, by month and line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core.company import Company
from spmlib.core.tables import Postings, Table
from spmlib.incent.paying.postings import REASONS
from spmlib.incent.summaries.overview import figures
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd


def in_figures(corrections: Table[Postings], company: Company, currency: str) -> dict[str, Any]:
    """Corrections in a few figures.

    Returns:
        lines, people, months (corrected), more, less, net [currency].
    """
    rows = worth(corrections, company, currency)
    up = nw.col("amount") > 0
    summed = rows.select(
        lines=nw.len(),
        people=nw.col("payee_id").n_unique(),
        months=nw.col("period").n_unique(),
        earned=nw.when(up).then(nw.col("amount")).otherwise(nw.lit(0)).sum(),
        usual=nw.when(up).then(nw.lit(0)).otherwise(nw.col("amount")).sum() * -1,
        amount=nw.col("amount").sum(),
    )
    row = figures(summed).iloc[0]
    counts = {name: int(row[name]) for name in ("lines", "people", "months")}
    return counts | {"more": row["earned"], "less": row["usual"], "net": row["amount"]}


def by_reason(corrections: Table[Postings], company: Company, currency: str) -> pd.DataFrame:
    """Corrections by reason: reason, says, lines, people, amount [currency]; the largest first."""
    rows = worth(corrections, company, currency)
    summed = rows.group_by("reason").agg(
        nw.col("amount").sum(), lines=nw.len(), people=nw.col("payee_id").n_unique()
    )
    sized = summed.with_columns(size=nw.col("amount").abs())
    table = figures(sized.sort("size", "reason", descending=[True, False]).drop("size"))
    said = table["reason"].map(REASONS)
    return table.assign(says=said)[["reason", "says", "lines", "people", "amount"]]


def by_month(corrections: Table[Postings], company: Company, currency: str) -> pd.DataFrame:
    """What was corrected of which month, and why: period, reason, amount [currency]."""
    rows = worth(corrections, company, currency)
    summed = rows.group_by("period", "reason").agg(nw.col("amount").sum())
    return figures(summed.sort("period", "reason"))


def largest(corrections: Table[Postings], company: Company, most: int = 12) -> pd.DataFrame:
    """The largest corrections of transactions that did not only move with others.

    Returns:
        name, transaction_id, component, period, reason, says, usual (before), earned (now), amount
        (the difference) [currency], currency, source.
    """
    own: Table[Any] = corrections.filter(
        ~nw.col("transaction_id").is_null(), nw.col("reason") != "moved"
    )
    named = own.join(company.payees.select("payee_id", "name"), on="payee_id")
    shown = named.with_columns(usual=nw.col("was"), earned=nw.col("now"))
    columns = (
        *("name", "transaction_id", "component", "period", "reason"),
        *("usual", "earned", "amount", "currency", "source"),
    )
    keyed = shown.with_columns(size=nw.col("amount").abs())
    order = ["size", "name", "transaction_id", "period"]
    top = keyed.sort(*order, descending=[True, False, False, False]).head(most)
    table = figures(top.select(*columns))
    return table.assign(says=table["reason"].map(REASONS))
