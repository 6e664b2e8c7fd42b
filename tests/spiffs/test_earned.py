"""Prizes of SPIFFs as lines of earnings: above every modifier, in the currency of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from spmlib.core import engine
from spmlib.incent.calculation import Parameters, Results, calculated
from spmlib.incent.contract_costs.contributions import contributed
from spmlib.incent.contract_costs.written import Judgement
from spmlib.incent.estimating import estimates
from spmlib.incent.estimating.ready import ready
from spmlib.incent.explaining import receipts
from spmlib.incent.modelling.arrays.taken import taken
from spmlib.incent.modelling.checks import off
from spmlib.incent.statements import known, statements
from spmlib.rules.spiffs import written
from tests import small

RUSH = """\
spiff: rush
title: February rush
window: {from: 2026-02-01, until: 2026-03-01}
score: {measure: bookings}
currency: USD
kept: 31
prizes:
  places: {1: 500, 2: 300.01}
"""
CAPPED = small.plan() + "modifiers:\n  - cap: {2026-01-01: 80.00}\n"
EURO = small.plan("euro", currency="EUR")
SOLD = (
    small.sale("T1", "A", date(2026, 2, 3), 1000),
    small.sale("T2", "B", date(2026, 2, 10), 400),
    small.sale("T3", "A", date(2026, 3, 10), 5),
)
RATES = [
    {
        "currency": one,
        "to_currency": other,
        "start_date": date(2026, 1, 1),
        "rate": rate,
        "kind": "spot",
    }
    for one, other, rate in (("USD", "EUR", D("0.9")), ("EUR", "USD", D("1.1")))
]


def company(*events: dict[str, Any], plans: str = "seller seller", rates: Any = RATES) -> Any:
    people = [small.person(who, plan) for who, plan in zip("AB", plans.split(), strict=True)]
    return small.company(
        payees=[payee for payee, _ in people],
        positions=[position for _, position in people],
        transactions=SOLD,
        events=events,
        currency_rates=rates,
    )


def parameters(folder: Path, *plans: str, spiff: str = RUSH) -> Parameters:
    said = small.parameters(small.written(folder, *(plans or (CAPPED,))))
    (folder / "spiffs").mkdir(exist_ok=True)
    (folder / "spiffs/rush.yaml").write_text(spiff, "utf-8")
    return replace(said, spiffs=written.read(folder / "spiffs", said.measures))


def prizes(of: Results) -> dict[tuple[str, str, str], D]:
    rows = engine.collected(of.earnings.filter(nw.col("kind") == "spiff"))
    named = rows.select("payee_id", "period", "currency", "amount").rows()
    return {(who, period, money): D(ticks) / 10_000 for who, period, money, ticks in named}


def cancelled(day: date, amount: int = -1000) -> dict[str, Any]:
    event = {"event_id": "E1", "transaction_id": "T1", "event": "cancellation"}
    return {**event, "event_date": day, "amount": amount}


def test_prizes_come_on_top_of_the_cap_with_the_month_of_the_last_day(tmp_path: Path):
    # 1,000 and 400 at 10 %, capped at 80 each year; then 500 and 300.01
    of = calculated(company(), parameters(tmp_path))
    assert prizes(of) == {("A", "2026-02", "USD"): D(500), ("B", "2026-02", "USD"): D("300.01")}
    paid = engine.collected(of.payouts).filter(pl.col("period") == "2026-02")
    assert dict(paid.select("payee_id", "amount").rows()) == {"A": 5_800_000, "B": 3_400_100}


def test_before_its_last_month_nothing_is_won_but_it_stands(tmp_path: Path):
    longer = RUSH.replace("until: 2026-03-01", "until: 2026-05-01")
    of = calculated(company(), parameters(tmp_path, spiff=longer), "2026-03")
    assert prizes(of) == {}
    standing = engine.collected(of.spiff_standings)
    assert standing.select("payee_id", "score", "place", "prize").rows() == [
        ("A", 10_050_000, 1, 5_000_000),
        ("B", 4_000_000, 2, 3_000_100),
    ]


def test_its_line_says_where_it_comes_from(tmp_path: Path):
    rows = engine.collected(calculated(company(), parameters(tmp_path)).earnings)
    line = rows.filter(pl.col("kind") == "spiff", pl.col("payee_id") == "A").to_dicts()[0]
    assert (line["event_id"], line["window"], line["source"]) == ("rush", "rush", "rush.yaml:8")
    assert (line["component"], line["transaction_id"], line["rule"]) == (None, None, None)
    assert (line["credited"], line["event_date"]) == (10_000_000, date(2026, 2, 28))


def test_it_can_be_paid_with_a_later_month_and_waits_for_the_calendar(tmp_path: Path):
    said = parameters(tmp_path, spiff=RUSH + "paid: 2026-04\n")
    assert set(prizes(calculated(company(), said))) == {
        ("A", "2026-04", "USD"),
        ("B", "2026-04", "USD"),
    }
    assert prizes(calculated(company(), said, "2026-03")) == {}


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2026, 3, 31), "B"), (date(2026, 4, 1), "A")],
    ids=["within 31 days", "later"],
)
def test_a_cancellation_within_the_days_kept_takes_the_place(tmp_path: Path, day: date, first: str):
    won = prizes(calculated(company(cancelled(day)), parameters(tmp_path)))
    assert max(won, key=won.__getitem__)[0] == first


def test_a_prize_is_paid_in_the_currency_of_the_plan_at_the_rate_of_the_last_day(tmp_path: Path):
    # B is credited in euro: 400 x 0.9 = 360 EUR; the score is in dollars all the same, of the
    # booking itself, not of the euro turned back (396).
    of = calculated(company(plans="seller euro"), parameters(tmp_path, CAPPED, EURO))
    scores = engine.collected(of.spiff_scores)
    assert dict(
        scores.filter(pl.col("transaction_id") == "T2").select("payee_id", "score").rows()
    ) == {"B": 4_000_000}
    # 300.01 x 0.9 = 270.009
    assert prizes(of)["B", "2026-02", "EUR"] == D("270.01")


def test_without_a_rate_or_a_plan_it_is_an_issue_and_not_paid(tmp_path: Path):
    said = parameters(tmp_path, CAPPED, EURO)
    ended = [row | {"start_date": date(2026, 3, 1)} for row in RATES]
    early = calculated(company(plans="seller euro", rates=ended), said)
    unpaid = company(plans="seller seller")
    for of, what in (
        (early, None),
        (calculated(without_plan(unpaid), said), "holds no plan on the last day"),
    ):
        told = engine.collected(of.issues.filter(nw.col("table") == "spiff_standings"))
        if what is None:
            assert told.is_empty() and ("B", "2026-02", "EUR") not in prizes(of)
        else:
            assert told["row"].to_list() == ["rush B"] and what in told["what"][0]


def test_what_has_no_rate_into_its_currency_is_an_issue_and_scores_nothing(tmp_path: Path):
    yen = RUSH.replace("currency: USD", "currency: JPY").replace("300.01", "300")
    of = calculated(company(), parameters(tmp_path, spiff=yen))
    assert engine.collected(of.spiff_scores).is_empty()
    told = engine.collected(of.issues.filter(nw.col("table") == "transactions"))
    assert told["row"].to_list() == ["T1", "T2", "T3"]
    assert set(told["what"]) == {"there is no rate from USD to JPY"}


def without_plan(of: Any) -> Any:
    """B's position holds no plan; A's bookings and B's are credited as before."""
    rows = engine.collected(of.positions)
    plan = pl.when(pl.col("payee_id") == "B").then(None).otherwise(pl.col("plan"))
    return replace(of, positions=engine.brought(rows.with_columns(plan=plan)))


