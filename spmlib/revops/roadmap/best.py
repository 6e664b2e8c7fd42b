"""Best: the schedule that brings the most, exact where it can be, else with a bound said.

Small instances are solved exactly as an integer program (`program`). Larger ones by many orders
taken in turn (rules of thumb, then seeded exchanges), beside the bound of its linear relaxation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.revops.roadmap.capabilities import PILLARS, Capability, with_needs
from spmlib.revops.roadmap.program import solved
from spmlib.revops.roadmap.schedules import Schedule, Work, in_turn, told, value

SMALL, TRIES, SEED = 24, 400, 41


def best(of: Work, small: int = SMALL, tries: int = TRIES, seed: int = SEED) -> Schedule:
    """The schedule that brings the most discounted value within the horizon.

    Of neighbours that may change places for nothing, what is written first begins first.

    Args:
        of: what is to be done.
        small: up to how many capabilities it is solved exactly.
        tries: exchanges that are tried where it is not.
        seed: of the exchanges.
    """
    if not (of.worth > -np.inf).any():
        return told(of, {}, 0.0, True)
    found, bound, exact = solved(of, whole=len(of.rows) <= small)
    order = _by_start(of, found)
    if len(of.rows) > small:
        order = improved(of, [order, _by_gain(of)], tries, seed)
    made = in_turn(of, _as_written(of, needs_first(of, order)))
    worth = value(of, made)
    return told(of, made, worth if exact else max(bound, worth), exact)


def quick(of: Work, begun: Sequence[int], tries: int, seed: int = SEED) -> float:
    """What an order brings that is found quickly, from one that is given and the rules of thumb."""
    if not (of.worth > -np.inf).any():
        return 0.0
    orders = [list(begun), _by_start(of, solved(of, whole=False)[0]), _by_gain(of)]
    return value(of, in_turn(of, needs_first(of, improved(of, orders, tries, seed))))


def pillar_first(of: Work, pillar: str, **how: Any) -> Schedule:
    """The best schedule in which a pillar, and what it needs, has the people first.

    The pillar is scheduled as if there were nothing else; the rest with the people then left.
    """
    names = [each.name for each in of.rows if each.pillar == pillar]
    mine = with_needs(of.rows, names)
    first = best(_part(of, mine), **how)
    done = {
        row: first.starts[each.name]
        for row, each in enumerate(of.rows)
        if each.name in first.starts
    }
    free, worth = of.free.copy(), of.worth.copy()
    for row, start in done.items():
        free[:, start : start + of.takes[row]] -= of.uses[row][:, None]
    for row, each in enumerate(of.rows):
        if each.name in mine:
            worth[row] = -np.inf
        earliest = max((done[n] + of.takes[n] for n in of.needs[row] if n in done), default=0)
        worth[row, :earliest] = -np.inf
        if any(of.rows[n].name in mine and n not in done for n in of.needs[row]):
            worth[row] = -np.inf
    rest = [row for row, each in enumerate(of.rows) if each.name not in mine]
    names_left = {of.rows[row].name for row in rest}
    other = best(_part(replace(of, free=np.maximum(free, 0), worth=worth), names_left), **how)
    starts = {**first.starts, **other.starts}
    rows = {row: starts[each.name] for row, each in enumerate(of.rows) if each.name in starts}
    return told(of, rows, first.bound + other.bound, first.exact and other.exact)


def compared(of: Work, capabilities: Sequence[Capability], **how: Any) -> dict[str, Schedule]:
    """The best schedule, and the best in which each pillar that has work comes first."""
    have = {each.pillar for each in of.rows}
    pillars = [*PILLARS, *sorted({each.pillar for each in capabilities} - set(PILLARS))]
    firsts = {pillar: pillar_first(of, pillar, **how) for pillar in pillars if pillar in have}
    return {"best": best(of, **how)} | firsts


def _part(of: Work, names: set[str]) -> Work:
    """Some rows alone; needs outside of them are met."""
    rows = [row for row, each in enumerate(of.rows) if each.name in names]
    kept = tuple(
        replace(of.rows[row], needs=tuple(n for n in of.rows[row].needs if n in names))
        for row in rows
    )
    takes = tuple(of.takes[row] for row in rows)
    return Work(kept, takes, of.uses[rows], of.free, of.worth[rows], of.skills)


def _by_start(of: Work, found: Floats) -> list[int]:
    """Rows by when they begin in a program's answer, or on average; what does not begin is last."""
    rough = found.sum(axis=1) < 0.5
    when = np.where(rough, of.months, found @ np.arange(of.months)).round(6)
    return sorted(range(len(of.rows)), key=lambda row: (when[row], row))


def _by_gain(of: Work) -> list[int]:
    """By value for each person-day, what comes after counted in: a rule of thumb."""
    gain = np.where(np.isfinite(of.worth), of.worth, 0).max(axis=1)
    days = np.maximum((of.uses * np.array(of.takes)[:, None]).sum(axis=1), 1e-6)
    for row in reversed(range(len(of.rows))):
        for need in of.needs[row]:
            gain[need] += gain[row] / len(of.needs[row])
            days[need] += days[row] / len(of.needs[row])
    return sorted(range(len(of.rows)), key=lambda row: (-gain[row] / days[row], row))


def improved(of: Work, orders: list[list[int]], tries: int, seed: int) -> list[int]:
    """The best of some orders, moved one capability at a time while that brings more."""
    drawn = np.random.default_rng(seed)
    worth = [value(of, in_turn(of, needs_first(of, order))) for order in orders]
    top, best_order = max(worth), orders[int(np.argmax(np.round(worth, 6)))]
    for _ in range(tries):
        order = list(best_order)
        out, back = drawn.integers(0, len(order), 2)
        order.insert(back, order.pop(out))
        new = value(of, in_turn(of, needs_first(of, order)))
        if new > top + 1e-9 * abs(top):  # not by the last digit, which machines may disagree on
            top, best_order = new, order
    return best_order


def _as_written(of: Work, order: list[int]) -> list[int]:
    """The order with neighbours as they are written, where that costs nothing."""
    worth = value(of, in_turn(of, order))
    moved = True
    while moved:
        moved = False
        for place in range(len(order) - 1):
            one, two = order[place : place + 2]
            if one > two and two not in of.needs[one] and one not in of.needs[two]:
                other = [*order[:place], two, one, *order[place + 2 :]]
                found = value(of, in_turn(of, other))
                if found >= worth - 1e-9 * max(worth, 1.0):
                    order, worth, moved = other, max(worth, found), True
    return order


def needs_first(of: Work, order: Sequence[int]) -> list[int]:
    """The order, each row right after the last of what it needs if it stands too early."""
    made: dict[int, None] = {}

    def put(row: int) -> None:
        for need in of.needs[row]:
            put(need)
        made.setdefault(row)

    for row in order:
        put(row)
    return list(made)
