"""Badges: who reached what, and when: so many rows, so much, a run of months, a best month.

To add a kind: write who has won it of the rows that pass, enter it in `WON`, its word in `written`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from spmlib.motivate.contests import frames
from spmlib.motivate.contests.written import Badge

if TYPE_CHECKING:
    import polars as pl

DAYS = {"week": "1w", "month": "1mo"}  # how long a step of a run is


def badges(rows: Any, wanted: Sequence[Badge], until: date) -> pl.DataFrame:
    """The badges that people have won by a day, and when they won them.

    Args:
        rows: payee_id, event_date, and the columns that badges name.
        wanted: what each asks for: so many rows (`count`; with a column, one below 0 takes
            another back), so much of a column (`total`), so many
            weeks or months in a row with one (`in_a_row`), or more of a column than in any month
            before (`best_month`).
        until: the first day that is not known.

    Returns:
        payee_id, badge, won_date (of a run or a best month: its last day known); by badge and day.

    Raises:
        ParameterError: as of `points`.
    """
    import polars as pl

    frame = frames.days(
        frames.taken(rows, ("payee_id", "event_date"), "the rows"), "event_date", "the rows"
    )
    frame = frame.filter(pl.col("event_date") < until).sort("event_date")
    made = [
        WON[badge.kind](_passing(frame, badge), badge).select(
            "payee_id", pl.col("won_date").cast(pl.Date), badge=pl.lit(badge.name)
        )
        for badge in wanted
    ]
    empty = pl.DataFrame(schema={"payee_id": pl.String, "won_date": pl.Date, "badge": pl.String})
    every = pl.concat([empty, *made]).select("payee_id", "badge", "won_date")
    return every.sort("badge", "won_date", "payee_id")


def _passing(frame: pl.DataFrame, badge: Badge) -> pl.DataFrame:
    """The rows that a badge counts: payee_id, event_date, amount (1 each without a column).

    Where rows are counted, one whose column is below 0 takes another back.
    """
    import polars as pl

    passing = frames.fitting(frame, badge.where)
    amount = frames.amount(passing, badge.column, badge.place) if badge.column else pl.lit(1.0)
    if badge.kind == "count":
        amount = pl.when(amount < 0).then(-1.0).otherwise(1.0)
    return passing.select("payee_id", "event_date", amount=amount)


def _reached(rows: pl.DataFrame, badge: Badge) -> pl.DataFrame:
    """Who has so much in all, and when they first had it."""
    import polars as pl

    daily = rows.group_by("payee_id", "event_date").agg(pl.col("amount").sum()).sort("event_date")
    running = daily.with_columns(sum=pl.col("amount").cum_sum().over("payee_id"))
    there = running.filter(pl.col("sum") >= badge.asks)
    return there.group_by("payee_id").agg(won_date=pl.col("event_date").min())


def _in_a_row(rows: pl.DataFrame, badge: Badge) -> pl.DataFrame:
    """Who had one in so many weeks or months in a row, and the last day of the first such run."""
    import polars as pl

    step = DAYS[badge.step]
    steps = (
        rows.filter(pl.col("amount") > 0)
        .with_columns(step=pl.col("event_date").dt.truncate(step))
        .group_by("payee_id", "step")
        .agg(last=pl.col("event_date").min())
        .sort("payee_id", "step")
    )
    number = (
        pl.col("step").dt.year().cast(pl.Int64) * 12 + pl.col("step").dt.month().cast(pl.Int64)
        if badge.step == "month"
        else pl.col("step").cast(pl.Int32).cast(pl.Int64) // 7
    )
    turn = pl.int_range(pl.len()).over("payee_id")
    runs = steps.with_columns(run=number - turn)
    counted = runs.with_columns(length=pl.int_range(pl.len()).over("payee_id", "run") + 1)
    there = counted.filter(pl.col("length") >= badge.asks)
    return there.group_by("payee_id").agg(won_date=pl.col("last").min())


def _best_month(rows: pl.DataFrame, badge: Badge) -> pl.DataFrame:
    """Who brought more in a month than in any before, of so many; the latest such month."""
    import polars as pl

    monthly = (
        rows.with_columns(month=pl.col("event_date").dt.truncate("1mo"))
        .group_by("payee_id", "month")
        .agg(pl.col("amount").sum(), won_date=pl.col("event_date").max())
        .sort("payee_id", "month")
    )
    before = pl.col("amount").cum_max().shift(1).over("payee_id")
    turn = pl.int_range(pl.len()).over("payee_id")
    best = monthly.with_columns(before=before, turn=turn).filter(
        pl.col("turn") >= badge.asks, pl.col("amount") > pl.col("before")
    )
    return best.group_by("payee_id").agg(won_date=pl.col("won_date").max())


WON = {"count": _reached, "total": _reached, "in_a_row": _in_a_row, "best_month": _best_month}
