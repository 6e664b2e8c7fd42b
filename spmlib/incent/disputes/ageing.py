"""Ageing: how long disputes have been waiting, and how long they took."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from spmlib.incent.disputes.moves import OPEN

if TYPE_CHECKING:
    import polars as pl

STARTS = (0, 8, 15, 31, 61)  # days at which each class of age begins


def ageing(disputes: pl.DataFrame, starts: Sequence[int] = STARTS) -> pl.DataFrame:
    """Undecided disputes by age, youngest first; a class without any has a row too.

    Args:
        disputes: the table `Disputes`.
        starts: days at which each class begins, rising from 0; closed left, open right.

    Returns:
        age (``0-7``, ``61+``), currency (empty where nothing waits), count, overdue (how many),
        claimed [ticks of the currency].
    """
    import polars as pl

    labels = [f"{a}-{b - 1}" for a, b in pairwise(starts)]
    labels.append(f"{starts[-1]}+")
    open_ = disputes.filter(pl.col("status").is_in(OPEN))
    place = pl.sum_horizontal(pl.col("days") >= start for start in starts[1:]).cast(pl.Int64)
    counted = (
        open_.with_columns(order=place)
        .group_by("order", "currency")
        .agg(
            count=pl.len().cast(pl.Int64),
            overdue=(pl.col("overdue_days") > 0).sum().cast(pl.Int64),
            claimed=pl.col("claimed").fill_null(0).sum(),
        )
    )
    every = pl.DataFrame({"age": labels, "order": range(len(labels))})
    joined = every.join(counted, on="order", how="left").sort("order", "currency")
    return joined.drop("order").with_columns(pl.col("count", "overdue", "claimed").fill_null(0))


def times(disputes: pl.DataFrame, by: str = "cause") -> pl.DataFrame:
    """How long decisions took, by cause, owner or another column.

    Returns:
        the column, decided (how many), median, p90, longest [days], late_share (decided after they
        were due); p90 is the smallest number of days within which nine of ten were decided.
    """
    import polars as pl

    done = disputes.filter(pl.col("decided_date").is_not_null())
    return (
        done.group_by(by)
        .agg(
            decided=pl.len().cast(pl.Int64),
            median=pl.col("days").median(),
            p90=pl.col("days").quantile(0.9, "higher"),
            longest=pl.col("days").max(),
            late_share=(pl.col("decided_date") > pl.col("due_date")).mean(),
        )
        .sort("decided", by, descending=[True, False])
    )
