"""Copies: books with some of their tables replaced, and what was planted in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spmlib.incent.audit.books import Books

if TYPE_CHECKING:
    import polars as pl

MONTHS = 12  # the last ones of those that paid are those that faults are planted in
WORTH = 100 * 10_000  # the least pay that a planted fault is about [ticks]


@dataclass(frozen=True)
class Planted:
    """Books with faults in them."""

    books: Books
    keys: tuple[str, ...]  # what was planted, as findings of the check call it (`measured.key`)


def changed(books: Books, **tables: pl.DataFrame) -> Books:
    """The books with some tables replaced."""
    return replace(books, tables={**books.tables, **tables})


def recent(books: Books) -> list[str]:
    """The months in which faults are planted."""
    paid = books.payouts["period"].unique().to_list()
    order = [period for period in books.periods["period"].to_list() if period in paid]
    return order[-MONTHS:]


def drawn(frame: pl.DataFrame, many: int, rng: np.random.Generator) -> pl.DataFrame:
    """So many rows by lot, fewer where there are fewer."""
    rows = rng.permutation(frame.height)[:many]
    return frame[np.sort(rows)]


def paying(books: Books) -> pl.DataFrame:
    """Sold lines of the recent months that pay somebody enough to matter."""
    import polars as pl

    paid = books.by_transaction.filter(pl.col("amount") >= WORTH).rename({"amount": "pay"})
    own = books.booked.filter(
        pl.col("period").is_in(recent(books)), pl.col("amount") > 0, pl.col("quantity") > 0
    ).drop_nulls(["account_id", "owner_id", "product_id"])
    return own.join(paid.select("transaction_id", "pay"), on="transaction_id").sort(
        "transaction_id"
    )


def scaled(frame: pl.DataFrame, factors: Mapping[str, float], *columns: str) -> pl.DataFrame:
    """The rows with amounts of some transactions multiplied."""
    import polars as pl

    factor = pl.col("transaction_id").replace_strict(dict(factors), default=1.0)
    return frame.with_columns(
        (pl.col(name) * factor).round().cast(pl.Int64).alias(name) for name in columns
    )
