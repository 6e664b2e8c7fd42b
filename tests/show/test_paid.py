"""What is paid, why it differs from the month before, and what changed of closed months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import narwhals as nw
import pytest

from spmlib.core import engine
from spmlib.core.tables import Transactions
from spmlib.incent.calculation import calculated
from spmlib.incent.paying import corrections
from spmlib.incent.summaries import checks, corrected, paid
from spmlib.rules.payments import Bound, Payment
from tests import small
from tests.payments.test_identities import exact
from tests.show.test_summaries import rows


@pytest.fixture(scope="module")
def bounded(parameters):
    """The sellers' plan with a maximum of 300 a month, the rest later."""
    (plan,) = parameters.plans.values()
    most = Bound("seller.yaml:1", exact(300), later=True)
    terms = Payment("seller.yaml:1", maximum=most, places={"maximum": "seller.yaml:1"})
    return replace(parameters, plans={plan.name: replace(plan, payment=terms)})


@pytest.fixture(scope="module")
def results(company, bounded):
    return calculated(company, bounded, "2026-04")


def test_a_bridge_leads_from_one_month_to_the_next(company, results):
    found = paid.bridge(results.payments, company, "USD", "2026-04")
    month = paid.in_month(results.payments, company, "USD", "2026-04")
    assert list(found["step"]) == ["2026-03", "Earned, sales", "Bounds", "2026-04"]
    assert found["amount"].iloc[0] == month["before"]
    assert found["amount"].iloc[-1] == month["paid"]
    assert found["amount"].iloc[:-1].sum() == month["paid"]
    assert list(found["start"].iloc[1:-1]) == list(found["end"].iloc[:-2])
    assert month["paid"] == month["earned"] + month["change"]


def test_nobody_is_paid_more_than_the_maximum_and_the_rest_is_outstanding(company, results):
    found = paid.most_changed(results.payouts, company, "USD", "2026-04")
    assert found["amount"].max() == 300
    for before, now, difference in rows(found, "usual", "amount", "difference"):
        assert difference == now - before
    open_ = paid.outstanding(results.balances, company, "USD", "2026-04")
    months = open_[open_["period"] == "2026-04"]
    carried = months.loc[months["kind"] == "Carried by bounds", "amount"].iloc[0]
    earned = engine.collected(results.earnings)["amount"].sum()
    assert carried == (earned - engine.collected(results.payouts)["amount"].sum()) / 10**4


def test_a_persons_months_are_their_kinds_of_line(results):
    found = paid.of_person(results.payments, "Ada", "2026-04")
    assert set(found["kind"]) == {"earned", "maximum"}
    assert paid.most_lines(results.payments, "2026-04") == "Ada"


def test_news_is_what_was_recorded_in_the_month(company, parameters):
    late = small.sale("T9", "Ada", date(2026, 1, 20), 500, recorded_date=date(2026, 3, 9))
    known = engine.collected(company.transactions)
    table = engine.collected(small.table(Transactions, [late]))
    both = engine.table(known.vstack(table.select(known.columns)))
    news = corrections.news(replace(company, transactions=both), parameters, "2026-03")
    found = corrected.largest(news.lines, company)
    # 8 % of quota's bookings and half a percent of the quarter's
    assert rows(found, "name", "transaction_id", "period", "reason", "amount") == [
        ("Ada", "T9", "2026-01", "late", 40.0),
        ("Ada", "T9", "2026-01", "late", 2.5),
    ]
    assert checks.of_news(news.lines, news.then, news.now)["holds"].all()
    figures = corrected.in_figures(news.lines, company, "USD")
    assert (figures["people"], float(figures["net"])) == (1, 42.5)


def test_the_first_month_has_no_news(company, parameters):
    news = corrections.news(company, parameters, "2026-01")
    assert corrected.in_figures(news.lines, company, "USD")["lines"] == 0


def test_a_difference_that_no_correction_explains_is_found(company, parameters):
    news = corrections.news(company, parameters, "2026-03")
    wrong = news.now.with_columns(amount=nw.col("amount") + 1)
    assert not checks.of_news(news.lines, news.then, wrong)["holds"].all()
