"""Checks: what must hold of a company's contract costs, and whether it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import MONEY, CostRollForward, Table
from spmlib.incent.contract_costs import entries, outlooks, roll_forwards
from spmlib.incent.contract_costs.companies import Prepared
from spmlib.incent.contract_costs.schedules import ALL

if TYPE_CHECKING:
    import pandas as pd


def checks(ready: Prepared) -> pd.DataFrame:
    """What must hold, and whether it does: check, says, holds."""
    import pandas as pd

    rolls = outlooks.rolled(ready)
    wrong = len(roll_forwards.broken(rolls)) + len(roll_forwards.broken(_own(ready)))
    sums = ready.lives.sums(ALL, None, ready.period)
    at = engine.collected(ready.lives.schedule(ready.period, ready.period))
    by_cost = at.group_by("currency").agg(pl.col("closing").sum()).sort("currency")
    by_cost = by_cost.filter(pl.col("closing") != 0)
    by_sum = sums.filter(pl.col("period") == ready.period, pl.col("closing") != 0)
    by_sum = by_sum.select("currency", "closing")
    apart = _apart(by_cost, by_sum.sort("currency"))
    moved = sums.group_by("currency").agg(
        amount=(pl.col("capitalised") - pl.col("clawed_back") - pl.col("recovered")).sum()
    )
    earned = ready.capitalised.group_by("currency").agg(pl.col("amount").sum())
    kept = _apart(moved.sort("currency"), earned.sort("currency"))
    entry = engine.collected(entries.journal(ready))
    over = int(entry["debit"].sum()) - int(entry["credit"].sum())
    ahead = roll_forwards.maturity(ready.lives, ready.period)
    due = _apart(
        ahead.group_by("currency").agg(pl.col("amortised").sum()).sort("currency"),
        by_sum.sort("currency"),
    )
    rows = [
        ("Roll-forwards add up and open as they closed", f"{wrong} rows do not", wrong == 0),
        ("The asset is the sum of its schedules", f"{apart:.2f} apart", apart == 0),
        ("What is capitalised is what contracts earned", f"{kept:.2f} apart", kept == 0),
        ("What is carried is what becomes cost later", f"{due:.2f} apart", due == 0),
        ("The journal balances", f"{over / MONEY:.2f} apart", over == 0),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def _own(ready: Prepared) -> Table[CostRollForward]:
    """The roll-forward in the currencies of the costs."""
    return roll_forwards.roll_forward(ready.lives, ALL, None, ready.period)


def _apart(one: pl.DataFrame, other: pl.DataFrame) -> float:
    """How far two columns of amounts are apart at most [units]; 1 where their rows differ."""
    if one["currency"].to_list() != other["currency"].to_list():
        return 1.0
    largest: Any = (one.to_series(1) - other.to_series(1)).abs().max()
    return float(largest or 0) / MONEY
