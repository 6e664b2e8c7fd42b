"""Evaluated: what plans would have paid, all of them, once everything is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spmlib.core import conversion
from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import PlanError
from spmlib.core.parameters import refuse
from spmlib.core.tables import MONEY
from spmlib.incent.earning.seconds import over
from spmlib.incent.modelling.arrays import curved
from spmlib.incent.modelling.arrays.limited import Standing, differences, limited
from spmlib.incent.modelling.arrays.taken import Counted, Taken, Value, grid
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan

SAME = ("measure", "accumulate", "thresholds", "quota", "proration", "on_change", "currency")


@dataclass(frozen=True)
class Levers:
    """What is moved beside the words of plans, by plan; 1 where nothing is.

    Attributes:
        quotas: by what the quotas of those who hold a plan are multiplied.
        targets: by what their target incentives are.
    """

    quotas: Mapping[str, float] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)


def evaluated(
    taken: Taken, plans: Mapping[str, Plan] | None = None, levers: Levers | None = None
) -> dict[tuple[str, str], Floats]:
    """What every component would have earned, and what modifiers of whole plans add.

    Args:
        taken: what plans look at.
        plans: as they are tried; those that are not named stay as they are.
        levers: what is multiplied.

    Returns:
        By plan and component (empty: modifiers of the whole plan): people x periods [currency].

    Raises:
        PlanError: a plan differs in more than tables, limits, weights and what is moved here; that
            is for the engine.
    """
    moved = levers or Levers()
    made: dict[tuple[str, str], Floats] = {}
    for name, plan in {**taken.parameters.plans, **(plans or {})}.items():
        _refuse_other(taken, plan)
        factors = moved.quotas.get(name, 1.0), moved.targets.get(name, 1.0)
        unit = conversion.minor(plan.currency)
        every = {key: _component(taken, c, *factors) for key, c in plan.components.items()}
        for key, amounts in every.items():
            every[key] = amounts + taken.kept.get((name, key), 0.0) / unit
        if plan.modifiers:
            due = np.sum(list(every.values()), axis=0)
            every[""] = _whole(taken, plan, due, factors)
        for key in ("", *plan.components):
            if (name, key) in taken.beside:
                every[key] = every.get(key, 0.0) + taken.beside[name, key] / unit
        made |= {(name, key): amounts * unit / MONEY for key, amounts in every.items()}
    return made


def _component(taken: Taken, of: Component, quota: float, target: float) -> Floats:
    """What a component earns: people x periods [minor units]."""
    on = taken.counted[of.plan, of.name]
    shape = len(taken.payees), len(taken.periods)
    exact = curved.to_date(of, on, _cell(taken, of, on, quota), quota, target)
    person, period, group = (a[on.closes] for a in (on.person, on.period, on.group))
    exact = exact[on.closes]
    if not of.modifiers:
        return grid(person, period, differences(curved.rounded(exact), group), shape)
    length = over(of.modifiers, of)
    spans = taken.spans[length]
    if of.alone or of.on_change == "restart":
        fresh = grid(person, period, differences(exact, group), shape)
        held = grid(person, period, np.ones(len(person)), shape) > 0
        person, period = np.nonzero(held)
        group = _groups(person, spans[period])
        exact = curved.running(fresh[held], group)
    goal = taken.limit(of.plan, [of.name], length)[person, spans[period]]
    unit = conversion.minor(of.currency)
    at = _standing(taken, of.plan, of.name, (person, period, group), quota)
    standing = Standing(
        group=group,
        day=taken.ends[period],
        target=goal * target / unit,
        unit=unit,
        looks=at,
        lower=of.boundary == "lower",
    )
    left = curved.rounded(limited(exact, of.modifiers, standing))
    return grid(person, period, differences(left, group), shape)


def _whole(taken: Taken, plan: Plan, due: Floats, factors: tuple[float, float]) -> Floats:
    """What the modifiers of a plan add to its components: people x periods [minor units]."""
    length = plan.modifiers[0].over
    person, period = np.nonzero(taken.held[plan.name])
    spans = taken.spans[length]
    group = _groups(person, spans[period])
    unit = conversion.minor(plan.currency)
    first = next(iter(plan.components.values()))
    on_target = [name for name, c in plan.components.items() if c.pays == "target"]
    goal = taken.limit(plan.name, on_target, length)
    standing = Standing(
        group=group,
        day=taken.ends[period],
        target=goal[person, spans[period]] * factors[1] / unit,
        unit=unit,
        looks=_standing(taken, plan.name, "", (person, period, group), factors[0]),
        lower=first.boundary == "lower",
    )
    to_date = curved.running(due[person, period], group)
    left = curved.rounded(limited(to_date, plan.modifiers, standing))
    shape = len(taken.payees), len(taken.periods)
    return grid(person, period, differences(left - to_date, group), shape)


def _cell(taken: Taken, of: Component, on: Counted, quota: float) -> Value | None:
    if of.matrix is None or of.alone:
        return None
    rows = (on.person, on.period, on.group)
    looks = _standing(taken, of.plan, of.name, rows, quota)
    return looks[of.matrix.measure, of.matrix.of]


def _standing(
    taken: Taken, plan: str, component: str, rows: tuple[Whole, Whole, Whole], quota: float
) -> dict[tuple[str, str], Value]:
    """What a component, or a plan, looks at: by measure and of, at some rows."""
    person, period, _ = rows
    return {
        (measure, of): Value(
            seen.value[person, period],
            seen.base[person, period] * (1.0 if of == "none" else quota),
        )
        for (by, name, measure, of), seen in taken.looks.items()
        if by == plan and name == component
    }


def _groups(person: Whole, span: Whole) -> Whole:
    """Numbers for the windows of persons, in order."""
    if not len(person):
        return person
    fresh = (np.diff(person) != 0) | (np.diff(span) != 0)
    return np.append(True, fresh).cumsum() - 1


def _refuse_other(taken: Taken, plan: Plan) -> None:
    """Refuse what was not taken: other measures, windows or days."""
    base = taken.parameters.plans.get(plan.name)
    if base is plan:
        return
    right = "let the engine compute it: modelled.modelled"
    if base is None or list(base.components) != list(plan.components):
        refuse(plan.place, f"{plan.name} has other components than were taken", right, PlanError)
    for name, component in plan.components.items():
        was = base.components[name]
        for word in SAME:
            if getattr(was, word) != getattr(component, word):
                wrong = f"`{word}` of {name} is another than was taken"
                refuse(component.at(word), wrong, right, PlanError)
        _refuse_looks(taken, component.plan, name, component.modifiers, was.modifiers, right)
        if _looked(component) != _looked(was):
            refuse(component.at("matrix"), f"the matrix of {name} is another", right, PlanError)
        _refuse_days(taken, component, was, right)
    _refuse_looks(taken, plan.name, "", plan.modifiers, base.modifiers, right)


def _looked(component: Component) -> tuple[str, str] | None:
    return (component.matrix.measure, component.matrix.of) if component.matrix else None


def _refuse_looks(
    taken: Taken,
    plan: str,
    component: str,
    modifiers: tuple[Modifier, ...],
    were: tuple[Modifier, ...],
    right: str,
) -> None:
    length = {m.over for m in were}
    for modifier in modifiers:
        look = (plan, component, modifier.measure, modifier.of)
        if modifier.measure and look not in taken.looks:
            wrong = f"nothing was taken of {modifier.measure} for this {modifier.kind}"
            refuse(modifier.place, wrong, right, PlanError)
        if were and modifier.over not in length:
            refuse(modifier.place, "it looks at another window than was taken", right, PlanError)


def _refuse_days(taken: Taken, of: Component, was: Component, right: str) -> None:
    """Refuse tables that begin where nothing was cut, or restart elsewhere."""
    days = {day.toordinal() for day in (*of.tables, *of.windfall)}
    first, last = int(taken.cuts[0]), int(taken.ends[-1])
    inside = {day for day in days if first < day <= last} - set(taken.cuts.tolist())
    moved = of.on_change == "restart" and list(of.tables) != list(was.tables)
    if inside or moved:
        wrong = f"a table of {of.name} begins on a day on which nothing was cut"
        refuse(of.at("table"), wrong, right, PlanError)
