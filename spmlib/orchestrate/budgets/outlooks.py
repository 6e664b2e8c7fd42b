"""Outlooks: the budget of a year for a company as it is, and what is to be said of it.

ready = prepared(company, pay, measure, decided, day)    # once
budget = made(ready)                                     # for each plan of hires and quotas
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.pay import Pay
from spmlib.orchestrate.budgets import integrals
from spmlib.orchestrate.budgets.costs import KINDS
from spmlib.orchestrate.budgets.drawn import RUNS, Budget, Costed, made
from spmlib.orchestrate.budgets.known import Prepared, prepared
from spmlib.orchestrate.budgets.written import BudgetYear
from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.outlooks import LATE
from spmlib.orchestrate.capacity.seats import seats as seats_of
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Budget", "BudgetYear", "Costed", "Prepared", "made", "prepared"]

TAILS = (0.1, 0.9)  # between which 8 of 10 cases lie


def rest(
    company: Company, pay: Pay, measure: Measure, decided: BudgetYear, until: date
) -> Budget | None:
    """What is left of a year, drawn from what is known now; none if the year is over."""
    if until > date(decided.year, 12, 1):
        return None
    return made(prepared(company, pay, measure, decided, until))


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
    paid = max(integrals.apart(known, RUNS) for known in ready.known.values())
    return pd.DataFrame(
        [
            ("Kinds add up to the cost of every month", f"{apart:.0e} apart", apart < 1e-9),
            ("Teams add up to the cost of every run", f"{teams:.2f} apart", teams < 0.01),
            (
                "Heads are those of the closed form",
                f"{error.max():.1f} standard errors apart at most",
                bool(error.max() < 4),
            ),
            (
                "Drawn pay is the integral of each plan's curve",
                f"{paid:.1f} standard errors apart at most",
                paid < 4,
            ),
        ],
        columns=["check", "says", "holds"],
    )


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
