"""Figures: how a plan pays, each figure a function of plain arrays; estimates, never pay.

`told` makes the table of all of them for scenarios side by side. To add a figure: a function of
arrays, and a row in `REGISTER`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

FEW = 3  # people below which nothing is said of how pay goes with attainment


@dataclass(frozen=True)
class Seen:
    """What the figures look at: one value of each array for each person.

    Attributes:
        earned: in the year to date [currency].
        payout: earned over target incentive to date; nan where there is none.
        attainment: credited over quota to date; nan where there is none.
        threshold: attainment up to which the person's curve earns nothing; nan where it has none.
        capped: what caps took away [currency].
        booked: what was booked in the year to date, of all [currency].
    """

    earned: Floats
    payout: Floats
    attainment: Floats
    threshold: Floats
    capped: Floats
    booked: float


def cost_of_sales(earned: float, booked: float) -> float:
    """What is earned for each 1 that is booked.

    Defined as::

        earned / booked            nan where nothing is booked

    >>> cost_of_sales(80.0, 1_000.0)
    0.08
    """
    return earned / booked if booked > 0 else math.nan


def percentile(values: Floats, at: float) -> float:
    """The value that a share of people stay at or below, on the line between neighbours.

    Args:
        values: one for each person; nan ones are left out.
        at: the share: 0.5 is the median.

    Source: Hyndman and Fan 1996, type 7.

    >>> percentile(np.array([10.0, 20.0, 40.0]), 0.75)
    30.0
    """
    if not 0 <= at <= 1:
        raise ParameterError(f"no share of people is {at}; write 0 to 1, e.g. 0.9.")
    there = _there(values)
    return float(np.quantile(there, at)) if there.size else math.nan


def rank_correlation(attainment: Floats, payout: Floats) -> float:
    """How far those who reach more are those who are paid more: -1 to 1.

    Defined as::

        Pearson's correlation of the ranks of both, ties at their mean rank (Spearman's rho)

    nan with fewer than three people, or where all have the same.

    >>> rank_correlation(np.array([0.5, 0.9, 1.2]), np.array([0.1, 0.9, 3.0]))
    1.0
    """
    x, y = _both(attainment, payout)
    if x.size < FEW or np.ptp(x) == 0 or np.ptp(y) == 0:
        return math.nan
    return float(round(np.corrcoef(_ranks(x), _ranks(y))[0, 1], 12))


def elasticity(attainment: Floats, payout: Floats) -> float:
    """Points of payout for one point more of attainment, over all people.

    Defined as::

        the least-squares slope of payout (share of target) on attainment (share of quota)

    nan with fewer than three people, or where all reach the same.

    >>> round(elasticity(np.array([0.5, 1.0, 1.5]), np.array([0.25, 1.0, 1.75])), 9)
    1.5
    """
    x, y = _both(attainment, payout)
    if x.size < FEW or np.ptp(x) == 0:
        return math.nan
    away = x - x.mean()
    return float(away @ (y - y.mean()) / (away @ away))


def share_below(values: Floats, limit: Floats | float) -> float:
    """The share of people below a limit, of those who have both; nan where nobody has.

    >>> share_below(np.array([0.5, 1.0, 1.2, np.nan]), 1.0)
    0.3333333333333333
    """
    x, y = _both(values, np.broadcast_to(np.asarray(limit, float), np.shape(values)))
    return float(np.mean(x < y)) if x.size else math.nan


def concentration(earned: Floats, top: float = 0.1) -> float:
    """What the best-paid share of people earn of all that is earned.

    Args:
        earned: of each person.
        top: the share of people; a part of a person counts as a whole one.

    >>> concentration(np.array([70.0, 10.0, 10.0, 10.0]), 0.25)
    0.7
    """
    there = np.sort(_there(earned))[::-1]
    if not 0 < top <= 1:
        raise ParameterError(f"no share of people is {top}; write more than 0 and up to 1.")
    best = math.ceil(round(top * there.size, 9))
    return float(there[:best].sum() / there.sum()) if there.sum() > 0 else math.nan


def gini(earned: Floats) -> float:
    """How unequal pay is: 0 where all earn the same, near 1 where one earns all.

    Defined as::

        mean distance of two people's pay / (2 x mean pay)

    nan where nothing is earned, or somebody earns less than nothing.

    Source: Gini 1912; the two may be the same person.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    there = np.sort(_there(earned))
    count = there.size
    if not count or there[0] < 0 or there.sum() <= 0:
        return math.nan
    places = np.arange(1, count + 1)
    return float(2 * (places @ there) / (count * there.sum()) - (count + 1) / count)


