"""Limited: what gates, multipliers, caps and floors leave, in double precision.

Each looks at the window to date at the end of each period, as the engine's `earning.modified` does.
To add a modifier: its effect here in `EFFECTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.tables import MONEY
from spmlib.incent.modelling.arrays.curved import reached, rounded, running
from spmlib.incent.modelling.arrays.taken import Value
from spmlib.rules.modifiers import Modifier


@dataclass(frozen=True)
class Standing:
    """What was earned to date at the end of periods, of several people.

    Attributes:
        group: numbers the windows of persons, in order.
        day: the last day of each period, as a number.
        target: target incentive of the window [minor units].
        unit: the currency's minor unit [ticks].
        looks: by measure and what it is a multiple of, its value at each row.
        lower: what belongs to the step below where a multiplier does not say.
    """

    group: Whole
    day: Whole
    target: Floats
    unit: int
    looks: Mapping[tuple[str, str], Value]
    lower: bool


def limited(to_date: Floats, modifiers: Sequence[Modifier], at: Standing) -> Floats:
    """What modifiers leave of what is earned to date [minor units], not rounded."""
    for modifier in modifiers:
        to_date = EFFECTS[modifier.kind](to_date, modifier, at)
    return to_date


def differences(to_date: Floats, group: Whole) -> Floats:
    """What each row adds to its group: the reverse of `running`."""
    if not len(group):
        return to_date
    made = np.diff(to_date, prepend=0.0)
    first = np.append(True, np.diff(group) != 0)
    made[first] = to_date[first]
    return made


def _gate(to_date: Floats, gate: Modifier, at: Standing) -> Floats:
    seen = at.looks[gate.measure, gate.of]
    opens = np.array([-np.inf, float(gate.at_least or 0)])
    opened = reached(seen.value, seen.base, opens, gate.strict) > 0
    if gate.otherwise == "withhold":
        return np.where(opened, to_date, 0.0)
    return running(differences(rounded(to_date), at.group) * opened, at.group)


def _multiplier(to_date: Floats, by: Modifier, at: Standing) -> Floats:
    seen = at.looks[by.measure, by.of]
    lower = by.boundary == "lower" if by.boundary else at.lower
    factors = np.ones(len(to_date))
    for number, steps in enumerate(by.steps.values()):
        own = _dated(by.steps, at.day) == number
        starts = np.array([float(step.start) for step in steps])
        place = reached(seen.value[own], seen.base[own], starts, lower)
        factors[own] = np.array([float(step.factor) for step in steps])[place]
    return to_date * factors


def _cap(to_date: Floats, cap: Modifier, at: Standing) -> Floats:
    return np.minimum(to_date, _limits(cap, at, np.inf))


def _floor(to_date: Floats, floor: Modifier, at: Standing) -> Floats:
    return np.maximum(to_date, _limits(floor, at, -np.inf))


EFFECTS: dict[str, Callable[[Floats, Modifier, Standing], Floats]] = {
    "gate": _gate,
    "multiplier": _multiplier,
    "cap": _cap,
    "floor": _floor,
}


def _limits(of: Modifier, at: Standing, none: float) -> Floats:
    made = np.full(len(at.day), none)
    for number, limit in enumerate(of.limits.values()):
        share = rounded(at.target * float(limit))
        money = np.full(len(at.day), float(limit) * MONEY / at.unit)
        made = np.where(
            _dated(of.limits, at.day) == number, share if limit.percent else money, made
        )
    return made


def _dated(history: Mapping[Any, Any], days: Whole) -> Whole:
    """The number of the value in force on each day; -1 before the first."""
    starts = np.array([day.toordinal() for day in history])
    return np.searchsorted(starts, days, "right") - 1
