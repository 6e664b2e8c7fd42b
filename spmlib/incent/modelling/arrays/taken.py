"""Taken: what plans look at, taken once from the engine's own steps, as arrays.

Credits, windows, quotas to the cent, targets, second measures: all that does not change when a
rate, a threshold, a limit or the level of quotas does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats, Whole
from spmlib.core.company import Company
from spmlib.core.tables import SHARE, Table
from spmlib.incent.calculation import Parameters, Results
from spmlib.incent.earning import attainment, clawbacks, limits, matrices, seconds, window_goals
from spmlib.incent.earning.layout import spans
from spmlib.incent.earning.seconds import Second
from spmlib.incent.lines import BESIDE
from spmlib.incent.work import Work, begun
from spmlib.rules.plans import Component, Plan

Look = tuple[str, str, str, str]  # plan, component (empty: of the whole plan), measure, of


@dataclass(frozen=True)
class Value:
    """A second measure to date: value over base, by person and period; 0 over 0 where none."""

    value: Floats
    base: Floats


@dataclass(frozen=True)
class Counted:
    """What one component counts: places (person and segment) in order, and the lines in them.

    Attributes:
        component: as it is.
        person, period, day, group: of each place; day is the segment's first, as a number; group
            numbers the windows of persons.
        closes: whether a place is the last of its window and period.
        ends: whether its window is over with it, and the person stays to its end.
        quota, target, rate: what its curve is measured with [ticks, ticks, share].
        row, line: of each line, in order: its place, and what it credits, windfalls whole [ticks].
        fixed: whether windfalls are cut already, where a clawback comes after them.
        own: of each line, the measure of its own that picks a cell; none where there is no such.
    """

    component: Component
    person: Whole
    period: Whole
    day: Whole
    group: Whole
    closes: Floats
    ends: Floats
    quota: Floats
    target: Floats
    rate: Floats
    row: Whole
    line: Floats
    fixed: bool
    own: Value | None


@dataclass(frozen=True)
class Taken:
    """All that plans look at.

    Attributes:
        payees: ids of people, by number.
        periods: names of periods, by number.
        ends: the last day of each, as a number.
        spans: of each length of window, the number of the window that each period of the calendar
            lies in.
        cuts: the days on which segments begin, as numbers.
        parameters: as they are.
        counted: by plan and component.
        looks: second measures by what looks at them.
        targets: by plan and component, the target of each window, on its last period: people x all
            periods of the calendar [ticks].
        kept: by plan and component, what was taken back at the rate once paid, and stays as it was:
            people x periods [ticks].
        beside: by plan and component (empty: of the whole plan), adjustments and SPIFFs: likewise.
        held: by plan, whether each person holds it in each period.
    """

    payees: tuple[str, ...]
    periods: tuple[str, ...]
    ends: Whole
    spans: Mapping[str, Whole]
    cuts: Whole
    parameters: Parameters
    counted: Mapping[tuple[str, str], Counted]
    looks: Mapping[Look, Value]
    targets: Mapping[tuple[str, str], Floats]
    kept: Mapping[tuple[str, str], Floats]
    beside: Mapping[tuple[str, str], Floats]
    held: Mapping[str, Floats]

    def limit(self, plan: str, components: Iterable[str], over: str) -> Floats:
        """The target of some components in each window of a length: people x windows [ticks]."""
        summed = sum(self.targets[plan, name] for name in components)
        made = np.zeros((len(self.payees), int(self.spans[over].max(initial=0)) + 1))
        np.add.at(made.T, self.spans[over], np.broadcast_to(summed, self._whole).T)
        return made

    @property
    def _whole(self) -> tuple[int, int]:
        return len(self.payees), len(self.spans["month"])


def taken(
    company: Company, parameters: Parameters, results: Results, through: str | None = None
) -> Taken:
    """What the plans of a company look at, for all that may be tried on them.

    Args:
        company: its tables.
        parameters: as they are.
        results: of the calculation; what is taken back at the rate once paid stays as in them.
        through: the last period.
    """
    work = begun(company, parameters, through)
    lines = engine.kept(clawbacks.applied(attainment.lines(_uncut(work)), work))
    targets = window_goals.targets(work)
    places = engine.kept(window_goals.with_goals(attainment.places(lines, work), targets, work))
    known = work.made.periods.filter(nw.col("period_number") <= work.made.last)
    periods = engine.collected(known.sort("period_number"))
    people = engine.collected(work.who.people.sort("person"))
    shape = (people.height, periods.height)
    starts = [_number(part.start) for part in work.made.parts]
    return Taken(
        payees=tuple(people["payee_id"]),
        periods=tuple(periods["period"]),
        ends=_days(periods["period_end"]) - 1,
        spans=_spans(work),
        cuts=np.array(starts),
        parameters=parameters,
        counted={
            (c.plan, c.name): _counted(n, c, places, lines, np.array(starts), work)
            for n, c in enumerate(work.made.components)
        },
        looks=_looks(work, shape),
        targets=_targets(targets, work, people.height),
        kept=_kept(results, ("clawback",), people, periods, shape),
        beside=_kept(results, BESIDE, people, periods, shape),
        held=_held(work, shape),
    )


def grid(person: Whole, period: Whole, values: Floats, shape: tuple[int, int]) -> Floats:
    """Values summed by person and period."""
    flat = np.bincount(person * shape[1] + period, values, shape[0] * shape[1])
    return flat.reshape(shape)


def _uncut(work: Work) -> Work:
    """Work without windfalls, but where a clawback comes after them."""
    plans = work.parameters.plans
    components = tuple(
        c if _fixed(plans[c.plan]) else replace(c, windfall={}) for c in work.made.components
    )
    return replace(work, made=replace(work.made, components=components))


def _fixed(plan: Plan) -> bool:
    return plan.payment is not None and plan.payment.clawback is not None


def _counted(
    number: int,
    component: Component,
    places: Table[Any],
    lines: Table[Any],
    starts: Whole,
    work: Work,
) -> Counted:
    own: Table[Any] = places.filter(nw.col("component") == number)
    rows = engine.collected(own.sort("person", "segment"))
    person, window = rows["person"].to_numpy(), rows["window"].to_numpy()
    period, segment = rows["period_number"].to_numpy(), rows["segment"].to_numpy()
    fresh = _changes(person, window)
    counting: Table[Any] = lines.filter(nw.col("component") == number)
    matrix = component.matrix if component.alone else None
    if matrix:
        value = matrices.values(number, matrix.measure, counting, work)
        value = value.select("key", "spot", "value", "base")
        counting = counting.join(value, on=["key", "spot"], how="left")
    told = engine.collected(counting.sort("spot", "key"))
    spots, spot = _spots(rows, work), told["spot"].to_numpy()
    row = np.minimum(np.searchsorted(spots, spot), max(len(spots) - 1, 0))
    there = spots[row] == spot if len(spots) else np.zeros(len(spot), bool)
    return Counted(
        component=component,
        person=person,
        period=period,
        day=starts[segment] if len(segment) else segment,
        group=fresh.cumsum() - 1,
        closes=np.append(fresh[1:] | (np.diff(period) != 0), True)[: len(period)],
        ends=_ends(rows, work),
        quota=_filled(rows, "quota"),
        target=_filled(rows, "target"),
        rate=_filled(rows, "personal_rate") / SHARE,
        row=row[there],
        line=told["credited"].to_numpy()[there].astype(float),
        fixed=_fixed(work.parameters.plans[component.plan]),
        own=Value(_filled(told, "value")[there], _filled(told, "base")[there]) if matrix else None,
    )


def _changes(person: Whole, window: Whole) -> Floats:
    """Whether a place is the first of its person's window."""
    if not len(person):
        return np.zeros(0, bool)
    return np.append(True, (np.diff(person) != 0) | (np.diff(window) != 0))


