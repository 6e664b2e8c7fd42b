"""Reversals: bookings of a window's last days that are cancelled early in the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.incent.gaming.odds import with_odds

if TYPE_CHECKING:
    import polars as pl


def reversals(rows: pl.DataFrame, last_days: int, early: int, fewest: int = 5) -> pl.DataFrame:
    """How often each person's bookings of last days came back early in the next window.

    A booking counts as reversed if its cancellation falls in the next window, within so many days
    of its start. It is held against the person's other bookings (cancelled as soon after their
    booking) and against the last days of everybody else.

    Args:
        rows: of `bookings.bookings`; payee_id, day, amount, window_end, days_left, cancelled_day,
            cancelled are looked at.
        last_days: of a window.
        early: days into the next window.
        fewest: bookings of last days below which nothing is said of a person.

    Returns:
        One row per person with bookings: payee_id, tries (bookings in last days), hits (reversed),
        other_tries, other_hits, amount (of what was reversed [currency]), own_rate, peers_rate,
        p_value (the larger of both tests), p_adjusted (Holm); the least likely first.
    """
    import polars as pl

    into = (pl.col("cancelled_day") - pl.col("window_end")).dt.total_days()
    after = (pl.col("cancelled_day") - pl.col("day")).dt.total_days()
    late = pl.col("days_left") <= last_days
    told = rows.with_columns(
        late=late,
        hit=pl.when(late)
        .then((into >= 0) & (into < early))
        .otherwise(after < early + last_days)
        .fill_null(False),
    )
    return _counted(told, fewest)


def _counted(told: pl.DataFrame, fewest: int) -> pl.DataFrame:
    import polars as pl

    hit, late = pl.col("hit"), pl.col("late")
    counted = told.group_by("payee_id").agg(
        tries=late.sum().cast(pl.Int64),
        hits=(late & hit).sum().cast(pl.Int64),
        other_tries=(~late).sum().cast(pl.Int64),
        other_hits=(~late & hit).sum().cast(pl.Int64),
        amount=(pl.col("amount") * pl.col("cancelled")).filter(late & hit).sum(),
    )
    return with_odds(counted, fewest).sort("p_value", "payee_id", nulls_last=True)
