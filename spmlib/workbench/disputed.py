"""Disputed: what is disputed on a month's last day, why and at what cost, as notebooks show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.core import engine
from spmlib.core.tables import MONEY
from spmlib.incent.disputes import ageing, disputes, figures
from spmlib.incent.disputes.moves import OPEN
from spmlib.workbench import closes
from spmlib.workbench import disputes as register
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd

AMOUNTS = ("claimed", "granted", "paid", "posted", "amount", "due", "difference")


@dataclass(frozen=True)
class Disputed:
    """Everything that is known of disputes on a day."""

    bench: Workbench
    day: date
    moves: pl.DataFrame

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The table `Disputes`, with team, role and manager when each was raised [ticks]."""
        known = disputes.disputes(self.moves, self.day)
        return figures.with_people(known, engine.collected(self.bench.company.positions))

    def by(self, *columns: str) -> pd.DataFrame:
        """As `figures.by`, in units of the currency."""
        return _units(figures.by(self.rows, *columns))

    def first(self) -> pd.DataFrame:
        """Causes by the days that their disputes took: as `figures.mend_first`."""
        return _units(figures.mend_first(self.rows))

    def again(self, column: str, days: int, least: int) -> pd.DataFrame:
        """Who or what is disputed again and again: as `figures.again`."""
        return _units(figures.again(self.rows, column, self.day, days, least))

    def ageing(self) -> pd.DataFrame:
        """Undecided disputes by age: as `ageing.ageing`."""
        return _units(ageing.ageing(self.rows))

    def times(self, column: str = "cause") -> pd.DataFrame:
        """How long decisions took: as `ageing.times`."""
        return ageing.times(self.rows, column).to_pandas()

    def shares(self) -> pd.DataFrame:
        """The share of pay that is disputed, of months with disputes: as `figures.share_of_pay`."""
        found = figures.share_of_pay(self.rows, engine.collected(self.bench.results.payouts))
        first = self.rows["period"].min()
        kept = found.filter(pl.col("period") >= pl.lit(first)) if first else found.head(0)
        kept = kept.join(self.rows.select("currency").unique(), on="currency", how="semi")
        return _units(kept.sort("period", "currency"))

    def open(self) -> pd.DataFrame:
        """Disputes that are undecided, the oldest first."""
        waiting = self.rows.filter(pl.col("status").is_in(OPEN))
        return _units(waiting.sort("raised_date", "dispute_id"))

    def told(self) -> dict[str, Any]:
        """Figures: count, open, overdue, granted_share, median, before (until a year ago)."""
        done = self.rows.filter(pl.col("decided_date").is_not_null())
        year = self.day - timedelta(365)
        late = pl.col("raised_date") >= year
        judged = self.rows.filter(pl.col("status").is_in([*figures.GRANTED, "rejected"]))
        return {
            "count": len(self.rows),
            "open": len(self.open()),
            "overdue": int((self.rows["overdue_days"] > 0).sum()),
            "granted_share": judged["status"].is_in(figures.GRANTED).mean(),
            "median": done.filter(late)["days"].median(),
            "before": done.filter(~late)["days"].median(),
        }

    def checked(self) -> pd.DataFrame:
        """What must hold of the register: check, says, holds."""
        import pandas as pd

        known = self.moves.filter(pl.col("move_date") <= self.day)
        wrong = disputes.faults(known)
        ids, parts = known["dispute_id"].n_unique(), figures.by(self.rows, "status")["count"].sum()
        over = self.rows.filter(pl.col("granted").is_not_null() & pl.col("decided_date").is_null())
        waiting = int(ageing.ageing(self.rows)["count"].sum())
        open_ = len(self.open())
        rows = [
            ("Every move follows from the one before", f"{len(wrong)} do not", wrong.is_empty()),
            ("No dispute is lost or counted twice", f"{parts} of {ids}", parts == ids),
            ("Nothing is granted undecided", f"{len(over)} are", over.is_empty()),
            ("Ages add up to what is open", f"{waiting} of {open_}", waiting == open_),
        ]
        return pd.DataFrame(rows, columns=["check", "says", "holds"])


def known(bench: Workbench, period: str) -> Disputed:
    """What is known of disputes at the end of a period.

    Raises:
        ParameterError: there is no such period.
    """
    bench.refuse_period(period)
    calendar = engine.collected(bench.company.calendar)
    end = calendar.filter(pl.col("period") == period)["end_date"][0]
    moves = register.happened(bench, register.kept(closes.kept(bench)))
    return Disputed(bench, end - timedelta(1), moves)


def waiting(bench: Workbench, period: str) -> pd.DataFrame:
    """Disputes that were undecided at the end of a period, the oldest first."""
    return known(bench, period).open()


def proposed(bench: Workbench, dispute_id: str) -> pd.DataFrame:
    """The causes that a re-run proposes for a dispute, in units of the currency."""
    found = register.proposed(bench, register.kept(closes.kept(bench)), dispute_id)
    return _units(found)


def _units(rows: pl.DataFrame) -> pd.DataFrame:
    """The rows with amounts in units, for reading."""
    named = [name for name in AMOUNTS if name in rows.columns]
    return rows.with_columns(pl.col(named) / MONEY).to_pandas()
