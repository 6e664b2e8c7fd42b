"""Neighbourhoods: a few sellers at a time, between whom all that is undecided is solved exactly.

What a plan costs above the bound is the sum of what each unit costs above its cheapest seller and
of what is paid for limits that are not reached. Sellers are drawn by their part in that, with
others who might have the same units; HiGHS finds the best plan between them.

Source:
    Large neighbourhood search: Shaw, "Using constraint programming and local search methods to
    solve vehicle routing problems" (1998); prices choose its variables, as in kernel search:
    Angelelli, Mansini, Speranza (2010).
"""

from __future__ import annotations

import time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.territories.balanced.likely import NOBODY, least_charged, likely
from spmlib.orchestrate.territories.balanced.prices import Priced
from spmlib.orchestrate.territories.balanced.scaled import Scaled
from spmlib.orchestrate.territories.problems import Problem, preferred

SMALL = 2000  # pairs up to which a problem is solved as a whole
SELLERS = 4  # of a neighbourhood
PAIRS = 200  # of unit and seller that are left undecided in one
LOOKS = 4  # sellers of a unit that are neighbours through it
NODES = 200  # of HiGHS's tree, at most
MOST = 2.0  # seconds of one, where time is limited
SEED = 3


def bettered(
    problem: Problem, priced: Priced, made: Whole, rounds: int, seconds: float | None
) -> Whole:
    """A plan of units at least as good as one there is.

    Args:
        problem: with its limits.
        priced: its prices.
        made: the seller of each unit.
        rounds: neighbourhoods that are tried.
        seconds: for all of them; none: the rounds alone count, and the plan is the same each time.
    """
    of, random = priced.of, np.random.default_rng(SEED)
    if np.isfinite(of.costs).sum() <= SMALL:
        return _solved(problem, of, priced.scaled, made, np.arange(of.sellers), SMALL, seconds)
    near = _neighbours(of, priced.scaled)
    cheapest = least_charged(of.costs, of.sizes, priced.scaled)
    until = time.monotonic() + (np.inf if seconds is None else seconds)
    for _ in range(rounds):
        left = until - time.monotonic()
        if left <= 0:
            break
        part = _parts(of, priced.scaled, cheapest, made)
        one = random.choice(of.sellers, p=part / part.sum())
        pull = near[one] * (part + part.mean())
        many = min(SELLERS, of.sellers) - 1
        others = random.choice(of.sellers, many, replace=False, p=pull / pull.sum())
        limit = None if seconds is None else min(MOST, left)
        group = np.concatenate([[one], others])
        made = _solved(problem, of, priced.scaled, made, group, PAIRS, limit)
    return made


def _parts(of: Scaled, prices: Floats, cheapest: Floats, made: Whole) -> Floats:
    """The part of each seller in what a plan costs above the bound."""
    units = np.arange(len(made))
    own = of.costs[units, made] + (of.sizes * prices[:, made].T).sum(axis=1) - cheapest
    load = of.loads(made)
    unused = np.maximum(prices, 0) * (of.most - load) - np.minimum(prices, 0) * (load - of.least)
    part = np.maximum(np.bincount(made, own, of.sellers) + unused.sum(axis=0), 0.0)
    return part + 1e-9 * part.sum() + 1e-12


def _neighbours(of: Scaled, prices: Floats) -> Floats:
    """How many units each two sellers might both have: sellers x sellers."""
    seller, _ = likely(of, prices, LOOKS, share=False)
    row, column = np.nonzero(seller != NOBODY)
    might = sparse.csr_array(
        (np.ones(len(row)), (row, seller[row, column])), (len(seller), of.sellers)
    )
    both = (might.T @ might).toarray() + 1e-6
    np.fill_diagonal(both, 0.0)
    return both


