"""Shifts: a map's borders moved unit by unit without ever cutting a territory apart; compiled.

A unit at a border goes to a territory it touches, with the few that hang on it alone. Where that is
no better, the territory that received it gives one of its own away, and so on: a chain is kept or
undone as a whole. What is worse is accepted now and then, less and less, so that the search does
not end in the first hollow; what lies beyond limits costs more and more.

Source:
    Annealing: Kirkpatrick, Gelatt, Vecchi, "Optimization by simulated annealing" (1983). Chains:
    Glover, "Ejection chains, reference structures and alternating path methods" (1996).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole

LINKS = 5  # of a chain, at most
HANGING = 6  # units of a piece that goes with the one it hangs on, at most
ANYWHERE = 0.8  # how often a chain goes on from anywhere in a territory, not just near by
COLD = 0.9  # the part of the sweeps after which no rise is accepted
SOLID, DEARER = 20.0, 10.0  # times that limits get dearer until then, and then


class Map(NamedTuple):
    """What does not change.

    Attributes:
        starts: where each unit's neighbours begin.
        others: the neighbours.
        costs: units x sellers; infinite where not allowed.
        sizes: units x measures.
        least: sellers x measures.
        most: sellers x measures.
        dear: sellers x measures: what a whole measure beyond limits costs at first.
    """

    starts: Whole
    others: Whole
    costs: Floats
    sizes: Floats
    least: Floats
    most: Floats
    dear: Floats


class State(NamedTuple):
    """What changes.

    Attributes:
        made: the seller of each unit.
        load: sellers x measures.
        members: sellers x places: the units of each.
        number: of units of each seller.
        place: of each unit among its seller's.
        marks: of units that were met, by the number of the walk.
        queue: of units to be met.
        stamp: the number of the last walk.
        who: the units that a chain moved.
        was: their sellers before.
    """

    made: Whole
    load: Floats
    members: Whole
    number: Whole
    place: Whole
    marks: Whole
    queue: Whole
    stamp: Whole
    who: Whole
    was: Whole


@njit(cache=True)
def shifted(of: Map, sellers: Whole, heat: float, sweeps: int, seed: int) -> Whole:
    """The sellers of all units after borders were moved.

    Args:
        of: the map.
        sellers: of each unit; every territory is connected.
        heat: the rise in cost that is at first accepted about one time in three.
        sweeps: as many chains as there are units are begun so many times.
        seed: of the random numbers.
    """
    np.random.seed(seed)
    count = len(sellers)
    now = _state(of, sellers)
    for sweep in range(sweeps):
        done = min(sweep / (COLD * sweeps), 1.0)
        price = SOLID**done * (DEARER if done == 1.0 else 1.0)
        for _ in range(count):
            unit = np.random.randint(count)
            beside = _beside(of.starts, of.others, unit)
            if beside < 0 or now.made[beside] == now.made[unit]:
                continue
            rise = -heat * (1 - done) ** 2 * np.log(1 - np.random.random())
            _chain(of, now, unit, beside, rise, price)
    return now.made


@njit(cache=True)
def _state(of: Map, sellers: Whole) -> State:
    count, owners = len(sellers), len(of.least)
    number = np.zeros(owners, np.int64)
    for a in range(count):
        number[sellers[a]] += 1
    room = min(count, 4 * number.max()) + HANGING + 1
    members, place = np.zeros((owners, room), np.int64), np.zeros(count, np.int64)
    load = np.zeros(of.least.shape)
    number[:] = 0
    for a in range(count):
        seller = sellers[a]
        members[seller, number[seller]], place[a] = a, number[seller]
        number[seller] += 1
        load[seller] += of.sizes[a]
    blank = np.zeros(count, np.int64)
    log = np.zeros((LINKS + 1) * (count + 1), np.int64)
    return State(
        sellers.copy(), load, members, number, place, blank, blank.copy(), np.zeros(1, np.int64),
        log, log.copy(),
    )  # fmt: skip


@njit(cache=True)
def _chain(of: Map, now: State, unit: int, beside: int, rise: float, price: float) -> bool:
    """Whether a chain that begins with a unit costs no more than a rise; if not, it is undone."""
    change, done = 0.0, 0
    for link in range(LINKS):
        there = now.made[beside]
        if there == now.made[unit] or not np.isfinite(of.costs[unit, there]):
            break
        if link == LINKS - 1 and change + _change(of, now, unit, there, price) > rise:
            break
        done, more = _gone(of, now, unit, there, price, done)
        change += more
        if change <= rise:
            return True
        if not np.isfinite(change):
            break
        if np.random.random() < ANYWHERE:
            unit = now.members[there, np.random.randint(now.number[there])]
        else:
            unit = _beside(of.starts, of.others, beside)
        if now.made[unit] != there or unit == now.who[done - 1]:
            break
        beside = _beside(of.starts, of.others, unit)
    for at in range(done - 1, -1, -1):
        _give(of, now, now.who[at], now.was[at])
    return False


@njit(cache=True)
def _beside(starts: Whole, others: Whole, unit: int) -> int:
    """One of a unit's neighbours; -1 if it has none."""
    first, last = starts[unit], starts[unit + 1]
    return -1 if first == last else others[np.random.randint(first, last)]


