"""Moments: what seats bring each month on average, and how far that varies, in closed form.

Each seat walks through states (empty with so many months to go, held for so many months); the odds
of its states follow month by month. People bring what they bring independently of when they leave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.orchestrate.capacity.seats import NEVER, Seats


@dataclass(frozen=True)
class Moments:
    """By month: what all seats bring, its variance, and how many seats are held."""

    mean: Floats
    variance: Floats
    held: Floats


def moments(seats: Seats) -> Moments:
    """The mean and variance of what seats bring, month by month."""
    months, ramp = seats.months, seats.full
    leave, stay = seats.monthly[:, None], 1 - seats.monthly[:, None]
    count, longest = len(seats.tenure), len(ramp)
    held = np.zeros((count, longest))  # by whole months of tenure
    begins = _begins(seats)  # chance that somebody begins in each month, as planned
    there = (seats.opens <= 0) & (seats.tenure >= 0) & (seats.opens == 0)
    held[np.arange(count)[there], seats.tenure[there]] = 1.0
    begins[there] = 0.0
    found = np.zeros((3, months))
    second = seats.brings**2 * (1 + seats.varies**2)
    for month in range(months):
        held[:, 0] += begins[:, month]
        share, square = held @ ramp, held @ ramp**2
        season = seats.season[month]
        mean = season * seats.brings * share
        found[0, month] = mean.sum()
        found[1, month] = (season**2 * second * square - mean**2).sum()
        found[2, month] = held.sum()
        gone = (held * leave).sum(axis=1)
        if seats.refilled < NEVER and month + seats.refilled + 1 < months:
            begins[:, month + seats.refilled + 1] += gone
        kept = held * stay
        held = np.zeros_like(held)
        held[:, 1:] = kept[:, :-1]
        held[:, -1] += kept[:, -1]
    return Moments(*found)


def _begins(seats: Seats) -> Floats:
    """The chance that each seat is filled for the first time in each month."""
    made = np.zeros((len(seats.opens), seats.months))
    for late, chance in enumerate(seats.late):
        at = seats.opens + late
        inside = (at >= 0) & (at < seats.months)
        made[np.flatnonzero(inside), at[inside]] += chance
    return made
