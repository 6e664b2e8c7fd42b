"""Gains: what credits with deals bring each person of a group, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.tables import MONEY
from spmlib.incent.estimating.arrays import Curves, Lines, rounded, summed
from spmlib.incent.estimating.changing import Changing, changes
from spmlib.rules.plans import Component

if TYPE_CHECKING:
    import polars as pl

    from spmlib.incent.estimating.teams import Team


@dataclass(frozen=True)
class Group:
    """One component of those who hold it, one number a person.

    Attributes:
        component: of a plan.
        who: their places in the team.
        x: counted to date [ticks].
        curves: by person.
        changing: their modifiers.
        opening: counted before the period [ticks].
    """

    component: Component
    who: np.ndarray
    x: Floats
    curves: Curves
    changing: Changing
    opening: Floats


@dataclass(frozen=True)
class Found:
    """The credits with deals, under the plans that people hold at the period's end.

    Attributes:
        place: whose each is, by place in the team.
        counts: by measure, whether it counts the credit.
        sums: what is summed [ticks].
        many: how many people there are.
    """

    place: np.ndarray
    counts: Mapping[str, np.ndarray]
    sums: Mapping[str, Floats]
    many: int

    def total(self, measure: str, sums: str) -> Floats:
        """The sum of what a measure counts, by person."""
        own = self.counts[measure]
        return summed(self.place[own], self.sums[sums][own], self.many)


def found_by(credits: pl.DataFrame, of: Team) -> Found:
    """The credits, with whose each is, and as arrays."""
    place = np.full(len(of.ready.people), -1)
    held = np.full(len(of.ready.people), -1)
    plans = {name: n for n, name in enumerate(of.ready.work.who.plans)}
    for n, one in enumerate(of.people):
        number = of.ready.people[one.payee_id]
        place[number], held[number] = n, plans[one.standing.plan.name]
    person = credits["person"].to_numpy()
    own = held[person] == credits["plan_number"].to_numpy()
    counts = {
        m.name: credits[f"has {m.name}"].fill_null(False).to_numpy()[own] for m in of.asked.measures
    }
    sums = {s: credits[s].to_numpy()[own].astype(float) for s in of.asked.sums}
    return Found(place[person][own], counts, sums, len(of.people))


def gained(group: Group, found: Found, of: Team) -> tuple[Floats, Floats]:
    """Where each person of a group comes to [ticks], and what they gain [minor units]."""
    component = group.component
    measure = of.ready.parameters.measures[component.measure]
    by_line = component.alone or component.crossing == "transaction" or component.windfall
    lines = _lines(group, found, of) if by_line else None
    total = found.total(measure.name, measure.sums)[group.who] if lines is None else lines.total
    new = group.x + total
    if component.thresholds == "place":
        return new, np.zeros(len(group.who))
    more = seen_by(found, component.plan, component.name, len(component.modifiers), group.who, of)
    if component.alone:
        assert lines is not None  # by line
        gained = group.curves.alone(lines)
        return new, gained + changes(group.changing, gained, more)
    if component.crossing == "transaction":
        assert lines is not None
        exact = group.curves.crossed(lines, group.x, group.opening, total)
    else:
        seen = seen_by(found, component.plan, component.name, -1, group.who, of)
        exact = group.curves.run(group.x, new, seen[0] if seen else None)
    gained = rounded(group.curves.exact + exact) - rounded(group.curves.exact)
    return new, gained + changes(group.changing, exact, more)


def seen_by(
    found: Found, plan: str, component: str, count: int, who: np.ndarray, of: Team
) -> list[tuple[Floats, Floats]]:
    """What deals add to what each modifier, or (count -1) the matrix, looks at."""
    made = of.ready.parameters.plans[plan]
    owner = made.components[component] if component else None
    modifiers = owner.modifiers if owner else made.modifiers
    names = [m.measure for m in modifiers]
    if count < 0:
        names = [owner.matrix.measure] if owner and owner.matrix and not owner.alone else []
    nothing = np.zeros(len(who))
    added = []
    for name in names:
        measure = of.ready.parameters.measures.get(name)
        value = found.total(name, measure.sums)[who] if measure else nothing
        base = found.total(name, measure.per)[who] if measure and measure.per else nothing
        added.append((value, base))
    return added


def _lines(group: Group, found: Found, of: Team) -> Lines:
    component, parameters = group.component, of.ready.parameters
    measure = parameters.measures[component.measure]
    inner = np.full(found.many, -1)
    inner[group.who] = np.arange(len(group.who))
    own = found.counts[measure.name] & (inner[found.place] >= 0)
    credited = found.sums[measure.sums][own]
    started = [day for day in component.windfall if day < of.ready.end]
    if started:
        most = float(component.windfall[max(started)]) * MONEY
        credited = np.clip(credited, -most, most)
    value = base = np.zeros(len(credited))
    if component.matrix and component.alone:
        second = parameters.measures[component.matrix.measure]
        there = found.counts[second.name][own]
        whole = found.sums[second.per][own] if second.per else float(MONEY)
        value = np.where(there, found.sums[second.sums][own], 0.0)
        base = np.where(there, whole, 0.0)
    return Lines(inner[found.place[own]], credited, (value, base), len(group.who))
