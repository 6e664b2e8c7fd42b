"""What a component's curve has earned in a window to date, walked from the first credit."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.oracles import curves
from tests.oracles.desk import NOTHING, Desk, chosen, counted, plain, second
from tests.oracles.goals import Credit, Period
from tests.oracles.reading import Component, Row, in_force


def exact_to_date(desk: Desk, c: Component, window: list[Period], period: Period) -> Fraction:
    """What the curve has earned in the window up to the period's end, not yet rounded."""
    credits = counted(desk, c, window[0].start, period.end)
    return walked(desk, c, window, period, credits, len(credits), period.last)


def walked(
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
        curve = scaled(desk, c, window, period, rows, start)
        if curve is None:
            return NOTHING
        if fresh:
            x = NOTHING
            total += curve_at(c, rows, curve, NOTHING)
        mine = [k for k in credits if i == 0 or start <= k.day]
        mine = [k for k in mine if end is None or k.day < end]
        part = [k for k in credits[:count] if k in mine]
        if c.crossing == "transaction":
            total += _crossed(c, curve, x, mine, part)
            x += _sum(c, part)
        else:
            after = x + _sum(c, part)
            total += curve_at(c, rows, curve, after) - curve_at(c, rows, curve, x)
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
    return (
        (credit.day.year, credit.day.month)
        if c.group == "month"
        else (credit.transaction, credit.event)
    )


def _sum(c: Component, credits: list[Credit]) -> Fraction:
    return sum((plain(k.values[c.measure]) for k in credits), NOTHING)


def curve_at(c: Component, rows: list[Row], curve: curves.Rows, x: Fraction) -> Fraction:
    """curve(x): what x earns, exactly."""
    if rows[0].word in ("payout", "amount"):
        return curves.height(curve, x, c.within, c.boundary)
    if c.crossing == "whole":
        return curves.height(curve, x, c.within, c.boundary) * x
    return curves.area(curve, x, c.within)


def scaled(
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
        rows = chosen(rows, value, c.matrix["boundary"])
    return [(row.start * quota, row.value * scale) for row in rows]
