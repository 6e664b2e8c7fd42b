"""Reviews: a budget beside what came: the bridge between them, and the year to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.orchestrate.budgets.drawn import Budget, Costed
from spmlib.orchestrate.budgets.outlooks import TAILS, by_month
from spmlib.orchestrate.budgets.variances import STEPS, variances

if TYPE_CHECKING:
    import pandas as pd

NAMES = {
    "heads": "Heads",
    "mix": "Mix of people",
    "volume": "Sold by a head",
    "rate": "Pay for what is sold",
    "fixed": "Base pay and other costs of a head",
    "currency": "Currency",
}


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


def largest(steps: pd.DataFrame) -> pd.Series:
    """The reason that moved most, of a bridge: step, amount."""
    inner = steps.iloc[1:-1]
    return inner.loc[inner["amount"].abs().idxmax()]


def by_team(planned: Costed, actual: Costed) -> pd.DataFrame:
    """Budget against actual, team by team: team, planned, actual, difference, the steps."""
    cut = planned.upto(len(actual.months))
    rows = engine.collected(variances(cut, actual)).to_pandas()
    wide = rows.pivot(index="team", columns="step", values="amount")[list(STEPS)]
    sums = [by_month(of).groupby("team")["amount"].sum() for of in (cut, actual)]
    made = wide.assign(planned=sums[0], actual=sums[1]).fillna(0.0)
    made = made.assign(difference=made["actual"] - made["planned"]).reset_index()
    return made.sort_values("difference", ascending=False, key=abs).reset_index(drop=True)


def reforecast(planned: Budget, actual: Costed, ahead: Budget | None) -> pd.DataFrame:
    """The year to date and to its end, summed up month by month, beside the budget.

    Args:
        planned: the budget of the year.
        actual: what its months cost so far.
        ahead: the months to come, drawn from now; none if the year is over.

    Returns:
        period, planned, actual (empty once they are to come), expected, low_80, high_80 (of months
        to come, from the last actual one on); and, less what was planned: room_low_80,
        room_high_80 (of the budget), over (of actual), ahead, ahead_low_80, ahead_high_80 (of what
        is expected) [currency].
    """
    import pandas as pd

    budget = planned.drawn.cumsum(axis=1)
    low, high = np.quantile(budget, TAILS, axis=0)
    came = actual.total.sum(axis=0).cumsum()
    left = len(planned.months) - len(came)
    none = np.full(len(came) - 1, np.nan)
    to_come = came[-1] + (np.zeros((1, 0)) if ahead is None else ahead.drawn.cumsum(axis=1))
    bounds = np.quantile(to_come, TAILS, axis=0)
    mean = budget.mean(axis=0)
    rows = pd.DataFrame(
        {
            "period": list(planned.months),
            "planned": mean,
            "actual": [*came, *[np.nan] * left],
            "expected": [*none, came[-1], *to_come.mean(axis=0)],
            "low_80": [*none, came[-1], *bounds[0]],
            "high_80": [*none, came[-1], *bounds[1]],
        }
    )
    return rows.assign(
        room_low_80=low - mean,
        room_high_80=high - mean,
        over=rows["actual"] - mean,
        ahead=rows["expected"] - mean,
        ahead_low_80=rows["low_80"] - mean,
        ahead_high_80=rows["high_80"] - mean,
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


def checks(steps: pd.DataFrame, actual: Costed) -> pd.DataFrame:
    """Whether the steps of a bridge add up to what it cost: check, says, holds."""
    import pandas as pd

    apart = float(steps["amount"].iloc[:-1].sum() - actual.total.sum())
    says = f"{abs(apart):.2f} apart"
    row = ("The bridge leads from budget to actual", says, abs(apart) < 0.01)
    return pd.DataFrame([row], columns=["check", "says", "holds"])
