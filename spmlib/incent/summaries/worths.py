"""Worths: amounts of several currencies in one, to be read side by side; never what is paid.

A month's amounts are converted at one rate: the plan's fixed rate where the company has one, else
the month's average, else the latest spot rate. So a month looked at again looks the same.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.conversion import minor
from spmlib.core.errors import ParameterError
from spmlib.core.tables import RATE, Table

DEFAULT = "USD"  # where nothing is booked
RANKS = {"spot": 0, "average": 1, "plan": 2}  # the highest that there is


def worth(frame: Table[Any], company: Company, currency: str, column: str = "amount") -> Table[Any]:
    """The rows with one column in one currency.

    Args:
        frame: with ``period``, ``currency`` and the column [ticks of that currency].
        company: whose rates and calendar hold.
        currency: the one to read in.
        column: what to convert.

    Returns:
        The same rows; ``currency`` is the one asked for; the column [ticks], rounded to its
        minor unit, empty where there is no rate.
    """
    own, unit = nw.col("currency") == currency, minor(currency)
    exact = engine.wide(column) * engine.wide("worth_rate")
    turned = (engine.rounded(exact, RATE * unit) * unit).cast(nw.Int64)
    return (
        frame.join(rates(company, currency), on=["currency", "period"], how="left")
        .with_columns(nw.when(own).then(nw.col(column)).otherwise(turned).alias(column))
        .with_columns(currency=nw.lit(currency))
        .drop("worth_rate")
    )


def chosen(company: Company, asked: str = "") -> str:
    """The currency to read amounts in: the one asked for, else the one most often booked in.

    Raises:
        ParameterError: nothing is booked in the currency asked for, and no rate leads to it.
    """
    booked: Table[Any] = company.transactions
    counted = booked.group_by("currency").agg(count=nw.len())
    most = counted.sort("count", "currency", descending=[True, False])
    own = engine.collected(most)["currency"].to_list()
    led = company.currency_rates.filter(nw.col("to_currency") == asked)
    if asked and asked not in own and engine.collected(led.head(1)).is_empty():
        wrong = f"nothing is booked in {asked}, and no row of currency_rates leads to it"
        raise ParameterError(f"currency: {wrong}; write one of: {', '.join(own)}.")
    return asked or (own[0] if own else DEFAULT)


def rates(company: Company, currency: str) -> Table[Any]:
    """One rate for each currency and period: currency, period, worth_rate [parts of 10^10]."""
    periods = company.calendar.select("period", period_end="end_date")
    rates: Table[Any] = company.currency_rates.filter(nw.col("to_currency") == currency)
    known = rates.join(periods, how="cross").filter(nw.col("start_date") < nw.col("period_end"))
    ranked = known.with_columns(rank=nw.col("kind").replace_strict(RANKS, return_dtype=nw.Int64))
    best = ranked.unique(["currency", "period"], keep="last", order_by=["rank", "start_date"])
    return best.select("currency", "period", worth_rate="rate")
