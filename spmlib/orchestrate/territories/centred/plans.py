"""Centres: how many territories, centred where, who has which account, and how good that is.

    plan = centred(sited(costs, workload, 10, tolerance=0.05))
    plan.centres, plan.sellers, plan.gap  # where; each account's territory; from the best there is
    how_many(problem, [8, 10, 12])  # what more territories would save

A relaxation says where centres are likely to be; the plan is shaken and made better for as long as
there is time. The certificate is the bound with its multipliers: `bounds.bound` computes it
again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.territories.centred import shakes as search
from spmlib.orchestrate.territories.centred import states
from spmlib.orchestrate.territories.centred.bounds import bounded
from spmlib.orchestrate.territories.centred.problems import Sited, numbered
from spmlib.orchestrate.territories.centred.turns import turned
from spmlib.orchestrate.territories.problems import FREE

if TYPE_CHECKING:
    import pandas as pd

SECONDS = 10.0
CLOSE = 1e-9  # of the whole, beyond a limit, that is rounding
BOUNDING = 0.2  # of the time, at most, for the bound before the search; after it once more
PARTS = 50  # of the search: between them it cools, and may go back to the best
BACK = 0.1  # how often it does
WARM = 0.15  # of a mean territory's cost, by which a plan may be dearer at first and be kept
AMPLE = 300  # shakes of a territory; with fewer the search begins cooler
NEAR = 10  # times as many candidates as a territory has, that are near


@dataclass(frozen=True)
class Plan:
    """Where territories have their centres, and who has each account.

    Attributes:
        problem: what was asked.
        centres: the candidate of each territory, fixed ones first.
        sellers: the territory of each account.
        bound: what no plan within the limits can be below.
        multipliers: of each account, that the bound rests on.
    """

    problem: Sited
    centres: Whole
    sellers: Whole
    bound: float
    multipliers: Floats

    @property
    def cost(self) -> float:
        """What the plan costs."""
        return self.problem.cost(self.centres, self.sellers)

    @property
    def gap(self) -> float:
        """How far the plan may be from the best there is, as a share of the bound."""
        return (self.cost - self.bound) / self.bound if self.bound > 0 else float("nan")

    @property
    def loads(self) -> Floats:
        """What each territory carries."""
        return self.problem.loads(self.sellers)

    @property
    def within(self) -> bool:
        """Whether every territory lies within its limits."""
        far = self.problem.beyond(self.centres, self.sellers)
        return bool((far <= CLOSE * self.problem.size.sum()).all())


def centred(
    problem: Sited, seconds: float = SECONDS, seed: int = 0, shakes: int | None = None
) -> Plan:
    """A plan near the best there is, with its certificate.

    Accounts are whole: where no plan within limits was found, the one returned passes them as
    little as was found, and its `within` says so.

    Args:
        problem: accounts, candidates and limits.
        seconds: of computing, for all of it.
        seed: of the random numbers.
        shakes: how many, instead of seconds: the same plan each time.

    Example:
        >>> from spmlib.orchestrate.territories.centred.problems import sited
        >>> far = np.abs(np.arange(6.0)[:, None] - np.arange(6.0))
        >>> plan = centred(sited(far, np.ones(6), 2, tolerance=0.0), shakes=100)
        >>> sorted(plan.centres.tolist()), plan.cost, plan.within
        ([1, 4], 4.0, True)
    """
    limit = np.inf if shakes is not None else BOUNDING * seconds
    begun = time.thread_time()
    relaxed = bounded(problem, np.inf, limit)
    used = time.thread_time() - begun
    limit = np.inf if shakes is not None else used
    left = seconds - 2 * used
    centres, sellers = _searched(problem, relaxed.centres, left, seed, shakes)
    if problem.tolerance is not None:
        centres, sellers = turned(problem, centres, sellers)
    cost = problem.cost(centres, sellers)
    told = bounded(problem, cost, limit, relaxed.multipliers)
    best = max(relaxed, told, key=lambda each: each.bound)
    return Plan(problem, centres, sellers, best.bound, best.multipliers)


def how_many(
    problem: Sited, territories: Sequence[int], seconds: float = SECONDS, seed: int = 0
) -> pd.DataFrame:
    """What more or fewer territories would cost.

    Args:
        problem: accounts, candidates and limits.
        territories: numbers to try.
        seconds: for each plan.
        seed: of the random numbers.

    Returns:
        territories, cost, bound, gap, worst_load (the largest, as a share of the mean), within.

    Raises:
        ParameterError: no plan has that many territories.
    """
    import pandas as pd

    rows = []
    for many in territories:
        plan = centred(numbered(problem, many), seconds, seed)
        worst = float(plan.loads.max() / plan.problem.mean)
        row = {"territories": many, "cost": plan.cost, "bound": plan.bound, "gap": plan.gap}
        rows.append(row | {"worst_load": worst, "within": plan.within})
    return pd.DataFrame(rows)


def _searched(
    problem: Sited, centres: Whole, seconds: float, seed: int, shakes: int | None
) -> tuple[Whole, Whole]:
    """Centres and sellers, shaken until time or shakes are over."""
    random = np.random.default_rng(seed)
    ground = _ground(problem)
    plan, kept, best = (states.state(ground, centres, _nearest(problem, centres)) for _ in range(3))
    cost, dear = problem.cost(plan.centre, plan.made), _dear(problem)
    begun, done, part = time.thread_time(), 0, 1 if shakes is None else max(shakes // PARTS, 1)
    spent, hope = 0.0, 0.0
    while spent < 1.0:
        warm = WARM * cost / problem.territories * min(1.0, hope / AMPLE) * (1.0 - spent)
        number = int(random.integers(1 << 30))
        cost, _, dear = search.searched(ground, plan, kept, best, dear, warm, part, number)
        done += part
        if random.random() < BACK:
            states.copy(best, plan)
        if shakes is None:
            spent = (time.thread_time() - begun) / max(seconds, 1e-9)
            part = int(np.clip(done / max(spent, 1e-9) / PARTS, 1, 4 * part))
        else:
            spent = done / max(shakes, 1)
            part = min(part, max(shakes - done, 1))
        hope = done / max(spent, 1e-9) / problem.territories
    return best.centre, best.made


def _nearest(problem: Sited, centres: Whole) -> Whole:
    """Each account at the nearest centre, and what centres keep at them."""
    made = problem.costs[:, centres].argmin(axis=1)
    keep = problem.own[centres]
    made[keep[keep != FREE]] = np.flatnonzero(keep != FREE)
    return made


def _dear(problem: Sited) -> float:
    """What a unit beyond a limit costs at first."""
    size = np.median(problem.size[problem.size > 0]) if problem.size.any() else 1.0
    return float((np.percentile(problem.costs, 20) + 1e-12) / size)


def _ground(problem: Sited) -> states.Ground:
    """What does not change, with the nearest candidates of each, by what its own account says."""
    count = problem.candidates
    many = min(count, max(40, NEAR * count // problem.territories))
    scaled = problem.costs / np.maximum(problem.costs.mean(axis=1, keepdims=True), 1e-300)
    there = scaled.argmin(axis=0)
    far = scaled[there]
    far[np.arange(count), np.arange(count)] = -1.0
    near = np.argpartition(far, many - 1, axis=1)[:, :many]
    order = np.argsort(np.take_along_axis(far, near, axis=1), axis=1)
    near = np.take_along_axis(near, order, axis=1)
    least, most = problem.limits
    fixed = len(problem.fixed)
    return states.Ground(problem.costs, problem.size, least, most, problem.own, near, fixed)
