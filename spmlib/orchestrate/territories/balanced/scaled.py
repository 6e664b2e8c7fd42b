"""Scaled: a problem in numbers of like size, as the searches need it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.territories.problems import Problem

LIGHT = 1e-3  # that an account weighs at least, of an average one


@dataclass(frozen=True)
class Scaled:
    """Units to be given out.

    Attributes:
        costs: units x sellers; infinite where it is not allowed.
        sizes: units x measures, 1 on average.
        weights: of each unit, over its measures.
        least: measures x sellers, most: likewise.
        spread: how much dearer an average seller is than the nearest, for a unit of weight.
    """

    costs: Floats
    sizes: Floats
    weights: Floats
    least: Floats
    most: Floats
    spread: float

    @property
    def sellers(self) -> int:
        """How many sellers there are."""
        return self.costs.shape[1]

    def part(self, which: Whole) -> Scaled:
        """Some of the units."""
        return replace(
            self, costs=self.costs[which], sizes=self.sizes[which], weights=self.weights[which]
        )

    def sample(self, many: int, random: np.random.Generator) -> Scaled:
        """As many units by lot, each standing for others, so that they come to the whole."""
        few = self.part(random.choice(len(self.sizes), many, replace=False))
        more = self.sizes.sum(axis=0) / few.sizes.sum(axis=0)
        heavier = float(more.mean())
        return replace(
            few,
            costs=few.costs * heavier,
            sizes=few.sizes * more,
            weights=few.weights * heavier,
        )

    def loads(self, made: Whole) -> Floats:
        """What each seller has: measures x sellers."""
        return np.stack([np.bincount(made, each, self.sellers) for each in self.sizes.T])


def scaled(problem: Problem) -> Scaled:
    """A problem's units, scaled."""
    of = problem.units
    scale = of.measures.sum(axis=1, keepdims=True) / of.accounts
    scale = np.where(scale > 0, scale, 1.0)
    sizes = np.ascontiguousarray((of.measures / scale).T)
    weights = sizes.mean(axis=1) + LIGHT
    everywhere = bool(of.allowed.all())
    costs = np.ascontiguousarray(of.full if everywhere else np.where(of.allowed, of.full, np.inf))
    few = np.linspace(0, of.accounts - 1, min(of.accounts, 1000)).astype(np.int64)
    near = costs[few].min(axis=1)
    mean = np.where(of.allowed[few], of.full[few], 0).sum(axis=1) / of.allowed[few].sum(axis=1)
    spread = float(((mean - near) / weights[few]).mean())
    return Scaled(
        costs, sizes, weights, of.least / scale, of.most / scale, spread if spread > 0 else 1.0
    )


def unscaled(problem: Problem, prices: Floats) -> Floats:
    """Prices of scaled measures as those of the problem's own."""
    scale = problem.totals[:, None] / problem.units.accounts
    return prices / np.where(scale > 0, scale, 1.0)
