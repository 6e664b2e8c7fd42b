"""Prices: what one more unit of a measure costs at each seller, and the bound that follows.

With a price on every measure of every seller, each account would go where cost and prices are
least; what that costs, less what prices bring at the limits, is below what any plan within them can
cost.
The best prices come from the linear relaxation, solved on few sellers an account and priced against
all; but any prices give a bound, so that whoever has them can check it in one line.

Source:
    Lagrangian bound: Geoffrion, "Lagrangean relaxation for integer programming" (1974). Column
    generation: Gilmore, Gomory (1961).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.forecasting.panels import Floats, Whole
from spmlib.orchestrate.territories.problems import Problem

NEAR = 8  # sellers an account begins with
MORE = 4  # that are added to it at once
ROUNDS = 25
ENOUGH = 1e-7  # of the cost, by which the bound may stay below the relaxation


@dataclass(frozen=True)
class Priced:
    """The relaxation of a problem.

    Attributes:
        prices: measures x sellers: above 0 where a seller is full, below where one has too little.
        bound: what no plan within the limits can be below.
        account: the account of each part, seller: its seller, part: how much of it.
    """

    prices: Floats
    bound: float
    account: Whole
    seller: Whole
    part: Floats


def bound(problem: Problem, prices: Floats) -> float:
    """What no plan within the limits can be below, by some prices."""
    cheapest = problem.charged(prices).min(axis=1).sum()
    full, empty = np.maximum(prices, 0.0), np.minimum(prices, 0.0)
    return float(cheapest - (full * problem.most).sum() - (empty * problem.least).sum())


def priced(problem: Problem) -> Priced:
    """The relaxation: accounts may be divided.

    Raises:
        ParameterError: even divided accounts cannot be balanced; it says at which sellers.
    """
    nothing = np.zeros((len(problem.measures), problem.sellers))
    account, seller = _cheapest(problem.charged(nothing), min(NEAR, problem.sellers))
    best, told = -np.inf, None
    for _ in range(ROUNDS):
        part, prices, duals, short = _relaxed(problem, account, seller)
        if short.max() <= 1e-7:
            best = max(best, bound(problem, prices))
            told = Priced(prices, best, account, seller, part)
            whole = float((part * problem.full[account, seller]).sum())
            if whole - best <= ENOUGH * max(abs(whole), 1.0):
                break
        charged = problem.charged(prices) - duals[:, None]
        charged[account, seller] = np.inf
        more, other = _cheapest(charged, min(MORE, problem.sellers))
        new = charged[more, other] < -1e-9
        if not new.any():
            break
        account = np.concatenate([account, more[new]])
        seller = np.concatenate([seller, other[new]])
    if told is None:
        where = [int(n) for n in np.flatnonzero(short.max(axis=0) > 1e-7)]
        raise ParameterError(
            f"limits clash: even divided accounts cannot be balanced at sellers {where}; raise the "
            "tolerance, unlock accounts, or allow more sellers to have them."
        )
    return Priced(told.prices, best, told.account, told.seller, told.part)


def _cheapest(costs: Floats, many: int) -> tuple[Whole, Whole]:
    """The sellers of least cost of each account: account, seller."""
    order = np.argpartition(costs, many - 1, axis=1)[:, :many]
    account = np.repeat(np.arange(len(costs)), many)
    seller = order.ravel()
    there = np.isfinite(costs[account, seller])
    return account[there], seller[there]


def _relaxed(
    problem: Problem, account: Whole, seller: Whole
) -> tuple[Floats, Floats, Floats, Floats]:
    """Parts, prices, what each account costs at the margin, and what cannot be balanced."""
    pairs, kinds, sellers = len(account), len(problem.measures), problem.sellers
    cells = kinds * sellers
    column = np.arange(pairs)
    whole = sparse.csr_array((np.ones(pairs), (account, column)), (problem.accounts, pairs))
    scale = problem.totals[:, None] / sellers + 1e-300
    loads = sparse.vstack(
        [
            sparse.csr_array((row[account] / size, (seller, column)), (sellers, pairs))
            for row, size in zip(problem.measures, scale[:, 0], strict=True)
        ]
    )
    missing = sparse.identity(cells, format="csr")
    nothing = sparse.csr_array((problem.accounts, cells))
    most, least = ((limit / scale).ravel() for limit in (problem.most, problem.least))
    penalty = 1e3 * (np.abs(problem.full[account, seller]).max() + 1.0) * problem.accounts / sellers
    made = linprog(
        np.concatenate([problem.full[account, seller], np.full(cells, penalty)]),
        A_ub=sparse.vstack(
            [sparse.hstack([loads, -missing]), sparse.hstack([-loads, -missing])], format="csr"
        ),
        b_ub=np.concatenate([most, -least]),
        A_eq=sparse.hstack([whole, nothing], format="csr"),
        b_eq=np.ones(problem.accounts),
        method="highs",
    )
    assert made.status == 0, made.message  # with what is missing allowed, there is always a way
    upper, lower = made.ineqlin.marginals[:cells], made.ineqlin.marginals[cells:]
    prices = (lower - upper).reshape(kinds, sellers) / scale
    return made.x[:pairs], prices, made.eqlin.marginals, made.x[pairs:].reshape(kinds, sellers)
