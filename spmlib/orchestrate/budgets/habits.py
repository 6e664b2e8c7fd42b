"""Habits: how much people on a plan are usually credited with, when in the year, and how varied.

A person's year is what is expected times a factor of the market, which all share, and one of their
own; each month then has luck of its own. The three spreads are told apart: months vary around the
person's own year, years vary around what was expected, and what is left is the person and the
market.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spmlib.orchestrate.budgets.pasts import Past
from spmlib.orchestrate.forecasting.panels import Floats
from spmlib.orchestrate.quotas.judgements import ALIKE

ENOUGH = 6  # months of a year from which a person's year says something
LEAST = 0.02  # of a person's spread: nobody is certain


@dataclass(frozen=True)
class Habit:
    """How one measure of one plan usually comes in.

    Attributes:
        measured: whether it has quotas.
        centre: what is credited for each unit of quota; without quotas, a head and month.
        season: what a month is of an average one, from January: 12.
        noise: standard deviation of a month's luck, over its mean.
        spread: standard deviation of a person's year, over its mean: market and person together.
    """

    measured: bool
    centre: float
    season: Floats
    noise: float
    spread: float

    def expected(self, goals: Floats, held: Floats) -> Floats:
        """What is expected month by month of years with such quotas, or heads: seats x 12."""
        year = goals.sum(axis=1, keepdims=True) if self.measured else held.sum(axis=1)[:, None]
        return self.centre * year * self.season / 12

    def told(self, expected: Floats, came: Floats) -> tuple[Floats, float]:
        """What the months gone by say of the rest: each seat's factor, and the spread left.

        A person far ahead is partly good and partly lucky; the credibility of what came is the
        spread of people over that and the luck of the months gone by.

        Source:
            Bühlmann, "Experience rating and credibility" (1967).

        Args:
            expected: of the months gone by: seats x months.
            came: what was credited in them.
        """
        total = expected.sum(axis=1)
        there = total > 0
        luck = (expected**2).sum(axis=1) / np.where(there, total, 1.0) ** 2 * self.noise**2
        weight = np.where(there, self.spread**2 / (self.spread**2 + luck), 0.0)
        ratio = np.divide(came.sum(axis=1), total, out=np.ones(len(total)), where=there)
        left = float(np.sqrt(np.mean(1 - weight))) * self.spread if len(weight) else self.spread
        return 1 + weight * (ratio - 1), left


def habit(measure: str, pasts: Sequence[tuple[Past, int]]) -> Habit:
    """How a measure came in, in some years.

    Args:
        measure: which.
        pasts: calendar years, and how many months of each are over.
    """
    came, goals, held = _months(measure, pasts)
    measured = bool(goals.any())
    basis = goals if measured else held
    centre = float(came.sum() / basis.sum()) if basis.sum() > 0 else 0.0
    season = _season(came, held)
    noise = _noise(came, held, season)
    made = Habit(measured, max(centre, 0.0), season, noise, LEAST)
    return replace(made, spread=_spread(made, came, basis, held))


def drawn(
    of: Habit, expected: Floats, part: Floats, market: Floats, person: Floats, luck: Floats
) -> Floats:
    """What seats are credited with: seats x runs x months.

    Args:
        of: how it usually comes in.
        expected: of a seat that is held throughout: seats x months.
        part: of it that is carried: seats x runs x months.
        market: a standard normal for each run.
        person: one for each seat and run.
        luck: of the months, gamma with mean 1: seats x runs x months.
    """
    width = np.sqrt(np.log1p(of.spread**2))
    both = np.sqrt(ALIKE) * market + np.sqrt(1 - ALIKE) * person
    factor = np.exp(width * both - width**2 / 2)
    return expected[:, None, :] * part * factor[..., None] * luck


def _months(measure: str, pasts: Sequence[tuple[Past, int]]) -> tuple[Floats, Floats, Floats]:
    """What came, was asked for and was held in each person's year, months not over left at 0."""
    parts = []
    for past, over in pasts:
        gone = (np.arange(12) < over) & (np.arange(12) >= _first(past))
        came = past.sold.credited.get(measure, np.zeros_like(past.sold.held))[:, 0]
        goals = past.sold.goals.get(measure, np.zeros_like(past.sold.held))[:, 0]
        parts.append([values * gone for values in (came, goals, past.sold.held[:, 0])])
    came, goals, held = (np.concatenate(each) for each in zip(*parts, strict=True))
    return came, goals, held


def _first(past: Past) -> int:
    """The first month in which anybody was credited with anything."""
    sums = sum(np.abs(amounts).sum(axis=(0, 1)) for amounts in past.sold.credited.values())
    there = np.flatnonzero(np.asarray(sums))
    return int(there[0]) if len(there) else 12


def _season(came: Floats, held: Floats) -> Floats:
    heads = held.sum(axis=0)
    each = np.divide(came.sum(axis=0), heads, out=np.full(12, np.nan), where=heads > 0)
    each = np.maximum(each, 0.0)
    usual = np.nanmean(each) if np.isfinite(each).any() else 0.0
    each = np.where(np.isfinite(each), each, usual)
    return each / each.mean() if each.sum() > 0 else np.ones(12)


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


def _spread(of: Habit, came: Floats, basis: Floats, held: Floats) -> float:
    """How far people's years lie from what was expected, less what the luck of months explains."""
    able = basis if of.measured else held * of.season
    expected = of.centre * able.sum(axis=1)
    enough = (held.sum(axis=1) >= ENOUGH) & (expected > 0)
    if enough.sum() < 3:
        return LEAST
    ratio = came[enough].sum(axis=1) / expected[enough]
    shape = (held * of.season)[enough]
    luck = ((shape**2).sum(axis=1) / shape.sum(axis=1) ** 2).mean() * of.noise**2
    return float(np.sqrt(max(ratio.var(ddof=1) / ratio.mean() ** 2 - luck, LEAST**2)))
