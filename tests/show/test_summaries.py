"""The tables behind the pictures, worked out by hand on the small company."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from spmlib.incent.explaining import shortened
from spmlib.incent.explaining.receipts import receipts
from spmlib.incent.summaries import credited, earned, glances, overview
from tests import small


def rows(table, *columns):
    """Rows as tuples, decimals as floats: these are few and short."""
    plain = table[list(columns)].map(
        lambda cell: float(cell) if isinstance(cell, Decimal) else cell
    )
    return list(plain.itertuples(index=False, name=None))


def test_bookings_are_read_in_one_currency_at_the_plan_rate(company):
    found = overview.bookings(company, "USD", "2026-04")
    # 1,000 EUR at 2 (the plan's rate, not the spot rate of 1.1), and 700 USD
    assert rows(found, "period", "amount", "count") == [
        ("2026-01", 4000, 1),
        ("2026-03", 2700, 2),
        ("2026-04", 9000, 1),
    ]


def test_bookings_stop_at_the_month_asked_for(company):
    assert set(overview.bookings(company, "USD", "2026-03")["period"]) == {"2026-01", "2026-03"}


def test_currencies_keep_what_was_signed(company):
    found = overview.currencies(company, "USD", "2026-03")
    assert rows(found, "source_currency", "source_amount", "amount") == [
        ("EUR", 1000, 2000),
        ("USD", 700, 700),
    ]


def test_a_currency_without_a_rate_is_empty_and_never_zero():
    sold = [small.sale("T1", "A", date(2026, 1, 5), 5, currency="CHF")]
    found = overview.currencies(small.company(transactions=sold), "USD", "2026-01")
    assert found["amount"].isna().all()


@pytest.mark.parametrize(
    ("kinds", "worth"),
    [(("spot",), 110), (("spot", "average"), 120), (("plan", "spot", "average"), 130)],
)
def test_the_most_settled_rate_is_taken(kinds, worth):
    known = {"spot": "1.1", "average": "1.2", "plan": "1.3"}
    pair = {"currency": "EUR", "to_currency": "USD", "start_date": date(2026, 1, 1)}
    rates = [pair | {"kind": kind, "rate": known[kind]} for kind in kinds]
    sold = [small.sale("T1", "A", date(2026, 1, 5), 100, currency="EUR")]
    made = small.company(transactions=sold, currency_rates=rates)
    assert rows(overview.bookings(made, "USD", "2026-01"), "amount") == [(worth,)]


def test_people_are_those_of_the_last_day(company):
    found = overview.people(company, "2026-04")
    assert rows(found, "team", "count") == [("leaders", 1), ("partner", 1), ("sales", 1)]


@pytest.mark.parametrize(
    ("end", "count"), [(date(2026, 4, 30), 0), (date(2026, 5, 1), 1), (date(2026, 5, 2), 1)]
)
def test_who_leaves_on_the_last_day_is_gone(end, count):
    payee, position = small.person("A", None, end_date=end)
    made = small.company(payees=[payee], positions=[position])
    assert overview.people(made, "2026-04")["count"].sum() == count


def test_credited_by_team_leaves_managers_out(company, results):
    found = credited.by_team(results.credits, company, "USD", "2026-04")
    assert rows(found, "period", "team", "amount") == [
        ("2026-01", "partner", 2000),
        ("2026-01", "sales", 2000),
        ("2026-02", "partner", -200),
        ("2026-02", "sales", -200),
        ("2026-03", "sales", 1100),
        ("2026-04", "sales", 9000),
    ]


def test_rules_stand_beside_their_usual_month_even_where_they_credit_nothing(
    company, results, parameters
):
    rules = parameters.crediting
    found = credited.by_rule(results.credits, company, rules, "USD", "2026-04")
    # owner (2,000 - 200 + 1,100) / 3, shared (2,000 - 200) / 3, managers their sum
    assert rows(found, "rule", "amount", "usual", "people") == [
        ("owner", 9000, 966.6667, 1),
        ("shared", 0, 600, 0),
        ("managers", 9000, 1566.6667, 1),
    ]


def test_a_transaction_is_followed_to_everybody(company, results, parameters):
    found = credited.of_transaction(results.credits, company, parameters.crediting, "T1")
    booked = found[found["event_id"].isna()]
    assert rows(booked, "name", "rule", "level", "amount") == [
        ("Ada", "owner", 0, 2000),
        ("Ben", "shared", 0, 2000),
        ("Mia", "managers", 1, 2000),
        ("Mia", "managers", 1, 2000),
    ]
    assert float(found.loc[found["event_id"].notna(), "amount"].sum()) == -800


def test_the_most_shared_deal_is_the_one_of_most_rules(company, results):
    assert credited.most_shared(results.credits, company, "2026-01") == "T1"
    assert credited.most_shared(results.credits, company, "2026-03") == "T2"


def test_what_nobody_is_credited_with_is_named(company, results):
    found = credited.to_nobody(results.issues, company, "2026-04")
    assert rows(found, "transaction_id", "amount") == [("T3", 700)]
    assert credited.to_nobody(results.issues, company, "2026-02").empty


def test_attainment_stands_beside_the_time_gone(company, results, parameters):
    found = earned.attainment(results.attainments, company, parameters.plans, "2026-04")
    assert rows(found, "name", "attainment", "window") == [
        ("Ada", 1.19, "2026"),
        ("Ben", 0.18, "2026"),
    ]
    assert round(float(found["pace"].iloc[0]), 8) == round(120 / 365, 8)


@pytest.mark.parametrize(("period", "pace"), [("2026-01", 31 / 365), ("2026-04", 120 / 365)])
def test_the_pace_is_that_of_the_days(company, results, parameters, period, pace):
    found = earned.attainment(results.attainments, company, parameters.plans, period)
    assert float(found["pace"].iloc[0]) == pytest.approx(pace, abs=1e-8)


def test_a_persons_year_adds_up_beside_twelfths_of_the_target(company, results):
    found = earned.by_month(results.payments, company, "Ada", "2026-04")
    # 8.5 % of 2,000; of -200; of 1,100; 1,000 (the cap) - 232 and half a percent of 9,000
    assert rows(found, "amount", "earned", "target") == [
        (170, 170, 1000),
        (-17, 153, 2000),
        (93.5, 246.5, 3000),
        (813, 1059.5, 4000),
    ]


def test_steps_lead_from_nothing_to_what_is_due(results):
    found = earned.steps(results.earnings, "Ada", "2026-04")
    assert rows(found, "component", "kind", "start", "end") == [
        ("bookings", "credit", 0, 796),
        ("bookings", "cap", 796, 768),
        ("deals", "credit", 768, 813),
        ("", "due", 0, 813),
    ]


def test_cost_is_what_a_team_earned_over_its_own_credits(company, results):
    found = earned.cost(results.payments, results.credits, company, "USD", "2026-04")
    assert rows(found, "team", "earned", "amount", "share") == [
        ("sales", 1059.5, 11900, 0.08903361),
        ("partner", 153, 1800, 0.085),
    ]


def test_a_month_at_a_glance(company, results):
    found = glances.glance(company, results.payouts, results.issues, "USD", "2026-04")
    assert (found.booked, found.booked_year, found.due, found.due_year) == (
        *(9000, 15700, 813),
        Decimal("1212.5"),
    )
    assert (found.people, found.paid, found.refused, found.growth) == (3, 1, 1, None)


@pytest.mark.parametrize(("most", "lines"), [(1, 1), (2, 2), (50, 3)])
def test_a_shortened_receipt_still_adds_up(results, parameters, most, lines):
    names = {"Ada": "Ada"}
    whole = receipts(results, parameters.plans, names, "Ada", "2026-04")
    table = shortened.shortened(whole, most)
    apart = table[~table["kind"].isin(["sum", "due", "clause"])]
    assert apart["amount"].sum() == whole[0].total == table["amount"].iloc[-1]
    assert (apart["kind"] == "others").sum() == (most == 1)
    assert table.loc[table["kind"] == "sum", "amount"].sum() == whole[0].total
