"""What is estimated of deals is what the engine pays once they are booked, to the minor unit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from spmlib.incent.estimating import told
from tests.estimating import what_if
from tests.oracles.cases import Case, cases
from tests.oracles.companies import SmallCompany
from tests.strategies import companies as any_company

PUBLISHED = [case for case in cases() if case.place.startswith("published")]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.place)
def test_the_last_sales_of_published_cases_bring_what_was_printed(case: Case) -> None:
    _compare(case.company, 2)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(any_company())
def test_deals_of_any_plan_bring_what_the_engine_pays(company: SmallCompany) -> None:
    _compare(company, 4)


@pytest.mark.nightly
@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(any_company())
def test_deals_of_hundreds_of_plans_bring_what_the_engine_pays(company: SmallCompany) -> None:
    _compare(company, 4)


def _compare(company: SmallCompany, many: int) -> None:
    """Of the month of the last sale, some sales as deals, beside the engine."""
    if not company.sales:
        return
    last = max(company.sales, key=lambda sale: sale.day)
    period = what_if.period_of(company, last)
    of_month = [s for s in company.sales if what_if.period_of(company, s) == period]
    unbooked = of_month[::-1][:many]
    after, before = what_if.both(company, unbooked, period)
    currency = next(iter(after.parameters.plans.values())).currency
    deals = [what_if.deal(sale, currency) for sale in unbooked]
    for name, of in what_if.estimates(before, deals).items():
        assert told.changes(of)["amount"].sum() == of.change
        if not what_if.ranked(of):
            told_ = of.after.month * of.standing.unit
            assert told_ == what_if.paid(after, of), (name, company.plans)
