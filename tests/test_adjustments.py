"""Adjustments by hand: paid once somebody else approved them, above every modifier, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.incent.calculation import Results, calculated
from spmlib.incent.contract_costs.contributions import contributed
from spmlib.incent.contract_costs.written import Judgement
from spmlib.incent.estimating import estimates
from spmlib.incent.estimating.ready import ready
from spmlib.incent.explaining import receipts
from spmlib.incent.modelling.arrays.taken import taken
from spmlib.incent.modelling.checks import off
from spmlib.incent.statements import known, statements
from tests import small

WHO = {"name": "A", "currency": "USD", "hire_date": date(2025, 1, 1)}
HELD = {"start_date": date(2025, 1, 1), "role": "r", "team": "t", "plan": "seller"}
SOLD = {"event_date": date(2026, 2, 3), "owner_id": "A", "currency": "USD", "amount": 1000}
GIVEN = {
    "adjustment_id": "ADJ-1",
    "payee_id": "A",
    "plan": "seller",
    "event_date": date(2026, 2, 20),
    "amount": 25,
    "cause": "split",
    "reason": "its split was missing",
    "requested_by": "Ann",
    "approved_by": "Ben",
}
CAPPED = small.plan() + "modifiers:\n  - cap: {2026-01-01: 80.00}\n"


def company(*adjustments: dict[str, Any]) -> Any:
    return small.company(
        payees=[{"payee_id": who, **WHO} for who in "ABC"],
        positions=[{"payee_id": who, **HELD} for who in "AB"],
        transactions=[{"transaction_id": "T1", **SOLD}],
        adjustments=adjustments,
    )


def results(folder: Path, *adjustments: dict[str, Any], plan: str = CAPPED) -> Results:
    said = small.parameters(small.written(folder, plan))
    return calculated(company(*adjustments), said)


def paid(of: Results) -> dict[tuple[str, str], D]:
    rows = engine.collected(of.payouts).select("payee_id", "period", "amount")
    return {(who, period): D(ticks) / 10_000 for who, period, ticks in rows.iter_rows() if ticks}


def issues(of: Results) -> list[tuple[str, str]]:
    rows = engine.collected(of.issues.filter(pl_table())).select("row", "what")
    return list(rows.iter_rows())


def pl_table() -> Any:
    import narwhals as nw

    return nw.col("table") == "adjustments"


def test_it_comes_on_top_of_the_cap(tmp_path: Path):
    # 1,000 at 10 % is 100, capped at 80, and 25 by hand
    of = results(tmp_path, GIVEN)
    assert paid(of) == {("A", "2026-02"): D(105)}
    assert issues(of) == []


def test_its_line_says_where_it_comes_from(tmp_path: Path):
    rows = engine.collected(results(tmp_path, GIVEN).earnings)
    (line,) = rows.filter(pl.col("kind") == "adjustment").to_dicts()
    assert (line["event_id"], line["source"]) == ("ADJ-1", "adjustments ADJ-1")
    assert (line["component"], line["window"], line["currency"]) == (None, "2026-02", "USD")


def test_given_and_taken_back_nets_to_nothing_in_any_order(tmp_path: Path):
    back = GIVEN | {"adjustment_id": "ADJ-2", "amount": -25}
    for rows in ((GIVEN, back), (back, GIVEN)):
        assert paid(results(tmp_path, *rows)) == {("A", "2026-02"): D(80)}


def test_who_sold_nothing_can_be_given_something(tmp_path: Path):
    of = results(tmp_path, GIVEN | {"payee_id": "B"})
    assert paid(of) == {("A", "2026-02"): D(80), ("B", "2026-02"): D(25)}


def test_later_months_are_not_in_a_month_computed_alone(tmp_path: Path):
    said = small.parameters(small.written(tmp_path, CAPPED))
    later = GIVEN | {"event_date": date(2026, 3, 1)}
    assert paid(calculated(company(later), said, "2026-02")) == {("A", "2026-02"): D(80)}
    assert paid(calculated(company(later), said, "2026-03"))["A", "2026-03"] == D(25)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"approved_by": None}, "nobody but who asked for it approved it"),
        ({"approved_by": "Ann"}, "nobody but who asked for it approved it"),
        ({"requested_by": None}, "nobody but who asked for it approved it"),
        ({"plan": "buyer"}, "there is no plan 'buyer'"),
        ({"component": "margin"}, "seller has no component 'margin'"),
        ({"amount": D("0.005")}, "its amount is finer than USD is paid in"),
        (
            {"event_date": date(2027, 1, 1)},
            "its day lies outside the calendar, 2026-01-01 to 2027-01-01",
        ),
    ],
)
def test_what_does_not_fit_is_an_issue_and_pays_nothing(
    tmp_path: Path, changed: dict[str, Any], what: str
):
    of = results(tmp_path, GIVEN | changed)
    assert paid(of) == {("A", "2026-02"): D(80)}
    assert issues(of) == [("ADJ-1", what)]


def test_for_who_does_not_hold_the_plan_it_is_paid_and_noted(tmp_path: Path):
    of = results(tmp_path, GIVEN | {"event_date": date(2026, 2, 20), "payee_id": "C"})
    assert paid(of) == {("A", "2026-02"): D(80), ("C", "2026-02"): D(25)}
    assert issues(of) == [("ADJ-1", "the person does not hold the plan on its day")]


def test_it_is_no_cost_of_obtaining_a_contract(tmp_path: Path):
    given = GIVEN | {"component": "bookings"}
    of = engine.collected(results(tmp_path, given, plan=small.plan()).earnings)
    months = engine.collected(company().calendar).select("period", "start_date")
    judged = Judgement(True, "as_earned", "", "policy:1", date(2024, 1, 1))
    every = {("seller", "bookings"): (judged,)}
    made = contributed(of, months, SimpleNamespace(components=every, place="policy"))
    assert made.expensed.select("reason", "amount").rows() == [("given by hand", 250_000)]
    assert made.rows["amount"].sum() == 1_000_000


def test_a_cent_is_paid(tmp_path: Path):
    of = results(tmp_path, GIVEN | {"amount": D("-0.01"), "component": "bookings"})
    assert paid(of) == {("A", "2026-02"): D("79.99")}


def test_draws_are_recovered_of_it(tmp_path: Path):
    terms = "{draw: {kind: recoverable, amount: 100.00, months: 1}}"
    plan = small.plan(payment=terms)
    given = GIVEN | {"event_date": date(2026, 3, 2), "amount": 500}
    without = results(tmp_path, plan=plan)
    with_it = results(tmp_path, given, plan=plan)
    owed = [
        engine.collected(of.balances).filter(
            pl.col("payee_id") == "A", pl.col("period") == "2026-12"
        )
        for of in (without, with_it)
    ]
    assert sum(sum(frame["owed"]) for frame in owed[1:]) == 0
    more = sum(paid(with_it).values()) - sum(paid(without).values())
    assert more == D(500) - D(sum(owed[0]["owed"])) / 10_000


def test_receipt_and_statement_name_it_and_add_up(tmp_path: Path):
    said = small.parameters(small.written(tmp_path, CAPPED))
    people = company(GIVEN)
    of = calculated(people, said, "2026-02")
    (receipt,) = receipts.receipts(of, said.plans, {"A": "A"}, "A", "2026-02")
    assert receipt.total == D(105) and "adjustment ADJ-1" in str(receipt)
    (one,) = [s for s in statements(known.of_results(of), people, said, "2026-02") if s.paid]
    entries = [line for part in one.plans[0].parts for line in part.lines]
    (line,) = [line for line in entries if line.kind == "adjustment"]
    assert line.how == (("adjustment", "ADJ-1: its split was missing"),)
    assert one.paid == one.plans[0].earned == D(105)


@pytest.mark.parametrize("component", [None, "bookings"])
@pytest.mark.parametrize("plan", [CAPPED, small.plan()], ids=["capped", "plain"])
def test_arrays_pay_it_where_the_engine_does(tmp_path: Path, component: str | None, plan: str):
    said = small.parameters(small.written(tmp_path, plan))
    people = company(GIVEN | {"component": component})
    of = calculated(people, said)
    assert off(taken(people, said, of), of.earnings)["apart"].sum() == 0


def test_an_estimate_leaves_it_out_and_says_so(tmp_path: Path):
    said = small.parameters(small.written(tmp_path, CAPPED))
    made = estimates.estimate(estimates.payee(ready(company(GIVEN), said, "2026-02"), "A"), [])
    assert made.month == (D(80), D(80))
    assert any("Adjustments by hand" in word for word in made.untold)
