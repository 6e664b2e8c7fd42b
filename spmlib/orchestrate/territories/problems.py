"""Problems: accounts to be given to sellers, what each would cost, and within which limits.

Every measure (workload, potential, last year's sales) is to be balanced: each seller's part of it
lies within a tolerance of their share of the whole. A part-timer has a smaller share; a vacancy is
a seller like any other. Named accounts are locked; skills say who may have what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.forecasting.panels import Floats, Whole

FREE = -1  # an account that is locked to nobody, or had by nobody today


@dataclass(frozen=True)
class Problem:
    """Accounts and sellers.

    Attributes:
        costs: accounts x sellers: travel, or anything else; of an account with its workload.
        measures: measures x accounts.
        shares: of each seller, adding up to 1.
        tolerances: of each measure: how far a seller may lie from their share.
        allowed: accounts x sellers: who may have what.
        today: the seller of each account; `FREE` where it has none.
        moving: what giving an account to another seller than today's costs.
    """

    costs: Floats
    measures: Floats
    shares: Floats
    tolerances: Floats
    allowed: Whole
    today: Whole
    moving: float = 0.0

    @property
    def accounts(self) -> int:
        """How many accounts there are."""
        return self.costs.shape[0]

    @property
    def sellers(self) -> int:
        """How many sellers there are."""
        return self.costs.shape[1]

    @cached_property
    def full(self) -> Floats:
        """What each pair costs, moving included: accounts x sellers."""
        moved = (self.today[:, None] != np.arange(self.sellers)) & (self.today[:, None] != FREE)
        return self.costs + self.moving * moved

    @cached_property
    def totals(self) -> Floats:
        """What there is of each measure."""
        return self.measures.sum(axis=1)

    @cached_property
    def least(self) -> Floats:
        """The least of each measure that each seller may have: measures x sellers."""
        return self.totals[:, None] * self.shares * (1 - self.tolerances[:, None])

    @cached_property
    def most(self) -> Floats:
        """The most of each measure that each seller may have."""
        return self.totals[:, None] * self.shares * (1 + self.tolerances[:, None])

    def charged(self, prices: Floats) -> Floats:
        """What each pair costs with some prices; infinite where it is not allowed."""
        made = self.full + np.einsum("ka,ks->as", self.measures, prices)
        return np.where(self.allowed, made, np.inf)

    def loads(self, sellers: Whole) -> Floats:
        """What each seller has of each measure: measures x sellers."""
        return np.stack([np.bincount(sellers, each, self.sellers) for each in self.measures])

    def cost(self, sellers: Whole) -> float:
        """What a plan costs, moving included."""
        return float(self.full[np.arange(self.accounts), sellers].sum())

    def beyond(self, sellers: Whole) -> Floats:
        """How far each seller lies beyond their limits: measures x sellers."""
        load = self.loads(sellers)
        return np.maximum(np.maximum(load - self.most, self.least - load), 0.0)

    def moved(self, sellers: Whole) -> int:
        """How many accounts have another seller than today."""
        return int(((sellers != self.today) & (self.today != FREE)).sum())


def problem(
    costs: Floats,
    measures: Floats,
    tolerances: Sequence[float] | float = 0.05,
    shares: Sequence[float] | None = None,
    locked: Whole | None = None,
    allowed: Whole | None = None,
    today: Whole | None = None,
    moving: float = 0.0,
) -> Problem:
    """A problem, checked: the first limit that nobody can keep is told.

    Args:
        costs: accounts x sellers.
        measures: one row for each, or one alone.
        tolerances: of each measure, e.g. 0.05; one for all.
        shares: of sellers, any unit; all alike if not given.
        locked: the seller of each named account, `FREE` for others.
        allowed: accounts x sellers; all if not given.
        today: the seller that each account has.
        moving: the cost of a move [as costs].

    Raises:
        ParameterError: an account may go to nobody, what is locked is more than a seller may have,
            or sellers together may have less than there is.
    """
    costs = np.asarray(costs, float)
    count, sellers = costs.shape
    values = np.atleast_2d(np.asarray(measures, float))
    part = np.ones(sellers) if shares is None else np.asarray(shares, float)
    fixed = np.full(count, FREE) if locked is None else np.asarray(locked)
    may = np.ones((count, sellers), bool) if allowed is None else np.asarray(allowed, bool).copy()
    named = fixed != FREE
    may[named] = False
    may[np.flatnonzero(named), fixed[named]] = True
    had = np.full(count, FREE) if today is None else np.asarray(today)
    far = np.broadcast_to(np.asarray(tolerances, float), len(values)).copy()
    if (values < 0).any() or (part <= 0).any() or (far < 0).any():
        raise ParameterError("a measure, share or tolerance is negative; write 0 or more.")
    made = Problem(costs, values, part / part.sum(), far, may, had.astype(np.int64), moving)
    _refuse(made, fixed)
    return made


def _refuse(made: Problem, fixed: Whole) -> None:
    nobody = ~made.allowed.any(axis=1)
    if nobody.any():
        at = int(np.flatnonzero(nobody)[0])
        raise ParameterError(f"account {at} may go to nobody; allow at least one seller.")
    named = fixed != FREE
    for which, values in enumerate(made.measures):
        held = np.bincount(fixed[named], values[named], made.sellers)
        over = held - made.most[which]
        if (over > 1e-9 * made.totals[which]).any():
            worst = int(np.argmax(over))
            raise ParameterError(
                f"seller {worst} has {held[worst]:,.0f} of measure {which} locked, more than the "
                f"{made.most[which, worst]:,.0f} allowed; unlock some, raise their share or the "
                "tolerance."
            )
        can = np.where(made.allowed, values[:, None], 0.0).sum(axis=0)
        short = made.least[which] - can
        if (short > 1e-9 * made.totals[which]).any():
            worst = int(np.argmax(short))
            raise ParameterError(
                f"seller {worst} may have {can[worst]:,.0f} of measure {which} at most, less than "
                f"the {made.least[which, worst]:,.0f} asked; allow more accounts, or lower their "
                "share."
            )
