"""Outlooks: the quotas of a year for a company as it is, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.tables import QuotaJudgements, QuotaLayers
from spmlib.orchestrate.quotas import judgements, people, weights
from spmlib.orchestrate.quotas.layers import Layer
from spmlib.orchestrate.quotas.plans import Planned, planned
from spmlib.orchestrate.quotas.preparations import MIXES as MIXES
from spmlib.orchestrate.quotas.preparations import Prepared as Prepared
from spmlib.orchestrate.quotas.preparations import prepared as prepared

if TYPE_CHECKING:
    import pandas as pd

HALF_NORMAL = np.sqrt(np.pi / 2)  # a normal's standard deviation over its mean distance


def made(
    ready: Prepared,
    target: float,
    mix: Mapping[str, float],
    layers: Sequence[Layer],
    unit: int = 100,
    measure: str = "bookings",
) -> Planned:
    """The quotas of the year: as `plans.planned`, of what was prepared."""
    by = weights.blended(ready.people["payee_id"].to_list(), ready.bases, mix)
    return planned(
        ready.people,
        by,
        ready.months,
        target,
        layers,
        ready.carried,
        ready.season,
        unit,
        measure,
    )


def expected(ready: Prepared, plan: Planned | None = None) -> tuple[Floats, Floats]:
    """What is expected of each person: mean and standard deviation.

    The forecast of the whole, shared out by the mix that was least wrong in past years; people
    differ from their share as they did then. Accounts that move carry what is expected of them.
    """
    best = ready.errors.iloc[0]
    names = ready.people["payee_id"].to_list()
    share = weights.blended(names, ready.bases, ready.mixes[best["method"]])
    able = (ready.carried * ready.season).sum(axis=1)
    share = share * able / (share * able).sum()
    mean = share * ready.expected
    mean = mean if plan is None else _with_accounts(mean, plan)
    return mean, mean * float(best["error"]) * HALF_NORMAL


def _with_accounts(mean: Floats, plan: Planned) -> Floats:
    """What is expected once accounts moved: as much of it as of their quota."""
    moved = plan.moved.sum(axis=1)
    before = plan.units.sum(axis=1) - moved
    gone = np.where(moved < 0, mean * -moved / np.maximum(before, 1), 0.0)
    come = np.maximum(moved, 0)
    return mean - gone + gone.sum() * come / max(come.sum(), 1)


def judged(ready: Prepared, plan: Planned, names: Mapping[str, str]) -> pd.DataFrame:
    """How fair and reachable each quota is, with names: as QuotaJudgements."""
    mean, spread = expected(ready, plan)
    quota = plan.units.sum(axis=1).astype(float) * plan.unit
    potential = _worth(ready, plan.people, "potential")
    if not potential.any():
        potential = _worth(ready, plan.people, "pipeline")
    last = ready.people["last"].fill_null(np.nan).to_numpy()
    told = judgements.judged(
        plan.people, quota, mean, spread, potential if potential.any() else None, last
    )
    rows = engine.pandas(told, QuotaJudgements)
    return rows.assign(name=[names.get(person, person) for person in rows["payee_id"]])


def _worth(ready: Prepared, who: Sequence[str], basis: str) -> Floats:
    """How much of a basis each person has."""
    rows = engine.collected(ready.bases)
    own = rows.filter(rows["basis"] == basis).select("payee_id", "value")
    return people.of(who, dict(own.iter_rows()))


def outcome(ready: Prepared, plan: Planned, target: float) -> pd.Series:
    """What the year may bring: as `judgements.told`."""
    mean, spread = expected(ready, plan)
    quota = plan.units.sum(axis=1).astype(float) * plan.unit
    return judgements.told(judgements.attainments(quota, mean, spread), quota, target)


def layers(plan: Planned, names: Mapping[str, str], above: str = "payee_id") -> pd.DataFrame:
    """How each target above the people came about, with names."""
    rows = engine.pandas(plan.layers, QuotaLayers)
    rows = rows[rows["layer"] != above]
    return rows.assign(name=[names.get(node, node) for node in rows["node"]])


def monthly(ready: Prepared, plan: Planned, by: str = "territory_id") -> pd.DataFrame:
    """What quotas come to month by month: period, the column `by`, amount."""
    import pandas as pd

    periods = [f"{first:%Y-%m}" for first, _ in plan.months]
    rows = pd.DataFrame(plan.units * plan.unit, columns=periods)
    long = rows.assign(**{by: ready.people[by].to_list()}).melt(by, None, "period", "amount")
    return long.groupby(["period", by], as_index=False)["amount"].sum()


def checks(ready: Prepared, plan: Planned) -> pd.DataFrame:
    """What must hold of quotas, and whether it does: check, says, holds."""
    import pandas as pd

    rows = engine.collected(plan.layers)
    final = dict(rows.filter(rows["layer"] == "payee_id").select("node", "amount").iter_rows())
    given = np.array([final[person] for person in plan.people])
    stayed = plan.units - plan.moved
    people_ = np.abs(stayed.sum(axis=1) * plan.unit - given).max()
    above = rows.filter(rows["layer"] != "payee_id")
    over = float(above["over"].to_numpy().min())
    idle = (stayed[ready.carried == 0] == 0).all()
    return pd.DataFrame(
        [
            (
                "People's months add up to their targets",
                f"{people_:,.0f} apart at most, a unit is {plan.unit}",
                people_ < plan.unit,
            ),
            ("Nothing is over-assigned below 0", f"{over:,.0f} at least", over >= -1e-6),
            (
                "Nobody carries a quota before they come",
                "none does" if idle else "some do",
                bool(idle),
            ),
        ],
        columns=["check", "says", "holds"],
    )
