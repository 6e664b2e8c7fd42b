"""Holding: whether deals come in the first days after a window in which they paid no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.incent.gaming.odds import with_odds

if TYPE_CHECKING:
    import polars as pl


def held_back(
    rows: pl.DataFrame, shut: pl.DataFrame, first_days: int, fewest: int = 5
) -> pl.DataFrame:
    """How many deals came in the first days after windows that were shut, against others.

    A window is shut for whom its cap is reached, or its next threshold out of reach. What is booked
    in the window after a shut one is held against what the same person books after open ones, and
    against everybody else after shut ones.

    Args:
        rows: of `bookings.bookings`; payee_id, deal_id, transaction_id, amount, window_start and
            days_in are looked at.
        shut: payee_id, window_end (first day after the window), shut (whether it was).
        first_days: of the window after it.
        fewest: deals after shut windows below which nothing is said of a person.

    Returns:
        payee_id, tries (deals after shut windows), hits (in first days), other_tries, other_hits,
        amount (of hits [currency]), own_rate, peers_rate, p_value, p_adjusted (Holm); the least
        likely first.
    """
    import polars as pl

    before = shut.rename({"window_end": "window_start"})
    told = rows.join(before, on=["payee_id", "window_start"]).with_columns(
        deal=pl.coalesce("deal_id", "transaction_id"), first=pl.col("days_in") < first_days
    )
    one, first = pl.col("shut"), pl.col("first")
    counted = told.group_by("payee_id").agg(
        tries=pl.col("deal").filter(one).n_unique().cast(pl.Int64),
        hits=pl.col("deal").filter(one & first).n_unique().cast(pl.Int64),
        other_tries=pl.col("deal").filter(~one).n_unique().cast(pl.Int64),
        other_hits=pl.col("deal").filter(~one & first).n_unique().cast(pl.Int64),
        amount=pl.col("amount").filter(one & first).sum(),
    )
    return with_odds(counted, fewest).sort("p_value", "payee_id", nulls_last=True)
