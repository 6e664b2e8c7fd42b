"""Logistic: the penalised maximum of a logistic likelihood, by Newton's method.

The first column is the constant and is not penalised. With a penalty above 0 the maximum exists
even where a column parts those who left from those who stayed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats, Whole

STEPS, ENOUGH, LARGEST = 60, 1e-8, 30.0


@dataclass(frozen=True)
class Maximum:
    """Where the penalised likelihood is largest.

    Attributes:
        coefficients: of each column [log odds].
        curvature: of the penalised log likelihood, negative, there.
        penalty: of each column.
    """

    coefficients: Floats
    curvature: Floats
    penalty: Floats


def maximum(
    columns: Floats,
    outcome: Floats,
    penalty: float,
    weights: Floats | None = None,
    begin: Floats | None = None,
    enough: float = ENOUGH,
    steps: int = STEPS,
) -> Maximum:
    """The maximum of a ridge logistic regression.

    Defined as::

        sum w (y x'b - log(1 + exp(x'b))) - penalty / 2 * sum of b squared but the first

    Args:
        columns: rows x columns, the first of ones, the others standardised.
        outcome: 0 or 1.
        penalty: of the squares; 0 is plain maximum likelihood.
        weights: how often each row counts; once if not given.
        begin: coefficients to start from.
        enough: a step that changes no coefficient by more is the last.
        steps: at most.

    Source:
        le Cessie and van Houwelingen, "Ridge estimators in logistic regression" (1992).
    """
    held = np.full(columns.shape[1], float(penalty))
    held[0] = 0.0
    w = np.ones(len(outcome)) if weights is None else weights
    now = _begun(columns, outcome, w) if begin is None else begin.copy()
    best = _height(columns, outcome, w, held, now)
    curve = np.eye(len(now))
    for _ in range(steps):
        chance = chances(columns @ now)
        slope = columns.T @ (w * (outcome - chance)) - held * now
        scaled = columns * np.sqrt(w * chance * (1 - chance))[:, None]
        curve = scaled.T @ scaled + np.diag(held)
        curve[np.diag_indices_from(curve)] += 1e-10
        step = np.linalg.solve(curve, slope)
        now, best = _stepped(columns, outcome, w, held, now, step, best)
        if np.abs(step).max() < enough:
            break
        if np.abs(now).max() > LARGEST and penalty == 0:
            break  # separated: without a penalty there is no maximum
    return Maximum(now, curve, held)


def chances(odds: Floats) -> Floats:
    """Log odds as chances."""
    return np.asarray(0.5 * (1 + np.tanh(odds / 2)))


def log_odds(chance: Floats) -> Floats:
    """Chances as log odds, kept finite."""
    sure = np.clip(chance, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(sure / (1 - sure)))


def log_loss(outcome: Floats, chance: Floats) -> float:
    """Minus the mean log likelihood of a row."""
    sure = np.clip(chance, 1e-12, 1 - 1e-12)
    return float(-(outcome * np.log(sure) + (1 - outcome) * np.log1p(-sure)).mean())


def covariance(found: Maximum, columns: Floats, outcome: Floats, people: Whole) -> Floats:
    """The covariance of coefficients over people drawn anew, the penalty's share included.

    Defined as::

        H^-1 (J + c penalty) H^-1     J the sum over people of the outer squares of their slopes
        c = trace of J over trace of H - penalty

    With one row a person and a right model c is 1 and it is H^-1, the posterior of a normal prior.
    Where the same leaving is counted in several rows, J grows, and with it what the penalty hides.

    Args:
        found: the maximum.
        columns: as it was found from.
        outcome: likewise.
        people: number of the person of each row, from 0.

    Source:
        White, "Maximum likelihood estimation of misspecified models" (1982).
    """
    chance = chances(columns @ found.coefficients)
    slopes = columns * (outcome - chance)[:, None]
    order = np.argsort(people, kind="stable")
    starts = np.flatnonzero(np.diff(people[order], prepend=-1))
    summed = np.add.reduceat(slopes[order], starts, axis=0)
    inverse = np.linalg.inv(found.curvature)
    slope_squares = summed.T @ summed
    plain = np.trace(found.curvature) - found.penalty.sum()
    often = float(np.trace(slope_squares) / plain)
    spread = slope_squares + often * np.diag(found.penalty)
    return np.asarray(inverse @ spread @ inverse)


def _begun(columns: Floats, outcome: Floats, weights: Floats) -> Floats:
    now = np.zeros(columns.shape[1])
    share = (weights @ outcome + 0.5) / (weights.sum() + 1)
    now[0] = np.log(share / (1 - share))
    return now


def _height(columns: Floats, outcome: Floats, weights: Floats, held: Floats, now: Floats) -> float:
    odds = columns @ now
    return float(weights @ (outcome * odds - np.logaddexp(0, odds)) - held @ now**2 / 2)


def _stepped(
    columns: Floats, outcome: Floats, weights: Floats, held: Floats,
    now: Floats, step: Floats, best: float,
) -> tuple[Floats, float]:  # fmt: skip
    """A step, halved until it climbs."""
    for _ in range(30):
        height = _height(columns, outcome, weights, held, now + step)
        if height >= best - 1e-12 * abs(best):
            return now + step, height
        step = step / 2
    return now, best