def _solved(
    problem: Problem,
    of: Scaled,
    prices: Floats,
    made: Whole,
    group: Whole,
    pairs: int,
    seconds: float | None,
) -> Whole:
    """The plan, or a better one that differs between some sellers."""
    at = np.full(of.sellers, NOBODY)
    at[group] = np.arange(len(group))
    units = np.flatnonzero(at[made] != NOBODY)
    now = at[made[units]]
    costs = of.costs[np.ix_(units, group)]
    charged = costs + of.sizes[units] @ prices[:, group]
    regret = charged - charged.min(axis=1, keepdims=True)
    regret[np.arange(len(units)), now] = -1.0  # what is there may stay
    limit = np.partition(regret.ravel(), min(pairs + len(units), regret.size) - 1)
    there = (regret <= limit[min(pairs + len(units), regret.size) - 1]) & np.isfinite(costs)
    there[there.sum(axis=1) == 1] = False  # where there is no choice, nothing is asked
    open_ = np.flatnonzero(there.any(axis=1))
    if not len(open_):
        return made
    row, column = np.nonzero(there[open_])
    who, load = units[open_], of.loads(made)[:, group]
    fits = _within(of, who, row, column, group, load, now[open_])
    limits = [*fits, *_apart(problem, made, who, row, column, group)]
    cost = costs[open_][row, column]
    options = {"node_limit": NODES, "mip_rel_gap": 1e-7}
    told = milp(
        cost,
        integrality=np.ones(len(row)),
        bounds=Bounds(0, 1),
        constraints=limits,
        options=options if seconds is None else options | {"time_limit": seconds},
    )
    if told.x is None:
        return made
    chosen = told.x > 0.5
    new = made.copy()
    new[who[row[chosen]]] = group[column[chosen]]
    return new if _better(of, new, made) else made


def _within(
    of: Scaled, who: Whole, row: Whole, column: Whole, group: Whole, load: Floats, now: Whole
) -> list[LinearConstraint]:
    """One seller each, and loads within limits, or no further beyond them than now."""
    pairs = np.arange(len(row))
    each = sparse.csr_array((np.ones(len(row)), (row, pairs)), (len(who), len(row)))
    made = [LinearConstraint(each, 1, 1)]
    for k, size in enumerate(of.sizes.T):
        sums = sparse.csr_array((size[who][row], (column, pairs)), (len(group), len(row)))
        fixed = load[k] - np.bincount(now, size[who], len(group))
        least = np.minimum(of.least[k][group], load[k]) - fixed
        most = np.maximum(of.most[k][group], load[k]) - fixed
        made.append(LinearConstraint(sums, least - 1e-9, most + 1e-9))
    return made


def _apart(
    problem: Problem, made: Whole, who: Whole, row: Whole, column: Whole, group: Whole
) -> list[LinearConstraint]:
    """No seller has two units that must be apart."""
    if not len(problem.apart):
        return []
    at = np.full(len(made), NOBODY)
    at[who] = np.arange(len(who))
    place = np.full((len(who), len(group)), NOBODY)
    place[row, column] = np.arange(len(row))
    both = at[problem.apart]
    one, other = both[(both != NOBODY).all(axis=1)].T
    pair, seat = np.nonzero((place[one] != NOBODY) & (place[other] != NOBODY))
    rows = np.arange(len(pair))
    columns = np.concatenate([place[one[pair], seat], place[other[pair], seat]])
    sums = sparse.csr_array(
        (np.ones(2 * len(pair)), (np.concatenate([rows, rows]), columns)), (len(pair), len(row))
    )
    half = problem.apart[(both != NOBODY).sum(axis=1) == 1]
    swapped = np.where((at[half[:, 0]] != NOBODY)[:, None], half, half[:, ::-1])
    seat = np.array([*group, NOBODY])  # where each fixed one sits, among the sellers of the group
    order = np.full(problem.sellers, NOBODY)
    order[seat[:-1]] = np.arange(len(group))
    taken = place[at[swapped[:, 0]], order[made[swapped[:, 1]]]]
    taken = taken[(order[made[swapped[:, 1]]] != NOBODY) & (taken != NOBODY)]
    shut = sparse.csr_array(
        (np.ones(len(taken)), (np.arange(len(taken)), taken)), (len(taken), len(row))
    )
    return [LinearConstraint(sums, -np.inf, 1), LinearConstraint(shut, 0, 0)]


def _better(of: Scaled, one: Whole, other: Whole) -> bool:
    """Whether a plan is preferred to another."""
    units = np.arange(len(one))
    cost, before = (float(of.costs[units, each].sum()) for each in (one, other))
    return preferred(_beyond(of, one), cost, _beyond(of, other), before, 1e-7)


def _beyond(of: Scaled, made: Whole) -> float:
    load = of.loads(made)
    return float(np.maximum(np.maximum(load - of.most, of.least - load), 0.0).sum())
