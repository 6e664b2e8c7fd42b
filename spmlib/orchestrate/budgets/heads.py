"""Heads: who is on the payroll, month by month, and how long they have been there.

Seats are held until somebody leaves (with the same odds each month, as in `capacity`), stay empty
while a successor is found, and are held again. Planned hires begin as planned or a little later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.capacity.seats import monthly


@dataclass(frozen=True)
class Presence:
    """Seats as they are held: seats x runs x months.

    Attributes:
        held: 1 where somebody is there, else 0.
        tenure: whole months that they have been there.
        begun: 1 in the month in which somebody new begins.
    """

    held: Floats
    tenure: Whole
    begun: Floats

    def part(self, ramp: tuple[float, ...]) -> Floats:
        """What part of a full quota is carried: ramped up as tenure grows."""
        full = np.array([*ramp, 1.0])
        return self.held * full[np.minimum(self.tenure, len(ramp))]

    def since(self, month: int) -> Presence:
        """The same from a month on."""
        return Presence(self.held[..., month:], self.tenure[..., month:], self.begun[..., month:])


def present(
    tenure: Whole,
    opens: Whole,
    leaves: float,
    refilled: int,
    late: tuple[float, ...],
    months: int,
    runs: int,
    random: np.random.Generator,
) -> Presence:
    """Seats as they are held in some months, drawn many times.

    Args:
        tenure: whole months that who holds each seat has been there.
        opens: the month, from 0, in which a seat is first to be filled; -1 for one that is held.
        leaves: the share of people who leave within a year.
        refilled: months until a leaver's successor begins.
        late: the chances that a planned hire begins 0, 1, 2 ... months late.
        months: how many.
        runs: how many times.
        random: whose first numbers belong to the first seats, so that seats more change no luck.
    """
    shape = (len(tenure), runs)
    luck = random.random((*shape, months + 1), np.float32)
    delay = np.searchsorted(np.cumsum(late)[:-1], luck[..., months], "right")
    planned = opens >= 0
    wait = np.where(planned[:, None], opens[:, None] + delay, 0).astype(np.int16)
    age = np.where(planned[:, None], 0, tenure[:, None]).astype(np.int16) * np.ones(shape, np.int16)
    odds = np.float32(monthly(np.array(leaves)))
    fresh = np.repeat(planned[:, None], runs, axis=1)
    held, tenures, begun = (np.zeros((*shape, months), t) for t in (bool, np.int16, bool))
    for month in range(months):
        there = wait == 0
        held[..., month], tenures[..., month] = there, age
        begun[..., month] = there & fresh
        fresh &= ~there
        gone = there & (luck[..., month] < odds)
        wait = np.where(gone, refilled, np.maximum(wait - 1, 0))
        age = np.where(there & ~gone, age + 1, 0)
        fresh |= gone
        wait = wait.astype(np.int16)
    return Presence(held.astype(float), tenures.astype(np.int64), begun.astype(float))
