"""Shares: how much is acknowledged, by team or manager, and how long that takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from spmlib.incent.distribution.standing import places

LIVE = ("prepared", "sending", "sent", "failed", "bounced", "acknowledged")  # versions that count


def acknowledged(deliveries: pl.DataFrame, by: Sequence[str] = ("team",)) -> pl.DataFrame:
    """How many documents of people who are there, that have to be acknowledged, are or are not.

    Defined as::

        share = acknowledged / documents      documents: prepared or further, of the latest version

    Args:
        deliveries: as `Deliveries`.
        by: the columns to count by: team, manager_id, document.

    Returns:
        The columns of `by`, documents, reached (sent or acknowledged), acknowledged, share, open
        (sent, not acknowledged), overdue, chased (people reminded at least once), longest (days
        that the most overdue one is).
    """
    status, overdue = pl.col("status"), pl.col("overdue_days") > 0
    there = pl.col("leave_date").is_null()
    live = deliveries.filter((pl.col("asked") == "yes") & status.is_in(LIVE) & there)
    done = status == "acknowledged"
    rows = live.group_by(by).agg(
        documents=pl.len().cast(pl.Int64),
        reached=status.is_in(["sent", "acknowledged"]).sum().cast(pl.Int64),
        acknowledged=done.sum().cast(pl.Int64),
        open=(status == "sent").sum().cast(pl.Int64),
        overdue=overdue.sum().cast(pl.Int64),
        chased=(pl.col("chased_count") > 0).sum().cast(pl.Int64),
        longest=pl.col("overdue_days").max(),
    )
    share = pl.col("acknowledged") / pl.col("documents")
    columns = ("documents", "reached", "acknowledged", "share", "open", "overdue", "chased")
    return rows.with_columns(share=share).select(*by, *columns, "longest").sort(by, nulls_last=True)


def sent(deliveries: pl.DataFrame, moves: pl.DataFrame, document: str) -> pl.DataFrame:
    """What was sent of a document, period by period or plan by plan.

    Args:
        deliveries: as `Deliveries`.
        moves: as `DeliveryMoves`, of the same day.
        document: statement, plan, or another.

    Returns:
        of, documents (on record), sent (arrived, as far as anybody knows), bounced (came back at
        least once), failed (prepared, failed or came back last), unsure (under way, or nobody
        knows).
    """
    status, key = pl.col("status"), ["payee_id", "document", "of", "version"]
    back = moves.filter(pl.col("move") == "bounced").select(key).unique()
    rows = deliveries.filter(pl.col("document") == document)
    rows = rows.join(back.with_columns(back=pl.lit(True)), on=key, how="left")
    made = rows.group_by("of").agg(
        documents=pl.len().cast(pl.Int64),
        sent=(pl.col("sent_date").is_not_null() & ~status.is_in(["bounced", "sending"])).sum(),
        bounced=pl.col("back").fill_null(False).sum(),
        failed=status.is_in(["prepared", "failed", "bounced"]).sum(),
        unsure=(status == "sending").sum(),
    )
    return made.with_columns(pl.selectors.unsigned_integer().cast(pl.Int64)).sort("of")


def lacking(
    deliveries: pl.DataFrame, positions: pl.DataFrame, document: str, day: date
) -> pl.DataFrame:
    """Who holds a plan on a day and has no document of it: never sent, or under way only.

    Returns:
        payee_id, plan, role, team, manager_id, status (empty: nothing is on record).
    """
    ends = pl.col("end_date").is_null() | (pl.col("end_date") > day)
    held = positions.filter((pl.col("start_date") <= day) & ends & pl.col("plan").is_not_null())
    held = held.select("payee_id", "plan").unique().join(places(positions, day), on="payee_id")
    live = deliveries.filter((pl.col("document") == document) & pl.col("status").is_in(LIVE))
    has = live.select("payee_id", "status", plan="of")
    rows = held.join(has, on=["payee_id", "plan"], how="left")
    without = pl.col("status").is_null() | ~pl.col("status").is_in(["sent", "acknowledged"])
    columns = ("payee_id", "plan", "role", "team", "manager_id", "status")
    return rows.filter(without).select(columns).sort("payee_id", "plan")


def still_open(days: Sequence[int], done: Sequence[bool]) -> pl.DataFrame:
    """The share not yet acknowledged after so many days, those still open counted while they are.

    Defined as::

        open(t) = product over the days s <= t of (1 - acknowledged(s) / at risk(s))

    Args:
        days: from sent to acknowledged, or so far [days].
        done: whether it was acknowledged then; else it is open for at least as long.

    Returns:
        day, at_risk, acknowledged, open (share); the first row is day 0 before anybody answered.

    Raises:
        ValueError: the two differ in length, or a number of days is negative.

    >>> still_open([1, 2, 2, 5], [True, True, False, False])["open"].to_list()
    [1.0, 0.75, 0.5]

    Source: Kaplan and Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958).
    """
    lasted, over = np.asarray(days, np.int64), np.asarray(done, bool)
    if lasted.shape != over.shape or (lasted < 0).any():
        raise ValueError("days: one number from 0 up for each answer is needed.")
    times, answers = np.unique(lasted[over], return_counts=True)
    at_risk = len(lasted) - np.searchsorted(np.sort(lasted), times, side="left")
    left = np.cumprod(1 - answers / np.maximum(at_risk, 1))
    return pl.DataFrame(
        {
            "day": np.concatenate([[0], times]),
            "at_risk": np.concatenate([[len(lasted)], at_risk]),
            "acknowledged": np.concatenate([[0], answers]),
            "open": np.concatenate([[1.0], left]),
        }
    )


def days_until(curve: pl.DataFrame, share: float) -> float:
    """The first day by which a share has acknowledged; infinite if so many never did.

    Args:
        curve: of `still_open`.
        share: of those asked, 0 to 1; 0.5 is the median.

    >>> days_until(still_open([1, 2, 2, 5], [True, True, False, False]), 0.5)
    2.0
    """
    there = curve.filter(pl.col("open") <= 1 - share + 1e-12)
    return float(there["day"][0]) if len(there) else math.inf


def waited(deliveries: pl.DataFrame, document: str) -> tuple[list[int], list[bool]]:
    """What `still_open` takes, of the latest versions of a document that were sent.

    Returns:
        days, and whether it was acknowledged then.
    """
    rows = deliveries.filter(
        (pl.col("document") == document)
        & pl.col("status").is_in(["sent", "acknowledged"])
        & pl.col("days").is_not_null()
    )
    return rows["days"].to_list(), (rows["status"] == "acknowledged").to_list()
