"""Clashes: which limits cannot be kept together, even if accounts could be divided."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories.problems import Problem

MISSING = 1e-7  # of an average part, that is rounding


def refuse(problem: Problem) -> None:
    """Refuse limits that clash.

    Accounts that may go to the same sellers and are of the same mixture of measures count as one.

    Raises:
        ParameterError: with the sellers at whom something is missing or too much.
    """
    of = problem.units
    scale = of.totals[:, None] / of.sellers + 1e-300
    sizes = of.measures / scale
    mixture = np.round(sizes / np.maximum(sizes.sum(axis=0), 1e-300), 9)
    alike = np.concatenate([of.allowed, mixture.T], axis=1)
    _, first, group = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    sums = np.stack([np.bincount(group.ravel(), each, len(first)) for each in sizes])
    row, seller = np.nonzero(of.allowed[first])
    pairs, cells = len(row), len(of.measures) * of.sellers
    column = np.arange(pairs)
    whole = sparse.csr_array((np.ones(pairs), (row, column)), (len(first), pairs))
    loads = sparse.vstack(
        [sparse.csr_array((each[row], (seller, column)), (of.sellers, pairs)) for each in sums]
    )
    missing = sparse.identity(cells, format="csr")
    made = linprog(
        np.concatenate([np.zeros(pairs), np.ones(cells)]),
        A_ub=sparse.vstack(
            [sparse.hstack([loads, -missing]), sparse.hstack([-loads, -missing])], format="csr"
        ),
        b_ub=np.concatenate([(of.most / scale).ravel(), -(of.least / scale).ravel()]),
        A_eq=sparse.hstack([whole, sparse.csr_array((len(first), cells))], format="csr"),
        b_eq=np.ones(len(first)),
        method="highs",
    )
    assert made.status == 0, made.message  # with what is missing allowed, there is always a way
    short = made.x[pairs:].reshape(len(of.measures), of.sellers).max(axis=0)
    where = [int(n) for n in np.flatnonzero(short > MISSING)]
    if where:
        raise ParameterError(
            f"limits clash: even divided accounts cannot be balanced at sellers {where}; raise the "
            "tolerance, unlock accounts, or allow more sellers to have them."
        )