def _spots(rows: Any, work: Work) -> Whole:
    return engine.collected(
        engine.brought(rows.select("person", "component", "segment")).select(spot=work.made.spot)
    )["spot"].to_numpy()


def _ends(rows: Any, work: Work) -> Floats:
    """Whether a window is over with a place, and its person stays to the end."""
    last = work.made.placed.filter(nw.col("period_number") <= nw.lit(10**9))
    last = last.group_by("component", "window").agg(
        final=nw.col("segment").max(), at=nw.col("period_number").max()
    )
    both = engine.brought(rows).join(last, on=["component", "window"], how="left")
    over = (nw.col("segment") == nw.col("final")) & (nw.col("at") <= work.made.last)
    told = both.with_columns(over=over & (nw.col("stays") == 1)).sort("person", "segment")
    return engine.collected(told)["over"].to_numpy()


def _looks(work: Work, shape: tuple[int, int]) -> dict[Look, Value]:
    """Every second measure that some plan looks at."""
    asked: list[tuple[Look, Second]] = []
    for component in work.made.components:
        pairs = {(m.measure, m.of) for m in component.modifiers if m.measure}
        over = seconds.over(component.modifiers, component) if pairs else ""
        asked += [_asked(component.name, component, *pair, over, work) for pair in pairs]
        matrix = component.matrix
        if matrix and not component.alone:
            pair = (matrix.measure, matrix.of)
            asked.append(_asked(component.name, component, *pair, component.accumulate, work))
    for plan in work.parameters.plans.values():
        first = next(iter(plan.components.values()))
        pairs = {(m.measure, m.of) for m in plan.modifiers if m.measure}
        asked += [_asked("", first, *pair, plan.modifiers[0].over, work) for pair in pairs]
    return {look: _value(second, work, shape) for look, second in asked}


