"""Known: what a year's budget is made of, as it is known on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.pay import Pay
from spmlib.orchestrate.budgets import habits, people
from spmlib.orchestrate.budgets.habits import Habit
from spmlib.orchestrate.budgets.written import BudgetYear
from spmlib.orchestrate.capacity.outlooks import attrition
from spmlib.orchestrate.forecasting.outlooks import before
from spmlib.orchestrate.forecasting.sales import sales
from spmlib.rules.estimated import earned, pasts, plans, rates
from spmlib.rules.estimated.pasts import Past
from spmlib.rules.estimated.plans import PlanPay
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import polars as pl

HALF = 6  # months of a year that are over, from which it says how plans pay


@dataclass(frozen=True)
class Known:
    """What is known of one plan.

    Attributes:
        plan: how it pays in the year planned.
        habits: by measure, how it comes in.
        ratios: by component, what was earned over what the curve gives.
        last: the calendar year before the day, or under way on it.
    """

    plan: PlanPay
    habits: Mapping[str, Habit]
    ratios: Mapping[str, float]
    last: Past


@dataclass(frozen=True)
class Prepared:
    """All that a year's budget is made of.

    Attributes:
        company: as it was given.
        decided: the year's file.
        until: the day up to which anything is known.
        seats: who is paid on the day, of `people.seated`.
        leaves: the share of people who leave within a year.
        known: by plan.
        rates: by currency, what one unit is worth in each month of the year: 12.
        booked: what the company books for each unit credited to those who carry the measure.
        base_year: the calendar year whose quotas and pay are grown.
    """

    company: Company
    decided: BudgetYear
    until: date
    seats: pl.DataFrame
    leaves: float
    known: Mapping[str, Known]
    rates: Mapping[str, Floats]
    booked: float
    base_year: int

    @property
    def first(self) -> int:
        """The first month of the year, from 0, that is not over."""
        return self.until.month - 1 if self.until.year == self.decided.year else 0

    @property
    def ahead(self) -> int:
        """Months from the day to the first of January of the year; 0 if that is over."""
        return max((self.decided.year - self.until.year) * 12 - self.until.month + 1, 0)

    @property
    def raised(self) -> Floats:
        """By what pay is raised in each month; nothing where the raise is over on the day."""
        months = np.array([f"{self.decided.year}-{month:02}" for month in range(1, 13)])
        fresh = self.decided.raised_from >= f"{self.until:%Y-%m}"
        later = fresh & (months >= self.decided.raised_from)
        return np.where(later, 1 + self.decided.raised, 1.0)

    @property
    def growth(self) -> float:
        """By what quotas and sales in money grow on the year that is known."""
        return float((1 + self.decided.growth) ** (self.decided.year - self.base_year))

    @property
    def to_come(self) -> dict[str, dict[str, int]]:
        """The hires of the year's file that are not over."""
        now = f"{self.until:%Y-%m}"
        return {
            role: {month: number for month, number in months.items() if month >= now}
            for role, months in self.decided.hires.items()
        }


def prepared(
    company: Company, pay: Pay, measure: Measure, decided: BudgetYear, until: date
) -> Prepared:
    """What is known for the budget of a year.

    Args:
        company: its positions, payees, quotas, transactions and rates.
        pay: what plans pay, and paid; of `spmlib.incent.summaries.budgeted`.
        measure: the one that the file names, set against cost.
        decided: what the year's file says.
        until: the day up to which anything is known, the first of a month.

    Raises:
        ParameterError: the year is over or more than two years away; nobody is paid on the day.
    """
    gap = (decided.year - until.year) * 12 + 1 - until.month
    if not -11 <= gap <= 24:
        raise ParameterError(f"a budget of {decided.year} cannot be made on {until}; name a day.")
    seats = people.seated(company, until)
    last = until.year if until.month > 1 else until.year - 1
    over = until.month - 1 or 12
    of = last if over >= HALF else last - 1
    now, then = (plans.in_force(pay, date(year, 12, 31)) for year in (decided.year, of))
    told = {
        name: _known(now[name], then.get(name, now[name]), company, pay, last, over, decided.market)
        for name in dict.fromkeys(seats["plan"])
    }
    currencies = {known.plan.currency for known in told.values()} | set(seats["paid_in"])
    worth = rates.rates(company, currencies, decided.currency, decided.year, until)
    was = rates.rates(company, currencies, decided.currency, last, until)
    return Prepared(
        company,
        decided,
        until,
        seats,
        attrition(company, until, tuple(dict.fromkeys(seats["role"]))),
        told,
        worth,
        _booked(company, measure, decided.currency, told, was, date(last, 1, 1), until),
        last,
    )


def _known(
    plan: PlanPay,
    then: PlanPay,
    company: Company,
    pay: Pay,
    last: int,
    over: int,
    market: float,
) -> Known:
    """What is known of one plan, as it pays in the year planned and as it paid."""
    recent = pasts.past(plan, last, company, pay)
    earlier = pasts.past(plan, last - 1, company, pay)
    seen = [(recent, over), (earlier, 12)]
    told = {measure: habits.habit(measure, seen, market) for measure in recent.sold.credited}
    judged, months = seen[0] if over >= HALF else seen[1]
    return Known(plan, told, earned.ratios(then, judged.sold, judged.earned, months), recent)


def _booked(
    company: Company,
    measure: Measure,
    currency: str,
    told: Mapping[str, Known],
    worth: Mapping[str, Floats],
    first: date,
    until: date,
) -> float:
    """What the company books for each unit credited to those whose plan counts the measure first.

    Raises:
        ParameterError: no plan does.
    """
    carriers = [known for known in told.values() if known.plan.main.measure == measure.name]
    if not carriers:
        counted = sorted({known.plan.main.measure for known in told.values()})
        wrong = f"measure: no plan counts '{measure.name}' first"
        raise ParameterError(f"{wrong}; write one of: {', '.join(counted)}.")
    sold = before(sales(company, measure, [], currency).history, until)
    rows = engine.collected(sold.filter(nw.col("date") >= first))
    credited = sum(
        (
            known.last.sold.credited[measure.name][:, 0].sum(axis=0) * worth[known.plan.currency]
        ).sum()
        for known in carriers
    )
    return float(rows["value"].sum() / credited) if credited > 0 else 1.0
