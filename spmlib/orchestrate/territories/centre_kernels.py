"""Centre kernels: territories made better move by move, shaken and made better again. Compiled.

Accounts are shifted or exchanged between territories, centres moved within theirs; what lies
beyond a limit costs. Shaken: a territory is closed and another opened, centres are moved, accounts
are given away. All that a shake leaves untouched is not looked at again.

Source:
    Iterated local search: Lourenço, Martin, Stützle (2003). On these problems: Stefanello, Araújo,
    Müller, "Matheuristics for the capacitated p-median problem" (2015).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from spmlib.orchestrate.forecasting.panels import Floats, Whole

NEAREST = 8  # territories of an account that are looked at
AROUND = 12  # territories that a new one takes accounts from
SMALL = 1e-9
ROUNDS = 200  # of moves after one shake, at most


class Ground(NamedTuple):
    """What does not change.

    Attributes:
        costs: accounts x candidates.
        size: the load of each account.
        least, most: the load of a territory at each candidate.
        own: the account that a centre keeps; -1 for none.
        near: candidates x candidates: the nearest of each, itself first.
        fixed: how many territories, the first ones, keep their centre.
    """

    costs: Floats
    size: Floats
    least: Floats
    most: Floats
    own: Whole
    near: Whole
    fixed: int


class State(NamedTuple):
    """A plan that is worked on, changed in place.

    Attributes:
        centre: the candidate of each territory.
        made: the territory of each account.
        paid: what each account costs.
        load: of each territory.
        first, after, ahead: chains of the accounts of each territory; -1 ends one.
        opened: the territory at each candidate; -1 for none.
        fresh: whether a territory is to be looked at.
    """

    centre: Whole
    made: Whole
    paid: Floats
    load: Floats
    first: Whole
    after: Whole
    ahead: Whole
    opened: Whole
    fresh: Whole


def state(ground: Ground, centre: Whole, made: Whole) -> State:
    """A plan to be worked on."""
    count, territories = len(made), len(centre)
    told = State(
        centre.astype(np.int64),
        made.astype(np.int64),
        np.zeros(count),
        np.zeros(territories),
        np.full(territories, -1),
        np.full(count, -1),
        np.full(count, -1),
        np.full(ground.costs.shape[1], -1),
        np.ones(territories, np.bool_),
    )
    _linked(ground, told)
    return told


@njit(cache=True)
def _linked(ground: Ground, plan: State) -> None:
    plan.load[:] = 0
    plan.first[:] = -1
    plan.opened[:] = -1
    for t in range(len(plan.centre)):
        plan.opened[plan.centre[t]] = t
    for a in range(len(plan.made)):
        _into(ground, plan, a, plan.made[a])


@njit(cache=True)
def _into(ground: Ground, plan: State, a: int, t: int) -> None:
    """Put an account at the head of a territory's chain."""
    plan.made[a] = t
    plan.paid[a] = ground.costs[a, plan.centre[t]]
    plan.load[t] += ground.size[a]
    plan.after[a], plan.ahead[a] = plan.first[t], -1
    if plan.first[t] >= 0:
        plan.ahead[plan.first[t]] = a
    plan.first[t] = a


@njit(cache=True)
def _move(ground: Ground, plan: State, a: int, t: int) -> None:
    here = plan.made[a]
    plan.load[here] -= ground.size[a]
    if plan.ahead[a] >= 0:
        plan.after[plan.ahead[a]] = plan.after[a]
    else:
        plan.first[here] = plan.after[a]
    if plan.after[a] >= 0:
        plan.ahead[plan.after[a]] = plan.ahead[a]
    plan.fresh[here] = plan.fresh[t] = True
    _into(ground, plan, a, t)


@njit(cache=True)
def _recentred(ground: Ground, plan: State, t: int, candidate: int) -> None:
    plan.opened[plan.centre[t]] = -1
    plan.centre[t] = candidate
    plan.opened[candidate] = t
    plan.fresh[t] = True
    a = plan.first[t]
    while a >= 0:
        plan.paid[a] = ground.costs[a, candidate]
        a = plan.after[a]


@njit(cache=True)
def _beyond(ground: Ground, candidate: int, load: float) -> float:
    """How far a load lies beyond the limits."""
    over = load - ground.most[candidate]
    under = ground.least[candidate] - load
    return max(over, under, 0.0)


@njit(cache=True)
def _members(plan: State, t: int, room: Whole) -> int:
    count, a = 0, plan.first[t]
    while a >= 0:
        room[count] = a
        count += 1
        a = plan.after[a]
    return count


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
def _settled(ground: Ground, plan: State, dear: float, room: Whole) -> None:
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
    count = _members(plan, here, room)
    for at in range(count):
        a = room[at]
        if plan.made[a] != here or ground.own[centre[here]] == a:
            continue
        was = _beyond(ground, centre[here], load[here])
        left = dear * (_beyond(ground, centre[here], load[here] - size[a]) - was)
        best, goes, comes = -1e-7, -1, -1
        for k in range(_nearest(ground, plan, a, near, far)):
            there = near[k]
            step = far[k] - plan.paid[a]
            held = _beyond(ground, centre[there], load[there])
            come = dear * (_beyond(ground, centre[there], load[there] + size[a]) - held)
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
                    change += dear * (_beyond(ground, centre[here], load[here] + net) - was)
                    change += dear * (_beyond(ground, centre[there], load[there] - net) - held)
                    if change < best:
                        best, goes, comes = change, there, b
                b = plan.after[b]
        if goes >= 0:
            floor[goes] = np.nan
            _move(ground, plan, a, goes)
            if comes >= 0:
                _move(ground, plan, comes, here)


