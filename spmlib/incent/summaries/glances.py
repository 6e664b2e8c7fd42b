"""Glances: a month in a few figures, read in one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, Issues, Payouts, Table
from spmlib.incent.summaries.overview import bookings, people, periods
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd

MONTHS = 12  # in a year


@dataclass(frozen=True)
class Glance:
    """A month, and the year so far [one currency]."""

    people: int  # employed on the last day
    teams: int
    booked: Decimal
    lines: int  # of bookings
    booked_year: Decimal  # in the year to date
    growth: Decimal | None  # of the month's bookings on the same month a year before
    due: Decimal
    paid: int  # people with something due
    due_year: Decimal  # in the year to date
    refused: int  # issues of rows that are not used
    noted: int  # other issues

    @property
    def cost(self) -> Decimal:
        """What is due for each unit booked in the year to date."""
        return self.due_year / self.booked_year if self.booked_year else Decimal(0)


def glance(
    company: Company, payouts: Table[Payouts], issues: Table[Issues], currency: str, period: str
) -> Glance:
    """A month in a few figures.

    Args:
        company: whose.
        payouts: of the calculation.
        issues: all that are known.
        currency: to read all amounts in.
        period: the month.
    """
    there, booked = people(company, period), bookings(company, currency, period)
    year = _year(company, period)
    before = engine.collected(periods(company, period).sort("first"))["period"].to_list()[:-MONTHS]
    now, then = _sum(booked, [period]), _sum(booked, before[-1:])
    paid = worth(payouts.filter(nw.col("amount") != 0), company, currency)
    effects = engine.collected(issues)["effect"].to_list()
    return Glance(
        people=int(there["count"].sum()),
        teams=int(there["team"].nunique()),
        booked=now,
        lines=int(booked.loc[booked["period"] == period, "count"].sum()),
        booked_year=_sum(booked, year),
        growth=now / then - 1 if then else None,
        due=_due(paid, [period]),
        paid=_count(paid.filter(nw.col("period") == period)),
        due_year=_due(paid, year),
        refused=effects.count("refused"),
        noted=effects.count("noted"),
    )


def _year(company: Company, period: str) -> list[str]:
    """The periods of the year so far."""
    rows = engine.collected(periods(company, period).sort("first"))
    return [
        p for p, year in zip(rows["period"], rows["year"], strict=True) if year == rows["year"][-1]
    ]


def _sum(booked: pd.DataFrame, chosen: list[str]) -> Decimal:
    return sum(booked.loc[booked["period"].isin(chosen), "amount"].dropna(), Decimal(0))


def _due(paid: Table[Any], chosen: list[str]) -> Decimal:
    rows = engine.collected(paid.filter(nw.col("period").is_in(chosen)).select("amount"))
    return Decimal(int(rows["amount"].sum())) / MONEY


def _count(rows: Table[Any]) -> int:
    return int(engine.collected(rows.select(nw.col("payee_id").n_unique())).item())
