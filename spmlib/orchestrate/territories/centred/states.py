"""Centre states: a plan with centres that is worked on in place, for compiled code.

The accounts of a territory are a chain, so that any of them leaves and comes at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole

SMALL = 1e-9


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
    link(ground, told)
    return told


@njit(cache=True)
def link(ground: Ground, plan: State) -> None:
    """Make the chains of a plan."""
    plan.load[:] = 0
    plan.first[:] = -1
    plan.opened[:] = -1
    for t in range(len(plan.centre)):
        plan.opened[plan.centre[t]] = t
    for a in range(len(plan.made)):
        put(ground, plan, a, plan.made[a])


@njit(cache=True)
def put(ground: Ground, plan: State, a: int, t: int) -> None:
    """Put an account at the head of a territory's chain."""
    plan.made[a] = t
    plan.paid[a] = ground.costs[a, plan.centre[t]]
    plan.load[t] += ground.size[a]
    plan.after[a], plan.ahead[a] = plan.first[t], -1
    if plan.first[t] >= 0:
        plan.ahead[plan.first[t]] = a
    plan.first[t] = a


@njit(cache=True)
def move(ground: Ground, plan: State, a: int, t: int) -> None:
    """Take an account to another territory."""
    here = plan.made[a]
    plan.load[here] -= ground.size[a]
    if plan.ahead[a] >= 0:
        plan.after[plan.ahead[a]] = plan.after[a]
    else:
        plan.first[here] = plan.after[a]
    if plan.after[a] >= 0:
        plan.ahead[plan.after[a]] = plan.ahead[a]
    plan.fresh[here] = plan.fresh[t] = True
    put(ground, plan, a, t)


@njit(cache=True)
def recentre(ground: Ground, plan: State, t: int, candidate: int) -> None:
    """Move the centre of a territory."""
    plan.opened[plan.centre[t]] = -1
    plan.centre[t] = candidate
    plan.opened[candidate] = t
    plan.fresh[t] = True
    a = plan.first[t]
    while a >= 0:
        plan.paid[a] = ground.costs[a, candidate]
        a = plan.after[a]


@njit(cache=True)
def beyond(ground: Ground, candidate: int, load: float) -> float:
    """How far a load lies beyond the limits."""
    over = load - ground.most[candidate]
    under = ground.least[candidate] - load
    return max(over, under, 0.0)


@njit(cache=True)
def members(plan: State, t: int, room: Whole) -> int:
    """Write the accounts of a territory into `room`; how many they are."""
    count, a = 0, plan.first[t]
    while a >= 0:
        room[count] = a
        count += 1
        a = plan.after[a]
    return count


@njit(cache=True)
def copy(one: State, other: State) -> None:
    """Make the other plan what the first one is."""
    other.centre[:], other.made[:], other.load[:] = one.centre, one.made, one.load
    other.first[:], other.after[:], other.ahead[:] = one.first, one.after, one.ahead
    other.opened[:], other.fresh[:], other.paid[:] = one.opened, one.fresh, one.paid


@njit(cache=True)
def cost_of(ground: Ground, plan: State) -> tuple[float, float]:
    """What a plan costs, and how far it lies beyond limits."""
    cost, out = 0.0, 0.0
    for a in range(len(plan.made)):
        cost += plan.paid[a]
    for t in range(len(plan.centre)):
        far = beyond(ground, plan.centre[t], plan.load[t])
        out += far if far > SMALL * max(1.0, plan.load[t]) else 0.0
    return cost, out
