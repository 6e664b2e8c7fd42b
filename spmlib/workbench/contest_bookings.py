"""Contest bookings: what each person was credited with of a measure, ever, and what was booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import narwhals as nw
import polars as pl

from spmlib.core import conversion, engine
from spmlib.core.company import attributed
from spmlib.core.tables import MONEY, SHARE, Accounts, Products, Transactions
from spmlib.rules.filters import kinds, matching
from spmlib.rules.measures import MONEYS
from spmlib.rules.spiffs.written import Spiff
from spmlib.workbench.opened import Workbench


@dataclass(frozen=True)
class Bookings:
    """What a company has booked before a day."""

    bench: Workbench
    day: date  # the first that is not known

    @cached_property
    def shares(self) -> pl.DataFrame:
        """Whose own each booking is: transaction_id, payee_id, rule, share, event_date."""
        credits: Any = self.bench.results.credits
        own = credits.filter(nw.col("level") == 0, nw.col("event_id").is_null())
        asked = ("transaction_id", "payee_id", "rule", "share", "event_date")
        return engine.collected(own.select(*asked))

    def brought(self, spiff: Spiff) -> pl.DataFrame:
        """What everybody was credited with of its measure, ever: payee_id, event_date, score.

        What is cancelled within as many days as the SPIFF waits for is taken off, of each month
        alike, so that the window is judged as the months beside it.
        """
        measure = self.bench.parameters.measures[spiff.measure]
        rows = engine.collected(attributed(self.bench.company))
        of = kinds(rows.columns, Transactions, Accounts, Products)
        counted = rows.filter(matching(measure.where, of, pl))
        counted = counted.with_columns(count=pl.lit(MONEY, pl.Int64))
        if measure.sums in MONEYS:
            counted = self._converted(counted, measure.sums, spiff.currency)
        shares = self.shares
        if spiff.rules:
            shares = shares.filter(pl.col("rule").is_in(list(spiff.rules)))
        made = shares.join(
            counted.select("transaction_id", value=measure.sums), on="transaction_id"
        ).join(self._stayed(spiff.kept), on="transaction_id", how="left")
        stayed = pl.col("stayed").fill_null(1.0)
        score = pl.col("value") / MONEY * (pl.col("share") / SHARE) * stayed
        rows = made.filter(pl.col("event_date") < self.day)
        told = rows.select("payee_id", "event_date", score=score)
        return told.sort("payee_id", "event_date", "score")  # sums of floats hang on the order

    def _stayed(self, days: int) -> pl.DataFrame:
        """The share of bookings that was not cancelled within so many days of them."""
        cut = self._cancelled().filter(
            pl.col("event_date") < pl.col("booked_date") + timedelta(days=days)
        )
        lost = cut.group_by("transaction_id").agg(
            lost=pl.col("amount").sum(), whole=pl.col("whole").first()
        )
        stayed = (1 + pl.col("lost") / pl.col("whole")).clip(0, 1)
        return lost.filter(pl.col("whole") > 0).select("transaction_id", stayed=stayed)

    def _cancelled(self) -> pl.DataFrame:
        """Cancellations that are known: transaction_id, event_date, amount, booked_date, whole."""
        events: Any = self.bench.company.events
        rows = engine.collected(events.filter(nw.col("event") == "cancellation"))
        booked = engine.collected(self.bench.company.transactions).select(
            "transaction_id", booked_date="event_date", whole="amount"
        )
        known_ = rows.filter(pl.col("event_date") < self.day)
        return known_.select("transaction_id", "event_date", "amount").join(
            booked, on="transaction_id"
        )

    def booked(self) -> pl.DataFrame:
        """What was booked, and cancelled as a whole: for games.

        Returns:
            The columns of transactions, with amount in units of one currency, and count: 1, or -1
            of a cancellation.
        """
        spiffs = self.bench.parameters.spiffs.values()
        currency = next((spiff.currency for spiff in spiffs), "USD")
        rows = engine.collected(attributed(self.bench.company)).with_columns(count=pl.lit(1))
        gone = self._cancelled().filter(pl.col("amount") <= -pl.col("whole"), pl.col("whole") > 0)
        back = gone.select("transaction_id", day="event_date", lost="amount")
        undone = rows.join(back, on="transaction_id").with_columns(
            event_date="day", amount="lost", count=pl.lit(-1)
        )
        both = pl.concat([rows, undone.select(rows.columns)])
        rows = self._converted(both, "amount", currency)
        units = rows.with_columns(pl.col("amount") / MONEY, payee_id="owner_id")
        return units.filter(pl.col("payee_id").is_not_null(), pl.col("event_date") < self.day)

    def _converted(self, rows: pl.DataFrame, column: str, currency: str) -> pl.DataFrame:
        """Rows with a column in one currency, at each day's rate; those without one left out."""
        kind = self.bench.parameters.crediting.currency_rate
        rates = self.bench.company.currency_rates.filter(nw.col("kind") == kind)
        made = conversion.on_days(engine.brought(rows), rates, currency, column)
        return engine.collected(made).drop_nulls(column)
