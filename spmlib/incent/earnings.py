"""Earnings: the lines of curves and of modifiers, as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Earnings, Payouts, Table
from spmlib.incent import commissions, conversion, modified, seconds
from spmlib.incent.commissions import Earned
from spmlib.incent.layout import named, spans
from spmlib.incent.modified import Modifying
from spmlib.incent.seconds import Second
from spmlib.incent.work import Work
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan


@dataclass(frozen=True)
class Owed:
    """What everybody is owed, line by line and in sum."""

    earnings: Table[Earnings]
    payouts: Table[Payouts]


def owed(earned: Earned, places: Table[Any], work: Work) -> Owed:
    """All lines, of curves and of modifiers, as words, and what they add up to."""
    spots = _spots(earned, work)
    due, modifying = [_summed_lines(spots)], []
    for n, c in enumerate(work.made.components):
        if c.modifiers:
            modifying += _component_modified(n, c, earned, places, work)
    due += [_summed(line) for line in modifying]
    for name, plan in work.parameters.plans.items():
        if plan.modifiers:
            last = _plan_modified(name, plan, engine.stacked(due), places, work)
            modifying += last
            due += [_summed(line) for line in last]
    lines = engine.stacked([_named_lines(earned, spots, work), *modifying])
    return Owed(lines, _summed(engine.stacked(due)))


def _summed(lines: Table[Any]) -> Table[Payouts]:
    """The sum of lines by person, period and plan."""
    key = ("payee_id", "period", "plan", "currency")
    return lines.group_by(*key).agg(amount=nw.col("amount").sum()).select(*Payouts.columns())


def _summed_lines(spots: Table[Any]) -> Table[Payouts]:
    """The sum of the curves' lines."""
    return _summed(spots.with_columns(amount=nw.col("amount") * nw.col("unit")))


def _spots(earned: Earned, work: Work) -> Table[Any]:
    """The places that have lines, in words, with the sum of their lines [minor units]."""
    summed = work.made.opened(earned.lines.group_by("spot").agg(amount=nw.col("amount").sum()))
    units = commissions.minor_units(work.made.components)
    return engine.kept(named(summed.join(units, on="component"), work.made, work.who))


def _named_lines(earned: Earned, spots: Table[Any], work: Work) -> Table[Earnings]:
    words = ("payee_id", "plan", "component", "window", "period", "currency", "unit")
    through = work.who.people.select(origin="person", through_id="payee_id")
    return (
        earned.lines.join(spots.select("spot", *words), on="spot")
        .join(through, on="origin", how="left")
        .with_columns(
            amount=nw.col("amount") * nw.col("unit"),
            number=nw.lit(0).cast(nw.Int64),
            rule=engine.worded("rule_number", list(work.parameters.crediting.rules)),
            source=engine.worded("place", earned.places),
        )
        .select(*Earnings.columns())
    )


def _component_modified(
    number: int, component: Component, earned: Earned, places: Table[Any], work: Work
) -> list[Table[Earnings]]:
    over = _over(component.modifiers, component)
    standing = earned.standings.filter(nw.col("component") == number)
    spanned = spans(number, over, work.made).drop("number")
    standing = standing.join(spanned, on="period_number")
    if component.alone:
        standing = _accumulated(standing)
    targets = (
        places.filter(nw.col("component") == number)
        .group_by("person", "window")
        .agg(target=nw.col("target").max())
    )
    standing = standing.join(targets, on=["person", "window"], how="left")
    standing = standing.with_columns(
        target=nw.col("target").fill_null(0), span=_span(component, "window")
    )
    unit = conversion.minor(component.currency)
    working = _working(component.modifiers, component, over, unit, work)
    lines = modified.modified(standing, working)
    return [
        _modifier_words(line, component.plan, component.name, component.currency, unit, over, work)
        for line in lines
    ]


def _span(component: Component, name: str) -> nw.Expr:
    """The window of a modifier: the component's own, or the calendar's for single transactions."""
    return nw.col("span") if component.alone else nw.col(name).cast(nw.String)


def _accumulated(standing: Table[Any]) -> Table[Any]:
    """The standing of single transactions, run on over the modifiers' window."""
    key = ("person", "component", "span")
    total = nw.col("exact").cum_sum().over(*key, order_by="period_number")
    return standing.with_columns(exact=total)


