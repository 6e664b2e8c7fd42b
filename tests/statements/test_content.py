"""What statements say adds up to what is paid, and every line to what explains it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.statements import Next, Statement
from spmlib.incent import lines
from spmlib.incent.calculation import calculated
from spmlib.incent.statements import known, statements
from spmlib.workbench.opened import Workbench
from tests import small

QUOTA = {
    "thresholds": "quota",
    "table": "{2026-01-01: [{from: 0%, rate: 5%}, {from: 100%, rate: 8%}]}",
}
WHO = {"payee_id": "A", "name": "A", "currency": "USD", "hire_date": date(2025, 1, 1)}
HELD = {"payee_id": "A", "start_date": date(2025, 1, 1), "role": "r", "team": "t", "plan": "seller"}
YEAR = {
    "payee_id": "A",
    "measure": "bookings",
    "start_date": date(2026, 1, 1),
    "end_date": date(2027, 1, 1),
    "amount": 1000,
}


def of(folder: Path, booked: list[tuple[date, int]], period: str, **words: str) -> Statement:
    """The statement of one person who books amounts on days."""
    parameters = small.parameters(small.written(folder, small.plan(**QUOTA | words)))
    transactions = [
        {
            "transaction_id": f"T{n}",
            "event_date": day,
            "owner_id": "A",
            "currency": "USD",
            "amount": amount,
        }
        for n, (day, amount) in enumerate(booked)
    ]
    company = small.company(
        payees=[WHO], positions=[HELD], quotas=[YEAR], transactions=transactions
    )
    made = known.of_results(calculated(company, parameters, period))
    return statements(made, company, parameters, period)[0]


def test_everybody_with_pay_has_one(told: list[Statement], bench: Workbench):
    payroll = engine.collected(bench.results.payroll).filter(pl.col("period") == "2026-10")
    assert set(payroll["payee_id"]) <= {one.payee_id for one in told}
    assert len({one.payee_id for one in told}) == len(told)


def test_what_is_paid_adds_up_to_payroll(told: list[Statement], bench: Workbench):
    payroll = engine.collected(bench.results.payroll).filter(pl.col("period") == "2026-10")
    due = payroll.group_by("payee_id").agg(pl.col("payroll_amount").sum())
    assert {one.payee_id: one.paid for one in told if one.plans and one.paid} == {
        payee_id: D(ticks) / 10_000 for payee_id, ticks in due.iter_rows() if ticks
    }


def test_earned_and_terms_are_what_is_due(told: list[Statement]):
    for one in told:
        for pay in one.plans:
            assert pay.earned + sum(amount for _, amount in pay.terms) == pay.due


def test_steps_add_up_to_their_line(told: list[Statement]):
    entries = [
        line for one in told for pay in one.plans for part in pay.parts for line in part.lines
    ]
    assert len(entries) > 5_000
    assert all(sum(step.amount for step in line.steps) == line.amount for line in entries)


def test_changes_are_the_difference_to_the_month_before(told: list[Statement]):
    whole = [
        one
        for one in told
        if one.changes and one.before is not None and one.plans[0].currency == one.paid_in
    ]
    assert len(whole) > 50
    for one in whole:
        assert sum(amount for _, amount in one.changes) == one.paid - one.before


def test_the_year_so_far_ends_with_the_month(told: list[Statement]):
    for one in told:
        last = [month for month in one.months if month.period == one.period]
        assert sum(month.paid for month in last) == sum(pay.due for pay in one.plans)


def test_a_lines_name_is_its_key_alone_and_no_two_of_a_month_share_it(bench: Workbench):
    rows = lines.named(engine.collected(bench.results.earnings))
    assert not rows.select("payee_id", "line_id").is_duplicated().any()
    again = lines.named(rows.with_columns(amount=pl.col("amount") + 1))
    assert again["line_id"].equals(rows["line_id"])
    assert rows["line_id"].str.contains("^[0-9A-F]{10}$").all()


@pytest.mark.parametrize(
    ("booked", "boundary", "ahead"),
    [
        (400, "upper", Next(D(1), True, D(600), D(30))),  # 600 more at 5 %
        (999, "upper", Next(D(1), True, D(1), D("0.05"))),
        (1000, "upper", None),  # at the threshold the last row is reached
        (1000, "lower", Next(D(1), True, D("0.01"), D("0.00"))),  # a cent beyond it
        (1001, "upper", None),
        (-200, "upper", Next(D(1), True, D(1200), D(60))),  # out of the hole first
    ],
)
def test_the_next_threshold(tmp_path: Path, booked: int, boundary: str, ahead: Next | None):
    one = of(tmp_path, [(date(2026, 2, 3), booked)], "2026-02", boundary=boundary)
    assert one.plans[0].parts[0].ahead == ahead


def test_a_booking_across_the_threshold_is_two_steps(tmp_path: Path):
    one = of(tmp_path, [(date(2026, 1, 5), 800), (date(2026, 2, 3), 500)], "2026-02")
    (line,) = one.plans[0].parts[0].lines
    # 200 up to quota at 5 % and 300 beyond it at 8 %
    assert [(step.words, step.amount) for step in line.steps] == [
        ("200.00 x 5 %", D("10.00")),
        ("300.00 x 8 %", D("24.00")),
    ]
    assert (one.paid, one.before, one.changes) == (D(34), D(40), (("bookings", D(-6)),))
    assert one.plans[0].parts[0].attainment == D("1.3")


def test_units_are_counted_whole(tmp_path: Path):
    parameters = small.parameters(
        small.written(
            tmp_path,
            small.plan(measure="meetings", thresholds="units", pays="unit", table=METERED),
            measures="meetings: {sum: quantity}\n",
        )
    )
    company = small.company(payees=[WHO], positions=[HELD], transactions=[MET])
    made = known.of_results(calculated(company, parameters, "2026-02"))
    part = statements(made, company, parameters, "2026-02")[0].plans[0].parts[0]
    assert (part.counted, part.money, part.ahead) == (D(7), False, Next(D(10), False, D(3), D(30)))


METERED = "{2026-01-01: [{from: 0, rate: 10}, {from: 10, rate: 15}]}"
MET = {
    "transaction_id": "T",
    "event_date": date(2026, 2, 3),
    "owner_id": "A",
    "currency": "USD",
    "amount": 0,
    "quantity": 7,
}


def test_nobody_else_is_told_of(told: list[Statement], bench: Workbench):
    with pytest.raises(ParameterError, match="H0000 has no pay in 2026-10; write 'H"):
        statements(
            known.of_results(bench.results),
            bench.company,
            bench.parameters,
            "2026-10",
            payee_id="H0000",
        )
