"""Ends: how much of a window is booked in its last days, and at what price, against peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.incent.gaming.bunching import adjusted
from spmlib.incent.gaming.odds import among_peers, dispersed, rate_of_peers

if TYPE_CHECKING:
    import polars as pl


def hockey_sticks(rows: pl.DataFrame, last_days: int, fewest: int = 5) -> pl.DataFrame:
    """How many of each person's deals were booked in last days, against everybody else's.

    Deals come in bunches, so that people differ more than a binomial draw says: the chance is the
    larger of that and of one as wide as people are apart (`odds.dispersed`).

    Args:
        rows: of `bookings.bookings`; payee_id, deal_id, transaction_id, amount, discount and
            days_left are looked at.
        last_days: of a window.
        fewest: deals below which nothing is said of a person.

    Returns:
        payee_id, tries (deals), hits (in last days), amount (booked in last days), share (of what
        was booked), discount_more (that of last days over that of others, weighed by amount),
        price (what that came to [currency]; not below 0), peers_rate, p_value, p_adjusted (Holm);
        the least likely first.
    """
    import numpy as np
    import polars as pl

    late = pl.col("days_left") <= last_days
    listed = pl.col("amount") / (1 - pl.col("discount").clip(0, 0.99))
    given = listed - pl.col("amount")
    keyed = rows.with_columns(
        deal=pl.coalesce("deal_id", "transaction_id"), late=late, listed=listed, given=given
    )
    end = pl.col("late")
    counted = keyed.group_by("payee_id").agg(
        tries=pl.col("deal").n_unique().cast(pl.Int64),
        hits=pl.col("deal").filter(end).n_unique().cast(pl.Int64),
        amount=pl.col("amount").filter(end).sum(),
        share=pl.col("amount").filter(end).sum() / pl.col("amount").sum(),
        listed=pl.col("listed").filter(end).sum(),
        one=pl.col("given").filter(end).sum() / pl.col("listed").filter(end).sum(),
        other=pl.col("given").filter(~end).sum() / pl.col("listed").filter(~end).sum(),
    )
    k, n = counted["hits"].to_numpy(), counted["tries"].to_numpy()
    p = np.where(n >= fewest, np.maximum(among_peers(k, n), dispersed(k, n)), np.nan)
    more = (pl.col("one") - pl.col("other")).fill_nan(0.0)
    made = counted.with_columns(
        discount_more=more,
        price=(more * pl.col("listed")).clip(lower_bound=0.0),
        peers_rate=pl.Series(rate_of_peers(k, n)),
        p_value=pl.Series(p).fill_nan(None),
        p_adjusted=pl.Series(adjusted(p)).fill_nan(None),
    )
    return made.drop("listed", "one", "other").sort("p_value", "payee_id", nulls_last=True)
