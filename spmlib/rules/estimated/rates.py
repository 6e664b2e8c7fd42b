"""Rates: what one unit of each currency is worth in another, month by month, until a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import RATE

PREFERRED = ("plan", "average", "spot")  # the first kind that there is


def rates(
    company: Company, currencies: Iterable[str], currency: str, year: int, until: date
) -> dict[str, Floats]:
    """One rate for each currency and month of a year: 12 each; from a day on, the last one known.

    A month's rate is the plan's fixed one where the company has one, else the month's average, else
    the mean of the spot rates that began in it, else the latest before.

    Raises:
        ParameterError: nothing leads from one of them to the budget's currency.
    """
    import polars as pl

    known = engine.collected(company.currency_rates).filter(
        pl.col("to_currency") == currency, pl.col("start_date") < until
    )
    made = {}
    for name in sorted(set(currencies)):
        own = known.filter(pl.col("currency") == name).sort("start_date")
        if name == currency:
            made[name] = np.ones(12)
            continue
        if own.is_empty():
            wrong = f"no row of currency_rates leads from {name} to {currency} before {until}"
            raise ParameterError(f"currency: {wrong}; add one, or budget in another currency.")
        kind = next(kind for kind in PREFERRED if kind in own["kind"].to_list())
        made[name] = np.array([_of(own.filter(kind=kind), date(year, m, 1)) for m in range(1, 13)])
    return made


def _of(rows: object, first: date) -> float:
    """The rate of a month: the mean of those that began in it, else the latest before."""
    import polars as pl

    assert isinstance(rows, pl.DataFrame)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    within = rows.filter(pl.col("start_date") >= first, pl.col("start_date") < after)
    before = rows.filter(pl.col("start_date") < first).tail(1)
    chosen = within if len(within) else before if len(before) else rows.head(1)
    return float(np.mean(chosen["rate"].to_numpy())) / RATE
