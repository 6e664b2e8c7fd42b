"""Postings: what a close adds to the earnings that are on record, line by line, and why.

The ledger never keeps a whole month twice: it keeps postings, whose sums by key are what is known.
A line that is new, changed or gone since the last close is one posting of the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.tables import Earnings, Postings
from spmlib.incent.lines import KEY

if TYPE_CHECKING:
    import polars as pl

REASONS = {
    "month": "earned in the month that is closed",
    "opening": "earned before the first close; paid outside this ledger",
    "adjusted": "added or taken by hand",
    "late": "booked for a closed month, and known since",
    "event": "cancelled, or otherwise changed by an event",
    "owner": "now credited to another person",
    "day": "now dated in another month",
    "withdrawn": "no longer there",
    "changed": "credited with another amount",
    "moved": "moved by what changed around it",
}


def postings(now: pl.DataFrame, known: pl.DataFrame, period: str, first: bool) -> pl.DataFrame:
    """The differences between what is known now and what is on record, a row for each line.

    Args:
        now: Earnings up to the period [ticks].
        known: what is on record, of `known`; without rows before the first close.
        period: that is closed.
        first: whether it is the first close.

    Returns:
        Postings: ``amount`` is the difference [ticks], ``was`` and ``now`` what it lies between.
    """
    import polars as pl

    key = list(KEY)
    fresh = now.group_by(key).agg(_others(now), pl.col("amount").sum().alias("now"))
    old = known.rename({"amount": "was"})
    both = fresh.join(
        old.select(*key, "was", credited_was="credited", there=pl.lit(True)),
        on=key,
        how="left",
        nulls_equal=True,
    )
    gone = old.join(fresh, on=key, how="anti", nulls_equal=True).with_columns(
        now=pl.lit(0, pl.Int64), credited_was="credited", there=pl.lit(True)
    )
    rows = pl.concat([both, gone.select(both.columns)]).with_columns(
        pl.col("was").fill_null(0), pl.col("there").fill_null(False)
    )
    differ = rows.with_columns(amount=pl.col("now") - pl.col("was"))
    differ = differ.filter((pl.col("amount") != 0) | ~pl.col("there"))
    reason = _reasons(now, known, period, first)
    return differ.with_columns(reason=reason).select(*Postings.columns()).sort(key)


def known(posted: pl.DataFrame) -> pl.DataFrame:
    """What is on record after some closes: Earnings, one row for each line that stands.

    Args:
        posted: the postings of those closes, in their order.
    """
    import polars as pl

    key = list(KEY)
    others = [name for name in Earnings.columns() if name not in (*key, "amount")]
    summed = posted.group_by(key, maintain_order=True).agg(
        pl.col(*others).last(), pl.col("amount").sum(), pl.col("now").last()
    )
    return summed.select(*Earnings.columns())


def _others(now: pl.DataFrame) -> pl.Expr:
    import polars as pl

    return pl.col([name for name in now.columns if name not in (*KEY, "amount")]).first()


def _reasons(now: pl.DataFrame, known_: pl.DataFrame, period: str, first: bool) -> pl.Expr:
    """Why a line is posted."""
    import polars as pl

    if first:
        own = pl.col("period") == period
        return pl.when(own).then(pl.lit("month")).otherwise(pl.lit("opening"))
    booked = pl.col("transaction_id")
    before = known_["transaction_id"].drop_nulls().unique()
    after = now["transaction_id"].drop_nulls().unique()
    moved = _moved(now, known_, ("transaction_id", "through_id"))
    dated = _moved(now, known_, ("transaction_id", "period"))
    is_new, is_gone = ~pl.col("there"), pl.col("now") == 0
    return (
        pl.when(pl.col("period") == period)
        .then(pl.lit("month"))
        .when(pl.col("kind") == "adjustment")
        .then(pl.lit("adjusted"))
        .when(booked.is_null())
        .then(pl.lit("moved"))
        .when(is_new & pl.col("event_id").is_not_null())
        .then(pl.lit("event"))
        .when(is_new & ~booked.is_in(before.implode()))
        .then(pl.lit("late"))
        .when(pl.col("there") & is_gone & ~booked.is_in(after.implode()))
        .then(pl.lit("withdrawn"))
        .when((is_new | is_gone) & booked.is_in(moved.implode()))
        .then(pl.lit("owner"))
        .when((is_new | is_gone) & booked.is_in(dated.implode()))
        .then(pl.lit("day"))
        .when(pl.col("credited") != pl.col("credited_was"))
        .then(pl.lit("changed"))
        .otherwise(pl.lit("moved"))
    )


def _moved(now: pl.DataFrame, known_: pl.DataFrame, by: tuple[str, str]) -> pl.Series:
    """The transactions that are with other people, or in other months, than they were."""
    import polars as pl

    pairs = [
        frame.filter(pl.col("transaction_id").is_not_null(), pl.col("event_id").is_null())
        .select(by)
        .unique()
        for frame in (now, known_)
    ]
    new = pairs[0].join(pairs[1], on=list(by), how="anti")
    old = pairs[1].join(pairs[0], on=list(by), how="anti")
    return new.join(old, on="transaction_id", how="semi")["transaction_id"].unique()
