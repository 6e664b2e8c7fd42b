"""Teams: a measure by team, and the best way to tell an effect from when teams started.

Where some started later than others or not at all, those that had not started show what would
have come (`staggered`); where all started on one day there is nobody to compare with, and their
months together are compared with those before (`effects`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.core.months import number, period_of
from spmlib.revops.value import effects
from spmlib.revops.value.effects import METHODS, Demands, Effect
from spmlib.revops.value.series import Flags, Floats, Series, first_whole
from spmlib.revops.value.staggered import Difference, staggered

UNBOUNDED = "; it hangs on too few teams to have an interval"


def effect_of(
    measured: Mapping[str, Series],
    starts: Mapping[str, date],
    demands: Demands | None = None,
    adds: bool = True,
    season: bool = True,
) -> Effect:
    """The effect of a change that teams began, on the measure of the whole company.

    Defined as::

        effect of a month = mean change of a team that had started x teams that had started
                            (over all teams, where the measure is a mean and does not add up)

    Args:
        measured: the measure of each team.
        starts: days on which teams started; who is not named never did.
        demands: how much data each way asks for.
        adds: whether teams' values add up to the company's; else their mean is the company's.
        season: as `effects.effect`.

    Raises:
        ParameterError: a start is that of no team, or nobody started.
    """
    asked = demands or Demands()
    _refuse(measured, starts)
    first = min(starts.values())
    whole = total(measured, adds)
    if len({starts.get(team) for team in measured}) == 1:
        return effects.effect(whole, first, asked, season)
    values, columns = _placed(measured, starts, whole.periods)
    began = np.arange(len(whole.periods)) >= columns.min()
    before, after = int((~began & whole.known).sum()), int((began & whole.known).sum())
    blank = Effect(
        whole.name, "none", "", before, after, periods=whole.periods, values=whole.values,
        start=first_whole(first),
    )  # fmt: skip
    why = effects.lacking(whole, whole.known, blank, asked)
    if why:
        return replace(blank, assumption=why)
    try:
        found = staggered(values, columns, asked.sure)
    except ParameterError as wrong:
        return replace(blank, assumption=f"{METHODS['none']}: {wrong}")
    return _told(blank, found, values, columns, began, adds)


def total(measured: Mapping[str, Series], adds: bool = True) -> Series:
    """The company's measure: sums of its teams, or their means; unknown where a team's is."""
    months = [number(period) for own in measured.values() for period in own.periods]
    name = next((own.name for own in measured.values()), "")
    if not months:
        return Series(name, (), np.empty(0))
    periods = tuple(period_of(month) for month in range(min(months), max(months) + 1))
    rows = np.array([_row(own, periods) for own in measured.values()])
    return Series(name, periods, rows.sum(axis=0) if adds else rows.mean(axis=0))


def _row(own: Series, periods: tuple[str, ...]) -> Floats:
    known = dict(zip(own.periods, own.values, strict=True))
    return np.array([known.get(period, np.nan) for period in periods])


def _refuse(measured: Mapping[str, Series], starts: Mapping[str, date]) -> None:
    for team in starts:
        if team not in measured:
            known = ", ".join(measured) or "none"
            raise ParameterError(f"starts: '{team}' is no team with months; known are {known}.")
    if not starts:
        raise ParameterError("starts: nobody started; give the day of one team at least.")


def _placed(
    measured: Mapping[str, Series], starts: Mapping[str, date], periods: tuple[str, ...]
) -> tuple[Floats, Floats]:
    """Values by team and month, and the column of each team's first whole month after."""
    values = np.array([_row(own, periods) for own in measured.values()])
    begin = number(periods[0])
    columns = np.full(len(values), np.inf)
    for place, team in enumerate(measured):
        if team in starts:
            day = starts[team]
            columns[place] = number(first_whole(day)) - begin
            partly = int(columns[place]) - 1
            if day.day > 1 and 0 <= partly < len(periods):
                values[place, partly] = np.nan
    return values, columns


def _told(
    blank: Effect, found: Difference, values: Floats, columns: Floats, began: Flags, adds: bool
) -> Effect:
    parts = 1 if adds else len(values)
    started = np.arange(values.shape[1]) >= columns[:, None]
    told = started & np.isfinite(values) & np.isfinite(found.expected)
    scale = started.sum(axis=0) / parts
    seen = (told.sum(axis=0) / parts)[began]
    shown = seen > 0
    mean = float(seen[shown].mean())
    change, low, high = (part * mean for part in (found.change, found.low, found.high))
    centre = found.expected.sum(axis=0) / parts
    far = (found.high - found.change) * np.where(began, scale, np.nan)
    return replace(
        blank,
        method="staggered",
        assumption=METHODS["staggered"] + ("" if np.isfinite(found.error) else UNBOUNDED),
        change=(change, low, high),
        expected=np.column_stack([centre, centre - far, centre + far]),
        fit=found,
        contrasts=scale[began][:, None],
        ahead=np.array([np.isfinite(columns).sum() / parts]),
        residuals=_apart(values - found.expected - found.change * started, started),
    )


def _apart(left: Floats, started: Flags) -> Floats:
    """What is left of each month, of teams that started early less of those that did late.

    Over all teams it adds up to nothing in every month; between them it is what the change could
    be mistaken for.
    """
    early = started.mean(axis=1)
    weights = early - early.mean()
    made: Floats = np.nansum(left * weights[:, None], axis=0) / np.abs(weights).sum()
    return made
