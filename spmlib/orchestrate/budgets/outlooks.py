"""Outlooks: the budget of a year for a company as it is, and what is to be said of it.

ready = prepared(company, pay, measure, decided, day)    # once
budget = made(ready)                                     # for each plan of hires and quotas
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.orchestrate.budgets.costs import KINDS
from spmlib.orchestrate.budgets.drawn import Budget, Costed, made
from spmlib.orchestrate.budgets.known import Prepared, prepared
from spmlib.orchestrate.budgets.variances import STEPS, variances
from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.outlooks import LATE
from spmlib.orchestrate.capacity.seats import seats as seats_of
from spmlib.orchestrate.forecasting.panels import Floats

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Budget", "Costed", "Prepared", "made", "prepared"]

TAILS = (0.1, 0.9)  # between which 8 of 10 cases lie


def compared(plans: Mapping[str, Budget]) -> pd.DataFrame:
    """What plans cost.

    Returns:
        plan, heads (at the end), cost, low_80, high_80, variable, bookings [currency], rate (cost
        for 1 of bookings), rate_low_80, rate_high_80.
    """
    import pandas as pd

    return pd.DataFrame([{"plan": name} | dict(told(of)) for name, of in plans.items()])


def told(of: Budget) -> pd.Series:
    """A budget in a few figures: as a row of `compared`."""
    import pandas as pd

    cost, booked = of.drawn.sum(axis=1), of.bookings.sum(axis=1)
    low, high = np.quantile(cost, TAILS)
    rate = np.quantile(cost / booked, TAILS)
    return pd.Series(
        {
            "heads": float(of.heads[:, -1].sum()),
            "cost": float(cost.mean()),
            "low_80": low,
            "high_80": high,
            "variable": float(of.variable.sum(axis=1).mean()),
            "bookings": float(booked.mean()),
            "rate": float(cost.mean() / booked.mean()),
            "rate_low_80": rate[0],
            "rate_high_80": rate[1],
        }
    )


def by_month(of: Costed, by: str = "team") -> pd.DataFrame:
    """What each team (role, plan) costs each month: period, the column `by`, amount [currency]."""
    import pandas as pd

    rows = pd.DataFrame(of.total, columns=list(of.months)).assign(**{by: of.seats[by].to_numpy()})
    long = rows.melt(by, None, "period", "amount")
    return long.groupby(["period", by], as_index=False)["amount"].sum()


def by_kind(of: Costed) -> pd.DataFrame:
    """What each team costs, the dearest first: team, heads (mean), the kinds, total [currency]."""
    sums = {kind: amounts.sum(axis=1) for kind, amounts in of.kinds.items()}
    rows = of.seats[["team"]].assign(heads=of.heads.mean(axis=1), **sums)
    made = rows.groupby("team", as_index=False).sum()
    made = made.assign(total=made[list(KINDS)].sum(axis=1))
    return made.sort_values("total", ascending=False).reset_index(drop=True)


def bridge(planned: Costed, actual: Costed) -> pd.DataFrame:
    """How the budget of the months gone by became what they cost, all teams together.

    Returns:
        step, amount, start, end [currency]: budget, each reason, actual.
    """
    import pandas as pd

    rows = engine.collected(variances(planned.upto(len(actual.months)), actual)).to_pandas()
    steps = rows.groupby("step")["amount"].sum().reindex(STEPS)
    begin = float(planned.upto(len(actual.months)).total.sum())
    ends = np.cumsum([begin, *steps])
    return pd.DataFrame(
        {
            "step": ["Budget", *(NAMES[step] for step in STEPS), "Actual"],
            "amount": [begin, *steps, ends[-1]],
            "start": [0.0, *ends[:-1], 0.0],
            "end": [*ends, ends[-1]],
        }
    )


def by_team(planned: Costed, actual: Costed) -> pd.DataFrame:
    """Budget against actual, team by team: team, planned, actual, difference, the steps."""
    cut = planned.upto(len(actual.months))
    rows = engine.collected(variances(cut, actual)).to_pandas()
    wide = rows.pivot(index="team", columns="step", values="amount")[list(STEPS)]
    sums = [by_month(of).groupby("team")["amount"].sum() for of in (cut, actual)]
    made = wide.assign(planned=sums[0], actual=sums[1]).fillna(0.0)
    made = made.assign(difference=made["actual"] - made["planned"]).reset_index()
    return made.sort_values("difference", ascending=False, key=abs).reset_index(drop=True)


def reforecast(planned: Budget, actual: Costed, rest: Budget | None) -> pd.DataFrame:
    """The year to date and to its end, summed up month by month, beside the budget.

    Args:
        planned: the budget of the year.
        actual: what its months cost so far.
        rest: the months to come, drawn from now; none if the year is over.

    Returns:
        period, planned, planned_low_80, planned_high_80, actual (empty once they are to come),
        expected, low_80, high_80 (of months to come, from the last actual one on) [currency].
    """
    import pandas as pd

    budget = planned.drawn.cumsum(axis=1)
    low, high = np.quantile(budget, TAILS, axis=0)
    came = actual.total.sum(axis=0).cumsum()
    ahead = len(planned.months) - len(came)
    none = np.full(len(came) - 1, np.nan)
    to_come = came[-1] + (np.zeros((1, 0)) if rest is None else rest.drawn.cumsum(axis=1))
    bounds = np.quantile(to_come, TAILS, axis=0)
    return pd.DataFrame(
        {
            "period": list(planned.months),
            "planned": budget.mean(axis=0),
            "planned_low_80": low,
            "planned_high_80": high,
            "actual": [*came, *[np.nan] * ahead],
            "expected": [*none, came[-1], *to_come.mean(axis=0)],
            "low_80": [*none, came[-1], *bounds[0]],
            "high_80": [*none, came[-1], *bounds[1]],
        }
    )


def cost_of_sales(planned: Budget, actual: Costed, booked: Floats) -> pd.DataFrame:
    """Cost for 1 of bookings, to date: period, planned, low_80, high_80, actual."""
    import pandas as pd

    months = len(actual.months)
    cost, sold = (drawn[:, :months].cumsum(axis=1) for drawn in (planned.drawn, planned.bookings))
    low, high = np.quantile(cost / sold, TAILS, axis=0)
    return pd.DataFrame(
        {
            "period": list(actual.months),
            "planned": cost.mean(axis=0) / sold.mean(axis=0),
            "low_80": low,
            "high_80": high,
            "actual": actual.total.sum(axis=0).cumsum() / booked.cumsum(),
        }
    )


def plans(ready: Prepared) -> pd.DataFrame:
    """How each way of earning is simulated.

    Returns:
        plan (its title), component, how (by its curve, or as it was), ratio (what was earned over
        what the curve gives of the same credits; of what has no curve, for each unit credited, or
        for each head and window where places are paid).
    """
    import pandas as pd

    rows = []
    for known in ready.known.values():
        for part in known.plan.components:
            how = "curve" if part.curved else "each unit credited" if not part.length else "place"
            row = {"plan": known.plan.title, "component": part.name, "how": how}
            rows.append(row | {"ratio": known.ratios[part.name]})
    return pd.DataFrame(rows)


def checks(of: Budget, ready: Prepared) -> pd.DataFrame:
    """What must hold of a budget, and whether it does: check, says, holds."""
    import pandas as pd

    mean, total = of.drawn.mean(axis=0), of.total.sum(axis=0)
    apart = float(np.abs(mean / total - 1).max())
    teams = float(np.abs(sum(of.teams.values()) - of.drawn).max())
    heads = _heads(of, ready)
    error = np.abs(of.heads.sum(axis=0) - heads) / np.sqrt(_least(of, heads))
    return pd.DataFrame(
        [
            ("Kinds add up to the cost of every month", f"{apart:.0e} apart", apart < 1e-9),
            ("Teams add up to the cost of every run", f"{teams:.2f} apart", teams < 0.01),
            (
                "Heads are those of the closed form",
                f"{error.max():.1f} standard errors apart at most",
                bool(error.max() < 4),
            ),
        ],
        columns=["check", "says", "holds"],
    )


def bridge_checks(steps: pd.DataFrame, actual: Costed) -> pd.DataFrame:
    """Whether the steps of a bridge add up to what it cost: check, says, holds."""
    import pandas as pd

    apart = float(steps["amount"].iloc[:-1].sum() - actual.total.sum())
    says = f"{abs(apart):.2f} apart"
    row = ("The bridge leads from budget to actual", says, abs(apart) < 0.01)
    return pd.DataFrame([row], columns=["check", "says", "holds"])


def _heads(of: Budget, ready: Prepared) -> Floats:
    """How many are there on average, by the closed form of capacity."""
    planned = of.seats["opens"].to_numpy() >= 0
    first = ready.ahead
    seats = seats_of(
        of.seats["tenure"].tolist(),
        np.where(planned, of.seats["opens"], 0).tolist(),
        leaves=ready.leaves,
        late=LATE,
        refilled=ready.decided.refilled,
        season=(1.0,) * (first + len(of.months)),
    )
    return moments(seats).held[first:]


def _least(of: Budget, heads: Floats) -> Floats:
    """The variance of a mean count of heads, if seats fill and empty on their own."""
    share = np.clip(heads / len(of.seats), 0.01, 0.99)
    return len(of.seats) * share * (1 - share) / len(of.drawn) + 1e-12


NAMES = {
    "heads": "Heads",
    "mix": "Mix of people",
    "volume": "Sold by a head",
    "rate": "Pay for what is sold",
    "fixed": "Base pay and other costs of a head",
    "currency": "Currency",
}
