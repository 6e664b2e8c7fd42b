"""Returns: what prizes brought for what they cost, and near-term pipeline that went early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import frames
from spmlib.motivate.contests.clusters import Difference

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Return:
    """What one unit of money of prizes brought.

    Attributes:
        gained, gained_low, gained_high: net effect x margin [currency].
        cost: of the prizes [currency].
        each, low, high: gained for 1 of cost; empty where nothing was paid.
        needed: net effect that would just pay the prizes [units of the measure].
    """

    gained: float
    gained_low: float
    gained_high: float
    cost: float
    each: float | None
    low: float | None
    high: float | None
    needed: float


def returned(net: Difference, margin: float, cost: float) -> Return:
    """What the prizes brought for each unit of money, with interval.

    Defined as::

        each = net effect * margin / cost

    The cost is known, so that the interval is the effect's.

    Args:
        net: of `ReadOut.net` [units of the measure, e.g. currency].
        margin: earned on one unit of the measure [currency a unit; a share for amounts].
        cost: of all prizes, with what they cost the employer on top, if so wished [currency].

    Raises:
        ParameterError: the margin is not above 0, or the cost is below 0.
    """
    if margin <= 0:
        raise ParameterError(f"a margin of {margin} is not above 0; write what a unit earns.")
    if cost < 0:
        raise ParameterError(f"prizes of {cost} are below 0; write what they cost.")
    middle, low, high = (value * margin for value in (net.effect, net.low, net.high))
    each = [value / cost if cost > 0 else None for value in (middle, low, high)]
    return Return(middle, low, high, cost, each[0], each[1], each[2], cost / margin)


def pipeline_due(
    history: Any, owners: Any, days: Sequence[date], within: int, people: Sequence[str]
) -> pl.DataFrame:
    """What each person had open and due soon, on some days: a panel like that of scores.

    A SPIFF that pulls deals forward empties the pipeline that was due just after it: read it out
    with `difference_in_differences`, the day of the window's end as `window` and earlier days,
    the same time into their windows, as `before`.

    Args:
        history: opportunity_id, change_date, status (open, won, lost), amount, close_date: a row
            for each change, holding from its day on.
        owners: opportunity_id, payee_id.
        days: on which it is looked at; what changes on the day counts.
        within: due from the day on for so many days.
        people: who is in the panel, with 0 where nothing is due.

    Returns:
        payee_id, at, value [units of the amount].
    """
    import polars as pl

    if within < 1:
        raise ParameterError(f"due within {within} days is nothing; write 1 or more.")
    asked = ("opportunity_id", "change_date", "status", "amount", "close_date")
    moves = frames.taken(history, asked, "the history")
    moves = frames.days(moves, "change_date", "the history").sort("change_date")
    owned = frames.taken(owners, ("opportunity_id", "payee_id"), "the owners")
    looks = pl.DataFrame({"at": list(days)}, schema={"at": pl.Date})
    last = (
        moves.join(looks, how="cross")
        .filter(pl.col("change_date") <= pl.col("at"))
        .group_by("opportunity_id", "at", maintain_order=True)
        .agg(pl.col("status", "amount", "close_date").last())
    )
    due = last.filter(
        pl.col("status") == "open",
        pl.col("close_date") >= pl.col("at"),
        pl.col("close_date") < pl.col("at") + timedelta(days=within),
    )
    summed = due.join(owned.select("opportunity_id", "payee_id"), on="opportunity_id")
    summed = summed.group_by("payee_id", "at").agg(value=pl.col("amount").cast(pl.Float64).sum())
    everybody = pl.DataFrame({"payee_id": list(people)}, schema={"payee_id": pl.String})
    cells = everybody.join(looks, how="cross")
    made = cells.join(summed, on=["payee_id", "at"], how="left")
    return made.with_columns(pl.col("value").fill_null(0.0)).sort("payee_id", "at")
