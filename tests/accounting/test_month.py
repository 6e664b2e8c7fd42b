"""What is owed rolls forward, is taxed and posted, and steps add up: by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.accruals import (
    balances,
    bridges,
    checks,
    entries,
    readings,
    scenarios,
    taxes,
    trials,
    trueups,
    wages,
)
from spmlib.incent.accruals.month import month
from spmlib.incent.calculation import calculated
from tests import small
from tests.accounting import kept
from tests.accounting.kept import ACCELERATED, policy, sales, seller, ticks
from tests.shared import accounting

HELD = "{event: {booking: 50%, collection: 50%}}"
RECOVERED = "recover: {from_month: 3, share: 50%}"
DRAWN = f"{{draw: {{kind: recoverable, amount: 100, months: 2, from: 2026-01-01, {RECOVERED}}}}}"
CERTAIN = "{guarantee: {amount: 600, months: 3}}"


def journal(made, books):
    lines = engine.collected(entries.entries(made, books.policy))
    amount = pl.col("debit") - pl.col("credit")
    return {
        (entry, account[:4]): value
        for entry, account, value in lines.select("entry_id", "account", amount).iter_rows()
    }


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two sellers, one of whom begins in February, with late news, estimates and base pay."""
    first, second = seller("A", base_pay=200_000), seller("B", base_pay=60_000)
    second["positions"][0]["start_date"] = date(2026, 2, 1)
    booked = [*sales(30_000, 80_000, 90_000, -20_000), *sales(0, 9_000, 5_000, owner="B", late=25)]
    return kept.opened(
        tmp_path_factory.mktemp("two"),
        small.plan(**ACCELERATED),
        said=policy("effective_rate"),
        **{name: [*first[name], *second[name]] for name in first},
        transactions=booked,
        quotas=[small.quota("A", 150_000), small.quota("B", 40_000)],
    )


def test_accrue_then_pay_as_published(tmp_path):
    earned = accounting("G1")["inputs"]["earned"]
    books = kept.opened(tmp_path, small.plan(), **seller(), transactions=sales(earned * 10))
    accrued, paid = month(books, "2026-01"), month(books, "2026-02")
    assert journal(accrued, books) | journal(paid, books) == {
        ("2026-01 accrual USD", "6110"): ticks(earned),
        ("2026-01 accrual USD", "2210"): -ticks(earned),
        ("2026-02 payment USD", "2210"): ticks(earned),
        ("2026-02 payment USD", "2250"): -ticks(earned),
        ("2026-01 taxes USD", "6150"): ticks(earned * 0.0765),
        ("2026-01 taxes USD", "2215"): -ticks(earned * 0.0765),
        ("2026-02 taxes paid USD", "2215"): ticks(earned * 0.0765),
        ("2026-02 taxes paid USD", "2255"): -ticks(earned * 0.0765),
    }
    assert accrued.closing["owing"].to_list() == [ticks(earned)]
    assert paid.closing["owing"].sum() == 0
    assert paid.taxes["closing"].sum() == 0


@pytest.mark.parametrize("period", ["2026-01", "2026-02", "2026-03", "2026-04"])
def test_all_that_must_hold_of_a_month_holds(two, period):
    now, last = month(two, period), two.before(period)
    then = month(two, last) if last else now
    bridge = bridges.bridge(two, then, now, "USD")
    told = checks.of_month(now, entries.entries(now, two.policy), bridge)
    assert told["holds"].all(), told[~told["holds"]]
    if last:
        assert now.opening.equals(then.closing)
    figures = readings.in_figures(now, two.company, "USD")
    assert float(figures["owing"]) * 10_000 == now.closing["owing"].sum()


def test_a_check_can_fail(two):
    now = month(two, "2026-02")
    wrong = replace(now, opening=now.opening.with_columns(pl.col("owing") + 1))
    lines = entries.entries(now, two.policy)
    told = checks.of_month(wrong, lines, bridges.bridge(two, now, now, "USD"))
    assert told["holds"].to_list() == [True, False, True, True, True, True]
    dearer = replace(now, charged=now.charged.with_columns(pl.col("amount") + 1))
    told = checks.of_month(
        dearer,
        lines,
        bridges.bridge(two, now, now, "USD").assign(amount=[Decimal(1), Decimal(2)]),
    )
    assert told["holds"].to_list() == [True, True, True, False, True, False]


