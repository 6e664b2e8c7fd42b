"""Ageing: what a survey's amounts come to some months later, and several surveys as one.

Two conventions are in use and differ by a little; which one holds is declared, never assumed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.incent.benchmarking.plain import bare, numbers

SIMPLE, GEOMETRIC = "simple", "geometric"
CONVENTIONS = {
    SIMPLE: lambda rate, months: 1 + rate * months / 12,
    GEOMETRIC: lambda rate, months: (1 + rate) ** (months / 12),
}


def ageing_factor(rate: Any, months: Any, convention: str) -> Any:
    """What amounts are multiplied by to age them.

    Defined as::

        simple      1 + rate x months / 12
        geometric   (1 + rate) ^ (months / 12)

    >>> round(ageing_factor(0.03, 9, "simple"), 6), round(ageing_factor(0.03, 6, "geometric"), 6)
    (1.0225, 1.014889)

    Args:
        rate: by which the market moves in a year; below 0 where it falls.
        months: from the survey's day on, parts too.
        convention: simple or geometric.

    Raises:
        ParameterError: the convention is unknown, months are below 0 (what a survey found was not
            so before it asked: leave it out), or the market falls by all there is.

    Source:
        BLR, "Keys to aging salary data" (simple); comp-shop.com, "aging factor" (geometric).
    """
    if convention not in CONVENTIONS:
        known = nearest(convention, CONVENTIONS)
        raise ParameterError(f"'{convention}' is no convention of ageing; write {known}.")
    by, long = numbers(rate, "ageing rate"), numbers(months, "months")
    if (long < 0).any():
        raise ParameterError(
            f"a survey is not aged backwards ({long.min():g} months); leave out those of later."
        )
    if (by <= -1).any():
        raise ParameterError(
            f"the market cannot fall by {-by.min():.0%}; write a rate above -100%."
        )
    return bare(CONVENTIONS[convention](by, long))


def aged(value: Any, rate: Any, months: Any, convention: str) -> Any:
    """Amounts some months later, as `ageing_factor` says.

    >>> aged(52_000, 0.03, 9, "simple"), round(aged(90_000, 0.03, 6, "geometric"), 2)
    (53170.0, 91340.02)
    """
    return bare(numbers(value, "amount") * ageing_factor(rate, months, convention))


def months_between(start: date, end: date) -> float:
    """Months from a day to another: whole ones, then days as a part of the next; below 0 backwards.

    >>> months_between(date(2025, 9, 1), date(2026, 6, 16))
    9.5
    """
    if end < start:
        return -months_between(end, start)
    whole = (end.year - start.year) * 12 + end.month - start.month
    whole -= _later(start, whole) > end
    before, after = _later(start, whole), _later(start, whole + 1)
    return float(whole + (end - before).days / (after - before).days)


def composite(values: Sequence[Any] | Any, weights: Sequence[Any] | Any | None = None) -> Any:
    """Several surveys' amounts as one: their mean, weighed by people or all alike.

    Defined as::

        composite = sum(weight x value) / sum(weights)

    >>> composite([53_170, 53_530]), composite([50_000, 60_000], [30, 10])
    (53350.0, 52500.0)

    Args:
        values: one for each survey, or one row of points for each.
        weights: one for each survey, e.g. its incumbents; all alike if not given.

    Raises:
        ParameterError: there is no survey, or weights are below 0 or all 0.
    """
    told = numbers(values, "amounts of surveys")
    if told.ndim == 0 or len(told) == 0:
        raise ParameterError("there is no survey to put together; give one amount for each.")
    weighed = np.ones(len(told)) if weights is None else numbers(weights, "weights")
    if weighed.shape != (len(told),) or (weighed < 0).any() or weighed.sum() <= 0:
        raise ParameterError(
            "surveys are weighed by one number each, of 0 or more, that are not all 0."
        )
    return bare(np.average(told, axis=0, weights=weighed))


def _later(start: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    number = start.year * 12 + start.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
