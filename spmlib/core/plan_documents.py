"""Plan documents: what a plan says, so that whoever is paid by it understands it.

`incent.plan_documents` makes them, `show.plan_documents` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spmlib.core.statements import Entry


@dataclass(frozen=True)
class Clause:
    """One thing that a plan says: which sentence, with which words, and where it is written."""

    key: str
    words: Mapping[str, str]
    place: str


@dataclass(frozen=True)
class RateRow:
    """A row of a rate table, as it is written."""

    when: str
    start: str
    gives: str
    place: str


@dataclass(frozen=True)
class Example:
    """Some deals of one window, paid by the engine.

    Attributes:
        quota, target: of the window, where the component has one [plan currency or units].
        money: whether deals are sums of money.
        deals: what each counts, in order; a negative one is a reversal.
        lines: what each earns, and why; in the order of the deals, what is restated before.
    """

    quota: Decimal | None
    target: Decimal | None
    money: bool
    deals: tuple[Decimal, ...]
    lines: tuple[Entry, ...]

    @property
    def total(self) -> Decimal:
        """What all of them earn."""
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class PlanPart:
    """One component of a plan.

    Attributes:
        text: the clause of the signed plan, as the file quotes it.
        clauses: what the file says, a sentence each.
        since: from when the table holds.
        word: what rows give: rate, payout or amount.
        curve: (share of quota or amount, earned), rising; empty without a curve.
        of_quota: whether the curve's x is a share of quota.
    """

    name: str
    text: str
    clauses: tuple[Clause, ...]
    since: date
    word: str
    rows: tuple[RateRow, ...]
    example: Example | None
    curve: tuple[tuple[float, float], ...]
    of_quota: bool


@dataclass(frozen=True)
class Goal:
    """What one person has to reach, and what reaching so much of it pays.

    Attributes:
        component: whose quota.
        window: over which it is counted.
        quota: of the window.
        pays: (share of quota, pay by the curve alone) [plan currency].
    """

    component: str
    window: str
    money: bool
    quota: Decimal
    pays: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True)
class PlanDocument:
    """A plan as it holds on a day, for everybody or for one person.

    Attributes:
        version: the day from which the latest of its dated terms holds.
        clauses: of the whole plan: modifiers and payment.
        payee_id, name, goals: of the person it is made for; empty for everybody.
    """

    plan: str
    title: str
    source: str
    currency: str
    on: date
    version: date
    parts: tuple[PlanPart, ...]
    clauses: tuple[Clause, ...]
    payee_id: str = ""
    name: str = ""
    locale: str = "en_US"
    goals: tuple[Goal, ...] = ()
