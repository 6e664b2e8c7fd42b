"""Readings: a month's accrual as small tables in one currency, for whoever looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.core import engine, tables
from spmlib.core.company import Company
from spmlib.core.tables import Definition, JournalLines, Table
from spmlib.incent.accruals.accrued import PARTS
from spmlib.incent.accruals.balances import MADE_OF
from spmlib.incent.accruals.balances import STEPS as ROLLED
from spmlib.incent.accruals.month import Month
from spmlib.incent.accruals.trueups import WHY
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

SAID = {
    "payable": "Earned and payable, not yet paid",
    "unpaid": "Earned, not yet billed or collected",
    "held": "Earned and held back",
    "carried": "Carried by bounds of pay",
    "drawn": "Drawn in advance",
    "late": "Expected to become known",
    "smoothed": "What methods add for open windows",
}


def by_team(month: Month, company: Company, currency: str) -> pd.DataFrame:
    """What a month is charged with, team by team.

    Returns:
        team, earned, late, smoothed, corrected, reversed, amount, taxes, total [currency]; the
        dearest first.
    """
    import polars as pl

    rows = in_one(
        month.charged.select("team", "currency", *PARTS, "amount"), month.period, company, currency
    )
    due = month.taxes.select("team", "currency", taxes="charged")
    taxed = in_one(due, month.period, company, currency)
    summed = rows.group_by("team").agg(pl.col(*PARTS, "amount").sum())
    told = summed.join(taxed.group_by("team").agg(pl.col("taxes").sum()), on="team", how="left")
    made = told.with_columns(pl.col("taxes").fill_null(0)).with_columns(
        total=pl.col("amount") + pl.col("taxes")
    )
    return exact(made.sort("total", "team", descending=[True, False]))


def in_figures(month: Month, company: Company, currency: str) -> dict[str, Any]:
    """A month's accrual in a few figures.

    Returns:
        amount, taxes, total, earned, estimates (late and smoothed, less those of the month
        before), corrected, owing (at its end) [currency].
    """
    rows = by_team(month, company, currency)
    sums = {name: rows[name].sum() for name in ("amount", "taxes", "total", "earned", "corrected")}
    estimates = sum(rows[name].sum() for name in ("late", "smoothed", "reversed"))
    owing = made_of(month, company, currency)["amount"].sum()
    return sums | {"estimates": estimates, "owing": owing}


def made_of(month: Month, company: Company, currency: str) -> pd.DataFrame:
    """What is owed at a month's end, by what it is made of: kind, says, amount [currency]."""
    import polars as pl

    rows = in_one(month.closing.select("currency", *MADE_OF), month.period, company, currency)
    sums = rows.select(pl.col(*MADE_OF).sum()).row(0, named=True)
    told = {
        "kind": list(sums),
        "says": [SAID[kind] for kind in sums],
        "amount": list(sums.values()),
    }
    return exact(pl.DataFrame(told))


def rolled(month: Month) -> pd.DataFrame:
    """How what is owed came from one month's end to the next, in each currency: see `STEPS`."""
    return exact(month.roll_forward)


def taxes(month: Month) -> pd.DataFrame:
    """Taxes on pay by currency and tax: opening, charged, paid, closing [currency of payroll]."""
    import polars as pl

    columns = ("opening", "charged", "paid", "closing")
    summed = month.taxes.group_by("currency", "tax").agg(pl.col(*columns).sum())
    return exact(summed.sort("currency", "tax"))


def journal(lines: Table[JournalLines]) -> pd.DataFrame:
    """The lines of a journal, with exact decimals."""
    return engine.pandas(lines, JournalLines)


def trued_up(rows: pl.DataFrame, company: Company, currency: str) -> pd.DataFrame:
    """True-ups by month and reason: period, reason (in words), amount [currency]."""
    import polars as pl

    read = engine.collected(worth(engine.brought(rows), company, currency))
    summed = read.group_by("period", "reason").agg(pl.col("amount").sum()).sort("period", "reason")
    return exact(summed.with_columns(reason=pl.col("reason").replace(WHY)))


def largest(rows: pl.DataFrame, company: Company, currency: str, most: int = 8) -> pd.DataFrame:
    """The largest true-ups, by person and component.

    Returns:
        payee_id, team, plan, component, period, reason (the largest one), amount [currency].
    """
    import polars as pl

    read = engine.collected(worth(engine.brought(rows), company, currency))
    own = ["payee_id", "team", "plan", "component", "period"]
    ordered = read.sort(pl.col("amount").abs(), descending=True)
    summed = ordered.group_by(own, maintain_order=True).agg(
        pl.col("reason").first().replace(WHY), pl.col("amount").sum()
    )
    return exact(summed.sort(pl.col("amount").abs(), descending=True).head(most))


def in_one(rows: pl.DataFrame, period: str, company: Company, currency: str) -> pl.DataFrame:
    """Rows with all amounts in one currency, at the rates of a month."""
    import polars as pl

    read = rows.with_row_index("row").with_columns(period=pl.lit(period))
    for name in (name for name in rows.columns if rows.schema[name] == pl.Int64):
        one = read.select("row", "period", "currency", name)
        told = engine.collected(worth(engine.brought(one), company, currency, name))
        read = read.drop(name).join(told.select("row", name), on="row")
    return read


def exact(rows: pl.DataFrame) -> pd.DataFrame:
    """Rows as pandas, amounts as exact decimals."""
    amounts = ("amount", "taxes", "total", "accrued", "opening", "charged", *PARTS, *ROLLED)
    columns = {name: tables.money("[currency].") for name in amounts}
    reading: type[Definition] = type("Reading", (Definition,), columns)
    return engine.pandas(engine.brought(rows), reading)[rows.columns]
