"""Scenarios: a budget with other hires and another attrition, for live pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.budgets.drawn import made
from spmlib.orchestrate.budgets.known import Prepared
from spmlib.orchestrate.budgets.outlooks import by_month, compared

if TYPE_CHECKING:
    import pandas as pd

RUNS = 500  # that a budget is drawn: enough for a look


def tried(
    ready: Prepared, told: pd.DataFrame, role: str, hires: int, month: int, leaves: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What other hires in a role would cost, beside budgets already told.

    Args:
        ready: what is known of the year.
        told: budgets, as `outlooks.compared`.
        role: who is hired; hires of other roles stay as they are.
        hires: how many, all in one month.
        month: of the year, 1 to 12.
        leaves: the share who leave within a year.

    Returns:
        By budget, what is tried last; and month by month by team what is tried, as
        `outlooks.by_month`.

    Raises:
        ParameterError: the month is no month of the year, or the share is not from 0 to below 1.
    """
    import pandas as pd

    if not 1 <= month <= 12:
        raise ParameterError(f"month {month} is not in the year; write 1 to 12.")
    if not 0 <= leaves < 1:
        raise ParameterError(f"{leaves:.0%} leave within a year; write 0% to below 100%.")
    asked = {**ready.to_come, role: {f"{ready.decided.year}-{month:02d}": hires}}
    budget = made(ready, asked, leaves=leaves, runs=RUNS)
    return pd.concat([told, compared({"As tried": budget})], ignore_index=True), by_month(budget)
