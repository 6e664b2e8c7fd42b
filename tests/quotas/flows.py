"""Flows: the whole roundings that lie nearest to ideals, by OR-tools: slow, and certainly right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from spmlib.core.arrays import Floats, Whole

COST = 1_000_000  # of moving a cell by a whole unit away from its ideal
CLOSE = 1e-9  # what is no further from a whole number is that number


def nearest(ideal: Floats, groups: Sequence[Whole] = ()) -> Whole:
    """As `roundings.rounded`, with the least distance from all cells together."""
    rows, columns = ideal.shape
    tree = _Tree(ideal, [np.arange(rows), *groups, np.zeros(rows, np.int64)])
    flow = SimpleMinCostFlow()
    tail, head, wanted, part, cost = tree.arcs()
    free = part > CLOSE
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        tail[free], head[free], np.ones(free.sum(), np.int64), cost[free]
    )
    need = np.zeros(tree.nodes, np.int64)
    np.add.at(need, tail, -wanted)
    np.add.at(need, head, wanted)
    flow.set_nodes_supplies(np.arange(tree.nodes), need)
    status = flow.solve()
    assert status == flow.OPTIMAL, status  # a fractional one exists, so a whole one does
    made = wanted.copy()
    made[free] += np.asarray(flow.flows(arcs), np.int64)
    return made[: rows * columns].reshape(rows, columns)


class _Tree:
    """Sums over all months by row groups on one side, month by month on the other."""

    def __init__(self, ideal: Floats, levels: list[Whole]) -> None:
        self.ideal, self.levels = ideal, levels
        self.columns = ideal.shape[1]
        sizes = [int(level.max(initial=-1)) + 1 for level in levels]
        self.years = np.cumsum([0, *sizes])  # nodes of sums over all months
        first = self.years[-1]
        self.months = first + np.cumsum([0, *(size * self.columns for size in sizes)])
        self.end = int(self.months[-1])  # where all months meet
        self.nodes = self.end + 1

    def arcs(self) -> tuple[Whole, Whole, Whole, Whole, Whole]:
        """From, to, floor, fraction and cost: cells first, then sums."""
        parts = [self._cells()]
        for at in range(len(self.levels) - 1):
            below, above = self._parents(at)
            years = self._sums(at).sum(axis=1)
            parts.append((self.years[at + 1] + above, self.years[at] + below, years))
            cell = below[:, None] * self.columns + np.arange(self.columns)
            over = above[:, None] * self.columns + np.arange(self.columns)
            months = self._sums(at)
            parts.append(
                (self.months[at] + cell.ravel(), self.months[at + 1] + over.ravel(), months.ravel())
            )
        top = len(self.levels) - 1
        whole = self._sums(top)
        ends = self.months[top] + np.arange(self.columns)
        parts.append((ends, np.full(self.columns, self.end), whole.ravel()))
        parts.append((np.array([self.end]), self.years[top : top + 1], np.array([whole.sum()])))
        tail, head, ideal = (np.concatenate(each) for each in zip(*parts, strict=True))
        floor = np.floor(ideal + CLOSE)
        part = np.maximum(ideal - floor, 0.0)
        cost = np.zeros(len(ideal), np.int64)
        cells = len(parts[0][0])
        cost[:cells] = np.round(COST * (0.5 - part[:cells]) * 2)
        return tail, head, floor.astype(np.int64), part, cost

    def _cells(self) -> tuple[Whole, Whole, Floats]:
        rows = np.arange(len(self.ideal))[:, None]
        month = self.months[0] + rows * self.columns + np.arange(self.columns)
        return (
            np.repeat(self.years[0] + rows, self.columns, 1).ravel(),
            month.ravel(),
            self.ideal.ravel(),
        )

    def _parents(self, at: int) -> tuple[Whole, Whole]:
        """The groups of a level, and the group of the next one that each belongs to."""
        own, first = np.unique(self.levels[at], return_index=True)
        return own, self.levels[at + 1][first]

    def _sums(self, at: int) -> Floats:
        """The ideal by group of a level and month."""
        size = int(self.levels[at].max(initial=-1)) + 1
        made = np.zeros((size, self.columns))
        np.add.at(made, self.levels[at], self.ideal)
        return made