def leverage(curve: Callable[[Floats], Floats], best: float) -> float:
    """What the best are paid over what is paid at quota.

    Defined as::

        pay at the attainment that one in ten reaches or passes / pay at 100 % of quota

    Args:
        curve: pay at each attainment.
        best: the 90th percentile of attainment.

    Source: leverage as sales compensation surveys tell it: pay at the 90th percentile of
    performance as a multiple of target incentive. Where only what comes on top is told ("2 to 1
    upside"), it is 1 less: `upside`.

    >>> leverage(lambda attained: attained * np.where(attained > 1, 2.0, 1.0), 1.5)
    3.0
    """
    if math.isnan(best):
        return math.nan
    at_best, at_quota = (float(v) for v in np.asarray(curve(np.array([best, 1.0])), float))
    return at_best / at_quota if at_quota > 0 else math.nan


def upside(curve: Callable[[Floats], Floats], best: float) -> float:
    """What the best are paid on top of pay at quota, over pay at quota: `leverage` less 1.

    >>> upside(lambda attained: attained * np.where(attained > 1, 2.0, 1.0), 1.5)
    2.0
    """
    return leverage(curve, best) - 1


REGISTER: dict[str, tuple[str, str, Callable[[Seen], float]]] = {
    "cost": ("currency", "earned in the year to date", lambda s: s.earned.sum()),
    "cost_of_sales": (
        "share",
        "earned, for each 1 booked",
        lambda s: cost_of_sales(s.earned.sum(), s.booked),
    ),
    "pay_p10": (
        "currency",
        "one in ten earns this or less",
        lambda s: percentile(s.earned, 0.1),
    ),
    "pay_p50": ("currency", "half earn this or less", lambda s: percentile(s.earned, 0.5)),
    "pay_p90": (
        "currency",
        "nine in ten earn this or less",
        lambda s: percentile(s.earned, 0.9),
    ),
    "median_payout": (
        "share",
        "half earn this share of their target incentive to date, or less",
        lambda s: percentile(s.payout, 0.5),
    ),
    "pay_for_performance": (
        "correlation",
        "rank correlation of payout and attainment",
        lambda s: rank_correlation(s.attainment, s.payout),
    ),
    "elasticity": (
        "ratio",
        "points of payout for one point more of attainment",
        lambda s: elasticity(s.attainment, s.payout),
    ),
    "below_threshold": (
        "share",
        "people below what their curve needs to pay anything",
        lambda s: share_below(s.attainment, s.threshold),
    ),
    "below_quota": (
        "share",
        "people with a quota who are below it to date",
        lambda s: share_below(s.attainment, 1.0),
    ),
    "at_cap": (
        "share",
        "people from whom a cap took something",
        lambda s: float(np.mean(s.capped > 0)) if s.capped.size else math.nan,
    ),
    "concentration": (
        "share",
        "of what is earned, by the best-paid tenth of people",
        lambda s: concentration(s.earned),
    ),
    "gini": ("ratio", "how unequal pay is: 0 for all the same", lambda s: gini(s.earned)),
}


def told(seen: Mapping[str, Seen]) -> pd.DataFrame:
    """Every figure of every scenario: as PayFigures."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = [
        (scenario, figure, unit, None if math.isnan(value := float(of(one))) else value, says)
        for scenario, one in seen.items()
        for figure, (unit, says, of) in REGISTER.items()
    ]
    return pd.DataFrame(rows, columns=["scenario", "figure", "unit", "value", "says"])


def _ranks(values: Floats) -> Floats:
    """Places from 1, ties at their mean place."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((counts.cumsum() - (counts - 1) / 2)[place])


def _there(values: Floats) -> Floats:
    flat = np.asarray(values, float).ravel()
    return flat[~np.isnan(flat)]


def _both(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    x, y = np.asarray(one, float), np.asarray(other, float)
    if x.shape != y.shape:
        raise ParameterError(f"{x.size} values stand beside {y.size}; give one of each a person.")
    there = ~(np.isnan(x) | np.isnan(y))
    return x[there], y[there]