def test_receipt_and_statement_name_it_and_add_up(tmp_path: Path):
    said, people = parameters(tmp_path), company()
    of = calculated(people, said, "2026-02")
    (receipt,) = receipts.receipts(of, said.plans, {"A": "A"}, "A", "2026-02")
    assert receipt.total == D(580) and "SPIFF rush" in str(receipt)
    made = [
        s for s in statements(known.of_results(of), people, said, "2026-02") if s.payee_id == "A"
    ]
    (line,) = [
        line for part in made[0].plans[0].parts for line in part.lines if line.kind == "spiff"
    ]
    assert line.how == (("adjustment", "rush: February rush"),)
    assert made[0].paid == D(580)


def test_it_is_no_cost_of_obtaining_a_contract(tmp_path: Path):
    of = engine.collected(calculated(company(), parameters(tmp_path, small.plan())).earnings)
    months = engine.collected(company().calendar).select("period", "start_date")
    judged = Judgement(True, "as_earned", "", "policy:1", date(2024, 1, 1))
    every = {("seller", "bookings"): (judged,)}
    made = contributed(of, months, SimpleNamespace(components=every, place="policy"))
    assert set(made.expensed["reason"]) == {"won in SPIFFs"}
    assert made.expensed["amount"].sum() == 8_000_100


@pytest.mark.parametrize("plan", [CAPPED, small.plan()], ids=["capped", "plain"])
def test_arrays_pay_it_where_the_engine_does(tmp_path: Path, plan: str):
    said, people = parameters(tmp_path, plan), company()
    of = calculated(people, said)
    assert off(taken(people, said, of), of.earnings)["apart"].sum() == 0


def test_an_estimate_leaves_it_out_and_says_so(tmp_path: Path):
    said = parameters(tmp_path)
    made = estimates.estimate(estimates.payee(ready(company(), said, "2026-02"), "A"), [])
    assert made.month == (D(80), D(80))
    assert any("prizes of SPIFFs" in word for word in made.untold)


def test_rules_that_count_can_be_named(tmp_path: Path):
    spiff = RUSH.replace("measure: bookings", "measure: bookings, rules: [lead]")
    crediting = small.OWNER + "  lead: {kind: roll_up, of: [owner], levels: 1}\n"
    folder = small.written(tmp_path, small.plan(), crediting=crediting)
    said = parameters_of(folder, spiff)
    people = company()
    rows = engine.collected(people.positions)
    boss = pl.when(pl.col("payee_id") == "A").then(pl.lit("B")).alias("manager_id")
    of = calculated(replace(people, positions=engine.brought(rows.with_columns(boss))), said)
    assert engine.collected(of.spiff_scores).select("payee_id", "transaction_id").rows() == [
        ("B", "T1")
    ]


def parameters_of(folder: Path, spiff: str) -> Parameters:
    said = small.parameters(folder)
    (folder / "spiffs").mkdir()
    (folder / "spiffs/rush.yaml").write_text(spiff, "utf-8")
    return replace(said, spiffs=written.read(folder / "spiffs", said.measures))
