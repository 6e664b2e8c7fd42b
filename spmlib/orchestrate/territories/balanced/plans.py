"""Assignments: a plan of territories and its certificate.

    plan = assigned(problem(costs, workload, 0.05, today=today, moving=10.0))
    plan.sellers, plan.gap  # who has each account; how far it may be from the best there is

The certificate is the bound with the prices it rests on: `prices.bound` computes it again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.balanced.dives import LEVELS, dived
from spmlib.orchestrate.territories.balanced.neighbourhoods import bettered
from spmlib.orchestrate.territories.balanced.prices import Priced, priced
from spmlib.orchestrate.territories.balanced.searches import searched
from spmlib.orchestrate.territories.problems import Problem, better

if TYPE_CHECKING:
    import pandas as pd

ROUNDS = 20
TIGHTS = (5e-4, 0.0, 2e-4, 1e-3, 2e-3, 4e-3)  # narrower limits to begin with
SMALL = 100_000  # accounts times sellers, up to which all of them are tried
LARGE = 20_000_000  # likewise, from which on steps are fewer
CLOSE = 1e-9  # of the whole, beyond a limit, that is rounding


@dataclass(frozen=True)
class Plan:
    """Who has each account.

    Attributes:
        problem: what was asked.
        sellers: the seller of each account.
        bound: what no plan within the limits can be below.
        prices: that the bound rests on: measures x sellers.
    """

    problem: Problem
    sellers: Whole
    bound: float
    prices: Floats

    @property
    def cost(self) -> float:
        """What the plan costs, moving included."""
        return self.problem.cost(self.sellers)

    @property
    def gap(self) -> float:
        """How far the plan may be from the best there is, as a share of the bound."""
        return (self.cost - self.bound) / abs(self.bound) if self.bound else float("nan")

    @property
    def within(self) -> bool:
        """Whether every seller lies within every limit, and pairs are as asked."""
        far = self.problem.beyond(self.sellers)
        balanced = bool((far <= CLOSE * self.problem.totals[:, None]).all())
        return balanced and self.problem.parted(self.sellers)

    @property
    def moved(self) -> int:
        """How many accounts have another seller than today."""
        return self.problem.moved(self.sellers)

    def binding(self) -> pd.DataFrame:
        """The sellers whose limits cost something: seller, measure, price (of one more unit)."""
        import pandas as pd

        measure, seller = np.nonzero(np.abs(self.prices) > 1e-12)
        rows = {"seller": seller, "measure": measure, "price": self.prices[measure, seller]}
        return pd.DataFrame(rows).sort_values("price", key=abs, ascending=False, ignore_index=True)

    def with_account(self, account: int, seller: int) -> Plan:
        """The plan with one account, and what goes with it, at another seller, scored at once.

        Raises:
            ParameterError: there is no such account or seller, or the seller may not have it.
        """
        if not (0 <= account < self.problem.accounts and 0 <= seller < self.problem.sellers):
            raise ParameterError(
                f"there is no account {account} or no seller {seller}; there are "
                f"{self.problem.accounts} and {self.problem.sellers}, counted from 0."
            )
        with_it = self.problem.unit == self.problem.unit[account]
        if not self.problem.allowed[with_it, seller].all():
            raise ParameterError(
                f"seller {seller} may not have account {account}; unlock it first."
            )
        sellers = self.sellers.copy()
        sellers[with_it] = seller
        return replace(self, sellers=sellers)


def assigned(problem: Problem, seconds: float | None = None, rounds: int = ROUNDS) -> Plan:
    """A plan near the best there is, with its certificate.

    Accounts are whole: where no plan within limits was found, the one returned passes them as
    little as it can, and its `within` says so.

    Args:
        problem: accounts, sellers and limits.
        seconds: for making a good plan better, as many rounds as they last; 0 for what moves and
            exchanges give; none: `rounds`, and the same plan each time.
        rounds: of making it better, where no time is given.

    Raises:
        ParameterError: limits clash; it says where.
    """
    told = priced(problem)
    pairs = problem.accounts * problem.sellers
    starts = TIGHTS if pairs <= SMALL else TIGHTS[:1]
    made = reduce(partial(better, problem.units), [_begun(problem, told, each) for each in starts])
    if seconds is None or seconds > 0:
        most = rounds if seconds is None else sys.maxsize
        made = bettered(problem, told, made, most, seconds)
    return Plan(problem, made[problem.unit], told.bound, told.prices)


def _begun(problem: Problem, told: Priced, tight: float) -> Whole:
    """A plan of units, with limits narrower at first."""
    if problem.accounts * problem.sellers < LARGE:
        return searched(problem, told, dived(told, tight))
    return searched(problem, told, dived(told, tight, LEVELS[1::2] + LEVELS[-1:]), 1, 3)


def frontier(problem: Problem, moving: Sequence[float], rounds: int = ROUNDS) -> pd.DataFrame:
    """What travel costs when moving an account costs more or less.

    Args:
        problem: with today's sellers.
        moving: costs of a move to try.
        rounds: of making each plan better.

    Returns:
        moving, moved (accounts), travel (without moving), gap, within; by cost of a move.
    """
    import pandas as pd

    rows = []
    for each in moving:
        plan = assigned(replace(problem, moving=each), rounds=rounds)
        travel = float(problem.costs[np.arange(problem.accounts), plan.sellers].sum())
        row = {"moving": each, "moved": plan.moved, "travel": travel, "gap": plan.gap}
        rows.append(row | {"within": plan.within})
    return pd.DataFrame(rows)
