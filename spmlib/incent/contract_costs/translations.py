"""Translations: an asset in the currency that is reported.

Two ways, by what the asset's currency is to the entity that has it. Where it is the entity's own
(functional) currency, the balance is translated at the closing rate and movements at the average of
their period; what changed rates add or take is a column of its own (`closing`). Where it is foreign
to the entity, a contract cost is no money item and keeps the rate of the day it was incurred
(`historical`): nothing is added or taken.

Source: ASC 830-30-45 and 830-10-45-17; IAS 21.39 and 21.23(b).
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from spmlib.core import engine
from spmlib.core.conversion import minor
from spmlib.core.errors import ParameterError
from spmlib.core.tables import (
    RATE,
    Calendar,
    ContractCosts,
    CostChanges,
    CostRollForward,
    CurrencyRates,
    Table,
)
from spmlib.incent.contract_costs.roll_forwards import MINUS, PLUS

MOVED = (*(name for name in PLUS if name != "exchange"), *MINUS, "recovered")


def rates(table: Table[CurrencyRates], calendar: Table[Calendar], currency: str) -> pl.DataFrame:
    """The rates of each currency and period that `closing` takes.

    The closing rate is the spot rate that holds on the period's last day; the average rate is that
    of kind average which began in the period, else the mean of spot rates is not guessed: the
    closing rate stands for it.

    Returns:
        currency, period, average, closing [RATE]; of periods for which a rate is known.
    """
    rows = engine.collected(table).filter(pl.col("to_currency") == currency)
    periods = engine.collected(calendar).select("period", "start_date", "end_date")
    spots = rows.filter(pl.col("kind") == "spot").sort("start_date")
    spots = spots.select("currency", closing="rate", known="start_date")
    last = periods.with_columns(day=pl.col("end_date").dt.offset_by("-1d")).sort("day")
    pairs = last.join(rows.select("currency").unique(), how="cross").sort("day")
    made = pairs.join_asof(
        spots, left_on="day", right_on="known", by="currency", check_sortedness=False
    )
    means = rows.filter(pl.col("kind") == "average").select(
        "currency", start_date="start_date", average="rate"
    )
    joined = made.join(means, ["currency", "start_date"], "left")
    return joined.filter(pl.col("closing").is_not_null()).select(
        "currency", "period", "closing", average=pl.coalesce("average", "closing")
    )


def closing(
    rolled: Table[CostRollForward], rates: pl.DataFrame, currency: str
) -> Table[CostRollForward]:
    """A roll-forward in one currency: balances at closing rates, movements at averages.

    What rates add or take is ``exchange``, so that every row adds up to the cent.

    Args:
        rolled: by period, each group and currency from its first period on.
        rates: currency, period, average, closing [RATE].
        currency: the one reported.

    Raises:
        ParameterError: a currency has no rate in a period in which something is carried or moved.
    """
    rows = engine.collected(rolled).with_row_index("row")
    known = rates.select("currency", "period", mean="average", rate="closing")
    joined = rows.join(known, ["currency", "period"], "left", maintain_order="left")
    own = pl.col("currency") == currency
    joined = joined.with_columns(
        pl.when(own).then(RATE).otherwise(pl.col(name)).alias(name) for name in ("mean", "rate")
    )
    before = pl.col("rate").shift(1).over("group", "currency", order_by="row")
    joined = joined.with_columns(before=pl.coalesce(before, "rate"))
    some = pl.any_horizontal(pl.col("opening", "closing", *MOVED) != 0)
    refuse_missing(joined.filter(some), currency)
    told = joined.with_columns(
        at("opening", "before", currency),
        at("closing", "rate", currency),
        at("current", "rate", currency),
        *(at(name, "mean", currency) for name in MOVED),
    )
    plus = pl.sum_horizontal(name for name in PLUS if name != "exchange")
    net = pl.col("opening") + plus - pl.sum_horizontal(*MINUS)
    told = told.with_columns(exchange=pl.col("closing") - net, currency=pl.lit(currency))
    amounts = ("opening", *MOVED, "exchange", "closing", "current")
    summed = told.group_by("group", "period", "currency", maintain_order=True)
    made = summed.agg(pl.col(*amounts).sum(), row=pl.col("row").min()).sort("row")
    return engine.brought(made.select(*CostRollForward.columns()))


def historical(
    costs: Table[ContractCosts],
    changes: Table[CostChanges],
    table: Table[CurrencyRates],
    currency: str,
) -> tuple[Table[ContractCosts], Table[CostChanges]]:
    """Costs and changes in one currency, each cost at the spot rate of the day it was incurred.

    Raises:
        ParameterError: there is no rate by the day on which a cost became an asset.
    """
    rows = engine.collected(costs).with_row_index("row")
    day = pl.coalesce("capitalised_date", "start_date")
    spots = engine.collected(
        table.filter(nw.col("to_currency") == currency, nw.col("kind") == "spot")
    ).select("currency", "rate", known="start_date")
    dated = rows.with_columns(day=day).sort("day")
    joined = dated.join_asof(
        spots.sort("known"), left_on="day", right_on="known", by="currency", check_sortedness=False
    )
    own = pl.col("currency") == currency
    joined = joined.with_columns(rate=pl.when(own).then(RATE).otherwise("rate")).sort("row")
    if joined["rate"].null_count():
        first = joined.filter(pl.col("rate").is_null()).row(0, named=True)
        wrong = f"cost {first['cost_id']}: no rate from {first['currency']} to {currency}"
        raise ParameterError(f"{wrong} by {first['day']}; add it to currency_rates.")
    changed = engine.collected(changes).join(
        joined.select("cost_id", "rate"), "cost_id", "left", maintain_order="left"
    )
    made = joined.with_columns(at("amount", "rate", currency), currency=pl.lit(currency))
    moved = changed.with_columns(at("amount", "rate", currency))
    return (
        engine.brought(made.select(*ContractCosts.columns())),
        engine.brought(moved.select(*CostChanges.columns())),
    )


def at(column: str, rate: str, currency: str) -> pl.Expr:
    """A column's amount at a column's rate, rounded to the minor unit, halves away from zero."""
    unit = RATE * minor(currency)
    exact = pl.col(column).cast(pl.Int128).abs() * pl.col(rate)
    rounded = (exact * 2 + unit) // (2 * unit)
    turned = rounded.cast(pl.Int64) * minor(currency) * pl.col(column).sign()
    return turned.alias(column)


def refuse_missing(rows: pl.DataFrame, currency: str, period: str | None = None) -> None:
    """Refuse rows without a rate: currency, rate, and period if it is not given.

    Raises:
        ParameterError: one has none.
    """
    lacking = rows.filter(pl.col("rate").is_null())
    if len(lacking):
        first = lacking.row(0, named=True)
        when = period or first["period"]
        wrong = f"there is no rate of {first['currency']} to {currency} in {when}"
        raise ParameterError(f"currency_rates: {wrong}; add it, or report until an earlier period.")
