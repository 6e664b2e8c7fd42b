"""What payment terms make of what a person earned: month by month, term by term.

The terms apply in the order of docs/plans.md, each to what the ones before left. Where the page
leaves something open, this is what was chosen:

1.  What a transaction earned is released to date, component by component, rounded to the minor
    unit. A deal of which nothing is booked any more is billed and collected in full.
    What waits until it is collected in full is unpaid, as with events, not held.
2.  A draw, a guarantee and a minimum are for the months in which the person holds the plan, if
    only for a day; on leave it is held. The months are calendar months and count
    on, held or not, from the first day under the plan, also if it lies before the calendar.
3.  While it runs, what is payable below nothing is drawn again. A draw that covers some components
    tops up, and is recovered from, what those are paid after events and holds.
4.  In a month in which the person does not hold the plan the draw does not run: the share of what
    is payable is recovered.
5.  Forgiven is what is owed at the end of the one month; what is drawn later is owed again.
6.  Who was hired on the first has been employed for a month at the end of the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracles.desk import NOTHING, Desk, Line
from tests.oracles.goals import Period, rounded
from tests.oracles.releasing import Released, released
from tests.oracles.terms import Draw


@dataclass(frozen=True)
class Month:
    """A person's pay for a month, and what is outstanding at its end."""

    period: str
    lines: dict[str, Fraction]  # by kind; they add up to what is paid
    unpaid: Fraction = NOTHING
    held: Fraction = NOTHING
    owed: Fraction = NOTHING
    carried: Fraction = NOTHING

    @property
    def paid(self) -> Fraction:
        """What is due for the month."""
        return sum(self.lines.values(), NOTHING)


def paid(desk: Desk, found: list[Line]) -> list[Month]:
    """The months of a person's pay, in order."""
    if not any(desk.held(period) for period in desk.calendar):
        return []
    months: list[Month] = []
    owed = carried = NOTHING
    before: dict[str | None, Released] = {}
    for period in desk.calendar:
        now = released(desk, found, period)
        gone = {name: before.get(name, Released(NOTHING, NOTHING, NOTHING)) for name in now}
        earned = sum((now[n].earned - gone[n].earned for n in now), NOTHING)
        happened = sum((now[n].happened - gone[n].happened for n in now), NOTHING)
        free = {name: now[name].free - gone[name].free for name in now}
        payable = sum(free.values(), NOTHING)
        lines = {"earned": earned, "event": happened - earned, "hold": payable - happened}
        draw = desk.plan.payment.draw
        if draw:
            lines["draw"], lines["recovery"] = drawn(desk, draw, period, _covered(desk, free), owed)
            owed += lines["draw"] + lines["recovery"] if draw.recoverable else NOTHING
            owed = NOTHING if _forgiven(desk, draw, period) else owed
        lines["guarantee"] = guaranteed(desk, period, sum(lines.values(), NOTHING))
        lines["carried"] = carried
        lines["minimum"], carried = raised(desk, period, sum(lines.values(), NOTHING))
        lines["maximum"], above = lowered(desk, sum(lines.values(), NOTHING))
        months.append(
            Month(
                period=period.name,
                lines=lines,
                unpaid=sum((r.earned - r.happened for r in now.values()), NOTHING),
                held=sum((r.happened - r.free for r in now.values()), NOTHING),
                owed=owed,
                carried=carried + above,
            )
        )
        before, carried = now, carried + above
    return months


def drawn(
    desk: Desk, draw: Draw, period: Period, payable: Fraction, owed: Fraction
) -> tuple[Fraction, Fraction]:
    """What is drawn in a month, and what is recovered (below zero)."""
    number = _number(draw.start or _first_day(desk), period)
    runs = 1 <= number <= draw.months and desk.held(period)
    top_up = max(NOTHING, draw.amount - payable) if runs else NOTHING
    if not draw.recoverable:
        return top_up, NOTHING
    if draw.balance_limit is not None:
        top_up = min(top_up, max(NOTHING, draw.balance_limit - owed))
    if number < draw.from_month:
        return top_up, NOTHING
    most = rounded(draw.share * max(NOTHING, payable), desk.places)
    above = max(NOTHING, payable - draw.amount) if runs else payable
    return top_up, -max(NOTHING, min(owed, most, above))


def guaranteed(desk: Desk, period: Period, pay: Fraction) -> Fraction:
    """What lifts pay to the guarantee in the first months under the plan."""
    guarantee = desk.plan.payment.guarantee
    if guarantee is None or not desk.held(period):
        return NOTHING
    amount, months = guarantee
    number = _number(_first_day(desk), period)
    return max(NOTHING, amount - pay) if number <= months else NOTHING


def raised(desk: Desk, period: Period, pay: Fraction) -> tuple[Fraction, Fraction]:
    """What lifts pay to the minimum, and what of it is settled from later pay (below zero)."""
    minimum = desk.plan.payment.minimum
    if minimum is None:
        return NOTHING, NOTHING
    least = minimum.amount if desk.held(period) else NOTHING
    lift = max(NOTHING, least - pay)
    return lift, -lift if minimum.later else NOTHING


def lowered(desk: Desk, pay: Fraction) -> tuple[Fraction, Fraction]:
    """What the maximum cuts off (below zero), and what of it is paid later."""
    maximum = desk.plan.payment.maximum
    if maximum is None:
        return NOTHING, NOTHING
    above = max(NOTHING, pay - maximum.amount)
    return -above, above if maximum.later else NOTHING


def _covered(desk: Desk, free: dict[str | None, Fraction]) -> Fraction:
    """What is payable of the components that the draw covers."""
    draw = desk.plan.payment.draw
    if draw is None or not draw.covers:
        return sum(free.values(), NOTHING)
    named = [c for c in desk.plan.components if {c.name, c.category} & set(draw.covers)]
    return sum((free[c.name] for c in named), NOTHING)


def _number(first: date, period: Period) -> int:
    """Which month a period is, counted from the one in which the first day lies, which is 1."""
    start = period.start
    return (start.year - first.year) * 12 + start.month - first.month + 1


def _first_day(desk: Desk) -> date:
    """The first day under the plan, in the calendar or before it."""
    return min(p.start for p in desk.person.positions if p.plan == desk.plan.name)


def _forgiven(desk: Desk, draw: Draw, period: Period) -> bool:
    """Whether what is still owed is forgiven at the period's end."""
    if draw.forgive_on is not None:
        return period.start <= draw.forgive_on < period.end
    return draw.forgive_after == _number(draw.start or _first_day(desk), period)
