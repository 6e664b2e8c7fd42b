"""Pilots: where a pilot is worth as much as all at once, and what moves the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.revops.roadmap.rollouts import RUNS, SEED, Rollout, luck, with_luck

MOVED = (
    *("benefit", "fixed", "each", "months", "varies", "both", "parallel", "fails", "rework"),
    *("again", "harm", "learns", "saves", "watch", "horizon", "rate"),
)


@dataclass(frozen=True)
class Team:
    """What one team gains and risks.

    Attributes:
        benefit: once it is live [currency a month].
        harm: of a failure while it is in the wave [currency].
    """

    benefit: float = 0.0
    harm: float = 0.0


def with_pilot(of: Rollout, teams: Mapping[str, Team], pilot: Sequence[str]) -> Rollout:
    """A rollout to some teams, of which some are the pilot.

    Raises:
        ParameterError: a team of the pilot is unknown or there twice, or no team is left for later.
    """
    for place, name in enumerate(pilot):
        if name not in teams:
            raise ParameterError(f"the pilot '{name}' is no team; write {nearest(name, teams)}.")
        if name in pilot[:place]:
            raise ParameterError(f"'{name}' is in the pilot twice; write it once.")
    first = [teams[name] for name in pilot]
    rest = [team for name, team in teams.items() if name not in pilot]
    if not first or not rest:
        raise ParameterError(
            f"a pilot of {len(first)} of {len(teams)} teams is none; write some teams, not all."
        )
    return replace(
        of,
        teams=len(teams),
        pilot=len(first),
        benefit=float(np.mean([team.benefit for team in rest])),
        harm=float(np.mean([team.harm for team in rest])),
        pilot_benefit=float(np.mean([team.benefit for team in first])),
        pilot_harm=float(np.mean([team.harm for team in first])),
    )


def equal(
    of: Rollout, name: str, low: float, high: float, runs: int = RUNS, seed: int = SEED
) -> list[float]:
    """The values of one assumption at which a pilot and all at once are worth the same on average.

    Empty if one of them is better whatever the value. Two: a pilot pays between them, or outside.

    Args:
        of: what is assumed.
        name: of the assumption, as of `Rollout`: fails, learns, watch, parallel ...
        low: the least value that is tried.
        high: the most.
        runs: that are played.
        seed: of their luck.
    """
    from scipy.optimize import brentq

    played = luck(of, runs, seed)

    def gain(amount: float) -> float:
        return float(with_luck(changed(of, name, amount), played).gain.mean())

    amounts = np.linspace(low, high, 11).tolist()
    gains = [gain(amount) for amount in amounts]
    return [
        float(brentq(gain, one, two, xtol=1e-4 * (high - low)))
        for one, two, before, after in zip(amounts, amounts[1:], gains, gains[1:], strict=False)
        if (before > 0) != (after > 0)
    ]


def breaks_even(of: Rollout, runs: int = RUNS, seed: int = SEED) -> list[float]:
    """The chances to fail at which the pilot begins, or ceases, to be worth more on average."""
    return equal(of, "fails", 0.0, 1.0, runs, seed)


def changed(of: Rollout, name: str, amount: float) -> Rollout:
    """A rollout with one assumption changed; the pilot's benefit or harm in proportion."""
    more: dict[str, float] = {name: amount}
    first, was = getattr(of, f"pilot_{name}", None), getattr(of, name)
    if first is not None:
        more[f"pilot_{name}"] = first * amount / was if was else first
    told: dict[str, Any] = more
    return replace(of, **told)


def sensitivity(
    of: Rollout, by: float, runs: int = RUNS, seed: int = SEED
) -> list[tuple[str, float, float]]:
    """What a pilot is worth more, each assumption being that share lower and higher.

    Shares stay at or below 100 %. All are played with the same luck.

    Returns:
        What is changed, the mean gain with it lower and with it higher; the widest first.
    """
    played = luck(of, runs, seed)

    def gain(name: str, factor: float) -> float:
        amount = getattr(of, name) * factor
        amount = min(amount, 1.0) if name in ("fails", "learns", "saves") else amount
        return float(with_luck(changed(of, name, amount), played).gain.mean())

    made = [(name, gain(name, 1 - by), gain(name, 1 + by)) for name in MOVED if getattr(of, name)]
    return sorted(made, key=lambda row: (-abs(row[2] - row[1]), row[0]))


def by_chance(
    of: Rollout, chances: Sequence[float], runs: int = RUNS, seed: int = SEED
) -> list[tuple[float, float, float, float]]:
    """What the pilot is worth more by chance to fail: chance, mean, and 10 and 90 of 100 runs."""
    played = luck(of, runs, seed)
    rows = []
    for chance in chances:
        gain = with_luck(replace(of, fails=float(chance)), played).gain
        low, high = np.quantile(gain, [0.1, 0.9])
        rows.append((float(chance), float(gain.mean()), float(low), float(high)))
    return rows
