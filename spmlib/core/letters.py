"""Letters: what one person is told of a change, in exact amounts.

`incent.letters` makes them, `show.letters` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Difference:
    """One word of a plan that is another: what it said, what it says, and where both stand."""

    component: str  # empty: the whole plan
    what: str  # rate, cap, measure ... as plans call it
    at: str  # the row, where it is one of a table
    was: str
    now: str
    was_place: str
    now_place: str


@dataclass(frozen=True)
class Change:
    """One thing that is another for a person from a day on.

    Attributes:
        kind: quota, territory, manager, role, plan, pay, account or terms.
        what: of a quota its measure, of pay the column, of an account its name.
        was, now: in words of the table; empty where there was, or is, none.
        amounts: of what is an amount, both; ``currency`` is theirs, if they are money.
        start: from when.
        days: of a quota, the stretches of both: first day, and first day no longer.
    """

    kind: str
    what: str
    was: str
    now: str
    start: date
    amounts: tuple[Decimal | None, Decimal | None] | None = None
    currency: str = ""
    days: tuple[tuple[date, date] | None, tuple[date, date] | None] | None = None


@dataclass(frozen=True)
class Deal:
    """What one order paid by the old rules and would pay by the new."""

    transaction_id: str
    account: str
    event_date: date
    was: Decimal
    now: Decimal


@dataclass(frozen=True)
class Stretch:
    """A stretch of a curve on which the new terms pay more (1), less (-1) or the same (0)."""

    start: Fraction
    end: Fraction | None  # none: without end
    more: int


@dataclass(frozen=True)
class Standpoint:
    """What a component pays one person at shares of their quota, by the old terms and the new.

    Attributes:
        quota: of the window.
        pays: share of quota, was and now [currency of the plan].
        stood: the same where they stood in the last window that is over; none without one.
        stretches: of shares of quota, from nothing upwards.
        curve: points of both curves: share of quota, was, now.
        partly: whether gates or multipliers come on top, which are left out.
    """

    component: str
    quota: Decimal
    pays: tuple[tuple[Fraction, Decimal, Decimal], ...]
    stood: tuple[Fraction, Decimal, Decimal] | None
    stretches: tuple[Stretch, ...]
    curve: tuple[tuple[float, float, float], ...]
    partly: bool = False


@dataclass(frozen=True)
class SameDeals:
    """The same deals by two versions of a plan [currency of the plan].

    Attributes:
        since, until: first day of the deals, and the first day after them.
        parts: by component (empty: the whole plan): was and now.
        deals: those whose pay moves most.
        standpoints: components that pay otherwise at some share of quota.
    """

    since: date
    until: date
    currency: str
    parts: tuple[tuple[str, Decimal, Decimal], ...]
    deals: tuple[Deal, ...]
    standpoints: tuple[Standpoint, ...] = ()

    @property
    def was(self) -> Decimal:
        """What the old rules pay."""
        return sum((was for _, was, _ in self.parts), Decimal(0))

    @property
    def now(self) -> Decimal:
        """What the new rules pay."""
        return sum((now for _, _, now in self.parts), Decimal(0))


@dataclass(frozen=True)
class Letter:
    """What one person is told of changes that hold from a day on.

    Attributes:
        document: plan_change, quota, territory or manager: which letter it is.
        plan: the title of the plan held from then on; empty without one.
        changes: what is another.
        differences: of the plan's terms.
        deals: the same deals by both; none where no terms changed, or nothing was sold.
    """

    payee_id: str
    name: str
    locale: str
    document: str
    start: date
    plan: str
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...] = ()
    deals: SameDeals | None = None
