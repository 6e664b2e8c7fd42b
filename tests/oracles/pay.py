"""What a plan pays one person, computed the slow, obvious way: exactly as docs/plans.md reads.

Everything is computed again from the start for every line, in exact fractions, one loop at a time.
Nothing here shares code with the library. Where the page leaves something open, this is what was
chosen:

1.  A credit counts for the plan that the person holds on its day, on leave or not. Periods in
    which the person does not hold the plan for a single day have no lines.
2.  A first row with a payout or an amount above nothing is earned from the window's first period
    held, credits or not, as a restatement line (`curve(0)`).
3.  With `accumulate: transaction` a transaction of value 0 earns nothing (it is its own mirror).
4.  Modifiers work on the exact value: only what is left after each is rounded, for its line.
5.  Dated caps, floors and factors are those in force on the period's last day; a change of a cap
    inside a window holds for the whole window to date.
    A share of the target is a sum of money, rounded as such.
6.  A gate `otherwise: lose` loses the period's change, also where it is below zero.
7.  A ratio over a sum of nothing or less has no value: a gate is shut, a multiplier takes its
    first factor, a matrix its first rows; so it is with an attainment without a quota, or with one
    of nothing or less. One transaction's own ratio is that of its mirror image.
8.  A restart begins nothing anew but x: quota, target, modifiers and second measures are those of
    the whole window.
9.  A change of a person's `commission_rate` inside a window holds for what is credited from its
    day on, as a table that continues.
10. `group: month` ends where a table changes.
11. Modifiers with different `over` work one after the other, on the rounded lines before.
12. Second measures are prorated as their component is; for a whole plan, not at all.
13. Quota rows are cut cumulatively, as targets are, and rounded at each cut: money to the minor
    unit, units to four decimals. A row that reaches across windows is cut by what its proration
    counts: by months with `months`, by working days with `working_days`, else by days. The target
    of a whole plan is the sum of its components' targets.
14. With `none` and `months` a position's annual target is cut at the part of the year gone by,
    whoever held it before; with days, at the days that the person has worked.
15. With `accumulate: transaction` a cancellation earns what its transaction, less what was
    cancelled, earns less.
16. Who is ranked holds the plan on the window's last day; nothing credited, or less, has no place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tests.oracles import clawing
from tests.oracles.desk import NOTHING, Desk, Line, chosen, counted, plain
from tests.oracles.goals import Credit, Period, rounded
from tests.oracles.modifying import modifier_lines, summed_to_date
from tests.oracles.reading import Component, in_force
from tests.oracles.walking import curve_at, exact_to_date, scaled, walked


def lines(desk: Desk) -> list[Line]:
    """Every line of the person's receipts, in order."""
    found = [line for c in desk.plan.components for line in component_lines(desk, c)]
    found += clawing.lines(desk, found)
    return found + plan_lines(desk, found)


def component_lines(desk: Desk, c: Component) -> list[Line]:
    """The lines of one component, its modifiers' included."""
    if c.thresholds == "place":
        found = list(_prize_lines(desk, c))
        exact = summed_to_date(desk, c.accumulate, found)
    elif c.accumulate == "transaction":
        found = list(_single_lines(desk, c))
        exact = summed_to_date(
            desk, c.modifiers[0].over or "month" if c.modifiers else "month", found
        )
    else:
        found = [line for w in desk.windows(c.accumulate) for line in _window_lines(desk, c, w)]
        exact = {
            period.name: exact_to_date(desk, c, window, period)
            for window in desk.windows(c.accumulate)
            for period in window
            if desk.held(period)
        }
    default = "month" if c.accumulate == "transaction" else c.accumulate
    return found + modifier_lines(desk, c, c.modifiers, default, exact, found)


def plan_lines(desk: Desk, found: list[Line]) -> list[Line]:
    """The lines of the whole plan's modifiers, given those of its components."""
    if not desk.plan.modifiers:
        return []
    over = desk.plan.modifiers[0].over or "year"
    exact = summed_to_date(desk, over, found)
    return modifier_lines(desk, None, desk.plan.modifiers, "year", exact, found)


def _window_lines(desk: Desk, c: Component, window: list[Period]) -> Iterator[Line]:
    before = NOTHING
    for period in window:
        if not desk.held(period):
            continue
        credits = counted(desk, c, window[0].start, period.end)
        line = Line(c.name, period.window(c.accumulate), period.name, "credit", 0, None, NOTHING)
        shown = NOTHING
        for n, credit in enumerate(credits):
            if credit.day >= period.start:
                up_to = walked(desk, c, window, period, credits, n, credit.day)
                after = walked(desk, c, window, period, credits, n + 1, credit.day)
                amount = rounded(after, desk.places) - rounded(up_to, desk.places)
                yield Line(*_key(line), credit.transaction, amount, credit.event)
                shown += amount
        to_date = rounded(exact_to_date(desk, c, window, period), desk.places)
        if to_date - before != shown:
            kind = "restatement"
            yield Line(c.name, line.window, line.period, kind, 0, None, to_date - before - shown)
        before = to_date


def _key(line: Line) -> tuple[str | None, str, str, str, int]:
    return line.component, line.window, line.period, line.kind, line.number


def _single_lines(desk: Desk, c: Component) -> Iterator[Line]:
    first, last = desk.calendar[0].start, desk.calendar[-1].end
    credits = counted(desk, c, first, last)
    for n, credit in enumerate(credits):
        (period,) = [p for p in desk.calendar if p.start <= credit.day < p.end]
        mine = [k for k in credits[:n] if k.transaction == credit.transaction]
        before = sum((plain(k.values[c.measure]) for k in mine), NOTHING)
        after = before + plain(credit.values[c.measure])
        amounts = [_alone(desk, c, period, credit, value) for value in (before, after)]
        if amount := amounts[1] - amounts[0]:
            key = (c.name, period.name, period.name, "credit", 0, credit.transaction)
            yield Line(*key, amount, credit.event)


def _alone(desk: Desk, c: Component, period: Period, credit: Credit, value: Fraction) -> Fraction:
    """What a transaction earns on its own, given what it has come to."""
    rows = in_force(c.tables, credit.day)
    if c.matrix:
        rows = chosen(rows, _own_ratio(desk, c, credit), c.matrix["boundary"])
    curve = scaled(desk, replace(c, matrix=None), [period], period, rows, credit.day)
    assert curve is not None
    size = curve_at(c, rows, curve, abs(value))
    return rounded(size if value > 0 else -size if value < 0 else NOTHING, desk.places)


def _own_ratio(desk: Desk, c: Component, credit: Credit) -> Fraction | None:
    assert c.matrix is not None
    key = (credit.transaction, credit.event)
    (whole,) = [k for k in desk.person.credits if (k.transaction, k.event) == key]
    value = whole.values.get(c.matrix["measure"])
    if not isinstance(value, tuple):
        return value
    return value[0] / value[1] if value[1] else None


def _prize_lines(desk: Desk, c: Component) -> Iterator[Line]:
    for window in desk.windows(c.accumulate):
        name, last = window[-1].window(c.accumulate), window[-1].name
        if prize := desk.prizes.get((c.name, name)):
            yield Line(c.name, name, last, "prize", 0, None, prize)
