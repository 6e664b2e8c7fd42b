"""Placebos: made-up days of change, before the real one, at which there was nothing to find.

Each is asked for from the months before the change alone. A way that finds an effect of many of
them does not fit the measure, and what it says of the real day is not to be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from spmlib.core.months import first_of, number, number_of
from spmlib.revops.value import teams
from spmlib.revops.value.effects import Demands, Effect, effect
from spmlib.revops.value.series import Series


def placebos(
    measured: Series, day: date, demands: Demands | None = None, season: bool = True
) -> list[Effect]:
    """Effects of made-up days before the change, from the months before it alone.

    Each has as many months after it as there are until the change; days before which no trend
    could be drawn are left out.
    """
    asked = demands or Demands()
    if not measured.periods:
        return []
    kept = _until(measured, day)
    first, change = number(measured.periods[0]), number_of(day)
    days = range(first + asked.mean, change - asked.after + 1)
    found = [effect(kept, first_of(month), asked, season, course=False) for month in days]
    return [one for one in found if one.said and one.method == "interrupted"]


def of_teams(
    measured: Mapping[str, Series],
    starts: Mapping[str, date],
    demands: Demands | None = None,
    adds: bool = True,
) -> list[Effect]:
    """The same where teams started on different days: all starts moved back by whole months."""
    asked = demands or Demands()
    first = min(starts.values())
    kept = {name: _until(own, first) for name, own in measured.items()}
    months = max((len(own.periods) for own in kept.values()), default=0)
    back = range(asked.after, months - asked.mean + 1)
    moved = [{name: _back(day, by) for name, day in starts.items()} for by in back]
    found = [teams.effect_of(kept, days, asked, adds) for days in moved]
    return [one for one in found if one.bounded and one.method == "staggered"]


def share(found: Sequence[Effect]) -> float | None:
    """The share of made-up days at which something was found; none where none was asked for."""
    return sum(one.shown for one in found) / len(found) if found else None


def _until(measured: Series, day: date) -> Series:
    """The months that lie wholly before a day."""
    change = number_of(day)
    cut = tuple(period for period in measured.periods if number(period) < change)
    return Series(measured.name, cut, measured.values[: len(cut)])


def _back(day: date, months: int) -> date:
    return first_of(number_of(day) + (day.day > 1) - months)
