"""Repairs: a plan whose territories lie in pieces, made connected.

Of each territory one piece stays; what lies astray goes to a territory beside it. Units that only
one seller may have stay theirs, joined by the cheapest way through units between.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.connected.neighbours import Neighbours
from spmlib.orchestrate.territories.problems import FREE, Problem

WAYS = 200  # that are laid, at most, to units which no territory beside them may have
ORDERS = 20  # in which this is tried: who could not be reached comes first the next time


def repaired(problem: Problem, of: Neighbours, sellers: Whole) -> Whole:
    """A plan in which every territory is connected; limits are left to others.

    Args:
        problem: who may have what.
        of: which units lie beside each other.
        sellers: the plan.

    Raises:
        ParameterError: units lie apart from all that could have them; it says which.
    """
    _refuse(problem, of)
    costs = np.where(problem.allowed, problem.full, np.inf)
    locked = _locked(problem, of, costs)
    first: list[int] = []
    for _ in range(ORDERS):
        made, failed = _tried(problem, of, costs, sellers, locked, first)
        if failed == FREE:
            return made
        first.insert(0, failed)
    raise ParameterError(
        f"no way was found to unit {failed} from a seller who may have it; allow more sellers, "
        "lock one unit of its piece of the map to a seller, or add neighbours."
    )


def _tried(
    problem: Problem, of: Neighbours, costs: Floats, sellers: Whole, kept: Whole, first: list[int]
) -> tuple[Whole, int]:
    """A plan for which ways are laid to some units first, and a unit that was not reached."""
    ahead = list(first)
    for _ in range(WAYS):
        held = _filled(problem, costs, np.where(kept == FREE, sellers, kept), kept)
        core = _cores(problem, of, held, kept)
        made = _grown(of.starts, of.others, costs, core)
        left = [*ahead, *np.flatnonzero(made == FREE)]
        if not left:
            return made, FREE
        failed = int(left[0])
        ahead = ahead[1:]
        way, owner = _reached(of, costs, core, kept, failed)
        if owner == FREE:
            break
        kept = kept.copy()
        kept[way] = owner
    return made, failed


def _refuse(problem: Problem, of: Neighbours) -> None:
    """Pieces of the map that no seller could live on."""
    piece = of.labels(np.zeros(of.units, np.int64))
    count = int(piece.max()) + 1
    if count > problem.sellers:
        raise ParameterError(
            f"the map is in {count} pieces that no neighbours join, and there are "
            f"{problem.sellers} sellers; add the pairs that a ferry or a bridge joins."
        )
    there = np.stack([np.bincount(piece, each, count) for each in problem.measures])
    small = there[:, :, None] < problem.least[:, None] - 1e-9 * problem.totals[:, None, None]
    alone = np.flatnonzero(np.all(np.any(small, axis=0), axis=1))
    if len(alone):
        units = np.flatnonzero(np.isin(piece, alone))
        raise ParameterError(
            f"{_some(units)} lie apart from the rest of the map and are less than any seller is to "
            "have; add the pairs that a ferry or a bridge joins, or leave them out."
        )


def _some(units: Whole) -> str:
    """Units in words, the first few of many."""
    told = ", ".join(str(each) for each in units[:5])
    more = f" and {len(units) - 5} more" if len(units) > 5 else ""
    return f"units {told}{more}" if len(units) > 1 else f"unit {told} alone"


def _locked(problem: Problem, of: Neighbours, costs: Floats) -> Whole:
    """The seller of units that only one may have, and of units that join them; `FREE` for others.

    The seller with most such units chooses first.
    """
    only = problem.allowed.sum(axis=1) == 1
    kept = np.where(only, problem.allowed.argmax(axis=1), FREE)
    many = np.bincount(kept[only], minlength=problem.sellers)
    for seller in np.argsort(-many, kind="stable")[: np.count_nonzero(many)]:
        while True:
            units = np.flatnonzero(kept == seller)
            piece = of.labels((kept == seller).astype(np.int64))[units]
            apart = piece != piece[0]
            if not apart.any():
                break
            way, _ = _way(of, costs, kept, int(seller), units[~apart], units[apart])
            if not len(way):
                raise ParameterError(
                    f"units {units[0]} and {units[apart][0]} are for seller {seller} alone, and no "
                    "way joins them through units that this seller may have; unlock one of them, "
                    "or what lies between."
                )
            kept[way] = seller
    return kept


def _way(
    of: Neighbours, costs: Floats, kept: Whole, seller: int, sources: Whole, targets: Whole
) -> tuple[Whole, float]:
    """The cheapest way through units that a seller may have, both ends included, and its cost."""
    may = np.isfinite(costs[:, seller]) & ((kept == FREE) | (kept == seller))
    one, other = of.pairs[may[of.pairs].all(axis=1)].T
    dearer = costs[:, seller] - costs.min(axis=1)
    dearer = dearer + 1e-6 * dearer[may].mean() + 1e-12  # of equal ways, the one of fewest units
    graph = sparse.csr_array((dearer[other], (one, other)), (of.units, of.units))
    far, before, _ = dijkstra(graph, indices=sources, min_only=True, return_predecessors=True)
    end = int(targets[np.argmin(far[targets])])
    if not np.isfinite(far[end]):
        return np.empty(0, np.int64), np.inf
    way = [end]
    while before[way[-1]] >= 0:
        way.append(int(before[way[-1]]))
    return np.array(way), float(far[end])


def _reached(
    of: Neighbours, costs: Floats, core: Whole, kept: Whole, unit: int
) -> tuple[Whole, int]:
    """The cheapest way to a unit from one of the sellers who may have it, and who that is."""
    best, owner, cheapest = np.empty(0, np.int64), FREE, np.inf
    for seller in np.flatnonzero(np.isfinite(costs[unit])):
        sources = np.flatnonzero(kept == seller)
        sources = sources if len(sources) else np.flatnonzero(core == seller)
        if not len(sources):
            continue
        way, cost = _way(of, costs, kept, int(seller), sources, np.array([unit]))
        if cost < cheapest:
            best, owner, cheapest = way, int(seller), cost
    return best, owner


def _filled(problem: Problem, costs: Floats, sellers: Whole, kept: Whole) -> Whole:
    """A plan in which each seller who is to have something has one unit at least."""
    made = sellers.copy()
    number = np.bincount(made, minlength=problem.sellers)
    for seller in np.flatnonzero((number == 0) & (problem.least > 0).any(axis=0)):
        can = (kept == FREE) & (number[made] > 1)
        dearer = costs[:, seller] - costs[np.arange(problem.accounts), made]
        unit = int(np.argmin(np.where(can, dearer, np.inf)))
        if can[unit] and np.isfinite(costs[unit, seller]):
            number[made[unit]] -= 1
            made[unit] = seller
    return made


def _cores(problem: Problem, of: Neighbours, sellers: Whole, kept: Whole) -> Whole:
    """The seller of units in each territory's main piece, with all that is kept; `FREE` others."""
    piece = of.labels(sellers)
    parts = (problem.measures / (problem.totals[:, None] + 1e-300)).sum(axis=0)
    size = np.bincount(piece, parts + 1e-9 + 1e3 * (kept != FREE))
    main = np.zeros(problem.sellers, np.int64)
    order = np.argsort(size[piece], kind="stable")
    main[sellers[order]] = piece[order]  # the largest piece of each is written last
    return np.where(piece == main[sellers], sellers, FREE)


@njit(cache=True)
def _grown(starts: Whole, others: Whole, costs: Floats, core: Whole) -> Whole:
    """Units astray given, ring by ring, to the cheapest territory that they touch."""
    made = core.copy()
    found = True
    while found:
        found = False
        for unit in range(len(made)):
            if made[unit] != FREE:
                continue
            best, to = np.inf, FREE
            for e in range(starts[unit], starts[unit + 1]):
                seller = made[others[e]]
                if seller != FREE and costs[unit, seller] < best:
                    best, to = costs[unit, seller], seller
            if to != FREE:
                made[unit], found = to, True
    return made
