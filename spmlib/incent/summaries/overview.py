"""Overview: a company and its month at a glance, as the tables behind pictures.

Each function takes the tables of a company or of its results and returns a small pandas table with
exact decimals. What is asked of crediting is in `credited`, of pay in `earned`. Amounts of several
currencies are read in one (`worths`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine, tables
from spmlib.core.company import Company
from spmlib.core.tables import Definition, Issues, Reads, Table
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd


class Figures(Definition):
    """The exact columns that summaries have, whatever their rows are."""

    amount = tables.money("Amount [currency].")
    source_amount = tables.money("The transaction's amount [source currency].")
    start = tables.money("Where a step begins [currency].")
    end = tables.money("Where a step ends [currency].")
    earned = tables.money("Earned [currency].")
    difference = tables.money("Amount less the usual one [currency].")
    over = tables.money("Differences, run on [currency].")
    credited = tables.value("Credited.")
    credited_to_date = tables.value("Credited in the window up to the period's end.")
    target = tables.money("Target incentive to date [currency].")
    quota = tables.value("Quota of the window.")
    usual = tables.money("Average of the twelve months before [currency].")
    share = tables.share("Share.")
    attainment = tables.share("Credited to date over quota.")
    pace = tables.share("Share of the window that has gone by.")
    rate = tables.rate("Currency rate.")


def figures(frame: Table[Any]) -> pd.DataFrame:
    """A summary, computed, as pandas with exact decimals and its columns in their own order."""
    rows = engine.pandas(frame, Figures)
    return rows[engine.names(frame)]


def staff(company: Company, period: str) -> Table[Any]:
    """Who is there on a period's last day, in which position.

    Returns:
        payee_id, name, team, role, plan, manager_id, status.
    """
    ends = company.calendar.filter(nw.col("period") == period).select(close="end_date")
    held = engine.open_ended(company.positions).join(ends, how="cross")
    there = (nw.col("start_date") < nw.col("close")) & (nw.col("end_date") >= nw.col("close"))
    names = company.payees.select("payee_id", "name")
    columns = ("payee_id", "name", "team", "role", "plan", "manager_id", "status")
    return held.filter(there).join(names, on="payee_id").select(*columns)


def people(company: Company, period: str) -> pd.DataFrame:
    """How many people each team has on a period's last day: team, role, count."""
    counted = staff(company, period).group_by("team", "role").agg(count=nw.len())
    return figures(counted.sort("team", "count", descending=[False, True]))


def bookings(company: Company, currency: str, until: str) -> pd.DataFrame:
    """What was booked each month, by kind: period, kind, amount [currency], count.

    Bookings in a currency without a rate are counted, and their amounts are in none of the sums.

    Args:
        company: whose bookings.
        currency: to read all amounts in.
        until: the last period.
    """
    rows = worth(_booked(company, until), company, currency)
    summed = rows.group_by("period", "kind").agg(amount=nw.col("amount").sum(), count=nw.len())
    return figures(summed.sort("period", "kind"))


def currencies(company: Company, currency: str, period: str) -> pd.DataFrame:
    """What was booked in a period, by the currency of the contract.

    Returns:
        source_currency, source_amount [source currency], amount [currency; empty where there is
        no rate], count; largest first.
    """
    own = _booked(company, period).filter(nw.col("period") == period)
    kept = own.with_columns(source_currency=nw.col("currency"), source_amount=nw.col("amount"))
    summed = (
        worth(kept, company, currency)
        .group_by("source_currency")
        .agg(
            nw.col("source_amount").sum(),
            nw.col("amount").sum(),
            count=nw.len(),
            rates=nw.col("amount").count(),
        )
        .with_columns(amount=nw.when(nw.col("rates") > 0).then(nw.col("amount")))
    )
    return figures(summed.drop("rates").sort("amount", descending=True, nulls_last=True))


def reads(company: Company) -> pd.DataFrame:
    """How many rows of each source came in, are used and are refused."""
    return engine.pandas(company.reads, Reads)


def reasons(issues: Table[Issues]) -> pd.DataFrame:
    """What is wrong with the data, by what would be right: table, effect, remedy, count."""
    counted = issues.group_by("table", "effect", "remedy").agg(count=nw.len())
    return figures(counted.sort("count", "table", "remedy", descending=[True, False, False]))


def periods(company: Company, until: str) -> Table[Any]:
    """The periods up to one, that one included, with its year: period, first, last, year."""
    latest = company.calendar.filter(nw.col("period") == until).select(close="end_date")
    rows = company.calendar.join(latest, how="cross")
    known = rows.filter(nw.col("end_date") <= nw.col("close"))
    return known.select("period", first="start_date", last="end_date", year="year")


def _booked(company: Company, until: str) -> Table[Any]:
    """Bookings of money, each with its period."""
    money = company.transactions.filter(nw.col("amount") != 0)
    dated = money.join(periods(company, until), how="cross")
    return dated.filter(engine.during("event_date", "first", "last"))
