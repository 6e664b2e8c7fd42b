r"""The calculation: from a company's transactions to what everyone is owed, table by table.

    bookings -> credits -> lines -> places -> attainments
                             \\-> earnings (curves, then modifiers) -> payouts

Each step is a module named for what it makes; this one only says in which order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, Attainments, Credits, Earnings, Issues, Payouts, Table, Terms
from spmlib.incent import (
    attainment,
    bookings,
    commissions,
    conversion,
    crediting,
    goals,
    holdings,
    issues,
    modified,
    seconds,
    windows,
)
from spmlib.incent.attainment import Layout, Need
from spmlib.incent.commissions import Earned
from spmlib.incent.modified import Modifying
from spmlib.incent.seconds import Second
from spmlib.rules.crediting import Crediting
from spmlib.rules.measures import Measure
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component, Plan


@dataclass(frozen=True)
class Parameters:
    """What a company's parameter files say about pay."""

    measures: Mapping[str, Measure]
    plans: Mapping[str, Plan]
    crediting: Crediting


@dataclass(frozen=True)
class Results:
    """The tables of one calculation."""

    credits: Table[Credits]
    attainments: Table[Attainments]
    terms: Table[Terms]
    earnings: Table[Earnings]
    payouts: Table[Payouts]
    issues: Table[Issues]


@dataclass(frozen=True)
class _Work:
    """What the steps share."""

    company: Company
    parameters: Parameters
    who: holdings.Holdings
    made: Layout
    held: Table[Any]
    booked: bookings.Booked
    rows: Table[Any]  # of crediting.credited
    used: Mapping[str, Measure]


def calculated(company: Company, parameters: Parameters) -> Results:
    """Everything that a company owes, by transaction, component, person and period.

    Raises:
        ParameterError: a filter names a column that nobody brings; a plan has no table on a day on
            which someone holds it.
        OverflowRefused: an amount is too large to be exact.
    """
    work = _begun(company, parameters)
    lines = attainment.lines(work.rows, work.booked, work.made, work.used)
    lines = engine.kept(lines)
    places = attainment.with_goals(
        attainment.places(lines, work.held, work.made),
        work.made,
        work.who,
        work.held,
        company.quotas,
        work.used,
    )
    places = _celled(places, work)
    earned = commissions.earned(lines, places, work.made, _cells(work, lines))
    earnings = engine.kept(_earnings(earned, places, work))
    segments = windows.frame(work.made.parts)
    return Results(
        credits=crediting.credits(work.rows, work.who, parameters.crediting, segments),
        attainments=attainment.attainments(places, work.made, work.who),
        terms=attainment.terms(places, work.made, work.who),
        earnings=earnings,
        payouts=payouts(earnings),
        issues=issues.issues(
            issues.Seen(
                company, parameters.crediting, work.who, work.booked, work.rows, places, work.made
            )
        ),
    )


def payouts(earnings: Table[Earnings]) -> Table[Payouts]:
    """What is due to each person for each period and plan: the sum of the lines."""
    key = ("payee_id", "period", "plan", "currency")
    lines: Table[Any] = earnings
    return lines.group_by(*key).agg(amount=nw.col("amount").sum()).select(*Payouts.columns())


def _begun(company: Company, parameters: Parameters) -> _Work:
    components = [c for plan in parameters.plans.values() for c in plan.components.values()]
    parts = windows.segments(company.calendar, components)
    who = holdings.holdings(company, parameters.plans)
    made = attainment.layout(components, who.plans, parts)
    held = goals.active(who, made.periods)
    issues.refuse_days_without_table(held, made)
    used = {name: parameters.measures[name] for name in _names(parameters.plans.values())}
    currencies = sorted({c.currency for c in parameters.plans.values()} | _paid_in(who))
    booked = bookings.booked(
        company, parameters.crediting, list(used.values()), windows.days(parts), currencies
    )
    rows = engine.kept(crediting.credited(company, parameters.crediting, who, booked))
    return _Work(company, parameters, who, made, held, booked, rows, used)


def _names(plans: Any) -> list[str]:
    """The measures that plans count or look at."""
    found: dict[str, None] = {}
    for plan in plans:
        for component in plan.components.values():
            found[component.measure] = None
            if component.matrix:
                found[component.matrix.measure] = None
            found |= {m.measure: None for m in component.modifiers if m.measure}
        found |= {m.measure: None for m in plan.modifiers if m.measure}
    return list(found)


def _paid_in(who: holdings.Holdings) -> set[str]:
    return set(engine.collected(who.held.select("currency").unique(["currency"]))["currency"])


# --- matrices ------------------------------------------------------------------------------------


def _celled(places: Table[Any], work: _Work) -> Table[Any]:
    """The places with the cell of a matrix that the second measure picks; 0 where there is none."""
    chosen = nw.lit(0).cast(nw.Int64)
    asked = [(n, c) for n, c in enumerate(work.made.components) if c.matrix and not c.alone]
    if not asked:
        return places.with_columns(cell=chosen)
    found = _seconds(
        [
            Second(_need(work, n, c, c.matrix.measure, c.accumulate), c.matrix.of)
            for n, c in asked
            if c.matrix
        ],
        work,
    )
    joined = places.join(
        found.rename({"number": "component"}),
        on=["person", "component", "period_number"],
        how="left",
    ).with_columns(value=nw.col("value").fill_null(0), base=nw.col("base").fill_null(0))
    for n, c in asked:
        chosen = _cell(n, c, chosen)
    return engine.kept(joined.with_columns(cell=chosen).drop("value", "base"))


