"""Habits: how much people on a plan are usually credited with, when in the year, and how varied.

A person's year is what is expected times a factor of the market, which all share, and one of their
own; each month then has luck of its own. The spreads are told apart: months vary around the
person's own year, years vary around what was expected, and what is left is the person and the
market. How far months of all people together vary more than theirs alone is common luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.orchestrate.quotas.judgements import ALIKE
from spmlib.rules.estimated.pasts import Past

ENOUGH = 6  # months of a year from which a person's year says something
ROUNDS = 30  # of fitting levels and season
LEAST = 0.02  # of a person's spread: nobody is certain


@dataclass(frozen=True)
class Habit:
    """How one measure of one plan usually comes in.

    Attributes:
        measured: whether it has quotas.
        centre: what is credited for each unit of quota; without quotas, a head and month.
        season: what a month brings for its quota, or heads, over what an average one does: 12.
        noise: standard deviation of a month's luck of one person, over its mean.
        own: standard deviation of a person's year, over its mean: what is theirs.
        market: that of what all share.
        common: standard deviation of a month's luck that all share, over its mean.
    """

    measured: bool
    centre: float
    season: Floats
    noise: float
    own: float
    market: float = 0.0
    common: float = 0.0

    def expected(self, goals: Floats, held: Floats) -> Floats:
        """What is expected month by month of years with such quotas, or heads: seats x 12."""
        if not self.measured:
            return self.centre * held * self.season
        able = self.season * goals
        total = able.sum(axis=1, keepdims=True)
        share = np.divide(able, total, out=np.zeros_like(able), where=total > 0)
        return self.centre * goals.sum(axis=1, keepdims=True) * share

    def told(self, expected: Floats, came: Floats) -> tuple[Floats, Habit]:
        """What the months gone by say of the rest: each seat's factor, and the habit left.

        Who is far ahead is partly good and partly lucky, and so are all together. The credibility
        of what came is the spread looked for over that and the luck of the months gone by, of all
        for the market, then of each person beside all.

        Source:
            Bühlmann, "Experience rating and credibility" (1967).

        Args:
            expected: of the months gone by: seats x months.
            came: what was credited in them.
        """
        total = expected.sum(axis=1)
        there = total > 0
        if not there.any():
            return np.ones(len(total)), self
        luck = (expected**2).sum(axis=1) / np.where(there, total, 1.0) ** 2 * self.noise**2
        months = expected.sum(axis=0)
        shared = (months**2).sum() / months.sum() ** 2 * self.common**2
        alone = (total**2 * (self.own**2 + luck)).sum() / total.sum() ** 2
        weight = _over(self.market**2, shared + alone)
        all_ = came.sum() / total.sum()
        usual = total * max(all_, 0.0)
        ratio = np.divide(came.sum(axis=1), usual, out=np.ones(len(total)), where=usual > 0)
        weights = np.where(there, _over(self.own**2, luck), 0.0)
        factor = (1 + weight * (all_ - 1)) * (1 + weights * (ratio - 1))
        left = replace(
            self,
            market=self.market * float(np.sqrt(1 - weight)),
            own=self.own * float(np.sqrt(np.mean(1 - weights))),
        )
        return np.maximum(factor, 0.0), left


def habit(measure: str, pasts: Sequence[tuple[Past, int]], market: float = 0.0) -> Habit:
    """How a measure came in, in some years.

    Args:
        measure: which.
        pasts: calendar years, the latest first, and how many months of each are over.
        market: how far a year's market may lie from what is expected, at least.
    """
    came, goals, held, gone = _months(measure, pasts)
    measured = any(bool(asked.any()) for asked in goals)
    basis = [g * on for g, on in zip(goals, gone, strict=True)] if measured else held
    season = _season([(_total(c), _total(b)) for c, b in zip(came, basis, strict=True)])
    plain = Habit(measured, 1.0, season, 0.0, 0.0)
    usual = [plain.expected(g, h) * on for g, h, on in zip(goals, held, gone, strict=True)]
    latest = usual if measured or pasts[0][1] < ENOUGH else usual[:1]
    level = sum(float(each.sum()) for each in latest)
    sums = sum(float(each.sum()) for each in came[: len(latest)])
    centre = max(sums / level, 0.0) if level > 0 else 0.0
    joined, there = np.concatenate(came), np.concatenate(basis)
    noise = _noise(joined, there, season)
    level_of = np.concatenate([each * centre for each in usual])
    spread = _spread(joined, level_of, there * season, noise)
    common = _common(came, usual, noise)
    own, shared = spread * np.sqrt(1 - ALIKE), spread * np.sqrt(ALIKE)
    return Habit(measured, centre, season, noise, float(own), float(max(shared, market)), common)


def drawn(
    of: Habit,
    expected: Floats,
    part: Floats,
    market: Floats,
    person: Floats,
    luck: Floats,
    months: Floats | None = None,
) -> Floats:
    """What seats are credited with: seats x runs x months.

    Args:
        of: how it usually comes in.
        expected: of a seat that is held throughout: seats x months.
        part: of it that is carried: seats x runs x months.
        market: a standard normal for each run.
        person: one for each seat and run.
        luck: of the months of each seat, gamma with mean 1: seats x runs x months.
        months: of all seats alike, standard normals: runs x months; none if not given.
    """
    factor = _lognormal(market, of.market) * _lognormal(person, of.own)
    made = expected[:, None, :] * part * factor[..., None] * luck
    return made if months is None else made * _lognormal(months, of.common)


def _lognormal(normal: Floats, spread: float) -> Floats:
    """Factors of mean 1 and some spread."""
    width = np.sqrt(np.log1p(spread**2))
    return np.asarray(np.exp(width * normal - width**2 / 2))


def _over(part: float, rest: Any) -> Any:
    """A share of a sum; none of nothing."""
    whole = part + np.asarray(rest)
    return np.divide(part, whole, out=np.zeros_like(whole, float), where=whole > 0)


def _months(measure: str, pasts: Sequence[tuple[Past, int]]) -> tuple[list[Floats], ...]:
    """By year: what came and who was there, in months that are over; all quotas; which are over."""
    parts: tuple[list[Floats], ...] = ([], [], [], [])
    for past, over in pasts:
        gone = (np.arange(12) < over) & (np.arange(12) >= _first(past))
        came = past.sold.credited.get(measure, np.zeros_like(past.sold.held))[:, 0] * gone
        goals = past.sold.goals.get(measure, np.zeros_like(past.sold.held))[:, 0]
        rows = (came, goals, past.sold.held[:, 0] * gone, np.ones_like(came) * gone)
        for part, values in zip(parts, rows, strict=True):
            part.append(values)
    return parts


def _total(values: Floats) -> Floats:
    return values.sum(axis=0)


def _first(past: Past) -> int:
    """The first month in which anybody was credited with anything."""
    sums = sum(np.abs(amounts).sum(axis=(0, 1)) for amounts in past.sold.credited.values())
    there = np.flatnonzero(np.asarray(sums))
    return int(there[0]) if len(there) else 12


def _season(years: Sequence[tuple[Floats, Floats]]) -> Floats:
    """What a month is of an average one, by years that need not be whole.

    A year's level and a month's season are told apart, so that months known of a better year alone
    do not look better: each in turn is what fits best, given the other.
    """
    came = np.maximum(np.array([sums for sums, _ in years]), 0.0)
    heads = np.array([there for _, there in years])
    level, season = np.ones(len(years)), np.ones(12)
    for _ in range(ROUNDS):
        level = _ratio(came.sum(axis=1), (heads * season).sum(axis=1))
        season = _ratio(came.sum(axis=0), (heads * level[:, None]).sum(axis=0))
        known = heads.sum(axis=0) > 0
        season = np.where(known, season, season[known].mean() if known.any() else 1.0)
        season = season / season.mean() if season.sum() > 0 else np.ones(12)
    return season


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


def _common(came: Sequence[Floats], usual: Sequence[Floats], noise: float) -> float:
    """How far a month of all people lies from their year, less what their own luck explains."""
    squares = explained = free = 0.0
    for sums, level in zip(came, usual, strict=True):
        months = level.sum(axis=0)
        if months.sum() <= 0:
            continue
        fitted = months * sums.sum() / months.sum()
        own = (level**2).sum(axis=0) * (sums.sum() / months.sum()) ** 2 * noise**2
        squares += float(((sums.sum(axis=0) - fitted) ** 2).sum())
        explained += float(own.sum())
        free += float((fitted**2).sum())
    return float(np.sqrt(max(squares - explained, 0.0) / free)) if free > 0 else 0.0


def _noise(came: Floats, held: Floats, season: Floats) -> float:
    """How far months lie from a person's own year, shared out by season."""
    able = held * season
    share = np.divide(
        able, able.sum(axis=1, keepdims=True), out=np.zeros_like(able), where=able > 0
    )
    own = came.sum(axis=1, keepdims=True) * share
    squares = float(((came - own) ** 2 * (share > 0)).sum())
    free = float((own**2 * (1 - share)).sum())
    return float(np.sqrt(squares / free)) if free > 0 else 0.0


def _spread(came: Floats, level: Floats, able: Floats, noise: float) -> float:
    """How far people's years lie from what was expected, less what the luck of months explains."""
    expected = level.sum(axis=1)
    enough = ((able > 0).sum(axis=1) >= ENOUGH) & (expected > 0)
    if enough.sum() < 3:
        return LEAST
    ratio = came[enough].sum(axis=1) / expected[enough]
    shape = level[enough]
    luck = ((shape**2).sum(axis=1) / shape.sum(axis=1) ** 2).mean() * noise**2
    return float(np.sqrt(max(ratio.var(ddof=1) / ratio.mean() ** 2 - luck, LEAST**2)))
