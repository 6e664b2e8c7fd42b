"""Conversion: a transaction's amounts in the currency of each plan that may credit them.

The rate is that of the day, of the period, or fixed by the plan, as ``crediting.yaml`` says. A
converted amount is rounded once, to the minor unit of the plan's currency; an amount that needs no
conversion stays exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import MONEY, RATE, Table


def minor(currency: str) -> int:
    """The minor unit of a currency in ticks: 100 for USD, 10,000 for JPY."""
    return int(MONEY // 10 ** CURRENCIES[currency])


def converted(
    events: Table[Any], rates: Table[Any], days: Table[Any], currency: str, amounts: Sequence[str]
) -> Table[Any]:
    """The events with each amount in one currency more, and the rate and its day.

    Args:
        events: with ``currency``, ``event_date`` and the amounts [ticks of their currency].
        rates: the rates of one kind.
        days: each day of the calendar.
        amounts: the columns to convert.

    Returns:
        The same rows with ``{amount}@{currency}``, ``rate@{currency}`` and
        ``rate_date@{currency}``; all empty where there is no rate.
    """
    by_day = engine.kept(daily(rates.filter(nw.col("to_currency") == currency), days))
    joined = events.join(by_day, on=["currency", "event_date"], how="left")
    own = nw.col("currency") == currency
    turned = {
        f"{name}@{currency}": nw.when(own).then(nw.col(name)).otherwise(_turned(name, currency))
        for name in amounts
    }
    return joined.with_columns(
        **turned,
        **{
            f"rate@{currency}": nw.when(own).then(nw.lit(RATE)).otherwise(nw.col("rate")),
            f"rate_date@{currency}": nw.col("rate_date"),
        },
    ).drop("rate", "rate_date")


def on_days(events: Table[Any], rates: Table[Any], currency: str, amount: str) -> Table[Any]:
    """The events with one amount in a currency, at the rate of each day; empty without a rate.

    Args:
        events, rates: as of `converted`; the days are those of the events.
        amount: the column to convert.
    """
    rows = engine.kept(events)
    days = engine.kept(rows.select("event_date").unique(["event_date"]))
    turned = converted(rows, rates, days, currency, [amount])
    named = turned.with_columns(nw.col(f"{amount}@{currency}").alias(amount))
    return named.select(*engine.names(rows))


def _turned(name: str, currency: str) -> nw.Expr:
    unit = minor(currency)
    exact = engine.wide(name) * engine.wide("rate")
    return (engine.rounded(exact, RATE * unit) * unit).cast(nw.Int64)


def daily(rates: Table[Any], days: Table[Any]) -> Table[Any]:
    """The rate of each currency on each day: the latest that had started."""
    ordered = rates.select("currency", "rate", rate_date="start_date").with_columns(
        until=nw.col("rate_date").shift(-1).over("currency", order_by="rate_date")
    )
    return (
        engine.open_ended(ordered, "until")
        .join(days, how="cross")
        .filter(engine.during("event_date", "rate_date", "until"))
        .select("currency", "event_date", "rate", "rate_date")
    )
