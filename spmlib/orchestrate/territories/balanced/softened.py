"""Softened: the least of a unit's costs, rounded off, so that it has a slope and a curvature.

Compiled.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole

NOTHING = -9.0  # the logarithm of a part that is as good as none


@njit(cache=True, fastmath={"contract", "reassoc", "arcp"})
def softened(
    seller: Whole, cost: Floats, sizes: Floats, weights: Floats, prices: Floats, soft: float
) -> tuple[float, Floats, Floats]:
    """The sum of softened minima, its slope and its curvature by prices.

    Defined as, for each unit::

        -t log(sum over sellers of exp(-(cost + price x sizes) / t)), t = soft x weight

    Args:
        seller: units x likely sellers, cost: likewise; infinite where there is nobody.
        sizes: units x measures.
        weights: of units.
        prices: measures x sellers.
        soft: how far the minimum is rounded off [cost for a unit of weight].

    Returns:
        The sum; what each seller has, measures x sellers; how that falls with prices, a square of
        measures times sellers.
    """
    count, many = seller.shape
    kinds, sellers = prices.shape
    load, curved = np.zeros((kinds, sellers)), np.zeros((kinds * sellers, kinds * sellers))
    each, part = np.empty(many), np.empty(many)
    who = np.empty(many, np.int64)
    total = 0.0
    for a in range(count):
        best = np.inf
        for q in range(many):
            each[q] = cost[a, q]
            for k in range(kinds):
                each[q] += prices[k, seller[a, q]] * sizes[a, k]
            best = min(best, each[q])
        rate = 1 / (soft * weights[a])
        found, whole = 0, 0.0
        for q in range(many):
            power = (best - each[q]) * rate
            if power > NOTHING:
                part[found], who[found] = np.exp(power), seller[a, q]
                whole += part[found]
                found += 1
        total += best - np.log(whole) / rate
        for i in range(found):
            part[i] /= whole
        for k in range(kinds):
            for i in range(found):
                load[k, who[i]] += part[i] * sizes[a, k]
            if found == 1:
                continue
            for other in range(kinds):
                steep = sizes[a, k] * sizes[a, other] * rate
                for i in range(found):
                    at, by = k * sellers + who[i], steep * part[i]
                    curved[at, other * sellers + who[i]] += by
                    for j in range(found):
                        curved[at, other * sellers + who[j]] -= by * part[j]
    return total, load, curved
