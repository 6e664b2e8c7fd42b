"""Printed: what the command line shows as tables and lines; it computes nothing but sums."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from spmlib.workbench.closes import Month
    from spmlib.workbench.differences import Difference

LINES = 5  # of a person whose pay differs


def reading(reads: pd.DataFrame) -> Table:
    """How many rows came in, and what became of them."""
    shown = Table("table", "place", box=None, pad_edge=False)
    for column in ("rows in", "used", "refused", "left out"):
        shown.add_column(column, justify="right")
    for row in reads.itertuples():
        counts = (row.rows_in, row.rows_used, row.rows_refused, row.rows_left_out)
        shown.add_row(escape(row.table), escape(row.place), *(f"{count:,}" for count in counts))
    return shown


def closing(month: Month) -> Table:
    """What a month pays, by plan: what was earned, what corrects closed months, and terms."""
    import polars as pl

    own = pl.col("kind")
    parts = {
        "earned": own == "earned",
        "corrected": own.is_in(["correction", "terms"]),
        "terms": ~own.is_in(["earned", "correction", "terms"]),
    }
    rows = (
        month.tables["payments"]
        .group_by("plan", "currency")
        .agg(
            pl.col("payee_id").n_unique().alias("people"),
            *(pl.col("amount").filter(test).sum().alias(name) for name, test in parts.items()),
            pl.col("amount").sum().alias("paid"),
        )
    )
    shown = Table("plan", "people", *parts, "paid", "", box=None, pad_edge=False)
    shown.title, shown.columns[0].overflow = month.period, "fold"
    for column in shown.columns[1:-1]:
        column.justify = "right"
    for row in rows.sort("plan").iter_rows(named=True):
        amounts = (_amount(row[name], row["currency"]) for name in (*parts, "paid"))
        shown.add_row(escape(row["plan"]), f"{row['people']:,}", *amounts, row["currency"])
    return shown


def sums(rows: pl.DataFrame, title: str) -> Table:
    """Earnings by person and plan."""
    import polars as pl

    key = ("payee_id", "plan", "currency")
    summed = rows.group_by(key).agg(pl.col("amount").sum()).sort(key)
    shown = Table("payee", "plan", "earned", "", box=None, pad_edge=False, title=title)
    shown.columns[2].justify = "right"
    for row in summed.iter_rows(named=True):
        amount = _amount(row["amount"], row["currency"])
        shown.add_row(escape(row["payee_id"]), escape(row["plan"]), amount, row["currency"])
    return shown


def told(found: Difference, most: int) -> Iterator[str]:
    """The people who differ most, each with the lines that make the difference."""
    for row in found.people.head(most).iter_rows(named=True):
        amounts = [_amount(row[n], row["currency"]) for n in ("was", "now", "difference")]
        who = f"{row['payee_id']}, {row['plan']}"
        yield f"{who}: {amounts[0]} -> {amounts[1]} {row['currency']}  ({amounts[2]})"
        own = found.lines.filter(payee_id=row["payee_id"], plan=row["plan"])
        for line in own.head(LINES).iter_rows(named=True):
            words = (line["component"], line["kind"], line.get("transaction_id"), line.get("rule"))
            said = " ".join(word for word in words if word)
            yield f"    {_amount(line['difference'], row['currency'])}  {said}  {line['source']}"
        if len(own) > LINES:
            yield f"    and {len(own) - LINES:,} more lines"


def _amount(ticks: int, currency: str) -> str:
    from spmlib.core.money import CURRENCIES

    return f"{Decimal(ticks).scaleb(-4):,.{CURRENCIES[currency]}f}"
