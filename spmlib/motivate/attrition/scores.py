"""Scores: how well chances told who left, with intervals over people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import logistic
from spmlib.motivate.attrition.rates import wilson

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Scores:
    """How well chances told who left.

    Attributes:
        auc, auc_low, auc_high: chance that who left had the higher chance of two; its interval.
        brier: mean squared error.
        skill, skill_low, skill_high: 1 less Brier score over that of the base rate.
        log_loss: minus the mean log likelihood.
        slope, slope_low, slope_high: of log odds; 1 is right, below 1 chances are too far apart.
        intercept: log odds to be added to all; 0 is right, below 0 chances are too high.
        expected, observed: leavers.
    """

    auc: float
    auc_low: float
    auc_high: float
    brier: float
    skill: float
    skill_low: float
    skill_high: float
    log_loss: float
    slope: float
    slope_low: float
    slope_high: float
    intercept: float
    expected: float
    observed: int


def auc(outcome: Any, chance: Any, weights: Floats | None = None) -> float:
    """The area under the receiver operating characteristic: ties count half.

    Raises:
        ParameterError: all left, or none.

    Example:
        >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        0.75
    """
    y, p = _pair(outcome, chance)
    w = np.ones(len(y)) if weights is None else weights
    order = np.argsort(p, kind="stable")
    y, p, w = y[order], p[order], w[order]
    return _area(y, w, np.flatnonzero(np.r_[True, np.diff(p) > 0]))


def delong(outcome: Any, chance: Any, sure: float = 0.95) -> tuple[float, float, float]:
    """The area under the curve and its interval, rows being independent.

    Source:
        DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated
        receiver operating characteristic curves" (1988).
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    y, p = _pair(outcome, chance)
    left, stayed = p[y == 1], p[y == 0]
    m, n = len(left), len(stayed)
    every, own, others = rankdata(np.r_[left, stayed]), rankdata(left), rankdata(stayed)
    v10 = (every[:m] - own) / n
    v01 = 1 - (every[m:] - others) / m
    area = float(v10.mean())
    one = v10.var(ddof=1) / m if m > 1 else 0.25
    other = v01.var(ddof=1) / n if n > 1 else 0.25
    half = float(ndtri(0.5 + sure / 2) * np.sqrt(one + other))
    return area, max(area - half, 0.0), min(area + half, 1.0)


def skill(outcome: Any, chance: Any, base: float, weights: Floats | None = None) -> float:
    """1 less the Brier score over that of saying the base rate of everybody."""
    y, p = _pair(outcome, chance)
    w = np.ones(len(y)) if weights is None else weights
    plain = float(w @ (y - base) ** 2)
    return 1 - float(w @ (y - p) ** 2) / plain if plain > 0 else float("nan")


def scored(
    outcome: Any,
    chance: Any,
    base: float,
    people: Whole | None = None,
    sure: float = 0.95,
    draws: int = 400,
    seed: int = 33,
) -> Scores:
    """All scores of chances.

    Args:
        outcome: 0 or 1.
        chance: said before.
        base: share that left where chances were learnt.
        people: number of each row's person, from 0: intervals draw people, not rows.
        sure, draws, seed: of intervals.
    """
    y, p = _pair(outcome, chance)
    who = np.arange(len(y)) if people is None else people
    rng = np.random.default_rng(seed)
    areas, skills = np.empty(draws), np.empty(draws)
    count = int(who.max()) + 1
    order = np.argsort(p, kind="stable")
    who, y, p = who[order], y[order], p[order]
    starts = np.flatnonzero(np.r_[True, np.diff(p) > 0])
    missed, plain = (y - p) ** 2, (y - base) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        for k in range(draws):
            weight = rng.poisson(1.0, count).astype(float)[who]
            areas[k] = _area(y, weight, starts)
            skills[k] = 1 - (weight @ missed) / (weight @ plain)
    ends = ((1 - sure) / 2, (1 + sure) / 2)
    area = np.nanquantile(areas, ends) if np.isfinite(areas).any() else (np.nan, np.nan)
    worth = np.nanquantile(skills, ends) if np.isfinite(skills).any() else (np.nan, np.nan)
    slope, low, high = _slope(y, p, who, sure)
    return Scores(
        auc(y, p), float(area[0]), float(area[1]), float(((y - p) ** 2).mean()),
        skill(y, p, base), float(worth[0]), float(worth[1]), logistic.log_loss(y, p),
        slope, low, high, _intercept(y, p), float(p.sum()), int(y.sum()),
    )  # fmt: skip


def calibration(outcome: Any, chance: Any, groups: int = 10, sure: float = 0.95) -> pl.DataFrame:
    """Chances against what came, by group of rising chances that are as large as each other.

    Returns:
        group (from 1), rows, left, predicted (mean chance), observed (share), low, high (Wilson).
    """
    import polars as pl

    y, p = _pair(outcome, chance)
    order = np.argsort(p, kind="stable")
    made = []
    for number, part in enumerate(np.array_split(order, min(groups, len(y))), 1):
        low, high = wilson(float(y[part].sum()), len(part), sure)
        made.append(
            {
                "group": number, "rows": len(part), "left": int(y[part].sum()),
                "predicted": float(p[part].mean()), "observed": float(y[part].mean()),
                "low": low, "high": high,
            }
        )  # fmt: skip
    return pl.DataFrame(made)


def _area(y: Floats, weights: Floats, starts: Whole) -> float:
    """The area under the curve of rows by rising chance, ties beginning at starts."""
    both = np.add.reduceat(weights, starts)
    left = np.add.reduceat(weights * y, starts)
    stayed = both - left
    below = np.cumsum(stayed) - stayed
    pairs = left.sum() * stayed.sum()
    return float((left @ (below + stayed / 2)) / pairs) if pairs > 0 else float("nan")


def _slope(y: Floats, p: Floats, who: Whole, sure: float) -> tuple[float, float, float]:
    """Cox's calibration slope with its interval; none where chances are all alike."""
    from scipy.special import ndtri

    odds = logistic.log_odds(p)
    if np.ptp(odds) < 1e-9 or y.min() == y.max():
        return float("nan"), float("nan"), float("nan")
    columns = np.column_stack([np.ones(len(y)), odds])
    found = logistic.maximum(columns, y, 0.0)
    spread = np.sqrt(logistic.covariance(found, columns, y, who)[1, 1])
    half = float(ndtri(0.5 + sure / 2) * spread)
    slope = float(found.coefficients[1])
    return slope, slope - half, slope + half


def _intercept(y: Floats, p: Floats) -> float:
    """What is to be added to all log odds for as many to leave as did."""
    odds, count = logistic.log_odds(p), y.sum()
    if not 0 < count < len(y):
        return float("nan")
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        above = logistic.chances(odds + middle).sum() > count
        low, high = (low, middle) if above else (middle, high)
    return (low + high) / 2


def _pair(outcome: Any, chance: Any) -> tuple[Floats, Floats]:
    y, p = np.asarray(outcome, float), np.asarray(chance, float)
    if len(y) != len(p) or not len(y):
        raise ParameterError(f"scores: {len(y)} outcomes and {len(p)} chances; give as many.")
    if np.isnan(p).any():
        raise ParameterError("scores: a chance is empty; give one for each row.")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ParameterError("scores: an outcome is neither 0 nor 1; write 1 for who left.")
    return y, p
