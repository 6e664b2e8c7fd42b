"""Moves: what the roadmap brings if an assumption turns out otherwise.

It is planned anew by the quick rule, or the planned order is kept where that brings more: slightly
less than a new best order would bring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from spmlib.revops.roadmap.best import quick
from spmlib.revops.roadmap.capabilities import Capability
from spmlib.revops.roadmap.schedules import Schedule, Work, in_turn, value, work

TRIES = 30  # exchanges


def otherwise(
    made: Schedule,
    capabilities: Sequence[Capability],
    people: Mapping[str, float],
    months: int,
    rate: float = 0.0,
    planned_with: Mapping[str, float] | None = None,
) -> float:
    """What can be brought otherwise, by the quick rule or the order kept [currency, discounted].

    More people need not do anything faster than was planned with the people of then.
    """
    planned = work(capabilities, planned_with or people, months, rate)
    slow = {each.name: took for each, took in zip(planned.rows, planned.takes, strict=True)}
    as_planned = [
        replace(each, months=max(each.months, slow.get(each.name, 0))) for each in capabilities
    ]
    turned, slower = (work(rows, people, months, rate) for rows in (capabilities, as_planned))
    planned_order = value(slower, in_turn(slower, _order(made, slower)))
    return max(quick(turned, _order(made, turned), TRIES), planned_order)


def sensitivity(
    made: Schedule,
    capabilities: Sequence[Capability],
    people: Mapping[str, float],
    months: int,
    rate: float,
    by: float,
) -> list[tuple[str, float, float]]:
    """What the roadmap brings, each assumption lower and higher.

    Amounts move by the share `by`, with effort the months that it takes; the time until something
    is brought moves by a month.

    Returns:
        What is changed, the value with it lower and with it higher; the widest first.
    """

    def brings(rows: Sequence[Capability], have: Mapping[str, float], rate: float = rate) -> float:
        return otherwise(made, rows, have, months, rate, people)

    rows = [("effect", made.value * (1 - by), made.value * (1 + by))]
    for name, change in CHANGES.items():
        pair = [[change(each, step, by) for each in capabilities] for step in (-1, 1)]
        rows.append((name, brings(pair[0], people), brings(pair[1], people)))
    for skill in people:
        low, high = ({**people, skill: people[skill] * (1 + step * by)} for step in (-1, 1))
        rows.append((f"people: {skill}", brings(capabilities, low), brings(capabilities, high)))
    low_rate, high_rate = rate * (1 - by), rate * (1 + by)
    bring = [brings(capabilities, people, each) for each in (low_rate, high_rate)]
    rows.append(("discount rate", bring[0], bring[1]))
    return sorted(rows, key=lambda row: (-abs(row[2] - row[1]), row[0]))


def _order(made: Schedule, of: Work) -> list[int]:
    """The rows as they are planned, what is not planned last."""
    place = {each.name: row for row, each in enumerate(of.rows)}
    never = [each.name for each in of.rows if each.name not in made.starts]
    order = [*sorted(made.starts, key=lambda name: made.starts[name]), *never]
    return [place[name] for name in order]


def _effort(each: Capability, step: int, by: float) -> Capability:
    more = {skill: days * (1 + step * by) for skill, days in each.effort.items()}
    return replace(each, effort=more)


def _delayed(each: Capability, step: int, by: float) -> Capability:
    """Its effect comes a month later, or the first month of the ramp is skipped."""
    return replace(each, ramp=(0.0, *each.ramp) if step > 0 else each.ramp[1:])


CHANGES: Mapping[str, Callable[[Capability, int, float], Capability]] = {
    "effort and time": _effort,
    "delay of benefit": _delayed,
}
