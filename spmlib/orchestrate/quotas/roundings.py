"""Roundings: whole units in every cell and every margin at once, none further than one from ideal.

Rounding cell by cell makes totals drift; rounding row by row makes months drift. Here people, the
groups they belong to, months and every group's months are all whole and all add up. Rows are a tree
(company, region, team, person), columns are months: two families of nested sums. So ideals are a
flow through a network, from the company's year to its people's and on through their months to the
company's months, and a flow with whole sums can be made whole everywhere (`cycles`).

Source:
    Controlled rounding: Causey, Cox, Ernst, "Applications of transportation theory to statistical
    problems" (1985). Largest remainder: Hamilton (1792).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.quotas.cycles import made_whole

CLOSE = 1e-9  # what is no further from a whole number is that number
FINE = 42  # bits of a fraction: two million of them still add up in 63
ONE = 1 << FINE


def largest_remainder(ideal: Floats, total: int) -> Whole:
    """Whole numbers that add up to a total, each its ideal rounded up or down.

    Args:
        ideal: adding up to the total, or within as many units of it as there are numbers.
        total: whole.
    """
    floor = np.floor(ideal + CLOSE)
    short = int(total - floor.sum())
    order = np.argsort(-(ideal - floor), kind="stable")
    made = floor.astype(np.int64)
    made[order[: max(short, 0)]] += 1
    return made


def rounded(ideal: Floats, groups: Sequence[Whole] = ()) -> Whole:
    """Whole cells, rows, columns, groups of rows and columns of groups, all at once.

    Each cell, each sum and the whole is its ideal rounded up or down; a sum that is whole but for
    the inexactness of floats stays. Which of two ways around is taken keeps cells near, though not
    nearest of all.

    Args:
        ideal: people x months [units].
        groups: of each person, from the smallest groups to the largest, each a number from 0; who
            shares a group shares all larger ones.

    Returns:
        As `ideal`, whole: rows add up to whole totals, months too, and groups in both.
    """
    rows, columns = ideal.shape
    if not ideal.size:
        return np.zeros(ideal.shape, np.int64)
    levels = [np.arange(rows), *groups, np.zeros(rows, np.int64)]
    floor = np.floor(ideal + CLOSE)
    fine = np.rint(np.maximum(ideal - floor, 0.0) * ONE).astype(np.int64)
    fine[fine <= CLOSE * ONE] = 0
    tail, head, part, up = _network(ideal, fine, levels)
    cost = np.zeros(len(part))
    cost[: fine.size] = 0.5 - part[: fine.size] / ONE
    made = made_whole(tail, head, part, ONE, cost, up)[: fine.size].reshape(rows, columns)
    return floor.astype(np.int64) + made // ONE


def _network(
    ideal: Floats, fine: Whole, levels: Sequence[Whole]
) -> tuple[Whole, Whole, Whole, Whole]:
    """From, to and fraction of each arc, cells first; and of each node the arc up.

    Nodes are the year of every person and group, then the months of every group, and at last the
    end where the company's months meet its year.
    """
    columns = fine.shape[1]
    sizes = [int(level.max()) + 1 for level in levels]
    years = np.cumsum([0, *sizes])
    months = years[-1] + np.cumsum([0, *(size * columns for size in sizes[1:])])
    end = np.array([months[-1]])
    cells = (np.repeat(levels[0], columns), months[0] + _months(levels[1], columns), fine.ravel())
    arcs, owners = [cells], [np.empty(0, np.int64)]
    below = np.column_stack([fine, fine.sum(axis=1)]) % ONE
    size = np.column_stack([np.abs(ideal), np.abs(ideal).sum(axis=1)])
    for at in range(len(levels)):
        top = at == len(levels) - 1
        above = np.zeros(sizes[at], np.int64) if top else _parents(levels[at], levels[at + 1])
        part = _settled(below, size)
        own = years[at] + np.arange(sizes[at])
        arcs.append((end if top else years[at + 1] + above, own, part[:, -1]))
        owners.append(own)
        if at:
            own = months[at - 1] + np.arange(sizes[at] * columns)
            to = np.repeat(end, columns) if top else months[at] + _months(above, columns)
            arcs.append((own, to, part[:, :-1].ravel()))
            owners.append(own)
        if not top:
            below, size = (_summed(each, above, sizes[at + 1]) for each in (below, size))
            below %= ONE
    tail, head, part = (np.concatenate(each) for each in zip(*arcs, strict=True))
    up = np.full(end[0] + 1, -1)
    up[np.concatenate(owners)] = np.arange(fine.size, len(part))
    up[end] = up[years[-1] - 1]
    return tail, head, part, up


def _settled(part: Whole, size: Floats) -> Whole:
    """Fractions of sums; those that only the inexactness of floats keeps from being whole are."""
    near = (CLOSE + 4 * np.finfo(float).eps * size) * ONE
    made = np.where(part <= near, 0, part)
    return np.where(ONE - made <= near, ONE, made)


def _summed(values: Whole, groups: Whole, size: int) -> Whole:
    made = np.zeros((size, values.shape[1]), values.dtype)
    np.add.at(made, groups, values)
    return made


def _parents(level: Whole, above: Whole) -> Whole:
    """The group of the next level that each group of a level belongs to."""
    made = np.zeros(int(level.max()) + 1, np.int64)
    made[level] = above
    return made


def _months(groups: Whole, columns: int) -> Whole:
    """Every month of some groups, as numbers from the first one's first."""
    return (groups[:, None] * columns + np.arange(columns)).ravel()
