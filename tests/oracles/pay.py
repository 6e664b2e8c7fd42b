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
6.  A gate `otherwise: lose` loses the period's change, also where it is below zero.
7.  A ratio over a sum of nothing or less has no value: a gate is shut, a multiplier takes its
    first factor, a matrix its first rows; so it is with an attainment without a quota, or with one
    of nothing or less. One transaction's own ratio is that of its mirror image.
8.  With `quota: to_date` or `matrix`, `crossing: transaction` walks the whole window again.
9.  A change of a person's `commission_rate` inside a window holds for what is credited from its
    day on, as a table that continues.
10. `group: month` ends where a table changes.
11. Modifiers with different `over` work one after the other, on the rounded lines before.
12. Second measures are prorated as their component is; for a whole plan, not at all.
13. Quota rows are cut cumulatively, as targets are, and rounded at each cut: money to the minor
    unit, units to four decimals. A row that reaches across windows is cut by what its proration
    counts: by months with `months`, by working days with `working_days`, else by days. The target
    of a whole plan is the sum of its components' targets.
14. `months`: a month counts if the person's first day under the plan in it is not on leave. Each
    position's annual target is cut at the part of the year gone by, whoever held it before.
15. Who is ranked holds the plan on the window's last day; nothing credited, or less, has no place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from tests.oracles import curves, goals
from tests.oracles.goals import Credit, Period, Person, Value, rounded
from tests.oracles.reading import Component, Modifier, Plan, Row, in_force, number

NOTHING = Fraction(0)


@dataclass(frozen=True)
class Line:
    """A line of the receipt."""

    component: str | None  # None: a modifier of the whole plan
    window: str
    period: str
    kind: str  # credit, restatement, prize, gate, multiplier, cap or floor
    number: int  # a modifier's place in the order written, from 1
    transaction: str | None
    amount: Fraction


@dataclass(frozen=True)
class Desk:
    """All that is needed to work out one person's pay under one plan."""

    plan: Plan
    person: Person
    calendar: list[Period]
    places: int  # decimals of the currency: JPY 0, USD 2, KWD 3
    ratios: frozenset[str] = frozenset()  # measures with `per`
    units: frozenset[str] = frozenset()  # measures that sum a quantity or a count, not money
    prizes: dict[tuple[str, str], Fraction] = field(default_factory=dict)  # component and window

    def held(self, period: Period) -> bool:
        """Whether the person holds the plan in the period, if only for a day."""
        return bool(goals.held_days(self.person, self.plan.name, period.start, period.end))

    def windows(self, accumulate: str) -> list[list[Period]]:
        """The calendar, window by window."""
        names = list(dict.fromkeys(p.window(accumulate) for p in self.calendar))
        return [[p for p in self.calendar if p.window(accumulate) == name] for name in names]

    def year(self, window: list[Period]) -> list[Period]:
        """The periods of the window's year."""
        return [p for p in self.calendar if p.year == window[0].year]

    def quota(self, measure: str, proration: str, window: list[Period], until: date) -> Fraction:
        """The quota of the window up to a day."""
        return goals.quota(
            self.person,
            self.plan.name,
            measure,
            proration,
            self.calendar,
            window[0].start,
            until,
            4 if measure in self.units else self.places,
        )

    def target(self, c: Component | None, over: str, window: list[Period]) -> Fraction:
        """The target incentive of a stretch of windows: the component's, or all components'."""
        parts = [c] if c else [part for part in self.plan.components if part.pays == "target"]
        inside = [
            (part, within)
            for part in parts
            for within in self.windows(over if part.accumulate == "transaction" else part.accumulate)
            if window[0].start <= within[0].start and within[-1].end <= window[-1].end
        ]
        return sum((self._target(part, within) for part, within in inside), NOTHING)

    def _target(self, c: Component, window: list[Period]) -> Fraction:
        return goals.target(
            self.person,
            self.plan.name,
            c.proration,
            c.accumulate,
            c.weight,
            window,
            self.year(window),
            self.places,
        )


def lines(desk: Desk) -> list[Line]:
    """Every line of the person's receipts, in order."""
    found = [line for c in desk.plan.components for line in component_lines(desk, c)]
    return found + plan_lines(desk, found)


def earned(found: list[Line], period: str) -> Fraction:
    """What the lines of a period add up to."""
    return sum((line.amount for line in found if line.period == period), NOTHING)


