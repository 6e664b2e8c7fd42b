"""Books: what an audit looks at: what came in, what follows from it, and what is on record.

Everything is a Polars frame with the engine's integers; money that is compared or added up is in
the one currency the audit is read in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.conversion import minor
from spmlib.core.tables import RATE, Table
from spmlib.incent.calculation import Parameters, Results
from spmlib.incent.summaries import worths
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import polars as pl

BROUGHT = (
    *("transactions", "splits", "positions", "payees", "accounts", "opportunities", "calendar"),
    "adjustments",
)
FOLLOWS = ("credits", "terms", "earnings", "payouts", "payments", "payroll")


@dataclass(frozen=True)
class Books:
    """What an audit looks at."""

    currency: str  # it is read in
    tables: Mapping[str, pl.DataFrame]  # those of BROUGHT and FOLLOWS
    rates: pl.DataFrame  # of worths.rates: currency, period, worth_rate
    plans: Mapping[str, Plan]
    recorded: pl.DataFrame | None = None  # Earnings as earlier closes recorded them
    expected: pl.DataFrame | None = field(default=None)  # period, plan, amount, low, high

    def __getattr__(self, name: str) -> pl.DataFrame:
        """A table by its name."""
        try:
            return self.__dict__["tables"][name]
        except KeyError:
            raise AttributeError(name) from None

    @cached_property
    def periods(self) -> pl.DataFrame:
        """The calendar in its order: period, start_date, end_date, month (from 0)."""
        import polars as pl

        named = self.calendar.select("period", "start_date", "end_date").sort("start_date")
        return named.with_row_index("month").with_columns(pl.col("month").cast(pl.Int64))

    @cached_property
    def pay(self) -> pl.DataFrame:
        """What each transaction pays each person: transaction_id, payee_id, amount, source."""
        import polars as pl

        lines = self.earnings.filter(pl.col("transaction_id").is_not_null())
        summed = self.worth(lines).group_by("transaction_id", "payee_id")
        return summed.agg(pl.col("amount").sum(), pl.col("source").first())

    @cached_property
    def by_transaction(self) -> pl.DataFrame:
        """What each transaction pays: transaction_id, amount, payees, source of the most."""
        import polars as pl

        ordered = self.pay.sort("amount", "payee_id", descending=[True, False])
        return ordered.group_by("transaction_id").agg(
            pl.col("amount").sum(),
            pl.col("source").first(),
            pl.col("payee_id").first(),
            payees=pl.len(),
        )

    @cached_property
    def booked(self) -> pl.DataFrame:
        """Transactions with the month in which they came to be known, which pays them."""
        known = self.transactions.with_columns(known_date=_known())
        return self.dated(known, "known_date")

    def dated(self, frame: pl.DataFrame, day: str) -> pl.DataFrame:
        """The rows with the period of a day; those outside the calendar are left out."""
        import polars as pl

        own = frame.sort(day).join_asof(
            self.periods.rename({"start_date": "begun"}),
            left_on=day,
            right_on="begun",
            strategy="backward",
        )
        return own.filter(pl.col(day) < pl.col("end_date")).drop("begun", "end_date")

    def worth(self, frame: pl.DataFrame, column: str = "amount") -> pl.DataFrame:
        """Rows with period and currency, their amounts in the currency the audit is read in."""
        import polars as pl

        joined = frame.join(
            self.rates, on=["currency", "period"], how="left", maintain_order="left"
        )
        own = pl.col("currency") == self.currency
        unit = minor(self.currency)
        exact = pl.col(column).cast(pl.Int128) * pl.col("worth_rate").cast(pl.Int128)
        size = (exact.abs() * 2 + RATE * unit) // (2 * RATE * unit) * unit  # halves away from zero
        turned = (size * exact.sign()).cast(pl.Int64)
        made = pl.when(own).then(pl.col(column)).otherwise(turned).fill_null(0)
        return joined.with_columns(made.alias(column), currency=pl.lit(self.currency)).drop(
            "worth_rate"
        )


def books(
    company: Company,
    results: Results,
    parameters: Parameters,
    currency: str = "",
    recorded: Table[Any] | None = None,
    expected: pl.DataFrame | None = None,
) -> Books:
    """The books of a company.

    Args:
        company: its tables.
        results: what follows from them.
        parameters: that they follow from.
        currency: to read amounts in; the one most booked in if empty.
        recorded: Earnings as earlier closes recorded them, if any did.
        expected: what plans were expected to pay: period, plan, amount, low and high [ticks of
            the currency], if anybody said.
    """
    read_in = worths.chosen(company, currency)
    found = {name: engine.collected(getattr(company, name)) for name in BROUGHT}
    found |= {name: engine.collected(getattr(results, name)) for name in FOLLOWS}
    return Books(
        currency=read_in,
        tables=found,
        rates=engine.collected(worths.rates(company, read_in)),
        plans=parameters.plans,
        recorded=None if recorded is None else engine.collected(recorded),
        expected=expected,
    )


def _known() -> pl.Expr:
    """The day a row came to be known."""
    import polars as pl

    return pl.max_horizontal(pl.coalesce("recorded_date", "event_date"), "event_date")
