"""Companies: contract costs and their changes out of a calculation, by the company's policy.

ready = prepared(company, earnings, policy, "2026-10")
ready.lives                       # followed to their end, with what is known by then
ready.costs, ready.changes        # tables, as `schedules.lived` takes them
ready.expensed                    # what is no asset, and why
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import (
    Calendar,
    ContractCosts,
    CostChanges,
    CurrencyRates,
    Earnings,
    Table,
)
from spmlib.incent.contract_costs import (
    contracts,
    levies,
    portfolios,
    recognised,
    schedules,
    translations,
)
from spmlib.incent.contract_costs.contributions import Contributed, contributed
from spmlib.incent.contract_costs.recognised import TAXES
from spmlib.incent.contract_costs.schedules import Lives
from spmlib.incent.contract_costs.written import Policy
from spmlib.rules.employer_taxes import EmployerTaxes

UNIT = ("transaction_id", "plan", "component", "team", "currency")
CHARGED, COHORT = "charged", "cohort"  # columns of costs: team and taxes; year of capitalisation
EXPEDIENT, OVER = "within a year", "benefit is over"


@dataclass(frozen=True)
class Prepared:
    """A company's contract costs as known at a period's end.

    Attributes:
        policy: that they follow.
        period: the last one.
        costs: what became an asset.
        changes: what happened to it.
        contracts: as `contracts.contracts`.
        contributed: what was earned, by contract.
        expensed: plan, component, currency, period, reason, amount [ticks]: what is no asset.
        capitalised: plan, component, team, row, currency, period, amount [ticks]: what is one,
            less what was clawed back.
        taxed: employers' taxes on it, as rows of `contributed`.
    """

    policy: Policy
    period: str
    costs: Table[ContractCosts]
    changes: Table[CostChanges]
    contracts: pl.DataFrame
    contributed: Contributed
    expensed: pl.DataFrame
    capitalised: pl.DataFrame
    taxed: pl.DataFrame
    calendar: Table[Calendar]
    rates: Table[CurrencyRates]

    @cached_property
    def lives(self) -> Lives:
        """The costs, ready to be followed; by `CHARGED` and `COHORT` as well."""
        rows = engine.collected(self.costs)
        taxes = pl.col("portfolio").str.ends_with(TAXES)
        told = rows.with_columns(
            pl.concat_str("team", pl.when(taxes).then(pl.lit(TAXES)).otherwise(pl.lit(""))).alias(
                CHARGED
            ),
            pl.col("capitalised_date").dt.year().cast(pl.String).alias(COHORT),
        )
        costs = engine.brought(told)
        return schedules.lived(costs, self.changes, self.policy.terms, self.calendar)


def prepared(
    company: Company,
    earnings: Table[Earnings],
    policy: Policy,
    period: str,
    taxes: EmployerTaxes | None = None,
) -> Prepared:
    """A company's contract costs as known at a period's end.

    Args:
        company: its transactions, events, positions, calendar and rates.
        earnings: of the calculation.
        policy: which components are incremental, how long they benefit.
        period: the last one.
        taxes: of employers, where the policy capitalises them.

    Raises:
        ParameterError: the policy says nothing of a component or transaction, there is no such
            period, or it capitalises taxes and none are given.
    """
    periods = _periods(company, period)
    until: date = periods["end_date"].to_list()[-1]
    lines = engine.collected(earnings)
    given = contributed(lines, periods, policy)
    taxed = levies.taxed(given, company, periods, taxes, policy) if policy.taxes else given.rows[:0]
    rows = _teamed(pl.concat([given.rows, taxed.select(given.rows.columns)]), company, periods)
    known = contracts.contracts(company, policy)
    key = [*UNIT, "period", "event_id", "event_date", "manner"]
    summed = rows.group_by(key).agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    joined = summed.join(known.drop("currency", "amount"), "transaction_id").join(periods, "period")
    short = joined.filter("expensed")
    kept = joined.filter(~pl.col("expensed"))
    ended = contracts.ends(company, known, policy, until)
    costs, changes, lost = recognised.recognised(kept, ended, policy)
    if policy.unit == "portfolio":
        costs, changes = portfolios.gathered(
            costs, changes, policy.terms.convention, company.calendar
        )
    if policy.translation == "historical":
        rates = company.currency_rates
        costs, changes = translations.historical(costs, changes, rates, policy.currency)
    return Prepared(
        policy,
        period,
        costs,
        changes,
        known,
        given,
        _expensed(given, short, lost),
        _capitalised(kept, lost),
        taxed,
        company.calendar,
        company.currency_rates,
    )


def _periods(company: Company, period: str) -> pl.DataFrame:
    """The periods up to one: period, start_date, end_date, at (its place)."""
    rows = engine.collected(company.calendar).select("period", "start_date", "end_date")
    rows = rows.sort("start_date").with_row_index("at")
    if period not in rows["period"].to_list():
        ends = f"the calendar has {rows['period'][0]} to {rows['period'][-1]}"
        raise ParameterError(f"there is no period '{period}'; {ends}.")
    at = rows.filter(pl.col("period") == period)["at"][0]
    return rows.filter(pl.col("at") <= at)


def _teamed(rows: pl.DataFrame, company: Company, periods: pl.DataFrame) -> pl.DataFrame:
    """Rows with the team of the last position that had begun by the period's end."""
    held = engine.collected(company.positions).select("payee_id", "team", day="start_date")
    dated = rows.join(periods.select("period", day="end_date"), "period").sort("day")
    made = dated.join_asof(held.sort("day"), on="day", by="payee_id", check_sortedness=False)
    return made.drop("day").with_columns(pl.col("team").fill_null("none"))


def _expensed(given: Contributed, short: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """What is no asset, by plan, component, currency, period and reason."""
    key = ("plan", "component", "currency", "period", "reason")
    others = [short.with_columns(reason=pl.lit(EXPEDIENT)), lost.with_columns(reason=pl.lit(OVER))]
    parts = [given.expensed, *others]
    rows = pl.concat([part.select(*key, "amount") for part in parts])
    summed = rows.group_by(key).agg(pl.col("amount").sum())
    return summed.filter(pl.col("amount") != 0).sort(key)


def _capitalised(kept: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """What is an asset, by plan, component, team, row of benefits, currency and period."""
    key = ["plan", "component", "team", "row", "currency", "period"]
    less = lost.with_columns(amount=-pl.col("amount"))
    rows = pl.concat([part.select(*key, "amount") for part in (kept, less)])
    summed = rows.group_by(key).agg(pl.col("amount").sum())
    return summed.filter(pl.col("amount") != 0).sort(key)
