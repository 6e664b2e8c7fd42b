"""The value of a change: how often intervals hold the truth, where nothing or something happened.

    OMP_NUM_THREADS=1 python benchmarks/value.py [seeds]

Series are drawn with a trend and noise that resembles its neighbour by so much (rho); at 95 %, 19
of 20 intervals are to hold what was planted. Newey and West's stand beside; their usual lags.
Teams: twelve or six, of which half start, in different months, with noise that all have in common.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np
from machine import machine

from spmlib.core.months import number, period_of
from spmlib.revops.value.effects import effect
from spmlib.revops.value.placebos import placebos, share
from spmlib.revops.value.series import Series
from spmlib.revops.value.staggered import staggered

RHOS = (0.0, 0.4, 0.7)
LENGTHS = ((34, 24), (34, 20), (24, 14), (15, 8))  # months, of which before
MOVED = 2.0  # planted, in units of the noise
SEASON = {3: 18, 12: 24}  # waves as large as the noise, by the months before that show them


def main(seeds: int = 200) -> None:
    """Print all figures."""
    print(machine())
    print(f"\nMonths before and after, {seeds} series each: share of intervals that hold the truth")
    print("  months before  rho   own  width   Newey-West  width   found (planted 2)  (nothing)")
    begun = time.process_time()
    for months, before in LENGTHS:
        for rho in RHOS:
            _lines(months, before, rho, seeds)
    print("  the same with a wave of the year that 20 months before are too few to draw")
    for rho in RHOS:
        _lines(34, 20, rho, seeds, unseen=1.0)
    print(f"  {(time.process_time() - begun) / seeds / 15:.3f} s for two series")
    print("\nTeams that start in different months")
    for teams, starts in ((6, (20, 22, 24)), (12, (18, 20, 22, 24, 26, 28)), (5, (12, 20))):
        for rho in RHOS:
            _teams(teams, starts, rho, seeds * 2)
    print("\nMade-up days at which something is found, 34 months, 24 before: mean share")
    for rho in RHOS:
        found = [share(placebos(_series(seed, 34, 24, rho, 0), _day(24))) for seed in range(30)]
        print(f"  rho {rho}: {np.mean([one for one in found if one is not None]):.3f}")


def _lines(months: int, before: int, rho: float, seeds: int, unseen: float = 0.0) -> None:
    planted = [_series(seed, months, before, rho, MOVED, unseen) for seed in range(seeds)]
    nothing = [_series(seed, months, before, rho, 0.0, unseen) for seed in range(seeds)]
    own = [effect(one, _day(before), course=False) for one in planted]
    none = [effect(one, _day(before), course=False) for one in nothing]
    changes = np.array([one.change for one in own])
    peers = np.array([one.newey_west for one in own])
    held = ((changes[:, 1] <= MOVED) & (changes[:, 2] >= MOVED)).mean()
    peer = ((peers[:, 0] <= MOVED) & (peers[:, 1] >= MOVED)).mean()
    wide, short = (np.median(np.ptp(part, axis=1)) for part in (changes[:, 1:], peers))
    found, false = (np.mean([one.shown for one in part]) for part in (own, none))
    print(
        f"  {months:6} {before:6}  {rho:3}  {held:.3f}  {wide:5.2f}   {peer:9.3f}  {short:5.2f}"
        f"   {found:16.2f}  {false:9.3f}"
    )


def _teams(teams: int, starts: tuple[int, ...], rho: float, seeds: int) -> None:
    random = np.random.default_rng(43)
    begun = np.full(teams, np.inf)
    begun[: len(starts)] = starts
    held = 0
    for _ in range(seeds):
        values = _noise(random, (teams, 34), rho) + _noise(random, (34,), rho)
        found = staggered(values + MOVED * (np.arange(34) >= begun[:, None]), begun)
        held += found.low <= MOVED <= found.high
    print(f"  {teams:2} teams, {len(starts)} start, rho {rho}: {held / seeds:.3f}")


def _series(
    seed: int, months: int, before: int, rho: float, moved: float, unseen: float = 0.0
) -> Series:
    random = np.random.default_rng([seed, months, int(rho * 10)])
    place = np.arange(months)
    sizes = {length: 1.0 if before >= least else unseen for length, least in SEASON.items()}
    waves = sum(size * np.cos(2 * np.pi * place / length) for length, size in sizes.items())
    late = place >= before
    values = 50 + 0.05 * place + waves + moved * late
    start = number("2024-01")
    periods = tuple(period_of(start + month) for month in range(months))
    return Series("drawn", periods, values + _noise(random, (months,), rho))


def _noise(random: np.random.Generator, shape: tuple[int, ...], rho: float) -> np.ndarray:
    made = random.standard_normal((*shape[:-1], shape[-1] + 30))
    for month in range(1, made.shape[-1]):
        made[..., month] = rho * made[..., month - 1] + (1 - rho**2) ** 0.5 * made[..., month]
    return made[..., 30:]


def _day(before: int) -> date:
    return date.fromisoformat(f"{period_of(number('2024-01') + before)}-01")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
