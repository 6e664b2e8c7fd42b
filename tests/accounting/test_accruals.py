"""A month's accrual: against the engine, by hand, and between methods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.company import as_known
from spmlib.core.errors import ParameterError
from spmlib.incent.accruals import known, late, outlooks, written
from spmlib.incent.accruals.accrued import accruals
from spmlib.incent.calculation import calculated
from tests import small
from tests.accounting import kept
from tests.accounting.kept import ACCELERATED, policy, sales, seller, ticks
from tests.shared import accounting

EVEN = (100_000,) * 5
NAMES = ("point_in_time", "effective_rate", "simulated", "over_time")


def rows(books, period, given=None):
    return engine.collected(accruals(books, period, given))


def accrued(folder, method, plan, booked, period, quota=1_000_000, given=None, **words):
    books = kept.opened(
        folder,
        plan,
        said=policy(method, **words),
        **seller(),
        transactions=booked,
        quotas=[small.quota("A", quota)],
    )
    return rows(books, period, given)


@pytest.mark.parametrize(
    ("method", "name"),
    [("point_in_time", "point_in_time"), ("effective_rate", "effective_rate_accrual")],
)
def test_an_annual_accelerator_is_accrued_as_published(tmp_path, method, name):
    case = accounting("G4")
    given = pl.DataFrame(
        {
            "payee_id": ["A"],
            "component": ["bookings"],
            "amount": [case["inputs"]["forecast_full_year"]],
        }
    )
    booked = sales(case["inputs"]["ytd_credited"])
    quota = case["inputs"]["quota"]
    plan = small.plan(**ACCELERATED)
    told = accrued(tmp_path, method, plan, booked, "2026-06", quota, given)
    assert told["accrued_to_date"].to_list() == [ticks(float(case["expected"][name]))]
    assert told["source"].to_list() == ["accruals.yaml:1"]
    assert told["rate"].to_list() == pytest.approx([float(case["expected"]["effective_rate"])])


def test_with_everything_known_point_in_time_is_what_the_engine_earned(tmp_path):
    booked = [*sales(400_000, 700_000, -300_000, 0, 90_000), *sales(5_000, 0, 7, owner="B")]
    people = {table: [*seller()[table], *seller("B")[table]] for table in ("payees", "positions")}
    books = kept.opened(
        tmp_path,
        small.plan(**ACCELERATED),
        **people,
        transactions=booked,
        quotas=[small.quota("A", 1_000_000), small.quota("B", 4_000)],
    )
    earned = engine.collected(calculated(books.company, books.parameters).earnings)
    for month in range(1, 7):
        period = f"2026-{month:02}"
        own = earned.filter(pl.col("period") == period).group_by("payee_id")
        engine_ = dict(own.agg(pl.col("amount").sum()).filter(pl.col("amount") != 0).iter_rows())
        told = dict(rows(books, period).select("payee_id", "amount").iter_rows())
        assert {name: amount for name, amount in told.items() if amount} == engine_


@pytest.mark.parametrize("method", NAMES[:3])
@pytest.mark.parametrize("month", [1, 5, 12])
def test_of_a_straight_line_all_methods_are_alike(tmp_path, method, month):
    booked = sales(100, 250, -40, 300, 0, 10, 20, 30, 40, 50, 60, 70)
    told = accrued(tmp_path, method, small.plan(), booked, f"2026-{month:02}", 5_000)
    sums = [sale["amount"] for sale in booked if sale["event_date"].month <= month]
    assert told["accrued_to_date"].sum() == ticks(sum(sums) / 10)


def test_without_spread_what_is_simulated_is_the_effective_rate(tmp_path):
    plan, still = small.plan(**ACCELERATED), "{draws: 50, seed: 1, spread: 0%}"
    args = (plan, sales(*EVEN), "2026-05", 800_000)
    one = accrued(tmp_path, "effective_rate", *args)
    other = accrued(tmp_path, "simulated", *args, simulation=still)
    assert one["amount"].to_list() == other["amount"].to_list()
    drawn = accrued(tmp_path, "simulated", *args)
    assert drawn["accrued_to_date"].sum() > one["accrued_to_date"].sum()


def test_windows_add_up_to_what_they_earned_whatever_the_method(tmp_path):
    booked = sales(*EVEN, *EVEN, 300_000, 200_000)
    books = kept.opened(
        tmp_path,
        small.plan(**ACCELERATED),
        **seller(),
        transactions=booked,
        quotas=[small.quota("A", 1_000_000)],
    )
    for method in NAMES:
        usual = written.Method(method, "")
        asked = replace(books, policy=replace(books.policy, usual=usual))
        year = sum(rows(asked, f"2026-{month:02}")["amount"].sum() for month in range(1, 13))
        assert year == ticks(80_000 + 500_000 * 0.12)  # 1.0 M at 8 %, the rest at 12 %


def test_over_time_a_goal_is_spread_before_it_is_reached(tmp_path):
    goal = {"thresholds": "quota", "pays": "amount", "crossing": "", "boundary": "upper"}
    goal["table"] = "{2026-01-01: [{from: 0%, amount: 0}, {from: 100%, amount: 1200}]}"
    plan = small.plan(**goal)
    told = accrued(tmp_path, "over_time", plan, sales(25), "2026-03", 100)
    assert told["accrued_to_date"].to_list() == [ticks(300)]  # at quota: 1,200 in 12 months
    assert told["earned"].to_list() == [0]


def test_who_leaves_costs_what_was_earned(tmp_path):
    payee, held = small.person("A", "seller", end_date=date(2026, 5, 1))
    books = kept.opened(
        tmp_path,
        small.plan(**ACCELERATED),
        payees=[payee | {"leave_date": date(2026, 5, 1)}],
        positions=[held],
        transactions=sales(50_000, 60_000, 70_000, 80_000),
        quotas=[small.quota("A", 200_000)],
    )
    for method in NAMES[1:]:
        asked = replace(books, policy=replace(books.policy, usual=written.Method(method, "")))
        year = sum(rows(asked, f"2026-{month:02}")["amount"].sum() for month in range(1, 7))
        assert year == ticks(200_000 * 0.08 + 60_000 * 0.12)


def test_late_news_is_charged_to_the_month_that_learns_of_it(tmp_path):
    booked = [*sales(1_000, 1_000), small.sale("L", "A", date(2026, 1, 31), 500)]
    booked[-1]["recorded_date"] = date(2026, 2, 3)
    books = kept.opened(tmp_path, small.plan(), **seller(), transactions=booked)
    first, second, third = (rows(books, f"2026-0{month}") for month in (1, 2, 3))
    assert first["amount"].to_list() == [ticks(100)]
    assert second.select("earned", "corrected", "amount").row(0) == (
        ticks(100),
        ticks(50),
        ticks(150),
    )
    assert third["amount"].sum() == 0


def test_what_always_comes_late_is_expected_and_taken_back(tmp_path):
    # Half of each month's sales are recorded 30 days later: of April on, January's are settled.
    half = sales(*(1_000,) * 8, owner="A")
    other = [
        sale | {"transaction_id": f"L{n}"} for n, sale in enumerate(sales(*(1_000,) * 8, late=30))
    ]
    books = kept.opened(
        tmp_path, small.plan(accumulate="month"), **seller(), transactions=[*half, *other]
    )
    april = rows(books, "2026-04").group_by("payee_id").agg(pl.col("earned", "late").sum())
    assert april.row(0) == ("A", ticks(100), ticks(100))
    may = rows(books, "2026-05").select(pl.col("earned", "late", "corrected", "reversed").sum())
    assert may.row(0) == (ticks(100), ticks(100), ticks(100), ticks(-100))
    assert rows(books, "2026-01")["late"].sum() == 0  # nothing was learnt yet


def test_late_is_in_whole_minor_units():
    told = pl.DataFrame({"x": [149.0, 150.0, -150.0, 5000.0], "currency": ["USD"] * 3 + ["JPY"]})
    made = told.select(late.rounded(pl.col("x"), "currency")).to_series().to_list()
    assert made == [100, 200, -200, 10000]


@pytest.mark.parametrize(
    ("outlook", "expected"),
    [
        ("quota", 300 + 600 * 9 / 12),
        ("run_rate", 1200.0),
        # a quarter is over: at pace 300 / (1/4) weighs 1/4, the quota of 600 weighs 3/4
        ("pace", 300 + 0.75 * (0.25 * 1200 + 0.75 * 600)),
    ],
)
def test_what_is_left_of_a_window_by_hand(tmp_path, outlook, expected):
    books = kept.opened(
        tmp_path,
        small.plan(),
        **seller(),
        transactions=sales(100, 50, 150),
        quotas=[small.quota("A", 600)],
    )
    told = outlooks.expected(books.ends("2026-03"), outlook)
    if outlook != "run_rate":  # the plan counts in money: without thresholds there is no quota
        books = kept.opened(
            tmp_path,
            small.plan(**ACCELERATED),
            **seller(),
            transactions=sales(100, 50, 150),
            quotas=[small.quota("A", 600)],
        )
        told = outlooks.expected(books.ends("2026-03"), outlook)
    assert told["expected"].to_list() == pytest.approx([expected])
    assert told.select("over", "left").row(0) == (3, 9)


def test_a_given_forecast_is_at_least_what_is_credited(tmp_path):
    books = kept.opened(tmp_path, small.plan(), **seller(), transactions=sales(100))
    given = pl.DataFrame({"payee_id": ["A"], "component": ["bookings"], "amount": [50]})
    told = outlooks.expected(books.ends("2026-03"), "run_rate", given)
    assert told["expected"].to_list() == [100.0]
    with pytest.raises(ParameterError, match="has no column 'amount'; it needs payee_id"):
        outlooks.expected(books.ends("2026-03"), "run_rate", given.drop("amount"))
    with pytest.raises(ParameterError, match="has two rows of A bookings; keep one"):
        outlooks.expected(books.ends("2026-03"), "run_rate", pl.concat([given, given]))


def test_a_period_that_is_not_in_the_calendar_is_refused(tmp_path):
    books = kept.opened(tmp_path, small.plan(), **seller())
    with pytest.raises(ParameterError, match="there is no period '2027-01'; the calendar has"):
        known.known(books.company, books.parameters, "2027-01")


def test_nothing_booked_costs_nothing(tmp_path):
    books = kept.opened(tmp_path, small.plan(), **seller())
    assert rows(books, "2026-01")["amount"].sum() == 0


def test_to_the_years_end_months_that_are_over_say_what_they_would_alone(tmp_path):
    # `Known` is computed to the end of the year; nothing of the months before may move by that.
    books = kept.opened(
        tmp_path,
        small.plan(
            **ACCELERATED,
            quota="to_date",
            payment="{event: {booking: 50%, collection: 50%}, minimum: 100}",
        ),
        **seller(),
        transactions=[*sales(10_000, 0, 30_000, -5_000, 700), *sales(9_000, owner="B", late=80)],
        quotas=[small.quota("A", 60_000)],
    )
    for period, day in (("2026-03", date(2026, 4, 1)), ("2026-05", date(2026, 6, 1))):
        told = books.ends(period)
        alone = calculated(as_known(books.company, day), books.parameters, period)
        key = ["payee_id", "plan", "period"]
        for name, mine in (("payouts", told.payouts), ("earnings", told.earned)):
            rows = engine.collected(getattr(alone, name)).group_by(key).agg(pl.col("amount").sum())
            own = mine.group_by(key).agg(pl.col("amount").sum())
            assert own.sort(key).equals(rows.sort(key))
        balances = engine.collected(alone.balances).filter(pl.col("period") == period)
        assert told.balances["unpaid"].to_list() == balances["unpaid"].to_list()
