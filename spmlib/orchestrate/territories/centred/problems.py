"""Centre problems: accounts, where territories may have their centres, how many, how loaded.

::

    sited(costs, size, 10, most=720.0)  # no territory above a capacity
    sited(costs, size, 10, tolerance=0.05)  # each within 5 % of the mean
    sited(costs, size, 10, tolerance=0.05, fixed=[3, 17])  # two homes are centres in any case
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.problems import FREE


@dataclass(frozen=True)
class Sited:
    """Accounts and candidates.

    Attributes:
        costs: accounts x candidates: what an account costs at each: travel, with its workload.
        size: the load that each account brings.
        territories: how many there are to be.
        most: the most that a territory at each candidate may carry.
        tolerance: how far a territory may lie from the mean; none for up to `most` alone.
        fixed: candidates that are centres in any case: of the first territories, in this order.
        own: the account that each candidate keeps if it is a centre; `FREE` for none.
    """

    costs: Floats
    size: Floats
    territories: int
    most: Floats
    tolerance: float | None
    fixed: Whole
    own: Whole

    @property
    def accounts(self) -> int:
        """How many accounts there are."""
        return self.costs.shape[0]

    @property
    def candidates(self) -> int:
        """How many candidates there are."""
        return self.costs.shape[1]

    @property
    def mean(self) -> float:
        """The mean load of a territory."""
        return float(self.size.sum() / self.territories)

    @cached_property
    def limits(self) -> tuple[Floats, Floats]:
        """The least and the most load of a territory at each candidate."""
        if self.tolerance is None:
            return np.zeros(self.candidates), self.most
        least = np.full(self.candidates, self.mean * (1 - self.tolerance))
        return least, np.minimum(self.most, self.mean * (1 + self.tolerance))

    @cached_property
    def across(self) -> Floats:
        """What each pair costs: candidates x accounts."""
        return np.ascontiguousarray(self.costs.T)

    def loads(self, sellers: Whole) -> Floats:
        """What each territory carries."""
        return np.bincount(sellers, self.size, self.territories)

    def cost(self, centres: Whole, sellers: Whole) -> float:
        """What a plan costs."""
        return float(self.costs[np.arange(self.accounts), centres[sellers]].sum())

    def beyond(self, centres: Whole, sellers: Whole) -> Floats:
        """How far each territory lies beyond its limits."""
        load = self.loads(sellers)
        least, most = (limit[centres] for limit in self.limits)
        return np.maximum(np.maximum(load - most, least - load), 0.0)


def sited(
    costs: Floats,
    size: Floats,
    territories: int,
    most: Floats | float = np.inf,
    tolerance: float | None = None,
    fixed: Sequence[int] = (),
    own: Whole | None = None,
) -> Sited:
    """A problem of accounts and candidates, checked.

    Args:
        costs: accounts x candidates, not below 0; need not be the same both ways.
        size: of each account: workload, demand.
        territories: how many.
        most: the capacity of each candidate, or one for all [as size].
        tolerance: of the mean load, e.g. 0.05: both limits.
        fixed: candidates that are centres in any case, as the homes of those who stay.
        own: the account that each candidate keeps if it is a centre, `FREE` for none.

    Raises:
        ParameterError: a number cannot be, or there is no such plan; it says what would help.
    """
    far, load = (np.ascontiguousarray(each, float) for each in (costs, size))
    if far.ndim != 2 or load.shape != far.shape[:1]:
        raise ParameterError(
            f"costs are {far.shape} and sizes {load.shape}; costs are accounts x candidates, and "
            "each account has one size."
        )
    count = far.shape[1]
    capacity = np.broadcast_to(np.asarray(most, float), count).copy()
    keeps = np.full(count, FREE) if own is None else np.ascontiguousarray(own, np.int64)
    homes = np.array(fixed, np.int64).reshape(-1)
    made = Sited(far, load, territories, capacity, tolerance, homes, keeps)
    _refuse_numbers(made)
    _refuse_limits(made)
    return made


def numbered(problem: Sited, territories: int) -> Sited:
    """The same problem with another number of territories.

    Raises:
        ParameterError: there is no such plan.
    """
    made = replace(problem, territories=territories)
    _refuse_numbers(made)
    _refuse_limits(made)
    return made


def _refuse_numbers(made: Sited) -> None:
    if not (np.isfinite(made.costs) & (made.costs >= 0)).all():
        account, candidate = np.argwhere(~(np.isfinite(made.costs) & (made.costs >= 0)))[0]
        raise ParameterError(
            f"the cost of account {account} at candidate {candidate} is "
            f"{made.costs[account, candidate]}; write a number of 0 or more, a high one where it "
            "should not be."
        )
    if not (np.isfinite(made.size) & (made.size >= 0)).all() or (made.most < 0).any():
        raise ParameterError("a size or capacity is negative or missing; write 0 or more.")
    if made.tolerance is not None and not 0 <= made.tolerance < 1:
        raise ParameterError(
            f"the tolerance is {made.tolerance}; it is a share of the mean from 0 to below 1."
        )
    if not 1 <= made.territories <= made.candidates:
        raise ParameterError(
            f"{made.territories} territories are asked of {made.candidates} candidates; ask for "
            "1 at least, and for no more than there are candidates."
        )
    wrong = (made.fixed < 0) | (made.fixed >= made.candidates)
    if wrong.any() or len(set(made.fixed.tolist())) < len(made.fixed):
        raise ParameterError(
            f"fixed centres {made.fixed.tolist()} are to be different candidates, counted from 0 "
            f"to {made.candidates - 1}."
        )
    if len(made.fixed) > made.territories:
        raise ParameterError(
            f"{len(made.fixed)} centres are fixed and {made.territories} territories asked; fix "
            "fewer, or ask for more."
        )
    named = made.own[made.own != FREE]
    if made.own.shape != (made.candidates,) or len(set(named.tolist())) < len(named):
        raise ParameterError(
            "own names one account for each candidate, no account twice; FREE for none."
        )
    if ((named < 0) | (named >= made.accounts)).any():
        raise ParameterError(f"own names accounts from 0 to {made.accounts - 1}, or FREE.")


def _refuse_limits(made: Sited) -> None:
    least, most = made.limits
    if made.size.max(initial=0.0) > most.max() * (1 + 1e-12):
        account = int(np.argmax(made.size))
        raise ParameterError(
            f"account {account} is {made.size[account]:,.0f}, larger than the {most.max():,.0f} "
            "that any territory may carry; divide it, or raise the capacity or the tolerance."
        )
    free = np.delete(np.arange(made.candidates), made.fixed)
    many = made.territories - len(made.fixed)
    total = made.size.sum()
    largest = np.sort(most[free])[::-1][:many]
    can = most[made.fixed].sum() + largest.sum()
    if can < total * (1 - 1e-12):
        raise ParameterError(
            f"{made.territories} territories carry {can:,.0f} at most, less than the {total:,.0f} "
            "there is; ask for more territories, or raise the capacity."
        )
    if (least > most).any():
        raise ParameterError(
            f"a capacity of {most.min():,.0f} lies below the least load, {least.max():,.0f}; raise "
            "the capacity or the tolerance."
        )
