"""Earnings: the lines of curves, of modifiers, of adjustments and SPIFFs, as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.tables import Earnings, Payouts, Table
from spmlib.incent.crediting import keys
from spmlib.incent.earning import adjustments, commissions, limits, modified, seconds, spiffs
from spmlib.incent.earning.commissions import Earned
from spmlib.incent.earning.layout import named, spans
from spmlib.incent.earning.modified import Modifying
from spmlib.incent.earning.seconds import Second
from spmlib.incent.earning.spiffs import Spiffs
from spmlib.incent.work import Work
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan


@dataclass(frozen=True)
class Owed:
    """What everybody is owed, line by line and in sum."""

    earnings: Table[Earnings]
    payouts: Table[Payouts]
    spiffs: Spiffs


def owed(earned: Earned, targets: Table[Any], work: Work) -> Owed:
    """All lines, of curves, modifiers, adjustments and SPIFFs, as words, and what they add up to.

    Args:
        earned: of `commissions.earned`.
        targets: of `window_goals.targets`.
    """
    modifying, left = [], []
    for n, c in enumerate(work.made.components):
        if c.modifiers:
            lines = _component_modified(n, c, earned, targets, work)
            modifying += [_component_words(line, c, work) for line in lines]
            left.append(_left(n, c, earned, lines, work))
    earned = commissions.with_clawbacks(earned, work, engine.stacked(left) if left else None)
    spots = _spots(earned, work)
    due = [_summed_lines(spots)]
    due += [summed(line) for line in modifying]
    for name, plan in work.parameters.plans.items():
        if plan.modifiers:
            last = _plan_modified(name, plan, engine.stacked(due), targets, work)
            modifying += last
            due += [summed(line) for line in last]
    won = spiffs.spiffs(work)
    beside = [*adjustments.adjusted(work), *spiffs.lines(won, work)]
    due += [summed(lines) for lines in beside]
    every = engine.stacked([_named_lines(earned, spots, work), *modifying, *beside])
    return Owed(every, summed(engine.stacked(due)), won)


def summed(lines: Table[Any]) -> Table[Payouts]:
    """The sum of lines by person, period and plan."""
    key = ("payee_id", "period", "plan", "currency")
    return lines.group_by(*key).agg(amount=nw.col("amount").sum()).select(*Payouts.columns())


def _summed_lines(spots: Table[Any]) -> Table[Payouts]:
    """The sum of the curves' lines."""
    return summed(spots.with_columns(amount=nw.col("amount") * nw.col("unit")))


def _spots(earned: Earned, work: Work) -> Table[Any]:
    """The places that have lines, in words, with the sum of their lines [minor units]."""
    summed = work.made.opened(earned.lines.group_by("spot").agg(amount=nw.col("amount").sum()))
    found = summed.join(commissions.minor_units(work.made.components), on="component")
    ticks = nw.col("amount").cast(nw.Float64) * nw.col("unit")
    engine.refuse_sums(found.with_columns(ticks=ticks), "person", ["ticks"])
    dated = found.join(work.made.starts, on="segment")
    return engine.kept(named(dated, work.made, work.who))


def _named_lines(earned: Earned, spots: Table[Any], work: Work) -> Table[Earnings]:
    words = ("payee_id", "plan", "component", "window", "period", "currency", "unit")
    placed = earned.lines.join(spots.select("spot", *words, "segment_start"), on="spot")
    booking = ("transaction_id", "event_id", "event_date")
    told = keys.told(placed, work.booked.rows, work.who.people, *booking)
    rules = engine.words("rule_number", rule=list(work.parameters.crediting.rules))
    return (
        told.with_columns(rule_number=keys.rule_number())
        .join(rules, on="rule_number", how="left")
        .join(engine.words("place", source=earned.places), on="place")
        .with_columns(
            amount=nw.col("amount") * nw.col("unit"),
            number=nw.lit(0).cast(nw.Int64),
            event_date=nw.coalesce("event_date", "segment_start"),
        )
        .select(*Earnings.columns())
    )


def _component_modified(
    number: int, component: Component, earned: Earned, targets: Table[Any], work: Work
) -> list[Table[Any]]:
    over = seconds.over(component.modifiers, component)
    spanned = spans(number, over, work.made).drop("number")
    standing = earned.standings.filter(nw.col("component") == number)
    standing = standing.join(spanned, on="period_number")
    if component.alone or component.on_change == "restart":
        standing = _run_on(standing)
    due = limits.spanned([number], over, targets, work.made)
    standing = standing.join(due, on=["person", "span"], how="left")
    standing = standing.with_columns(target=nw.col("target").fill_null(0))
    unit = conversion.minor(component.currency)
    working = _working(component.modifiers, component, over, unit, work)
    return modified.modified(standing, working)


def _component_words(line: Table[Any], component: Component, work: Work) -> Table[Earnings]:
    over = seconds.over(component.modifiers, component)
    unit = conversion.minor(component.currency)
    named_ = (component.plan, component.name, component.currency)
    return _modifier_words(line, *named_, unit, over, work)


def _left(
    number: int, component: Component, earned: Earned, lines: Sequence[Table[Any]], work: Work
) -> Table[Any]:
    """What a component came to in each period before and after its modifiers [minor units]."""
    key = ("person", "period_number")
    credited = work.made.opened(earned.lines.group_by("spot").agg(nw.col("amount").sum()))
    own = credited.filter(nw.col("component") == number).select(*key, "amount")
    nothing = nw.lit(0).cast(nw.Int64)
    before = own.with_columns(before="amount", after="amount").drop("amount")
    changed = [line.select(*key, before=nothing, after="amount") for line in lines]
    summed_ = engine.stacked([before, *changed]).group_by(*key).agg(nw.col("before", "after").sum())
    over = seconds.over(component.modifiers, component)
    spanned = summed_.join(spans(number, over, work.made), on="period_number")
    return spanned.rename({"number": "component"}).select(
        "component", "person", "span", "period_number", "before", "after"
    )


def _run_on(standing: Table[Any]) -> Table[Any]:
    """What was counted in several windows (single transactions, restarts), run on over one."""
    before = nw.col("exact").shift(1).over("person", "window", order_by="period_number")
    fresh = standing.with_columns(fresh=nw.col("exact") - before.fill_null(0))
    summed = fresh.group_by("person", "span", "period_number").agg(
        fresh=nw.col("fresh").sum(), d=nw.col("d").max()
    )
    total = nw.col("fresh").cum_sum().over("person", "span", order_by="period_number")
    return summed.with_columns(exact=total.cast(engine.WIDE))


def _plan_modified(
    name: str, plan: Plan, lines: Table[Earnings], targets: Table[Any], work: Work
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
    spanned = limits.spanned(limits.on_target(name, work.made), over, targets, work.made)
    summed = summed.join(spanned, on=["person", "span"], how="left")
    standing = summed.with_columns(
        exact=nw.col("cents").cum_sum().over("person", "span", order_by="period_number"),
        d=nw.lit(1).cast(engine.WIDE),
        target=nw.col("target").fill_null(0),
    )
    first = next(iter(plan.components.values()))
    working = _working(plan.modifiers, first, over, unit, work)
    found = modified.modified(standing, working)
    return [_modifier_words(line, name, None, plan.currency, unit, over, work) for line in found]


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
