"""Durations: how long deals take to be won or lost, and which stay longer than they should.

Won and lost are competing ends: a deal that is lost can no longer be won, so its time is not cut
short but over. Deals that are still open count as long as they are known.

Source:
    Cumulative incidence of competing risks and its variance: Aalen, Johansen, "An empirical
    transition matrix for non-homogeneous Markov chains" (1978); Marubini, Valsecchi, "Analysing
    survival data from clinical trials and observational studies" (1995), 10.2.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats, Whole
from spmlib.core.tables import StageTimes, Table, TimesToClose
from spmlib.orchestrate.pipeline.deals import Deals

if TYPE_CHECKING:
    import polars as pl

ALL = "all deals"
STEP, FARTHEST = 7, 365  # days
LIMIT = 0.9  # of the won deals
FEWEST = 20  # won deals from which a limit is said


def times_to_close(deals: Deals) -> Table[TimesToClose]:
    """How many deals are won and lost by each day: since they were opened, and since each stage."""
    import polars as pl

    spells = _spells(deals)
    whole = spells.filter(pl.col("first")).with_columns(group=pl.lit(ALL))
    groups = [whole, *spells.rename({"stage": "group"}).partition_by("group", maintain_order=True)]
    made = [_incidence(rows, str(rows["group"][0]), _seen(deals)) for rows in groups]
    return engine.brought(pl.concat(made).select(*TimesToClose.columns()))


def stage_times(deals: Deals) -> Table[StageTimes]:
    """How long deals stay in each stage, and what becomes of those that stay longer."""
    import polars as pl

    spells = _spells(deals)
    closed = _closed(deals, spells)
    limits = _limits(closed)
    rows = closed.join(limits, on="stage", how="left")
    stale = pl.col("stayed") > pl.col("limit")
    told = rows.group_by("stage").agg(
        deals=pl.len(),
        place=pl.col("since").mean(),
        won=pl.col("success").mean(),
        won_stale=pl.col("success").filter(stale).mean(),
    )
    now = spells.filter(pl.col("now")).join(limits, on="stage")
    waiting = now.filter(stale).group_by("stage").agg(stale=pl.len())
    made = told.join(limits, on="stage").join(waiting, on="stage", how="left").sort("place")
    return engine.brought(
        made.with_columns(pl.col("stale").fill_null(0)).select(*StageTimes.columns())
    )


def limits(deals: Deals) -> pl.DataFrame:
    """The days in a stage from which a deal is stale: stage, usual, limit."""
    return _limits(_closed(deals, _spells(deals)))


def incidence(
    entered: Whole, left: Whole, cause: Whole, days: int
) -> tuple[Whole, Floats, Floats, Floats]:
    """The cumulative incidence of two causes, day by day.

    Args:
        entered: the day of each from which it is known.
        left: the day of its end, or until which it is known.
        cause: 0 still open, 1 or 2.
        days: up to which day.

    Returns:
        known (how many), the incidence of cause 1, its standard error, the incidence of cause 2;
        for days 0 to `days`.
    """
    size = days + 1
    left = np.maximum(left, entered)
    inside = left <= days
    ends = [np.bincount(left[inside & (cause == c)], minlength=size)[:size] for c in (1, 2)]
    going = np.bincount(np.minimum(left, size), minlength=size + 1)[:size]
    coming = np.bincount(np.minimum(entered, size), minlength=size + 1)[:size]
    known = np.cumsum(coming) - np.concatenate([[0], np.cumsum(going)[:-1]])
    n = known.astype(float)
    both = ends[0] + ends[1]
    hazard = np.divide(both, n, out=np.zeros(size), where=n > 0)
    still = np.concatenate([[1.0], np.cumprod(1 - hazard)[:-1]])
    one, two = (
        np.cumsum(still * np.divide(end, n, out=np.zeros(size), where=n > 0)) for end in ends
    )
    return known, one, np.sqrt(_variance(one, still, ends[0], both, n)), two


def _variance(one: Floats, still: Floats, own: Whole, both: Whole, n: Floats) -> Floats:
    """The variance of the incidence, by the delta method; sums over i <= t of terms in one(t)."""

    def over(top: Floats, bottom: Floats) -> Floats:
        return np.divide(top, bottom, out=np.zeros(len(n)), where=bottom > 0)

    a = over(both, n * (n - both))
    b = still**2 * over(own * (n - own), n**3)
    c = still * over(own, n**2)
    square = one**2 * np.cumsum(a) - 2 * one * np.cumsum(a * one) + np.cumsum(a * one**2)
    return np.maximum(square + np.cumsum(b) - 2 * (one * np.cumsum(c) - np.cumsum(c * one)), 0.0)


def _seen(deals: Deals) -> date:
    """The day from which closings are known."""
    return deals.closings["day"].min()  # type: ignore[return-value]


def _spells(deals: Deals) -> pl.DataFrame:
    """One row per deal and stage it came to, oldest first.

    Returns:
        deal, stage, begin, stayed [days], ended (or today), success (none while open), first
        (of the deal), since (days from opening), now (whether the deal is in it).
    """
    import polars as pl

    open_ = deals.states.filter(pl.col("status") == "open")
    rows = open_.unique(["deal", "staged"], keep="first", maintain_order=True)
    ends = deals.closings.select("deal", "won", closed="day")
    rows = rows.join(ends, on="deal", how="left", maintain_order="left")
    rows = rows.join(deals.about.select("deal", "created"), on="deal", maintain_order="left")
    next_ = pl.col("staged").shift(-1).over("deal")
    until = pl.min_horizontal(next_.fill_null(deals.day), pl.col("closed").fill_null(deals.day))
    rows = rows.filter((pl.col("staged") <= pl.col("closed")).fill_null(True))
    return rows.select(
        "deal",
        "stage",
        begin="staged",
        stayed=(until - pl.col("staged")).dt.total_days(),
        ended=pl.col("closed").fill_null(deals.day),
        success="won",
        first=pl.col("staged") == pl.col("staged").min().over("deal"),
        since=(pl.col("staged") - pl.col("created")).dt.total_days(),
        now=next_.is_null() & pl.col("closed").is_null(),
    )


def _closed(deals: Deals, spells: pl.DataFrame) -> pl.DataFrame:
    """The spells of closed deals that began once closings are known."""
    import polars as pl

    return spells.filter(pl.col("begin") >= _seen(deals), pl.col("success").is_not_null())


def _limits(closed: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    stayed = pl.col("stayed")
    enough = pl.len() >= FEWEST
    return (
        closed.filter("success")
        .group_by("stage")
        .agg(
            usual=pl.when(enough).then(stayed.median()),
            limit=pl.when(enough).then(stayed.quantile(LIMIT)),
        )
    )


def _incidence(rows: pl.DataFrame, group: str, seen: date) -> pl.DataFrame:
    import polars as pl

    begin, ended = (rows[name].to_numpy().astype("datetime64[D]") for name in ("begin", "ended"))
    entered = np.maximum((np.datetime64(seen) - begin).astype(int), 0)
    left = (ended - begin).astype(int)
    cause = rows["success"].cast(pl.Int64).replace_strict({1: 1, 0: 2}, default=0).to_numpy()
    there = left >= entered
    known, won, error, lost = incidence(entered[there], left[there], cause[there], FARTHEST)
    at = np.arange(0, FARTHEST + 1, STEP)
    return pl.DataFrame(
        {
            "group": [group] * len(at),
            "days": at,
            "open": known[at],
            "won": won[at],
            "won_low": np.clip(won[at] - 1.96 * error[at], 0, 1),
            "won_high": np.clip(won[at] + 1.96 * error[at], 0, 1),
            "lost": lost[at],
        }
    )
