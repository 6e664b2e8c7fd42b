"""Standings: where one person stands in a period, component by component, before any deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spmlib.core import conversion
from spmlib.incent.earning import seconds
from spmlib.incent.estimating.left import Month, Seen
from spmlib.incent.estimating.ready import Ready
from spmlib.incent.estimating.walks import Line, Term, Walk, cell_of, walk
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    pass

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Window:
    """One window of a component that the period lies in."""

    terms: tuple[Term, ...]
    earlier: tuple[Line, ...]
    booked: tuple[Line, ...]  # in the period


@dataclass(frozen=True)
class Held:
    """One component as a person holds it.

    Attributes:
        component: of the plan.
        windows: those that the period lies in: one, or two where a table restarts within it.
        spans: earned in the window of its modifiers to date, by earlier period [minor units].
        ended: earned by the end of the period before, in windows that are over.
        other: what prizes and clawbacks gave in the period [minor units].
    """

    component: Component
    windows: tuple[Window, ...]
    spans: Mapping[str, Fraction]
    other: int

    @property
    def stands(self) -> Term:
        """The terms at the period's end."""
        return self.windows[-1].terms[-1]


@dataclass(frozen=True)
class Standing:
    """A person under the plan held at a period's end.

    Attributes:
        ready: the company in the period.
        payee_id, plan: who, and under which plan.
        held: by component.
        months: by modifiers' owner ("" is the whole plan): the window's months so far.
        due: what was earned in each period of the plan modifiers' window, without them, by
            period; nothing of the period itself [minor units].
        year: what was earned in the year before the period, with everything [minor units].
        looked: the value and base of what each rule looks at, by its number, at the period's end.
    """

    ready: Ready
    payee_id: str
    plan: Plan
    held: Mapping[str, Held]
    months: Mapping[str, tuple[Month, ...]]
    due: Mapping[str, int]
    year: int
    looked: Mapping[int, Seen]

    @property
    def unit(self) -> int:
        """The currency's minor unit [ticks]."""
        return conversion.minor(self.plan.currency)

    def number(self, component: str, modifier: int) -> int | None:
        """Under which number a modifier (-1: the matrix) finds what it looks at."""
        return self.ready.looks.get((self.plan.name, component, modifier))


def walked(of: Held, fresh: Mapping[int, Sequence[Line]], period: str, seen: Seen) -> list[Walk]:
    """The component's windows with some lines more, by number of the window.

    Args:
        of: the component.
        fresh: the lines that are not booked.
        period: of the estimate.
        seen: what the matrix looks at, with those lines.
    """
    made = []
    for n, window in enumerate(of.windows):
        component = of.component
        cell = None
        if component.matrix and not component.alone:
            cell = cell_of(component, window.terms[-1]["table_date"], seen)
        lines = [*window.booked, *fresh.get(n, ())]
        made.append(walk(component, window.terms, window.earlier, lines, period, cell))
    return made


def span_of(modifiers: Sequence[Modifier], component: Component) -> str:
    """The column of periods that says which window a component's modifiers see."""
    over = seconds.over(modifiers, component) if modifiers else component.accumulate
    return "period" if over in ("month", "transaction") else over
