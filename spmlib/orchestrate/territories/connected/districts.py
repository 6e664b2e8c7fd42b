"""Districts: a small map cut into connected, balanced territories whose centres are free, exactly.

    made = districts(far, [visits, potential], 4, [0.05, 0.05], neighbours(pairs, 60))
    made.centres, made.territories, made.gap

Every unit is given to a unit that is a centre. Where a territory of the best whole plan is in
pieces, the units that would have to join them are told to the program, which is solved again, until
nothing is in pieces. Up to about a hundred units; for more see `contiguity`.

Source:
    Hess, Weaver, Siegfeldt, Whelan, Zitlau, "Nonpartisan political redistricting by computer"
    (1965). Cuts: Oehrlein, Haunert, "A cutting-plane method for contiguity-constrained spatial
    aggregation" (2017).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.balanced.plans import Plan
from spmlib.orchestrate.territories.connected.neighbours import Neighbours, pieces
from spmlib.orchestrate.territories.connected.plans import contiguous
from spmlib.orchestrate.territories.problems import FREE, problem

SECONDS = 60.0
EXACT = 1e-7  # of the cost: as near as the program is solved
INFEASIBLE = 2  # what HiGHS says of it, by way of scipy


@dataclass(frozen=True)
class Districts:
    """Territories and their certificate.

    Attributes:
        centres: the unit in the middle of each territory.
        territories: of each unit, counted as the centres are.
        cost: of giving every unit to its centre.
        bound: what no plan within limits can be below, by HiGHS.
        within: whether every territory lies within every limit.
    """

    centres: Whole
    territories: Whole
    cost: float
    bound: float
    within: bool

    @property
    def proven(self) -> bool:
        """Whether no plan within limits is better, but for what HiGHS leaves open."""
        return self.within and self.cost - self.bound <= 2 * EXACT * abs(self.cost)

    @property
    def gap(self) -> float:
        """How far the plan may be from the best there is, as a share of the bound."""
        return (self.cost - self.bound) / abs(self.bound) if self.bound else float("nan")


def districts(
    costs: Floats,
    measures: Floats,
    count: int,
    tolerances: Sequence[float] | float,
    neighbours: Neighbours,
    seconds: float = SECONDS,
) -> Districts:
    """Connected territories around centres that are free, and how good they are, proven.

    If time is out, the best plan so far comes back with a gap.

    Args:
        costs: units x units: of giving one to a territory around the other.
        measures: one row for each; every territory has the same part of it, within tolerance.
        count: of territories.
        tolerances: of each measure, e.g. 0.05; one for all.
        neighbours: which units lie beside each other.
        seconds: for all of it.

    Raises:
        ParameterError: no plan is within limits, or none was found in time.
    """
    values = np.atleast_2d(np.asarray(measures, float))
    far = np.broadcast_to(np.asarray(tolerances, float), len(values))
    limits, top = _limits(values, count, far), _top(neighbours)
    until = time.monotonic() + seconds
    best, lowest = None, -np.inf
    while best is None or (not best.proven and time.monotonic() < until):
        told = _solved(costs, limits, top, max(until - time.monotonic(), 0.01))
        lowest = max(lowest, -np.inf if told.mip_dual_bound is None else told.mip_dual_bound)
        if told.x is None:
            break
        chosen = told.x.reshape(costs.shape).argmax(axis=1)
        made = _joined(costs, values, far, neighbours, chosen)
        best = replace(_better(made, best), bound=lowest)
        cuts = _cuts(neighbours, chosen)
        if not len(cuts):
            break
        limits.append(_told(cuts, neighbours.units))
    if best is None:
        raise ParameterError(f"no plan was found in {seconds:g} seconds; give more time.")
    return replace(best, bound=lowest)


def _limits(values: Floats, count: int, far: Floats) -> list[LinearConstraint]:
    """Each unit has one centre; there are so many; each holds its part, if it is one."""
    units = values.shape[1]
    pairs = units * units
    unit, centre = np.divmod(np.arange(pairs), units)
    own = np.arange(units) * (units + 1)  # where a unit is its own centre
    limits = [
        LinearConstraint(_matrix(unit, np.arange(pairs), 1.0, (units, pairs)), 1, 1),
        LinearConstraint(_matrix(np.zeros(units, int), own, 1.0, (1, pairs)), count, count),
    ]
    for row, tolerance in zip(values, far, strict=True):
        load = _matrix(centre, np.arange(pairs), row[unit] * count / row.sum(), (units, pairs))
        is_one = _matrix(np.arange(units), own, 1.0, (units, pairs))
        limits.append(LinearConstraint(load - (1 - tolerance) * is_one, 0, np.inf))
        limits.append(LinearConstraint(load - (1 + tolerance) * is_one, -np.inf, 0))
    other = np.flatnonzero(unit != centre)
    each = np.arange(len(other))
    given = _matrix(each, other, 1.0, (len(other), pairs))
    open_ = _matrix(each, own[centre[other]], 1.0, (len(other), pairs))
    return [*limits, LinearConstraint(given - open_, -np.inf, 0)]


def _matrix(
    rows: Whole, columns: Whole, values: Floats | float, shape: tuple[int, int]
) -> sparse.csr_array:
    told = np.broadcast_to(values, len(rows)).astype(float)
    return sparse.csr_array((told, (rows, columns)), shape)


def _top(neighbours: Neighbours) -> Floats:
    """1 for pairs that lie in the same piece of the map."""
    piece = neighbours.labels(np.zeros(neighbours.units, np.int64))
    return (piece[:, None] == piece[None]).astype(float).ravel()


def _solved(
    costs: Floats, limits: list[LinearConstraint], top: Floats, seconds: float
) -> OptimizeResult:
    told = milp(
        costs.ravel(),
        integrality=np.ones(costs.size),
        bounds=Bounds(0, top),
        constraints=limits,
        options={"time_limit": seconds, "mip_rel_gap": EXACT},
    )
    if told.status == INFEASIBLE:
        raise ParameterError(
            "no territories are connected and within limits; raise the tolerance, ask for another "
            "number, or join pieces of the map that are too small to be one."
        )
    return told


def _joined(
    costs: Floats, values: Floats, far: Floats, neighbours: Neighbours, chosen: Whole
) -> Districts:
    """A plan made connected around its centres, and then centred again."""
    centres, sellers = np.unique(chosen, return_inverse=True)
    locked = np.full(len(chosen), FREE)
    locked[centres] = np.arange(len(centres))
    asked = problem(costs[:, centres], values, list(far), locked=locked)
    plan = Plan(asked, sellers, -np.inf, np.zeros((len(values), len(centres))))
    if (pieces(neighbours, sellers, len(centres)) > 1).any():
        plan = contiguous(asked, neighbours, plan)
    member = plan.sellers[:, None] == np.arange(len(centres))
    total = np.where(member, costs.T @ member, np.inf)
    middle = total.argmin(axis=0)
    cost = float(total.min(axis=0).sum())
    return Districts(middle, plan.sellers, cost, -np.inf, plan.within)


def _better(one: Districts, other: Districts | None) -> Districts:
    """Of two plans the one within limits; of equals the cheaper."""
    if other is None or (not one.within, one.cost) < (not other.within, other.cost):
        return one
    return other


def _cuts(neighbours: Neighbours, chosen: Whole) -> list[tuple[int, int, Whole]]:
    """Units in pieces apart from their centre: unit, centre, units of which one has to join them.

    These are the ones beside the piece that are met first on the ways from the centre.
    """
    graph, label = neighbours.graph(), neighbours.labels(chosen)
    cuts = []
    for piece in np.unique(label[label != label[chosen]]):
        inside = label == piece
        centre = int(chosen[inside][0])
        edge = (graph @ inside > 0) & ~inside
        reached = neighbours.labels((inside | edge).astype(np.int64))
        joins = np.flatnonzero(edge & (graph @ (reached == reached[centre]) > 0))
        cuts += [(int(unit), centre, joins) for unit in np.flatnonzero(inside)]
    return cuts


def _told(cuts: list[tuple[int, int, Whole]], units: int) -> LinearConstraint:
    """A unit has a centre only if one of those that join them has it as well."""
    row = np.repeat(np.arange(len(cuts)), [1 + len(joins) for _, _, joins in cuts])
    unit = np.concatenate([np.append(joins, each) for each, _, joins in cuts])
    centre = np.array([each for _, each, _ in cuts])[row]
    sign = np.concatenate([np.append(-np.ones(len(joins)), 1.0) for _, _, joins in cuts])
    made = _matrix(row, unit * units + centre, sign, (len(cuts), units * units))
    return LinearConstraint(made, -np.inf, 0)
