"""Adjusting: what anybody would have brought with the same territory and tenure, and what is above.

Expectations of a person are learnt from the others: nobody raises their own bar. `linear` fits
scores (attainment, growth, improvement) on the logarithm of potential and on the ramp; `ratio` fits
amounts as a product of powers (quasi-Poisson with logarithmic link), which takes zeros and
cancellations; `cells` compares with the peers of the same cell (indirect standardisation).

Source: leave-one-out residuals of least squares (Allen's PRESS, 1974); McCullagh and Nelder,
"Generalized Linear Models" (2nd ed. 1989), chapters 6 and 9, and Pregibon (1981) for the step that
leaves one out; indirect standardisation: Breslow and Day (1987), chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards.pooling import pooled

METHODS = ("linear", "ratio", "cells")
STEPS = 50  # of the fit of powers
NEAR = 1e-10
SPARE = 3  # people beyond the columns of a fit, below which all are expected alike


@dataclass(frozen=True)
class Adjusted:
    """Scores beside what was expected.

    Attributes:
        expected: of anybody else with the same territory and tenure, in the score's unit.
        adjusted: the score, moved to a territory and tenure like the group's average.
        pooled: the same, pulled in by how much of it is luck.
        sd: its standard deviation.
        kept: share of the distance that is believed.
        draws: draws x people, for places.
        coefficients: of the fit, by column (of all people, for reading).
    """

    expected: Floats
    adjusted: Floats
    pooled: Floats
    sd: Floats
    kept: Floats
    draws: Floats
    coefficients: dict[str, float]


def design(
    potentials: Sequence[float] | Floats, tenures: Sequence[float] | Floats, ramp: float
) -> tuple[Floats, list[str]]:
    """Columns of what is expected: one, the logarithm of potential, and how far a ramp is gone.

    Args:
        potentials: of each person's territory, above 0, in any one unit; missing ones count as
            the group's geometric mean.
        tenures: months since each began; missing ones count as past the ramp.
        ramp: months until a person is expected to sell like the others.

    Returns:
        People x columns, and the columns' names; a column that says nothing is left out.

    Raises:
        ParameterError: a potential is not above 0, or the ramp is not.
    """
    worth, months = np.asarray(potentials, float), np.asarray(tenures, float)
    if ramp <= 0:
        raise ParameterError(f"ramp: {ramp:g} is not above 0; write months, e.g. 9.")
    if (worth[np.isfinite(worth)] <= 0).any():
        raise ParameterError("potentials: one is not above 0; leave it empty if it is not known.")
    log = np.log(np.where(np.isfinite(worth), worth, 1.0))
    middle = log[np.isfinite(worth)].mean() if np.isfinite(worth).any() else 0.0
    log = np.where(np.isfinite(worth), log - middle, 0.0)
    gone = np.where(np.isfinite(months), np.clip(months / ramp, 0, 1), 1.0)
    columns = {"one": np.ones(len(worth)), "potential": log, "ramp": gone - 1}
    used = {
        name: column
        for name, column in columns.items()
        if name == "one" or (len(column) and np.ptp(column) > NEAR)
    }
    return np.column_stack(list(used.values())), list(used)


def adjusted(
    scores: Sequence[float] | Floats,
    variances: Sequence[float] | Floats,
    columns: Floats,
    names: Sequence[str],
    method: str = "linear",
    draws: int = 0,
    seed: int = 1,
) -> Adjusted:
    """Scores moved to a like territory and tenure, and pulled in.

    Args:
        scores: one for each person.
        variances: of their noise.
        columns, names: what is expected follows from (`design`).
        method: linear, or ratio (of amounts: what was brought over what was expected).
        draws, seed: for places.

    Raises:
        ParameterError: the method is neither.
    """
    y, v = np.asarray(scores, float), np.asarray(variances, float)
    x = columns if len(y) >= columns.shape[1] + SPARE else np.ones((len(y), 1))
    centre = float(y.mean()) if len(y) else 0.0
    if method == "linear":
        expected, fit = expected_linear(y, x)
        made = pooled(y, v, x, draws, seed, common=False)
        kept, drawn = made.kept, made.draws if x.shape[1] < len(y) else made.draws - centre
        told = (centre + y - expected, centre + made.ahead, made.sd, centre + drawn)
    elif method == "ratio":
        if centre <= 0:
            return adjusted(scores, variances, columns, names, "linear", draws, seed)
        expected, fit = expected_ratio(y, x)
        ratio = y / expected
        made = pooled(ratio, v / expected**2, None, draws, seed)
        kept = made.kept
        told = (centre * ratio, centre * made.mean, centre * made.sd, centre * made.draws)
    else:
        raise ParameterError(f"method: '{method}' is none; write linear or ratio.")
    found = dict(zip(names, fit.tolist(), strict=False))
    return Adjusted(expected, told[0], told[1], told[2], kept, told[3], found)


def expected_linear(y: Floats, x: Floats) -> tuple[Floats, Floats]:
    """What a least-squares fit to the others foretells of each, and the fit to all.

    Where the others alone cannot say (a person is the only one of a kind), the fit to all says.
    """
    if not len(y):
        return y.copy(), np.zeros(x.shape[1])
    inverse = np.linalg.pinv(x.T @ x, hermitian=True)
    fit = inverse @ (x.T @ y)
    leverage = np.einsum("ni,ij,nj->n", x, inverse, x)
    out = np.where(leverage < 1 - NEAR, (y - x @ fit) / np.maximum(1 - leverage, NEAR), 0.0)
    return y - np.where(leverage < 1 - NEAR, out, y - x @ fit), fit


def expected_ratio(y: Floats, x: Floats) -> tuple[Floats, Floats]:
    """What a fit of powers to the others foretells of each, and the fit to all.

    Leaving one out is one step of the fit from where it ended with all.
    """
    fit = _powers(y, x)
    mean = np.exp(x @ fit)
    inverse = np.linalg.pinv((x * mean[:, None]).T @ x, hermitian=True)
    leverage = mean * np.einsum("ni,ij,nj->n", x, inverse, x)
    step = (x @ inverse) * ((y - mean) / np.maximum(1 - leverage, 1e-3))[:, None]
    without = fit[None, :] - step
    return np.exp(np.clip((x * without).sum(axis=1), -700, 700)), fit


def expected_cells(
    scores: Sequence[float] | Floats, exposures: Sequence[float] | Floats, cells: Sequence[Any]
) -> Floats:
    """What the others of the same cell would have brought with a person's exposure.

    Defined as::

        expected_i = exposure_i * (sum of the cell - own) / (exposure of the cell - own)

    and by all others where nobody else is in the cell. Observed over expected, times the overall
    rate, is the indirectly standardised rate.

    Args:
        scores: what each brought.
        exposures: what it is counted against: quota, potential, months.
        cells: of potential and tenure, or anything else.

    >>> expected_cells([10, 30, 5], [1, 2, 1], ["new", "new", "old"]).tolist()
    [15.0, 20.0, 13.333333333333334]
    """
    y, e = np.asarray(scores, float), np.asarray(exposures, float)
    _, at = np.unique(np.asarray(cells, dtype=str), return_inverse=True)
    sums = [np.bincount(at, weights=w)[at] - w for w in (y, e)]
    others = [w.sum() - w for w in (y, e)]
    inside = sums[1] > 0
    above = np.where(inside, sums[0], others[0])
    below = np.where(inside, sums[1], others[1])
    return np.where(below > 0, e * above / np.where(below > 0, below, 1.0), np.nan)


def _powers(y: Floats, x: Floats) -> Floats:
    """The quasi-Poisson fit with logarithmic link, by Newton's steps, halved if they overshoot."""
    fit = np.zeros(x.shape[1])
    fit[0] = np.log(max(y.mean(), 1e-300))
    worth = _worth(y, x, fit)
    for _ in range(STEPS):
        mean = np.exp(x @ fit)
        step = np.linalg.pinv((x * mean[:, None]).T @ x, hermitian=True) @ (x.T @ (y - mean))
        while np.abs(step).max() > NEAR and _worth(y, x, fit + step) < worth:
            step = step / 2
        fit, worth = fit + step, _worth(y, x, fit + step)
        if np.abs(step).max() <= NEAR:
            break
    return fit


def _worth(y: Floats, x: Floats, fit: Floats) -> float:
    line = x @ fit
    return float((y * line - np.exp(np.minimum(line, 700))).sum())
