"""Snapshots: the deals open on a day with what was known of them, and what became of them.

All days lie alike in their periods (the first day of each, or the twelfth), so that every earlier
one asked the very question that is asked today. A period ahead is a lead: 0 is the one under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.pipeline.deals import Deals

if TYPE_CHECKING:
    import polars as pl

LATE = 7  # days of a period's start by which its first closing may be missing
FEWEST = 3  # earlier days, each with a whole period after it


@dataclass(frozen=True)
class Asked:
    """The days on which the question is asked: today and the like days before it.

    Attributes:
        days: number (0 is the first), day.
        spans: one row per day and lead: number, lead, period, place, begin, start, end. A span
            begins on the day itself, or with its period.
        last: the number of today.
    """

    days: pl.DataFrame
    spans: pl.DataFrame
    last: int


def asked(deals: Deals, leads: int) -> Asked:
    """Today and the like days of all periods since deals are closed.

    Args:
        deals: known up to today.
        leads: periods ahead, the one under way the first; fewer where the calendar ends before.

    Raises:
        ParameterError: today is in no period, or too few periods are over.
    """
    import polars as pl

    periods = deals.periods.with_row_index("n").with_columns(pl.col("n").cast(pl.Int64))
    now = periods.filter((pl.col("start") <= deals.day) & (deals.day < pl.col("end")))
    if now.is_empty():
        raise ParameterError(f"no period of the calendar has {deals.day}; lengthen calendar.yaml.")
    own = now["n"][0]
    leads = min(leads, periods.height - own)
    since = (deals.day - now["start"][0]).days
    first = deals.closings["day"].min() - timedelta(LATE)  # type: ignore[operator]
    day = pl.min_horizontal(pl.col("start") + timedelta(since), pl.col("end") - timedelta(1))
    days = periods.filter((pl.col("n") <= own) & (pl.col("start") >= first))
    days = days.with_columns(day=day).select("n", "day")
    if days.height <= FEWEST:
        raise ParameterError(
            f"deals were closed in {max(days.height - 1, 0)} periods before {deals.day}; "
            f"{FEWEST} are needed: name a later period, or bring earlier deals."
        )
    days = days.with_columns(number=pl.int_range(pl.len(), dtype=pl.Int64))
    lead = pl.DataFrame({"lead": range(leads)}, schema={"lead": pl.Int64})
    spans = days.join(lead, how="cross").with_columns(n=pl.col("n") + pl.col("lead"))
    spans = spans.join(periods, on="n", maintain_order="left")
    begin = pl.max_horizontal("day", "start")
    spans = spans.select("number", "lead", "period", "place", "start", "end", begin=begin)
    return Asked(days.select("number", "day"), spans, days.height - 1)


def standing(deals: Deals, day: date) -> pl.DataFrame:
    """The deals that are open as a day begins, with what is known of them by then.

    Returns:
        deal, owner, the labels, stage, category, amount, due, pushes, day, and in days: age,
        staying (in its stage).
    """
    import polars as pl

    known = deals.states.filter(pl.col("day") < day)
    now = known.unique("deal", keep="last", maintain_order=True)
    now = now.filter(pl.col("status") == "open")
    rows = now.join(deals.about, on="deal", maintain_order="left")
    return rows.select(
        "deal",
        "owner",
        *deals.labels,
        "stage",
        "category",
        "amount",
        "due",
        "pushes",
        day=pl.lit(day),
        age=(pl.lit(day) - pl.col("created")).dt.total_days(),
        staying=(pl.lit(day) - pl.col("staged")).dt.total_days(),
    )


def exposures(deals: Deals, asked: Asked) -> pl.DataFrame:
    """One row per day asked, deal then open, and lead.

    Returns:
        As `standing`, and: number, lead, place, begin, end; open: whether it still was as the span
        began; closed, won: what became of it in the span; ended, success, came: the day on which
        it closed at last, whether won, and for how much. What lies after today is not known.
    """
    import polars as pl

    stands = [
        standing(deals, day).with_columns(number=pl.lit(number, pl.Int64))
        for number, day in asked.days.iter_rows()
    ]
    rows = pl.concat(stands).join(asked.spans, on="number", maintain_order="left")
    ended = deals.closings.select("deal", ended="day", success="won", came="amount")
    rows = rows.join(ended, on="deal", how="left", maintain_order="left")
    still = (pl.col("ended") >= pl.col("begin")).fill_null(True)
    closed = still & (pl.col("ended") < pl.col("end")).fill_null(False)
    return rows.with_columns(open=still, closed=closed, won=closed & pl.col("success"))
