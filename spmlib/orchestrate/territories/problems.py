"""Problems: accounts to be given to sellers, what each would cost, and within which limits.

Every measure (workload, potential, last year's sales) is to be balanced: each seller's part of it
lies within a tolerance of their share of the whole. A part-timer has a smaller share; a vacancy is
a seller like any other. Named accounts are locked; skills say who may have what; some accounts go
together, some must not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError

FREE = -1  # an account that is locked to nobody, or had by nobody today
Pairs = Sequence[tuple[int, int]]


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
        unit: of each account; accounts of one unit go to one seller.
        apart: pairs of units, pairs x 2, that no seller may have both of.
    """

    costs: Floats
    measures: Floats
    shares: Floats
    tolerances: Floats
    allowed: Whole
    today: Whole
    moving: float
    unit: Whole
    apart: Whole

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
        if not self.moving:
            return self.costs
        moved = (self.today[:, None] != np.arange(self.sellers)) & (self.today[:, None] != FREE)
        return self.costs + self.moving * moved

    @cached_property
    def totals(self) -> Floats:
        """What there is of each measure."""
        return self.measures.sum(axis=1)

    @cached_property
    def least(self) -> Floats:
        """The least of each measure that each seller may have: measures x sellers.

        Where a measure counts whole numbers, so do limits: 33.6 visits at least are 34.
        """
        asked = self.totals[:, None] * self.shares * (1 - self.tolerances[:, None])
        return np.where(self._counted, np.ceil(asked - 1e-6), asked)

    @cached_property
    def most(self) -> Floats:
        """The most of each measure that each seller may have."""
        asked = self.totals[:, None] * self.shares * (1 + self.tolerances[:, None])
        return np.where(self._counted, np.floor(asked + 1e-6), asked)

    @cached_property
    def _counted(self) -> Whole:
        return (self.measures == np.rint(self.measures)).all(axis=1, keepdims=True)

    @cached_property
    def units(self) -> Problem:
        """The problem of whole units: what goes together as one account."""
        count = int(self.unit.max()) + 1
        if count == self.accounts:
            return self
        of = sparse.csr_array(
            (np.ones(self.accounts), (self.unit, np.arange(self.accounts))), (count, self.accounts)
        )
        return replace(
            self,
            costs=of @ self.full,
            measures=(of @ self.measures.T).T,
            allowed=of @ ~self.allowed == 0,
            today=np.full(count, FREE),
            moving=0.0,
            unit=np.arange(count),
        )

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

    def leaving(self, sellers: Whole) -> Whole:
        """Which accounts have another seller than today."""
        return (sellers != self.today) & (self.today != FREE)

    def moved(self, sellers: Whole) -> int:
        """How many accounts have another seller than today."""
        return int(self.leaving(sellers).sum())

    def parted(self, sellers: Whole) -> bool:
        """Whether what goes together does, and what is apart is."""
        of = np.zeros(int(self.unit.max()) + 1, np.int64)
        of[self.unit] = sellers
        whole = bool((of[self.unit] == sellers).all())
        return whole and not (of[self.apart[:, 0]] == of[self.apart[:, 1]]).any()


def better(problem: Problem, one: Whole, other: Whole) -> Whole:
    """Of two plans the one that passes limits less; of equals the cheaper, then the other."""
    far, was = (float(problem.beyond(each).sum()) for each in (one, other))
    small = 1e-9 * float(problem.totals.max())
    first = preferred(far, problem.cost(one), was, problem.cost(other), small)
    return one if first else other


def preferred(far: float, cost: float, was: float, before: float, small: float) -> bool:
    """Whether a plan passes limits less than another, or as little and costs less.

    Args:
        far: how far it lies beyond limits.
        cost: of it.
        was: how far the other does.
        before: the cost of the other.
        small: how far beyond is as good as not.
    """
    return far < was - small or (far <= was + small and cost < before)


def problem(
    costs: Floats,
    measures: Floats,
    tolerances: Sequence[float] | float = 0.05,
    shares: Sequence[float] | None = None,
    locked: Whole | None = None,
    allowed: Whole | None = None,
    today: Whole | None = None,
    moving: float = 0.0,
    together: Pairs = (),
    apart: Pairs = (),
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
        together: pairs of accounts that must have one seller.
        apart: pairs of accounts that must not.

    Raises:
        ParameterError: an account may go to nobody, what is locked is more than a seller may have,
            sellers together may have less than there is, or pairs contradict each other.
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
    unit, kept = _units(count, together, apart)
    made = Problem(
        costs, values, part / part.sum(), far, may, had.astype(np.int64), moving, unit, kept
    )
    _refuse(made, fixed)
    return made


def _units(count: int, together: Pairs, apart: Pairs) -> tuple[Whole, Whole]:
    """The unit of each account, and the pairs of units that are apart."""
    one, other = np.array(together, np.int64).reshape(-1, 2).T
    links = sparse.coo_array((np.ones(len(one)), (one, other)), (count, count))
    _, unit = connected_components(links, directed=False)
    pairs = np.array(apart, np.int64).reshape(-1, 2)
    both = unit[pairs]
    same = both[:, 0] == both[:, 1]
    if same.any():
        one, other = pairs[same][0]
        raise ParameterError(
            f"accounts {one} and {other} must go together and must not; drop one of the two."
        )
    return unit.astype(np.int64), np.unique(np.sort(both, axis=1), axis=0).astype(np.int64)


def _refuse(made: Problem, fixed: Whole) -> None:
    nobody = ~made.units.allowed.any(axis=1)
    if nobody.any():
        at = np.flatnonzero(made.unit == np.flatnonzero(nobody)[0])
        who = f"account {at[0]}" if len(at) == 1 else f"accounts {at.tolist()}, that go together,"
        raise ParameterError(f"{who} may go to nobody; allow at least one seller.")
    named = fixed != FREE
    held = np.full(int(made.unit.max()) + 1, FREE)
    held[made.unit[named]] = fixed[named]
    both = held[made.apart]
    clash = (both[:, 0] == both[:, 1]) & (both[:, 0] != FREE)
    if clash.any():
        seller = both[clash][0, 0]
        raise ParameterError(
            f"two accounts that must not go together are both locked to seller {seller}; unlock "
            "one."
        )
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
        can = values @ made.allowed
        short = made.least[which] - can
        if (short > 1e-9 * made.totals[which]).any():
            worst = int(np.argmax(short))
            raise ParameterError(
                f"seller {worst} may have {can[worst]:,.0f} of measure {which} at most, less than "
                f"the {made.least[which, worst]:,.0f} asked; allow more accounts, or lower their "
                "share."
            )
