"""Likely: the few sellers that each unit might go to, by costs and prices. Compiled.

Every seller is looked at by units of three times what they are to have: the cheapest sellers alone
would leave out one who lives far from all, and who still must have their share.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.territories.balanced.scaled import Scaled

ENOUGH = 3.0  # times their share, that sellers are looked at
NOBODY = -1


def likely(of: Scaled, prices: Floats, many: int, share: bool = True) -> tuple[Whole, Floats]:
    """The sellers of least cost and price, the cheapest first: seller, cost; units x many.

    Where fewer are allowed, `NOBODY` at an infinite cost. With `share`, some of the last give way
    to sellers that too few units would look at.
    """
    many = min(many, of.sellers)
    if many == of.sellers:
        seller = np.argsort(of.costs + of.sizes @ prices, axis=1, kind="stable")
        cost = np.take_along_axis(of.costs, seller, axis=1)
        return np.where(np.isfinite(cost), seller, NOBODY), cost
    seller, cost = _nearest(of.costs, of.sizes, prices, many)
    if share and many > 3:
        asked = np.full(of.sellers, ENOUGH * of.weights.sum() / of.sellers)
        _shared(of.costs, of.sizes, of.weights, prices, seller, cost, asked)
    return seller, cost


def charged(of: Scaled, prices: Floats, seller: Whole, cost: Floats) -> Floats:
    """Costs of likely sellers with prices."""
    made = cost.copy()
    for size, price in zip(of.sizes.T, prices, strict=True):
        made += size[:, None] * price[seller]
    return made


@njit(cache=True)
def least_charged(costs: Floats, sizes: Floats, prices: Floats) -> Floats:
    """What each unit costs at least with some prices."""
    count, sellers = costs.shape
    made = np.full(count, np.inf)
    for a in range(count):
        for s in range(sellers):
            each = costs[a, s]
            for k in range(sizes.shape[1]):
                each += prices[k, s] * sizes[a, k]
            made[a] = min(made[a], each)
    return made


@njit(cache=True)
def _nearest(costs: Floats, sizes: Floats, prices: Floats, many: int) -> tuple[Whole, Floats]:
    count, sellers = costs.shape
    seller = np.full((count, many), NOBODY)
    cost = np.full((count, many), np.inf)
    best = np.empty(many)
    for a in range(count):
        best[:] = np.inf
        for s in range(sellers):
            each = costs[a, s]
            for k in range(sizes.shape[1]):
                each += prices[k, s] * sizes[a, k]
            if each < best[many - 1]:
                q = many - 1
                while q > 0 and best[q - 1] > each:
                    best[q], seller[a, q] = best[q - 1], seller[a, q - 1]
                    q -= 1
                best[q], seller[a, q] = each, s
        for q in range(many):
            if seller[a, q] != NOBODY:
                cost[a, q] = costs[a, seller[a, q]]
    return seller, cost


@njit(cache=True)
def _shared(
    costs: Floats,
    sizes: Floats,
    weights: Floats,
    prices: Floats,
    seller: Whole,
    cost: Floats,
    asked: Floats,
) -> None:
    count, sellers = costs.shape
    many = seller.shape[1]
    looked, replaced = np.zeros(sellers), np.zeros(count, np.int64)
    best = least_charged(costs, sizes, prices)
    for a in range(count):
        for q in range(many):
            if seller[a, q] != NOBODY:
                looked[seller[a, q]] += weights[a]
    dearer = np.empty(count)
    for s in range(sellers):
        if looked[s] >= asked[s]:
            continue
        for a in range(count):
            dearer[a] = costs[a, s]
            for k in range(sizes.shape[1]):
                dearer[a] += prices[k, s] * sizes[a, k]
            dearer[a] = (dearer[a] - best[a]) / weights[a]
        for a in np.argsort(dearer):
            if looked[s] >= asked[s] or not np.isfinite(dearer[a]):
                break
            if (seller[a] == s).any() or replaced[a] >= many - 2:
                continue
            replaced[a] += 1
            seller[a, many - replaced[a]], cost[a, many - replaced[a]] = s, costs[a, s]
            looked[s] += weights[a]
