"""Outlooks: the budget of a year for a company as it is known on a day, and what is to be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from spmlib.core.company import Company
from spmlib.core.pay import Pay
from spmlib.core.tables import Quotas, Table
from spmlib.orchestrate.budgets.written import BudgetYear
from spmlib.orchestrate.forecasting.panels import Floats

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("base", "variable", "taxes", "tools", "travel", "recruiting")
RUNS, SEED = 2_000, 20240501


@dataclass(frozen=True)
class Prepared:
    """All that a year's budget is made of, with what is known on a day."""

    company: Company
    pay: Pay
    decided: BudgetYear
    until: date


@dataclass(frozen=True)
class Budget:
    """What a sales force costs in a year, seat by seat on average and in all as drawn.

    Attributes:
        seats: one row per seat: payee_id (or planned), team, role, plan, currency.
        months: of the year from the day it is made on, e.g. 2027-01.
        currency: of all amounts.
        kinds: by kind of `KINDS`, the mean: seats x months [currency].
        heads: how many hold each seat on average: seats x months.
        credited: of the main measure of each plan, the mean: seats x months [plan's unit].
        drawn: the cost of all: runs x months [currency].
        teams: by team, the cost drawn: runs x months [currency].
        bookings: of the company in the measure of cost of sales, drawn: runs x months [currency].
    """

    seats: pd.DataFrame
    months: tuple[str, ...]
    currency: str
    kinds: Mapping[str, Floats]
    heads: Floats
    credited: Floats
    drawn: Floats
    teams: Mapping[str, Floats]
    bookings: Floats


def prepared(company: Company, pay: Pay, decided: BudgetYear, until: date) -> Prepared:
    """What is known for the budget of a year.

    Args:
        company: its positions, payees, quotas, transactions and rates.
        pay: what plans pay, and paid; of `spmlib.incent.summaries.budgeted.pay`.
        decided: what the year's file says.
        until: the day up to which anything is known, the first of a month.

    Raises:
        ParameterError: nobody is paid on the day, or the year is over.
    """
    return Prepared(company, pay, decided, until)


def made(
    ready: Prepared,
    hires: Mapping[str, Mapping[str, int]] | None = None,
    quotas: Table[Quotas] | None = None,
    leaves: float | None = None,
    runs: int = RUNS,
) -> Budget:
    """The budget of the year.

    Args:
        ready: what is known.
        hires: by role, how many begin in each month, e.g. {"account_executive": {"2027-01": 2}};
            those of the year's file if not given.
        quotas: of the year, person by person, as `quotas` plans them; those of the twelve months
            before, grown as the file says, for whoever has none.
        leaves: the share of people who leave within a year; as in the two years before if not
            given.
        runs: how many times the year is drawn. Two budgets of equal seats meet the same luck.
    """
    raise NotImplementedError


def compared(plans: Mapping[str, Budget]) -> pd.DataFrame:
    """What plans cost.

    Returns:
        plan, heads (at the end), cost, low_80, high_80, variable, bookings [currency], rate (cost
        for 1 of bookings), rate_low_80, rate_high_80.
    """
    raise NotImplementedError


def by_month(budget: Budget) -> pd.DataFrame:
    """What each team costs each month, on average: period, team, amount [currency]."""
    raise NotImplementedError


def by_kind(budget: Budget) -> pd.DataFrame:
    """What each team costs in the year: team, heads (on average), the kinds, total [currency]."""
    raise NotImplementedError
