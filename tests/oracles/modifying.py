"""What gates, multipliers, caps and floors leave of what was earned to date."""

from __future__ import annotations

from fractions import Fraction

from tests.oracles import curves
from tests.oracles.desk import NOTHING, Desk, Line, earned, second
from tests.oracles.goals import Period, rounded
from tests.oracles.reading import Component, Modifier, in_force, number


def summed_to_date(desk: Desk, over: str, found: list[Line]) -> dict[str, Fraction]:
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
            exact = summed_to_date(desk, over, found + made)
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
                bound = rounded(bound * desk.target(c, over, window), desk.places)
            left[period.name] = (min if modifier.word == "cap" else max)(value, bound)
        before = value
    return left


def _open(gate: Modifier, value: Fraction | None) -> bool:
    if value is None:
        return False
    if "at_least" in gate.options:
        return value >= number(gate.options["at_least"]).value
    return value > number(gate.options["more_than"]).value
