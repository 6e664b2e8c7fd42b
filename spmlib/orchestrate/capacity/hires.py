"""Hires: how many more are needed to reach a target as surely as asked, and what waiting costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.capacity.seats import Seats

MOST = 4096  # hires, beyond which a target is not one of hiring


@dataclass(frozen=True)
class Reached:
    """What seats bring in all months together, many times over, against a target."""

    totals: Floats
    target: float

    @property
    def chance(self) -> float:
        """The chance that the target is reached."""
        return float((self.totals >= self.target).mean())

    @property
    def expected(self) -> float:
        """What is brought on average."""
        return float(self.totals.mean())

    def between(self, share: float = 0.8) -> tuple[float, float]:
        """Between which amounts the total lies in that share of cases."""
        low, high = np.quantile(self.totals, [(1 - share) / 2, (1 + share) / 2])
        return float(low), float(high)


def reached(seats: Seats, target: float) -> Reached:
    """What seats bring against a target for all months together."""
    return Reached(played(seats).sum(axis=1), target)


def needed(seats: Seats, target: float, sure: float, month: int, like: int = 0) -> int:
    """The fewest hires, all to begin in one month, that reach a target as surely as asked.

    Args:
        seats: that there are.
        target: for all months together [currency].
        sure: the chance with which it is to be reached.
        month: from 0, in which they are to begin.
        like: the seat that each is like.

    Raises:
        ParameterError: `sure` is not between 0 and 1, or the month not in the plan, or no number
            of hires reaches the target: they would begin too late.
    """
    if not 0 < sure < 1:
        raise ParameterError(
            f"a target cannot be reached with a chance of {sure}; write 50% to 99%."
        )
    if not 0 <= month < seats.months:
        raise ParameterError(f"the plan has months 0 to {seats.months - 1}, not {month}.")

    def enough(many: int) -> bool:
        return reached(seats.and_hires([max(month, 1)] * many, like), target).chance >= sure

    if enough(0):
        return 0
    high = 1
    while not enough(high):
        high *= 2
        if high > MOST:
            raise ParameterError(
                f"{MOST:,} hires in month {month} do not reach {target:,.0f}; hire earlier, or "
                "lower the target."
            )
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def waited(seats: Seats, months: int, target: float) -> tuple[Reached, Reached]:
    """As planned, and with all planned hires so many months later; alike run by run."""
    return reached(seats, target), reached(seats.later(months), target)


def costs(held: Floats, monthly: float, hires: float = 0.0, each: float = 0.0) -> Floats:
    """What seats cost by month: those held at so much a month, and hires at so much each.

    Args:
        held: seats held by month (`moments.Moments.held`).
        monthly: base, target incentive, taxes and tools of one [currency a month].
        hires: people hired in all; spread over the months as seats are.
        each: what one hire costs [currency].
    """
    share = held / held.sum() if held.sum() > 0 else np.zeros(len(held))
    return held * monthly + share * hires * each
