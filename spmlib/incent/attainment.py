"""Attainment: what each person was credited to date, component by component, against the goal.

A *place* is one person, component and segment of the calendar. Credits become lines (one for each
component that counts them), lines are summed by place, and the sums run on within each window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import MONEY, SHARE, Attainments, Quotas, Table, Terms
from spmlib.incent import bookings, conversion, goals, windows
from spmlib.incent.bookings import Booked
from spmlib.incent.holdings import Holdings
from spmlib.incent.windows import Segment
from spmlib.rules.measures import Measure
from spmlib.rules.plans import Component

LINE = (
    "order",
    "person",
    "plan_number",
    "segment",
    "event_date",
    "transaction_id",
    "event_id",
    "rule_number",
    "origin",
)
PLACE = ("person", "component", "segment")
WINDOW = ("person", "component", "window")


@dataclass(frozen=True)
class Layout:
    """The components, numbered, and the segments of their windows."""

    components: tuple[Component, ...]
    parts: tuple[Segment, ...]
    placed: Table[Any]  # component, plan_number, segment, version, window, period_number
    windows: tuple[str, ...]
    periods: Table[Any]  # period_number, period, period_start, period_end, quarter, half, year


@dataclass(frozen=True)
class Need:
    """A measure whose quota someone needs: a component, a gate, a multiplier or a matrix."""

    number: int  # what the answer is filed under
    plan_number: int
    measure: str
    over: str  # the length of the window
    proration: str
    unit: int  # the least unit of the quota [ticks]


def layout(
    components: Sequence[Component], plans: Sequence[str], parts: Sequence[Segment]
) -> Layout:
    """Which segment belongs to which window and version of each component's table."""
    names: dict[str, int] = {}
    rows: dict[str, list[int]] = {
        name: []
        for name in ("component", "plan_number", "segment", "version", "window", "period_number")
    }
    numbers = {period: n for n, period in enumerate(dict.fromkeys(part.period for part in parts))}
    for number, component in enumerate(components):
        labels = windows.labels(component, parts)
        for part, label in zip(parts, labels, strict=True):
            rows["component"].append(number)
            rows["plan_number"].append(plans.index(component.plan))
            rows["segment"].append(part.number)
            rows["version"].append(windows.version(component, part))
            rows["window"].append(names.setdefault(label, len(names)))
            rows["period_number"].append(numbers[part.period])
    placed = engine.made(rows, dict.fromkeys(rows, int))
    return Layout(tuple(components), tuple(parts), placed, tuple(names), _periods(parts, numbers))


def lines(
    rows: Table[Any], booked: Booked, made: Layout, measures: Mapping[str, Measure]
) -> Table[Any]:
    """The credits once for each component that counts them.

    Returns:
        `LINE`, component, credited [ticks].
    """
    frames = []
    for name in dict.fromkeys(component.measure for component in made.components):
        counting = [
            (number, component)
            for number, component in enumerate(made.components)
            if component.measure == name
        ]
        numbered = _counting(counting, made)
        counted = rows.filter(booked.has(name)).select(*LINE, credited=measures[name].sums)
        frames.append(counted.join(numbered, on="plan_number"))
    return _limited(nw.concat(frames, how="vertical"), made)


def places(lines_: Table[Any], held: Table[Any], made: Layout) -> Table[Any]:
    """Every place with what was credited in it, before it and up to its end.

    Args:
        held: of `goals.active`: the plans held in each period.

    Returns:
        person, plan_number, component, segment, period_number, window, version, credited, before,
        after [ticks].
    """
    paid = held.select("person", "plan_number", "period_number").unique(
        ["person", "plan_number", "period_number"]
    )
    every = made.placed.filter(nw.col("component") >= 0).join(
        paid, on=["plan_number", "period_number"]
    )
    summed = lines_.group_by(*PLACE).agg(
        credited=nw.col("credited").sum(), turnover=nw.col("credited").abs().sum()
    )
    filled = every.join(summed, on=list(PLACE), how="left").with_columns(
        credited=nw.col("credited").fill_null(0), turnover=nw.col("turnover").fill_null(0)
    )
    running = filled.with_columns(
        after=nw.col("credited").cum_sum().over(*WINDOW, order_by="segment")
    )
    return engine.kept(running.with_columns(before=nw.col("after") - nw.col("credited")))


def with_goals(
    places_: Table[Any],
    made: Layout,
    holdings: Holdings,
    held: Table[Any],
    issued: Table[Quotas],
    measures: Mapping[str, Measure],
) -> Table[Any]:
    """The places with quota (of the window, or to date), target incentive and personal rate.

    Adds: quota, target [ticks], personal_rate [parts of 10^8]; empty where there is none.
    """
    found = places_.join(_rates(held), on=["person", "plan_number", "period_number"], how="left")
    found = found.join(_targets(held, made), on=list(WINDOW), how="left")
    numbers = plan_numbers(made)
    needs = [
        Need(
            n,
            numbers[n],
            c.measure,
            c.accumulate,
            c.proration or "none",
            unit(c.currency, measures[c.measure]),
        )
        for n, c in enumerate(made.components)
        if c.thresholds == "quota"
    ]
    quota = window_quotas(needs, made, holdings, held, issued)
    if quota is None:
        return engine.kept(found.with_columns(quota=nw.lit(None, dtype=nw.Int64)))
    quota = quota.rename({"number": "component"})
    joined = found.join(quota, on=["person", "component", "period_number"], how="left")
    to_date = [n for n, c in enumerate(made.components) if c.quota == "to_date"]
    chosen = nw.when(nw.col("component").is_in(to_date)).then(nw.col("quota_to_date"))
    return engine.kept(
        joined.with_columns(quota=chosen.otherwise(nw.col("quota_of_window"))).drop(
            "quota_to_date", "quota_of_window"
        )
    )


