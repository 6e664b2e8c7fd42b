"""Second measures: the values that gates, multipliers and matrices look at.

A second measure's value is a quotient: of two sums (a ratio measure), of a sum and its quota, or of
a sum and one unit. It is never divided out: to compare it with a threshold, both are multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import MONEY, Table
from spmlib.incent.earning.layout import Layout, spans
from spmlib.incent.earning.window_goals import Need, unit, window_quotas
from spmlib.incent.work import Work
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Component


@dataclass(frozen=True)
class Second:
    """A second measure that someone looks at."""

    need: Need
    of: str  # quota, quota_to_date or none


def seconds(asked: Sequence[Second], work: Work) -> Table[Any]:
    """The values asked for, in the window to date at the end of each period.

    Returns:
        person, number, period_number, value, base: the measure is value / base; base is 0 where
        there is nothing to divide by.
    """
    frames = [_to_date(second, work) for second in asked]
    values = engine.stacked(frames)
    needs = [second.need for second in asked if second.of != "none"]
    quotas = window_quotas(needs, work)
    if quotas is None:
        return engine.kept(values)
    joined = values.join(quotas, on=["person", "number", "period_number"], how="left")
    base = nw.col("base")
    for of, column in (("quota", "quota_of_window"), ("quota_to_date", "quota_to_date")):
        numbers = [second.need.number for second in asked if second.of == of]
        quota = nw.col(column).fill_null(0)
        base = nw.when(nw.col("number").is_in(numbers)).then(quota).otherwise(base)
    return engine.kept(joined.with_columns(base=base).drop("quota_of_window", "quota_to_date"))


def need(work: Work, number: int, component: Component, measure: str, over: str) -> Need:
    """What is needed to know of a measure that a component, or its plan, looks at."""
    plan_number = work.who.plans.index(component.plan)
    least = unit(component.currency, work.used[measure])
    return Need(number, plan_number, measure, over, component.proration or "none", least)


def over(modifiers: Sequence[Modifier], component: Component) -> str:
    """The length of the window that a component's modifiers see."""
    return (modifiers[0].over or "month") if component.alone else component.accumulate


def reaches(
    threshold: Fraction, strict: bool = False, value: str = "value", base: str = "base"
) -> nw.Expr:
    """Whether the quotient is at least a threshold (or, strict, above it); false without a base."""
    left = engine.wide(value) * threshold.denominator
    right = engine.wide(base) * threshold.numerator
    return (nw.col(base) > 0) & (left > right if strict else left >= right)


def step(
    thresholds: Sequence[Fraction], boundary: str, value: str = "value", base: str = "base"
) -> nw.Expr:
    """The number of the step that the quotient has reached; 0 below the second threshold."""
    tests = [reaches(t, boundary == "lower", value, base) for t in thresholds[1:]]
    return reduce(
        lambda below, nth: nw.when(nth[1]).then(nw.lit(nth[0])).otherwise(below),
        enumerate(tests, start=1),
        nw.lit(0),
    ).cast(nw.Int64)


def _to_date(second: Second, work: Work) -> Table[Any]:
    need, measure = second.need, work.used[second.need.measure]
    own = work.rows.filter(work.booked.has(measure.name), nw.col("plan_number") == need.plan_number)
    sums = {"value": nw.col(measure.sums), "base": nw.col(measure.per or measure.sums)}
    summed = (
        own.with_columns(**sums)
        .group_by("person", "segment")
        .agg(value=nw.col("value").sum(), base=nw.col("base").sum())
        .join(_periods(work.made), on="segment")
        .group_by("person", "period_number")
        .agg(value=nw.col("value").sum(), base=nw.col("base").sum())
    )
    people = work.held.filter(nw.col("plan_number") == need.plan_number)
    every = people.select("person", "period_number").unique(["person", "period_number"])
    every = every.join(spans(need.number, need.over, work.made), on="period_number")
    filled = every.join(summed, on=["person", "period_number"], how="left")
    key = ("person", "span")
    running = {
        name: nw.col(name).fill_null(0).cum_sum().over(*key, order_by="period_number")
        for name in ("value", "base")
    }
    made_ = filled.with_columns(**{n: nw.col(n).fill_null(0) for n in running}).with_columns(
        **running
    )
    if not measure.per:
        made_ = made_.with_columns(base=nw.lit(MONEY).cast(nw.Int64))
    return made_.select("person", "number", "period_number", "value", "base")


def _periods(made: Layout) -> Table[Any]:
    return made.placed.select("segment", "period_number").unique(["segment", "period_number"])
