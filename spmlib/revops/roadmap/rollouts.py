"""Rollouts: all teams at once against a pilot, played through many times.

A wave prepares, runs the old process beside the new, and then goes live or fails; a wave that
fails is reworked, both processes running on, and tried again, a few times at most. A pilot delays
the others' benefit and its own teams show the faults: what was learnt makes later waves fail less
often and cost less. All are estimates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

RUNS, SEED = 20_000, 4117


@dataclass(frozen=True)
class Rollout:
    """What is known, or assumed, of a rollout.

    Attributes:
        teams: that are to be served.
        pilot: teams of the pilot.
        benefit: of one team that is live [currency a month].
        fixed: cost of preparing, once [currency].
        each: cost of preparing one team [currency].
        months: a wave prepares, on average.
        varies: standard deviation of that time over its mean.
        both: months in which both processes run before a wave can go live.
        parallel: cost of running both for one team [currency a month].
        fails: chance that a wave fails when it could go live.
        rework: months of rework after a failure, on average.
        again: cost of a rework, as a share of what the wave cost.
        harm: cost of a failure for each team in the wave [currency].
        attempts: after so many failures a wave is given up.
        learns: share of the chance to fail that a pilot takes away from the later wave.
        saves: share of the later wave's cost for each team that a pilot saves.
        watch: months between the pilot's going live and the later wave's begin.
        horizon: months that are looked at.
        rate: by which a year's later money is worth less.
    """

    teams: int = 5
    pilot: int = 1
    benefit: float = 0.0
    fixed: float = 0.0
    each: float = 0.0
    months: float = 4.0
    varies: float = 0.0
    both: float = 0.0
    parallel: float = 0.0
    fails: float = 0.0
    rework: float = 2.0
    again: float = 0.0
    harm: float = 0.0
    attempts: int = 3
    learns: float = 0.0
    saves: float = 0.0
    watch: float = 0.0
    horizon: float = 36.0
    rate: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not 0 < self.pilot < self.teams:
            raise ParameterError(
                f"a pilot of {self.pilot} of {self.teams} teams is none; write 1 to "
                f"{self.teams - 1} of 2 or more teams."
            )
        for name in ("fails", "learns", "saves"):
            if not 0 <= getattr(self, name) <= 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; write 0% to 100%.")
        if self.attempts < 1 or self.horizon <= 0 or self.rate <= -1:
            raise ParameterError(
                "a rollout has attempts and a horizon of 1 or more, and a rate above -100%."
            )
        amounts = ("benefit", "fixed", "each", "months", "varies", "both", "parallel", "rework")
        for name in (*amounts, "again", "harm", "watch"):
            if not getattr(self, name) >= 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; write 0 or more.")


@dataclass(frozen=True)
class Played:
    """What came of a rollout, run by run.

    Attributes:
        worth: benefit less costs, discounted [currency].
        first: months until the first team is live; inf if none within the horizon.
        whole: months until all are; inf if not within the horizon.
    """

    worth: Floats
    first: Floats
    whole: Floats


@dataclass(frozen=True)
class Compared:
    """All at once and a pilot, alike run by run."""

    at_once: Played
    pilot: Played

    @property
    def gain(self) -> Floats:
        """What the pilot is worth more, run by run [currency]."""
        return self.pilot.worth - self.at_once.worth

    def regret(self) -> tuple[float, float]:
        """What is lost on average where the other was better: by all at once, by a pilot."""
        return float(np.maximum(self.gain, 0).mean()), float(np.maximum(-self.gain, 0).mean())

    def mean_gain(self) -> tuple[float, float, float]:
        """What the pilot is worth more on average, and its interval of 95 %, as runs are few."""
        mean = float(self.gain.mean())
        error = 1.96 * float(self.gain.std(ddof=1)) / len(self.gain) ** 0.5
        return mean, mean - error, mean + error


def compared(of: Rollout, runs: int = RUNS, seed: int = SEED) -> Compared:
    """All at once and a pilot, played through many times with the same luck."""
    return _compared(of, _luck(of, runs, seed))


def breaks_even(of: Rollout, runs: int = RUNS, seed: int = SEED) -> list[float]:
    """The chances to fail at which the pilot begins, or ceases, to be worth more on average.

    Empty if one of them is better whatever the chance. Two: a pilot pays between them.
    """
    from scipy.optimize import brentq

    luck = _luck(of, runs, seed)

    def gain(chance: float) -> float:
        return float(_compared(replace(of, fails=chance), luck).gain.mean())

    chances = np.linspace(0, 1, 21)
    gains = [gain(chance) for chance in chances]
    found = []
    for low, high, one, other in zip(chances, chances[1:], gains, gains[1:], strict=False):
        if (one > 0) != (other > 0):
            found.append(float(brentq(gain, low, high, xtol=1e-4)))
    return found


def by_chance(
    of: Rollout, chances: Sequence[float], runs: int = RUNS, seed: int = SEED
) -> list[tuple[float, float, float, float]]:
    """What the pilot is worth more by chance to fail: chance, mean, and 10 and 90 of 100 runs."""
    luck = _luck(of, runs, seed)
    rows = []
    for chance in chances:
        gain = _compared(replace(of, fails=float(chance)), luck).gain
        low, high = np.quantile(gain, [0.1, 0.9])
        rows.append((float(chance), float(gain.mean()), float(low), float(high)))
    return rows


def expected(of: Rollout) -> tuple[float, float]:
    """What all at once and a pilot are worth on average, in closed form where times do not vary.

    Defined as the sum over numbers of failures of their chance times what then comes.

    Raises:
        ParameterError: times vary, so there is no closed form.
    """
    if of.varies > 0:
        raise ParameterError("times vary, which has no closed form; write varies: 0%, or play.")
    made = []
    for pilot in (False, True):
        total = 0.0
        for one in range(of.attempts + 1):
            for two in range(of.attempts + 1 if pilot else 1):
                later = of.fails * (1 - of.learns) if pilot else 0.0
                chance = _chance(of, one, of.fails) * (_chance(of, two, later) if pilot else 1.0)
                still = np.ones((2, 1, of.attempts + 1))
                fixed = np.array([[one], [two]])
                total += chance * float(_played(of, pilot, fixed, still).worth[0])
        made.append(total)
    return made[0], made[1]


@dataclass(frozen=True)
class _Luck:
    """Draws: wave x run x attempt."""

    chance: Floats
    normal: Floats


def _luck(of: Rollout, runs: int, seed: int) -> _Luck:
    if runs < 2:
        raise ParameterError(f"{runs} runs say nothing; write 2 or more.")
    drawn = np.random.default_rng(seed)
    shape = (2, runs, of.attempts + 1)
    return _Luck(drawn.random(shape), drawn.standard_normal(shape))


def _compared(of: Rollout, luck: _Luck) -> Compared:
    spread = np.log1p(of.varies**2) ** 0.5
    factor = np.exp(spread * luck.normal - spread**2 / 2)
    made = []
    for pilot in (False, True):
        later = of.fails * (1 - of.learns) if pilot else of.fails
        limits = np.array([of.fails, later])[:, None, None]
        bad = luck.chance[:, :, : of.attempts] < limits
        failures = np.cumprod(bad, axis=2).sum(axis=2)
        made.append(_played(of, pilot, failures, factor))
    return Compared(*made)


def _played(of: Rollout, pilot: bool, failures: Floats, factor: Floats) -> Played:
    """The runs of one way, given failures (wave x run) and how long things take (of the mean)."""
    runs = failures.shape[1]
    zero = np.zeros(runs)
    if not pilot:
        cost = of.fixed + of.each * of.teams
        worth, live = _wave(of, of.teams, cost, zero, failures[0], factor[0])
        return Played(worth, live, live)
    cost = of.fixed + of.each * of.pilot
    worth, first = _wave(of, of.pilot, cost, zero, failures[0], factor[0])
    rest = of.teams - of.pilot
    later = of.each * rest * (1 - of.saves)
    more, whole = _wave(of, rest, later, first + of.watch, failures[1], factor[1])
    return Played(worth + more, first, whole)


def _wave(
    of: Rollout, teams: int, cost: float, begin: Floats, failures: Floats, factor: Floats
) -> tuple[Floats, Floats]:
    """What a wave is worth, and the month in which it is live; inf where it is not."""
    starts = begin < of.horizon  # a wave that would begin after the horizon is not begun
    at = np.where(starts, begin, 0.0)
    worth = -cost * _now(of, at)
    at = at + of.months * factor[:, 0]
    twofold = at
    at = at + of.both
    for attempt in range(of.attempts):
        failed = failures > attempt
        worth = worth - failed * (of.again * cost + of.harm * teams) * _now(of, at)
        redone = failed & (attempt < of.attempts - 1)
        at = at + redone * of.rework * factor[:, attempt + 1]
    given_up = failures >= of.attempts
    worth = worth - of.parallel * teams * _between(of, twofold, at)
    gained = of.benefit * teams * _between(of, at, np.full_like(at, of.horizon))
    live = np.where(starts & ~given_up & (at <= of.horizon), at, np.inf)
    return starts * (worth + ~given_up * gained), live


def _now(of: Rollout, at: Floats) -> Floats:
    """What 1 is worth that is paid at some month; 0 after the horizon."""
    return np.where(at <= of.horizon, (1 + of.rate) ** (-at / 12), 0.0)


def _between(of: Rollout, begin: Floats, end: Floats) -> Floats:
    """What 1 a month is worth from a month to another, as it flows, within the horizon."""
    force = np.log1p(of.rate) / 12
    low, high = np.minimum(begin, of.horizon), np.minimum(end, of.horizon)
    high = np.maximum(low, high)
    if force == 0:
        return np.asarray(high - low)
    return np.asarray((np.exp(-force * low) - np.exp(-force * high)) / force)


def _chance(of: Rollout, failures: int, fails: float) -> float:
    """The chance of so many failures of a wave; the last number is giving up."""
    return float(fails**failures * (1 - fails if failures < of.attempts else 1.0))