def test_steps_of_the_bridge_by_hand(tmp_path):
    first, second = seller("A"), seller("B")
    second["positions"][0]["start_date"] = date(2026, 2, 1)
    books = kept.opened(
        tmp_path,
        small.plan(**ACCELERATED),
        **{name: [*first[name], *second[name]] for name in first},
        transactions=[*sales(1_000, 1_500), *sales(0, 400, owner="B")],
        quotas=[small.quota("A", 2_000), small.quota("B", 5_000)],
    )
    told = bridges.steps(books, month(books, "2026-01"), month(books, "2026-02"))
    assert {step: amount for step, _, amount in told.iter_rows() if amount and step != "taxes"} == {
        "joined": ticks(32),  # 400 at 8 %
        "volume": ticks(40),  # 500 more at the 8 % of January
        "rate": ticks(20),  # 500 of the 1,500 lie above quota: 4 % more
    }
    rows = bridges.bridge(books, month(books, "2026-01"), month(books, "2026-02"), "USD")
    assert rows["step"].to_list()[1:-1] == [
        *("People who joined", "More or less credited", "Place on the curve", "Employer taxes"),
    ]
    # 172.00, and taxes of 8.68 + 2.03 on 140.00 and 1.98 + 0.46 on 32.00
    assert rows["amount"].iloc[-1] == Decimal("185.15")


def test_currency_is_a_step_of_its_own(tmp_path):
    people = seller()
    people["payees"][0]["currency"] = "EUR"
    books = kept.opened(
        tmp_path,
        small.plan(currency="EUR"),
        **people,
        transactions=[sale | {"currency": "EUR"} for sale in sales(1_000, 1_000)],
        currency_rates=[
            {
                "currency": "EUR",
                "to_currency": "USD",
                "start_date": date(2026, n, 1),
                "rate": rate,
                "kind": "spot",
            }
            for n, rate in ((1, 1), (2, 2))
        ],
    )
    rows = bridges.bridge(books, month(books, "2026-01"), month(books, "2026-02"), "USD")
    told = dict(zip(rows["step"], map(float, rows["amount"]), strict=True))
    assert told == {"2026-01": 120.0, "Currency": 120.0, "2026-02": 240.0}


def test_pay_that_waits_for_money_is_owed(tmp_path):
    books = kept.opened(
        tmp_path,
        small.plan(payment=HELD),
        **seller(),
        transactions=sales(1_000),
        events=[
            {
                "event_id": "E",
                "transaction_id": "A1",
                "event": "collection",
                "amount": 1_000,
                "event_date": date(2026, 3, 5),
            }
        ],
    )
    owed = {p: balances.standing(books, p) for p in ("2026-01", "2026-02", "2026-03", "2026-04")}
    names = ("owing", "payable", "unpaid")
    assert [rows.select(names).sum().row(0) for rows in owed.values()] == [
        (ticks(100), ticks(50), ticks(50)),
        (ticks(50), 0, ticks(50)),
        (ticks(50), ticks(50), 0),
        (0, 0, 0),
    ]
    assert month(books, "2026-03").charged["amount"].sum() == 0


def test_a_draw_is_no_cost_and_a_guarantee_is(tmp_path):
    books = kept.opened(
        tmp_path, small.plan(payment=DRAWN), **seller(), transactions=sales(0, 0, 5_000)
    )
    january = month(books, "2026-01")
    assert january.charged["amount"].sum() == 0
    standing = balances.standing(books, "2026-02")
    assert standing.select("owing", "drawn", "payable").sum().row(0) == (
        ticks(-100),
        ticks(-200),
        ticks(100),
    )
    certain = kept.opened(
        tmp_path,
        small.plan(payment=CERTAIN),
        payees=seller()["payees"],
        positions=[seller()["positions"][0] | {"start_date": date(2026, 1, 1)}],
        transactions=sales(1_000),
    )
    told = month(certain, "2026-01").charged
    assert sorted(told["amount"].to_list()) == [ticks(100), ticks(500)]
    assert told.filter(pl.col("window").is_null())["amount"].to_list() == [ticks(500)]


