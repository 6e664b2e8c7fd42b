"""Arrivals: what deals that are not yet there will be won for, by the end of each span.

New deals come and close within a span as they did in like spans before: as many as in the same
place of earlier quarters, held towards the mean of all, the latest weighing most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.pipeline.deals import Deals
from spmlib.orchestrate.pipeline.snapshots import Asked

if TYPE_CHECKING:
    import polars as pl

HALF = 6.0  # periods after which one weighs half
SHRINKAGE = 0.3  # periods that the mean of all weighs, against those of the same place


@dataclass(frozen=True)
class Arrivals:
    """What new deals are won for in a span: expected, and the spans it is known from."""

    expected: float
    variance: float
    like: Floats  # what came in like spans, scaled to what is expected
    weights: Floats


def table(deals: Deals, asked: Asked) -> pl.DataFrame:
    """What deals opened from a day on were won for in each span: number, lead, place, end, new."""
    import polars as pl

    won = deals.closings.filter("won").join(deals.about.select("deal", "created"), on="deal")
    won = won.select("created", "day", "amount")
    spans = asked.spans.join(asked.days.rename({"day": "asked"}), on="number")
    late = won.join_where(
        spans.select("number", "lead", "asked", "begin", "end"),
        pl.col("day") >= pl.col("begin"),
        pl.col("day") < pl.col("end"),
    ).filter(pl.col("created") >= pl.col("asked"))
    sums = late.group_by("number", "lead").agg(new=pl.col("amount").sum())
    made = asked.spans.join(sums, on=["number", "lead"], how="left", maintain_order="left")
    return made.select("number", "lead", "place", "end", new=pl.col("new").fill_null(0.0))


def arrivals(known: Floats, place: Whole, now: int, seasonal: bool = True) -> Arrivals:
    """What new deals will be won for in the next span of some lead.

    Args:
        known: what they were won for in the spans that are over, oldest first [currency].
        place: the place of each in its quarter.
        now: that of the span ahead.
        seasonal: whether the place counts.
    """
    if not len(known):
        return Arrivals(0.0, 0.0, np.zeros(1), np.ones(1))
    weights = 0.5 ** (np.arange(len(known))[::-1] / HALF)
    mean = float(np.average(known, weights=weights))
    same = place == now if seasonal else np.ones(len(known), bool)
    here = weights * same
    held = SHRINKAGE * weights.max()
    expected = float(((here * known).sum() + held * mean) / (here.sum() + held))
    level = known
    if seasonal:
        factor = np.array([_factor(known, weights, place, p, mean) for p in place.tolist()])
        own = _factor(known, weights, place, now, mean)
        level = known * np.divide(own, factor, out=np.ones(len(factor)), where=factor > 0)
    centre = float(np.average(level, weights=weights))
    like = level * expected / centre if centre > 0 else level
    spread = float(np.average((like - expected) ** 2, weights=weights))
    return Arrivals(expected, spread * (1 + 1 / len(known)), like, weights / weights.sum())


def _factor(known: Floats, weights: Floats, place: Whole, at: int, mean: float) -> float:
    here = weights * (place == at)
    held = SHRINKAGE * weights.max()
    return float(((here * known).sum() + held * mean) / (here.sum() + held))
