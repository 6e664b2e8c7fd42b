"""Attainment: what each person was credited to date, component by component, against the goal.

Credits become lines (one for each component that counts them), lines are summed by place, and the
sums run on within each window.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.parameters import in_force
from spmlib.core.tables import MONEY, SHARE, Attainments, Table, Terms
from spmlib.incent.earning.layout import LINE, WINDOW, Layout, named, plan_numbers
from spmlib.incent.work import Work
from spmlib.rules.plans import Component


def lines(work: Work) -> Table[Any]:
    """The credits once for each component that counts them.

    Returns:
        spot, key, component, credited [ticks].
    """
    frames, made = [], work.made
    for name in dict.fromkeys(component.measure for component in made.components):
        counting = [
            (number, component)
            for number, component in enumerate(made.components)
            if component.measure == name
        ]
        numbered = _counting(counting, made)
        counted = work.rows.filter(work.booked.has(name)).with_columns(
            credited=nw.col(work.used[name].sums)
        )
        placed = counted.join(numbered, on="plan_number").with_columns(spot=made.spot)
        frames.append(_limited(placed, made).select(*LINE, "component", "credited"))
    return engine.stacked(frames)


def places(lines_: Table[Any], work: Work) -> Table[Any]:
    """Every place with what was credited in it, before it and up to its end.

    Returns:
        spot, person, plan_number, component, segment, period_number, window, version, credited,
        before, after, turnover [ticks]; stays (1 if the plan is held to the segment's end).
    """
    known = work.held.filter(nw.col("period_number") <= work.made.last)
    paid = known.group_by("person", "plan_number", "segment").agg(stays=nw.col("stays").max())
    every = work.made.placed.join(paid, on=["plan_number", "segment"])
    summed = lines_.group_by("spot").agg(
        credited=nw.col("credited").sum(), turnover=nw.col("credited").abs().sum()
    )
    spotted = every.with_columns(spot=work.made.spot)
    filled = spotted.join(summed, on="spot", how="left").with_columns(
        credited=nw.col("credited").fill_null(0), turnover=nw.col("turnover").fill_null(0)
    )
    running = filled.with_columns(
        after=nw.col("credited").cum_sum().over(*WINDOW, order_by="segment")
    )
    return engine.kept(running.with_columns(before=nw.col("after") - nw.col("credited")))


def attainments(places_: Table[Any], work: Work) -> Table[Attainments]:
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
    return named(shown, work.made, work.who).select(*Attainments.columns())


def terms(places_: Table[Any], work: Work) -> Table[Terms]:
    """What the curve of every person, component and segment was measured with."""
    dates = [
        (number, version, start)
        for number, component in enumerate(work.made.components)
        for version, start in enumerate(component.tables)
    ]
    tables = engine.made(
        {
            n: [row[i] for row in dates]
            for i, n in enumerate(("component", "version", "table_date"))
        },
        {"component": int, "version": int, "table_date": date},
    )
    placed = places_.join(tables, on=["component", "version"], how="left").join(
        work.made.starts, on="segment"
    )
    return named(placed, work.made, work.who).select(*Terms.columns())


def _counting(counting: Sequence[tuple[int, Component]], made: Layout) -> Table[Any]:
    plans = {c.plan: n for c, n in zip(made.components, plan_numbers(made), strict=True)}
    return engine.made(
        {
            "component": [n for n, _ in counting],
            "plan_number": [plans[c.plan] for _, c in counting],
        },
        {"component": int, "plan_number": int},
    )


def _limited(lines_: Table[Any], made: Layout) -> Table[Any]:
    """The lines with no transaction crediting more than a component's windfall limit."""
    limits = [
        (number, part.number, int(limit * MONEY))
        for number, component in enumerate(made.components)
        for part in made.parts
        if component.windfall and (limit := in_force(component.windfall, part.start)) is not None
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
