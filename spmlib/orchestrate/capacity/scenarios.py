"""Scenarios: a sales force with other hires, other starts and other attrition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.capacity import outlooks
from spmlib.orchestrate.capacity.outlooks import Force

if TYPE_CHECKING:
    import pandas as pd


def tried(
    of: Force, told: pd.DataFrame, target: float, hires: int, month: int, leaves: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What other hires would bring, beside plans already told.

    Args:
        of: the force as it is.
        told: of some plans, as `outlooks.compared`.
        target: of all months together [currency].
        hires: how many, all in one month.
        month: in which they begin, the plan's next month being 1.
        leaves: the share who leave within a year.

    Returns:
        By plan, what is tried last, as `outlooks.compared`; and month by month what is tried, as
        `outlooks.by_month`.

    Raises:
        ParameterError: the month is not in the plan, or the share is not from 0 to below 1.
    """
    import pandas as pd

    other = varied(of, hires, month, leaves)
    own = outlooks.compared({"As tried": other}, target)
    return pd.concat([told, own], ignore_index=True), outlooks.by_month(other, target)


def varied(of: Force, hires: int, month: int, leaves: float) -> Force:
    """The force with hires in one month, and another attrition: as `tried`."""
    if not 1 <= month < len(of.starts):
        raise ParameterError(f"month {month} is not in the plan; write 1 to {len(of.starts) - 1}.")
    if not 0 <= leaves < 1:
        raise ParameterError(f"{leaves:.0%} leave within a year; write 0% to below 100%.")
    more = of.seats.and_hires([month] * hires)
    return replace(of, seats=replace(more, leaves=np.full(len(more.leaves), leaves)), leaves=leaves)
