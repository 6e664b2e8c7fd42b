"""Noise: how far a score would be off by luck alone, with the same person and the same market.

Two answers. By deals: sums of deals that come by chance have the variance of their squares, pooled
over people, so that nobody is called steady for having had one deal. By months: how far people's
months scatter around their own mean, after what all months share. The larger is the safer.

Source: for sums of deals, the variance of a compound Poisson sum is the expected sum of squares;
pooling it over people is the generalised variance function of survey statistics (Wolter,
"Introduction to Variance Estimation", 2nd ed. 2007, chapter 7).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.tables import MONEY
from spmlib.motivate.leaderboards.panels import Grid
from spmlib.motivate.leaderboards.scores import Kind, own_past, windowed

WAYS = ("larger", "deals", "months")
LEAST = 1e-9  # of the scores' own variance: noise that is not known to be there is not quite none


def of_scores(
    grid: Grid,
    period: str,
    kind: Kind,
    who: Whole,
    score: Floats,
    way: str = "larger",
    looked_at: int = 12,
) -> Floats:
    """The variance of the noise of each score, in the score's unit squared.

    Args:
        grid: amounts.
        period: last of the window.
        kind: of the score.
        who: numbers of the people in the grid, all of one peer group.
        score: theirs.
        way: larger, deals or months.
        looked_at: months that are looked at, at the most.
    """
    last = grid.at(period)
    now = windowed(grid, last, kind.window) or windowed(grid, last, last + 1)
    assert now is not None
    own = grid_of(grid, who)
    part = _part(now.present[who], now.days)
    floor = LEAST * max(float(np.var(score)) if len(score) else 0.0, 1e-12)
    found = np.zeros(len(who))
    if kind.kind == "improvement" and kind.unit == "deviations":
        many = np.isfinite(own_past(own, last, kind)).sum(axis=1)
        return np.maximum(1 + 1 / np.maximum(many, 1), floor)
    if way != "deals":
        found = np.maximum(found, _by_months(own, last, kind, looked_at))
    if way != "months" and grid.squares.size:
        found = np.maximum(found, _by_deals(own, last, kind, looked_at))
    if kind.part == "prorate" and _of(kind) == "level" and kind.kind != "growth":
        found = found / part  # one half of the days, brought to the whole, is twice as uncertain
    if kind.kind == "improvement":
        many = np.isfinite(own_past(own, last, kind)).sum(axis=1)
        found = found * (1 + 1 / np.maximum(many, 1))
    return np.maximum(found, floor)


def grid_of(grid: Grid, who: Whole) -> Grid:
    """The grid of some people."""
    names = [grid.people[at] for at in who.tolist()]
    squares = grid.squares[who] if grid.squares.size else grid.squares
    reached = grid.reached[who] if grid.reached.size else grid.reached
    worth = None if grid.worth is None else grid.worth[who]
    return Grid(
        names, grid.periods, grid.value[who], grid.quota[who], grid.days, grid.present[who],
        squares, reached, worth,
    )  # fmt: skip


def _of(kind: Kind) -> str:
    return {"improvement": kind.of}.get(kind.kind, kind.kind)


def _part(present: Whole, days: int) -> Floats:
    return np.maximum(present / max(days, 1), 1 / max(days, 1))


def _sizes(own: Grid, last: int, kind: Kind, looked_at: int) -> tuple[Floats, Floats, slice]:
    """What each person is expected to bring in each month that is looked at, before luck.

    Quotas times what quotas bring on average, or the group's average month.
    """
    months = slice(max(last - looked_at + 1, 0), last + 1)
    unit = _units(own)[:, None]
    value, there = own.value[:, months] / MONEY * unit, own.present[:, months] > 0
    if _of(kind) == "attainment":
        base = own.quota[:, months] / MONEY * unit
    else:
        base = own.present[:, months] / own.days[None, months].astype(float)
    base = np.where(there, base, 0.0)
    return value, base, months


def _by_months(own: Grid, last: int, kind: Kind, looked_at: int) -> Floats:
    """From the scatter of months: (value - person's rate x season x base)^2 over base^2, pooled."""
    value, base, _ = _sizes(own, last, kind, looked_at)
    used = base > 0
    season = _ratio(np.where(used, value, 0).sum(axis=0), base.sum(axis=0))
    overall = _ratio(np.where(used, value, 0).sum(), base.sum())
    season = season / overall if overall > 0 else np.ones_like(season)
    size = base * np.where(season > 0, season, 0)[None, :]
    rate = _ratio((value * used).sum(axis=1), size.sum(axis=1))
    gaps = np.where(used, value - rate[:, None] * size, 0.0)
    free = used.sum() - len(value) - (used.any(axis=0).sum() - 1)
    if free < 1 or not base.any():
        return np.zeros(len(value))
    # A month's variance is taken in proportion to its size: many deals average out.
    each = float((gaps**2)[size > 0].sum()) / max(float(size[size > 0].sum()), 1e-300)
    each *= used.sum() / free
    return _of_window(own, last, kind, each, overall)


def _by_deals(own: Grid, last: int, kind: Kind, looked_at: int) -> Floats:
    """From squares of deals: their sum over what was expected, pooled."""
    value, base, months = _sizes(own, last, kind, looked_at)
    squares = np.where(base > 0, own.squares[:, months] * _units(own)[:, None] ** 2, 0.0).sum()
    each = float(squares) / base.sum() if base.any() else 0.0
    return _of_window(own, last, kind, each, _ratio(value[base > 0].sum(), base.sum()))


def _of_window(own: Grid, last: int, kind: Kind, each: float, overall: float) -> Floats:
    """The variance of a window's score, where a unit of base has the variance `each`."""
    now = windowed(own, last, kind.window) or windowed(own, last, last + 1)
    assert now is not None
    quota, many = now.quota / MONEY * _units(own), float(min(kind.window, last + 1))
    if _of(kind) == "attainment":
        return np.where(quota > 0, each / np.maximum(quota, 1e-300), 0.0)
    if kind.kind != "growth":
        return np.full(len(quota), each * many)
    # Both windows are noisy: by the delta method, at the size of an average window.
    typical = max(overall * many, 1e-300)
    return np.full(len(quota), 2 * each * many / typical**2)


def _ratio(above: Any, below: Any) -> Any:
    safe = np.where(np.asarray(below) != 0, below, 1.0)
    return np.asarray(np.where(np.asarray(below) != 0, above / safe, 0.0))


def _units(own: Grid) -> Floats:
    """What a unit of each person's amounts is worth in one currency."""
    return np.ones(len(own.people)) if own.worth is None else own.worth
