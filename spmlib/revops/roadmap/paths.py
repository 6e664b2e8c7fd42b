"""Paths: which work cannot wait, people being no limit, and with the people that there are.

Source:
    Kelley, Walker, "Critical-path planning and scheduling" (1959): the passes forward and backward.
    Wiest, "Some properties of schedules for large projects with limited resources" (1964): the
    backward pass with people, whose work without slack is the critical sequence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spmlib.revops.roadmap.capabilities import Capability, ordered
from spmlib.revops.roadmap.schedules import TINY, Work


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


def latest(of: Work, starts: Mapping[str, int]) -> dict[str, int]:
    """The month in which each can begin at the latest, with these people and the whole no later.

    All can be late at the same time: the last to end is moved as late as it can be, then the one
    before it, and so on. What cannot move at all is critical.

    Args:
        of: what is to be done.
        starts: the month in which each begins, by name.
    """
    rows = [row for row, each in enumerate(of.rows) if each.name in starts]
    ends = {row: starts[of.rows[row].name] + of.takes[row] for row in rows}
    whole = max(ends.values(), default=0)
    free = of.free.copy()
    late: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: (-ends[row], -row)):
        own = starts[of.rows[row].name]
        last = min((late[other] for other in late if row in of.needs[other]), default=whole)
        took, use = of.takes[row], of.uses[row][:, None]
        late[row] = next(
            start
            for start in range(max(last - took, own), own - 1, -1)
            if start == own or (free[:, start : start + took] + TINY >= use).all()
        )
        free[:, late[row] : late[row] + took] -= use
    return {of.rows[row].name: late[row] for row in sorted(late)}


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
