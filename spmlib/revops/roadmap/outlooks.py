"""Outlooks: the roadmap as tables that can be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spmlib.revops.roadmap import ownership, rollouts
from spmlib.revops.roadmap.best import best
from spmlib.revops.roadmap.capabilities import Capability
from spmlib.revops.roadmap.rollouts import Compared, Rollout
from spmlib.revops.roadmap.schedules import Schedule, Work, work
from spmlib.revops.roadmap.written import Policy

if TYPE_CHECKING:
    import pandas as pd

WAYS = {"at_once": "All teams at once", "pilot": "A pilot first"}


def planned(capabilities: Sequence[Capability], of: Work, made: Schedule) -> pd.DataFrame:
    """When what is done: name, pillar, state, begin, end (months from 0), needs, effect, why.

    State is in_place, planned or left; what is planned stands in the order of its begin.
    """
    import pandas as pd

    takes = {each.name: took for each, took in zip(of.rows, of.takes, strict=True)}
    rows = []
    for each in capabilities:
        begin = made.starts.get(each.name)
        state = "in_place" if each.done else "left" if begin is None else "planned"
        end = None if begin is None else begin + takes[each.name]
        row: dict[str, object] = {"name": each.name, "pillar": each.pillar, "state": state}
        row |= {"begin": begin, "end": end, "needs": list(each.needs), "effect": each.effect}
        rows.append(row | {"why": made.left.get(each.name, "")})
    columns = ["name", "pillar", "state", "begin", "end", "needs", "effect", "why"]
    table = pd.DataFrame(rows, columns=columns)
    place = {"in_place": 0, "planned": 1, "left": 2}
    table["place"] = table["state"].map(place)
    table = table.sort_values(["place", "begin", "end"], kind="stable", ignore_index=True)
    return table.drop(columns="place")


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


def ways(made: Compared) -> pd.DataFrame:
    """All at once and a pilot: way, worth, low_80, high_80, first, whole, never, regret."""
    import pandas as pd

    rows = []
    for name, regret in zip(WAYS, made.regret(), strict=True):
        own = getattr(made, name)
        low, high = np.quantile(own.worth, [0.1, 0.9])
        row = {"way": WAYS[name], "worth": own.worth.mean(), "low_80": low, "high_80": high}
        row |= {"first": np.median(own.first), "whole": np.median(own.whole)}
        rows.append(row | {"never": float(np.isinf(own.whole).mean()), "regret": regret})
    return pd.DataFrame(rows)


def by_chance(of: Rollout, runs: int = 4_000) -> pd.DataFrame:
    """What a pilot is worth more by chance to fail: chance, gain, low_80, high_80."""
    import pandas as pd

    rows = rollouts.by_chance(of, np.linspace(0, 1, 21).tolist(), runs)
    return pd.DataFrame(rows, columns=["chance", "gain", "low_80", "high_80"])


def owned(policy: Policy) -> pd.DataFrame:
    """What ways cost: way, year, paid (in it), total (discounted, up to it), exact decimals."""
    import pandas as pd

    rows = []
    for way, costs in policy.ways.items():
        amounts = ownership.paid(costs, policy.years, policy.users)
        totals = ownership.discounted(amounts, policy.discount)
        for year, (amount, total) in enumerate(zip(amounts, totals, strict=True)):
            rows.append({"way": way, "year": year, "paid": amount, "total": total})
    return pd.DataFrame(rows)


def owned_by_kind(policy: Policy) -> pd.DataFrame:
    """What ways cost over the years, discounted: way, each kind of cost, total."""
    import pandas as pd

    rows = []
    for way, costs in policy.ways.items():
        row: dict[str, object] = {"way": way}
        about = (policy.years, policy.users, policy.discount)
        for kind in ownership.KINDS:
            row[kind] = ownership.total([c for c in costs if c.kind == kind], *about)
        rows.append(row | {"total": ownership.total(costs, *about)})
    return pd.DataFrame(rows)


def sensitive(policy: Policy, one: str, other: str) -> pd.DataFrame:
    """What another way costs more than one, each cost changed: what, low, high, base."""
    import pandas as pd

    about = (policy.years, policy.users, policy.discount)
    rows = ownership.sensitivity(policy.ways, one, other, *about, policy.sensitivity)
    table = pd.DataFrame(rows, columns=["what", "low", "high"])
    base = ownership.total(policy.ways[other], *about) - ownership.total(policy.ways[one], *about)
    return table.assign(base=base)


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
    played = rollouts.compared(replace(policy.rollout, fails=fails), 4_000)
    return planned(capabilities, of, made), ways(played).query("way == @WAYS[@way]")


def checks(made: Mapping[str, Schedule], of: Work, policy: Policy) -> pd.DataFrame:
    """What must hold, and whether it does: check, says, holds."""
    import pandas as pd

    top = made["best"]
    used = np.zeros_like(of.free)
    late = 0
    for row, each in enumerate(of.rows):
        if each.name in top.starts:
            start = top.starts[each.name]
            used[:, start : start + of.takes[row]] += of.uses[row][:, None]
            ends = [top.starts[of.rows[n].name] + of.takes[n] for n in of.needs[row]]
            late += max(ends, default=0) > start
    sure = replace(policy.rollout, varies=0.0)
    closed, played = rollouts.expected(sure), rollouts.compared(sure)
    pairs = zip(closed, (played.at_once.worth, played.pilot.worth), strict=True)
    apart = max(abs(own.mean() - mean) / (own.std() / len(own) ** 0.5) for mean, own in pairs)
    over = float((used - of.free).max())
    below = min(top.value - each.value for each in made.values())
    rows = [
        ("Nobody works twice", f"{max(over, 0):.2f} person-days above capacity", over < 1e-6),
        ("Needs are in place before", f"{late} begin too early", late == 0),
        ("No pillar first brings more", f"{below:,.2f} less at least", below > -1.0),
        ("Runs have the closed form's mean", f"{apart:.1f} standard errors apart", apart < 4),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])
