"""Potentials: whose accounts could buy how much, and what people offer, in one currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, Table

if TYPE_CHECKING:
    import polars as pl


def owned(company: Company, currency: str, until: date, people: Sequence[str]) -> pl.DataFrame:
    """Whose each account is, and what it could buy in a year.

    An account is that of whoever sold to it or pursued a deal there last, of the people asked;
    where none of them did, it is nobody's.

    Args:
        company: its accounts' potentials, transactions and opportunities.
        currency: of the value.
        until: the day up to which anything is known.
        people: who can own one.

    Returns:
        account_id, payee_id, value [currency a year].

    Raises:
        ParameterError: there is no rate into the currency.
    """
    import polars as pl

    met: list[Table[Any]] = [
        company.transactions.filter(nw.col("amount") > 0).select(
            "account_id", "owner_id", day="event_date"
        ),
        company.opportunities.select("account_id", "owner_id", day="created_date"),
    ]
    known = engine.collected(engine.stacked([rows.filter(nw.col("day") < until) for rows in met]))
    known = known.filter(pl.col("owner_id").is_in(list(people)), pl.col("account_id").is_not_null())
    last = known.sort("day", "owner_id").group_by("account_id").agg(pl.col("owner_id").last())
    both = worths(company, currency, until).join(last, on="account_id").sort("account_id")
    return both.select("account_id", payee_id="owner_id", value="value")


def worths(company: Company, currency: str, until: date) -> pl.DataFrame:
    """What each account could buy: account_id, value [currency a year].

    Raises:
        ParameterError: there is no rate into the currency.
    """
    return _in(currency, company, company.account_potentials, until, "account_potentials")


def by_person(accounts: pl.DataFrame) -> dict[str, float]:
    """What the accounts of each person could buy."""
    import polars as pl

    return dict(accounts.group_by("payee_id").agg(pl.col("value").sum()).iter_rows())


def committed(
    company: Company, measure: str, currency: str, until: date, year: int
) -> dict[str, float]:
    """What each person offers to bring in a year: commitments of stretches that lie within it.

    Args:
        company: its commitments.
        measure: what is counted.
        currency: of the amounts.
        until: the day whose rates hold.
        year: of the calendar.

    Raises:
        ParameterError: there is no rate into the currency.
    """
    import polars as pl

    rows = company.commitments.filter(
        nw.col("measure") == measure,
        nw.col("start_date") >= date(year, 1, 1),
        nw.col("end_date") <= date(year + 1, 1, 1),
    )
    worth = _in(currency, company, rows, until, "commitments")
    return dict(worth.group_by("payee_id").agg(pl.col("value").sum()).iter_rows())


def _in(currency: str, company: Company, rows: Table[Any], until: date, name: str) -> pl.DataFrame:
    """The rows with their value in a currency, at the rate of the day before a day."""
    import polars as pl

    day = nw.lit(until - timedelta(1))
    dated = engine.kept(rows.with_columns(event_date=day))
    rates = company.currency_rates.filter(nw.col("kind") == "spot")
    days = engine.kept(dated.select("event_date").unique(["event_date"]))
    turned = conversion.converted(dated, rates, days, currency, ["amount"])
    made = engine.collected(turned).with_columns(value=pl.col(f"amount@{currency}") / MONEY)
    missing = made.filter(pl.col("value").is_null())["currency"].unique().sort().to_list()
    if missing:
        raise ParameterError(
            f"{name} has amounts in {missing[0]}, and there is no rate from it to {currency} "
            f"before {until}; add one to currency_rates."
        )
    return made
