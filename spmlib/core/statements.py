"""Statements: what one person is told about a month, in exact amounts.

`incent.statements` makes them, `show.statements` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Step:
    """So much at such a rate: a piece of a line."""

    words: str
    amount: Decimal
    place: str  # file and line of the plan


@dataclass(frozen=True)
class Entry:
    """One line of earnings.

    Attributes:
        line_id: what a dispute calls it.
        kind: as in Earnings.
        transaction_id, account, product: what was sold; empty for a modifier.
        how: how the credit came about, where it is not simply the whole of a transaction: by kind
            (converted, share, team, event), with the figures.
    """

    line_id: str
    kind: str
    transaction_id: str
    account: str
    product: str
    event_date: date
    credited: Decimal | None
    amount: Decimal
    how: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Next:
    """The next threshold of a component."""

    start: Decimal  # share of quota, or amount
    of_quota: bool
    needed: Decimal  # how much more is to be counted
    worth: Decimal  # what that earns by the curve, before modifiers [currency]


@dataclass(frozen=True)
class Part:
    """One component, in the window that the month belongs to; or the whole plan's modifiers.

    Attributes:
        component: empty for the whole plan.
        counted: to date, in the window.
        money: whether what it counts is money.
        attainment: counted over quota; none without a quota.
        ahead: the next threshold; none beyond the last.
    """

    component: str
    clause: str
    window: str
    money: bool
    counted: Decimal | None
    quota: Decimal | None
    attainment: Decimal | None
    ahead: Next | None
    lines: tuple[Entry, ...]

    @property
    def amount(self) -> Decimal:
        """What its lines come to."""
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class PlanPay:
    """What a month comes to under one plan.

    Attributes:
        terms: what payment terms add, by kind of Payments.
        balances: what is outstanding at the month's end, by column of Balances.
        due: for the month [currency of the plan].
        rate: units of the payroll currency for one of the plan's; none where there is none.
        paid: due, in the payroll currency; none where there is no rate.
    """

    plan: str
    title: str
    source: str
    currency: str
    parts: tuple[Part, ...]
    terms: tuple[tuple[str, Decimal], ...]
    balances: tuple[tuple[str, Decimal], ...]
    due: Decimal
    rate: Decimal | None
    paid: Decimal | None

    @property
    def earned(self) -> Decimal:
        """What all lines come to."""
        return sum((part.amount for part in self.parts), Decimal(0))


@dataclass(frozen=True)
class Correction:
    """What a closed month is corrected by, and why."""

    period: str
    component: str
    transaction_id: str
    reason: str  # of Postings
    was: Decimal
    now: Decimal
    currency: str


@dataclass(frozen=True)
class Month:
    """A month of the year so far: earned and paid [currency of the plan]."""

    period: str
    currency: str
    earned: Decimal
    paid: Decimal


@dataclass(frozen=True)
class Statement:
    """What one person is told about a month.

    Attributes:
        start, end: the month's first day, and the first day after it.
        paid: in the payroll currency; none where a rate is missing.
        before: likewise of the month before; none where nothing was due then.
        changes: what made the difference to the month before, the largest first: component (or kind
            of payment term) and amount, where both months have one currency.
        state: closed, preview (of the next close) or estimate (nothing is closed).
    """

    payee_id: str
    name: str
    locale: str
    period: str
    start: date
    end: date
    state: str
    plans: tuple[PlanPay, ...]
    corrections: tuple[Correction, ...]
    paid: Decimal | None
    paid_in: str
    before: Decimal | None
    changes: tuple[tuple[str, Decimal], ...]
    months: tuple[Month, ...]
