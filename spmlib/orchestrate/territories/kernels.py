"""Kernels: the part of a problem that is undecided, solved exactly.

The prices of the relaxation say for most accounts who is to have them. What is left, the pairs of
account and seller with the least regret, is a small integer program for HiGHS.

Source:
    Kernel search: Angelelli, Mansini, Speranza, "Kernel search: a general heuristic for the
    multi-dimensional knapsack problem" (2010).
"""

from __future__ import annotations

import time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from spmlib.orchestrate.forecasting.panels import Floats, Whole
from spmlib.orchestrate.territories.problems import Problem

SMALL = 2000  # pairs up to which a problem is solved as a whole
SHARES = (0.2, 0.5, 1.0)  # of the accounts: how many pairs beyond one each are left undecided


def solved(problem: Problem, prices: Floats, sellers: Whole, seconds: float) -> Whole:
    """A plan at least as good as one there is, by solving what is undecided.

    A small problem is solved as a whole; of a larger one more and more pairs are left undecided,
    each time from the best plan so far.

    Args:
        problem: with its limits.
        prices: of its relaxation.
        sellers: a plan.
        seconds: for all of it.
    """
    charged = problem.charged(prices)
    regret = charged - charged.min(axis=1, keepdims=True)
    pairs = np.sort(regret[np.isfinite(regret)])
    if len(pairs) <= SMALL:
        return _better(problem, np.isfinite(regret), sellers, seconds)
    until = time.monotonic() + seconds
    for share in SHARES:
        most = pairs[min(int((1 + share) * problem.accounts), len(pairs) - 1)]
        left = until - time.monotonic()
        if left > 0:
            sellers = _better(problem, regret <= most, sellers, left / 2)
    return sellers


def _better(problem: Problem, undecided: Whole, sellers: Whole, seconds: float) -> Whole:
    """The plan, or a better one of the pairs that are undecided."""
    there = undecided.copy()
    there[np.arange(problem.accounts), sellers] = True
    account, seller = np.nonzero(there)
    made = _program(problem, account, seller, seconds)
    return sellers if made is None else better(problem, made, sellers)


def better(problem: Problem, one: Whole, other: Whole) -> Whole:
    """Of two plans the one that passes limits less; of equals the cheaper, then the other."""
    far, was = (problem.beyond(each).sum() for each in (one, other))
    small = 1e-9 * problem.totals.max()
    cheaper = problem.cost(one) < problem.cost(other)
    return one if far < was - small or (far <= was + small and cheaper) else other


def _program(problem: Problem, account: Whole, seller: Whole, seconds: float) -> Whole | None:
    """The best whole plan among some pairs; none if HiGHS found none in time."""
    column = np.arange(len(account))
    each = sparse.csr_array(
        (np.ones(len(account)), (account, column)), (problem.accounts, len(account))
    )
    limits = [LinearConstraint(each, 1, 1)]
    for row, least, most in zip(problem.measures, problem.least, problem.most, strict=True):
        unit = row.sum() / problem.sellers + 1e-300
        load = sparse.csr_array(
            (row[account] / unit, (seller, column)), (problem.sellers, len(account))
        )
        limits.append(LinearConstraint(load, least / unit, most / unit))
    made = milp(
        problem.full[account, seller],
        integrality=np.ones(len(account)),
        bounds=Bounds(0, 1),
        constraints=limits,
        options={"time_limit": seconds, "mip_rel_gap": 1e-4},
    )
    if made.x is None:
        return None
    chosen = made.x > 0.5
    told = np.zeros(problem.accounts, np.int64)
    told[account[chosen]] = seller[chosen]
    return told
