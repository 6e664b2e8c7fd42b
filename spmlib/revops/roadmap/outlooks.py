"""Outlooks: the roadmap as tables that can be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spmlib.revops.roadmap import moves, paths, rollout_outlooks, rollouts
from spmlib.revops.roadmap.best import best
from spmlib.revops.roadmap.capabilities import TEAMS, Capability
from spmlib.revops.roadmap.schedules import Schedule, Work, work
from spmlib.revops.roadmap.written import Policy

if TYPE_CHECKING:
    import pandas as pd

STATES = ("in_place", "planned", "left")
PLANNED = [
    *("name", "pillar", "state", "begin", "end", "late", "critical", "slack", "alone"),
    *("needs", "teams", "effect", "why"),
]


def planned(capabilities: Sequence[Capability], of: Work, made: Schedule) -> pd.DataFrame:
    """When what is done, what is planned in the order of its begin.

    Returns:
        name, pillar, state (in_place, planned, left), begin, end (months from 0), late (month in
        which it ends at the latest, or the whole is later), critical (it cannot be late), slack
        (months, with these people), alone (months of slack if people were no limit), needs, teams,
        effect, why (it does not fit).
    """
    import pandas as pd

    takes = {each.name: took for each, took in zip(of.rows, of.takes, strict=True)}
    late = paths.latest(of, made.starts)
    alone = paths.timed(of.rows, {name: float(took) for name, took in takes.items()})
    rows = []
    for each in capabilities:
        name, begin = each.name, made.starts.get(each.name)
        state = "in_place" if each.done else "left" if begin is None else "planned"
        row: dict[str, object] = {"name": name, "pillar": each.pillar, "state": state}
        if begin is not None:
            row |= {"begin": begin, "end": begin + takes[name], "late": late[name] + takes[name]}
            row |= {"critical": late[name] == begin, "slack": late[name] - begin}
            row["alone"] = alone[name].slack
        row |= {"needs": list(each.needs), "teams": list(each.teams), "effect": each.effect}
        rows.append(row | {"why": made.left.get(name, "")})
    table = pd.DataFrame(rows, columns=PLANNED)
    table["critical"] = table["critical"].eq(True)
    table["place"] = table["state"].map({"in_place": 0, "planned": 1, "left": 2})
    table = table.sort_values(["place", "begin", "end"], kind="stable", ignore_index=True)
    return table.drop(columns="place")


def lengths(of: Work, made: Schedule) -> tuple[int, float]:
    """Months until all that is planned is done, and if people were no limit."""
    takes = {each.name: took for each, took in zip(of.rows, of.takes, strict=True)}
    alone = paths.timed(of.rows, {name: float(took) for name, took in takes.items()})
    done = max((start + takes[name] for name, start in made.starts.items()), default=0)
    return done, max((each.earliest + each.takes for each in alone.values()), default=0.0)


def served(planned: pd.DataFrame) -> pd.DataFrame:
    """What each team gets: team, in_place, planned, first, whole (months until), left, effect.

    The effect is that of what is planned, a capability's shared evenly among its teams [currency a
    month].
    """
    import pandas as pd

    rows = []
    for team in TEAMS:
        own = planned[[team in teams for teams in planned["teams"]]]
        ends, share = own["end"].dropna(), own["effect"] / own["teams"].map(len)
        counts = {state: int((own["state"] == state).sum()) for state in STATES}
        row = {"team": team, **counts, "first": ends.min(), "whole": ends.max()}
        rows.append(row | {"effect": float(share[own["state"] == "planned"].sum())})
    return pd.DataFrame(rows)


def moved(
    made: Schedule, of: Work, capabilities: Sequence[Capability], policy: Policy
) -> pd.DataFrame:
    """What the best order brings if assumptions turn out otherwise: what, low, high, base."""
    about = (policy.people, policy.horizon, float(policy.discount))
    rows = moves.sensitivity(made, capabilities, *about, float(policy.sensitivity))
    return _tornado(rows, made.value)


def firsts(made: Mapping[str, Schedule], of: Work) -> pd.DataFrame:
    """Orders side by side: first, value, less (than the best), done (months), left, exact."""
    import pandas as pd

    takes = {each.name: took for each, took in zip(of.rows, of.takes, strict=True)}
    top = made["best"].value
    rows = []
    for name, each in made.items():
        done = max((start + takes[n] for n, start in each.starts.items()), default=0)
        row = {"first": name, "value": each.value, "less": top - each.value, "done": done}
        rows.append(row | {"left": len(each.left), "exact": each.exact})
    return pd.DataFrame(rows)


def tried(
    capabilities: Sequence[Capability], policy: Policy, people: float, way: str, fails: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The roadmap with other capacity, by the quick rule, and one way to roll out.

    Args:
        capabilities: all of them.
        policy: what is decided.
        people: capacity, as a share of what there is.
        way: that is shown, at_once or pilot.
        fails: chance that a wave fails.
    """
    have = {skill: days * people for skill, days in policy.people.items()}
    of = work(capabilities, have, policy.horizon, float(policy.discount))
    made = best(of, small=0, tries=60)
    played = rollouts.compared(replace(policy.rollout, fails=fails), rollouts.RUNS)
    rows = rollout_outlooks.ways(played)
    return planned(capabilities, of, made), rows[rows["way"] == rollout_outlooks.WAYS[way]]


def checks(made: Mapping[str, Schedule], of: Work, policy: Policy) -> pd.DataFrame:
    """What must hold, and whether it does: check, says, holds."""
    import pandas as pd

    top = made["best"]
    over, late = _broken(of, top.starts)
    still = _broken(of, paths.latest(of, top.starts))
    sure = replace(policy.rollout, varies=0.0)
    closed, played = rollouts.expected(sure), rollouts.compared(sure)
    told = rollout_outlooks.lines(rollouts.compared(policy.rollout))["pilot"]
    short = abs(float(told.iloc[:-1].sum() - told.iloc[-1]))
    pairs = zip(closed, (played.at_once.worth, played.pilot.worth), strict=True)
    apart = max(abs(own.mean() - mean) / (own.std() / len(own) ** 0.5) for mean, own in pairs)
    below = min(top.value - each.value for each in made.values())
    rows = [
        ("Nobody works twice", f"{max(over, 0):.2f} person-days above capacity", over < 1e-6),
        ("Needs are in place before", f"{late} begin too early", late == 0),
        (
            "The same if all is late",
            f"{max(still[0], 0):.2f} above, {still[1]} too early",
            still[0] < 1e-6 > still[1],
        ),
        ("No pillar first brings more", f"{below:,.2f} less at least", below > -1.0),
        ("Lines of a rollout add up", f"{short:,.2f} are missing", short < 0.01),
        ("Runs have the closed form's mean", f"{apart:.1f} standard errors apart", apart < 4),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def _broken(of: Work, starts: Mapping[str, int]) -> tuple[float, int]:
    """Person-days above capacity in the worst month, and how many begin before what they need."""
    used, late = np.zeros_like(of.free), 0
    for row, each in enumerate(of.rows):
        if each.name in starts:
            start = starts[each.name]
            used[:, start : start + of.takes[row]] += of.uses[row][:, None]
            ends = [starts[of.rows[need].name] + of.takes[need] for need in of.needs[row]]
            late += max(ends, default=0) > start
    return float((used - of.free).max()), late


def _tornado(rows: list[tuple[str, float, float]], base: float) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["what", "low", "high"]).assign(base=base)
