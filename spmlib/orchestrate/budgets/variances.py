"""Variances: why something else was spent than planned, in steps that add up exactly.

The cost of a group (a team's people of one role and plan) is taken as::

    heads x (worth x (fixed + sold x price) + other)

with heads in months, worth the currency's rate, fixed the base pay of a head and month, sold what
it sells in the measure its plan counts first (`earned.by_quota`), price the variable pay for each
unit of it (both with the employer's taxes that fall to them), and other its tools, travel and
recruiting. One after the other is set from planned to actual, in this order, and each step is what
that adds:

    heads     more or fewer people, all at the team's planned average
    mix       dearer or cheaper kinds of people than planned
    volume    more or less sold by a head, at the planned price
    rate      a higher or lower price of what was sold: accelerators, caps, goals
    fixed     dearer or cheaper heads of the same kind: base pay, taxes, tools, travel, recruiting
    currency  rates other than planned

What comes first is valued as planned, so another order gives other steps; the sum is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.tables import BudgetSteps, Table
from spmlib.orchestrate.budgets.drawn import Costed

if TYPE_CHECKING:
    import pandas as pd

STEPS = ("heads", "mix", "volume", "rate", "fixed", "currency")
GROUP = ["team", "role", "plan"]
PARTS = ["heads", "sold", "base", "variable", "other", "local"]
OF = ("planned", "actual")


def variances(planned: Costed, actual: Costed) -> Table[BudgetSteps]:
    """The difference of actual and planned cost, team by team and step by step.

    Args:
        planned: the budget, of the months of `actual`.
        actual: what it cost.
    """
    both = groups(planned).merge(
        groups(actual), on=GROUP, how="outer", suffixes=("_planned", "_actual")
    )
    return of_groups(both.fillna(0.0))


def groups(of: Costed) -> pd.DataFrame:
    """What each group of a team cost.

    Returns:
        team, role, plan, heads (months), sold [plan's unit], base, variable (both with the taxes
        that fall to them), other [currency], local (base and variable in the plan's currency).
    """
    pay = of.kinds["base"] + of.kinds["variable"]
    taxes = of.kinds["taxes"].sum(axis=1)
    year = pay.sum(axis=1)
    load = 1 + np.divide(taxes, year, out=np.zeros_like(taxes), where=year > 0)
    other = sum(of.kinds[kind] for kind in ("tools", "travel", "recruiting"))
    rows = of.seats[GROUP].assign(
        heads=of.heads.sum(axis=1),
        sold=of.sold.sum(axis=1),
        base=of.kinds["base"].sum(axis=1) * load,
        variable=of.kinds["variable"].sum(axis=1) * load,
        other=np.asarray(other).sum(axis=1) + np.where(year > 0, 0.0, taxes),
        local=(pay / of.worth).sum(axis=1) * load,
    )
    return rows.groupby(GROUP, as_index=False)[PARTS].sum()


def of_groups(both: pd.DataFrame) -> Table[BudgetSteps]:
    """The steps of groups that are planned and actual.

    Args:
        both: team, and each of heads, sold, base, variable, other, local with ``_planned`` and
            ``_actual``.
    """
    import pandas as pd

    frames = [_of_team(team, rows) for team, rows in both.groupby("team")]
    made = pd.concat(frames, ignore_index=True)[list(BudgetSteps.columns())]
    return engine.table(made)


def _of_team(team: str, rows: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    plan, came = ({part: rows[f"{part}_{of}"].to_numpy(float) for part in PARTS} for of in OF)
    cost = {
        of: told["base"] + told["variable"] + told["other"] for of, told in ((0, plan), (1, came))
    }
    planned, heads = plan["heads"], came["heads"]
    counted = np.where(planned > 0, cost[0], 0.0)
    usual = counted.sum() / planned.sum() if planned.sum() > 0 else 0.0
    known = (planned > 0) & (heads > 0)
    each = np.divide(cost[0], planned, out=np.full(len(rows), usual), where=planned > 0)
    steps = dict.fromkeys(STEPS, 0.0)
    if planned.sum() > 0:
        steps["heads"] = (heads.sum() - planned.sum()) * usual
        steps["mix"] = (heads * each).sum() - heads.sum() * usual
    unplanned = np.where(planned > 0, 0.0, cost[1] - heads * each)
    steps["mix" if planned.sum() > 0 else "heads"] += unplanned.sum()
    gone = (planned > 0) & (heads <= 0)  # still paid after everybody has left
    steps["fixed"] += cost[1][gone].sum() - (cost[0] - counted).sum()
    told = _rates(*({n: values[known] for n, values in of.items()} for of in (plan, came)))
    for step in STEPS[2:]:
        steps[step] += float((heads[known] * told[step]).sum())
    return pd.DataFrame({"team": team, "step": STEPS, "amount": list(steps.values())})


def _rates(plan: dict[str, np.ndarray], came: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What a head and month adds by each step, of groups that are both planned and there."""
    was, now = _of_head(plan), _of_head(came)
    volume = was["worth"] * was["price"] * (now["sold"] - was["sold"])
    rate = was["worth"] * now["sold"] * (now["price"] - was["price"])
    fixed = was["worth"] * (now["fixed"] - was["fixed"]) + now["other"] - was["other"]
    local = now["fixed"] + now["sold"] * now["price"]
    return {
        "volume": volume,
        "rate": rate,
        "fixed": fixed,
        "currency": (now["worth"] - was["worth"]) * local,
    }


def _of_head(told: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The rates of a head and month; variable pay of who sells nothing counts as fixed."""
    heads, sells = told["heads"], told["sold"] > 0
    paid = told["base"] + told["variable"]
    there = (told["local"] != 0) & (paid != 0)
    worth = np.divide(paid, told["local"], out=np.ones(len(heads)), where=there)
    sold = np.where(sells, told["sold"], 0.0)
    tied = np.where(sells, told["variable"], 0.0)
    return {
        "worth": worth,
        "sold": sold / heads,
        "price": np.divide(tied, sold * worth, out=np.zeros(len(heads)), where=sells),
        "fixed": (paid - tied) / worth / heads,
        "other": told["other"] / heads,
    }
