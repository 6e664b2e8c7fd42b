"""Shapes: what a plan pays by attainment, and how what it costs is spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.incent.modelling.simulated import draws, measures
from spmlib.incent.modelling.simulated.asked import excellent
from spmlib.incent.modelling.simulated.pays import BASE, Scenario, Simulated, paid, step
from spmlib.incent.modelling.simulated.played import played
from spmlib.incent.modelling.simulated.sets import Known, Prepared
from spmlib.incent.modelling.simulated.spreads import correlations
from spmlib.rules.estimated.plans import Curve, PlanPay

if TYPE_CHECKING:
    import pandas as pd

BINS = 40
GRID = np.round(np.arange(0, 2.0001, 0.025), 3)  # multiples of quota
TINY = 1e-12
EDGE = 0.002  # of companies left out at each end of a picture


def plans(of: Simulated, scenarios: Mapping[str, Scenario] | None = None) -> pd.DataFrame:
    """How each plan with a quota pays: threshold, target, excellence, and how many are where.

    Args:
        of: what was drawn.
        scenarios: beside base, those drawn; their terms.

    Returns:
        scenario, plan, title, people; threshold (the least attainment of which the component with
        the first quota pays anything), below (share of people and years below it), reached (at or
        above 100 %); excellence (the attainment that the file's quantile names), at_quota and
        at_excellence (variable pay of all on the plan, if all sell so much of it [currency]),
        leverage (at_excellence over at_quota).
    """
    import pandas as pd

    every = {BASE: Scenario()} | dict(scenarios or {})
    names = of.people["plan"].to_numpy()
    rows = []
    for scenario, terms in every.items():
        for name, known in of.ready.known.items():
            if known.plan.main.measure not in known.goals:
                continue
            attained = of.attained[names == name]
            attained = attained[np.isfinite(attained)] / terms.quota
            top = float(np.quantile(attained, of.ready.decided.excellence))
            quota, best = (_at(known, terms, level) for level in (1.0, top))
            least = threshold(terms.plans.get(name, known.plan).main.curves[-1])
            row: dict[str, object] = {"scenario": scenario, "plan": name, "title": known.plan.title}
            row |= {"people": len(known.people)}
            row |= {"threshold": least, "below": float((attained < least).mean())}
            row |= {"reached": float((attained >= 1).mean()), "excellence": top}
            row |= {"at_quota": quota, "at_excellence": best}
            rows.append(row | {"leverage": best / quota if quota else np.nan})
    return pd.DataFrame(rows)


def variation(ready: Prepared) -> pd.DataFrame:
    """How far people's attainment of a year varies, and how two people's go together, by plan.

    Returns:
        plan, title, people, quarters (of people, that it is made of); standard deviations over what
        is expected: person (the quota's error), luck (of a month), year (all together); same_team
        and other_team, the correlation of two people on the plan. Of the measure counted first.
    """
    import pandas as pd

    rows = []
    for name, known in ready.known.items():
        own = known.own[known.plan.main.measure]
        inside, outside, spread = correlations(ready.among, own)
        row: dict[str, object] = {"plan": name, "title": known.plan.title}
        row |= {"people": len(known.people), "quarters": own.seen}
        row |= {"person": own.person, "luck": own.luck, "year": spread}
        rows.append(row | {"same_team": inside, "other_team": outside})
    return pd.DataFrame(rows)


def threshold(curve: Curve) -> float:
    """The least multiple of the stick from which a curve pays anything; inf if it never does.

    >>> pays = Curve(0.0, np.array([-1e30, 0.5]), np.array([[0, 0, 0], [-0.5, 1, 0]]), False)
    >>> threshold(pays)
    0.5
    """
    ends = np.append(curve.starts[1:], np.inf)
    for start, end, (constant, slope, bend) in zip(curve.starts, ends, curve.parts, strict=True):
        low = max(float(start), 0.0)
        if low >= end:
            continue
        value = constant + slope * low + bend * low * low
        if value > TINY:
            return low
        roots = np.roots([bend, slope, constant]) if bend or slope else np.zeros(0)
        places = sorted({*roots[np.isreal(roots)].real, *([low] if value > -TINY else [])})
        above = [at for at in places if low <= at < end and _rises(at, slope, bend)]
        if above:
            return float(above[0])
    return float("inf")


def distribution(of: Simulated, budget: float | None = None) -> pd.DataFrame:
    """How what each scenario costs is spread over companies, for a picture.

    Returns:
        scenario, cost (middle of a bin) [currency], share (of companies in it); and of the scenario
        mean, p10, p50, p90, budget [currency] and over, as in `measures.costs`.
    """
    import pandas as pd

    drawn = np.concatenate(list(of.costs.values()))
    low, high = np.quantile(drawn, (EDGE, 1 - EDGE))
    edges = np.linspace(low, high, BINS + 1)
    told = measures.costs(of, budget).set_index("scenario")
    parts = []
    for name, cost in of.costs.items():
        counts, _ = np.histogram(cost, edges)
        rows = pd.DataFrame({"cost": (edges[1:] + edges[:-1]) / 2, "share": counts / of.runs})
        rows.insert(0, "scenario", name)
        parts.append(rows.assign(**told.loc[name, ["mean", "p10", "p50", "p90", "budget", "over"]]))
    return pd.concat(parts, ignore_index=True)


def by_attainment(ready: Prepared, plan: PlanPay, runs: int = 1_000) -> pd.DataFrame:
    """What one person on a plan earns by attainment, now and by another table.

    Returns:
        attained (multiple of quota), now, found (mean of those on the plan, other measures as
        expected [currency]), share (of people and years within half a step of it).
    """
    import pandas as pd

    of = played(ready, plan.name, runs)
    known = of.known
    now = [_at(known, Scenario(), level) for level in GRID]
    then = [_at(known, Scenario({plan.name: plan}), level) for level in GRID]
    half = (GRID[1] - GRID[0]) / 2
    counts, _ = np.histogram(of.attained, np.append(GRID - half, GRID[-1] + half))
    people = len(known.people)
    return pd.DataFrame(
        {
            "attained": GRID,
            "now": np.array(now) / people,
            "found": np.array(then) / people,
            "share": counts / len(of.attained),
        }
    )


def checks(of: Simulated) -> pd.DataFrame:
    """What must hold of companies drawn, and whether it does: check, says, holds."""
    import pandas as pd

    expected = np.concatenate(
        [
            known.expected[known.plan.main.measure].sum(axis=1)
            * (known.worth if known.plan.main.unit == "money" else 1.0)
            for known in of.ready.known.values()
        ]
    )
    error = of.credited.std(axis=1, ddof=1) / np.sqrt(of.runs)
    away = np.abs(of.credited.mean(axis=1) - expected) / np.maximum(error, 1e-12)
    sums = max(float(np.abs(of.pays[n].sum(axis=0) - c).max()) for n, c in of.costs.items())
    level = max(
        abs(excellent(of.ready, played(of.ready, name, 500)) / np.quantile(own, q) - 1)
        for name, own, q in _first(of)
    )
    return pd.DataFrame(
        [
            (
                "People are credited on average with what is expected of them",
                f"{away.max():.1f} standard errors apart at most",
                bool(away.max() < 5),
            ),
            ("People add up to the cost of every company", f"{sums:.2f} apart", sums < 0.01),
            (
                "Fewer companies are the first of many",
                f"{level:.0e} apart",
                bool(level < 1e-9),
            ),
        ],
        columns=["check", "says", "holds"],
    )


def _rises(at: float, slope: float, bend: float) -> bool:
    """Whether a curve that is 0 at a place pays more beyond it."""
    return slope + 2 * bend * at > TINY or (abs(slope + 2 * bend * at) <= TINY and bend > TINY)


def _first(of: Simulated) -> list[tuple[str, Floats, float]]:
    """By plan with a quota, the attainment of the first companies, and the file's quantile."""
    names = of.people["plan"].to_numpy()
    return [
        (name, of.attained[names == name][:, :500].ravel(), of.ready.decided.excellence)
        for name, known in of.ready.known.items()
        if known.plan.main.measure in known.goals
    ]


def _at(known: Known, terms: Scenario, level: float) -> float:
    """What all on a plan earn if each sells so much of the main quota, all else as expected."""
    sold = draws.expected(known, step(known, {"": terms}), level * terms.quota)
    return float(paid(known, terms, sold).sum() * known.worth)
