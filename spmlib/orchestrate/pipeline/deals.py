"""Deals: opportunities as they came along, each with all that was known of it and from when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, RATE, Issues, Opportunities

if TYPE_CHECKING:
    import polars as pl

NONE = "(none)"  # where nothing is filled in
MOST = 60  # labels that a column may have to say anything of a deal
ACCOUNTS = ("segment", "region", "industry")
OWN = ("kind", "source", "product_id")


@dataclass(frozen=True)
class Deals:
    """Opportunities up to a day, in one currency at that day's rate.

    Attributes:
        about: one row per deal: deal (its number), opportunity_id, created, owner, and labels.
        states: one row per deal and day from which it stood so: deal, day, status, stage,
            category, amount [currency], due (day it is to close by), staged (day on which it came
            to its stage), pushes (times it was put off so far).
        closings: one row per deal won or lost, and not opened again: deal, day, won, amount.
        labels: the columns of `about` that may say something of a deal's chances.
        periods: period, start, end, quarter, place (in its quarter, from 0): the calendar.
        issues: what could not be used.
    """

    about: pl.DataFrame
    states: pl.DataFrame
    closings: pl.DataFrame
    labels: tuple[str, ...]
    periods: pl.DataFrame
    day: date
    currency: str
    issues: pl.DataFrame


def deals(company: Company, day: date, currency: str) -> Deals:
    """The deals of a company as they were known before a day.

    Args:
        company: its opportunities and their history, accounts, calendar and currency rates.
        day: the first day that is not yet known.
        currency: that amounts are converted into, all at the last spot rate before the day, so
            that a change of an amount is never one of a rate.

    Raises:
        ParameterError: nothing was ever pursued before the day, or nothing closed.
    """
    import polars as pl

    about = engine.collected(company.opportunities.filter(nw.col("created_date") < day))
    rows = engine.collected(company.opportunity_history.filter(nw.col("change_date") < day))
    if about.is_empty() or rows.is_empty():
        raise ParameterError(
            f"nothing was pursued before {day}; name opportunities and opportunity_history in "
            "sources.yaml, or a later period."
        )
    rated = about.join(rates(company, day, currency), on="currency", how="left")
    held = rated.join(rows.select("opportunity_id").unique(), on="opportunity_id", how="semi")
    issues = list(_issues(rated, held, currency))
    held = held.filter(pl.col("to").is_not_null()).sort("created_date", "opportunity_id")
    held = held.with_row_index("deal").with_columns(pl.col("deal").cast(pl.Int64))
    held, labels = _labelled(held, company)
    known = held.select("deal", "opportunity_id", "to", created="created_date")
    states = _states(rows.join(known, on="opportunity_id", maintain_order="left"))
    kept = held.select("deal", "opportunity_id", *labels, created="created_date", owner="owner_id")
    if not (closings := _closings(states)).height:
        raise ParameterError(f"no deal was won or lost before {day}; name a later period.")
    return Deals(
        kept.with_columns(pl.col("owner").fill_null(NONE)),
        states,
        closings,
        labels,
        _periods(company),
        day,
        currency,
        _rows(issues),
    )


def rates(company: Company, day: date, currency: str) -> pl.DataFrame:
    """What each currency is worth at the day."""
    import polars as pl

    rates = engine.collected(
        company.currency_rates.filter(
            nw.col("kind") == "spot",
            nw.col("to_currency") == currency,
            nw.col("start_date") < day,
        )
    )
    last = rates.sort("start_date").group_by("currency").agg(to=pl.col("rate").last() / RATE)
    own = pl.DataFrame({"currency": [currency], "to": [1.0]})
    return pl.concat([own, last.filter(pl.col("currency") != currency)])


def _labelled(held: pl.DataFrame, company: Company) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The deals with what may say something of them: of their own, and of the customer."""
    import polars as pl

    accounts = engine.collected(company.accounts).select("account_id", *ACCOUNTS)
    held = held.join(accounts, on="account_id", how="left", maintain_order="left")
    own = [name for name in held.columns if name not in Opportunities.columns()]
    extra = [name for name in own if held[name].dtype == pl.String and name not in ACCOUNTS]
    names = [*OWN, *ACCOUNTS, *extra]
    held = held.with_columns(pl.col(names).fill_null(NONE))
    telling = [name for name in names if 2 <= held[name].n_unique() <= MOST]
    return held, tuple(telling)


def _states(rows: pl.DataFrame) -> pl.DataFrame:
    """The states, the last one of a day, with when the stage began and how often put off."""
    import polars as pl

    day = pl.max_horizontal("change_date", "created")
    rows = rows.with_columns(
        day=day,
        amount=pl.col("amount") / MONEY * pl.col("to"),
        stage=pl.col("stage").fill_null(NONE),
        category=pl.col("category").fill_null(NONE),
    )
    rows = rows.sort("deal", "day", maintain_order=True)
    rows = rows.unique(["deal", "day"], keep="last", maintain_order=True)
    entered = (pl.col("stage") != pl.col("stage").shift().over("deal")).fill_null(True)
    later = pl.col("close_date") > pl.col("close_date").forward_fill().shift().over("deal")
    put_off = (later & (pl.col("status") == "open")).fill_null(False)
    return rows.with_columns(
        due="close_date",
        staged=pl.when(entered).then("day").forward_fill().over("deal"),
        pushes=put_off.cast(pl.Int64).cum_sum().over("deal"),
    ).select("deal", "day", "status", "stage", "category", "amount", "due", "staged", "pushes")


def _closings(states: pl.DataFrame) -> pl.DataFrame:
    """The last closing of each deal that was not opened again."""
    import polars as pl

    status = pl.col("status")
    fresh = (status != status.shift().over("deal")).fill_null(True) & (status != "open")
    opened = status.last().over("deal") == "open"
    found = states.filter(fresh & ~opened).unique("deal", keep="last", maintain_order=True)
    return found.select("deal", "day", won=status == "won", amount=pl.col("amount").fill_null(0.0))


def _periods(company: Company) -> pl.DataFrame:
    import polars as pl

    rows = engine.collected(company.calendar).sort("start_date")
    place = pl.int_range(pl.len()).over("quarter")
    return rows.select("period", "quarter", start="start_date", end="end_date", place=place)


def _issues(
    rated: pl.DataFrame, held: pl.DataFrame, currency: str
) -> Iterator[tuple[str, str, str, str]]:
    import polars as pl

    without = rated.height - held.height
    if without:
        what = f"{without} opportunities have no history"
        yield "opportunity_history", "", what, "add a row for the day on which each was opened"
    missing = held.filter(pl.col("to").is_null()).group_by("currency").len().sort("currency")
    for code, count in missing.iter_rows():
        what = f"{count} opportunities have no rate"
        yield "currency_rates", code, what, f"add spot rates into {currency}"


def _rows(issues: Sequence[tuple[str, str, str, str]]) -> pl.DataFrame:
    import polars as pl

    names = ("place", "row", "what", "remedy")
    rows = [dict(zip(names, issue, strict=True)) for issue in issues]
    whole = [{"table": "opportunities", "effect": "refused", **row} for row in rows]
    return pl.DataFrame(whole, schema=dict.fromkeys(Issues.columns(), pl.String))
