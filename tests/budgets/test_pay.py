"""Simulated pay: against the engine on the sample company, integrals, and rules worked by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import lognorm

from spmlib.core import engine
from spmlib.core.pay import Pay
from spmlib.core.tables import PayRecords
from spmlib.incent.calculation import calculated
from spmlib.incent.summaries import budgeted
from spmlib.orchestrate.budgets import integrals
from spmlib.rules import measures
from spmlib.rules import plans as files
from spmlib.rules.estimated import earned, pasts, plans
from spmlib.rules.estimated.earned import Sold
from spmlib.rules.estimated.plans import Component, Curve, PlanPay, Rule
from tests import small


def curve(*brackets, when=0.0, lower=False):
    """A curve of brackets: start, constant, slope, bend."""
    starts = np.array([-1e30, *(start for start, *_ in brackets[1:])])
    return Curve(when, starts, np.array([parts for _, *parts in brackets], float), lower)


TIERS = curve((0, 0, 0.08, 0), (0.5, 0.01, 0.06, 0), (1, -0.05, 0.12, 0))
GLIDES = curve((0, 0, 0.5, 0), (0.8, 0.72, -0.5, 0.25), (1.5, 2, 0, 0))


def component(**words):
    usual = {
        "plan": "p",
        "name": "c",
        "measure": "m",
        "unit": "money",
        "length": 12,
        "counts": "quota",
        "to_date": False,
        "pays": "rate",
        "weight": 0.0,
        "curves": (TIERS,),
        "matrix": "",
        "matrix_of": "",
        "matrix_lower": False,
        "rules": (),
    }
    return Component(**(usual | words))


def rule(kind, **words):
    usual = {
        "measure": "",
        "of": "none",
        "length": 0,
        "starts": np.array([0.0]),
        "factors": np.array([1.0]),
        "strict": False,
        "loses": False,
        "limit": 0.0,
        "of_target": False,
    }
    return Rule(kind, **(usual | words))


def sold(credited, goals=None, target=0.0, held=1.0, **more):
    """One person, one run; twelve months from lists or one number for all of them."""

    def months(value):
        return np.broadcast_to(np.asarray(value, float), (1, 1, 12)).copy()

    asked = {} if goals is None else {"m": months(goals)}
    counted = {"m": months(credited)} | {n: months(v[0]) for n, v in more.items()}
    asked |= {n: months(v[1]) for n, v in more.items() if v[1] is not None}
    return Sold(counted, asked, months(target), months(held), np.array([0.1]))


def year(of, what):
    return earned.by_component(of, what)[0, 0]


def test_a_year_on_tiers_by_hand():
    # Quota 1,200; 150 a month: 1,800 to date. Half of quota at 8 %, up to quota 6 %, then 12 %.
    paid = year(component(), sold(150, 100))
    assert paid[:4] == pytest.approx([12] * 4)  # 600 at 8 %
    assert paid[4:8] == pytest.approx([9] * 4)  # 600 at 6 %
    assert paid[8:] == pytest.approx([18] * 4)  # 600 at 12 %


def test_quarters_begin_again_and_pay_of_target_is_that_of_the_window():
    # Each quarter reaches half, then all, then one and a half times its quota of 300.
    of = component(length=3, pays="target", weight=0.6, curves=(GLIDES,))
    paid = year(of, sold([150] * 12, 100, target=1000))
    # 0.5 x 0.5 = 0.25; at 1: 0.72 - 0.5 + 0.25 = 0.47; at 1.5: 2. Times 60 % of 3,000.
    assert paid[:3] == pytest.approx([0.25 * 1800, 0.22 * 1800, 1.53 * 1800])
    assert paid[3:6] == pytest.approx(paid[:3])


def test_quota_to_date_gives_and_takes_back():
    of = component(to_date=True, pays="target", weight=1.0, curves=(curve((0, 0, 1, 0)),))
    paid = year(of, sold([200, 0] + [100] * 10, 100, target=10))
    # Twice the quota to date, then just all of it: 240, then 120 of a year's target of 120.
    assert paid[:3] == pytest.approx([240, -120, 0])


@pytest.mark.parametrize(("renewed", "paid"), [(79, 0), (80, 8), (81, 8), (-5, 0)])
def test_a_gate_withholds_below_and_not_at_its_threshold(renewed, paid):
    gate = rule("gate", measure="r", of="quota_to_date", starts=np.array([0.8]))
    told = year(component(rules=(gate,)), sold(100, 100, r=(renewed, 100)))
    assert told[0] == pytest.approx(paid)


def test_a_gate_that_withholds_pays_later_and_one_that_loses_does_not():
    renewed = [50, 150] + [100] * 10
    for loses, second in ((False, 16), (True, 8)):
        gate = rule("gate", measure="r", of="quota_to_date", starts=np.array([0.8]), loses=loses)
        told = year(component(rules=(gate,)), sold(100, 100, r=(renewed, 100)))
        assert told[:2] == pytest.approx([0, second])


@pytest.mark.parametrize(("kind", "strict", "paid"), [("gate", True, 0), ("gate", False, 8)])
def test_more_than_shuts_at_the_threshold_itself(kind, strict, paid):
    gate = rule(kind, measure="r", of="quota", starts=np.array([1.0]), strict=strict)
    told = year(component(rules=(gate,)), sold([100] + [0] * 11, 100, r=([1200] + [0] * 11, 100)))
    assert told[0] == pytest.approx(paid)


def test_a_multiplier_takes_the_step_that_is_reached():
    steps = rule(
        "multiplier", measure="r", starts=np.array([0.0, 10.0]), factors=np.array([0.5, 2.0])
    )
    told = year(component(rules=(steps,)), sold(100, 100, r=([9.0, 1.0] + [0] * 10, None)))
    assert told[:2] == pytest.approx([4, 28])  # 8 x 0.5; then 16 x 2 less that


def test_caps_and_floors_of_money_and_of_target():
    assert year(component(rules=(rule("cap", limit=20.0),)), sold(100, 100)).sum() == 20
    floor = rule("floor", limit=0.25, of_target=True)
    of = component(length=3, pays="target", weight=0.2, curves=(GLIDES,), rules=(floor,))
    told = year(of, sold(0, 100, target=100))
    assert told[:4] == pytest.approx([15, 0, 0, 15])  # a quarter of 20 % of 300
    assert year(of, sold(0, 100, target=100, held=0.0)).sum() == 0  # nobody there, nothing certain


def test_a_cap_of_the_whole_plan_is_that_of_the_year():
    plan = PlanPay("p", "P", "USD", (component(),), (rule("cap", limit=30.0),))
    told = earned.earned(plan, sold(150, 100), {"c": 2.0})[0, 0]
    assert told[:3] == pytest.approx([24, 6, 0])


def test_a_matrix_looks_where_its_measure_is_drawn_and_takes_its_last_cell_where_not():
    cells = (curve((0, 0, 0.1, 0)), curve((0, 0, 0.2, 0), when=1.0))
    of = component(curves=cells, matrix="r", matrix_of="quota_to_date")
    assert year(of, sold(100, 100, r=(99, 100)))[0] == pytest.approx(10)
    assert year(of, sold(100, 100, r=(100, 100)))[0] == pytest.approx(20)
    assert year(of, sold(100, 100))[0] == pytest.approx(20)


def test_a_threshold_belongs_to_the_bracket_it_is_said_to():
    jump = ((0, 0, 0, 0), (1, 5, 0, 0))
    u = np.array([np.nextafter(1, 0), 1.0, np.nextafter(1, 2), -3.0])
    assert curve(*jump).at(u).tolist() == [0, 5, 5, 0]
    assert curve(*jump, lower=True).at(u).tolist() == [0, 0, 5, 0]


def test_who_has_no_quota_earns_nothing_by_it():
    assert year(component(), sold(100)).sum() == 0


def test_differences_undo_running_sums():
    values = np.random.default_rng(1).normal(size=(3, 5, 12))
    for length in (1, 3, 6, 12):
        assert earned.differences(earned.running(values, length), length) == pytest.approx(values)


@pytest.mark.parametrize("of", [TIERS, GLIDES], ids=["tiers", "glides"])
@pytest.mark.parametrize(("mean", "spread"), [(0.3, 0.2), (1.0, 0.5), (1.4, 1.2)])
def test_the_integral_of_a_curve_is_what_quadrature_says(of, mean, spread):
    width = np.sqrt(np.log1p(spread**2))
    law = lognorm(width, scale=mean * np.exp(-(width**2) / 2))
    edges = [0, *of.starts[1:], np.inf]
    told = sum(
        quad(lambda u: float(of.at(np.array([u]))[0]) * law.pdf(u), low, high, limit=200)[0]
        for low, high in pairwise(edges)
    )
    assert integrals.expected(of, mean, spread) == pytest.approx(told, rel=1e-6)


PLANS = (
    {"thresholds": "quota",
     "table": "{2026-01-01: [{from: 0%, rate: 8%}, {from: 100%, rate: 12%}]}"},
    {"crossing": "whole", "boundary": "upper", "accumulate": "quarter",
     "table": "{2026-01-01: [{from: 0, rate: 2%}, {from: 20_000, rate: 3%}]}"},
    {"thresholds": "quota", "quota": "to_date", "on_change": "restate",
     "table": "{2026-01-01: [{from: 0%, rate: 5%}, {from: 100%, rate: 9%}]}"},
    {"thresholds": "quota", "pays": "target", "weight": "100%", "crossing": "",
     "within": "interpolate", "accumulate": "half", "proration": "none",
     "table": "{2026-01-01: [{from: 0%, payout: 0%}, {from: 90%, payout: 60%}, "
              "{from: 120%, payout: 180%}]}"},
    {"thresholds": "quota", "pays": "amount", "crossing": "", "boundary": "lower",
     "table": "{2026-01-01: [{from: 0%, amount: 0}, {from: 100%, amount: 5_000}]}"},
    {"modifiers": "[{cap: {2026-01-01: 3_000}}, {floor: {2026-01-01: 500}}]"},
)  # fmt: skip


@pytest.mark.parametrize("words", PLANS, ids=range(len(PLANS)))
def test_what_the_curve_gives_is_what_the_engine_pays(words, tmp_path):
    """Every month of two people's year, to the cent: the engine is the other way to compute it."""
    said = small.parameters(small.written(tmp_path, small.plan(**words)))
    random = np.random.default_rng(len(str(words)))
    amounts = random.integers(1_000, 30_000, (2, 12))
    people = ("a", "b")
    company = small.company(
        payees=[{"payee_id": p, "name": p, "currency": "USD", "hire_date": date(2020, 1, 1)}
                for p in people],
        positions=[{"payee_id": p, "start_date": date(2026, 1, 1), "role": "r", "team": "sales",
                    "plan": "seller", "target_incentive": 24_000, "base_pay": 60_000}
                   for p in people],
        transactions=[
            {"transaction_id": f"{p}{m}", "event_date": date(2026, m + 1, 9), "owner_id": p,
             "kind": "new", "currency": "USD", "amount": int(amounts[n, m])}
            for n, p in enumerate(people) for m in range(12)],
        quotas=[
            {"payee_id": p, "measure": "bookings", "start_date": date(2026, m, 1),
             "end_date": date(2026 + m // 12, m % 12 + 1, 1), "amount": 9_000 + 500 * m}
            for p in people for m in range(1, 13)],
    )  # fmt: skip
    results = calculated(company, said)
    pay = budgeted.pay(results, company, said, date(2027, 1, 1))
    plan = plans.in_force(pay, date(2026, 12, 31))["seller"]
    past = pasts.past(plan, 2026, company, pay)
    told = earned.earned(plan, past.sold)[:, 0]
    assert past.people == people
    assert past.earned["bookings"].sum() > 0
    assert told == pytest.approx(past.earned["bookings"], abs=0.011)


def test_records_end_before_the_day(tmp_path):
    said = small.parameters(small.written(tmp_path, small.plan()))
    company = small.company(
        payees=[{"payee_id": "a", "name": "a", "currency": "USD", "hire_date": date(2020, 1, 1)}],
        positions=[{"payee_id": "a", "start_date": date(2026, 1, 1), "role": "r", "team": "sales",
                    "plan": "seller"}],
        transactions=[{"transaction_id": str(m), "event_date": date(2026, m, 9), "owner_id": "a",
                       "currency": "USD", "amount": 100} for m in (1, 2, 3)],
    )  # fmt: skip
    results = calculated(company, said)
    for day, months in ((date(2026, 2, 28), 1), (date(2026, 3, 1), 2), (date(2026, 3, 2), 2)):
        records = budgeted.pay(results, company, said, day).records
        rows = engine.collected(records)
        assert rows["credited"].sum() == 100 * months
        assert rows.columns == list(PayRecords.columns())


def test_dated_tables_are_those_of_the_day(tmp_path):
    text = "{2026-01-01: [{from: 0, rate: 10%}], 2026-07-01: [{from: 0, rate: 20%}]}"
    folder = small.written(tmp_path, small.plan(table=text))
    counted = measures.read(folder / "measures.yaml")
    known = files.read(folder / "plans", counted)
    told = Pay(
        budgeted.pay_curves(known, counted), budgeted.pay_rules(known), engine.empty(PayRecords)
    )
    for day, rate in ((date(2026, 6, 30), 0.1), (date(2026, 7, 1), 0.2)):
        one = plans.in_force(told, day)["seller"].components[0]
        assert one.curves[0].at(np.array([1000.0]))[0] == pytest.approx(1000 * rate)
    assert plans.in_force(told, date(2025, 12, 31)) == {}
