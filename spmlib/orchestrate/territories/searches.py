"""Searches: plans of whole accounts, by moving one, or exchanging two, as long as that is better.

Where limits are passed, what lies beyond them costs; prices of the relaxation say which moves are
worth looking at. Compiled.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.orchestrate.forecasting.panels import Floats, Whole
from spmlib.orchestrate.territories.prices import Priced
from spmlib.orchestrate.territories.problems import Problem

SWEEPS = 40
DEAR = 3.0  # times the highest price, that what lies beyond a limit costs at first
HARDER = 8  # times that it is made four times dearer, and twice as many sellers are looked at
NEAREST = 8  # sellers of an account that are looked at


def begun(problem: Problem, priced: Priced) -> Whole:
    """Each account at the seller who has most of it in the relaxation."""
    order = np.lexsort((priced.part, priced.account))
    made = np.zeros(problem.accounts, np.int64)
    made[priced.account[order]] = priced.seller[order]
    return made


def searched(problem: Problem, priced: Priced, sellers: Whole, sweeps: int = SWEEPS) -> Whole:
    """A plan made better until no move or exchange among likely sellers is.

    Args:
        problem: with its limits.
        priced: its relaxation.
        sellers: the plan to begin with.
        sweeps: through all accounts, at most.
    """
    charged = problem.charged(priced.prices)
    made = sellers.astype(np.int64).copy()
    unit = problem.totals[:, None] / problem.sellers + 1e-300
    price = np.abs(priced.prices * unit).max()
    dear = DEAR * (price + np.abs(problem.full[problem.allowed]).mean())
    costs = np.where(problem.allowed, problem.full, np.inf)
    sizes = np.ascontiguousarray((problem.measures / unit).T)
    near = NEAREST
    for _ in range(HARDER):
        many = min(near, problem.sellers)
        likely = np.argpartition(charged, many - 1, axis=1)[:, :many].astype(np.int64)
        _search(costs, sizes, problem.least / unit, problem.most / unit, likely, made, dear, sweeps)
        if problem.beyond(made).max() <= 1e-9 * problem.totals.max():
            break
        dear, near = 4 * dear, 2 * near
    return made


@njit(cache=True)
def _search(
    costs: Floats,
    sizes: Floats,
    least: Floats,
    most: Floats,
    likely: Whole,
    made: Whole,
    dear: float,
    sweeps: int,
) -> None:
    count, sellers = costs.shape
    kinds = sizes.shape[1]
    load = np.zeros((kinds, sellers))
    for a in range(count):
        for k in range(kinds):
            load[k, made[a]] += sizes[a, k]
    first = np.full(sellers, -1)  # chains of the accounts of each seller
    after, ahead = np.full(count, -1), np.full(count, -1)
    for a in range(count):
        _into(a, made[a], first, after, ahead)
    for _ in range(sweeps):
        better = 0.0
        for a in range(count):
            here = made[a]
            best, goes, comes = -1e-9, -1, -1
            for n in range(likely.shape[1]):
                there = likely[a, n]
                if there == here or not np.isfinite(costs[a, there]):
                    continue
                step = costs[a, there] - costs[a, here]
                wrong = _wrong(here, load, least, most) or _wrong(there, load, least, most)
                change = step + dear * _passed(a, -1, here, there, sizes, load, least, most)
                if change < best:
                    best, goes, comes = change, there, -1
                b = first[there]
                while b >= 0:
                    back = costs[b, here] - costs[b, there]
                    if np.isfinite(back) and (wrong or step + back < best):
                        passed = _passed(a, b, here, there, sizes, load, least, most)
                        change = step + back + dear * passed
                        if change < best:
                            best, goes, comes = change, there, b
                    b = after[b]
            if goes >= 0:
                better -= best
                _move(a, here, goes, made, sizes, load, first, after, ahead)
                if comes >= 0:
                    _move(comes, goes, here, made, sizes, load, first, after, ahead)
        if better < 1e-9:
            break


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
    """How much more lies beyond limits if an account goes and, maybe, another comes back."""
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
    """Put an account at the head of a seller's chain."""
    after[a], ahead[a] = first[seller], -1
    if first[seller] >= 0:
        ahead[first[seller]] = a
    first[seller] = a
