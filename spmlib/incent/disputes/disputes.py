"""The table of disputes: how each stands on a day, from its moves.

To ask what was open on an earlier day, give that day: later moves are then left out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from spmlib.core.tables import Disputes
from spmlib.incent.disputes.moves import OPEN

if TYPE_CHECKING:
    import polars as pl

FIRST = ("payee_id", "plan", "period", "lines", "transaction_id", "claimed", "currency")
LATEST = ("cause", "owner", "due_date", "granted", "remedy", "close")


def ordered(moves: pl.DataFrame) -> pl.DataFrame:
    """Moves in the order in which they happened."""
    import polars as pl

    return moves.with_columns(pl.col("number").fill_null(1)).sort(
        "dispute_id", "move_date", "number", maintain_order=True
    )


def disputes(moves: pl.DataFrame, day: date) -> pl.DataFrame:
    """How each dispute stands at the end of a day: one row for each, as the ids run.

    Args:
        moves: the table `DisputeMoves` [ticks].
        day: later moves are left out.

    Returns:
        The table `Disputes` [ticks].
    """
    import polars as pl

    known = ordered(moves.filter(pl.col("move_date") <= day))
    found = known.group_by("dispute_id", maintain_order=True).agg(
        *(pl.col(name).first() for name in FIRST),
        *(pl.col(name).drop_nulls().last() for name in LATEST),
        status=pl.col("move").last(),
        raised_date=pl.col("move_date").first(),
        acknowledged_date=_day(("acknowledged",)),
        decided_date=_day(("accepted", "rejected", "withdrawn")),
        closed_date=_day(("closed",)),
        says=pl.col("reason").first(),
        reason=pl.col("reason").last(),
    )
    undecided = pl.col("status").is_in(OPEN)
    until = pl.coalesce("decided_date", pl.lit(day))
    late = (pl.lit(day) - pl.col("due_date")).dt.total_days()
    return found.with_columns(
        days=(until - pl.col("raised_date")).dt.total_days(),
        overdue_days=pl.when(undecided & (late > 0)).then(late).otherwise(0),
    ).select(*Disputes.columns())


def faults(moves: pl.DataFrame) -> pl.DataFrame:
    """The moves that do not follow from those before them: dispute_id, move_id, last, move."""
    import polars as pl

    from spmlib.incent.disputes.moves import PERMITTED

    rows = ordered(moves).with_columns(last=pl.col("move").shift().over("dispute_id").fill_null(""))
    pairs = [(last, move) for last, options in PERMITTED.items() for move in options]
    good = pl.DataFrame(pairs, schema=["last", "move"], orient="row")
    return rows.join(good, on=["last", "move"], how="anti").select(
        "dispute_id", "move_id", "last", "move"
    )


def _day(words: tuple[str, ...]) -> pl.Expr:
    import polars as pl

    return pl.col("move_date").filter(pl.col("move").is_in(words)).last()
