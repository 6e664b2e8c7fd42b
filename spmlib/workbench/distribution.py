"""Distribution: who has which document on a month's last day, as notebooks show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from spmlib.core import engine
from spmlib.incent.distribution import checks, shares
from spmlib.incent.distribution.standing import Chasing, deliveries
from spmlib.workbench import deliveries as register
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Distribution:
    """Everything that is known of documents on a day."""

    day: date
    chasing: Chasing
    document: str  # the one that is looked at
    moves: pl.DataFrame
    payees: pl.DataFrame
    positions: pl.DataFrame

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The table `Deliveries`."""
        return deliveries(self.moves, self.payees, self.positions, self.chasing, self.day)

    @cached_property
    def own(self) -> pl.DataFrame:
        """Its rows of the document."""
        return self.rows.filter(pl.col("document") == self.document)

    @cached_property
    def curve(self) -> pd.DataFrame:
        """The share still open after days: day, at_risk, acknowledged, open."""
        return self._curve.to_pandas()

    @property
    def reminders(self) -> list[int]:
        """Days after which people are reminded."""
        plan = self.chasing
        return [plan.after + plan.every * number for number in range(plan.most)]

    def days_until(self, share: float) -> float:
        """Days until a share has acknowledged; infinite if so many never did."""
        return shares.days_until(self._curve, share)

    def documents(self) -> pd.DataFrame:
        """How much is acknowledged of each document: as `shares.acknowledged`."""
        return shares.acknowledged(self.rows, ("document",)).to_pandas()

    def acknowledged(self, by: str = "team") -> pd.DataFrame:
        """How much of the document is acknowledged: as `shares.acknowledged`."""
        return shares.acknowledged(self.own, (by,)).to_pandas()

    def waiting(self) -> pd.DataFrame:
        """The deliveries of all documents that something is to be done about."""
        return register.shown(self.rows.filter(pl.col("next").is_not_null()))

    def lacking(self) -> pd.DataFrame:
        """Who holds a plan and has no document of it: as `shares.lacking`."""
        return shares.lacking(self.rows, self.positions, self.document, self.day).to_pandas()

    def sent(self, document: str) -> pd.DataFrame:
        """What was sent of a document: as `shares.sent`."""
        known = self.moves.filter(pl.col("move_date") <= self.day)
        return shares.sent(self.rows, known, document).to_pandas()

    def told(self) -> dict[str, Any]:
        """The figures of a sentence: documents, acknowledged, share, overdue, median, ninety."""
        whole = shares.acknowledged(self.own, ("document",)).to_dicts()
        empty = {"documents": 0, "acknowledged": 0, "share": 0.0, "overdue": 0}
        days = {"median": self.days_until(0.5), "ninety": self.days_until(0.9)}
        return (whole[0] if whole else empty) | days

    def checked(self) -> pd.DataFrame:
        """What must hold: as `checks.checked`."""
        return checks.checked(self.rows, self.moves, self.positions, self.document, self.day)

    @cached_property
    def _curve(self) -> pl.DataFrame:
        return shares.still_open(*shares.waited(self.own, self.document))


def known(bench: Workbench, document: str, period: str) -> Distribution:
    """What is known of a document at the end of a month.

    Raises:
        ParameterError: the calendar has no such month, or mail.yaml is wrong.
    """
    bench.refuse_period(period)
    company = bench.company
    ends = company.calendar.filter(nw.col("period") == period).select("end_date")
    return Distribution(
        engine.collected(ends)["end_date"][0] - timedelta(days=1),
        register.mail(bench).chase,
        document,
        register.happened(bench, register.kept(bench)),
        engine.collected(company.payees),
        engine.collected(company.positions),
    )


def standing(bench: Workbench, document: str, period: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How a document stands at the end of a month: by team, and what waits for an answer."""
    made = known(bench, document, period)
    return made.acknowledged(), made.waiting()
