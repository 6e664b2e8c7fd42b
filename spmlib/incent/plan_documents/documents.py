"""Documents: a plan put together as it holds on a day, and what is one person's own of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from spmlib.core.parameters import in_force, said
from spmlib.core.plan_documents import Goal, PlanDocument, PlanPart, RateRow
from spmlib.core.tables import MONEY
from spmlib.incent.explaining.pieces import Measured
from spmlib.incent.plan_documents import clauses, examples
from spmlib.rules.measures import MONEYS, Measure
from spmlib.rules.plans import Component, Plan

SHARES = tuple(map(Decimal, ("0.5", "0.8", "1", "1.2", "1.5")))  # of quota, whose pay is told


def document(plan: Plan, measures: Mapping[str, Measure], on: date) -> PlanDocument:
    """A plan as it holds on a day, for everybody who holds it.

    Args:
        plan: as its file says.
        measures: those that are defined.
        on: the day.
    """
    return PlanDocument(
        plan=plan.name,
        title=plan.title,
        source=plan.source,
        currency=plan.currency,
        on=on,
        version=version(plan, on),
        parts=tuple(_part(plan, one, measures, on) for one in plan.components.values()),
        clauses=tuple(clauses.of_plan(plan, measures, on)),
    )


def version(plan: Plan, on: date) -> date:
    """The day from which the latest of a plan's dated terms holds, up to a day."""
    every = [modifier for one in plan.components.values() for modifier in one.modifiers]
    dated: list[Mapping[date, Any]] = [one.tables for one in plan.components.values()]
    dated += [one.windfall for one in plan.components.values()]
    for modifier in (*every, *plan.modifiers):
        dated += [modifier.limits, modifier.steps]
    days = [day for values in dated for day in values]
    return max((day for day in days if day <= on), default=min(days))


def personal(
    of: PlanDocument,
    plan: Plan,
    measures: Mapping[str, Measure],
    person: Mapping[str, Any],
    terms: Sequence[Mapping[str, Any]],
    locale: str,
) -> PlanDocument:
    """The document made for one person: with their goals, and what reaching them pays.

    Args:
        of: the plan's.
        plan: the plan.
        measures: those that are defined.
        person: a row of Payees.
        terms: of Terms, theirs under the plan in the windows of a month, in order.
        locale: of whoever has none of their own.
    """
    return replace(
        of,
        payee_id=str(person["payee_id"]),
        name=str(person["name"]),
        locale=str(person.get("locale") or locale),
        goals=tuple(_goals(plan, measures, terms)),
    )


def _part(plan: Plan, component: Component, measures: Mapping[str, Measure], on: date) -> PlanPart:
    rows = in_force(component.tables, on) or next(iter(component.tables.values()))
    since = [day for day, table in component.tables.items() if table is rows]
    measure = measures[component.measure]
    return PlanPart(
        name=component.name,
        text=component.clause,
        clauses=tuple(clauses.of_component(component, measures, on)),
        since=since[0],
        word=rows[0].word,
        rows=tuple(
            RateRow(
                when="" if row.when is None else said(row.when),
                start=said(row.start),
                gives=said(row.gives),
                place=row.place,
            )
            for row in rows
        ),
        example=examples.example(plan, component, measure, on),
        curve=examples.curve(plan, component, measure, on),
        of_quota=component.thresholds == "quota",
    )


def _goals(
    plan: Plan, measures: Mapping[str, Measure], terms: Sequence[Mapping[str, Any]]
) -> Iterator[Goal]:
    last = {term["component"]: term for term in terms if term["plan"] == plan.name}
    for name, term in last.items():
        component = plan.components[name]
        if component.thresholds != "quota" or not term["quota"]:
            continue
        curve = Measured(component, [term], term, "")
        at = [(share, Fraction(share) * term["quota"]) for share in SHARES]
        yield Goal(
            component=name,
            window=str(term["window"]),
            money=measures[component.measure].sums in MONEYS,
            quota=Decimal(term["quota"]) / MONEY,
            pays=tuple((share, curve.money(curve.amount(x))) for share, x in at),
        )
