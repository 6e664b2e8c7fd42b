"""Sales: a company's transactions as a history, by any columns, in one currency.

What counts, and what is summed, is a measure of ``parameters/measures.yaml``. A cancellation takes
its part back on the day on which it happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.company import Company, attributed
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import MONEY, Accounts, History, Issues, Products, Table, Transactions
from spmlib.orchestrate.forecasting.panels import BETWEEN
from spmlib.rules.filters import kinds, matching
from spmlib.rules.measures import MONEYS, Measure

NOBODY = "(none)"  # where a transaction has no such column filled


@dataclass(frozen=True)
class Sales:
    """What was sold, and what could not be counted."""

    history: Table[History]
    issues: Table[Issues]


def sales(company: Company, measure: Measure, by: Sequence[str], currency: str) -> Sales:
    """What a measure sums, day by day, for every combination of some columns.

    Args:
        company: its transactions, accounts, products, territories and currency rates.
        measure: what counts; one that sums something.
        by: columns of transactions, accounts or products, or ``territory_id`` (of the account, on
            the day); none: one series for all.
        currency: that money is converted into, at the rate of the day.

    Raises:
        ParameterError: a column is not there, or the measure is a ratio.
    """
    if measure.per:
        raise ParameterError(f"'{measure.name}' is a ratio and has no sum; forecast a sum.")
    rows = _attributed(company)
    known = kinds(engine.names(rows), Transactions, Accounts, Products)
    for column in by:
        if column not in known:
            raise ParameterError(f"there is no column '{column}'; write {nearest(column, known)}.")
    if measure.where:
        rows = rows.filter(matching(measure.where, known))
    summed = nw.lit(MONEY).cast(nw.Int64) if measure.sums == "count" else nw.col(measure.sums)
    labels = {name: nw.col(name).cast(nw.String).fill_null(NOBODY) for name in by}
    rows = rows.with_columns(sold=summed.fill_null(0), base=nw.col("amount"), **labels)
    happened = engine.stacked([_booked(rows, by), _cancelled(company, rows, by)])
    if measure.sums in MONEYS:
        happened = _in(currency, company, happened)
    name = nw.concat_str(*by, separator=BETWEEN) if by else nw.lit("total")
    missing = nw.col("sold").is_null()
    value = nw.col("sold").cast(nw.Float64) / MONEY
    sold = happened.filter(~missing).with_columns(
        series=name, date=nw.col("event_date"), value=value
    )
    history = sold.select("series", "date", "value", *by)
    return Sales(history, _without_rate(happened.filter(missing), currency))


def _attributed(company: Company) -> Table[Any]:
    """The transactions with what is known of account, product and territory."""
    rows = attributed(company)
    held = engine.open_ended(company.account_territories)
    days = rows.select("transaction_id", "account_id", "event_date")
    there = (
        days.join(held, on="account_id")
        .filter(engine.during("event_date"))
        .group_by("transaction_id")
        .agg(territory_id=nw.col("territory_id").min())
    )
    return rows.join(there, on="transaction_id", how="left")


def _booked(rows: Table[Any], by: Sequence[str]) -> Table[Any]:
    return rows.select("transaction_id", "event_date", "currency", "sold", *by)


def _cancelled(company: Company, rows: Table[Any], by: Sequence[str]) -> Table[Any]:
    """The part of each cancelled transaction that its cancellation takes back."""
    events = company.events.filter(nw.col("event") == "cancellation", nw.col("amount") != 0)
    events = events.select("transaction_id", day="event_date", part="amount")
    of = rows.select("transaction_id", "currency", "sold", "base", *by)
    part = nw.col("sold").cast(nw.Float64) * nw.col("part") / nw.col("base")
    both = events.join(of, on="transaction_id").filter(nw.col("base") != 0)
    return both.with_columns(event_date=nw.col("day"), sold=part.round(0).cast(nw.Int64)).select(
        "transaction_id", "event_date", "currency", "sold", *by
    )


def _in(currency: str, company: Company, rows: Table[Any]) -> Table[Any]:
    """The rows with what was sold in one currency; nothing where there is no rate."""
    rates = company.currency_rates.filter(nw.col("kind") == "spot")
    return conversion.on_days(rows, rates, currency, "sold")


def _without_rate(rows: Table[Any], currency: str) -> Table[Issues]:
    """One row for each currency that has no rate on some day."""
    counted = rows.group_by("currency").agg(count=nw.len())
    return counted.select(
        table=nw.lit("transactions"),
        place=nw.lit("currency_rates"),
        row=nw.col("currency"),
        what=nw.concat_str(nw.col("count").cast(nw.String), nw.lit(" transactions have no rate")),
        remedy=nw.lit(f"add spot rates into {currency}"),
        effect=nw.lit("refused"),
    )
