"""Refusals: plans that cannot be meant, and why, before anything is computed.

Each check is a generator of (place, what is wrong, what would be right); the first one found is
raised. ``tests/broken`` has one file for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from spmlib.core import parameters
from spmlib.core.errors import PlanError
from spmlib.core.parameters import Number
from spmlib.rules.measures import Measure
from spmlib.rules.modifiers import Modifier

if TYPE_CHECKING:
    from spmlib.rules.plans import Component, Plan, Row

Refusal = tuple[str, str, str]


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
    if not plan.components:
        yield plan.place, "the plan has no component", "add one below `components:`"
    yield from _weights(plan)
    for component in plan.components.values():
        for refusals in (_measured, _combined, _bounded, _sized, _matrix):
            yield from refusals(component, measures)
        yield from _modified(component.modifiers, measures, component)
    yield from _modified(plan.modifiers, measures, None)
    yield from _of_plan(plan)


def _weights(plan: Plan) -> Iterator[Refusal]:
    on_target = [c for c in plan.components.values() if c.pays == "target"]
    for component in plan.components.values():
        if component.pays != "target" and component.weight is not None:
            yield (
                component.place,
                "`weight` is a share of target",
                "write `pays: target`, or leave it out",
            )
    for component in on_target:
        if component.weight is None:
            yield (
                component.place,
                "'weight' is missing",
                "add `weight: 100%`, its share of the target",
            )
    total = sum(c.weight for c in on_target if c.weight is not None)
    if on_target and total != 1:
        said = " + ".join(
            f"{c.weight:%}".replace(".000000", "") for c in on_target if c.weight is not None
        )
        yield (
            on_target[-1].place,
            f"the weights add up to {float(total):.2%} ({said})",
            "make them 100%",
        )


def _measured(c: Component, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    yield from _defined(c.measure, c.place, measures)
    if measures[c.measure].per:
        yield (
            c.place,
            f"'{c.measure}' is a ratio, and a component counts a sum",
            "name a measure without `per`",
        )


def _defined(name: str, place: str, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    if name not in measures:
        yield (
            place,
            f"nobody defined the measure '{name}'",
            f"write {parameters.nearest(name, measures)}",
        )


def _combined(c: Component, _: Mapping[str, Measure]) -> Iterator[Refusal]:
    """Combinations of words that mean nothing."""
    slope = c.word == "rate"
    if c.alone and c.thresholds == "quota":
        yield (
            c.place,
            "one transaction alone has no quota",
            "write `thresholds: money`, or accumulate a month",
        )
    if c.alone and c.pays == "target":
        yield (
            c.place,
            "one transaction alone has no target",
            "accumulate a month, quarter, half or year",
        )
    if c.alone and c.crossing == "transaction":
        yield c.place, "alone, a whole transaction is what is reached", "write `crossing: whole`"
    if c.crossing == "transaction" and not slope:
        yield c.place, "a transaction cannot earn a whole payout again", "write rows with `rate`"
    if c.crossing == "transaction" and c.pays == "target":
        yield (
            c.place,
            "`crossing: transaction` pays rates of money",
            "write `pays: rate`, or `crossing: split`",
        )
    if c.crossing == "transaction" and (
        c.on_change == "restate" or c.quota == "to_date" or c.matrix
    ):
        wrong = "a transaction keeps the rate at which it crossed, and here the past is restated"
        yield c.place, wrong, "write `crossing: split` or `whole`"
    if c.alone and c.on_change != "continue":
        wrong = (
            f"alone, no transaction is counted again, and `on_change: {c.on_change}` does nothing"
        )
        yield c.place, wrong, "leave it out"
    if c.group == "month" and c.crossing != "transaction":
        wrong = "`group: month` changes nothing here"
        yield c.place, wrong, "leave it out, or write `crossing: transaction`"
    if c.group == "month" and c.accumulate == "month":
        yield c.place, "a month's group in a month's window is all of it", "write `crossing: whole`"
    if c.pays == "target" and slope and c.thresholds != "quota":
        wrong = "a slope is share of target for share of quota"
        yield c.place, wrong, "write `thresholds: quota`, or rows with `payout`"
    if c.pays == "target" and slope and c.within == "interpolate":
        yield (
            c.place,
            "a slope is not interpolated",
            "write rows with `payout`, which lie on the line",
        )
    if c.pays == "unit" and c.thresholds == "money":
        yield c.place, "units are not counted in money", "write `thresholds: units` or `quota`"
    if c.thresholds == "place" and (
        c.pays != "amount" or c.alone or c.matrix or c.within != "step"
    ):
        yield (
            c.place,
            "a place is paid an amount, at a window's end",
            "write `pays: amount`, `within: step`",
        )
    if c.pays == "target" and not c.proration:
        yield (
            c.place,
            "'proration' is missing",
            "add `proration: days`, months, working_days or none",
        )
    if c.quota == "to_date" and c.thresholds != "quota":
        yield (
            c.place,
            "`quota: to_date` counts in quota",
            "write `thresholds: quota`, or leave it out",
        )


def _bounded(c: Component, _: Mapping[str, Measure]) -> Iterator[Refusal]:
    """Words that are required where they change pay."""
    rows = max(len(table) for table in c.tables.values())
    slope = c.word == "rate"
    if slope and rows > 1 and not c.crossing:
        yield c.place, "'crossing' is missing", "add `crossing: split`, whole or transaction"
    jumps = c.within == "step" and c.thresholds != "place" and (c.crossing != "split" or not slope)
    if jumps and rows > 1 and not c.boundary:
        wrong = "'boundary' is missing, and pay jumps at a threshold"
        yield c.place, wrong, "add `boundary: upper` or `lower`"
    if c.within == "interpolate" and rows < 2:
        yield c.place, "one row has nothing to interpolate", "add a row, or write `within: step`"


def _sized(c: Component, _: Mapping[str, Measure]) -> Iterator[Refusal]:
    first = 1 if c.thresholds == "place" else 0
    for table in c.tables.values():
        whens = {row.when for row in table}
        for when in sorted(whens, key=lambda at: (at is not None, at)):
            row = next(row for row in table if row.when == when)
            if row.start != first:
                wrong = (
                    f"the table starts at {_said(row.start)} and does not say what is earned below"
                )
                yield row.place, wrong, f"add a first row {{from: {first}, {row.word}: 0}}"
        if c.thresholds == "place" and any(
            row.start != row.start.to_integral_value() for row in table
        ):
            yield table[0].place, "a place is a whole number", "write 1, 2, 3"
        if bool(c.matrix) != (whens != {None}):
            wrong = "the rows and `matrix` do not agree"
            yield (
                table[0].place,
                wrong,
                "give every row a `when` and the component a `matrix`, or neither",
            )
        elif None in whens and len(whens) > 1:
            yield (
                table[0].place,
                "some rows have a `when` and some have none",
                "give one to every row",
            )


def _matrix(c: Component, measures: Mapping[str, Measure]) -> Iterator[Refusal]:
    if c.matrix is None:
        return
    yield from _defined(c.matrix.measure, c.matrix.place, measures)
    yield from _divided(c.matrix.measure, c.matrix.of, c.matrix.place, measures)
    if c.alone and c.matrix.of != "none":
        yield c.matrix.place, "one transaction alone has no quota", "name a measure with `per`"


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
    percent = any(at.percent for at in [*starts, *([m.at_least] if m.at_least else [])])
    if percent and m.of == "none" and not measures[m.measure].per:
        wrong = f"percent of what? '{m.measure}' is a sum"
        yield m.place, wrong, "add `of: quota_to_date` or `of: quota`"


def _limiting(m: Modifier, c: Component | None) -> Iterator[Refusal]:
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
    wrong = f"the cap {most:f} is below the floor {least:f} on {on}"
    yield most.place, wrong, "raise the cap or lower the floor"


def _rows(rows: Sequence[Row], ends: Sequence[Number | None]) -> Iterator[Refusal]:
    for (before, end), after in zip(zip(rows, ends, strict=True), rows[1:], strict=False):
        same_cell = before.when == after.when
        if before.word != after.word:
            yield (
                after.place,
                f"rows mix `{before.word}` and `{after.word}`",
                "use one word in a table",
            )
        if same_cell and after.start <= before.start:
            wrong = f"the row from {_said(after.start)} follows the row from {_said(before.start)}"
            yield after.place, wrong, "put the rows in rising order, each threshold once"
        if same_cell and end is not None and end != after.start:
            fault = "overlap" if end > after.start else "leave a gap"
            low, high = sorted((end, after.start))
            wrong = f"the rows {fault} between {_said(low)} and {_said(high)}"
            yield before.place, wrong, f"end this row at {_said(after.start)}, or leave `to` out"
        if not same_cell and (
            before.when is None or after.when is None or after.when <= before.when
        ):
            yield (
                after.place,
                "the `when` of the rows does not rise",
                "group the rows by rising `when`",
            )
    if ends and ends[-1] is not None:
        yield (
            rows[-1].place,
            "the table ends, and does not say what is earned beyond",
            "leave `to` out",
        )


def _said(number: Number) -> str:
    if not number.percent:
        return f"{number:,f}"
    return f"{(number * 100).normalize():f}%"
