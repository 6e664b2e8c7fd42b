"""Runs: the months of a plan played through many times, seat by seat, compiled.

Every run has random numbers of its own, made from its number and a seed, so that results are the
same on every machine and number of threads, and two plans can be compared run by run.

Source:
    Splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.capacity.seats import Seats

RUNS, SEED = 10_000, 20240501
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
ONE, TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def played(seats: Seats, runs: int = RUNS, seed: int = SEED) -> Floats:
    """What all seats bring in each month, many times over: runs x months [currency]."""
    spread = np.sqrt(np.log1p(seats.varies**2))
    rate = np.log1p(-np.minimum(seats.monthly, 1 - 1e-12))
    return _played(
        seats.tenure,
        seats.opens,
        seats.brings,
        spread,
        rate,
        np.cumsum(seats.late),
        seats.refilled,
        seats.full,
        np.array(seats.season),
        runs,
        seed,
    )


@njit(cache=True, parallel=True)
def _played(
    tenure: Whole,
    opens: Whole,
    brings: Floats,
    spread: Floats,
    rate: Floats,
    late: Floats,
    refilled: int,
    ramp: Floats,
    season: Floats,
    runs: int,
    seed: int,
) -> Floats:
    months = len(season)
    made = np.zeros((runs, months))
    learning = len(ramp)
    while learning > 0 and ramp[learning - 1] == 1:
        learning -= 1
    for run in prange(runs):
        total = made[run]
        steps = np.zeros(months + 1)
        stream = _mixed(np.uint64(seed) + _mixed(np.uint64(run) + GOLDEN))
        for seat in range(len(tenure)):
            state = _mixed(stream + _mixed(np.uint64(seat) + ONE))
            begin, age = opens[seat], tenure[seat]
            if begin > 0:
                age = 0
                state, luck = _next(state)
                while luck > late[begin - opens[seat]] and begin - opens[seat] < len(late) - 1:
                    begin += 1
            while begin < months:
                state, one = _next(state)
                state, other = _next(state)
                state, third = _next(state)
                normal = np.sqrt(-2 * np.log(one)) * np.cos(2 * np.pi * other)
                worth = brings[seat] * np.exp(spread[seat] * normal - spread[seat] ** 2 / 2)
                stays = months if rate[seat] == 0 else int(min(np.log(third) / rate[seat], months))
                end = min(begin + stays + 1, months)  # the last month is the one in which they go
                steps[begin] += worth  # in full from the first month on, to be summed up below
                steps[end] -= worth
                for month in range(begin, min(end, begin + learning - age)):
                    total[month] -= worth * (1 - ramp[age + month - begin])
                begin, age = begin + stays + 1 + refilled, 0
        brought = 0.0
        for month in range(months):
            brought += steps[month]
            total[month] = season[month] * (total[month] + brought)
    return made


@njit(cache=True)
def _next(state: Any) -> tuple[Any, float]:
    """The next state, and a number above 0 and up to 1."""
    state = np.uint64(state) + GOLDEN
    return state, (np.float64(_mixed(state) >> np.uint64(11)) + 1.0) * 2.0**-53


@njit(cache=True)
def _mixed(number: Any) -> Any:
    """A number with its bits well mixed."""
    mixed = (number ^ (number >> np.uint64(30))) * ONE
    mixed = (mixed ^ (mixed >> np.uint64(27))) * TWO
    return mixed ^ (mixed >> np.uint64(31))
