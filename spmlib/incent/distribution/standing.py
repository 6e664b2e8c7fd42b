"""Standing: of each version of a document and person, how far it is, and what comes next.

Of the versions of one document for one person the one that came on record last counts, unless it
was withdrawn: all others are superseded, acknowledged or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from spmlib.core.tables import Deliveries
from spmlib.incent.distribution.moves import CHASES, MOVES, WAYS

PART = ("payee_id", "document", "of")  # what has versions
WHOLE = (*PART, "version")


@dataclass(frozen=True)
class Chasing:
    """How a company chases what is not acknowledged."""

    documents: tuple[str, ...]  # those that have to be acknowledged
    after: int  # days from sent to the first reminder
    every: int  # days from one reminder to the next
    escalate: int  # reminders to the person before the manager is told
    most: int  # reminders altogether


def deliveries(
    moves: pl.DataFrame,
    payees: pl.DataFrame,
    positions: pl.DataFrame,
    chasing: Chasing,
    day: date,
) -> pl.DataFrame:
    """How far each document is on its way, as known at the end of a day.

    Defined as::

        due     = sent + after
        overdue = day - due             while sent, not acknowledged and the person employed
        next    = chase, escalate once `escalate` reminders are out, visit once `most` are
                  from due on, or `every` days after the last reminder

    Args:
        moves: as `DeliveryMoves`.
        payees: as `Payees`; when who left is read from.
        positions: as `Positions`; what team and manager are read from.
        chasing: what has to be acknowledged, and how it is chased.
        day: the day.

    Returns:
        The table `Deliveries`, by delivery_id.
    """
    known = ordered(moves).filter(pl.col("move_date") <= day)
    rows = known.group_by(WHOLE).agg(*_told()).with_columns(_status())
    rows = _superseded(rows).with_columns(
        delivery_id=pl.concat_str("document", "of", "version", "payee_id", separator="/"),
        asked=pl.when(pl.col("document").is_in(chasing.documents))
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no")),
    )
    gone = payees.filter(pl.col("leave_date") <= day).select("payee_id", "leave_date")
    rows = rows.join(gone, on="payee_id", how="left")
    rows = _next(_dated(rows, chasing, day), chasing)
    rows = rows.join(places(positions, day), on="payee_id", how="left")
    return rows.select(*Deliveries.columns()).sort("delivery_id")


def ordered(moves: pl.DataFrame) -> pl.DataFrame:
    """Moves in the order in which they happened: by day, number, course of things and id."""
    rank = pl.col("move").replace_strict(
        {move: place for place, move in enumerate(MOVES)}, return_dtype=pl.Int64
    )
    return moves.sort(pl.col("move_date"), pl.col("number").fill_null(1), rank, pl.col("move_id"))


def places(positions: pl.DataFrame, day: date) -> pl.DataFrame:
    """Each person's role, team and manager on a day; the last ones of who has none any more."""
    began = positions.filter(pl.col("start_date") <= day).sort("payee_id", "start_date")
    last = began.group_by("payee_id", maintain_order=True).last()
    return last.select("payee_id", "role", "team", "manager_id")


def _told() -> list[pl.Expr]:
    """What the moves of one delivery say, in their order."""
    move, when = pl.col("move"), pl.col("move_date")
    place = pl.int_range(pl.len())
    sent = place.filter(move == "sent").max().fill_null(-1)
    chases = move.is_in(CHASES) & (place > sent)
    return [
        when.first().alias("first_date"),
        pl.col("number").fill_null(1).first().alias("first_number"),
        move.filter(move.is_in(WAYS)).last().alias("way"),
        (move == "withdrawn").any().alias("withdrawn"),
        when.filter(move == "sent").last().alias("sent_date"),
        when.filter(move == "acknowledged").first().alias("acknowledged_date"),
        chases.sum().cast(pl.Int64).alias("chased_count"),
        when.filter(chases).last().alias("chased_date"),
        (move.last() == "chasing").alias("chase_open"),
        pl.col("reason").last().alias("reason"),
    ]


def _status() -> pl.Expr:
    return (
        pl.when("withdrawn")
        .then(pl.lit("withdrawn"))
        .when(pl.col("acknowledged_date").is_not_null())
        .then(pl.lit("acknowledged"))
        .otherwise(pl.col("way").fill_null("prepared"))
        .alias("status")
    )


def _superseded(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of which a later version is on record say so."""
    order = ("first_date", "first_number", "version")
    latest = (
        rows.filter(~pl.col("withdrawn"))
        .sort(*PART, *order)
        .group_by(PART, maintain_order=True)
        .agg(pl.col("version").last().alias("latest"))
    )
    made = rows.join(latest, on=PART, how="left")
    older = ~pl.col("withdrawn") & (pl.col("version") != pl.col("latest"))
    return made.with_columns(
        status=pl.when(older).then(pl.lit("superseded")).otherwise("status"),
        superseded_by=pl.when(older).then("latest"),
    )


def _dated(rows: pl.DataFrame, chasing: Chasing, day: date) -> pl.DataFrame:
    """Rows with the days they took, and the days they are overdue."""
    asked = pl.col("asked") == "yes"
    due = pl.col("sent_date") + pl.duration(days=chasing.after)
    over = pl.coalesce("acknowledged_date", pl.min_horizontal(pl.lit(day), "leave_date"))
    late = (pl.lit(day) - due).dt.total_days()
    waits = _waits()
    return rows.with_columns(
        # What was acknowledged before it was sent, by hand, took no days.
        days=pl.when(asked).then((over - pl.col("sent_date")).dt.total_days().clip(lower_bound=0)),
        due_date=pl.when(asked).then(due),
        overdue_days=pl.when(waits).then(late.clip(lower_bound=0)).otherwise(0).fill_null(0),
    )


def _next(rows: pl.DataFrame, chasing: Chasing) -> pl.DataFrame:
    """Rows with what is to be done, and from when on."""
    status, count = pl.col("status"), pl.col("chased_count")
    waits = _waits()
    chase = (
        pl.when(count >= chasing.most)
        .then(pl.lit("visit"))
        .when(count >= chasing.escalate)
        .then(pl.lit("escalate"))
        .otherwise(pl.lit("chase"))
    )
    again = pl.col("chased_date") + pl.duration(days=chasing.every)
    return rows.with_columns(
        next=pl.when((status == "sending") | (waits & pl.col("chase_open")))
        .then(pl.lit("look"))
        .when(status.is_in(["prepared", "failed", "bounced"]) & pl.col("leave_date").is_null())
        .then(pl.lit("send"))
        .when(waits)
        .then(chase),
        next_date=pl.when(waits & ~pl.col("chase_open")).then(
            pl.coalesce(again, pl.col("due_date"))
        ),
    )


def _waits() -> pl.Expr:
    """Whether a person who is there has yet to acknowledge."""
    asked, sent = pl.col("asked") == "yes", pl.col("status") == "sent"
    return asked & sent & pl.col("leave_date").is_null()
