"""Corrections: what accepted disputes ask of the next close, and whether it does it.

A dispute is remedied once. By `adjustment` the granted amount becomes a row of adjustments, named
for its dispute, so that a calculation made again has the same row and pays nothing twice. By `data`
the source is corrected, and what its lines post in the close has to be what was granted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.tables import Adjustments
from spmlib.incent.disputes.disputes import ordered

if TYPE_CHECKING:
    import polars as pl


def asked(moves: pl.DataFrame, days: pl.DataFrame, given: tuple[str, ...] = ()) -> pl.DataFrame:
    """The adjustments that disputes ask for: accepted ones, and those that a close has paid.

    A dispute that was closed outside the ledger (without the number of a close) asks for nothing.

    Args:
        moves: the table `DisputeMoves` [ticks].
        days: period, event_date: the day that an adjustment of its statement is for.
        given: disputes that the company's own adjustments name already; they ask for no more.

    Returns:
        The table `Adjustments` [ticks], a row for each dispute, named for it; a closed dispute
        keeps its row, or the next close would take the amount back.
    """
    import polars as pl

    rows = ordered(moves)
    outside = rows.filter(pl.col("move") == "closed", pl.col("close").is_null())["dispute_id"]
    first = rows.filter(pl.col("move") == "raised").select(
        "dispute_id", "payee_id", "plan", "period", "transaction_id", requested_by="by"
    )
    causes = rows.group_by("dispute_id").agg(pl.col("cause").drop_nulls().last())
    granted = rows.filter(
        pl.col("move") == "accepted",
        pl.col("remedy") == "adjustment",
        ~pl.col("dispute_id").is_in([*given, *outside]),
    ).select("dispute_id", "reason", amount="granted", approved_by="by", recorded_date="move_date")
    joined = granted.join(first, on="dispute_id").join(causes, on="dispute_id")
    return (
        joined.join(days, on="period")
        .with_columns(adjustment_id="dispute_id", component=pl.lit(None, pl.String))
        .select(*Adjustments.columns())
        .sort("adjustment_id")
    )


def met(disputes: pl.DataFrame, postings: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """What a close posts for each accepted dispute, beside what was granted.

    By data: the difference of the disputed lines, and of the disputed transaction's lines, of that
    person. By adjustment: what is posted by lines named for the dispute.

    Args:
        disputes: the table `Disputes` [ticks].
        postings: of one close, or of several together [ticks].
        given: adjustments that are part of it: adjustment_id, dispute_id.

    Returns:
        dispute_id, payee_id, remedy, granted, posted [ticks], met (they are equal), currency.
    """
    import polars as pl

    from spmlib.incent import lines

    waiting = disputes.filter(pl.col("status") == "accepted")
    named = lines.named(postings)
    by_line = (
        waiting.filter(pl.col("remedy") == "data")
        .select("dispute_id", "payee_id", line_id=pl.col("lines").fill_null("").str.split(" "))
        .explode("line_id")
        .join(named, on=["line_id", "payee_id"])
    )
    moved = _moved(waiting, by_line, named)
    by_hand = (
        waiting.filter(pl.col("remedy") == "adjustment")
        .select("dispute_id", "payee_id")
        .join(given.drop_nulls("dispute_id"), on="dispute_id")
        .join(
            named.filter(pl.col("kind") == "adjustment"),
            left_on=["payee_id", "adjustment_id"],
            right_on=["payee_id", "event_id"],
        )
    )
    parts = [f.select("dispute_id", "line_id", "amount") for f in (by_line, moved, by_hand)]
    summed = pl.concat(parts).unique().group_by("dispute_id").agg(posted=pl.col("amount").sum())
    found = waiting.join(summed, on="dispute_id", how="left").with_columns(
        pl.col("posted").fill_null(0)
    )
    return found.select(
        "dispute_id",
        "payee_id",
        "remedy",
        "granted",
        "posted",
        met=pl.col("posted") == pl.col("granted"),
        currency="currency",
    ).sort("dispute_id")


def _moved(waiting: pl.DataFrame, by_line: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """What is posted of the disputed transactions themselves, whatever line they are on now."""
    import polars as pl

    data = waiting.filter(pl.col("remedy") == "data")
    direct = data.select("dispute_id", "payee_id", "transaction_id")
    from_lines = by_line.select("dispute_id", "payee_id", "transaction_id")
    pairs = pl.concat([direct, from_lines]).drop_nulls("transaction_id").unique()
    return named.join(pairs, on=["payee_id", "transaction_id"])
