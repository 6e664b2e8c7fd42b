"""Standings: pay for lines that lose money, and to people or in currencies that it does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import amount, rows
from spmlib.incent.audit.written import Policy

if TYPE_CHECKING:
    import polars as pl


def margins(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: lines sold at a loss that pay somebody; what they pay is at stake."""
    import polars as pl

    del policy
    lost = books.booked.filter(pl.col("margin") < 0, pl.col("amount") > 0)
    paid = books.by_transaction.rename({"amount": "pay"})
    found = lost.join(paid, on="transaction_id").filter(pl.col("pay") > 0)
    return rows(
        found.rename({"amount": "sold"}).with_columns(amount="pay", score=pl.lit(0.5)),
        "margins",
        pl.col("transaction_id"),
        pl.concat_str(
            pl.lit("a margin of "), amount("margin"), pl.lit(" on "), amount("sold"), pl.lit(" "),
            "currency", pl.lit(", and it pays "), amount("pay"),
            pl.lit(f" {books.currency} in full"),
        ),
        pl.concat_str(pl.lit("transactions "), "transaction_id"),
        "ask who approved the price; let the plan pay on margin if it is meant to",
        books.currency,
    )  # fmt: skip


def inactive(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: people paid for a month in which they held no position under the plan, actively.

    People who left are another check's; a plan that pays when customers do pays on for
    ``trailing`` months after the last day it was held.
    """
    import polars as pl

    held = _held(books)
    gone = books.payees.select("payee_id", "leave_date")
    by_event = [n for n, p in books.plans.items() if p.payment is not None and p.payment.by_event]
    paid = books.worth(books.payouts).filter(pl.col("amount") > 0).join(books.periods, on="period")
    alone = paid.join(held, on=["payee_id", "plan", "period"], how="anti").join(gone, on="payee_id")
    stays = pl.col("leave_date").is_null() | (pl.col("leave_date") > pl.col("start_date"))
    found = _last_held(books, alone.filter(stays))
    months = (pl.col("start_date") - pl.col("last_day")).dt.total_days() / 30.5
    trails = pl.col("plan").is_in(by_event) & (months <= policy.trailing) & (months >= 0)
    found = found.filter(~trails.fill_null(False))
    return rows(
        found.with_columns(score=pl.lit(0.9)),
        "inactive",
        pl.concat_str("payee_id", "plan", "period", separator="/"),
        pl.concat_str(
            pl.lit("is paid "), amount("amount"), pl.lit(f" {books.currency} under "), "plan",
            pl.lit(" for "), "period",
            pl.lit(", and held no active position under it; the last ended "),
            pl.coalesce(pl.col("last_day").cast(pl.String), pl.lit("never")),
        ),
        pl.concat_str(pl.lit("positions "), "payee_id"),
        "correct the positions, or withdraw the payment",
        books.currency,
    )  # fmt: skip


def currencies(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: pay in another currency than the plan's, or than the person's, or no rate."""
    import polars as pl

    del policy
    said = pl.DataFrame(
        {"plan": list(books.plans), "of_plan": [p.currency for p in books.plans.values()]},
        schema={"plan": pl.String, "of_plan": pl.String},
    )
    own = books.payees.select("payee_id", of_person="currency")
    paid = books.payroll.join(said, on="plan", how="left").join(own, on="payee_id", how="left")
    why = (
        pl.when(pl.col("currency") != pl.col("of_plan"))
        .then(pl.concat_str(pl.lit("paid in "), "currency", pl.lit(" under a plan in "), "of_plan"))
        .when(pl.col("payroll_currency") != pl.col("of_person"))
        .then(
            pl.concat_str(
                pl.lit("sent to payroll in "),
                "payroll_currency",
                pl.lit(", and paid in "),
                "of_person",
            )
        )
        .when(pl.col("payroll_amount").is_null() & (pl.col("amount") != 0))
        .then(pl.lit("there is no rate to the currency the person is paid in"))
        .when(
            (pl.col("currency") == pl.col("payroll_currency"))
            & (pl.col("amount") != pl.col("payroll_amount"))
        )
        .then(pl.lit("another amount is sent to payroll in the same currency"))
    )
    found = paid.with_columns(why=why).drop_nulls("why").with_columns(pl.col("amount").abs())
    return rows(
        books.worth(found).with_columns(score=pl.lit(1.0)),
        "currencies",
        pl.concat_str("payee_id", "plan", "period", separator="/"),
        pl.concat_str("why", pl.lit(": "), amount("amount"), pl.lit(f" {books.currency}")),
        pl.concat_str(pl.lit("payroll "), "payee_id"),
        "correct the person's currency, the plan's, or the rates",
        books.currency,
    )


def _held(books: Books) -> pl.DataFrame:
    """The months in which each plan was held actively, if only for a day."""
    import polars as pl

    own = books.positions.drop_nulls("plan").filter(pl.col("status").ne_missing("leave"))
    own = own.select("payee_id", "plan", since="start_date", until="end_date")
    months = own.join(books.periods, how="cross").filter(
        pl.col("since") < pl.col("end_date"),
        pl.col("until").is_null() | (pl.col("until") > pl.col("start_date")),
    )
    return months.select("payee_id", "plan", "period").unique()


def _last_held(books: Books, paid: pl.DataFrame) -> pl.DataFrame:
    """The rows with the last day on which the plan was held actively before their month."""
    import polars as pl

    own = books.positions.filter(pl.col("status").ne_missing("leave"))
    ends = own.select("payee_id", "plan", last_day="end_date").drop_nulls()
    key = ["payee_id", "plan", "period"]
    before = paid.join(ends, on=key[:2]).filter(pl.col("last_day") < pl.col("end_date"))
    return paid.join(before.group_by(key).agg(pl.col("last_day").max()), on=key, how="left")
