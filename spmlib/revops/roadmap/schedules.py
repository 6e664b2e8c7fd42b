"""Schedules: who can do what when, and the order that brings the most within a horizon.

A capability's work is spread evenly over the months that it takes: its own least time, or longer
where people are few. One that begins later brings less, so an order says all: take each in turn,
and begin it as early as needs and people allow.

Source:
    Pritsker, Watters, Wolfe, "Multiproject scheduling with limited resources" (1969): a variable
    for each start. Kolisch, "Serial and parallel resource-constrained project scheduling methods
    revisited" (1996): some order, taken in turn, gives an optimum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.revops.roadmap.capabilities import Capability, to_do

TINY = 1e-9


@dataclass(frozen=True)
class Work:
    """What is to be done, as numbers: rows are capabilities, `skills` and months columns.

    Attributes:
        rows: what is not in place, each after what it needs.
        takes: months that each takes; more than the horizon if nobody can do it.
        uses: person-days a month of each, by skill.
        free: person-days by skill and month.
        worth: what each brings if begun in each month, discounted; -inf where it does not fit.
        skills: their names.
    """

    rows: tuple[Capability, ...]
    takes: tuple[int, ...]
    uses: Floats
    free: Floats
    worth: Floats
    skills: tuple[str, ...]

    @property
    def months(self) -> int:
        """How many months the horizon has."""
        return self.free.shape[1]

    @cached_property
    def needs(self) -> list[list[int]]:
        """The rows that each row needs."""
        at = {each.name: row for row, each in enumerate(self.rows)}
        return [[at[need] for need in each.needs] for each in self.rows]


@dataclass(frozen=True)
class Schedule:
    """When work begins, and what it brings.

    Attributes:
        starts: the month, from 0, in which each begins, by name; of what fits.
        left: why what does not fit does not, by name.
        value: of all [currency, discounted to the start].
        bound: that no schedule of this kind can pass.
        exact: the value is the largest there is.
    """

    starts: Mapping[str, int]
    left: Mapping[str, str]
    value: float
    bound: float
    exact: bool

    @property
    def gap(self) -> float:
        """How far the bound is above the value, as a share of the bound."""
        return max(self.bound - self.value, 0.0) / self.bound if self.bound > 0 else 0.0


def work(
    capabilities: Sequence[Capability], people: Mapping[str, float], months: int, rate: float = 0.0
) -> Work:
    """What is to be done with some people within a horizon.

    Args:
        capabilities: all of them; those in place need nothing more.
        people: capacity by skill [person-days a month].
        months: of the horizon.
        rate: by which a year's later money is worth less.

    Raises:
        ParameterError: the horizon has no month, a capacity is below 0, or the rate -100 % or less.
    """
    if months < 1:
        raise ParameterError(f"the horizon has {months} months; write 1 or more.")
    if rate <= -1 or any(not days >= 0 for days in people.values()):
        raise ParameterError("a capacity is below 0, or the discount rate -100% or less; raise it.")
    rows = to_do(capabilities)
    skills = tuple(dict.fromkeys([*people, *(skill for each in rows for skill in each.effort)]))
    have = np.array([float(people.get(skill, 0.0)) for skill in skills])
    takes = tuple(_takes(each, people, months) for each in rows)
    effort = np.array([[each.effort.get(skill, 0.0) for skill in skills] for each in rows])
    uses = effort.reshape(len(rows), len(skills)) / np.maximum(np.array(takes), 1)[:, None]
    worth = np.array(
        [_worth(each, took, months, rate) for each, took in zip(rows, takes, strict=True)]
    )
    free = np.repeat(have[:, None], months, axis=1)
    return Work(tuple(rows), takes, uses, free, worth.reshape(len(rows), months), skills)


def in_turn(of: Work, order: Sequence[int]) -> dict[int, int]:
    """The start of each row that fits, rows taken in an order, each as early as it can be.

    A row whose needs are not met when its turn comes, or that does not fit any more, is left out.
    """
    free, begins = of.free.copy(), of.worth > -np.inf
    starts: dict[int, int] = {}
    for row in order:
        if any(need not in starts for need in of.needs[row]):
            continue
        first = max((starts[need] + of.takes[need] for need in of.needs[row]), default=0)
        long, use = of.takes[row], of.uses[row][:, None]
        fits = np.flatnonzero(begins[row] & _runs((free + TINY >= use).all(axis=0), long))
        later = fits[fits >= first]
        if len(later):
            starts[row] = start = int(later[0])
            free[:, start : start + long] -= use
    return starts


def _runs(free: Whole, long: int) -> Whole:
    """Whether so many months in a row are free from each on, as truth values."""
    taken = np.concatenate(([0], np.cumsum(~free)))
    ends = np.minimum(np.arange(len(free)) + long, len(free))
    return np.asarray((taken[ends] == taken[:-1]) & (np.arange(len(free)) + long <= len(free)))


def value(of: Work, starts: Mapping[int, int]) -> float:
    """What rows that begin in some months bring together, discounted [currency]."""
    return float(sum(of.worth[row, start] for row, start in starts.items()))


def told(of: Work, starts: Mapping[int, int], bound: float, exact: bool) -> Schedule:
    """A schedule of starts, with why what is left out is."""
    left = {
        each.name: _why(of, row, starts) for row, each in enumerate(of.rows) if row not in starts
    }
    named = {of.rows[row].name: start for row, start in sorted(starts.items())}
    return Schedule(named, left, value(of, starts), bound, exact)


def _takes(each: Capability, people: Mapping[str, float], months: int) -> int:
    """Months of work: as long as it has to, or as its scarcest skill makes it."""
    long = each.months
    for skill, days in each.effort.items():
        have = people.get(skill, 0.0)
        if days > 0:
            long = max(long, ceil(days / have - TINY) if have > 0 else months + 1)
    return long


def _worth(each: Capability, takes: int, months: int, rate: float) -> Floats:
    """What it brings by month of start; a month's money comes at the month's end."""
    made = np.full(months, -np.inf)
    ends = (1 + rate) ** (-(np.arange(months) + 1) / 12)
    for start in range(months - max(takes, 1) + 1):
        live = start + takes
        ramp = np.ones(months - live)
        many = min(len(each.ramp), len(ramp))
        ramp[:many] = each.ramp[:many]
        made[start] = each.effect * float(ramp @ ends[live:])
    return made


def _why(of: Work, row: int, starts: Mapping[int, int]) -> str:
    each = of.rows[row]
    have = of.free.max(axis=1, initial=0.0)
    none = [
        s
        for s, days in zip(of.skills, have, strict=True)
        if each.effort.get(s, 0.0) > 0 and days == 0
    ]
    if none:
        return f"nobody has time as {', '.join(none)}"
    missing = [of.rows[need].name for need in of.needs[row] if need not in starts]
    if missing:
        return f"needs {', '.join(missing)}, which does not fit"
    return f"takes {of.takes[row]} months, which do not fit into the {of.months} of the horizon"
