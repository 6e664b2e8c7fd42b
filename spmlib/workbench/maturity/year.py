"""Maturity's year: the twelve months to a period's end, of which figures are measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from spmlib.core import engine
from spmlib.core.ledger import Close
from spmlib.orchestrate.forecasting import outlooks
from spmlib.workbench import closes, disputed
from spmlib.workbench.disputed import Disputed
from spmlib.workbench.opened import Workbench


@dataclass(frozen=True)
class Year:
    """A company in the twelve months to a period's end.

    Attributes:
        bench: the company.
        period: the last.
        measure: a sum of `parameters/measures.yaml` whose forecast is judged; empty: none.
        currency: the forecast's; the one most booked in if empty.
    """

    bench: Workbench
    period: str
    measure: str = ""
    currency: str = ""

    @cached_property
    def stop(self) -> date:
        """The first day after it."""
        return outlooks.until(self.bench.company.calendar, self.period)

    @cached_property
    def start(self) -> date:
        """Its first day."""
        leap = self.stop.month == 2 and self.stop.day == 29
        return self.stop.replace(year=self.stop.year - 1, day=28 if leap else self.stop.day)

    @cached_property
    def periods(self) -> pl.DataFrame:
        """Its periods: period, start_date, end_date."""
        rows = engine.collected(self.bench.company.calendar)
        return rows.filter(pl.col("start_date") >= self.start, pl.col("end_date") <= self.stop)

    @cached_property
    def disputed(self) -> Disputed:
        """What is known of disputes at its end."""
        return disputed.known(self.bench, self.period)

    @cached_property
    def statements(self) -> pl.DataFrame:
        """A person's month with pay under some plan: payee_id, period."""
        paid = engine.collected(self.bench.results.payouts)
        within = paid.join(self.periods, on="period", how="semi")
        return within.select("payee_id", "period").unique()

    @cached_property
    def closes(self) -> tuple[Close, ...]:
        """The closes on record, as known at its end and of all days."""
        return tuple(closes.kept(self.bench).closes())
