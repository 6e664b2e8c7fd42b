"""Changes: orders that became something else after they had paid somebody.

What earlier closes recorded is compared with what follows from the tables now. A late booking or a
cancellation is told by a row of its own and needs no audit; an order that silently has another
amount, owner or day, or is no longer there, does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.incent.audit import findings
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import amount, rows
from spmlib.incent.audit.written import Policy
from spmlib.incent.paying.postings import REASONS, postings

if TYPE_CHECKING:
    import polars as pl

SILENT = ("withdrawn", "owner", "day", "changed")  # the first that applies is told


def changes(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: orders changed after pay; at stake is what goes to, or is taken from, people.

    Defined as::

        the larger of what the order pays more to some, and less to others, than is on record
    """
    import polars as pl

    del policy  # what is on record is exact
    if books.recorded is None or books.recorded.is_empty():
        return findings.none()
    numbers = books.periods.select("period", "month")
    last = books.recorded.join(numbers, on="period")["month"].max()
    now = books.earnings.join(numbers, on="period").filter(pl.col("month") <= last)
    due = numbers.filter(pl.col("month") == pl.lit(last) + 1)["period"].to_list()
    period = due[0] if due else str(books.periods["period"][-1])
    posted = postings(now.select(books.recorded.columns), books.recorded, period, first=False)
    silent = posted.filter(pl.col("reason").is_in(SILENT))
    return _told(books, _by_order(books, silent, posted), period)


def _by_order(books: Books, silent: pl.DataFrame, posted: pl.DataFrame) -> pl.DataFrame:
    """The orders that changed, with all that their lines pay more or less."""
    import polars as pl

    order = pl.col("reason").replace_strict({r: n for n, r in enumerate(SILENT)})
    reason = silent.group_by("transaction_id").agg(
        pl.col("reason").sort_by(order).first(), since=pl.col("period").min()
    )
    lines = books.worth(posted.join(reason, on="transaction_id", how="semi"))
    moved = lines.group_by("transaction_id").agg(
        more=pl.col("amount").clip(lower_bound=0).sum(),
        less=-pl.col("amount").clip(upper_bound=0).sum(),
        people=pl.col("payee_id").n_unique(),
        source=pl.col("source").first(),
    )
    return reason.join(moved, on="transaction_id")


def _told(books: Books, found: pl.DataFrame, period: str) -> pl.DataFrame:
    import polars as pl

    said = pl.col("reason").replace_strict({r: REASONS[r] for r in SILENT}, return_dtype=pl.String)
    return rows(
        found.with_columns(
            amount=pl.max_horizontal("more", "less"), score=pl.lit(1.0), period=pl.lit(period)
        ),
        "changes",
        pl.concat_str("transaction_id", pl.lit(f"/{period}/"), "reason"),
        pl.concat_str(
            pl.lit("paid in "), "since", pl.lit(", and since then "), said,
            pl.lit(": pays "), amount("more"), pl.lit(" more and "), amount("less"),
            pl.lit(f" {books.currency} less to "), pl.col("people").cast(pl.String),
            pl.lit(" people"),
        ),
        pl.concat_str(pl.lit("ledger, "), "transaction_id"),
        "ask who changed the order, and why; book changes as events",
        books.currency,
    )  # fmt: skip
