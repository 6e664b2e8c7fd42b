"""Placebos: whether two groups went alike before a window, all its stretches judged at once.

Each stretch of the baseline has its own effect, which should be 0. Among twenty-six weeks some are
far from 0 by chance, and weeks of few people with few large deals are farther than a normal law
has it. So the squares of all are added up, over their variances, and compared with what chance
gives: eligibility dealt out anew among people, or, where controls are weighed, the sign of each
person's deviations drawn anew (the wild bootstrap of Cameron, Gelbach and Miller 2008, Review of
Economics and Statistics 90).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def chance(
    treated: Any, control: Any, weights: Any = None, draws: int = 1999, seed: int = 1
) -> float:
    """The chance of placebos as far from 0, all together, if both groups went alike.

    Defined as, of the effects d of stretches and their variances v::

        apart = sum(d^2) / sum(v);  chance = (1 + draws at least as far apart) / (1 + draws)

    Args:
        treated, control: each person's deviations from their own baseline, people x stretches.
        weights: of the controls; alike if none.
        draws, seed: of what chance gives.

    Returns:
        Between 0 and 1; 1 where nothing varies.
    """
    one, other = np.asarray(treated, float), np.asarray(control, float)
    rng = np.random.default_rng(seed)
    if weights is None or np.ptp(weights) == 0:
        seen, drawn = _dealt(one, other, draws, rng)
    else:
        seen, drawn = _signed(one, other, np.asarray(weights, float), draws, rng)
    if not np.isfinite(seen):
        return 1.0
    return float((1 + (drawn >= seen - 1e-12).sum()) / (1 + draws))


def chance_of_one(rows: Any, draws: int = 1999, seed: int = 1) -> float:
    """The chance of means as far from 0, all together, of people who are compared with themselves.

    Args:
        rows: each person's differences, people x stretches.
        draws, seed: of signs, one for each person and draw.

    Returns:
        Between 0 and 1; 1 where nothing varies.
    """
    own = np.asarray(rows, float)
    n = len(own)
    rng = np.random.default_rng(seed)
    signs = np.concatenate([np.ones((1, n)), rng.integers(0, 2, (draws, n)) * 2.0 - 1])
    means = signs @ own / n
    spread = ((own**2).sum(0) - n * means**2) / (n - 1) / n
    apart = _apart(means, spread)
    if not np.isfinite(apart[0]):
        return 1.0
    return float((1 + (apart[1:] >= apart[0] - 1e-12).sum()) / (1 + draws))


def _dealt(one: Any, other: Any, draws: int, rng: np.random.Generator) -> tuple[float, Any]:
    """How far apart the groups are, and are if people are dealt out anew."""
    rows, k = np.concatenate([one, other]), len(one)
    n = len(rows)
    first = np.arange(n) < k
    ways = np.concatenate([first[None, :], rng.permuted(np.tile(first, (draws, 1)), axis=1)])
    chosen, rest = ways.astype(float), 1.0 - ways
    means = [chosen @ rows / k, rest @ rows / (n - k)]
    spread = [
        (side @ rows**2 - count * mean**2) / (count - 1) / count
        for side, mean, count in zip((chosen, rest), means, (k, n - k), strict=True)
    ]
    apart = _apart(means[0] - means[1], spread[0] + spread[1])
    return float(apart[0]), apart[1:]


def _signed(
    one: Any, other: Any, weights: Any, draws: int, rng: np.random.Generator
) -> tuple[float, Any]:
    """How far apart the groups are, and are if each person's deviations are turned about."""
    means, moved, spread = [], 0.0, 0.0
    sums = 0.0
    for sign, rows, weight in ((1.0, one, np.ones(len(one))), (-1.0, other, weights)):
        w = weight / weight.sum()
        mean = w @ rows
        rest = (rows - mean) / np.sqrt(1 - w)[:, None]
        part = w**2 / (1 - w)
        means.append(mean)
        sums = sums + part @ (rows - mean) ** 2
        turned = rng.integers(0, 2, (draws, len(rows))) * 2.0 - 1
        middle = (turned * w) @ rest
        cross = 2 * middle * ((turned * part) @ rest)
        spread = spread + part @ rest**2 - cross + middle**2 * part.sum()
        moved = moved + sign * middle
    seen = _apart((means[0] - means[1])[None, :], np.asarray(sums)[None, :])
    return float(seen[0]), _apart(moved, spread)


def _apart(effects: Any, variances: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return (effects**2).sum(1) / variances.sum(1)