# --- a component ---------------------------------------------------------------------------------


def component_lines(desk: Desk, c: Component) -> list[Line]:
    """The lines of one component, its modifiers' included."""
    if c.thresholds == "place":
        found = list(_prize_lines(desk, c))
        exact = _to_date(desk, c.accumulate, found)
    elif c.accumulate == "transaction":
        found = list(_single_lines(desk, c))
        exact = _to_date(desk, c.modifiers[0].over or "month" if c.modifiers else "month", found)
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
                up_to = _walked(desk, c, window, period, credits, n, credit.day)
                after = _walked(desk, c, window, period, credits, n + 1, credit.day)
                amount = rounded(after, desk.places) - rounded(up_to, desk.places)
                yield Line(*_key(line), credit.transaction, amount)
                shown += amount
        to_date = rounded(exact_to_date(desk, c, window, period), desk.places)
        if to_date - before != shown:
            kind = "restatement"
            yield Line(
                c.name, line.window, line.period, kind, 0, None, to_date - before - shown
            )
        before = to_date


def _key(line: Line) -> tuple[str | None, str, str, str, int]:
    return line.component, line.window, line.period, line.kind, line.number


def counted(desk: Desk, c: Component, start: date, end: date) -> list[Credit]:
    """The credits that count for the component in a stretch, in order, limited by the windfall."""
    credits = [
        Credit(k.day, k.transaction, {c.measure: _limited(c, k.values[c.measure], k.day)})
        for k in desk.person.credits
        if c.measure in k.values and start <= k.day < end
        if desk.person.held(desk.plan.name, k.day)
    ]
    return sorted(credits, key=lambda k: (k.day, k.transaction))


def _limited(c: Component, value: Value, day: date) -> Value:
    if not c.windfall or isinstance(value, tuple):
        return value
    most = in_force(c.windfall, day).value
    return max(-most, min(most, value))


def exact_to_date(desk: Desk, c: Component, window: list[Period], period: Period) -> Fraction:
    """What the curve has earned in the window up to the period's end, not yet rounded."""
    credits = counted(desk, c, window[0].start, period.end)
    return _walked(desk, c, window, period, credits, len(credits), period.last)


def _walked(
    desk: Desk,
    c: Component,
    window: list[Period],
    period: Period,
    credits: list[Credit],
    count: int,
    day: date,
) -> Fraction:
    """What the first `count` credits earn by the period's curve, as the tables stand on the day."""
    total = x = NOTHING
    for i, (start, end, rows, fresh) in enumerate(_stretches(desk, c, window, period, day)):
        curve = _scaled(desk, c, window, period, rows, start)
        if curve is None:
            return NOTHING
        if fresh:
            x = NOTHING
            total += _curve(c, rows, curve, NOTHING)
        mine = [k for k in credits if i == 0 or start <= k.day]
        mine = [k for k in mine if end is None or k.day < end]
        part = [k for k in credits[:count] if k in mine]
        if c.crossing == "transaction":
            total += _crossed(c, curve, x, mine, part)
            x += _sum(c, part)
        else:
            after = x + _sum(c, part)
            total += _curve(c, rows, curve, after) - _curve(c, rows, curve, x)
            x = after
    return total


def _stretches(
    desk: Desk, c: Component, window: list[Period], period: Period, day: date
) -> list[tuple[date, date | None, list[Row], bool]]:
    """The days on which the table, or the person's rate, began to differ, up to a day.

    Each: first day, day after the last (None: the last stretch), the rows, whether x starts at 0.
    """
    first = window[0].start
    until = [first + timedelta(n) for n in range((day - first).days + 1)]
    until = [d for d in until if desk.person.held(desk.plan.name, d)]
    starts: list[tuple[date, list[Row], bool]] = []
    table, rate = None, None
    for d in until:
        rows = in_force(c.tables, day if c.on_change == "restate" else d)
        position = desk.person.held(desk.plan.name, d)
        own = position.commission_rate if position and c.pays == "personal_rate" else None
        if rows is not table or own != rate:
            restarted = rows is not table and c.on_change == "restart"
            starts.append((d, rows, not starts or restarted))
        table, rate = rows, own
    ends: list[date | None] = [start for start, _, _ in starts[1:]]
    return [(d, end, r, f) for (d, r, f), end in zip(starts, [*ends, None], strict=True)]


