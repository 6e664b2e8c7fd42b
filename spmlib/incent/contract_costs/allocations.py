"""Allocations: pay that many contracts earned together, shared out over them to the cent.

Where a threshold is passed, the contract that passes it earns for all before it. That jump is not
of one contract: all that counted contribute, in proportion to what each counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from spmlib.core import money
from spmlib.core.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd


def allocated(
    rows: pl.DataFrame, by: Sequence[str], total: str, weight: str, unit: pl.Expr | int = 1
) -> pl.DataFrame:
    """Rows with what each gets of its group's total: ``allocated``.

    Whole units go by proportion, rounded towards nothing; those left over go to the largest rests,
    earlier rows first. Groups whose weights add up to nothing get nothing.

    Args:
        rows: of groups.
        by: the columns that name a group.
        total: the column with the group's total, the same in each of its rows [ticks].
        weight: the column by which it is shared out, 0 or more.
        unit: ticks of what is not divided further: a minor unit.

    Returns:
        The rows in their order; those of a group add up to its total.
    """
    wide = pl.Int128
    sized = rows.with_columns(
        _row=pl.int_range(pl.len()),
        _all=pl.col(weight).sum().over(by).cast(wide),
        _units=(pl.col(total).abs() // unit).cast(wide),
    )
    exact = pl.col("_units") * pl.col(weight).cast(wide)
    whole = pl.when(pl.col("_all") > 0).then("_all").otherwise(1)
    parted = sized.with_columns(_part=exact // whole, _rest=exact % whole)
    left = (pl.col("_units") - pl.col("_part").sum().over(by)).cast(pl.Int64)
    ranked = parted.sort("_rest", "_row", descending=[True, False]).with_columns(
        _rank=pl.int_range(pl.len()).over(by)
    )
    more = (pl.col("_rank") < left).cast(wide)
    made = ranked.with_columns(
        allocated=pl.when(pl.col("_all") > 0)
        .then((pl.col("_part") + more).cast(pl.Int64) * unit * pl.col(total).sign())
        .otherwise(0)
    )
    return made.sort("_row").drop("_row", "_all", "_units", "_part", "_rest", "_rank")


def numbered(rows: pl.DataFrame, columns: Sequence[str], name: str) -> pl.DataFrame:
    """Rows with a number for each set of values of some columns: fast to join by."""
    sets = rows.select(columns).unique().sort(columns).with_row_index(name)
    return rows.join(sets, columns, nulls_equal=True, maintain_order="left")


def cumulative(
    values: Sequence[Decimal | int], table: Mapping[int, Decimal | str], currency: str = "USD"
) -> list[Decimal]:
    """What a plan that pays by the number of contracts has earned after each contract.

    Defined as::

        rate of the highest threshold reached, times the value of all contracts so far

    Args:
        values: of contracts, in order [currency].
        table: rate by the number of contracts from which it holds, for all of them.
        currency: of the values.

    Source: FASB TRG, November 2016, paper 57 (commissions subject to a threshold).

    >>> [str(cumulative([1000] * n, {0: "0", 10: "0.02", 20: "0.05"})[-1]) for n in (9, 19, 20)]
    ['0.00', '380.00', '1000.00']
    """
    rates = {start: Decimal(rate) for start, rate in sorted(table.items())}
    if not rates or min(rates) > 1:
        raise ParameterError("table: nothing holds for the first contract; begin it at 0 or 1.")
    made, sold = [], Decimal(0)
    for count, value in enumerate(values, start=1):
        sold += Decimal(value)
        rate = rates[max(start for start in rates if start <= count)]
        made.append(money.rounded(sold * rate, currency))
    return made


def contributions(
    values: Sequence[Decimal | int], earned: Sequence[Decimal], currency: str = "USD"
) -> pd.DataFrame:
    """What is capitalised for each contract as each one is obtained.

    What was earned to date is shared out over the contracts that counted, by their values; what is
    new is the difference to what was capitalised before.

    Args:
        values: of contracts, in order [currency].
        earned: to date after each; as `cumulative`.
        currency: of both.

    Returns:
        after (the number of contracts), contract (from 1), amount; a row where it is not 0.
    """
    import pandas as pd

    cents = 10 ** money.CURRENCIES[currency]
    weights = [int(Decimal(value) * cents) for value in values]
    count = len(weights)
    pairs = [(n, c) for n in range(1, count + 1) for c in range(1, n + 1)]
    rows = pl.DataFrame(pairs, schema={"after": pl.Int64, "contract": pl.Int64}, orient="row")
    told = pl.DataFrame(
        {"after": range(1, count + 1), "total": [int(amount * cents) for amount in earned]},
        schema={"after": pl.Int64, "total": pl.Int64},
    )
    weighed = pl.DataFrame(
        {"contract": range(1, count + 1), "weight": weights},
        schema={"contract": pl.Int64, "weight": pl.Int64},
    )
    joined = rows.join(told, "after").join(weighed, "contract").sort("after", "contract")
    shared = allocated(joined, ["after"], "total", "weight")
    before = pl.col("allocated").shift(1).over("contract", order_by="after").fill_null(0)
    fresh = shared.select("after", "contract", amount=pl.col("allocated") - before)
    moved = fresh.filter(pl.col("amount") != 0)
    amounts = [Decimal(cent) / cents for cent in moved["amount"]]
    return pd.DataFrame(
        {
            "after": moved["after"].to_list(),
            "contract": moved["contract"].to_list(),
            "amount": [money.rounded(amount, currency) for amount in amounts],
        }
    )
