"""How much a cancellation takes back, and what comes back of what a booking was paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from tests.oracles.deals import Event, months_between
from tests.oracles.desk import NOTHING, Desk, Line
from tests.oracles.goals import rounded
from tests.oracles.terms import Clawback


def share(clawback: Clawback | None, booked: date, cancelled: date) -> Fraction:
    """The share of a cancellation that counts, by the whole months since the booking."""
    if clawback is None:
        return Fraction(1)
    months = months_between(booked, cancelled)
    if months >= clawback.within_months:
        return NOTHING
    if clawback.schedule == "pro_rata":
        return Fraction(clawback.within_months - months, clawback.within_months)
    if clawback.schedule == "table":
        return [part for month, part in clawback.table if month <= months][-1]
    return Fraction(1)


def shrunk(value: Fraction, part: Fraction, places: int) -> Fraction:
    """That share of a credit, to the minor unit if the credit is whole in it."""
    whole = (value * 10**places).denominator == 1
    return rounded(value * part, places if whole else 4)


def lines(desk: Desk, found: list[Line]) -> list[Line]:
    """What comes back, at the rate once paid: a line for each cancellation and component.

    What a booking was paid is its line, by what the component's modifiers had left of the line's
    window at the end of the cancellation's month. Of one booking's pay the lines are rounded to
    date, so that no more comes back than was paid.
    """
    clawback = desk.plan.payment.clawback
    if clawback is None or clawback.at != "paid_rate":
        return []
    made: list[Line] = []
    paid = [x for x in found if x.kind == "credit" and x.transaction]
    for line in paid:
        deal = desk.deals[str(line.transaction)]
        exact = shown = NOTHING
        for event in _cancellations(desk, line):
            part = -event.amount / deal.amount * share(clawback, deal.day, event.day)
            exact += line.amount * part * _left(desk, found, line, event)
            back = rounded(exact, desk.places)
            made.append(_line(desk, line, event, shown - back))
            shown = back
    return made


def _cancellations(desk: Desk, line: Line) -> list[Event]:
    """The cancellations of a line's booking, if any count; of who no longer holds the plan too."""
    events = [e for e in desk.deals[str(line.transaction)].events if e.kind == "cancellation"]
    return sorted(events, key=lambda e: (e.day, e.name)) if desk.cancellations_count else []


def _left(desk: Desk, found: list[Line], line: Line, event: Event) -> Fraction:
    """What modifiers had left of the window: paid over earned, all of it if nothing was earned."""
    by_then = {p.name for p in desk.calendar if p.start <= event.day}
    inside = [x for x in found if (x.component, x.window) == (line.component, line.window)]
    paid = sum((x.amount for x in inside if x.period in by_then), NOTHING)
    changed = [x for x in inside if x.number and x.period in by_then]
    earned = paid - sum((x.amount for x in changed), NOTHING)
    return max(NOTHING, paid / earned) if earned else Fraction(1)


def _line(desk: Desk, line: Line, event: Event, amount: Fraction) -> Line:
    (period,) = [p for p in desk.calendar if p.start <= event.day < p.end]
    (component,) = [c for c in desk.plan.components if c.name == line.component]
    alone = component.accumulate == "transaction"
    return replace(
        line,
        window=period.name if alone else period.window(component.accumulate),
        period=period.name,
        kind="clawback",
        amount=amount,
        event=event.name,
    )
