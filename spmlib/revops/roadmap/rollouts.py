"""Rollouts: all teams at once against a pilot, played through many times.

A wave prepares, runs the old process beside the new, and then goes live or fails; a wave that
fails is reworked, both processes running on, and tried again, a few times at most. A pilot delays
the others' benefit and its own teams show the faults: what was learnt makes later waves fail less
often and cost less. All are estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError

RUNS, SEED = 5_000, 4117


@dataclass(frozen=True)
class Rollout:
    """What is known, or assumed, of a rollout.

    Attributes:
        teams: that are to be served.
        pilot: teams of the pilot.
        benefit: of one team that is live [currency a month]; the mean of those not in the pilot.
        fixed: cost of preparing, once [currency].
        each: cost of preparing one team [currency].
        months: a wave prepares, on average.
        varies: standard deviation of that time over its mean.
        both: months in which both processes run before a wave can go live.
        parallel: cost of running both for one team [currency a month].
        fails: chance that a wave fails when it could go live.
        rework: months of rework after a failure, on average.
        again: cost of a rework, as a share of what the wave cost.
        harm: cost of a failure for each team in the wave [currency], likewise.
        attempts: after so many failures a wave is given up.
        learns: share of the chance to fail that a pilot takes away from the later wave.
        saves: share of the later wave's cost for each team that a pilot saves.
        watch: months between the pilot's going live and the later wave's begin.
        horizon: months that are looked at.
        rate: by which a year's later money is worth less.
        pilot_benefit: of one team of the pilot; as `benefit` if not given.
        pilot_harm: of one team of the pilot; as `harm` if not given.
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
    pilot_benefit: float | None = None
    pilot_harm: float | None = None

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
        for name in (*amounts, "again", "harm", "watch", "pilot_benefit", "pilot_harm"):
            if getattr(self, name) is not None and not getattr(self, name) >= 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; write 0 or more.")

    def of_teams(self, name: str, pilot: int, others: int) -> float:
        """The benefit or the harm of some teams of the pilot and some others together."""
        mean: float = getattr(self, name)
        first = getattr(self, f"pilot_{name}")
        return pilot * (mean if first is None else first) + others * mean


LINES = ("at_best", "delay", "never", "preparing", "both", "failures")


@dataclass(frozen=True)
class Played:
    """What came of a rollout, run by run.

    Attributes:
        worth: benefit less costs, discounted [currency]; the sum of the lines.
        first: months until the first team is live; inf if none within the horizon.
        whole: months until all are; inf if not within the horizon.
        lines: what the worth is made of, discounted, losses and costs below 0: the benefit were
            all live on the first day (`at_best`), what is lost as teams are live later (`delay`) or
            not at all (`never`), the cost of preparing, of running both processes, of failures.
    """

    worth: Floats
    first: Floats
    whole: Floats
    lines: Mapping[str, Floats]


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
    return with_luck(of, luck(of, runs, seed))


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
class Luck:
    """Draws: wave x run x attempt."""

    chance: Floats
    normal: Floats


def luck(of: Rollout, runs: int = RUNS, seed: int = SEED) -> Luck:
    """Draws with which any rollout of as many attempts can be played."""
    if runs < 2:
        raise ParameterError(f"{runs} runs say nothing; write 2 or more.")
    drawn = np.random.default_rng(seed)
    shape = (2, runs, of.attempts + 1)
    return Luck(drawn.random(shape), drawn.standard_normal(shape))


def with_luck(of: Rollout, luck: Luck) -> Compared:
    """All at once and a pilot, played with some draws."""
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
    zero = np.zeros(failures.shape[1])
    rest = of.teams - of.pilot
    if not pilot:
        cost = of.fixed + of.each * of.teams
        lines, live = _wave(of, (of.pilot, rest), cost, zero, failures[0], factor[0])
        return Played(_sum(lines), live, live, lines)
    cost = of.fixed + of.each * of.pilot
    lines, first = _wave(of, (of.pilot, 0), cost, zero, failures[0], factor[0])
    later = of.each * rest * (1 - of.saves)
    more, whole = _wave(of, (0, rest), later, first + of.watch, failures[1], factor[1])
    both = {name: lines[name] + more[name] for name in LINES}
    return Played(_sum(both), first, whole, both)


def _sum(lines: Mapping[str, Floats]) -> Floats:
    return np.asarray(sum(lines[name] for name in LINES))


def _wave(
    of: Rollout, who: tuple[int, int], cost: float, begin: Floats, failures: Floats, factor: Floats
) -> tuple[dict[str, Floats], Floats]:
    """What a wave (teams of the pilot, others) is worth, line by line, and when it is live.

    It is live in month inf where it never is.
    """
    teams, benefit, harm = sum(who), of.of_teams("benefit", *who), of.of_teams("harm", *who)
    starts = begin < of.horizon  # a wave that would begin after the horizon is not begun
    at = np.where(starts, begin, 0.0)
    preparing = cost * _now(of, at)
    twofold = at + of.months * factor[:, 0]
    at = twofold + of.both
    failing = np.zeros_like(at)
    for attempt in range(of.attempts):
        failed = failures > attempt
        failing = failing + failed * (of.again * cost + harm) * _now(of, at)
        redone = failed & (attempt < of.attempts - 1)
        at = at + redone * of.rework * factor[:, attempt + 1]
    live = np.where(starts & (failures < of.attempts) & (at <= of.horizon), at, np.inf)
    nothing, most = np.zeros_like(at), np.full_like(at, of.horizon)
    at_best = benefit * _between(of, nothing, most)
    lines = {
        "at_best": at_best,
        "delay": -1.0 * np.isfinite(live) * benefit * _between(of, nothing, np.minimum(live, most)),
        "never": -1.0 * np.isinf(live) * at_best,
        "preparing": -1.0 * starts * preparing,
        "both": -1.0 * starts * of.parallel * teams * _between(of, twofold, at),
        "failures": -1.0 * starts * failing,
    }
    return lines, live


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
