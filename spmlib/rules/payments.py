"""Payment terms: when what was earned is paid, and between which bounds (``payment`` of a plan).

Terms change when money moves, never what was earned. How they are written is in `payment_words`,
what each does to a month's pay in `spmlib.incent.paying`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from spmlib.core import parameters
from spmlib.core.parameters import Number, said

if TYPE_CHECKING:
    from spmlib.rules.plans import Plan

Refusal = tuple[str, str, str]


@dataclass(frozen=True)
class Draw:
    """An advance on pay for some months."""

    place: str
    recoverable: bool
    amount: Number
    months: int
    start: date | None  # the first day of its first month; else the first month under the plan
    covers: tuple[str, ...]  # categories, or names, of components; empty: all
    share: Number  # of what is payable, at most so much of it is recovered in a month
    from_month: int  # the month, counted from 1, from which it is recovered
    balance_limit: Number | None
    forgive_after: int | None  # the month at whose end what is still owed is forgiven
    forgive_on: date | None  # or the day, at the end of whose month it is


@dataclass(frozen=True)
class Bound:
    """The least, or the most, that is paid for a month."""

    place: str
    amount: Number
    later: bool  # what lies beyond it is settled in later months; else it is lost


@dataclass(frozen=True)
class Hold:
    """Until when all pay is kept back."""

    place: str
    until: str  # collected (in full), or employed (for so many months)
    months: int


@dataclass(frozen=True)
class Guarantee:
    """Pay that is certain for the first months, and is not paid back."""

    place: str
    amount: Number
    months: int


@dataclass(frozen=True)
class Clawback:
    """How much of a cancellation takes pay back, by the months since the booking."""

    place: str
    within_months: int  # from so many months on, nothing is taken back
    schedule: str  # full, pro_rata (to the months that remain) or table
    steps: tuple[tuple[int, Number], ...]  # from which month, which share; of full and table
    at: str  # current_curve, or paid_rate


@dataclass(frozen=True)
class Payment:
    """The payment terms of a plan."""

    place: str
    events: Mapping[str, Number] = field(default_factory=dict)  # shares of what is earned
    advance: Number | None = None  # share paid at booking, ahead of the events
    places: Mapping[str, str] = field(default_factory=dict)
    hold: Hold | None = None
    draw: Draw | None = None
    guarantee: Guarantee | None = None
    clawback: Clawback | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None
    payroll_rate: str = ""  # spot, average or plan: which rate converts into the person's currency

    @property
    def by_event(self) -> bool:
        """Whether it matters what became of each transaction."""
        return bool(self.events) or (self.hold is not None and self.hold.until == "collected")


def refusals(plan: Plan) -> Iterator[Refusal]:
    """Terms that cannot be meant together."""
    terms = plan.payment
    if terms is None:
        return
    total = sum(terms.events.values(), Decimal(0))
    if terms.events and total != 1:
        wrong = f"the events pay {parameters.percent(total)} of what is earned"
        yield terms.places["event"], wrong, "make the shares add up to 100%"
    if terms.advance is not None and not terms.events:
        wrong = "an advance is paid ahead of events, and there are none"
        yield terms.places["advance"], wrong, "add `event: {collection: 100%}`"
    yield from _covered(plan)
    yield from _bounded(plan)


def _covered(plan: Plan) -> Iterator[Refusal]:
    draw = plan.payment.draw if plan.payment else None
    known = {word for c in plan.components.values() for word in (c.name, c.category) if word}
    for word in draw.covers if draw else ():
        if word not in known:
            wrong = f"the draw covers '{word}', which is neither a category nor a component"
            yield draw.place, wrong, f"write {parameters.nearest(word, sorted(known))}"  # type: ignore[union-attr]


def _bounded(plan: Plan) -> Iterator[Refusal]:
    """Bounds that contradict each other: a maximum or a cap below what is certain."""
    terms = plan.payment
    assert terms is not None
    certain = [t for t in (terms.minimum, terms.guarantee, terms.draw) if t is not None]
    most = [(terms.maximum.place, "maximum", terms.maximum.amount)] if terms.maximum else []
    for modifier in plan.modifiers:
        if modifier.kind == "cap":
            limits = modifier.limits.values()
            most += [(modifier.place, "cap", limit) for limit in limits if not limit.percent]
    for place, word, limit in most:
        for term in certain:
            if term.amount > limit:
                kind = type(term).__name__.lower().replace("bound", "minimum")
                wrong = f"the {word} {said(limit)} is below the {kind} {said(term.amount)}"
                yield place, wrong, f"raise the {word} or lower the {kind}"