def _cell(number: int, component: Component, otherwise: nw.Expr) -> nw.Expr:
    """The cell of a component's matrix for each version of its table."""
    from spmlib.rules.curves import cells

    assert component.matrix is not None
    for version, table in enumerate(component.tables.values()):
        whens = [when for when, _ in cells(table) if when is not None]
        here = (nw.col("component") == number) & (nw.col("version") == version)
        reached = seconds.step(whens, component.matrix.boundary)
        otherwise = nw.when(here).then(reached).otherwise(otherwise)
    return otherwise


def _cells(work: _Work, lines: Table[Any]) -> Table[Any] | None:
    """For matrices of single transactions: order, component, cell."""
    frames = []
    for n, c in enumerate(work.made.components):
        if not (c.matrix and c.alone):
            continue
        measure = work.used[c.matrix.measure]
        own = work.rows.filter(work.booked.has(measure.name)).select(
            "order",
            "person",
            value=nw.col(measure.sums),
            base=nw.col(measure.per) if measure.per else nw.lit(MONEY).cast(nw.Int64),
        )
        sign = nw.when(nw.col("base") < 0).then(nw.lit(-1)).otherwise(nw.lit(1))
        own = own.with_columns(value=nw.col("value") * sign, base=nw.col("base") * sign)
        rows = lines.filter(nw.col("component") == n).join(own, on=["order", "person"])
        rows = rows.join(
            work.made.placed.select("component", "segment", "version"), on=["component", "segment"]
        )
        frames.append(
            rows.with_columns(cell=_cell(n, c, nw.lit(0).cast(nw.Int64))).select(
                "order", "person", "component", "cell"
            )
        )
    return engine.kept(nw.concat(frames, how="vertical")) if frames else None


def _need(work: _Work, number: int, component: Component, measure: str, over: str) -> Need:
    plan_number = work.who.plans.index(component.plan)
    unit = attainment.unit(component.currency, work.used[measure])
    return Need(number, plan_number, measure, over, component.proration or "none", unit)


def _seconds(asked: Sequence[Second], work: _Work) -> Table[Any]:
    return seconds.seconds(
        asked,
        work.rows,
        work.booked,
        work.made,
        work.who,
        work.held,
        work.company.quotas,
        work.used,
    )


# --- earnings ------------------------------------------------------------------------------------


def _earnings(earned: Earned, places: Table[Any], work: _Work) -> Table[Earnings]:
    """All lines, of curves and of modifiers, as words."""
    frames = [engine.kept(_named_lines(earned, work))]
    for n, c in enumerate(work.made.components):
        if c.modifiers:
            frames += _component_modified(n, c, earned, places, work)
    for name, plan in work.parameters.plans.items():
        if plan.modifiers:
            frames += _plan_modified(name, plan, nw.concat(frames, how="vertical"), places, work)
    return nw.concat(frames, how="vertical")


def _named_lines(earned: Earned, work: _Work) -> Table[Earnings]:
    sources = engine.made(
        {"place": list(range(len(earned.places))), "source": list(earned.places)},
        {"place": int, "source": str},
    )
    rules = engine.made(
        {
            "rule_number": list(range(len(work.parameters.crediting.rules))),
            "rule": list(work.parameters.crediting.rules),
        },
        {"rule_number": int, "rule": str},
    )
    through = work.who.people.select(origin="person", through_id="payee_id")
    units = commissions.minor_units(work.made.components)
    found = attainment.named(earned.lines.join(units, on="component"), work.made, work.who)
    return (
        found.join(sources, on="place")
        .join(rules, on="rule_number", how="left")
        .join(through, on="origin", how="left")
        .with_columns(amount=nw.col("amount") * nw.col("unit"), number=nw.lit(0).cast(nw.Int64))
        .select(*Earnings.columns())
    )


def _component_modified(
    number: int, component: Component, earned: Earned, places: Table[Any], work: _Work
) -> list[Table[Earnings]]:
    over = _over(component.modifiers, component)
    standing = earned.standings.filter(nw.col("component") == number)
    spans = attainment.spans(number, over, work.made).drop("number")
    standing = standing.join(spans, on="period_number")
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
    name: str, plan: Plan, lines: Table[Earnings], places: Table[Any], work: _Work
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
    every = work.held.filter(nw.col("plan_number") == plan_number).select("person", "period_number")
    every = every.unique(["person", "period_number"]).join(
        attainment.spans(0, over, work.made).drop("number"), on="period_number"
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


def _plan_targets(plan: Plan, places: Table[Any], over: str, work: _Work) -> Table[Any]:
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
    spans = attainment.spans(0, over, work.made).drop("number")
    spanned = targets.join(spans, on="period_number").group_by("person", "span")
    return spanned.agg(target=nw.col("target").sum())


def _over(modifiers: Sequence[Modifier], component: Component) -> str:
    return (modifiers[0].over or "month") if component.alone else component.accumulate


def _working(
    modifiers: Sequence[Modifier], component: Component, over: str, unit: int, work: _Work
) -> list[Modifying]:
    """The modifiers with the values of the measures they look at."""
    made = []
    for number, modifier in enumerate(modifiers, start=1):
        values = None
        if modifier.measure:
            need = _need(work, 0, component, modifier.measure, over)
            values = _seconds([Second(need, modifier.of)], work).drop("number")
        made.append(Modifying(_bounded(modifier, component), number, unit, values, work.made))
    return made


def _bounded(modifier: Modifier, component: Component) -> Modifier:
    from dataclasses import replace

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
    work: _Work,
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