def window_quotas(
    needs: Sequence[Need], made: Layout, holdings: Holdings, held: Table[Any], issued: Table[Quotas]
) -> Table[Any] | None:
    """The quotas that are needed, over each window and to date.

    Returns:
        person, number, period_number, quota_of_window, quota_to_date [ticks]; None without needs.
    """
    frames = [
        _quotas(
            word, [need for need in needs if need.proration == word], made, holdings, held, issued
        )
        for word in dict.fromkeys(need.proration for need in needs)
    ]
    return engine.kept(nw.concat(frames, how="vertical")) if frames else None


def attainments(places_: Table[Any], made: Layout, holdings: Holdings) -> Table[Attainments]:
    """What was credited to date against quota, at the end of each period."""
    key = ("person", "plan_number", "component", "window", "period_number")
    periodic = places_.group_by(*key).agg(
        credited=nw.col("credited").sum(),
        credited_to_date=nw.col("after").max(),
        last=nw.col("segment").max(),
        quota=nw.col("quota").max(),
    )
    ends = places_.select("person", "component", last="segment", end="after", quota_then="quota")
    periodic = periodic.join(ends, on=["person", "component", "last"]).with_columns(
        credited_to_date=nw.col("end"), quota=nw.col("quota_then")
    )
    ratio = engine.rounded(engine.wide("credited_to_date") * SHARE, engine.wide("quota"))
    fits = (nw.col("quota") > 0) & (
        nw.col("credited_to_date").cast(nw.Float64).abs() / nw.col("quota") < 1e10
    )
    shown = periodic.with_columns(
        attainment=nw.when(fits).then(ratio).otherwise(None).cast(nw.Int64)
    )
    return named(shown, made, holdings).select(*Attainments.columns())


def terms(places_: Table[Any], made: Layout, holdings: Holdings) -> Table[Terms]:
    """What the curve of every person, component and segment was measured with."""
    dates = [
        (number, version, start)
        for number, component in enumerate(made.components)
        for version, start in enumerate(component.tables)
    ]
    tables = engine.made(
        {
            n: [row[i] for row in dates]
            for i, n in enumerate(("component", "version", "table_date"))
        },
        {"component": int, "version": int, "table_date": date},
    )
    starts = engine.made(
        {"segment": [p.number for p in made.parts], "segment_start": [p.start for p in made.parts]},
        {"segment": int, "segment_start": date},
    )
    placed = places_.join(tables, on=["component", "version"], how="left").join(
        starts, on="segment"
    )
    return named(placed, made, holdings).select(*Terms.columns())


def named(frame: Table[Any], made: Layout, holdings: Holdings) -> Table[Any]:
    """A frame of numbers with person, plan, component, measure, window and period as words."""
    components = engine.made(
        {
            "component": list(range(len(made.components))),
            "component_name": [c.name for c in made.components],
            "measure": [c.measure for c in made.components],
        },
        {"component": int, "component_name": str, "measure": str},
    )
    plans = engine.made(
        {"plan_number": list(range(len(holdings.plans))), "plan": list(holdings.plans)},
        {"plan_number": int, "plan": str},
    )
    labels = engine.made(
        {"window": list(range(len(made.windows))), "window_name": list(made.windows)},
        {"window": int, "window_name": str},
    )
    return (
        frame.join(holdings.people.select("person", "payee_id"), on="person")
        .join(plans, on="plan_number")
        .join(components, on="component", how="left")
        .join(labels, on="window", how="left")
        .join(made.periods.select("period_number", "period"), on="period_number")
        .with_columns(component=nw.col("component_name"), window=nw.col("window_name"))
    )


def _counting(counting: Sequence[tuple[int, Component]], made: Layout) -> Table[Any]:
    plans = {c.plan: n for c, n in zip(made.components, plan_numbers(made), strict=True)}
    return engine.made(
        {
            "component": [n for n, _ in counting],
            "plan_number": [plans[c.plan] for _, c in counting],
        },
        {"component": int, "plan_number": int},
    )


def plan_numbers(made: Layout) -> list[int]:
    """The plan of each component, by number."""
    rows = engine.collected(
        made.placed.select("component", "plan_number").unique(["component", "plan_number"])
    )
    found = dict(rows.iter_rows())
    return [found[number] for number in range(len(made.components))]


