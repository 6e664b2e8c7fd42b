"""Prices: what one more unit of a measure costs at each seller, and the bound that follows.

With a price on every measure of every seller, each account would go where cost and prices are
least; what that costs, less what prices bring at the limits, is below what any plan within them can
cost. Any prices give a bound, so that whoever has them can check it in one line; the best ones are
climbed to with a minimum that is softened at first and sharpened step by step, on a few accounts by
lot at first and on all of them at last, by Newton's method.

Source:
    Lagrangian bound: Geoffrion, "Lagrangean relaxation for integer programming" (1974). Softened
    minimum: Nesterov, "Smooth minimization of non-smooth functions" (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from spmlib.core.arrays import Floats
from spmlib.orchestrate.territories.balanced.clashes import refuse
from spmlib.orchestrate.territories.balanced.likely import likely
from spmlib.orchestrate.territories.balanced.scaled import Scaled, scaled, unscaled
from spmlib.orchestrate.territories.balanced.softened import softened
from spmlib.orchestrate.territories.problems import Problem

STEPS = (  # softness, of the spread; sellers looked at; accounts for each seller by lot; steps
    (0.1, 10_000, 6, 40),
    (0.02, 10_000, 6, 40),
    (0.005, 10_000, 20, 40),
    (0.005, 48, None, 40),
    (0.001, 12, None, 40),
    (0.0002, 8, None, 40),
    (0.00005, 8, None, 40),
)
SEED = 1
FAR = 30.0  # times the softness, that a price may change in one step
TURNS = 6
AGAIN = 8.0  # likewise, beyond which the likely sellers are found anew
CLOSE = 1e-3  # of an average seller's part: how well loads have to fit
CLASH = 0.02  # likewise, beyond which limits may clash


@dataclass(frozen=True)
class Priced:
    """The prices of a problem.

    Attributes:
        of: the problem's units, scaled.
        scaled: the prices of scaled measures, prices: of the problem's own; measures x sellers,
            above 0 where a seller is full, below where one has too little.
        bound: what no plan within the limits can be below.
    """

    of: Scaled
    scaled: Floats
    prices: Floats
    bound: float


def bound(problem: Problem, prices: Floats) -> float:
    """What no plan within the limits can be below, by some prices."""
    cheapest = problem.units.charged(prices).min(axis=1).sum()
    full, empty = np.maximum(prices, 0.0), np.minimum(prices, 0.0)
    return float(cheapest - (full * problem.most).sum() - (empty * problem.least).sum())


def priced(problem: Problem) -> Priced:
    """The prices of a problem, and its bound.

    Raises:
        ParameterError: even divided accounts cannot be balanced; it says at which sellers.
    """
    of = scaled(problem)
    random = np.random.default_rng(SEED)
    prices, off = np.zeros_like(of.least), np.inf
    for softness, many, few, steps in STEPS:
        size = None if few is None else few * of.sellers
        if size is not None and len(of.sizes) > 2 * size:
            prices, _ = climbed(of.sample(size, random), prices, softness, many, steps)
        elif size is None or many > of.sellers:
            prices, off = climbed(of, prices, softness, many, steps)
    if off > CLASH:
        refuse(problem)
    told = unscaled(problem, prices)
    return Priced(of, prices, told, bound(problem, told))


def climbed(
    of: Scaled, prices: Floats, softness: float, many: int, steps: int
) -> tuple[Floats, float]:
    """Prices at which softened loads fit, and how far off they are, of an average part.

    Args:
        of: units and limits.
        prices: to begin with: measures x sellers.
        softness: of the minimum, of the spread of costs.
        many: sellers of each unit that are looked at.
        steps: of Newton's method, at most, each time that likely sellers are found anew.
    """
    soft, off = softness * of.spread, np.inf
    for _ in range(TURNS):
        seller, cost = likely(of, prices, many)
        told, off = _newton(of, seller, cost, prices, soft, steps)
        if off > CLASH and many < of.sellers:
            many *= 2  # too few sellers are looked at for loads to fit
            continue
        change, prices = np.abs(told - prices).max(), told
        if change < AGAIN * soft or many >= of.sellers:
            break
    return prices, off


def _newton(
    of: Scaled, seller: Floats, cost: Floats, prices: Floats, soft: float, steps: int
) -> tuple[Floats, float]:
    middle, half = (of.most + of.least) / 2, (of.most - of.least) / 2
    size = max(float(middle.mean()), 1e-12)

    def asked(at: Floats) -> tuple[float, Floats, Floats]:
        """How far below the bound's best (sign changed), its slope and its curvature."""
        value, load, curved = softened(seller, cost, of.sizes, of.weights, at, soft)
        root = np.sqrt(at * at + soft * soft)  # of |price|, rounded off at 0
        curved.ravel()[:: len(curved) + 1] += (half * soft * soft / root**3).ravel()
        return (
            float((middle * at + half * root).sum()) - value,
            middle + half * at / root - load,
            curved,
        )

    value, slope, curved = asked(prices)
    damped = 1e-7
    for _ in range(steps):
        if np.abs(slope).max() < CLOSE * size:
            break
        steep = curved.copy()
        steep.ravel()[:: len(steep) + 1] += damped * size / soft
        try:
            step = -cho_solve(cho_factor(steep, check_finite=False), slope.ravel())
        except np.linalg.LinAlgError:  # as good as flat
            damped = max(30 * damped, 1e-5)
            continue
        change = np.clip(step.reshape(prices.shape), -FAR * soft, FAR * soft)
        new, new_slope, new_curved = asked(prices + change)
        if new <= value + 1e-4 * float((slope * change).sum()) + 1e-13 * abs(value):
            prices, value, slope, curved = prices + change, new, new_slope, new_curved
            damped = max(damped / 10, 1e-9)
        else:
            damped = max(30 * damped, 1e-5)
    return prices, float(np.abs(slope).max()) / size
