"""Outcomes: what a person comes to in a period, component by component, with some lines more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from spmlib.incent.estimating.left import Effect, Month, Seen, effects
from spmlib.incent.estimating.standings import Held, Standing, walked
from spmlib.incent.estimating.walks import Line, Walk
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan


@dataclass(frozen=True)
class Part:
    """What one component comes to in the period.

    Attributes:
        walks: its windows that the period lies in; none of a ranking.
        effects: of its modifiers.
        amount: earned in the period, with them [minor units].
        months: of the window that its modifiers see, the period last.
        looked: what its matrix looks at: the first over the second.
    """

    component: Component
    walks: tuple[Walk, ...]
    effects: tuple[Effect, ...]
    amount: int
    months: tuple[Month, ...]
    looked: Seen = (0, 0)

    @property
    def earlier(self) -> list[tuple[int, int]]:
        """Before and after each modifier, at the end of the period before [minor units]."""
        return _before(of_component(self.component, self.months[:-1]), self.component.modifiers)


@dataclass(frozen=True)
class Whole:
    """What the modifiers of a whole plan see, and do.

    Attributes:
        plan: whose they are.
        effects: of each.
        months: that they see, the period last; none without modifiers.
    """

    plan: Plan
    effects: tuple[Effect, ...] = ()
    months: tuple[Month, ...] = ()

    @property
    def earlier(self) -> list[tuple[int, int]]:
        """Before and after each modifier, at the end of the period before [minor units]."""
        return _before(of_plan(self.plan, self.months[:-1]), self.plan.modifiers)


@dataclass(frozen=True)
class Earned:
    """What a person comes to in the period.

    Attributes:
        parts: by component.
        whole: what the whole plan's modifiers do.
        month: earned in the period [minor units].
    """

    parts: Mapping[str, Part]
    whole: Whole
    month: int

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Of the whole plan's modifiers."""
        return self.whole.effects


def earned(
    stands: Standing, lines: Mapping[str, Mapping[int, Sequence[Line]]], more: Mapping[int, Seen]
) -> Earned:
    """What the period comes to, with some lines more.

    Args:
        stands: the person.
        lines: that are not booked, by component and number of its window.
        more: what deals add to what each rule looks at, by its number.
    """
    parts = {
        name: _part(held, lines.get(name, {}), more, stands) for name, held in stands.held.items()
    }
    month = sum(part.amount for part in parts.values())
    if not stands.plan.modifiers:
        return Earned(parts, Whole(stands.plan), month)
    months, total, made = stands.months[""], 0, []
    for one, period in zip(months[:-1], _earlier(stands), strict=True):
        total += stands.due.get(period, 0)
        made.append(replace(one, exact=Fraction(total)))
    last = replace(months[-1], exact=Fraction(total + month), seen=_looks("", stands, more))
    seen_months = (*made, last)
    found = of_plan(stands.plan, seen_months)
    whole = Whole(stands.plan, found, seen_months)
    return Earned(parts, whole, month + sum(effect.amount for effect in found))


def of_plan(plan: Plan, months: Sequence[Month]) -> tuple[Effect, ...]:
    """What a whole plan's modifiers do in the last of some months."""
    first = next(iter(plan.components.values()))
    if not months:
        return ()
    return tuple(effects(plan.modifiers, months, plan.currency, first.boundary or "upper"))


def _before(found: Sequence[Effect], modifiers: Sequence[Modifier]) -> list[tuple[int, int]]:
    return [(effect.before, effect.left) for effect in found] or [(0, 0)] * len(modifiers)


def _earlier(stands: Standing) -> list[str]:
    """The periods before this one that the plan's modifiers see."""
    ends = {row["period_end"]: row["period"] for row in stands.ready.periods.iter_rows(named=True)}
    return [ends[month.end] for month in stands.months[""][:-1]]


def _part(
    held: Held, lines: Mapping[int, Sequence[Line]], more: Mapping[int, Seen], stands: Standing
) -> Part:
    component, period = held.component, stands.ready.period
    walks: list[Walk] = []
    if component.thresholds == "place":
        amount = held.other
        fresh = Fraction(amount)
    else:
        seen = _look(component.name, -1, stands, more)
        walks = walked(held, lines, period, seen)
        amount = sum(walk.amount for walk in walks)
        fresh = sum((_fresh(walk, period) for walk in walks), Fraction(0))
        amount += held.other
    months = stands.months[component.name]
    to_date = (months[-2].exact if len(months) > 1 else Fraction(0)) + fresh
    last = replace(months[-1], exact=to_date, seen=_looks(component.name, stands, more))
    seen_months = (*months[:-1], last)
    found = of_component(component, seen_months)
    amount += sum(effect.amount for effect in found)
    looked = _look(component.name, -1, stands, more)
    return Part(component, tuple(walks), found, amount, seen_months, looked)


def of_component(component: Component, months: Sequence[Month]) -> tuple[Effect, ...]:
    """What a component's modifiers do in the last of some months."""
    boundary = component.boundary or "upper"
    if not months:
        return ()
    return tuple(effects(component.modifiers, months, component.currency, boundary))


def _fresh(walk: Walk, period: str) -> Fraction:
    """What the period adds to a window, exactly."""
    if walk.component.alone:
        return Fraction(walk.amount)
    ends = list(walk.exact.values())
    return ends[-1] - (ends[-2] if len(ends) > 1 else 0)


def _looks(component: str, stands: Standing, more: Mapping[int, Seen]) -> tuple[Seen, ...]:
    """What each modifier looks at, with the deals."""
    of = stands.held[component].component if component else stands.plan
    return tuple(_look(component, n, stands, more) for n in range(len(of.modifiers)))


def _look(component: str, n: int, stands: Standing, more: Mapping[int, Seen]) -> Seen:
    number = stands.number(component, n)
    if number is None:
        return (0, 0)
    value, base = stands.looked.get(number, (0, 0))
    added = more.get(number, (0, 0))
    return value + added[0], base + added[1]
