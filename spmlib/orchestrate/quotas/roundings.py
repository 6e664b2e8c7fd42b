"""Roundings: whole units in every cell and every margin at once, none further than one from ideal.

Rounding cell by cell makes totals drift; rounding row by row makes months drift. Here people, the
groups they belong to, months and every group's months are all whole and all add up. Rows are a tree
(company, region, team, person), columns are months: two families of nested sums, so whole
roundings exist and are a flow through a network.

Source:
    Controlled rounding: Causey, Cox, Ernst, "Applications of transportation theory to statistical
    problems" (1985). Largest remainder: Hamilton (1792).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spmlib.orchestrate.forecasting.panels import Floats, Whole

COST = 1_000_000  # of moving a cell by a whole unit away from its ideal
CLOSE = 1e-9  # what is no further from a whole number is that number


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

    Each cell, each sum and the whole is its ideal rounded up or down.

    Args:
        ideal: people x months [units].
        groups: of each person, from the smallest groups to the largest, each a number from 0; who
            shares a group shares all larger ones.

    Returns:
        As `ideal`, whole: rows add up to whole totals, months too, and groups in both.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

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
