"""Dives: whole units, the heaviest first, the lighter ones making up for them.

What is divided between sellers costs the least; a minimum-cost flow finds it, of one measure, with
the others at their prices. The heaviest units then go to whom they have most of, whole, and what is
left is divided anew within what is left of the limits; until nothing is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.territories.balanced.likely import NOBODY, charged, likely
from spmlib.orchestrate.territories.balanced.prices import Priced, climbed
from spmlib.orchestrate.territories.balanced.scaled import Scaled

LEVELS = (0.95, 0.75, 0.4, 0.15, 0.0)  # the quantiles of weight down to which units become whole
TIGHT = 5e-4  # of an average part, that limits are narrowed by, for what lighter units leave over
DECIDED = 0.006  # of the spread, by which a unit's next seller is dearer: it stays with the first
MANY = 5  # sellers of a unit in the flow
FINE = 1000  # whole numbers of a unit of average size
PRECISE = 400_000  # whole numbers of cost in the spread
SOFT = (0.0005, 0.0001)  # of the spread, for the prices of several measures
STEPS = 12
LOOSE = 0.1  # of an average part: how far off loads may be
DEAREST = 2**40


def dived(priced: Priced, tight: float = TIGHT, levels: Sequence[float] = LEVELS) -> Whole:
    """Whole units at sellers, nearly within limits: the seller of each.

    Args:
        priced: units, limits and prices.
        tight: of an average part, that limits are narrowed by.
        levels: the quantiles of weight down to which units become whole, one after the other.
    """
    of, prices = priced.of, priced.scaled
    made = np.full(len(of.sizes), NOBODY)
    room = tight * (of.most + of.least).mean() / 2
    left = np.arange(len(made))
    for level in levels:
        done = np.flatnonzero(made != NOBODY)
        load = of.part(done).loads(made[done])
        few = replace(
            of.part(left),
            least=np.maximum(of.least + room - load, 0),
            most=np.maximum(of.most - room - load, 0),
        )
        told, prices = _divided(few, prices)
        heavy = few.weights >= np.quantile(of.weights, level)
        made[left[heavy]] = told[heavy]
        left = left[~heavy]
        if not len(left):
            break
    return made


def _divided(of: Scaled, prices: Floats) -> tuple[Whole, Floats]:
    """Who has most of each unit, if units may be divided; the prices it rests on."""
    if len(prices) > 1:
        for softness in SOFT:
            told, off = climbed(of, prices, softness, MANY + 3, STEPS)
            prices = told if off < LOOSE else prices  # what is left may fit at no price
        others = np.einsum("ak,ks->as", of.sizes[:, 1:], prices[1:])
        of = replace(of, costs=of.costs + others, sizes=of.sizes[:, :1])
        of = replace(of, least=of.least[:1], most=of.most[:1])
    seller, cost = likely(of, prices[:1], 2, share=False)
    both = charged(of, prices[:1], seller, cost)
    made = seller[:, 0].copy()
    if both.shape[1] == 1:
        return made, prices
    apart = (both[:, 1] - both[:, 0]) / of.weights
    open_ = np.flatnonzero(apart <= DECIDED * of.spread)
    fixed = np.flatnonzero(apart > DECIDED * of.spread)
    load = of.part(fixed).loads(made[fixed])
    few = replace(
        of.part(open_),
        least=np.maximum(of.least - load, 0),
        most=np.maximum(of.most - load, 0),
    )
    made[open_] = _flowing(few, prices[:1])
    return made, prices


def _flowing(of: Scaled, prices: Floats) -> Whole:
    """Who has most of each unit in the cheapest flow of the first measure to sellers."""
    from ortools.graph.python import min_cost_flow

    if not len(of.sizes):
        return np.zeros(0, np.int64)
    seller, cost = likely(of, prices, MANY)
    count, many, sellers = len(seller), seller.shape[1], of.sellers
    size = np.maximum(np.rint(of.sizes[:, 0] * FINE), 1).astype(np.int64)
    fine = PRECISE / of.spread
    there = seller.ravel() != NOBODY
    unit, to = np.repeat(np.arange(count), many)[there], seller.ravel()[there]
    each = np.minimum(cost.ravel()[there] / size[unit] * FINE * fine, DEAREST)
    price = np.rint(each).astype(np.int64)
    least = np.ceil(of.least[0] * FINE).astype(np.int64)
    most = np.maximum(np.floor(of.most[0] * FINE).astype(np.int64), least)
    beyond = int(price.max() + 3 * np.abs(prices).max() * fine) + 1
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(unit, count + to, size[unit], price)
    seat, end = count + np.arange(sellers), np.full(sellers, count + sellers)
    total = int(size.sum())
    for room, dear in ((least, -beyond), (most - least, 0), (np.full(sellers, total), beyond)):
        flow.add_arcs_with_capacity_and_unit_cost(seat, end, room, np.full(sellers, dear))
    supply = np.concatenate([size, np.zeros(sellers, np.int64), [-total]])
    flow.set_nodes_supplies(np.arange(count + sellers + 1), supply)
    assert flow.solve() == flow.OPTIMAL  # what lies beyond limits is dear, not forbidden
    share = np.zeros(count * many)
    share[there] = flow.flows(arcs)
    return seller[np.arange(count), share.reshape(count, many).argmax(axis=1)]
