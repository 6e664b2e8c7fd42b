"""Centre bounds: what no plan of territories can be below, wherever their centres are.

Each account is worth a multiplier to whoever serves it. A centre then takes the accounts that
bring it most within its limits (parts of accounts allowed), the centres that bring most are opened,
and all multipliers together, less what the opened ones make of them, are below any plan. Any
multipliers give a bound; a subgradient walk finds good ones.

Source:
    Lagrangian relaxation: Geoffrion (1974); of capacitated medians: Lorena, Senne (2004). The walk:
    Held, Wolfe, Crowder, "Validation of subgradient optimization" (1974).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.territories.centred.problems import Sited

STEPS = 600
ENOUGH = 1e-6  # of the bound, that counts as better
LIKELY = 100  # accounts at least that a candidate is likely to take
AMPLE = 8  # times as many as a territory has, otherwise
STUCK = 20  # steps without a better bound after which they are shortened
SHORTER = 0.7
SHORTEST = 0.005
KEPT = 0.7  # of the last direction that is kept


@dataclass(frozen=True)
class Bounded:
    """A bound and what it rests on.

    Attributes:
        bound: what no plan can be below.
        multipliers: of each account.
        centres: the candidates that it opens.
    """

    bound: float
    multipliers: Floats
    centres: Whole


def bound(problem: Sited, multipliers: Floats) -> float:
    """What no plan within the limits can be below, by some multipliers."""
    everyone = np.tile(np.arange(problem.accounts), (problem.candidates, 1))
    worth = _worths(problem.across, everyone, problem.size, *problem.limits, multipliers)
    return float(multipliers.sum() + worth[_opened(problem, worth)].sum())


def bounded(problem: Sited, above: float, seconds: float, begin: Floats | None = None) -> Bounded:
    """A good bound.

    The walk looks at the accounts that a candidate is likely to take; the bound that is told, at
    all of them.

    Args:
        problem: accounts, candidates and limits.
        above: what some plan costs; infinite if there is none yet.
        seconds: after which it ends.
        begin: multipliers to begin with.
    """
    until = time.thread_time() + seconds
    made = _first(problem) if begin is None else begin.copy()
    who = _likely(problem, made)
    costs = np.take_along_axis(problem.across, who, axis=1)
    best, told, opened = -np.inf, made, np.arange(problem.territories)
    length, stuck, way = 1.0, 0, np.zeros(problem.accounts)
    for _ in range(STEPS):
        worth = _worths(costs, who, problem.size, *problem.limits, made)
        centres = _opened(problem, worth)
        reached = made.sum() + worth[centres].sum()
        stuck = 0 if reached > best + ENOUGH * abs(reached) else stuck + 1
        if reached > best:
            best, told, opened = reached, made, centres
        if not np.isfinite(reached) or time.thread_time() > until or length < SHORTEST:
            break
        if stuck == STUCK:
            made, centres, length, stuck, way = told, opened, length * SHORTER, 0, 0 * way
        miss = 1.0 - _taken(costs, who, problem.size, *problem.limits, made, centres)
        if not miss.any():
            break
        aim = 1.02 * above if np.isfinite(above) else 1.1 * best + 0.02 * made.sum()
        way = miss + KEPT * way
        far = max(aim - reached, 0.001 * abs(reached))
        made = made + length * far / max((way * way).sum(), 1e-12) * way
    return Bounded(bound(problem, told), told, opened)


def _first(problem: Sited) -> Floats:
    """Fair first multipliers: what an account costs some candidates further than the nearest."""
    rank = min(problem.candidates - 1, int(1.5 * problem.candidates / problem.territories))
    return np.partition(problem.costs, rank, axis=1)[:, rank]


def _likely(problem: Sited, multipliers: Floats) -> Whole:
    """The accounts that each candidate may take: candidates x accounts."""
    many = max(LIKELY, AMPLE * problem.accounts // problem.territories)
    if many >= problem.accounts or problem.limits[0].max() > 0:
        return np.tile(np.arange(problem.accounts), (problem.candidates, 1))
    loss = problem.across - multipliers
    return np.ascontiguousarray(np.argpartition(loss, many, axis=1)[:, :many])


def _opened(problem: Sited, worth: Floats) -> Whole:
    """The candidates that are opened: fixed ones, and those that make most."""
    many = problem.territories - len(problem.fixed)
    free = worth.copy()
    free[problem.fixed] = np.inf
    best = np.argpartition(free, many - 1)[:many] if many else np.zeros(0, np.int64)
    return np.concatenate([problem.fixed, best])


@njit(cache=True)
def _worths(
    costs: Floats, who: Whole, size: Floats, least: Floats, most: Floats, worth: Floats
) -> Floats:
    """What each candidate makes of the accounts it takes."""
    made, part = np.empty(len(costs)), np.empty(costs.shape[1])
    for j in range(len(costs)):
        made[j] = _filled(costs[j], who[j], size, least[j], most[j], worth, part)
    return made


@njit(cache=True)
def _taken(
    costs: Floats,
    who: Whole,
    size: Floats,
    least: Floats,
    most: Floats,
    worth: Floats,
    opened: Whole,
) -> Floats:
    """How often each account is taken by the opened candidates."""
    made, part = np.zeros(len(size)), np.empty(costs.shape[1])
    for j in opened:
        _filled(costs[j], who[j], size, least[j], most[j], worth, part)
        for at in range(len(part)):
            made[who[j, at]] += part[at]
    return made


@njit(cache=True)
def _filled(
    costs: Floats, who: Whole, size: Floats, least: float, most: float, worth: Floats, part: Floats
) -> float:
    """What a candidate makes of the accounts it takes, those first that bring most by size.

    `part` becomes how much of each account is taken.
    """
    want, total, wanted = 0.0, 0.0, 0
    for at in range(len(who)):
        loss = costs[at] - worth[who[at]]
        part[at] = 0.0
        if loss < 0:
            want += size[who[at]]
            total += loss
            wanted += 1
            part[at] = 1.0
    if least <= want <= most:
        return total
    short = want < least
    limit = least if short else most
    chosen, ratio, many = np.empty(len(who) - wanted if short else wanted, np.int64), part, 0
    for at in range(len(who)):
        if (part[at] == 0.0) == short:
            chosen[many] = at
            many += 1
    ratio = np.empty(many)
    for k in range(many):
        a = who[chosen[k]]
        ratio[k] = (costs[chosen[k]] - worth[a]) / max(size[a], 1e-300)
    load = want if short else 0.0
    for k in np.argsort(ratio):
        at = chosen[k]
        a = who[at]
        share = min(1.0, max(limit - load, 0.0) / max(size[a], 1e-300))
        if short and (size[a] == 0.0 or share == 0.0):
            continue
        load += share * size[a]
        total += (share if short else share - 1.0) * (costs[at] - worth[a])
        part[at] = share
    return total if load >= least * (1 - 1e-12) else np.inf
