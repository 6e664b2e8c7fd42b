"""Leavers: people paid after they left, beyond what their plan still owes them.

A plan that pays when customers are billed or pay goes on paying for what was booked before; the
policy says for how many months (``trailing``). All else that is dated after the last day is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import amount, rows
from spmlib.incent.audit.written import Policy

if TYPE_CHECKING:
    import polars as pl


def leavers(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: a person, plan and month paid after leaving; what was paid is at stake.

    At stake is, in the month of leaving, what was earned by bookings since then; later, all that
    was paid, or only what was booked since then where the plan may pay on.
    """
    import polars as pl

    paid = _paid(books).join(_booked_since(books), on=["payee_id", "plan", "period"], how="left")
    since = pl.col("since").fill_null(0)
    gone = pl.col("start_date") >= pl.col("leave_date")
    trails = pl.col("by_event") & (pl.col("months") <= policy.trailing)
    stake = pl.when(gone & ~trails).then(pl.max_horizontal("paid", since)).otherwise(since)
    found = paid.with_columns(amount=stake, score=pl.lit(1.0)).filter(
        pl.col("amount") > 0, pl.col("leave_date") < pl.col("end_date")
    )
    lines = pl.col("lines").fill_null(0).cast(pl.String)
    return rows(
        found,
        "leavers",
        pl.concat_str("payee_id", "plan", "period", separator="/"),
        pl.concat_str(
            pl.lit("left on "), pl.col("leave_date").cast(pl.String), pl.lit(", and is paid "),
            amount("paid"), pl.lit(f" {books.currency} for "), "period", pl.lit("; "), lines,
            pl.lit(" lines were booked after leaving; the plan "),
            pl.when("by_event").then(pl.lit("pays when customers do")).otherwise(
                pl.lit("pays at booking")
            ),
        ),
        pl.concat_str(pl.lit("payees "), "payee_id"),
        "end the positions held, or correct the day of leaving",
        books.currency,
    )  # fmt: skip


def _paid(books: Books) -> pl.DataFrame:
    """What people who left are paid, month by month."""
    import polars as pl

    gone = books.payees.select("payee_id", "leave_date").drop_nulls()
    by_event = [name for name, plan in books.plans.items() if _by_event(plan)]
    own = books.worth(books.payouts.join(gone, on="payee_id")).join(books.periods, on="period")
    months = (pl.col("start_date").dt.year() - pl.col("leave_date").dt.year()) * 12 + (
        pl.col("start_date").dt.month().cast(pl.Int32) - pl.col("leave_date").dt.month()
    )
    return own.with_columns(
        months=months, by_event=pl.col("plan").is_in(by_event), paid=pl.col("amount")
    )


def _by_event(plan: object) -> bool:
    payment = getattr(plan, "payment", None)
    return payment is not None and bool(payment.by_event)


def _booked_since(books: Books) -> pl.DataFrame:
    """What people earned by what was booked after they left, by plan and month."""
    import polars as pl

    gone = books.payees.select("payee_id", "leave_date").drop_nulls()
    lines = books.earnings.filter(
        pl.col("transaction_id").is_not_null(), pl.col("event_id").is_null()
    ).join(gone, on="payee_id")
    late = books.worth(lines.filter(pl.col("event_date") >= pl.col("leave_date")))
    return late.group_by("payee_id", "plan", "period").agg(
        since=pl.col("amount").sum(), lines=pl.col("transaction_id").n_unique()
    )
