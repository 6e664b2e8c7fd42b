"""Draws: the periods ahead played through many times, deal by deal.

Every open deal is won in one of the spans, or not; what it comes to is drawn from what won deals
came to before; new deals come as they did in like spans; and all of it may be better or worse
together. Then the draws are moved and stretched to what is expected and how wide that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.pipeline.trials import UNSURE, Trials

if TYPE_CHECKING:
    import polars as pl

SIZE, SEED = 4000, 20240501
CELLS = 8_000_000  # chances drawn at once


def drawn(made: Trials, group: Whole, shares: Floats, so_far: Floats) -> Floats:
    """What is won in each span, many times over: draws x spans x groups [currency].

    Args:
        made: with the deals that are open today.
        group: the group of each of today's deals, in the order of `today`.
        shares: of what new deals will be won for, group by group.
        so_far: what each group won before today in the period under way.
    """
    rows = today(made)
    leads, groups = made.parts.shape[1], len(shares)
    chance = rows["chance"].to_numpy().reshape(-1, leads)
    worth = rows["worth"].to_numpy().reshape(-1, leads)
    random = np.random.default_rng(SEED)
    sums = np.zeros((SIZE, leads, groups))
    bounds = np.cumsum(chance, axis=1)
    step = max(1, CELLS // max(len(chance), 1))
    for first in range(0, SIZE, step):
        many = min(step, SIZE - first)
        luck = random.random((many, len(chance)))
        for lead in range(leads):
            low = bounds[:, lead] - chance[:, lead]
            at, deal = np.nonzero((luck >= low) & (luck < bounds[:, lead]))
            value = worth[deal, lead] * random.choice(made.now.ratios, len(deal))
            cell = at * groups + group[deal]
            sums[first : first + many, lead] += np.bincount(cell, value, many * groups).reshape(
                many, groups
            )
    together = np.exp(random.normal(-(UNSURE**2) / 2, UNSURE, (SIZE, leads, 1)))
    sums *= made.levels[-1][None, :, None] * together
    for lead, new in enumerate(made.now.arrivals):
        come = random.choice(new.like, SIZE, p=new.weights)
        sums[:, lead] += come[:, None] * shares
    sums[:, 0] += so_far
    return sums


def today(made: Trials) -> pl.DataFrame:
    """The deals that are open today, one row for each span, deal by deal."""
    import polars as pl

    return made.rows.filter(pl.col("number") == len(made.days) - 1)


def fitting(draws: Floats, expected: Floats, width: Floats, least: float) -> Floats:
    """The draws moved and stretched: draws x spans.

    Args:
        draws: of the whole.
        expected: of each span.
        width: the standard deviation of each.
        least: what is won already in the first.
    """
    spread = draws.std(axis=0)
    factor = np.divide(width, spread, out=np.ones(len(width)), where=spread > 0)
    moved = expected + (draws - draws.mean(axis=0)) * factor
    floor = np.zeros(len(expected))
    floor[0] = least
    return np.maximum(moved, floor)
