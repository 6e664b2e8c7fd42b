"""Centre moves: accounts shifted or exchanged, centres moved, as long as that is better. Compiled.

What lies beyond a limit costs. Only territories that changed are looked at again.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.territories.centred.states import (
    Ground,
    State,
    beyond,
    members,
    move,
    recentre,
)

NEAREST = 8  # territories of an account that are looked at
ROUNDS = 200  # of moves after one shake, at most


@njit(cache=True)
def settle(ground: Ground, plan: State, dear: float, room: Whole) -> None:
    """Shift, exchange, move centres until nothing of it is better."""
    territories = len(plan.centre)
    queue = np.empty(territories, np.int64)
    for turn in range(ROUNDS):
        waiting = 0
        for t in range(territories):
            if plan.fresh[t]:
                queue[waiting] = t
                waiting += 1
                plan.fresh[t] = False
        if waiting == 0:
            break
        for at in range(waiting):
            _exchanged(ground, plan, queue[at], dear, room)
            if turn == 0 and not plan.fresh[queue[at]]:
                _centred(ground, plan, queue[at], dear, room)
        for t in range(territories):
            if plan.fresh[t]:
                _centred(ground, plan, t, dear, room)


@njit(cache=True)
def _exchanged(ground: Ground, plan: State, here: int, dear: float, room: Whole) -> None:
    """Each account of a territory where it is best, alone or for another."""
    costs, size, centre, load = ground.costs, ground.size, plan.centre, plan.load
    near, far = np.empty(NEAREST, np.int64), np.empty(NEAREST)
    floor = np.full(len(centre), np.nan)  # of what one of another territory costs here
    count = members(plan, here, room)
    for at in range(count):
        a = room[at]
        if plan.made[a] != here or ground.own[centre[here]] == a:
            continue
        was = beyond(ground, centre[here], load[here])
        left = dear * (beyond(ground, centre[here], load[here] - size[a]) - was)
        best, goes, comes = -1e-7, -1, -1
        for k in range(_nearest(ground, plan, a, near, far)):
            there = near[k]
            step = far[k] - plan.paid[a]
            held = beyond(ground, centre[there], load[there])
            come = dear * (beyond(ground, centre[there], load[there] + size[a]) - held)
            if step + left + come < best:
                best, goes, comes = step + left + come, there, -1
            least = step - dear * (was + held)
            if np.isnan(floor[there]):
                floor[there] = _floor(ground, plan, here, there)
            b = plan.first[there] if least + floor[there] < best else -1
            while b >= 0:
                back = costs[b, centre[here]] - plan.paid[b]
                if least + back < best and ground.own[centre[there]] != b:
                    net = size[b] - size[a]
                    change = step + back
                    change += dear * (beyond(ground, centre[here], load[here] + net) - was)
                    change += dear * (beyond(ground, centre[there], load[there] - net) - held)
                    if change < best:
                        best, goes, comes = change, there, b
                b = plan.after[b]
        if goes >= 0:
            floor[goes] = np.nan
            move(ground, plan, a, goes)
            if comes >= 0:
                move(ground, plan, comes, here)


@njit(cache=True)
def _floor(ground: Ground, plan: State, here: int, there: int) -> float:
    """The least that it costs to bring an account from one territory to another."""
    one, least, b = plan.centre[here], np.inf, plan.first[there]
    while b >= 0:
        least = min(least, ground.costs[b, one] - plan.paid[b])
        b = plan.after[b]
    return least


@njit(cache=True)
def _nearest(ground: Ground, plan: State, a: int, near: Whole, far: Floats) -> int:
    """The nearest other territories of an account, nearest first; how many."""
    here, many, most = plan.made[a], 0, len(near)
    for t in range(len(plan.centre)):
        cost = ground.costs[a, plan.centre[t]]
        if t == here or (many == most and cost >= far[most - 1]):
            continue
        at = min(many, most - 1)
        while at > 0 and far[at - 1] > cost:
            far[at], near[at] = far[at - 1], near[at - 1]
            at -= 1
        far[at], near[at] = cost, t
        many = min(many + 1, most)
    return many


@njit(cache=True)
def _centred(ground: Ground, plan: State, t: int, dear: float, room: Whole) -> None:
    """The best centre of a territory as it is."""
    if t < ground.fixed:
        return
    count = members(plan, t, room)
    here = plan.centre[t]
    best, goes = dear * beyond(ground, here, plan.load[t]), here
    for at in range(count):
        best += plan.paid[room[at]]
    best -= 1e-7
    for k in range(ground.near.shape[1]):
        there = ground.near[here, k]
        own = ground.own[there]
        if plan.opened[there] >= 0 or (own >= 0 and plan.made[own] != t):
            continue
        cost = dear * beyond(ground, there, plan.load[t])
        for at in range(count):
            cost += ground.costs[room[at], there]
            if cost >= best:
                break
        if cost < best:
            best, goes = cost, there
    if goes != here:
        recentre(ground, plan, t, goes)