def _crossed(
    c: Component, curve: curves.Rows, x: Fraction, whole: list[Credit], part: list[Credit]
) -> Fraction:
    """What transactions (or months of them) earn that take the new rate as a whole."""
    total = NOTHING
    groups = dict.fromkeys(_group(c, k) for k in whole)
    for group in groups:
        value = _sum(c, [k for k in whole if _group(c, k) == group])
        end = x + value if value >= 0 else x
        rate = curves.height(curve, end, c.within, c.boundary)
        total += rate * _sum(c, [k for k in part if _group(c, k) == group])
        x += value
    return total


def _group(c: Component, credit: Credit) -> object:
    return (credit.day.year, credit.day.month) if c.group == "month" else credit.transaction


def _sum(c: Component, credits: list[Credit]) -> Fraction:
    return sum((_plain(k.values[c.measure]) for k in credits), NOTHING)


def _plain(value: Value) -> Fraction:
    assert isinstance(value, Fraction), "a component counts a sum, not a ratio"
    return value


# --- the curve -----------------------------------------------------------------------------------


def _curve(c: Component, rows: list[Row], curve: curves.Rows, x: Fraction) -> Fraction:
    """curve(x): what x earns, exactly."""
    if rows[0].word in ("payout", "amount"):
        return curves.height(curve, x, c.within, c.boundary)
    if c.crossing == "whole":
        return curves.height(curve, x, c.within, c.boundary) * x
    return curves.area(curve, x, c.within)


def _scaled(
    desk: Desk, c: Component, window: list[Period], period: Period, rows: list[Row], day: date
) -> list[tuple[Fraction, Fraction]] | None:
    """The rows in money: thresholds times quota, heights times rate or target; None: no quota."""
    quota = Fraction(1)
    if c.thresholds == "quota":
        until = period.end if c.quota == "to_date" else window[-1].end
        quota = desk.quota(c.measure, c.proration, window, until)
        if quota <= 0:
            return None
    scale = Fraction(1)
    if c.pays == "target":
        scale = desk.target(c, c.accumulate, window)
        if rows[0].word == "rate":
            scale = scale / quota
    if c.pays == "personal_rate":
        position = desk.person.held(desk.plan.name, day)
        assert position is not None
        scale = position.commission_rate
    if c.matrix:
        value = second(desk, c.matrix, c.proration, window, period)
        rows = _chosen(rows, value, c.matrix["boundary"])
    return [(row.start * quota, row.value * scale) for row in rows]


def _chosen(rows: list[Row], value: Fraction | None, boundary: str) -> list[Row]:
    """The rows of a matrix that hold at the second measure's value."""
    whens = sorted({row.when for row in rows if row.when is not None})
    when = whens[0 if value is None else curves.reached(whens, value, boundary)]
    return [row for row in rows if row.when == when]


def second(
    desk: Desk, words: dict[str, str], proration: str, window: list[Period], period: Period
) -> Fraction | None:
    """The value of a second measure in the window to date, over what `of` says; None: it has none."""
    measure, of = words["measure"], words.get("of", "none")
    values = [
        k.values[measure]
        for k in desk.person.credits
        if measure in k.values and window[0].start <= k.day < period.end
        if desk.person.held(desk.plan.name, k.day)
    ]
    tops = [v[0] if isinstance(v, tuple) else v for v in values]
    bottom = Fraction(1)
    if measure in desk.ratios:
        bottom = sum((v[1] for v in values if isinstance(v, tuple)), NOTHING)
    if of != "none":
        until = window[-1].end if of == "quota" else period.end
        bottom = desk.quota(measure, proration, window, until)
        if bottom <= 0:
            return None
    return sum(tops, NOTHING) / bottom if bottom > 0 else None


# --- transactions each on their own -------------------------------------------------------------


def _single_lines(desk: Desk, c: Component) -> Iterator[Line]:
    first, last = desk.calendar[0].start, desk.calendar[-1].end
    for credit in counted(desk, c, first, last):
        (period,) = [p for p in desk.calendar if p.start <= credit.day < p.end]
        value = _plain(credit.values[c.measure])
        rows = in_force(c.tables, credit.day)
        if c.matrix:
            rows = _chosen(rows, _own_ratio(desk, c, credit), c.matrix["boundary"])
        curve = _scaled(desk, replace(c, matrix=None), [period], period, rows, credit.day)
        assert curve is not None
        size = _curve(c, rows, curve, abs(value))
        amount = rounded(size if value > 0 else -size if value < 0 else NOTHING, desk.places)
        if amount:
            yield Line(c.name, period.name, period.name, "credit", 0, credit.transaction, amount)


