"""Outliers: pay far above what is usual for the person, after attainment and season."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import amount, rows
from spmlib.incent.audit.usual import SPREAD, usual
from spmlib.incent.audit.written import Policy

if TYPE_CHECKING:
    import polars as pl


def outliers(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: months that pay somebody far more than usual; what is above that is at stake."""
    import polars as pl

    terms = policy.outliers
    months = usual(books, terms.months, terms.history)
    expected = (pl.col("expected") * pl.col("season").exp()).clip(lower_bound=0)
    months = months.with_columns(expected=expected, times=pl.col("surprise") / pl.col("spread"))
    found = months.filter(
        pl.col("times") >= terms.times,
        pl.col("surprise").exp() >= terms.ratio,
        pl.col("earned") - pl.col("expected") >= terms.least,
    )
    return rows(
        found.with_columns(
            amount=(pl.col("earned") - pl.col("expected")).round(),
            score=1 - 0.5 * terms.times / pl.col("times"),
        ),
        "outliers",
        pl.concat_str("payee_id", "plan", "period", separator="/"),
        pl.concat_str(
            pl.lit("earns "), amount("earned"), pl.lit(f" {books.currency}, where "),
            amount(pl.col("expected").round().cast(pl.Int64)),
            pl.lit(" was to be expected of what was credited: "),
            pl.col("times").round(1).cast(pl.String),
            pl.lit(" robust standard deviations above own months"),
        ),
        pl.concat_str("plan", pl.lit(".yaml")),
        "go through the receipt: spm explain",
        books.currency,
    )  # fmt: skip


def prices(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: lines whose amount for each unit is far above that of their likes.

    Likes are all lines that agree in what the policy says (``by``), whenever they were booked. At
    stake is the part of the line's pay that lies above their median price: a digit too many shows.
    """
    import polars as pl

    terms = policy.prices
    likes = [name for name in terms.by if name in books.booked.columns]
    priced = books.booked.filter(pl.col("amount") > 0, pl.col("quantity") > 0)
    priced = priced.with_columns(price=(pl.col("amount") / pl.col("quantity")).log())
    priced = priced.with_columns(
        usual=pl.col("price").median().over(likes), many=pl.len().over(likes)
    ).with_columns(away=pl.col("price") - pl.col("usual"))
    spread = (SPREAD * pl.col("away").abs().median().over(likes)).clip(lower_bound=0.05)
    found = priced.with_columns(times=pl.col("away") / spread, ratio=pl.col("away").exp()).filter(
        pl.col("many") >= terms.history,
        pl.col("times") >= terms.times,
        pl.col("ratio") >= terms.ratio,
    )
    paid = books.by_transaction.rename({"amount": "pay"})
    found = found.join(paid, on="transaction_id")
    return rows(
        found.with_columns(
            amount=(pl.col("pay") * (1 - 1 / pl.col("ratio"))).round(),
            score=1 - 0.5 * terms.ratio / pl.col("ratio"),
        ),
        "prices",
        pl.col("transaction_id"),
        pl.concat_str(
            pl.lit("a price of "), pl.col("ratio").round(1).cast(pl.String),
            pl.lit(" times the median of "), pl.col("many").cast(pl.String),
            pl.lit(" lines alike ("),
            pl.concat_str(likes, separator=", ", ignore_nulls=True),
            pl.lit("); it pays "),
            amount("pay"), pl.lit(f" {books.currency}"),
        ),
        pl.concat_str(pl.lit("transactions "), "transaction_id"),
        "compare amount and quantity with the order",
        books.currency,
    )  # fmt: skip