def _limited(lines_: Table[Any], made: Layout) -> Table[Any]:
    """The lines with no transaction crediting more than a component's windfall limit."""
    limits = [
        (number, part.number, int(limit * MONEY))
        for number, component in enumerate(made.components)
        for part in made.parts
        if component.windfall and (limit := _in_force(component, part)) is not None
    ]
    if not limits:
        return lines_
    rows = {
        name: [row[n] for row in limits] for n, name in enumerate(("component", "segment", "limit"))
    }
    joined = lines_.join(
        engine.made(rows, dict.fromkeys(rows, int)), on=["component", "segment"], how="left"
    )
    least = nw.max_horizontal(nw.col("credited"), nw.col("limit") * -1)
    most = nw.when(nw.col("limit").is_null()).then(nw.col("credited"))
    return (
        joined.with_columns(least=least)
        .with_columns(credited=most.otherwise(nw.min_horizontal("least", "limit")))
        .drop("limit", "least")
    )


def _in_force(component: Component, part: Segment) -> Any:
    from spmlib.core.parameters import in_force

    return in_force(component.windfall, part.start)


def _rates(held: Table[Any]) -> Table[Any]:
    """The personal rate on the last day of each period that the plan was held."""
    key = ("person", "plan_number", "period_number")
    last = held.filter(nw.col("to_date") == nw.col("to_date").max().over(*key))
    return last.select(*key, personal_rate="commission_rate")


def _targets(held: Table[Any], made: Layout) -> Table[Any]:
    frames = []
    for word in dict.fromkeys(c.proration for c in made.components if c.pays == "target"):
        chosen = [
            n for n, c in enumerate(made.components) if c.pays == "target" and c.proration == word
        ]
        paid = _with_weight(made, chosen)
        frames.append(goals.targets(held, made.periods, paid, word))
    empty = engine.made(
        {"person": [], "component": [], "window": [], "target": []},
        dict.fromkeys([*WINDOW, "target"], int),
    )
    return engine.kept(nw.concat([empty, *frames], how="vertical"))


def _with_weight(made: Layout, chosen: Sequence[int]) -> Table[Any]:
    weights = engine.made(
        {
            "component": list(chosen),
            "weight": [int((made.components[n].weight or 0) * SHARE) for n in chosen],
            "unit": [conversion.minor(made.components[n].currency) for n in chosen],
        },
        {"component": int, "weight": int, "unit": int},
    )
    key = ("component", "plan_number", "period_number", "window")
    # A window that a new table restarts inside a period counts as the period's last one.
    once = made.placed.group_by("component", "plan_number", "period_number").agg(
        window=nw.col("window").max()
    )
    return once.select(*key).join(weights, on="component")


def _quotas(
    word: str,
    needs: Sequence[Need],
    made: Layout,
    holdings: Holdings,
    held: Table[Any],
    issued: Table[Quotas],
) -> Table[Any]:
    columns = ("number", "plan_number", "measure", "unit")
    rows = {name: [getattr(need, name) for need in needs] for name in columns}
    wanted = engine.made(rows, {"number": int, "plan_number": int, "measure": str, "unit": int})
    distinct = wanted.drop("number").unique(["plan_number", "measure", "unit"])
    found = goals.quotas(issued, holdings.people, held, made.periods, distinct, word)
    spanned = nw.concat([spans(need.number, need.over, made) for need in needs], how="vertical")
    joined = found.join(wanted, on=["plan_number", "measure"])
    joined = joined.join(spanned, on=["number", "period_number"])
    key = ("person", "number", "span")
    summed = joined.group_by(*key, "period_number").agg(quota=nw.col("quota").sum())
    every = spanned.join(summed.select(*key).unique([*key]), on=["number", "span"])
    filled = every.join(summed, on=[*key, "period_number"], how="left").with_columns(
        quota=nw.col("quota").fill_null(0)
    )
    return filled.select(
        "person",
        "number",
        "period_number",
        quota_of_window=nw.col("quota").sum().over(*key),
        quota_to_date=nw.col("quota").cum_sum().over(*key, order_by="period_number"),
    )


def unit(currency: str, measure: Measure) -> int:
    """The least unit of what a measure sums: the currency's minor unit, or the finest [ticks]."""
    return conversion.minor(currency) if measure.sums in bookings.MONEYS else 1


def spans(number: int, over: str, made: Layout) -> Table[Any]:
    """Each period and the window of a length that it belongs to: number, period_number, span."""
    column = "period" if over in ("month", "transaction") else over
    return made.periods.select(
        "period_number", span=nw.col(column), number=nw.lit(number).cast(nw.Int64)
    )


def _periods(parts: Sequence[Segment], numbers: Mapping[str, int]) -> Table[Any]:
    import polars as pl

    made: dict[str, dict[str, Any]] = {}
    for part in parts:
        row = made.setdefault(part.period, {"period_start": part.start})
        row |= {
            "period_number": numbers[part.period],
            "period": part.period,
            "period_end": part.end,
        }
        row |= {"quarter": part.quarter, "half": part.half, "year": part.year}
    return engine.table(pl.DataFrame(list(made.values())))
