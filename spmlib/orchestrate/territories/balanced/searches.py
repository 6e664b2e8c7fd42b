"""Searches: plans of whole units, by moving one, or exchanging two, as long as that is better.

Where limits are passed, what lies beyond them costs; prices say which moves are worth looking at.
Units that must be apart never meet. Compiled.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.territories.balanced.likely import likely
from spmlib.orchestrate.territories.balanced.prices import Priced
from spmlib.orchestrate.territories.problems import Problem

SWEEPS = 60
DEAR = 3.0  # times the highest price, that what lies beyond a limit costs at first
HARDER = 8  # times that it is made four times dearer, and twice as many sellers are looked at
NEAREST = 6  # sellers of a unit that are looked at
WRONG = 20.0  # times dearer ones are, where a seller lies beyond a limit
WORTH = 0.0015  # of the spread, for a unit of weight: dearer moves are no part of an exchange


def partners(problem: Problem) -> tuple[Whole, Whole]:
    """The units that each unit must be apart from: where each one's begin, and which they are."""
    both = np.concatenate([problem.apart, problem.apart[:, ::-1]])
    order = np.argsort(both[:, 0], kind="stable")
    count = np.bincount(both[:, 0], minlength=problem.units.accounts)
    return np.concatenate([[0], np.cumsum(count)]), both[order, 1]


def searched(
    problem: Problem,
    priced: Priced,
    made: Whole,
    sweeps: int = SWEEPS,
    nearest: int = NEAREST,
) -> Whole:
    """A plan of units made better until no move or exchange among likely sellers is.

    Args:
        problem: with its limits.
        priced: its prices.
        made: the seller of each unit to begin with.
        sweeps: through all units, at most.
        nearest: sellers of a unit that are looked at.
    """
    of, prices = priced.of, priced.scaled
    made = made.astype(np.int64).copy()
    starts, others = partners(problem)
    _part(of.costs, of.sizes, prices, made, starts, others)
    finite = of.costs[:, : min(of.sellers, 20)]
    mean = float(np.abs(finite[np.isfinite(finite)]).mean())
    dear, near, worth = DEAR * (np.abs(prices).max() + mean), nearest, WORTH
    for _ in range(HARDER):
        seller, _ = likely(of, prices, near, share=False)
        _search(
            of.costs, of.sizes, prices, of.least, of.most, seller, made, starts, others,
            dear, worth * of.spread * of.weights, sweeps,
        )  # fmt: skip
        load = of.loads(made)
        if (load <= of.most + 1e-9).all() and (load >= of.least - 1e-9).all():
            break
        dear, near, worth = 4 * dear, 2 * near, 4 * worth
    return made


@njit(cache=True)
def _search(
    costs: Floats,
    sizes: Floats,
    prices: Floats,
    least: Floats,
    most: Floats,
    likely: Whole,
    made: Whole,
    starts: Whole,
    others: Whole,
    dear: float,
    worth: Floats,
    sweeps: int,
) -> None:
    count, sellers = costs.shape
    kinds = sizes.shape[1]
    load = np.zeros((kinds, sellers))
    first = np.full(sellers, -1)  # chains of the units of each seller
    after, ahead = np.full(count, -1), np.full(count, -1)
    for a in range(count):
        for k in range(kinds):
            load[k, made[a]] += sizes[a, k]
        _into(a, made[a], first, after, ahead)
    changed = np.ones(sellers, np.bool_)
    for _ in range(sweeps):
        better, before = 0.0, changed.copy()
        changed[:] = False
        for a in range(count):
            here = made[a]
            best, goes, comes = -1e-9, -1, -1
            for n in range(likely.shape[1]):
                there = likely[a, n]
                if there < 0 or there == here or not np.isfinite(costs[a, there]):
                    continue
                if not (before[here] or before[there] or changed[here] or changed[there]):
                    continue
                step = costs[a, there] - costs[a, here]
                regret = step
                for k in range(kinds):
                    regret += (prices[k, there] - prices[k, here]) * sizes[a, k]
                wrong = _wrong(here, load, least, most) or _wrong(there, load, least, most)
                if regret > worth[a] * (WRONG if wrong else 1.0):
                    continue
                if _free(a, there, -1, made, starts, others):
                    change = step + dear * _passed(a, -1, here, there, sizes, load, least, most)
                    if change < best:
                        best, goes, comes = change, there, -1
                b = first[there]
                while b >= 0:
                    back = costs[b, here] - costs[b, there]
                    if np.isfinite(back) and (wrong or step + back < best):
                        passed = _passed(a, b, here, there, sizes, load, least, most)
                        change = step + back + dear * passed
                        if (
                            change < best
                            and _free(a, there, b, made, starts, others)
                            and _free(b, here, a, made, starts, others)
                        ):
                            best, goes, comes = change, there, b
                    b = after[b]
            if goes >= 0:
                better -= best
                changed[here] = changed[goes] = True
                _move(a, here, goes, made, sizes, load, first, after, ahead)
                if comes >= 0:
                    _move(comes, goes, here, made, sizes, load, first, after, ahead)
        if better < 1e-9:
            break


