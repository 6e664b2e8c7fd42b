"""Kernels: logistic regression on labels, compiled.

Source:
    Newton's method for penalised maximum likelihood: Hastie, Tibshirani, Friedman, "The elements
    of statistical learning", 4.4.1.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole


@njit(cache=True)
def curvature(codes: Whole, size: int, residual: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Slope and curvature of the likelihood, for rows of which each has one label a column.

    Args:
        codes: rows x columns: the label that each row has, numbered through all columns.
        size: how many labels there are.
        residual: what came less what was expected, row by row.
        weight: what each row weighs.
    """
    rows, columns = codes.shape
    slope = np.zeros(size)
    curve = np.zeros((size, size))
    for row in range(rows):
        for one in range(columns):
            at = codes[row, one]
            slope[at] += residual[row]
            for other in range(one + 1):
                curve[at, codes[row, other]] += weight[row]
    for one in range(size):
        for other in range(one):
            both = curve[one, other] + curve[other, one]
            curve[one, other] = both
            curve[other, one] = both
    return slope, curve
