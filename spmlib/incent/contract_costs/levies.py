"""Levies: the employer's taxes on pay that is capitalised, which would not be due without it.

A tax with a wage base costs nothing on what is paid above it: so what counts is the tax on all pay
of a month less the tax on it without what contracts earned.

    incremental = due(base + variable) - due(base + variable - of contracts)
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.conversion import minor
from spmlib.core.errors import ParameterError
from spmlib.core.tables import RATE
from spmlib.incent.contract_costs import translations
from spmlib.incent.contract_costs.allocations import allocated
from spmlib.incent.contract_costs.contributions import Contributed
from spmlib.incent.contract_costs.written import Policy
from spmlib.rules.employer_taxes import EmployerTaxes, due_in_ticks

COMPONENT = "employer_taxes"


def taxed(
    given: Contributed,
    company: Company,
    periods: pl.DataFrame,
    taxes: EmployerTaxes | None,
    policy: Policy,
) -> pl.DataFrame:
    """Employers' taxes on what contracts earned, contract by contract, in payroll currencies.

    Args:
        given: what was earned.
        company: its payees, positions and rates.
        periods: period, start_date, end_date, at.
        taxes: by payroll currency and year.
        policy: that capitalises them.

    Returns:
        The columns of `contributions.ROW`; component is `COMPONENT`.

    Raises:
        ParameterError: no taxes are given; none are written for a currency and year.

    Source: ASC 340-40-25-2; TRG, January 2015, paper 23 (fringe benefits on commissions).
    """
    if taxes is None:
        raise ParameterError(
            f"{policy.place}: `taxes: yes`, and no taxes are given; give them, or write `no`."
        )
    wages = _wages(given, company, periods)
    due = _due(wages, taxes)
    pots = wages.with_columns(total=due).filter(pl.col("total") != 0)
    rows = given.rows.filter(pl.col("event_id").is_null()).join(
        pots.select("payee_id", "period", "total", paid_in="paid_in", of="of"),
        ["payee_id", "period"],
    )
    rows = rows.with_columns(weight=(pl.col("amount") * pl.col("of").sign()).clip(lower_bound=0))
    ordered = rows.sort("payee_id", "period", "plan", "component", "window", "transaction_id")
    units = {name: minor(name) for name in pots["paid_in"].unique()}
    unit = pl.col("paid_in").replace_strict(units, return_dtype=pl.Int64) if units else 1
    shared = allocated(ordered, ["payee_id", "period"], "total", "weight", unit)
    made = shared.with_columns(
        amount="allocated", currency="paid_in", component=pl.lit(COMPONENT)
    ).filter(pl.col("amount") != 0)
    return made.select(given.rows.columns)


def _wages(given: Contributed, company: Company, periods: pl.DataFrame) -> pl.DataFrame:
    """What each person is paid each period in the payroll currency, and was before in its year.

    Returns:
        payee_id, period, end_date, paid_in, pay, of (contracts), before [ticks]; in order.
    """
    payees = engine.collected(company.payees).select("payee_id", paid_in="currency")
    held = engine.collected(company.positions).sort("start_date")
    held = held.select("payee_id", "base_pay", "plan", day="start_date")
    span = periods.select("period", "at", "start_date", "end_date", day="end_date")
    every = payees.join(span, how="cross").sort("day")
    based = every.join_asof(held, on="day", by="payee_id", check_sortedness=False).with_columns(
        amount=pl.col("base_pay").fill_null(0) // 12, of=pl.lit(0, dtype=pl.Int64)
    )
    # Base pay is in the currency of what a person earns; who earns nothing is paid in their own.
    earned = [
        given.rows.select("payee_id", "period", "currency", "amount", of="amount"),
        given.expensed.select("payee_id", "period", "currency", "amount").with_columns(
            of=pl.lit(0, dtype=pl.Int64)
        ),
    ]
    variable = (
        pl.concat(earned)
        .group_by("payee_id", "period", "currency")
        .agg(pl.col("amount", "of").sum())
    )
    usual = variable.group_by("payee_id").agg(currency=pl.col("currency").mode().min())
    base = based.join(usual, "payee_id", "left").select(
        "payee_id", "period", pl.coalesce("currency", "paid_in").alias("currency"), "amount", "of"
    )
    both = pl.concat([base, variable.select(base.columns)]).join(payees, "payee_id")
    turned = _converted(both, company)
    summed = turned.group_by("payee_id", "period", "paid_in").agg(
        pay=pl.col("amount").sum(), of=pl.col("of").sum()
    )
    ordered = summed.join(span, "period").sort("payee_id", "at")
    year = pl.col("start_date").dt.year()
    before = pl.col("pay").cum_sum().over("payee_id", year) - pl.col("pay")
    return ordered.with_columns(before=before)


def _converted(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Amounts in payroll currencies, at the average rate of their period."""
    made = []
    for (currency,), part in rows.group_by("paid_in"):
        rates = translations.rates(company.currency_rates, company.calendar, str(currency))
        joined = part.join(rates, ["currency", "period"], "left")
        own = pl.col("currency") == pl.col("paid_in")
        joined = joined.with_columns(rate=pl.when(own).then(RATE).otherwise("average"))
        translations.refuse_missing(joined.filter(pl.col("amount") != 0), str(currency))
        made.append(
            joined.with_columns(
                translations.at("amount", "rate", str(currency)),
                translations.at("of", "rate", str(currency)),
            ).select(rows.columns)
        )
    return pl.concat(made) if made else rows


def _due(wages: pl.DataFrame, taxes: EmployerTaxes) -> pl.Series:
    """The taxes on what contracts earned, person by person and period by period [ticks]."""
    due = np.zeros(len(wages), np.int64)
    years = wages["start_date"].dt.year().to_numpy()
    paid_in = wages["paid_in"].to_numpy()
    pay, of, before = (wages[name].to_numpy() for name in ("pay", "of", "before"))
    for year in np.unique(years):
        for currency in np.unique(paid_in[(years == year) & (of != 0)]):
            own = (years == year) & (paid_in == currency) & (of != 0)
            for tax in taxes.of(str(currency), date(int(year), 12, 31)).values():
                all_ = due_in_ticks(tax, pay[own], before[own], str(currency))
                less = due_in_ticks(tax, pay[own] - of[own], before[own], str(currency))
                due[own] += all_ - less
    return pl.Series(due)