@njit(cache=True)
def _part(
    costs: Floats, sizes: Floats, prices: Floats, made: Whole, starts: Whole, others: Whole
) -> None:
    """Move units that must be apart from another of their seller to the next one who may."""
    for a in range(len(made)):
        if _free(a, made[a], -1, made, starts, others):
            continue
        best, goes = np.inf, made[a]
        for s in range(costs.shape[1]):
            each = costs[a, s]
            for k in range(sizes.shape[1]):
                each += prices[k, s] * sizes[a, k]
            if each < best and _free(a, s, -1, made, starts, others):
                best, goes = each, s
        made[a] = goes


@njit(cache=True)
def _free(a: int, seller: int, but: int, made: Whole, starts: Whole, others: Whole) -> bool:
    """Whether a seller has none, but maybe one, of the units that a unit must be apart from."""
    for at in range(starts[a], starts[a + 1]):
        if others[at] != but and made[others[at]] == seller:
            return False
    return True


@njit(cache=True)
def _wrong(seller: int, load: Floats, least: Floats, most: Floats) -> bool:
    """Whether a seller lies beyond a limit."""
    for k in range(len(load)):
        if load[k, seller] > most[k, seller] or load[k, seller] < least[k, seller]:
            return True
    return False


@njit(cache=True)
def _passed(
    a: int, b: int, here: int, there: int, sizes: Floats, load: Floats, least: Floats, most: Floats
) -> float:
    """How much more lies beyond limits if a unit goes and, maybe, another comes back."""
    total = 0.0
    for k in range(sizes.shape[1]):
        moved = sizes[a, k] - (sizes[b, k] if b >= 0 else 0.0)
        for seller, new in ((here, load[k, here] - moved), (there, load[k, there] + moved)):
            old = load[k, seller]
            total += max(new - most[k, seller], least[k, seller] - new, 0.0)
            total -= max(old - most[k, seller], least[k, seller] - old, 0.0)
    return total


@njit(cache=True)
def _move(
    a: int,
    here: int,
    there: int,
    made: Whole,
    sizes: Floats,
    load: Floats,
    first: Whole,
    after: Whole,
    ahead: Whole,
) -> None:
    for k in range(sizes.shape[1]):
        load[k, here] -= sizes[a, k]
        load[k, there] += sizes[a, k]
    if ahead[a] >= 0:
        after[ahead[a]] = after[a]
    else:
        first[here] = after[a]
    if after[a] >= 0:
        ahead[after[a]] = ahead[a]
    made[a] = there
    _into(a, there, first, after, ahead)


@njit(cache=True)
def _into(a: int, seller: int, first: Whole, after: Whole, ahead: Whole) -> None:
    """Put a unit at the head of a seller's chain."""
    after[a], ahead[a] = first[seller], -1
    if first[seller] >= 0:
        ahead[first[seller]] = a
    first[seller] = a