def test_base_pay_counts_towards_the_wage_base_and_january_begins_a_new_one(tmp_path):
    people = seller(base_pay=200_000)
    booked = sales(*(0,) * 10, 10_000, 10_000)
    books = kept.opened(tmp_path, small.plan(), **people, transactions=booked)
    november, december = month(books, "2026-11").taxes, month(books, "2026-12").taxes
    # Paid in December, above the base of 184,500; what December earned is paid in January.
    assert dict(november.select("tax", "closing").filter(pl.col("closing") != 0).iter_rows()) == {
        "medicare": ticks(14.5)
    }
    assert dict(december.select("tax", "closing").iter_rows()) == {
        "social_security": ticks(62),
        "medicare": ticks(14.5),
    }
    assert dict(december.select("tax", "paid").filter(pl.col("paid") != 0).iter_rows()) == {
        "medicare": ticks(-14.5)
    }


def test_wages_count_by_days_and_leave_pays_none(tmp_path):
    payee, held = small.person("A", "seller", base_pay=36_500)
    rows = [
        held | {"end_date": date(2026, 1, 11)},
        held | {"start_date": date(2026, 1, 11), "end_date": date(2026, 2, 1), "status": "leave"},
        held | {"start_date": date(2026, 2, 1), "base_pay": 73_000},
    ]
    books = kept.opened(tmp_path, small.plan(), payees=[payee], positions=rows)
    plans = books.parameters.plans
    told = [
        wages.base_pay(books.company, plans, day)["before"].sum()
        for day in (date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 12, 31))
    ]
    assert told == [ticks(100), ticks(1_000), ticks(1_200), ticks(1_000 + 200 * 334)]


@pytest.mark.parametrize(
    ("end", "after", "day"),
    [
        (date(2026, 11, 1), 0, date(2026, 10, 31)),
        (date(2026, 11, 1), 1, date(2026, 11, 30)),
        (date(2027, 1, 1), 2, date(2027, 2, 28)),
    ],
)
def test_the_day_of_pay(end, after, day):
    assert taxes.pay_day(end, after) == day


def test_pay_in_another_currency_is_taxed_in_that_of_the_payroll(tmp_path):
    people = seller()
    people["payees"][0]["currency"] = "EUR"
    said = {"currency": "USD", "to_currency": "EUR", "start_date": date(2026, 1, 1), "kind": "spot"}
    books = kept.opened(
        tmp_path,
        small.plan(),
        **people,
        transactions=sales(1_000),
        currency_rates=[said | {"rate": "0.9"}],
    )
    told = month(books, "2026-01").taxes.select("currency", "tax", "closing").row(0)
    assert told == ("EUR", "social_insurance", ticks(18))  # 100 are 90 euro
    lost = replace(
        books, company=replace(books.company, currency_rates=books.company.currency_rates.head(0))
    )
    with pytest.raises(
        ParameterError, match="A is paid in EUR, and no spot rate leads there from USD"
    ):
        month(lost, "2026-01")


def test_true_ups_are_actual_less_accrued(two):
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    now = calculated(two.company, two.parameters).earnings
    rows = trueups.true_ups(two, months, now)
    actual = engine.collected(now).group_by("period").agg(pl.col("amount").sum())
    by_month = dict(actual.iter_rows())
    for period in months:
        charged = month(two, period).charged
        accrued = charged["earned"].sum() + charged["late"].sum()
        news = rows.filter(pl.col("period") == period)["amount"].sum()
        assert news == by_month.get(period, 0) - accrued
    late = rows.filter(pl.col("reason") == "late")
    assert late.select("payee_id", "period", "amount").rows() == [
        ("B", "2026-02", ticks(720)),
        ("B", "2026-03", ticks(400)),
    ]
    assert len(readings.trued_up(rows, two.company, "USD")) and len(
        readings.largest(rows, two.company, "USD")
    )


def test_tried_on_a_straight_line_every_method_is_right(tmp_path):
    books = kept.opened(tmp_path, small.plan(), **seller(), transactions=sales(100, 200, -50, 400))
    tried = trials.trials(books, ["2026-02", "2026-03"], "2026-04", "USD")
    assert tried["charged"].to_list() == [20.0, -5.0] * 4
    assert tried["earned"].to_list() == tried["share"].to_list() == [20.0, -5.0] * 4
    assert (trials.errors(tried).drop(columns="method") == 0).all(axis=None)


def test_more_sold_in_the_rest_costs_more_of_an_accelerator(two):
    usual, more = (scenarios.tried(two, "2026-03", "USD", more) for more in (0.0, 0.5))
    assert more["smoothed"].sum() > usual["smoothed"].sum()
    point = scenarios.tried(two, "2026-03", "USD", method="point_in_time")
    assert point.empty