def _own_ratio(desk: Desk, c: Component, credit: Credit) -> Fraction | None:
    assert c.matrix is not None
    (whole,) = [k for k in desk.person.credits if k.transaction == credit.transaction]
    value = whole.values.get(c.matrix["measure"])
    if not isinstance(value, tuple):
        return value
    return value[0] / value[1] if value[1] else None


# --- rankings ------------------------------------------------------------------------------------


def _prize_lines(desk: Desk, c: Component) -> Iterator[Line]:
    for window in desk.windows(c.accumulate):
        name, last = window[-1].window(c.accumulate), window[-1].name
        if prize := desk.prizes.get((c.name, name)):
            yield Line(c.name, name, last, "prize", 0, None, prize)


# --- modifiers -----------------------------------------------------------------------------------


def plan_lines(desk: Desk, found: list[Line]) -> list[Line]:
    """The lines of the whole plan's modifiers, given those of its components."""
    if not desk.plan.modifiers:
        return []
    over = desk.plan.modifiers[0].over or "year"
    exact = _to_date(desk, over, found)
    return modifier_lines(desk, None, desk.plan.modifiers, "year", exact, found)


def _to_date(desk: Desk, over: str, found: list[Line]) -> dict[str, Fraction]:
    """What the lines add up to in each window to date, by period."""
    sums = {}
    for window in desk.windows(over):
        total = NOTHING
        for period in window:
            total += earned(found, period.name)
            if desk.held(period):
                sums[period.name] = total
    return sums


def modifier_lines(
    desk: Desk,
    c: Component | None,
    modifiers: tuple[Modifier, ...],
    default: str,
    exact: dict[str, Fraction],
    found: list[Line],
) -> list[Line]:
    """A line for each modifier and period in which it changes what was earned."""
    made: list[Line] = []
    before = default
    for n, modifier in enumerate(modifiers, 1):
        over = modifier.over or default
        if n > 1 and over != before:
            exact = _to_date(desk, over, found + made)
        after: dict[str, Fraction] = {}
        for window in desk.windows(over):
            held = [p for p in window if desk.held(p)]
            left = _left(desk, c, modifier, over, window, held, exact)
            shown = NOTHING
            for period in held:
                after[period.name] = left[period.name]
                taken = rounded(left[period.name], desk.places)
                taken -= rounded(exact[period.name], desk.places)
                if taken != shown:
                    name = c.name if c else None
                    amount = taken - shown
                    made.append(
                        Line(name, period.window(over), period.name, modifier.word, n, None, amount)
                    )
                shown = taken
        exact, before = after, over
    return made


def _left(
    desk: Desk,
    c: Component | None,
    modifier: Modifier,
    over: str,
    window: list[Period],
    held: list[Period],
    exact: dict[str, Fraction],
) -> dict[str, Fraction]:
    """What one modifier leaves of what was earned to date, by period of a window."""
    left = {}
    lost = before = NOTHING
    proration = c.proration if c else "none"
    for period in held:
        value = exact[period.name]
        if modifier.word == "gate":
            is_open = _open(modifier, second(desk, modifier.options, proration, window, period))
            if modifier.options["otherwise"] == "withhold":
                left[period.name] = value if is_open else NOTHING
            else:
                lost += NOTHING if is_open else value - before
                left[period.name] = value - lost
        elif modifier.word == "multiplier":
            rows = in_force(modifier.tables, period.last)
            reading = second(desk, modifier.options, proration, window, period)
            starts = [row.start for row in rows]
            boundary = modifier.options.get("boundary", "upper")
            place = 0 if reading is None else curves.reached(starts, reading, boundary)
            left[period.name] = value * rows[place].value
        else:
            written = in_force(modifier.tables, period.last)
            bound = written.value
            if written.share:
                bound *= desk.target(c, over, window)
            left[period.name] = (min if modifier.word == "cap" else max)(value, bound)
        before = value
    return left


def _open(gate: Modifier, value: Fraction | None) -> bool:
    if value is None:
        return False
    if "at_least" in gate.options:
        return value >= number(gate.options["at_least"]).value
    return value > number(gate.options["more_than"]).value
