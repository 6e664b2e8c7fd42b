"""Letters: what one person is told of a change, in exact amounts.

`incent.letters` makes them, `show.letters` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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
        amounts: whether both are amounts, of which ``currency`` is the currency if they are money.
        start: from when.
    """

    kind: str
    what: str
    was: str
    now: str
    start: date
    amounts: tuple[Decimal, Decimal] | None = None
    currency: str = ""


@dataclass(frozen=True)
class Deal:
    """What one order paid by the old rules and would pay by the new."""

    transaction_id: str
    account: str
    event_date: date
    was: Decimal
    now: Decimal


@dataclass(frozen=True)
class SameDeals:
    """The same deals by two versions of a plan [currency of the plan].

    Attributes:
        since, until: first day of the deals, and the first day after them.
        parts: by component (empty: the whole plan): was and now.
        deals: those whose pay moves most.
    """

    since: date
    until: date
    currency: str
    parts: tuple[tuple[str, Decimal, Decimal], ...]
    deals: tuple[Deal, ...]

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
