"""Hulls: units beside real units only, and beside a few drawn by lot, which outliers disturb less.

The free disposal hull compares with single units, not with mixes. The score of order m asks: how
little would the best of m units need, drawn from those that bring no less (or: how much more would
the best of m bring, of those that use no more)? One extraordinary unit is seldom among them. Scores
above 1 are units better than that.

Defined as::

    input, hull:     least, over units that bring no less,  of  max over inputs  x / x0
    input, order m:  mean of the least of m of these ratios, drawn with replacement
                     = sum r(k) (((N - k + 1) / N)^m - ((N - k) / N)^m),  r(1) <= ... <= r(N)

Source:
    Deprins, Simar, Tulkens 1984; Cazals, Florens, Simar, "Nonparametric frontier estimation: a
    robust approach", Journal of Econometrics 106 (2002).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.frontier.units import Model, scaled, units


def hull(inputs: Any, outputs: Any, orientation: str = "input") -> Floats:
    """Scores beside real units only, 0 to 1.

    Raises:
        ParameterError: as `units`.

    >>> hull([2, 3, 6, 6], [1, 3, 3, 5]).tolist()
    [1.0, 1.0, 0.5, 1.0]
    """
    ratios, _ = _ratios(inputs, outputs, orientation)
    return ratios.min(1)


def order(inputs: Any, outputs: Any, m: int, orientation: str = "input") -> Floats:
    """Scores beside the best of m units drawn by lot, above 1 for those that are better.

    Raises:
        ParameterError: as `units`; m is below 1.
    """
    if m < 1:
        raise ParameterError(f"m is {m}; draw 1 unit or more.")
    ratios, counts = _ratios(inputs, outputs, orientation)
    ordered = np.sort(ratios, axis=1)
    ranks = np.arange(1, ratios.shape[1] + 1)
    share = np.clip((counts[:, None] - ranks + 1) / counts[:, None], 0, 1) ** m
    later = np.clip((counts[:, None] - ranks) / counts[:, None], 0, 1) ** m
    ordered = np.where(np.isfinite(ordered), ordered, 0.0)
    if orientation == "input":
        return ((share - later) * ordered).sum(1)
    factors = np.divide(1.0, ordered, out=np.zeros_like(ordered), where=ordered > 0)
    return 1 / ((share - later) * factors).sum(1)


def _ratios(inputs: Any, outputs: Any, orientation: str) -> tuple[Floats, Floats]:
    """What each unit would score beside each single one, infinite beside those that do worse."""
    model = Model(orientation=orientation)
    of = units(inputs, outputs, model)
    applies = scaled(of, model) == 1
    points = of.points
    free, held = points[:, applies], points[:, ~applies][:, :-1]
    outward = orientation == "output"
    with np.errstate(divide="ignore", invalid="ignore"):
        each = free[None, :, :] / free[:, None, :]
    if outward:
        each = np.where(free[:, None, :] > 0, each, np.inf).min(2)
        fits = (held[None, :, :] <= held[:, None, :]).all(2) & (each > 0)
        ratios = np.where(
            fits, np.divide(1.0, each, out=np.ones_like(each), where=each > 0), np.inf
        )
    else:
        each = np.where(np.isnan(each), 0.0, each).max(2)
        fits = (held[None, :, :] >= held[:, None, :]).all(2)
        ratios = np.where(fits, each, np.inf)
    return ratios, fits.sum(1)
