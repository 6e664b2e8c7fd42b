"""Effects: what a measure did after a day of change beside what would have come without it.

Three ways, chosen by the data there is, each told with its assumption: an interrupted time series
(trend and season go on), the mean before (nothing else moved: the weakest), and, where teams
started on different days, those that had not (`teams`). With less than that nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

import numpy as np

from spmlib.core.months import number
from spmlib.revops.value import regression
from spmlib.revops.value.regression import Fit
from spmlib.revops.value.series import Flags, Floats, Series, first_whole

METHODS = {
    "interrupted": "the trend and season of the months before would have gone on",
    "staggered": "teams that had not started show how the others would have moved",
    "before_after": "nothing else would have moved: the weakest comparison there is",
    "none": "nothing can be said",
}


NOT_KNOWN = (np.nan, np.nan, np.nan)


class Drawn(Protocol):
    """What coefficients may be, told by draws."""

    def draws(self, count: int, random: np.random.Generator) -> Floats:
        """Coefficients, shape (count, columns)."""
        ...


@dataclass(frozen=True)
class Demands:
    """How much data each way asks for.

    Attributes:
        trend: months before, from which a trend may be drawn.
        season: months before, from which a season of the year may be.
        quarter: months before, from which one of the quarter may be.
        mean: months before, from which the mean before may stand for them.
        after: months after the change, at least.
        slope: months after, from which a change of slope may be drawn.
        sure: how sure intervals are, e.g. 0.95.
    """

    trend: int = 12
    season: int = 24
    quarter: int = 18
    mean: int = 4
    after: int = 3
    slope: int = 9
    sure: float = 0.95


@dataclass(frozen=True)
class Effect:
    """What a change moved in a measure, a month [as the series].

    Attributes:
        name: of the measure.
        method: one of METHODS.
        assumption: under which it holds, or why nothing can be said.
        before, after: months with a value.
        change: mean of the months after less what would have come; low and high beside it.
        level: at once; slope: more with each month (0 where it was not drawn).
        periods, values: the series; expected: without the change, with low and high.
        contrasts: sums of coefficients that are the effect of each month after; ahead: of
            each month that is to come, the mean of those seen where nothing else is said.
        start: first month after the change; fit: what coefficients may be.
        residuals: what the fit leaves by month, NaN where it was not used.
        newey_west: low and high of the same change by Newey and West's errors, to compare.
    """

    name: str
    method: str
    assumption: str
    before: int
    after: int
    change: tuple[float, float, float] = NOT_KNOWN
    level: tuple[float, float, float] = NOT_KNOWN
    slope: tuple[float, float, float] = NOT_KNOWN
    periods: tuple[str, ...] = ()
    values: Floats = field(default_factory=lambda: np.empty(0))
    expected: Floats = field(default_factory=lambda: np.empty((0, 3)))
    start: str = ""
    fit: Drawn | None = None
    contrasts: Floats = field(default_factory=lambda: np.empty((0, 0)))
    ahead: Floats = field(default_factory=lambda: np.empty(0))
    residuals: Floats = field(default_factory=lambda: np.empty(0))
    newey_west: tuple[float, float] = (np.nan, np.nan)

    @property
    def said(self) -> bool:
        """Whether anything is."""
        return self.method != "none"

    @property
    def bounded(self) -> bool:
        """Whether there is an interval."""
        return self.said and bool(np.isfinite(self.change).all())

    @property
    def shown(self) -> bool:
        """Whether the interval leaves out nothing at all."""
        return self.bounded and (self.change[1] > 0 or self.change[2] < 0)


def effect(
    measured: Series,
    day: date,
    demands: Demands | None = None,
    season: bool = True,
    course: bool = True,
) -> Effect:
    """The effect of a change on a measure, by the best way that its months allow.

    Defined as::

        value = level before + trend month + season + level change + slope change months since

    A month in which the change fell on a later day than the first belongs to neither side.

    Args:
        measured: months in order.
        day: of the change.
        demands: how much data each way asks for.
        season: whether waves of the year and of the quarter may be drawn (a harmonic of each).
        course: whether what would have come in each month is wanted, too.

    Source: Bernal, Cummins and Gasparrini, Int. J. Epidemiology 46 (2017), 348-355.
    """
    asked = demands or Demands()
    start = first_whole(day)
    numbers = np.array([number(period) for period in measured.periods], float)
    late = numbers >= number(start)
    partly = (numbers == number(start) - 1) & (day.day > 1)
    used = measured.known & ~partly
    before, after = int((used & ~late).sum()), int((used & late).sum())
    blank = Effect(
        measured.name, "none", "", before, after, periods=measured.periods,
        values=measured.values, start=start,
    )  # fmt: skip
    why = lacking(measured, used, blank, asked)
    if why:
        return replace(blank, assumption=why)
    method = "interrupted" if before >= asked.trend else "before_after"
    waves = [length for length, least in ((12, asked.season), (3, asked.quarter))
             if season and before >= least]  # fmt: skip
    sloped = method == "interrupted" and after >= asked.slope
    design = _design(numbers, late, number(start), method == "interrupted", waves, sloped)
    if before + after < design.shape[1] + 2 or _short(design[used]):
        many = f"{before + after} months are too few for what is drawn"
        return replace(blank, assumption=f"{METHODS['none']}: {many}")
    fit = regression.fitted(design[used], measured.values[used], numbers[used])
    if fit is None:
        why = "the months have no scatter about what is drawn, and so no interval"
        return replace(blank, assumption=f"{METHODS['none']}: {why}")
    return _told(replace(blank, method=method, assumption=METHODS[method]), fit, design, late,
                 used, sloped, asked.sure, course)  # fmt: skip


def lacking(measured: Series, used: Flags, blank: Effect, asked: Demands) -> str:
    """Why nothing can be said of a measure; empty where something can.

    Args:
        measured: the measure.
        used: months that count.
        blank: with the months before and after, and the first after.
        asked: how much data each way asks for.
    """
    before, after, start = blank.before, blank.after, blank.start
    none = METHODS["none"]
    if not measured.known.any():
        return f"{none}: no month has a value"
    if not after and number(start) > number(measured.periods[-1]):
        return f"{none}: the change comes after the last month"
    if before < asked.mean:
        return f"{none}: {_counted(before)} before the change, at least {asked.mean} are needed"
    if after < asked.after:
        return f"{none}: {_counted(after)} after the change, at least {asked.after} are needed"
    if np.ptp(measured.values[used]) == 0:
        return f"{none}: the months have no scatter at all"
    return ""


def _counted(months: int) -> str:
    return f"{months} month" + "s" * (months != 1)


def _design(
    numbers: Floats, late: Flags, start: int, trend: bool, waves: list[int], sloped: bool
) -> Floats:
    """The columns: level change, slope change, level, trend, seasons; those that are drawn."""
    since = (numbers - start) * late
    columns = [late.astype(float)]
    columns += [since] if sloped else []
    columns += [np.ones_like(numbers)]
    columns += [(numbers - start) / 12] if trend else []
    for length in waves:
        angle = 2 * np.pi * numbers / length
        columns += [np.cos(angle), np.sin(angle)]
    return np.column_stack(columns)


def _short(design: Floats) -> bool:
    """Whether one column follows from the others."""
    return bool(np.linalg.matrix_rank(design) < design.shape[1])


def _told(
    made: Effect, fit: Fit, design: Floats, late: Flags, used: Flags, sloped: bool, sure: float,
    course: bool,
) -> Effect:  # fmt: skip
    moved = design.copy()
    moved[:, 1 + sloped :] = 0
    contrasts = moved[late]
    chances = np.array([(1 - sure) / 2, (1 + sure) / 2])
    unit = np.eye(design.shape[1])

    without = (design - moved)[: len(design) if course else 0]
    asked = np.vstack([moved[late & used].mean(axis=0), unit[0], unit[1], without])
    centres = [fit.mean(contrast) for contrast in asked]
    all_told = np.column_stack([centres, fit.quantiles(asked, chances)])
    peer = regression.newey_west(design[used], made.values[used], asked[0], sure)
    change, level, slope = ((float(a), float(b), float(c)) for a, b, c in all_told[:3])
    return replace(
        made,
        change=change,
        level=level,
        slope=slope if sloped else (0.0, 0.0, 0.0),
        expected=all_told[3:], fit=fit, contrasts=contrasts, ahead=contrasts.mean(axis=0),
        residuals=_spread(fit, used), newey_west=(peer[1], peer[2]),
    )  # fmt: skip


def _spread(fit: Fit, used: Flags) -> Floats:
    """What the fit leaves, a gap where a month was not used."""
    made = np.full(len(used), np.nan)
    made[used] = fit.residuals
    return made
