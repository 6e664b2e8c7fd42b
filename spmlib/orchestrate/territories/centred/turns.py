"""Turns: accounts given out anew to centres that stay, then centres moved amid their accounts.

Where centres are known, `balanced` keeps limits on both sides far better than shaking does; what it
finds makes better centres, and so on until neither helps.

Source:
    Cooper, "Location-allocation problems" (1963).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from spmlib.core.arrays import Whole
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.balanced.plans import assigned
from spmlib.orchestrate.territories.centred.problems import Sited
from spmlib.orchestrate.territories.problems import FREE, preferred
from spmlib.orchestrate.territories.problems import problem as placed

TURNS = 10
ROUNDS = 5  # of making each plan better


def turned(problem: Sited, centres: Whole, sellers: Whole) -> tuple[Whole, Whole]:
    """A plan at least as good as one there is, of a problem with limits on both sides.

    Args:
        problem: accounts, candidates and limits.
        centres: the candidate of each territory.
        sellers: the territory of each account.
    """
    best = (centres, sellers)
    for _ in range(TURNS):
        made = _given(problem, centres)
        if made is None or not _better(problem, (centres, made), best):
            break
        best = (centres, made)
        centres = _recentred(problem, centres, made)
        if _better(problem, (centres, made), best):
            best = (centres, made)
    return best


def _given(problem: Sited, centres: Whole) -> Whole | None:
    """Accounts given out to centres; none where no plan is within limits."""
    assert problem.tolerance is not None
    locked = np.full(problem.accounts, FREE)
    keeps = problem.own[centres]
    locked[keeps[keeps != FREE]] = np.flatnonzero(keeps != FREE)
    try:
        asked = placed(problem.costs[:, centres], problem.size, problem.tolerance, locked=locked)
        return assigned(asked, rounds=ROUNDS).sellers
    except ParameterError:  # what the centres keep is more than a territory may have
        return None


def _recentred(problem: Sited, centres: Whole, sellers: Whole) -> Whole:
    """The candidate of each territory that is nearest to its accounts; fixed ones stay."""
    count = problem.accounts
    members = sparse.csr_array(
        (np.ones(count), (sellers, np.arange(count))), (problem.territories, count)
    )
    told = np.asarray(members @ problem.costs).argmin(axis=1)
    told[: len(problem.fixed)] = problem.fixed
    twice = np.bincount(told, minlength=problem.candidates)[told] > 1
    return np.where(twice, centres, told)


def _better(problem: Sited, one: tuple[Whole, Whole], other: tuple[Whole, Whole]) -> bool:
    """Whether a plan is preferred to another."""
    far, was = (float(problem.beyond(*each).sum()) for each in (one, other))
    small = 1e-9 * float(problem.size.sum())
    return preferred(far, problem.cost(*one), was, problem.cost(*other), small)
