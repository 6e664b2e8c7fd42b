"""Refusals: plans that cannot be meant, and why, before anything is computed.

Each check is a generator of (place, what is wrong, what would be right); the first one found is
raised. ``tests/broken`` has one file for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from spmlib.core import parameters
from spmlib.core.errors import PlanError
from spmlib.core.parameters import Number, percent, said
from spmlib.rules import payments
from spmlib.rules.combinations import senseless
from spmlib.rules.measures import Measure
from spmlib.rules.modifiers import Modifier

if TYPE_CHECKING:
    from spmlib.rules.plans import Component, Plan, Row

Refusal = tuple[str, str, str]
MONEYS = ("amount", "margin", "arr")  # sums of money; others are counts


def check(plan: Plan, measures: Mapping[str, Measure]) -> None:
    """Refuse a plan that cannot be meant.

    Raises:
        PlanError: ``file:line: what is wrong; what would be right``.
    """
    for place, wrong, right in _refusals(plan, measures):
        parameters.refuse(place, wrong, right, PlanError)


def check_rows(rows: Sequence[Row], ends: Sequence[Number | None]) -> None:
    """Refuse rows that overlap, leave a gap, run backwards, or mix words."""
    for place, wrong, right in _rows(rows, ends):
        parameters.refuse(place, wrong, right, PlanError)


def _refusals(plan: Plan, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    yield from _weights(plan)
    for component in plan.components.values():
        yield from senseless(component)
        for refusals in (_measured, _bounded, _sized, _matrix):
            yield from refusals(component, measures)
        yield from _modified(component.modifiers, measures, component)
    yield from _modified(plan.modifiers, measures, None)
    yield from _of_plan(plan)
    yield from payments.refusals(plan)


def _weights(plan: Plan) -> Iterator[Refusal]:
    on_target = [c for c in plan.components.values() if c.pays == "target"]
    for c in plan.components.values():
        if c.pays != "target" and c.weight is not None:
            wrong = "a `weight` is a share of target, and this component pays none"
            yield c.at("weight"), wrong, "write `pays: target`, or leave it out"
        if c.pays == "target" and c.weight is None:
            yield c.place, "'weight' is missing", "add `weight: 100%`, its share of the target"
        if c.weight is not None and not 0 < c.weight <= 1:
            yield (
                c.at("weight"),
                f"a weight of {said(c.weight)} cannot be meant",
                "write 1% to 100%",
            )
    weights = [c.weight for c in on_target if c.weight is not None]
    if on_target and sum(weights) != 1:
        added = " + ".join(percent(weight) for weight in weights)
        wrong = f"the weights add up to {percent(sum(weights, Decimal(0)))} ({added})"
        yield on_target[-1].at("weight"), wrong, "make them add up to 100%"


def _measured(c: Component, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    yield from _defined(c.measure, c.at("measure"), measures)
    measure = measures[c.measure]
    if measure.per:
        wrong = f"'{c.measure}' is a ratio, and a component counts a sum"
        yield c.at("measure"), wrong, "name a measure without `per`"
    if c.pays in ("rate", "personal_rate") and measure.sums not in MONEYS:
        wrong = f"a rate is a share of money, and '{c.measure}' sums {measure.sums}"
        yield c.at("pays"), wrong, "write `pays: unit`, or name a measure of money"


def _defined(name: str, place: str, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    if name not in measures:
        remedy = f"write {parameters.nearest(name, measures)}, or define it in measures.yaml"
        yield place, f"nobody defined the measure '{parameters.shown(name)}'", remedy


def _bounded(c: Component, _: Mapping[str, Measure]) -> Iterator[Refusal]:
    """Words that are required where they change pay."""
    rows = max(len(table) for table in c.tables.values())
    slope = c.word == "rate"
    if slope and rows > 1 and not c.crossing:
        yield c.place, "'crossing' is missing", "add `crossing: split`, `whole` or `transaction`"
    jumps = c.within == "step" and c.thresholds != "place" and (c.crossing != "split" or not slope)
    if jumps and rows > 1 and not c.boundary:
        wrong = "'boundary' is missing, and pay jumps at a threshold"
        yield c.place, wrong, "add `boundary: upper` or `lower`"
    if c.within == "interpolate" and rows < 2:
        yield (
            c.at("within"),
            "one row has nothing to interpolate",
            "add a row, or write `within: step`",
        )


def _sized(c: Component, _: Mapping[str, Measure]) -> Iterator[Refusal]:
    for table in c.tables.values():
        yield from _agreeing(c, table)
        yield from _started(c, table)
        fractions = [row for row in table if row.start != row.start.to_integral_value()]
        if c.thresholds == "place" and fractions:
            yield fractions[0].place, "a place is a whole number", "write 1, 2, 3"


def _agreeing(c: Component, table: Sequence[Row]) -> Iterator[Refusal]:
    """Rows say `when` if, and only if, the component has a matrix."""
    for row in table:
        if c.matrix and row.when is None:
            wrong = "'when' is missing, and the component has a `matrix`"
            yield row.place, wrong, "add `when: 0%`, the second measure's value"
        if row.when is not None and not c.matrix:
            wrong = "the row has a `when`, and the component no `matrix`"
            yield row.place, wrong, "add `matrix: {measure: margin_rate, boundary: upper}`"


def _started(c: Component, table: Sequence[Row]) -> Iterator[Refusal]:
    """Each cell says what is earned from nothing on."""
    first = Decimal(1 if c.thresholds == "place" else 0)
    for above, row in zip([None, *table], table, strict=False):
        if (above is None or above.when != row.when) and row.start != first:
            wrong = f"the table starts at {said(row.start)} and does not say what is earned below"
            start = "0%" if c.thresholds == "quota" else str(first)
            nothing = "0%" if row.gives.percent else "0"
            yield row.place, wrong, f"add a first row {{from: {start}, {row.word}: {nothing}}}"
    if table[0].when is not None and table[0].when > 0:
        wrong = f"the matrix starts at {said(table[0].when)} and does not say what is earned below"
        yield table[0].place, wrong, "add rows with `when: 0%`"


def _matrix(c: Component, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    if c.matrix is None:
        return
    yield from _defined(c.matrix.measure, c.matrix.place, measures)
    yield from _divided(c.matrix.measure, c.matrix.of, c.matrix.place, measures)
    if c.alone and c.matrix.of != "none":
        wrong = "one transaction alone has no quota"
        yield c.matrix.place, wrong, "leave `of` out, and name a measure with `per`"
    whens = [row.when for table in c.tables.values() for row in table if row.when is not None]
    yield from _counted(whens, c.matrix.measure, c.matrix.of, measures)


def _divided(name: str, of: str, place: str, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    if measures[name].per and of != "none":
        yield place, f"'{name}' is a ratio and has no quota", "leave `of` out"


def _modified(
    modifiers: Sequence[Modifier], measures: Mapping[str, Measure], c: Component | None
) -> Iterator[Refusal]:
    for m in modifiers:
        if m.measure:
            yield from _looking(m, measures)
        if m.kind == "multiplier" and not (m.boundary or (c and c.boundary)) and _jumps(m):
            wrong = "'boundary' is missing, and the factor jumps"
            yield m.place, wrong, "add `boundary: upper` or `lower`"
        if m.kind in ("cap", "floor"):
            yield from _limiting(m, c)
        if m.over and c and not c.alone:
            yield m.place, "`over` is the component's own window here", "leave `over` out"
        if m.over != modifiers[0].over:
            wrong = "the modifiers look at windows of different lengths"
            yield m.place, wrong, f"write the same `over` as in {modifiers[0].place}"
    yield from _capped(modifiers)


def _looking(m: Modifier, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    yield from _defined(m.measure, m.place, measures)
    yield from _divided(m.measure, m.of, m.place, measures)
    starts = [step.start for steps in m.steps.values() for step in steps]
    yield from _counted([*starts, *([m.at_least] if m.at_least else [])], m.measure, m.of, measures)


def _counted(
    values: Sequence[Number], name: str, of: str, measures: Mapping[str, Measure]
) -> Iterator[Refusal]:
    """Values of a second measure: percent of a quota or of money, plain numbers of a sum."""
    measure = measures[name]
    ratio = of != "none" or (measure.per in MONEYS and measure.sums in MONEYS)
    for value in values:
        if ratio and abs(value) > 1 and not value.percent:
            remedy = f"write {value:f}% if percent is meant, or {percent(value)}"
            yield value.place, f"{value:f} is above 1 and has no %", remedy
        if value.percent and of == "none" and not measure.per:
            wrong = f"percent of what? '{name}' is a sum"
            yield value.place, wrong, "add `of: quota_to_date` or `of: quota`"


def _limiting(m: Modifier, c: Component | None) -> Iterator[Refusal]:
    for limit in m.limits.values():
        if limit < 0:
            wrong = f"a {m.kind} of {said(limit)} cannot be meant"
            yield limit.place, wrong, "write what may be earned, at least 0"
    if c and c.alone and not m.over:
        wrong = f"a {m.kind} of single transactions needs a window"
        yield m.place, wrong, "add `over: month` or longer"
    if c and c.pays != "target" and _in_shares(m):
        wrong = f"the {m.kind} is a share of target, and there is no target here"
        yield m.place, wrong, "write an amount"


def _of_plan(plan: Plan) -> Iterator[Refusal]:
    """Limits of a whole plan in shares of its target, which must be whole in their window."""
    on_target = [c for c in plan.components.values() if c.pays == "target"]
    lengths = ("month", "quarter", "half", "year")
    for m in plan.modifiers:
        longer = [c for c in on_target if lengths.index(c.accumulate) > lengths.index(m.over)]
        if _in_shares(m) and not on_target:
            wrong = f"the {m.kind} is a share of target, and there is no target here"
            yield m.place, wrong, "write an amount"
        if _in_shares(m) and longer:
            wrong = f"the target of '{longer[0].name}' is not divided into windows of a {m.over}"
            yield m.place, wrong, f"write `over: {longer[0].accumulate}` or longer"


def _in_shares(m: Modifier) -> bool:
    return any(limit.percent for limit in m.limits.values())


def _jumps(m: Modifier) -> bool:
    return any(len(steps) > 1 for steps in m.steps.values())


def _capped(modifiers: Sequence[Modifier]) -> Iterator[Refusal]:
    caps = [m for m in modifiers if m.kind == "cap"]
    floors = [m for m in modifiers if m.kind == "floor"]
    for cap in caps:
        for floor in floors:
            for on in sorted({*cap.limits, *floor.limits}):
                yield from _crossed(cap, floor, on)


def _crossed(cap: Modifier, floor: Modifier, on: date) -> Iterator[Refusal]:
    most, least = parameters.in_force(cap.limits, on), parameters.in_force(floor.limits, on)
    if most is None or least is None or most.percent != least.percent or most >= least:
        return
    wrong = f"the cap {said(most)} is below the floor {said(least)} on {on}"
    yield most.place, wrong, "raise the cap or lower the floor"


def _rows(rows: Sequence[Row], ends: Sequence[Number | None]) -> Iterator[Refusal]:
    for (before, end), after in zip(zip(rows, ends, strict=True), rows[1:], strict=False):
        if before.word != after.word:
            wrong = f"rows mix `{before.word}` and `{after.word}`"
            yield after.place, wrong, "use one word in a table"
        if before.when == after.when:
            yield from _risen(before, end, after)
        elif before.when is not None and after.when is not None and after.when < before.when:
            wrong = f"the rows when {said(after.when)} follow those when {said(before.when)}"
            yield after.place, wrong, "group the rows by rising `when`"
    if ends and ends[-1] is not None:
        wrong = "the table ends, and does not say what is earned beyond"
        yield rows[-1].place, wrong, "leave `to` out"


def _risen(before: Row, end: Number | None, after: Row) -> Iterator[Refusal]:
    """One row follows another from where it ends."""
    if after.start <= before.start:
        wrong = f"the row from {said(after.start)} follows the row from {said(before.start)}"
        yield after.place, wrong, "put the rows in rising order, each threshold once"
    if end is not None and end != after.start:
        fault = "overlap" if end > after.start else "leave a gap"
        low, high = sorted((end, after.start))
        wrong = f"the rows {fault} between {said(low)} and {said(high)}"
        yield before.place, wrong, f"end this row at {said(after.start)}, or leave `to` out"
