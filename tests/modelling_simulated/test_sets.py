"""What is known of people: levels, quotas, teams, spreads, sizes and trials, on a small company."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.calculation import calculated
from spmlib.incent.modelling.simulated import levels, sets, sizes, trials
from spmlib.incent.modelling.simulated.pays import simulated
from spmlib.incent.modelling.simulated.written import Decisions
from spmlib.incent.summaries import budgeted
from tests import small
from tests.modelling_simulated import made

DAY = date(2027, 1, 1)
DECIDED = Decisions(2027, "USD", "bookings", 0.1, 0.05, 0.02, 10, 200, 1, 0.9, 0.0, None)
NAMES = ("A", "B", "C", "D")


def quota(name, year, amount):
    stretch = {"start_date": date(year, 1, 1), "end_date": date(year + 1, 1, 1)}
    return {"payee_id": name, "measure": "bookings", "amount": amount, **stretch}


def company(late=1, extra=()):
    """Four people under a lead, two years; every month as the last but the last quarter of 2026."""
    people = [small.person(name, "seller", manager_id="L") for name in NAMES]
    people.append(small.person("L", None))
    random = np.random.default_rng(3)
    sales = [
        small.sale(f"{name}{year}{month}", name, date(year, month, 9), 1000 * int(thousands))
        for number, name in enumerate(NAMES)
        for year in (2025, 2026)
        for month in range(1, 13)
        for thousands in [
            random.integers(60, 120) * (1 + number / 10)
            * (late if (year, month) >= (2026, 10) else 1)
        ]
    ]  # fmt: skip
    return small.company(
        calendar=[*small.months(2025), *small.months(2026)],
        payees=[p for p, _ in people],
        positions=[p for _, p in people],
        transactions=sales,
        quotas=[quota(n, y, 1_000_000) for n in NAMES for y in (2025, 2026)] + list(extra),
    )


@pytest.fixture
def given(tmp_path):
    table = made.RATES | {"table": made.TIERS.replace("2026", "2025")}
    return made.parameters(tmp_path, small.plan(**table))


def prepared(of, given, day=DAY, **decided):
    pay = budgeted.pay(calculated(of, given), of, given, day)
    return sets.prepared(of, pay, replace(DECIDED, **decided), day)


def test_what_is_expected_is_the_quota_grown_times_what_usually_comes_in(given):
    of = company()
    known = prepared(of, given).known["seller"]
    assert known.people == NAMES
    assert known.goals["bookings"].sum(axis=1) == pytest.approx(np.full(4, 1_100_000), rel=1e-3)
    sold = calculated(of, given).credits.collect().to_native()
    january = sold.filter(sold["period"].str.ends_with("-01"))["amount"].sum() / 1e4
    days = 31 / 365
    level = january / (8 * 1_000_000 * days)
    told = known.expected["bookings"][:, 0] / known.goals["bookings"][:, 0]
    assert told == pytest.approx(np.full(4, level), rel=1e-6)
    assert known.ratios["bookings"] == pytest.approx(1, rel=1e-3)


def test_quotas_that_are_issued_are_taken_as_they_are_and_others_are_the_mean(given):
    extra = [quota("A", 2027, 2_000_000), quota("B", 2027, 1_000_000)]
    known = prepared(company(extra=extra), given).known["seller"]
    told = known.goals["bookings"].sum(axis=1)
    assert told == pytest.approx([2e6, 1e6, 1.5e6, 1.5e6], rel=1e-6)


def test_teams_are_those_of_their_lead_and_spreads_keep_to_what_is_written(given):
    ready = prepared(company(), given)
    known = ready.known["seller"]
    assert len(set(known.team.tolist())) == 1
    assert ready.among.market_year >= 0.05
    assert known.own["bookings"].person >= 0.02
    assert known.own["bookings"].luck > 0


def test_a_year_is_drawn_around_what_is_expected(given):
    ready = prepared(company(), given)
    told = simulated(ready, runs=4_000)
    known = ready.known["seller"]
    error = told.credited.std(axis=1) / np.sqrt(4_000)
    assert (
        np.abs(told.credited.mean(axis=1) - known.expected["bookings"].sum(axis=1)) < 4 * error
    ).all()


def test_who_is_not_there_cannot_be_drawn(given):
    of = company()
    pay = budgeted.pay(calculated(of, given), of, given, DAY)
    with pytest.raises(ParameterError, match="nobody holds a plan on 2023-12-31"):
        sets.prepared(of, pay, DECIDED, date(2024, 1, 1))
    with pytest.raises(ParameterError, match="nobody holds plan 'other' on 2026-12-31"):
        sets.prepared(of, pay, DECIDED, DAY, ["other"])
    with pytest.raises(ParameterError, match="no plan counts 'margin' first; write one of: book"):
        sets.prepared(of, pay, replace(DECIDED, measure="margin"), DAY)
    narrowed = sets.prepared(of, pay, replace(DECIDED, measure="margin"), DAY, ["seller"])
    assert list(narrowed.known) == ["seller"]


def tried(of, given):
    pay = budgeted.pay(calculated(of, given), of, given, DAY)
    return trials.tried(of, pay, DECIDED, [date(2026, 7, 1), date(2026, 10, 1)], 300)


def test_a_trial_sees_nothing_of_its_quarter(given):
    one, other = tried(company(), given), tried(company(late=3), given)
    ends = ["period", "people", "expected", "low_80", "high_80"]
    assert (one[ends] == other[ends]).all(axis=None)
    assert one.loc[0, "actual"] == other.loc[0, "actual"]
    assert other.loc[1, "actual"] > one.loc[1, "actual"] * 2
    assert not other.loc[1, "within"]
    assert other.loc[1, "place"] == 1.0


def test_a_trial_sets_what_was_paid_against_what_was_drawn(given):
    told = tried(company(), given)
    assert told["period"].tolist() == ["2026-Q3", "2026-Q4"]
    assert (told["people"] == 4).all()
    assert (told["low_80"] < told["expected"]).all()
    assert (told["expected"] < told["high_80"]).all()
    held = trials.coverage(told).set_index("what")
    assert held.at["cost of a quarter", "cases"] == 2
    assert held.at["attainment of a person", "cases"] == 8
    assert held["held"].between(0, 1).all()


def test_sizes_are_the_transactions_of_those_on_the_plan(tmp_path):
    given = made.parameters(
        tmp_path,
        small.plan(accumulate="transaction", table="{2025-01-01: [{from: 0, rate: 10%}]}"),
    )
    of = company()
    told = sizes.sizes(calculated(of, given).credits, of, given, date(2026, 1, 1), date(2026, 3, 1))
    assert set(told) == {"seller"}
    assert len(told["seller"]["bookings"]) == 8
    assert told["seller"]["bookings"].min() >= 60_000


def test_what_is_credited_without_quotas_is_brought_to_the_latest_year(given):
    of = company()
    pay = budgeted.pay(calculated(of, given), of, given, DAY)
    from spmlib.rules.estimated import pasts, plans

    plan = plans.in_force(pay, date(2026, 12, 31))["seller"]
    years = []
    for year, times in ((2026, 2.0), (2025, 1.0)):
        past = pasts.past(plan, year, of, pay)
        credited = {"bookings": np.full((4, 1, 12), 100.0 * times)}
        years.append((replace(past, sold=replace(past.sold, credited=credited, goals={})), 12))
    told = levels.level("bookings", years)
    assert not told.quoted
    assert told.by_month == pytest.approx(np.full(12, 200.0))
    rest = levels.quarters("bookings", told, years, dict(zip(NAMES, range(4), strict=True)), {})
    assert rest.rest == pytest.approx(np.zeros(32), abs=1e-12)
    assert sorted(set(rest.quarter.tolist())) == list(range(-4, 4))
