"""Moves: what the roadmap brings if an assumption turns out otherwise.

The planned order is kept where it does best, and changed a little, by exchanges that bring more,
where it does not: a lower estimate of what a new best order would bring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from spmlib.revops.roadmap.best import SEED, improved, needs_first
from spmlib.revops.roadmap.capabilities import Capability
from spmlib.revops.roadmap.schedules import Schedule, in_turn, value, work

TRIES = 100


def kept(
    made: Schedule,
    capabilities: Sequence[Capability],
    people: Mapping[str, float],
    months: int,
    rate: float = 0.0,
) -> float:
    """What the order of a schedule, a little changed, brings otherwise [currency, discounted]."""
    of = work(capabilities, people, months, rate)
    never = [each.name for each in of.rows if each.name not in made.starts]
    order = [*sorted(made.starts, key=lambda name: made.starts[name]), *never]
    place = {each.name: row for row, each in enumerate(of.rows)}
    (best_order,) = improved(of, [[place[name] for name in order]], TRIES, SEED)
    return value(of, in_turn(of, needs_first(of, best_order)))


def sensitivity(
    made: Schedule,
    capabilities: Sequence[Capability],
    people: Mapping[str, float],
    months: int,
    rate: float,
    by: float,
) -> list[tuple[str, float, float]]:
    """What the order brings, each assumption lower and higher.

    Amounts move by the share `by`; the least time of each capability and the time until it brings
    anything by a month.

    Returns:
        What is changed, the value with it lower and with it higher; the widest first.
    """

    def brings(rows: Sequence[Capability], have: Mapping[str, float], rate: float = rate) -> float:
        return kept(made, rows, have, months, rate)

    rows = []
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


def _effort(each: Capability, step: int, by: float) -> Capability:
    more = {skill: days * (1 + step * by) for skill, days in each.effort.items()}
    return replace(each, effort=more)


def _delayed(each: Capability, step: int, by: float) -> Capability:
    """Its effect comes a month later, or the first month of the ramp is skipped."""
    return replace(each, ramp=(0.0, *each.ramp) if step > 0 else each.ramp[1:])


CHANGES: Mapping[str, Callable[[Capability, int, float], Capability]] = {
    "effect": lambda each, step, by: replace(each, effect=each.effect * (1 + step * by)),
    "effort": _effort,
    "least time": lambda each, step, by: replace(each, months=max(each.months + step, 0)),
    "delay of benefit": _delayed,
}
