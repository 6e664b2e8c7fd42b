"""Paths: how long work takes at least if people were no limit, and which work cannot wait.

Source:
    Kelley, Walker, "Critical-path planning and scheduling" (1959).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spmlib.revops.roadmap.capabilities import Capability, ordered


@dataclass(frozen=True)
class Timed:
    """When one piece of work can begin and has to begin.

    Attributes:
        earliest: time at which it can begin.
        latest: time at which it has to begin, or the whole ends later.
        takes: how long it takes.
    """

    earliest: float
    latest: float
    takes: float

    @property
    def slack(self) -> float:
        """By how much it can be late without making the whole late."""
        return self.latest - self.earliest

    @property
    def critical(self) -> bool:
        """It cannot be late at all."""
        return self.slack < 1e-9


def timed(work: Sequence[Capability], takes: dict[str, float] | None = None) -> dict[str, Timed]:
    """When each piece of work can begin and has to begin, people being no limit.

    Defined as::

        earliest = the latest end of what it needs
        latest   = the earliest latest begin of what needs it - takes

    Args:
        work: what is to be done.
        takes: how long each takes; `months` of each if not given.
    """
    rows = ordered(work)
    long = {each.name: float(each.months) for each in rows} | (takes or {})
    early: dict[str, float] = {}
    for each in rows:
        early[each.name] = max((early[need] + long[need] for need in each.needs), default=0.0)
    end = max((early[name] + long[name] for name in early), default=0.0)
    late = {name: end - long[name] for name in early}
    for each in reversed(rows):
        for need in each.needs:
            late[need] = min(late[need], late[each.name] - long[need])
    return {name: Timed(early[name], late[name], long[name]) for name in early}


def three_points(least: float, likely: float, most: float) -> tuple[float, float]:
    """The mean and the standard deviation of a time of which three points are guessed.

    Defined as::

        (least + 4 * likely + most) / 6, (most - least) / 6

    >>> three_points(1, 2, 3)
    (2.0, 0.3333333333333333)

    Source:
        Malcolm, Roseboom, Clark, Fazar, "Application of a technique for research and development
        program evaluation" (1959): PERT.
    """
    return (least + 4 * likely + most) / 6, (most - least) / 6
