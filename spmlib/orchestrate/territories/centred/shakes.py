"""Centre shakes: a plan shaken and made better again, many times. Compiled.

A territory is closed and opened elsewhere, centres are moved, or accounts given away; what comes of
it is kept if it is better, or hardly dearer. Limits cost more while they are mostly passed.

Source:
    Iterated local search: Lourenço, Martin, Stützle (2003). On these problems: Stefanello, Araújo,
    Müller, "Matheuristics for the capacitated p-median problem" (2015).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Whole
from spmlib.orchestrate.territories.centred.moves import settle
from spmlib.orchestrate.territories.centred.states import (
    SMALL,
    Ground,
    State,
    copy,
    cost_of,
    members,
    move,
    recentre,
)

AROUND = 12  # territories that a new one takes accounts from
ROUND = 50  # shakes, after which limits become dearer or cheaper


@njit(cache=True)
def searched(
    ground: Ground,
    plan: State,
    kept: State,
    best: State,
    dear: float,
    warm: float,
    shakes: int,
    seed: int,
) -> tuple[float, float, float]:
    """Shake a plan many times; `best` becomes the best within limits that was met.

    Args:
        ground: what does not change.
        plan: to begin with; worked on.
        kept: room for the plan that a shake begins from.
        best: the best so far.
        dear: what one unit beyond a limit costs.
        warm: how much dearer a plan may be to be kept [as costs].
        shakes: how many.
        seed: of the random numbers.

    Returns:
        the cost of `best`, how far it lies beyond limits, and what a unit beyond costs by now.
    """
    np.random.seed(seed)
    room = np.empty(len(plan.made), np.int64)
    top, out = cost_of(ground, best)
    settle(ground, plan, dear, room)
    cost, beyond = cost_of(ground, plan)
    copy(plan, kept)
    wrong = 0
    for turn in range(shakes):
        if beyond < out - SMALL or (beyond <= out and cost < top - SMALL):
            top, out = cost, beyond
            copy(plan, best)
        _shaken(ground, plan, dear, room)
        settle(ground, plan, dear, room)
        new, far = cost_of(ground, plan)
        wrong += far > 0
        if new + dear * far < cost + dear * beyond + warm * np.random.random():
            cost, beyond = new, far
            copy(plan, kept)
        else:
            copy(kept, plan)
        if turn % ROUND == ROUND - 1:
            dear *= 1.15 if wrong > 0.3 * ROUND else (0.9 if wrong < 0.1 * ROUND else 1.0)
            wrong = 0
    if beyond < out - SMALL or (beyond <= out and cost < top - SMALL):
        top, out = cost, beyond
        copy(plan, best)
    return top, out, dear


@njit(cache=True)
def _shaken(ground: Ground, plan: State, dear: float, room: Whole) -> None:
    territories = len(plan.centre)
    t = np.random.randint(territories)
    way = np.random.random()
    if way < 0.4:
        if t >= ground.fixed and territories > 1:
            _reopened(ground, plan, t, dear, room)
    elif way < 0.75:
        for turn in range(1 + np.random.randint(3)):
            other = t if turn == 0 else _neighbour(ground, plan, t, 4)
            count = members(plan, other, room)
            if other >= ground.fixed and count > 0:
                _elsewhere(ground, plan, other, count)
    else:
        for _ in range(2 + np.random.randint(5)):
            count = members(plan, t, room)
            other = _neighbour(ground, plan, t, 4)
            if count > 0 and other != t:
                a = room[np.random.randint(count)]
                if ground.own[plan.centre[t]] != a:
                    move(ground, plan, a, other)
            if np.random.random() < 0.5:
                t = other


@njit(cache=True)
def _reopened(ground: Ground, plan: State, t: int, dear: float, room: Whole) -> None:
    """Close a territory and open it elsewhere, mostly near by."""
    costs, size, centre = ground.costs, ground.size, plan.centre
    near = ground.near.shape[1]
    there = np.random.randint(len(plan.opened))
    if np.random.random() < 0.7:
        reach = min(near, max(4, 6 * len(plan.opened) // len(centre)))
        there = ground.near[centre[t], np.random.randint(reach)]
    own = ground.own[there]
    if plan.opened[there] >= 0 or (own >= 0 and ground.own[centre[plan.made[own]]] == own):
        return
    count = members(plan, t, room)
    for at in range(count):
        a = room[at]
        best, goes = np.inf, t
        for other in range(len(centre)):
            cost = costs[a, centre[other]]
            if other == t or cost >= best:
                continue
            over = plan.load[other] + size[a] - ground.most[centre[other]]
            cost += 0.3 * dear * min(max(over, 0.0), size[a])
            if cost < best:
                best, goes = cost, other
        move(ground, plan, a, goes)
    recentre(ground, plan, t, there)
    if own >= 0:
        move(ground, plan, own, t)
    found = 0
    for k in range(1, near):
        other = plan.opened[ground.near[there, k]]
        if other < 0 or other == t or found == AROUND:
            continue
        found += 1
        for at in range(members(plan, other, room)):
            a = room[at]
            room_left = plan.load[t] + size[a] <= ground.most[there]
            if costs[a, there] < plan.paid[a] and room_left and ground.own[centre[other]] != a:
                move(ground, plan, a, t)


@njit(cache=True)
def _elsewhere(ground: Ground, plan: State, t: int, count: int) -> None:
    """Move a centre to one of the nearest candidates."""
    reach = min(ground.near.shape[1], max(3, count * ground.near.shape[0] // len(plan.made)))
    there = ground.near[plan.centre[t], np.random.randint(reach)]
    if plan.opened[there] >= 0:
        return
    own = ground.own[there]
    if own >= 0 and plan.made[own] != t:
        if ground.own[plan.centre[plan.made[own]]] == own:
            return
        move(ground, plan, own, t)
    recentre(ground, plan, t, there)


@njit(cache=True)
def _neighbour(ground: Ground, plan: State, t: int, among: int) -> int:
    """One of the nearest territories of a territory; itself if there is none."""
    pick, found = np.random.randint(among), t
    for k in range(1, ground.near.shape[1]):
        other = plan.opened[ground.near[plan.centre[t], k]]
        if other >= 0 and other != t:
            found = other
            if pick == 0:
                break
            pick -= 1
    return found