@njit(cache=True)
def _gone(of: Map, now: State, unit: int, there: int, price: float, done: int) -> tuple[int, float]:
    """A unit goes, with what hangs on it: units moved so far; the change, infinite if it cannot."""
    here = now.made[unit]
    if now.number[here] < 2 or now.number[there] + HANGING >= now.members.shape[1]:
        return done, np.inf
    whole = joined_without(of, now, unit)
    change, done = _moved(of, now, unit, there, price, done)
    if whole:
        return done, change
    for e in range(of.starts[unit], of.starts[unit + 1]):
        if now.made[of.others[e]] != here:
            continue
        found = _piece(of, now, of.others[e])
        if found > HANGING or found == now.number[here]:
            continue
        if now.number[there] + found >= now.members.shape[1]:
            return done, np.inf
        for at in range(found):
            if not np.isfinite(of.costs[now.queue[at], there]):
                return done, np.inf
            more, done = _moved(of, now, now.queue[at], there, price, done)
            change += more
    now.made[unit] = here
    whole = joined_without(of, now, unit)
    now.made[unit] = there
    return done, change if whole else np.inf


@njit(cache=True)
def _moved(
    of: Map, now: State, unit: int, there: int, price: float, done: int
) -> tuple[float, int]:
    """A unit goes, and it is noted: the change, and units moved so far."""
    change = _change(of, now, unit, there, price)
    now.who[done], now.was[done] = unit, now.made[unit]
    _give(of, now, unit, there)
    return change, done + 1


@njit(cache=True, inline="always")
def _change(of: Map, now: State, unit: int, there: int, price: float) -> float:
    """What it costs if a unit goes, limits included."""
    here = now.made[unit]
    beyond = 0.0
    for k in range(of.sizes.shape[1]):
        size = of.sizes[unit, k]
        for seller, moved in ((here, -size), (there, size)):
            old = now.load[seller, k]
            most, least = of.most[seller, k], of.least[seller, k]
            more = max(old + moved - most, least - old - moved, 0.0)
            more -= max(old - most, least - old, 0.0)
            beyond += of.dear[seller, k] * more
    return of.costs[unit, there] - of.costs[unit, here] + price * beyond


@njit(cache=True, inline="always")
def _give(of: Map, now: State, unit: int, there: int) -> None:
    here = now.made[unit]
    for k in range(of.sizes.shape[1]):  # quicker than whole rows
        now.load[here, k] -= of.sizes[unit, k]
        now.load[there, k] += of.sizes[unit, k]
    now.number[here] -= 1
    last = now.members[here, now.number[here]]
    now.members[here, now.place[unit]], now.place[last] = last, now.place[unit]
    now.members[there, now.number[there]], now.place[unit] = unit, now.number[there]
    now.number[there] += 1
    now.made[unit] = there


@njit(cache=True)
def _piece(of: Map, now: State, unit: int) -> int:
    """How many units a piece has, which then stand in the queue; just too many if it is large."""
    now.stamp[0] += 1
    stamp, here = now.stamp[0], now.made[unit]
    now.queue[0], now.marks[unit] = unit, stamp
    head, tail = 0, 1
    while head < tail <= HANGING:
        met = now.queue[head]
        head += 1
        for e in range(of.starts[met], of.starts[met + 1]):
            other = of.others[e]
            if now.made[other] == here and now.marks[other] != stamp:
                now.marks[other] = stamp
                now.queue[tail] = other
                tail += 1
    return tail


@njit(cache=True)
def joined_without(of: Map, now: State, unit: int) -> bool:
    """Whether a territory stays connected, and is not empty, without one of its units.

    It does if the unit's neighbours in it reach each other without the unit; the walk ends as soon
    as all of them are met.
    """
    now.stamp[0] += 1
    stamp, here = now.stamp[0], now.made[unit]
    missing, begin = -1, -1
    for e in range(of.starts[unit], of.starts[unit + 1]):
        if now.made[of.others[e]] == here:
            now.marks[of.others[e]] = -stamp
            missing, begin = missing + 1, of.others[e]
    if missing <= 0:
        return missing == 0
    now.marks[unit], now.marks[begin], now.queue[0] = stamp, stamp, begin
    head, tail = 0, 1
    while head < tail:
        met = now.queue[head]
        head += 1
        for e in range(of.starts[met], of.starts[met + 1]):
            other = of.others[e]
            if now.made[other] == here and now.marks[other] != stamp:
                missing -= now.marks[other] == -stamp
                if missing == 0:
                    return True
                now.marks[other] = stamp
                now.queue[tail] = other
                tail += 1
    return False
