"""Bookings: what was sold by whom, where in its window, and whether it was cancelled and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, SHARE, Table
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import polars as pl


def bookings(company: Company, currency: str, window: str = "quarter") -> pl.DataFrame:
    """One row per booked deal line of an owner.

    Args:
        company: its tables.
        currency: to read amounts in.
        window: month (a period of the calendar), quarter, half or year.

    Returns:
        payee_id (the owner), transaction_id, deal_id, account_id, day, amount [currency],
        discount (share), window, window_start, window_end (first day after), next_end (that of the
        next window; empty in the last), days_left (until the window's end, from 1), days_in (since
        its start, from 0), cancelled_day (the first cancellation; empty if there was none),
        cancelled (share of the amount).
    """
    import polars as pl

    rows = engine.collected(_dated(company, currency)).with_columns(pl.col("amount") / MONEY)
    column = "period" if window == "month" else window
    ends = windows(company, column)
    back = engine.collected(
        company.events.filter(nw.col("event") == "cancellation")
        .group_by("transaction_id")
        .agg(cancelled_day=nw.col("event_date").min(), back=nw.col("amount").sum())
    )
    made = rows.rename({column: "window"}).join(ends, on="window")
    made = made.join(back, on="transaction_id", how="left")
    return made.select(
        pl.col("owner_id").alias("payee_id"),
        *("transaction_id", "deal_id", "account_id"),
        pl.col("event_date").alias("day"),
        "amount",
        pl.col("discount").fill_null(0) / SHARE,
        *("window", "window_start", "window_end", "next_end"),
        days_left=(pl.col("window_end") - pl.col("event_date")).dt.total_days(),
        days_in=(pl.col("event_date") - pl.col("window_start")).dt.total_days(),
        cancelled_day="cancelled_day",
        cancelled=(-pl.col("back") / pl.col("booked")).fill_null(0.0),
    ).sort("payee_id", "day", "transaction_id")


def windows(company: Company, column: str) -> pl.DataFrame:
    """The windows of a length: window, window_start, window_end, next_end."""
    import polars as pl

    return (
        engine.collected(company.calendar)
        .group_by(pl.col(column).alias("window"))
        .agg(window_start=pl.col("start_date").min(), window_end=pl.col("end_date").max())
        .sort("window_start")
        .with_columns(next_end=pl.col("window_end").shift(-1))
    )


def deals(rows: pl.DataFrame) -> pl.DataFrame:
    """Lines as deals: lines of one deal are one, lines without a deal stand alone."""
    import polars as pl

    keyed = rows.with_columns(deal=pl.coalesce("deal_id", "transaction_id"))
    return (
        keyed.group_by("payee_id", "account_id", "deal")
        .agg(pl.col("day").min(), pl.col("amount").sum(), lines=pl.len())
        .sort("payee_id", "account_id", "day", "deal")
    )


def _dated(company: Company, currency: str) -> Table[Any]:
    """Transactions with money and an owner, in the currency, with their period and windows."""
    sold: Table[Any] = company.transactions.filter(
        nw.col("amount") > 0, ~nw.col("owner_id").is_null()
    )
    named = ["transaction_id", "deal_id", "account_id", "owner_id", "event_date", "currency"]
    sold = sold.select(*named, "amount", "discount", booked=nw.col("amount"))
    calendar: Table[Any] = company.calendar.select(
        *("period", "quarter", "half", "year", "start_date", "end_date")
    )
    placed = sold.join(calendar, how="cross").filter(engine.during("event_date"))
    return worth(placed, company, currency)
