"""Checks: what must hold of documents on their way, whatever the numbers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from spmlib.incent.distribution import shares
from spmlib.incent.distribution.moves import MOVES
from spmlib.incent.distribution.standing import WHOLE

if TYPE_CHECKING:
    import pandas as pd

Found = tuple[str, str, bool]


def checked(
    deliveries: pl.DataFrame,
    moves: pl.DataFrame,
    positions: pl.DataFrame,
    document: str,
    day: date,
) -> pd.DataFrame:
    """No document is lost or counted twice, none was acknowledged that never left.

    Args:
        deliveries: as `Deliveries`.
        moves: as `DeliveryMoves`, those up to the day.
        positions: as `Positions`.
        document: that everybody with a plan ought to have.
        day: the day.

    Returns:
        check, says, holds.
    """
    import pandas as pd

    known = moves.filter(pl.col("move_date") <= day)
    found = [
        _whole(deliveries, known),
        _latest(deliveries),
        _left(known),
        _everybody(deliveries, positions, document, day),
    ]
    return pd.DataFrame(found, columns=["check", "says", "holds"])


def _whole(deliveries: pl.DataFrame, moves: pl.DataFrame) -> Found:
    named = moves.select(WHOLE).n_unique() if len(moves) else 0
    said = f"{named:,} in {len(moves):,} moves, {len(deliveries):,} rows"
    return ("Each document of each person stands in one row", said, named == len(deliveries))


def _latest(deliveries: pl.DataFrame) -> Found:
    live = deliveries.filter(pl.col("status").is_in(shares.LIVE))
    twice = len(live) - live.select("payee_id", "document", "of").n_unique() if len(live) else 0
    said = f"{len(live):,} count, {twice} beside another version"
    return ("One version of a document counts", said, twice == 0)


def _left(moves: pl.DataFrame) -> Found:
    told = moves.group_by(WHOLE).agg(pl.col("move").unique())
    said = told.filter(pl.col("move").list.contains("acknowledged"))
    left = [move for move in MOVES if move in ("sending", "sent")]
    never = said.filter(pl.col("move").list.set_intersection(left).list.len() == 0)
    words = f"{len(said):,} acknowledged, {len(never)} of them never sent"
    return ("What is acknowledged was sent", words, never.is_empty())


def _everybody(
    deliveries: pl.DataFrame, positions: pl.DataFrame, document: str, day: date
) -> Found:
    lacking = shares.lacking(deliveries, positions, document, day)
    ends = pl.col("end_date").is_null() | (pl.col("end_date") > day)
    held = positions.filter((pl.col("start_date") <= day) & ends & pl.col("plan").is_not_null())
    holding = held.select("payee_id", "plan").n_unique() if len(held) else 0
    has = deliveries.filter(
        (pl.col("document") == document) & pl.col("status").is_in(["sent", "acknowledged"])
    ).select("payee_id", plan="of")
    having = len(held.select("payee_id", "plan").unique().join(has, on=["payee_id", "plan"]))
    said = f"{holding} hold one, {having} have its document, {len(lacking)} are named as lacking it"
    return (
        "Who holds a plan has its document, or is named",
        said,
        holding == having + len(lacking),
    )
