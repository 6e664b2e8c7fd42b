"""Payables: what becomes payable in each month, by person, plan and component.

What is earned, plus what events make of it (`releases`). This is what a close records, so that the
next one knows what has been settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.incent.earning.earnings import Owed
from spmlib.incent.paying import releases
from spmlib.incent.work import Work

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("payee_id", "plan", "component", "period", "amount")


@dataclass(frozen=True)
class Payables:
    """What is earned and what is released: payee_id, plan, component, period, amount [ticks]."""

    earned: pl.DataFrame
    released: pl.DataFrame  # what becomes payable in the month, less what is earned in it

    def of(self, plan: str) -> Payables:
        """Those of one plan."""
        return Payables(*(f.filter(f["plan"] == plan) for f in (self.earned, self.released)))

    @property
    def together(self) -> pl.DataFrame:
        """What becomes payable: a row for each person, plan, component and period."""
        import polars as pl

        *key, _ = COLUMNS
        both = pl.concat([self.earned, self.released])
        return both.group_by(key).agg(pl.col("amount").sum()).sort(key)


def payables(owed: Owed, work: Work) -> Payables:
    """What becomes payable by what is known now.

    Args:
        owed: what was earned.
        work: of the calculation.

    Raises:
        OverflowRefused: an amount is too large to be exact.
    """
    import polars as pl

    *key, _ = COLUMNS
    summed = owed.earnings.group_by(*key).agg(nw.col("amount").sum())
    earned = engine.collected(summed.select(*COLUMNS))
    released = [
        engine.collected(releases.released(owed.earnings, plan, work))
        .with_columns(plan=pl.lit(plan.name))
        .select(COLUMNS)
        for plan in work.parameters.plans.values()
        if plan.payment and plan.payment.by_event
    ]
    return Payables(earned, pl.concat([earned.head(0), *released]))
