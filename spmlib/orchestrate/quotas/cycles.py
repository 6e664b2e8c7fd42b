"""Cycles: a fractional flow made whole by pushing it around the cycles of its fractions, compiled.

Around a cycle as much can be added to one arc as is taken from the next, and every node still gets
what it gives. So each push makes one arc whole at least and spoils no sum; and as long as an arc is
fractional it lies on such a cycle, for no sum of whole numbers leaves a fraction over. Amounts are
whole numbers of a tiny part, so that nothing is lost on the way.

Source:
    Integral flows: Ford, Fulkerson, "Flows in networks" (1962). Cycles for roundings: Gandhi,
    Khuller, Parthasarathy, Srinivasan, "Dependent rounding and its applications" (2006).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole


class Network(NamedTuple):
    """Arcs, and at each node a list of those that are fractional, but for the one up.

    Attributes:
        tail: the node that each arc leaves.
        head: the node that it enters.
        part: its fraction, from 0 to one.
        cost: of a whole one more on it.
        up: of each node, the arc by which walks leave it last: so that cycles stay short.
        listed: arcs, node by node.
        start: where each node's arcs begin.
        many: how many of them are fractional; these come first.
        place: where each arc is listed at its tail, then at its head; -1 if it is not.
    """

    tail: Whole
    head: Whole
    part: Whole
    cost: Floats
    up: Whole
    listed: Whole
    start: Whole
    many: Whole
    place: Whole


def made_whole(tail: Whole, head: Whole, part: Whole, one: int, cost: Floats, up: Whole) -> Whole:
    """The fraction of each arc, made none or one, so that what flows into a node flows out of it.

    Args:
        tail: as `Network`, like all that follow.
        head: see there.
        part: a circulation, up to whole ones.
        one: what a whole one is.
        cost: of two ways around a cycle the cheaper is taken.
        up: of each node.

    Returns:
        As `part`, each 0 or `one`.
    """
    ends = np.concatenate([tail, head])
    arcs = np.tile(np.arange(len(tail)), 2)
    down = up[ends] != arcs
    order = np.argsort(ends[down], kind="stable")
    many = np.bincount(ends[down], minlength=len(up))
    start = np.concatenate([[0], np.cumsum(many)])
    place = np.full(2 * len(tail), -1, np.int64)
    place[np.flatnonzero(down)[order]] = np.arange(len(order))
    net = Network(tail, head, part.copy(), cost, up, arcs[down][order], start, many, place)
    _walked(net, one)
    return net.part


@njit(cache=True)
def _walked(net: Any, one: Any) -> None:
    """Walk along fractions; where the walk meets itself, push, and go on with what is left."""
    nodes = len(net.up)
    for arc in range(len(net.tail)):
        if net.part[arc] == 0 or net.part[arc] == one:
            _close(net, arc)
    arcs, stops = np.empty(nodes + 1, np.int64), np.empty(nodes + 1, np.int64)
    at = np.full(nodes, -1)  # where on the walk each node is
    for origin in range(nodes):
        stops[0], at[origin], last = origin, 0, 0
        while True:
            node = stops[last]
            came = arcs[last - 1] if last > 0 else -1
            arc = _next(net, node, came, one)
            if arc < 0 and last == 0:
                break
            if arc < 0:  # what is left over of sums that were taken to be whole
                net.part[came] = one if 2 * net.part[came] >= one else 0
                _close(net, came)
                at[node], last = -1, last - 1
                continue
            arcs[last] = arc
            other = net.head[arc] if net.tail[arc] == node else net.tail[arc]
            if at[other] < 0:
                last += 1
                stops[last], at[other] = other, last
                continue
            cut = _push(net, arcs, stops, at[other], last, one)
            for on in range(cut + 1, last + 1):
                at[stops[on]] = -1
            last = cut
        at[origin] = -1


@njit(cache=True)
def _push(net: Any, arcs: Any, stops: Any, begin: Any, end: Any, one: Any) -> Any:
    """Push along a cycle what makes an arc whole; gives where on the walk the first of them is."""
    step = _step(net, arcs, stops, begin, end, one)
    cut = -1
    for on in range(begin, end + 1):
        arc = arcs[on]
        net.part[arc] += step if net.tail[arc] == stops[on] else -step
        if net.part[arc] == 0 or net.part[arc] == one:
            _close(net, arc)
            cut = on if cut < 0 else cut
    return cut


@njit(cache=True)
def _step(net: Any, arcs: Any, stops: Any, begin: Any, end: Any, one: Any) -> Any:
    """How much more flows along a cycle in the walk's direction; less than 0: against it."""
    ahead = back = one
    worth = 0.0
    for on in range(begin, end + 1):
        arc, room = arcs[on], one - net.part[arcs[on]]
        if net.tail[arc] == stops[on]:
            ahead, back = min(ahead, room), min(back, net.part[arc])
            worth += net.cost[arc]
        else:
            ahead, back = min(ahead, net.part[arc]), min(back, room)
            worth -= net.cost[arc]
    return ahead if worth <= 0 else -back


@njit(cache=True)
def _next(net: Any, node: Any, came: Any, one: Any) -> Any:
    """A fractional arc of a node other than the one that led to it; -1 if there is none."""
    for place in range(net.start[node], net.start[node] + min(net.many[node], 2)):
        if net.listed[place] != came:
            return net.listed[place]
    up = net.up[node]
    return up if up != came and 0 < net.part[up] < one else -1


@njit(cache=True)
def _close(net: Any, arc: Any) -> None:
    """Take an arc off the lists of its nodes: it is whole."""
    size = len(net.tail)
    for side in range(2):
        here = net.place[arc + side * size]
        if here < 0:
            continue
        node = net.tail[arc] if side == 0 else net.head[arc]
        net.many[node] -= 1
        last = net.start[node] + net.many[node]
        moved = net.listed[last]
        net.listed[here], net.listed[last] = moved, arc
        net.place[moved if net.tail[moved] == node else moved + size] = here
        net.place[arc + side * size] = -1