def _asked(
    name: str, component: Component, measure: str, of: str, over: str, work: Work
) -> tuple[Look, Second]:
    need = seconds.need(work, 0, component, measure, over)
    return (component.plan, name, measure, of), Second(need, of)


def _value(second: Second, work: Work, shape: tuple[int, int]) -> Value:
    known = nw.col("period_number") <= work.made.last
    rows = engine.collected(seconds.seconds([second], work).filter(known))
    person, period = rows["person"].to_numpy(), rows["period_number"].to_numpy()
    both = (grid(person, period, _filled(rows, name), shape) for name in ("value", "base"))
    return Value(*both)


def _kept(
    results: Results, kinds: Sequence[str], people: Any, periods: Any, shape: tuple[int, int]
) -> dict[tuple[str, str], Floats]:
    """What lines of some kinds that no curve gives came to."""
    rows = engine.collected(results.earnings.filter(nw.col("kind").is_in(kinds)))
    rows = rows.with_columns(rows["component"].fill_null(""))
    rows = rows.join(people.select("payee_id", "person"), on="payee_id")
    rows = rows.join(periods.select("period", "period_number"), on="period")
    return {
        (str(plan), str(component)): grid(
            own["person"].to_numpy(), own["period_number"].to_numpy(), _filled(own, "amount"), shape
        )
        for (plan, component), own in rows.group_by("plan", "component")
    }


def _spans(work: Work) -> dict[str, Whole]:
    every = engine.collected(work.made.periods.sort("period_number"))
    columns = {"month": "period", "quarter": "quarter", "half": "half", "year": "year"}
    return {over: every[name].rank("dense").to_numpy() - 1 for over, name in columns.items()}


def _targets(targets: Table[Any], work: Work, people: int) -> dict[tuple[str, str], Floats]:
    """What each component's windows are worth at target, on their last period."""
    rows = engine.collected(limits.at_ends(targets, work.made))
    shape = people, len(engine.collected(work.made.periods))
    made = {}
    for number, c in enumerate(work.made.components):
        own = rows.filter(rows["component"] == number)
        at = own["person"].to_numpy(), own["period_number"].to_numpy()
        made[c.plan, c.name] = grid(*at, _filled(own, "target"), shape)
    return made


def _held(work: Work, shape: tuple[int, int]) -> dict[str, Floats]:
    known = work.held.filter(nw.col("period_number") <= work.made.last)
    rows = engine.collected(known.select("person", "period_number", "plan_number"))
    made = {}
    for number, name in enumerate(work.who.plans):
        own = rows.filter(rows["plan_number"] == number)
        person, period = own["person"].to_numpy(), own["period_number"].to_numpy()
        made[name] = grid(person, period, np.ones(len(person)), shape) > 0
    return made


def _filled(rows: Any, name: str) -> Floats:
    return rows[name].fill_null(0).to_numpy().astype(float)


def _days(column: Any) -> Whole:
    """Days as whole numbers: how many after the first of January of the year 1."""
    return np.array([_number(day) for day in column])


def _number(day: Any) -> int:
    return int(day.toordinal())


__all__ = ["Counted", "Look", "Taken", "Value", "grid", "spans", "taken"]
