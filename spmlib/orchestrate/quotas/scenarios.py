"""Scenarios: a year's quotas as decided, and as they would be if a few things were decided anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.orchestrate.quotas import decisions, judgements, outlooks
from spmlib.orchestrate.quotas.decisions import DECIDED
from spmlib.orchestrate.quotas.outlooks import Prepared
from spmlib.orchestrate.quotas.plans import Planned
from spmlib.orchestrate.quotas.written import QuotaYear

if TYPE_CHECKING:
    import pandas as pd

MIXES = (DECIDED, *outlooks.MIXES)


def tried(
    ready: Prepared,
    decided: QuotaYear,
    growth: float,
    over: float,
    mix: str = DECIDED,
    by: str = "territory_id",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What other decisions would bring, beside those of the file.

    Args:
        ready: what is known for the year.
        decided: of the file.
        growth: of the target, on the twelve months before.
        over: what people are given beyond the target of the layer above them, as a share.
        mix: what is shared out by: one of `MIXES`.
        by: a column of the people that attainment is told by.

    Returns:
        By plan, as `summary`; and of what is tried, by `by`, as `reached`.

    Raises:
        ParameterError: the mix is unknown, or bounds on growth leave no way to share it out.
    """
    import pandas as pd

    other = varied(decided, growth, over, mix)
    plans = {"As decided": decided, "As tried": other}
    rows = [{"plan": name} | summary(ready, said) for name, said in plans.items()]
    return pd.DataFrame(rows), reached(ready, planned(ready, other), by)


def varied(decided: QuotaYear, growth: float, over: float, mix: str = DECIDED) -> QuotaYear:
    """The decisions of a file with another growth, over-assignment and mix: as `tried`."""
    if mix not in MIXES:
        raise ParameterError(f"there is no mix '{mix}'; write {nearest(mix, MIXES)}.")
    *above, last = decided.layers
    by = decided.mix if mix == DECIDED else outlooks.MIXES[mix]
    return replace(decided, growth=growth, mix=by, layers=(*above, replace(last, over=over)))


def planned(ready: Prepared, said: QuotaYear) -> Planned:
    """The quotas that decisions make."""
    return decisions.made(ready, said, ready.last * (1 + said.growth))


def summary(ready: Prepared, said: QuotaYear) -> dict[str, Any]:
    """What decisions make of a year, in figures.

    Returns:
        target and given, in all [currency]; chance that the target is reached; people, the share
        who reach their quota, with people_low and people_high in 8 of 10 years; stretch: how much
        harder the hardest tenth of quotas is than the easiest.
    """
    plan, target = planned(ready, said), ready.last * (1 + said.growth)
    told = outlooks.outcome(ready, plan, target)
    fair = judgements.fairness(outlooks.judged(ready, plan, {}))
    return {
        "target": target,
        "given": float(plan.units.sum()) * plan.unit,
        "chance": told["company"],
        **{name: told[name] for name in ("people", "people_low", "people_high")},
        "stretch": fair["stretch"],
    }


def reached(ready: Prepared, plan: Planned, by: str = "territory_id") -> pd.DataFrame:
    """What those of one territory, or one manager, attain together.

    Returns:
        name, attainment (the median), low_80, high_80, chance.
    """
    import pandas as pd

    mean, spread = outlooks.expected(ready, plan)
    quota = plan.units.sum(axis=1).astype(float) * plan.unit
    brought = judgements.attainments(quota, mean, spread) * quota
    nodes, which = np.unique(ready.people[by].to_numpy(), return_inverse=True)
    within = (which[:, None] == np.arange(len(nodes))).astype(float)
    drawn = brought @ within / (quota @ within)
    low, middle, high = np.quantile(drawn, [0.1, 0.5, 0.9], axis=0)
    columns = {"name": nodes, "attainment": middle, "low_80": low, "high_80": high}
    return pd.DataFrame(columns | {"chance": (drawn >= 1).mean(axis=0)})
