"""Rank sets: places that hold the true ones with a stated confidence, whoever is asked about.

Two people are told apart when the difference of their scores is too large for noise, over all
pairs that are looked at together. Nobody's place is better than one more than those who are surely
ahead, nor worse than leaves room for those who are surely behind. No scatter of people is assumed
and nothing is pulled in: beside `places_drawn`, this is the stricter answer.

Source: Mogstad, Romano, Shaikh and Wilhelm, "Inference for ranks with applications to mobility
across neighbourhoods and academic achievement across countries", Review of Economic Studies 91
(2024), 476-518; Goldstein and Spiegelhalter, "League tables and their limitations", Journal of the
Royal Statistical Society A 159 (1996), 385-443.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError

MOST = 600  # people whose pairs are all compared


@dataclass(frozen=True)
class RankSets:
    """For each person the places that they may have.

    Attributes:
        low: the best place that is possible, 1 the first.
        high: the worst.
    """

    low: Whole
    high: Whole


def rank_sets(
    scores: Sequence[float] | Floats,
    errors: Sequence[float] | Floats,
    sure: float = 0.95,
    together: bool = True,
    draws: int = 1000,
    seed: int = 1,
    stepdown: bool = True,
) -> RankSets:
    """Places that hold the true ones.

    Args:
        scores: one for each person, the highest first in place.
        errors: standard error of each, not below 0; scores are independent.
        sure: how surely.
        together: all places at once (for reading a board), or each person's own (for one asked).
        draws: of the noise, for the critical value.
        seed: of the draws.
        stepdown: look again at what is left once surely different pairs are set aside: never
            wider, still as sure.

    Raises:
        ParameterError: lengths differ, an error is below 0 or missing, `sure` is not between 0
            and 1, or there are too many people to compare all pairs.

    >>> made = rank_sets([10, 5, 4.9, 0], [0.5, 0.5, 0.5, 0.5])
    >>> made.low.tolist(), made.high.tolist()
    ([1, 2, 2, 4], [1, 3, 3, 4])
    """
    y, e = _checked(scores, errors, sure)
    if not len(y):
        return RankSets(np.zeros(0, np.int64), np.zeros(0, np.int64))
    noise = np.random.default_rng(seed).standard_normal((draws, len(y))) * e
    apart = _sizes(y, e)
    if together:
        surely = _told_apart(y, e, apart, noise, sure, stepdown)
        ahead, behind = surely.sum(axis=0), surely.sum(axis=1)
    else:
        ahead, behind = _one_by_one(y, e, noise, sure, stepdown)
    return RankSets((ahead + 1).astype(np.int64), (len(y) - behind).astype(np.int64))


def top_set(
    scores: Sequence[float] | Floats,
    errors: Sequence[float] | Floats,
    most: int,
    sure: float = 0.95,
    draws: int = 1000,
    seed: int = 1,
) -> Whole:
    """Who may be among the first so many: their numbers from 0; the true ones are all in it.

    Raises:
        ParameterError: as `rank_sets`, or `most` is below 1.

    >>> top_set([10, 9.8, 4.9, 0], [0.5] * 4, most=1).tolist()
    [0, 1]
    """
    if most < 1:
        raise ParameterError(f"most: {most} is not 1 or more; write how many the first are.")
    return np.flatnonzero(rank_sets(scores, errors, sure, True, draws, seed).low <= most)


def level_runs(low: Sequence[int] | Whole, high: Sequence[int] | Whole) -> list[tuple[int, int]]:
    """Runs of people, in order of place, of whom nobody's place is surely apart from the next's.

    Args:
        low, high: of people in order of place.

    Returns:
        First and last place of each run of two or more: "places 3 to 9 cannot be told apart".
        Each run is as long as it can be from where it begins: all in it share a place.

    >>> level_runs([1, 2, 2, 4], [1, 3, 3, 4])
    [(2, 3)]
    """
    made: list[tuple[int, int]] = []
    start = 0
    while start < len(low):
        end, best, worst = start, low[start], high[start]
        while end + 1 < len(low) and max(best, low[end + 1]) <= min(worst, high[end + 1]):
            end += 1
            best, worst = max(best, low[end]), min(worst, high[end])
        if end > start:
            made.append((start + 1, end + 1))
        start = end + 1
    return made


def _checked(scores: object, errors: object, sure: float) -> tuple[Floats, Floats]:
    y, e = np.asarray(scores, float), np.asarray(errors, float)
    if y.shape != e.shape or not (np.isfinite(y).all() and np.isfinite(e).all()):
        raise ParameterError("errors: there is not one for each score; give as many numbers.")
    if (e < 0).any():
        raise ParameterError("errors: one is below 0; give standard errors.")
    if not 0 < sure < 1:
        raise ParameterError(f"sure: {sure:g} is not between 0 and 1; write 0.95 or the like.")
    return y, e


def _sizes(y: Floats, e: Floats) -> Floats:
    if len(y) > MOST:
        raise ParameterError(
            f"scores: {len(y)} people have too many pairs; compare at most {MOST}, or use draws."
        )
    return np.asarray(np.sqrt(e[:, None] ** 2 + e[None, :] ** 2))


def _told_apart(
    y: Floats, e: Floats, apart: Floats, noise: Floats, sure: float, stepdown: bool
) -> Floats:
    """Whether each (row) is surely ahead of each other (column), over all pairs at once."""
    left = ~np.eye(len(y), dtype=bool)
    gaps = y[:, None] - y[None, :]
    surely = np.zeros_like(left)
    while left.any():
        critical = np.quantile(_largest(np.ascontiguousarray(noise.T), e, left), sure)
        found = left & (gaps > critical * apart)
        surely |= found
        if not found.any() or not stepdown:
            break
        left &= ~found
    return surely


def _one_by_one(
    y: Floats, e: Floats, noise: Floats, sure: float, stepdown: bool
) -> tuple[Floats, Floats]:
    """For each person: how many are surely ahead of them, and how many surely behind."""
    n = len(y)
    ahead, behind = np.zeros(n, np.int64), np.zeros(n, np.int64)
    turned = np.ascontiguousarray(noise.T)
    for who in range(n):
        apart = np.sqrt(e[who] ** 2 + e**2)
        gap = y[who] - y
        left = {+1: np.arange(n) != who, -1: np.arange(n) != who}
        while left[1].any() or left[-1].any():
            critical = np.quantile(_own_largest(turned, apart, who, left[1], left[-1]), sure)
            found = {sign: left[sign] & (sign * gap > critical * apart) for sign in left}
            behind[who] += found[1].sum()
            ahead[who] += found[-1].sum()
            if not (found[1].any() or found[-1].any()) or not stepdown:
                break
            left = {sign: left[sign] & ~found[sign] for sign in left}
    return ahead, behind


@njit(cache=True)
def _largest(noise: Floats, e: Floats, left: Floats) -> Floats:
    """The largest standardised difference of the pairs left, in each draw; people x draws."""
    n, draws = noise.shape
    made = np.full(draws, -np.inf)
    for i in range(n):
        for j in range(n):
            if not left[i, j]:
                continue
            size = np.sqrt(e[i] ** 2 + e[j] ** 2)
            for d in range(draws):
                value = (noise[i, d] - noise[j, d]) / size if size > 0 else 0.0
                if value > made[d]:
                    made[d] = value
    return made


@njit(cache=True)
def _own_largest(noise: Floats, apart: Floats, who: int, above: Floats, below: Floats) -> Floats:
    """The largest standardised difference between a person and those left on each side."""
    n, draws = noise.shape
    made = np.full(draws, -np.inf)
    for j in range(n):
        if not (above[j] or below[j]):
            continue
        size = apart[j] if apart[j] > 0 else np.inf
        for d in range(draws):
            value = (noise[who, d] - noise[j, d]) / size
            if above[j] and value > made[d]:
                made[d] = value
            if below[j] and -value > made[d]:
                made[d] = -value
    return made