@njit(cache=True)
def _floor(ground: Ground, plan: State, here: int, there: int) -> float:
    """The least that it costs to bring an account from one territory to another."""
    one, least, b = plan.centre[here], np.inf, plan.first[there]
    while b >= 0:
        least = min(least, ground.costs[b, one] - plan.paid[b])
        b = plan.after[b]
    return least


@njit(cache=True)
def _centred(ground: Ground, plan: State, t: int, dear: float, room: Whole) -> None:
    """The best centre of a territory as it is."""
    if t < ground.fixed:
        return
    count = _members(plan, t, room)
    here = plan.centre[t]
    best, goes = dear * _beyond(ground, here, plan.load[t]), here
    for at in range(count):
        best += plan.paid[room[at]]
    best -= 1e-7
    for k in range(ground.near.shape[1]):
        there = ground.near[here, k]
        own = ground.own[there]
        if plan.opened[there] >= 0 or (own >= 0 and plan.made[own] != t):
            continue
        cost = dear * _beyond(ground, there, plan.load[t])
        for at in range(count):
            cost += ground.costs[room[at], there]
            if cost >= best:
                break
        if cost < best:
            best, goes = cost, there
    if goes != here:
        _recentred(ground, plan, t, goes)


@njit(cache=True)
def _cost(ground: Ground, plan: State) -> tuple[float, float]:
    """What a plan costs, and how far it lies beyond limits."""
    cost, beyond = 0.0, 0.0
    for a in range(len(plan.made)):
        cost += plan.paid[a]
    for t in range(len(plan.centre)):
        far = _beyond(ground, plan.centre[t], plan.load[t])
        beyond += far if far > SMALL * max(1.0, plan.load[t]) else 0.0
    return cost, beyond


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
            count = _members(plan, other, room)
            if other >= ground.fixed and count > 0:
                _elsewhere(ground, plan, other, count)
    else:
        for _ in range(2 + np.random.randint(5)):
            count = _members(plan, t, room)
            other = _neighbour(ground, plan, t, 4)
            if count > 0 and other != t:
                a = room[np.random.randint(count)]
                if ground.own[plan.centre[t]] != a:
                    _move(ground, plan, a, other)
            if np.random.random() < 0.5:
                t = other


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
        _move(ground, plan, own, t)
    _recentred(ground, plan, t, there)


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
    count = _members(plan, t, room)
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
        _move(ground, plan, a, goes)
    _recentred(ground, plan, t, there)
    if own >= 0:
        _move(ground, plan, own, t)
    found = 0
    for k in range(1, near):
        other = plan.opened[ground.near[there, k]]
        if other < 0 or other == t or found == AROUND:
            continue
        found += 1
        for at in range(_members(plan, other, room)):
            a = room[at]
            room_left = plan.load[t] + size[a] <= ground.most[there]
            if costs[a, there] < plan.paid[a] and room_left and ground.own[centre[other]] != a:
                _move(ground, plan, a, t)


@njit(cache=True)
def copied(one: State, other: State) -> None:
    other.centre[:], other.made[:], other.load[:] = one.centre, one.made, one.load
    other.first[:], other.after[:], other.ahead[:] = one.first, one.after, one.ahead
    other.opened[:], other.fresh[:], other.paid[:] = one.opened, one.fresh, one.paid


@njit(cache=True)
def searched(
    ground: Ground, plan: State, kept: State, best: State, dear: float, warm: float,
    shakes: int, seed: int,
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
    top, out = _cost(ground, best)
    _settled(ground, plan, dear, room)
    cost, beyond = _cost(ground, plan)
    copied(plan, kept)
    wrong = 0
    for turn in range(shakes):
        if beyond < out - SMALL or (beyond <= out and cost < top - SMALL):
            top, out = cost, beyond
            copied(plan, best)
        _shaken(ground, plan, dear, room)
        _settled(ground, plan, dear, room)
        new, far = _cost(ground, plan)
        wrong += far > 0
        if new + dear * far < cost + dear * beyond + warm * np.random.random():
            cost, beyond = new, far
            copied(plan, kept)
        else:
            copied(kept, plan)
        if turn % 50 == 49:
            dear *= 1.15 if wrong > 15 else (0.9 if wrong < 5 else 1.0)
            wrong = 0
    if beyond < out - SMALL or (beyond <= out and cost < top - SMALL):
        top, out = cost, beyond
        copied(plan, best)
    return top, out, dear
