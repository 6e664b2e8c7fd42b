"""Contiguity: a plan made connected, where units have neighbours, and good again.

    of = neighbours(pairs, len(districts))
    plan = contiguous(asked, of, assigned(asked))
    pieces(of, plan.sellers, asked.sellers)  # 1 for every seller

The bound stays that of the plan without contiguity: it holds for connected plans as well, so that
the gap says what being connected costs at most, and what is not optimal, together.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.balanced.plans import Plan
from spmlib.orchestrate.territories.connected.neighbours import Neighbours
from spmlib.orchestrate.territories.connected.repairs import repaired
from spmlib.orchestrate.territories.connected.shifts import Map, shifted
from spmlib.orchestrate.territories.problems import Problem, better

SWEEPS = 2000
HEAT = 0.03  # of what a unit costs on average: the rise that is accepted at first
PRICED = 0.9  # times the price of a limit, that a whole measure beyond it costs at first
SLACK = 0.05  # of what a seller's units cost, that it costs in addition
AGAIN = 3  # times that a plan beyond limits is shifted again, each with limits dearer


def contiguous(
    problem: Problem,
    neighbours: Neighbours,
    plan: Plan,
    sweeps: int = SWEEPS,
    runs: int = 1,
    seed: int = 0,
) -> Plan:
    """A plan in which every seller's territory is connected, with the certificate of the one given.

    Where no plan within limits was found, the one returned passes them as little as it can, and
    its `within` says so.

    Args:
        problem: accounts, here units of a map, sellers and limits.
        neighbours: which units lie beside each other.
        plan: to begin with, e.g. `assigned(problem)`; its territories may lie in pieces.
        sweeps: of the search: time is in proportion.
        runs: searches from one beginning, each wilder than the last, of which the best counts.
        seed: of the random numbers: the same seed gives the same plan.

    Raises:
        ParameterError: units lie apart from all that could have them; it says which. Or there are
            pairs that go together or apart.
    """
    if problem.units is not problem or len(problem.apart):
        raise ParameterError(
            "pairs that go together or apart are not kept where territories have to be connected; "
            "leave one of the two out."
        )
    if neighbours.units != problem.accounts:
        raise ParameterError(
            f"neighbours are of {neighbours.units} units and the problem is of {problem.accounts}; "
            "give the same units in the same order."
        )
    made = repaired(problem, neighbours, plan.sellers)
    of, mean = _map(problem, neighbours, made, plan.prices)
    best = made
    for run in range(runs):
        told = shifted(of, made, HEAT * 2**run * mean, sweeps, seed + run)
        best = better(problem, told, best)
    for more in range(1, AGAIN + 1):
        if replace(plan, problem=problem, sellers=best).within:
            break
        harder = of._replace(dear=of.dear * 10.0**more)
        best = better(problem, shifted(harder, best, HEAT * mean, sweeps, seed + more), best)
    return replace(plan, problem=problem, sellers=best)


def _map(
    problem: Problem, neighbours: Neighbours, sellers: Whole, prices: Floats
) -> tuple[Map, float]:
    """What borders are moved on, measures in parts of a seller's; what a unit costs on average."""
    unit = problem.totals[:, None] / problem.sellers + 1e-300
    mean = float(np.abs(problem.full[np.arange(problem.accounts), sellers]).mean())
    whole = mean * problem.accounts / problem.sellers or 1.0
    made = Map(
        neighbours.starts,
        neighbours.others,
        np.where(problem.allowed, problem.full, np.inf),
        _rows(problem.measures / unit),
        _rows(problem.least / unit),
        _rows(problem.most / unit),
        _rows(PRICED * np.abs(prices * unit) + SLACK * whole),
    )
    return made, mean


def _rows(measures: Floats) -> Floats:
    """What is by measure, one after the other by unit or seller."""
    return np.ascontiguousarray(measures.T)