def _plan_modified(
    name: str, plan: Plan, lines: Table[Earnings], places: Table[Any], work: Work
) -> list[Table[Earnings]]:
    over = plan.modifiers[0].over
    unit = conversion.minor(plan.currency)
    people = work.who.people.select("person", "payee_id")
    due = (
        lines.filter(nw.col("plan") == name)
        .join(people, on="payee_id")
        .join(work.made.periods.select("period", "period_number"), on="period")
        .group_by("person", "period_number")
        .agg(amount=nw.col("amount").sum())
    )
    plan_number = work.who.plans.index(name)
    known = nw.col("period_number") <= work.made.last
    every = work.held.filter(nw.col("plan_number") == plan_number, known)
    every = every.select("person", "period_number")
    every = every.unique(["person", "period_number"]).join(
        spans(0, over, work.made).drop("number"), on="period_number"
    )
    summed = every.join(due, on=["person", "period_number"], how="left").with_columns(
        cents=engine.divided(nw.col("amount").fill_null(0), unit).cast(engine.WIDE)
    )
    summed = summed.join(_plan_targets(plan, places, over, work), on=["person", "span"], how="left")
    standing = summed.with_columns(
        exact=nw.col("cents").cum_sum().over("person", "span", order_by="period_number"),
        d=nw.lit(1).cast(engine.WIDE),
        target=nw.col("target").fill_null(0),
    )
    first = next(iter(plan.components.values()))
    working = _working(plan.modifiers, first, over, unit, work)
    found = modified.modified(standing, working)
    return [_modifier_words(line, name, None, plan.currency, unit, over, work) for line in found]


def _plan_targets(plan: Plan, places: Table[Any], over: str, work: Work) -> Table[Any]:
    """The target of all components of a plan in each window of a length: person, span, target."""
    own = [
        n for n, c in enumerate(work.made.components) if c.plan == plan.name and c.pays == "target"
    ]
    windowed = places.filter(nw.col("component").is_in(own)).group_by(
        "person", "component", "window"
    )
    targets = windowed.agg(
        target=nw.col("target").max(), period_number=nw.col("period_number").max()
    )
    spanned = spans(0, over, work.made).drop("number")
    joined = targets.join(spanned, on="period_number").group_by("person", "span")
    return joined.agg(target=nw.col("target").sum())


def _over(modifiers: Sequence[Modifier], component: Component) -> str:
    return (modifiers[0].over or "month") if component.alone else component.accumulate


def _working(
    modifiers: Sequence[Modifier], component: Component, over: str, unit: int, work: Work
) -> list[Modifying]:
    """The modifiers with the values of the measures they look at."""
    made = []
    for number, modifier in enumerate(modifiers, start=1):
        values = None
        if modifier.measure:
            need = seconds.need(work, 0, component, modifier.measure, over)
            values = seconds.seconds([Second(need, modifier.of)], work).drop("number")
        made.append(Modifying(_bounded(modifier, component), number, unit, values, work.made))
    return made


def _bounded(modifier: Modifier, component: Component) -> Modifier:
    return (
        modifier if modifier.boundary else replace(modifier, boundary=component.boundary or "upper")
    )


def _modifier_words(
    line: Table[Any],
    plan: str,
    component: str | None,
    currency: str,
    unit: int,
    over: str,
    work: Work,
) -> Table[Earnings]:
    """A modifier's lines as rows of Earnings, dated on the last day of their period."""
    column = "period" if over in ("month", "transaction") else over
    empty = {
        "event_id": nw.String,
        "transaction_id": nw.String,
        "rule": nw.String,
        "through_id": nw.String,
    }
    numbers = dict.fromkeys(("credited", "before", "after"), nw.Int64)
    nothing = {name: nw.lit(None, dtype=kind) for name, kind in (empty | numbers).items()}
    return (
        line.join(work.who.people.select("person", "payee_id"), on="person")
        .join(work.made.periods, on="period_number")
        .with_columns(
            plan=nw.lit(plan),
            component=nw.lit(component, dtype=nw.String),
            window=nw.col(column),
            event_date=nw.col("period_end").dt.offset_by("-1d"),
            amount=nw.col("amount") * unit,
            number=nw.col("number").cast(nw.Int64),
            currency=nw.lit(currency),
            **nothing,
        )
        .select(*Earnings.columns())
    )
