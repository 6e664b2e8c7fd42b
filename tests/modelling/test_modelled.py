"""What another plan would have paid is what the engine pays under it; small cases by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.calculation import calculated
from spmlib.incent.modelling import compared, explained, modelled, seen, written
from tests import small
from tests.modelling import firms
from tests.shared import SHARED

ROWS = "components.bookings.table.2026-01-01"
# Ann: 150,000 of 100,000: 50,000 x 10 % + 50,000 x 12 % + 50,000 x 20 % = 21,000; Bob: 4,000.
NOW = {"Ann": 21_000, "Bob": 4_000}
CASES = {
    # 50,000 x 10 % + 50,000 x 15 % + 50,000 x 20 % = 22,500; Bob stays below half.
    "a rate": (["seller", f"{ROWS}.2.rate", "15%"], {"Ann": 22_500, "Bob": 4_000}),
    # 30,000 x 10 % + 70,000 x 12 % + 50,000 x 20 % = 21,400; Bob 3,000 + 10,000 x 12 % = 4,200.
    "a threshold": (["seller", f"{ROWS}.2.from", "30%"], {"Ann": 21_400, "Bob": 4_200}),
    "a cap": (["seller", "modifiers.1.cap.2026-01-01", "15_000.00"], {"Ann": 15_000, "Bob": 4_000}),
    # Quota 125,000: 62,500 x 10 % + 62,500 x 12 % + 25,000 x 20 % = 18,750.
    "quotas": (["quotas", "bookings", "125%"], {"Ann": 18_750, "Bob": 4_000}),
    # Bob's quota 50,000: 25,000 x 10 % + 15,000 x 12 % = 4,300.
    "quotas of a role": (["quotas", "bookings.junior", "50%"], {"Ann": 21_000, "Bob": 4_300}),
    # The reversal of 10,000 and Bob's 40,000 no longer count: 5,000 + 6,000 + 60,000 x 20 %.
    "what counts": (
        ["measures", "bookings.where", "{amount: {at_least: 50_000}}"],
        {"Ann": 23_000},
    ),
    # Half of everything: 5,000 + 25,000 x 12 %; 2,000.
    "who is credited": (["crediting", "rules.owner.share", "50%"], {"Ann": 8_000, "Bob": 2_000}),
    "no table but one": (
        ["seller", "components.bookings.table", "{2026-01-01: [{from: 0%, rate: 10%}]}"],
        {"Ann": 15_000, "Bob": 4_000},
    ),
}


@pytest.fixture
def folder(tmp_path):
    return firms.folder(tmp_path)


def paid(model):
    rows = engine.collected(compared.pay([model], "2026-10"))
    sums = rows.group_by("payee_id").agg(pl.col("amount").sum() / 10_000)
    return dict(sums.iter_rows())


@pytest.mark.parametrize("name", CASES)
def test_by_hand(folder, name):
    (file, word, to), then = CASES[name]
    firms.scenario(folder, "more", f"{{file: {file}, word: {word}, to: {to}}}")
    both = firms.models(folder, "more")
    assert paid(both["base"]) == NOW
    assert paid(both["more"]) == then


def published(name):
    path = SHARED / "worked-examples/commission.json"
    if not path.exists():
        pytest.skip(f"{path} is not there; set SPMLIB_SHARED to where it is")
    return next(case for case in json.loads(path.read_text("utf-8")) if case["id"] == name)


def sold(folder, amount, quota, target=12_000):
    """What one person who sold so much earns, as it is and under the scenario ``more``."""
    payee, held = small.person("Ann", "seller", target_incentive=target)
    company = small.company(
        payees=[payee],
        positions=[held],
        quotas=[small.quota("Ann", quota)],
        transactions=[small.sale("T1", "Ann", date(2026, 3, 10), amount)],
    )
    return [
        paid(modelled.modelled(company, written.read(folder, name), "2026-12"))["Ann"]
        for name in ("base", "more")
    ]


def test_a_published_accelerator_beside_a_straight_line(tmp_path):
    """Of a plan without accelerators, 130 % of quota pays 130 % of the target."""
    case, then = published("A18")["inputs"], published("A18")["expected"]
    straight = "{2026-01-01: [{from: 0%, rate: 100%}]}"
    words = {"thresholds": "quota", "pays": "target", "weight": "100%", "proration": "none"}
    folder = firms.folder(tmp_path, small.plan(table=straight, **words))
    rows = ", ".join(
        f"{{from: {start}%, rate: {float(times):.0%}}}" for start, _, times in case["mult"]
    )
    firms.scenario(folder, "more", f"{{file: seller, word: {ROWS}, to: [{rows}]}}")
    now, more = sold(folder, case["sales"], case["quota"], case["variable"])
    assert now == 130_000
    assert more == float(then["payout"])


def test_published_tiers_beside_their_first_rate(tmp_path):
    case, then = published("A20")["inputs"], published("A20")["expected"]
    folder = firms.folder(tmp_path, small.plan(table="{2026-01-01: [{from: 0, rate: 5%}]}"))
    changes = [
        f"{{file: seller, word: {ROWS}.{number}, to: {{from: {start}, rate: {float(rate):.0%}}}}}"
        for number, (start, _, rate) in enumerate(case["tiers"], start=1)
    ]
    firms.scenario(folder, "more", *changes)
    now, more = sold(folder, case["value"], 1)
    assert now == 7_500
    assert more == float(then["total"])


def test_a_target_incentive_of_a_role(tmp_path):
    table = "{2026-01-01: [{from: 0%, payout: 0%}, {from: 40%, payout: 50%}]}"
    words = {"thresholds": "quota", "pays": "target", "weight": "100%", "proration": "months"}
    plan = small.plan(table=table, crossing="", boundary="upper", **words)
    folder = firms.folder(tmp_path, plan)
    firms.scenario(folder, "more", "{file: target_incentives, word: junior, to: 110%}")
    both = firms.models(folder, "more")  # half of 12,000; of 13,200
    assert paid(both["base"]) == {"Ann": 6_000, "Bob": 6_000}
    assert paid(both["more"]) == {"Ann": 6_000, "Bob": 6_600}


def test_a_scenario_that_changes_nothing_pays_the_same_lines(folder):
    firms.scenario(folder, "same")
    both = firms.models(folder, "same")
    plain = calculated(firms.firm(), small.parameters(folder), "2026-10")
    lines = [
        engine.collected(one).sort("payee_id", "event_date", "transaction_id", "kind")
        for one in (*(m.results.earnings for m in both.values()), plain.earnings)
    ]
    assert lines[0].equals(lines[1])
    assert lines[0].equals(lines[2])


def test_twice_the_rates_of_a_linear_plan_pay_twice(tmp_path):
    folder = firms.folder(
        tmp_path, small.plan(thresholds="money", table="{2026-01-01: [{from: 0, rate: 3.37%}]}")
    )
    firms.scenario(folder, "twice", f"{{file: seller, word: {ROWS}.1.rate, to: 6.74%}}")
    both = firms.models(folder, "twice")
    assert paid(both["twice"]) == {who: 2 * amount for who, amount in paid(both["base"]).items()}


def test_what_is_sold_after_the_last_period_is_left_out(folder):
    early = modelled.modelled(firms.firm(), written.read(folder, "base"), "2026-02")
    assert paid(early) == {"Ann": 6_200, "Bob": 4_000}


def test_differences_people_groups_and_totals_agree(folder):
    firms.scenario(folder, "cap", "{file: seller, word: modifiers.1.cap.2026-01-01, to: 15_000.00}")
    firms.scenario(folder, "rate", f"{{file: seller, word: {ROWS}.1.rate, to: 11%}}")
    models = firms.models(folder, "cap", "rate")
    rows = compared.differences(models, "USD", "2026-10")
    told = compared.people(rows, "rate")
    # 10,000 of target to date: Ann 500 more, Bob 400.
    assert list(told["payee_id"]) == ["Ann", "Bob"]
    assert [float(x) for x in told["difference"]] == [500, 400]
    assert [float(x) for x in told["target"]] == [10_000, 10_000]
    assert [float(x) for x in told["share"]] == [0.05, 0.04]
    one = compared.one(rows, "cap")
    assert (one["winners"], one["losers"], float(one["difference"]), one["worst"]) == (
        0,
        1,
        -6000,
        0.6,
    )
    roles = compared.groups(rows, "role").set_index(["scenario", "role"])
    assert float(roles.loc[("cap", "seller"), "difference"]) == -6000
    months = compared.by(models, "period", "USD", "2026-10")
    last = months[months["period"] == "2026-10"].set_index("scenario")
    assert float(last.loc["cap", "over"]) == -6000
    assert float(last.loc["base", "earned"]) == 25_000
    parts = compared.by(models, "component", "USD", "2026-10").set_index(["scenario", "component"])
    assert float(parts.loc[("cap", "whole_plan"), "difference"]) == -6000
    assert compared.of_person(models, "cap", "Ann", "2026-10") == Decimal(-6000)


def test_why_a_persons_pay_moves(folder):
    firms.scenario(
        folder,
        "more",
        f"{{file: seller, word: {ROWS}.2.rate, to: 15%}}",
        "{file: seller, word: modifiers.1.cap.2026-01-01, to: 20_000.00}",
    )
    models = firms.models(folder, "more")
    rows = compared.differences(models, "USD", "2026-10")
    assert explained.most_moved(rows, "more") == "Ann"
    told = explained.explained(models["base"], models["more"], "Ann", "2026-10")
    moved = told[told["difference"] != 0].set_index("kind")
    assert moved.loc["credit", "difference"] == Decimal(1500)
    assert moved.loc["credit", "rule_now"] == "from 50%: 12%"
    assert moved.loc["credit", "rule_then"] == "from 50%: 15%"
    assert moved.loc["credit", "source_now"].startswith("seller.yaml:")
    assert moved.loc["credit", "source_then"] == "more.yaml:5"
    assert (moved.loc["cap", "difference"], moved.loc["cap", "rule_then"]) == (
        -2500,
        "cap 20,000.00",
    )
    assert moved.loc["cap", "source_then"] == "more.yaml:6"
    assert told["difference"].sum() == compared.of_person(models, "more", "Ann", "2026-10")


def test_rows_written_on_one_line_are_told_together(tmp_path):
    table = "{2026-01-01: [{from: 0%, rate: 10%}, {from: 50%, rate: 12%}]}"
    plan = small.plan(thresholds="quota", proration="none", table=table)
    models = firms.models(firms.folder(tmp_path, plan))
    told = explained.explained(models["base"], models["base"], "Ann", "2026-10")
    assert list(told["rule_now"]) == ["from 0%: 10%; from 50%: 12%"]
    assert list(told["now"]) == [Decimal(17_000)]


def test_who_left_the_plan_still_costs_what_they_earned(folder):
    company = firms.firm()
    (_, anns), (_, bobs) = small.person("Ann", "seller"), small.person("Bob", None)
    anns |= {"end_date": date(2026, 7, 1)}
    later = {**anns, "start_date": date(2026, 7, 1), "end_date": None, "plan": None}
    bobs |= {"plan": "seller"}
    positions = small.company(positions=[anns, later, bobs]).positions
    moved = replace(company, positions=positions)
    base = modelled.modelled(moved, written.read(folder, "base"), "2026-10")
    told = seen.standings({"base": base}, "USD", "2026-10").set_index("payee_id")
    assert told.loc["Ann", "earned"] == 21_000
    months = compared.by({"base": base}, "period", "USD", "2026-10")
    assert float(months["amount"].sum()) == told["earned"].sum()


def test_goals_that_change(tmp_path):
    folder = firms.folder(tmp_path)
    firms.scenario(folder, "more", "{file: quotas, word: bookings.seller, to: 125%}")
    models = firms.models(folder, "more")
    told = explained.goals(models["base"], models["more"], "Ann", "2026-10").iloc[0]
    assert tuple(told[["component", "window", "goal", "now", "then"]]) == (
        "bookings",
        "2026",
        "quota",
        Decimal(100_000),
        Decimal(125_000),
    )
    assert (told["attainment_now"], told["attainment_then"]) == (1.5, 1.2)
    assert told["source"] == "more.yaml:5"
    assert explained.goals(models["base"], models["more"], "Bob", "2026-10").empty


def test_how_people_stand(folder):
    models = firms.models(folder)
    told = seen.standings(models, "USD", "2026-10").set_index("payee_id")
    # Quota to date 304 of 365 days: 83,287.67; 150,000 over it.
    assert told.loc["Ann", "attainment"] == pytest.approx(150_000 / 83_287.67)
    assert told.loc["Ann", "payout"] == pytest.approx(2.1)
    looked = seen.seen(models, told.reset_index(), "USD", "2026-10")["base"]
    assert looked.booked == 190_000
    dots = seen.on_curve(models, "seller", "2026-10").set_index("payee_id")
    # Pay at quota: 50,000 x 10 % + 50,000 x 12 % = 11,000.
    assert dots.loc["Ann", "payout"] == pytest.approx(21 / 11)
    assert dots.loc["Bob", "attainment"] == pytest.approx(0.4)
    drawn = seen.plan_curves(models, "seller", "2026-10").set_index("attainment")["payout"]
    assert drawn.loc[1.5] == pytest.approx(21 / 11)
    steep = seen.leverages(models, told.reset_index(), "2026-10").iloc[0]
    assert steep["leverage"] == pytest.approx((11_000 + (steep["best"] - 1) * 20_000) / 11_000)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda m, d: compared.by(m, "team", "USD", "2026-10"), "pay is not told by 'team'"),
        (lambda m, d: compared.by({}, "plan", "USD", "2026-10"), "model 'base' too"),
        (lambda m, d: compared.people(d, "bes"), "nobody was compared under 'bes'; there is same"),
        (lambda m, d: compared.pair(m, "sane"), "'sane' is not modelled; write 'same'"),
        (lambda m, d: explained.most_moved(d, "no"), "nobody is paid under 'no'"),
        (
            lambda m, d: explained.explained(m["base"], m["same"], "Zoe", "2026-10"),
            "Zoe earns nothing",
        ),
        (lambda m, d: seen.plan_curves(m, "saler", "2026-10"), "no plan 'saler'; write"),
    ],
)
def test_what_cannot_be_told_is_refused(folder, asked, says):
    firms.scenario(folder, "same")
    models = firms.models(folder, "same")
    rows = compared.differences(models, "USD", "2026-10")
    with pytest.raises(ParameterError, match=says):
        asked(models, rows)


def test_a_plan_without_quotas_has_no_curve_by_attainment(tmp_path):
    folder = firms.folder(tmp_path, small.plan())
    with pytest.raises(ParameterError, match="is paid for no share of a quota"):
        seen.plan_curves(firms.models(folder), "seller", "2026-10")
