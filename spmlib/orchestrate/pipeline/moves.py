"""Moves: what changed between two days, in the pipeline and in what is expected of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.orchestrate.pipeline.deals import Deals
from spmlib.orchestrate.pipeline.snapshots import standing
from spmlib.orchestrate.pipeline.stacks import Stack
from spmlib.orchestrate.pipeline.trials import Trials

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def moved(deals: Deals, since: date, begin: date, end: date) -> pd.DataFrame:
    """What became of the open deals due in some days, from one day to today.

    Args:
        deals: known up to today.
        since: the earlier day.
        begin: the first day on which a deal is due to count.
        end: the first day after them.

    Returns:
        step, amount, start, end: what was open and due, each change, what is. The changes add up.
    """
    import polars as pl

    then, now = (_standing(deals, day, begin, end) for day in (since, deals.day))
    ends = deals.closings.filter(pl.col("day") >= since).select("deal", "won")
    both = then.join(now, on="deal", how="full", suffix="_now", coalesce=True)
    both = both.join(ends, on="deal", how="left").join(
        deals.about.select("deal", "created"), on="deal"
    )
    due, due_now = pl.col("due").fill_null(False), pl.col("due_now").fill_null(False)
    was = pl.when(due).then(pl.col("amount")).otherwise(0.0)
    is_ = pl.when(due_now).then(pl.col("amount_now")).otherwise(0.0)
    step = (
        pl.when(due & due_now)
        .then(pl.when(is_ >= was).then(pl.lit("Made larger")).otherwise(pl.lit("Made smaller")))
        .when(due & pl.col("won"))
        .then(pl.lit("Won"))
        .when(due & ~pl.col("won"))
        .then(pl.lit("Lost"))
        .when(due)
        .then(pl.lit("Put off"))
        .when(pl.col("created") >= since)
        .then(pl.lit("New"))
        .otherwise(pl.lit("Moved here"))
    )
    sums = both.group_by(step=step).agg(amount=(is_ - was).sum(), was=was.sum())
    change = dict(sums.select("step", "amount").iter_rows())
    order = ("New", "Moved here", "Made larger", "Made smaller", "Put off", "Lost", "Won")
    return _bridge(
        f"Open on {since.day} {since:%b}",
        float(sums["was"].sum()),
        {name: change.get(name, 0.0) for name in order},
        f"Open on {deals.day.day} {deals.day:%b}",
    )


def expected(made: Trials, stack: Stack) -> pd.DataFrame:
    """How what was expected of the period under way a period ago becomes what is expected now.

    Returns:
        step, amount, start, end: what was expected then, each change, what is expected now.

    Raises:
        IndexError: nothing was asked of it a period ago.
    """
    import polars as pl

    last = len(made.days) - 1
    value = pl.col("chance") * pl.col("worth")
    then, now = (
        made.rows.filter(pl.col("number") == number, pl.col("lead") == lead).select(
            "deal",
            "chance",
            "worth",
            "open",
            value=value * made.levels[number, lead],
        )
        for number, lead in ((last - 1, 1), (last, 0))
    )
    both = then.join(now, on="deal", how="full", suffix="_now", coalesce=True)
    new = pl.col("chance").is_null()
    gone = pl.col("chance_now").is_null()
    change = pl.col("value_now").fill_null(0.0) - pl.col("value").fill_null(0.0)
    likelier = pl.col("chance_now") > pl.col("chance")
    step = (
        pl.when(new)
        .then(pl.lit("Opened since"))
        .when(gone)
        .then(pl.lit("Closed since"))
        .when(likelier)
        .then(pl.lit("Likelier"))
        .otherwise(pl.lit("Less likely"))
    )
    sums = dict(both.group_by(step=step).agg(change.sum()).iter_rows())
    changes = {
        name: float(sums.get(name, 0.0))
        for name in ("Opened since", "Closed since", "Likelier", "Less likely")
    }
    changes["Not yet there"] = float(made.fresh[last, 0] - made.fresh[last - 1, 1])
    changes["Won so far"] = made.now.so_far
    was, will = float(stack.values[last - 1, 1]), float(stack.values[last, 0])
    changes["Other answers"] = will - was - sum(changes.values())
    return _bridge("A period ago", was, changes, "Now")


def _standing(deals: Deals, day: date, begin: date, end: date) -> pl.DataFrame:
    """The deals open before a day: deal, amount, due (whether in the days asked about)."""
    import polars as pl

    due = pl.col("due").is_between(begin, end, closed="left").fill_null(False)
    return standing(deals, day).select("deal", pl.col("amount").fill_null(0.0), due=due)


def _bridge(first: str, begin: float, changes: dict[str, float], last: str) -> pd.DataFrame:
    import pandas as pd

    kept = {step: amount for step, amount in changes.items() if abs(amount) >= 0.005}
    ends = np.cumsum([begin, *kept.values()])
    return pd.DataFrame(
        {
            "step": [first, *kept, last],
            "amount": [begin, *kept.values(), ends[-1]],
            "start": [0.0, *ends[:-1], 0.0],
            "end": [*ends, ends[-1]],
        }
    )
