"""Percentiles: where pay stands among the points that a survey tells, and only as far as it does.

Between two points pay is placed linearly. Below the lowest and above the highest nothing is known
but that (``<10``, ``>90``), so nothing is extrapolated. A point that is top-coded is known to be
that or more: pay between the last point known and it lies between their percentiles (``75-90``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.plain import numbers, positive

TOP_CODED, UNTOLD = "#", ("", "*", "**")  # as the Bureau of Labor Statistics writes them
Points = Mapping[Any, Any]


class Percentile(float):
    """A percentile; not a number where only bounds are known, which its words then say.

    Attributes:
        low: it is at least this; 0 where nothing is known.
        high: it is at most this; 100 where nothing is known.
    """

    low: float
    high: float

    def __new__(cls, value: float, low: float, high: float) -> Percentile:
        """A percentile between bounds."""
        made = super().__new__(cls, value)
        made.low, made.high = float(low), float(high)
        return made

    def __str__(self) -> str:
        """As it is printed: 52.6, <10, >90, 75-90."""
        if self == self:
            return f"{float(self):.1f}"
        if self.low == 0:
            return f"<{self.high:g}" if self.high < 100 else "?"
        return f">{self.low:g}" if self.high == 100 else f"{self.low:g}-{self.high:g}"


@dataclass(frozen=True)
class Placed:
    """Where many people stand: a percentile each, not a number where only bounds are known."""

    value: Floats
    low: Floats
    high: Floats

    def words(self) -> list[str]:
        """Each as it is printed."""
        return [str(Percentile(*row)) for row in zip(self.value, self.low, self.high, strict=True)]


def percentile(pay: float, points: Points, top_code: float | None = None) -> Percentile:
    """The percentile of pay among the points that a survey tells.

    Defined as::

        p = p_below + (p_above - p_below) x (pay - point_below) / (point_above - point_below)

    Pay at a point has its percentile; where several points are the same, the highest of them.

    >>> told = {10: 37_860, 25: 49_040, 50: 66_780, 75: 97_570, 90: 134_470}
    >>> round(percentile(70_000, told), 4), str(percentile(30_000, told))
    (52.6145, '<10')
    >>> str(percentile(220_000, {50: 138_060, 75: 201_490, 90: "#"}, top_code=239_200))
    '75-90'

    Args:
        pay: [currency].
        points: by percentile (10, "10" or "p10") [the same currency]; None, "*" or "**" where one
            is not told, "#" where it is the top code or more (not told, if no top code is given).
        top_code: the highest amount that the survey tells: a point that equals it is that or more.

    Raises:
        ParameterError: a point is no amount or has no percentile, points fall, or none is told.

    Source:
        BLS, Occupational Employment and Wage Statistics, technical notes.
    """
    at, told, least = _read(points, top_code)
    found = placed(positive([pay], "pay"), at, told[None], least[None])
    return Percentile(float(found.value[0]), float(found.low[0]), float(found.high[0]))


def amount_at(points: Points, percent: float, top_code: float | None = None) -> float:
    """The amount at a percentile: the inverse of `percentile`.

    >>> amount_at({25: 50_000, 50: 60_000, 75: 80_000}, 60)
    68000.0

    Raises:
        ParameterError: it lies outside of the points that are told.
    """
    at, told, least = _read(points, top_code)
    found = amounts(percent, at, told[None], least[None])[0]
    if np.isnan(found):
        raise ParameterError(
            f"the amount at percentile {percent:g} is not told; name one between those that are."
        )
    return float(found)


def percentile_between(
    pay: float,
    points: Points,
    relative_error: float = 0.0,
    rounded_to: float = 0.0,
    sure: float = 0.95,
    top_code: float | None = None,
) -> tuple[Percentile, Percentile]:
    """Between which percentiles pay stands, as the points themselves are uncertain.

    All points are taken to err together, by the survey's standard error and by half of what they
    are rounded to: wider than where they err apart.

    Args:
        pay: [currency].
        points: as in `percentile`.
        relative_error: the survey's relative standard error, e.g. 0.005.
        rounded_to: what published points are rounded to, e.g. 10 [currency].
        sure: the chance with which it lies between.
        top_code: as in `percentile`.
    """
    z = NormalDist().inv_cdf((1 + sure) / 2)
    share, half = z * relative_error, rounded_to / 2
    if not 0 <= share < 1 or half < 0:
        raise ParameterError("an error is below 0, or as large as the points; give a smaller one.")
    amount = float(positive(pay, "pay"))
    least, most = max(amount - half, 1e-9) / (1 + share), (amount + half) / (1 - share)
    return percentile(least, points, top_code), percentile(most, points, top_code)


def placed_between(
    pay: Floats, at: Floats, points: Floats, least: Floats, error: Floats, sure: float
) -> tuple[Floats, Floats]:
    """Between which percentiles many people stand, as their points are uncertain.

    Args:
        pay: n.
        at: the percentiles of the points, rising: k.
        points: n x k.
        least: n x k; whether a point is that or more.
        error: the relative standard error of each person's points: n; 0 where none is known.
        sure: the chance with which it lies between.

    Returns:
        The lowest and the highest, with 0 and 100 where nothing bounds them: n each.
    """
    share = np.minimum(NormalDist().inv_cdf((1 + sure) / 2) * error, 0.99)
    low = placed(pay / (1 + share), at, points, least).low
    return low, placed(pay / (1 - share), at, points, least).high


def placed(pay: Floats, at: Floats, points: Floats, least: Floats) -> Placed:
    """Where many people stand, each among points of their own.

    Args:
        pay: n.
        at: the percentiles of the points, rising: k.
        points: n x k; not a number where one is not told.
        least: n x k; whether a point is that or more.
    """
    value = np.asarray(pay, float)[:, None]
    known = np.isfinite(points) & ~least
    below, above = known & (points <= value), known & (points > value)
    beyond = (np.isfinite(points) & least & (points > value)) | above
    low = np.where(below, at, 0.0).max(axis=1)
    high = np.where(beyond, at, 100.0).min(axis=1)
    start = np.where(below, points, -np.inf).max(axis=1)
    end = np.where(above, points, np.inf).min(axis=1)
    next_at = np.where(above, at, np.inf).min(axis=1)
    there = np.isfinite(start) & np.isfinite(end)
    with np.errstate(invalid="ignore", divide="ignore"):
        between = low + (next_at - low) * (value[:, 0] - start) / (end - start)
    exact = np.where(there, between, np.where(start == value[:, 0], low, np.nan))
    inside = np.isfinite(exact)
    return Placed(exact, np.where(inside, exact, low), np.where(inside, exact, high))


def amounts(percent: float, at: Floats, points: Floats, least: Floats) -> Floats:
    """The amount at a percentile in each row of points; not a number where it is not told."""
    known = np.isfinite(points) & ~least
    below, above = known & (at <= percent), known & (at >= percent)
    low_at, high_at = (
        np.where(below, at, -np.inf).max(axis=1),
        np.where(above, at, np.inf).min(axis=1),
    )
    start = np.where(below, points, -np.inf).max(axis=1)
    end = np.where(above, points, np.inf).min(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(high_at > low_at, (percent - low_at) / (high_at - low_at), 0.0)
        made = start + share * (end - start)
    return np.where(np.isfinite(start) & np.isfinite(end), made, np.nan)


def _read(points: Points, top_code: float | None) -> tuple[Floats, Floats, Floats]:
    """Percentiles, points, and whether each is that or more: rising by percentile."""
    top = np.inf if top_code is None else float(positive(top_code, "top code"))
    try:
        pairs = dict(points).items()
    except (TypeError, ValueError):
        raise ParameterError(
            "the points of the market have no percentiles; give them as {50: 60_000, ...}."
        ) from None
    rows = sorted((_percent(key), _point(told, top)) for key, told in pairs)
    at, told = (np.array(column, float) for column in zip(*rows, strict=True)) if rows else ((), ())
    amounts_told = np.asarray(told)[np.isfinite(told)] if len(rows) else np.array([])
    if not len(amounts_told):
        raise ParameterError("no point of the market is told; give one or more, by percentile.")
    if (np.diff(amounts_told) < 0).any() or (amounts_told <= 0).any():
        raise ParameterError("the points of the market fall, or are not above 0; give rising ones.")
    return np.asarray(at), np.asarray(told), np.asarray(told) >= top


def _percent(key: Any) -> float:
    try:
        made = float(str(key).strip().lower().removeprefix("p"))
    except ValueError:
        made = np.nan
    if not 0 < made < 100:
        raise ParameterError(f"'{key}' is no percentile; write 10, 25, 50, 75 or 90.")
    return made


def _point(told: Any, top: float) -> float:
    if told is None or told in UNTOLD or told != told:
        return np.nan
    if told == TOP_CODED:
        return np.nan if np.isinf(top) else top
    return float(numbers(told, "point of the market"))
