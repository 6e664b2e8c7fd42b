"""Ramps: what part of a full quota somebody carries in each month.

New people carry less in their first months, nobody carries one before they come or after they
leave, leave of absence and relief take a part away. A part of a month counts by its days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError


@dataclass(frozen=True)
class Absence:
    """A stretch of days in which somebody carries less: leave, or relief.

    Attributes:
        payee_id: who.
        begin: first day.
        end: first day after.
        share: of the quota that is taken away.
        reason: in words.
        place: file and line, where it is written.
    """

    payee_id: str
    begin: date
    end: date
    share: float = 1.0
    reason: str = "leave of absence"
    place: str = ""


FULL = 1.0
USUAL = (0.0, 0.25, 0.5, 0.75)  # a ramp, where none is decided
MONTH = 365.2425 / 12  # days


def carried(
    starts: Sequence[date | None],
    ends: Sequence[date | None],
    months: Sequence[tuple[date, date]],
    ramp: Sequence[float] = (),
) -> Floats:
    """The part of a full quota that each person carries in each month: people x months.

    Args:
        starts: first day of each; none for those long there.
        ends: first day no longer; none for those who stay.
        months: first day, and first day after, of each.
        ramp: the part carried in the first, second, third ... month since the start; then all.

    Raises:
        ParameterError: a part of the ramp is below 0 or above 1.
    """
    if any(not 0 <= part <= 1 for part in ramp):
        raise ParameterError(f"the ramp is {list(ramp)}; write shares from 0 to 1 of a full quota.")
    far = np.datetime64("1900-01-01")
    began = np.array([far if day is None else np.datetime64(day) for day in starts])[:, None]
    left = np.array(
        [np.datetime64("9999-12-31") if day is None else np.datetime64(day) for day in ends]
    )[:, None]
    first = np.array([np.datetime64(one) for one, _ in months])
    after = np.array([np.datetime64(other) for _, other in months])
    there = days(first, after, began, left) / (after - first).astype(float)
    full = np.array([*ramp, FULL])
    middle = first + (after - first) // 2
    tenure = np.clip(((middle - began).astype(float) / MONTH).astype(int), 0, len(ramp))
    return there * full[tenure]


def days(first: Whole, after: Whole, begin: Whole, end: Whole) -> Floats:
    """The days of each month that lie in each stretch: stretches x months."""
    both = np.minimum(after, end) - np.maximum(first, begin)
    return np.maximum(both.astype(float), 0.0)


def away(
    part: Floats,
    people: Sequence[str],
    absences: Sequence[Absence],
    months: Sequence[tuple[date, date]],
) -> Floats:
    """What is carried, less leave of absence and relief.

    Args:
        part: of `carried`.
        people: in its order.
        absences: of some of them; of one person several take away one after another.
        months: as in `carried`.
    """
    made = part.copy()
    places = {person: place for place, person in enumerate(people)}
    first, after = (np.array([np.datetime64(pair[n]) for pair in months]) for n in (0, 1))
    for one in absences:
        ends = (np.array(np.datetime64(day)) for day in (one.begin, one.end))
        gone = days(first, after, *ends) / (after - first).astype(float)
        made[places[one.payee_id]] *= 1 - one.share * gone
    return made
