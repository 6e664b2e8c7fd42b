"""Companies drawn and paid: against closed forms, exact fractions, the engine, and themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import lognorm

from spmlib.core.errors import ParameterError
from spmlib.incent.calculation import calculated
from spmlib.incent.modelling.simulated import draws, measures, pays, terms
from spmlib.incent.modelling.simulated.pays import Scenario, simulated
from spmlib.incent.modelling.simulated.spreads import Own, Shared, correlations
from spmlib.incent.summaries import budgeted
from spmlib.rules import curves
from spmlib.rules.estimated import earned, pasts, plans
from tests import small
from tests.modelling_simulated import made

RUNS = 20_000


@pytest.fixture
def seller(tmp_path):
    return made.pays(made.parameters(tmp_path, small.plan(**made.RATES)))["seller"]


def lognormal(spread, mean=1.0):
    width = np.sqrt(np.log1p(spread**2))
    return lognorm(width, scale=mean * np.exp(-(width**2) / 2))


def integral(spread, mean=1.0):
    """The mean of 8 % to quota, 12 % to 150 %, 6 % beyond: layers of a lognormal law."""
    law, grid = lognormal(spread, mean), np.linspace(0, 30, 600_001)
    beyond = law.sf(grid)

    def layer(low, high):
        inside = (grid >= low) & (grid <= high)
        return np.trapezoid(beyond[inside], grid[inside])

    return 0.08 * layer(0, 1) + 0.12 * layer(1, 1.5) + 0.06 * layer(1.5, 30)


@pytest.mark.parametrize("mean", [0.6, 1.0, 1.4])
@pytest.mark.parametrize("spread", [0.1, 0.4, 1.0])
def test_one_persons_cost_is_the_integral_of_the_curve(seller, spread, mean):
    of = made.ready(made.known(seller, level=mean), among=Shared(market_year=spread))
    cost = simulated(of, runs=RUNS).costs["base"]
    error = cost.std() / np.sqrt(RUNS)
    assert abs(cost.mean() - made.QUOTA * integral(spread, mean)) < 4 * error


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_quantile_of_pay_is_the_pay_of_the_quantile(seller, share):
    """Pay rises with attainment, so that the two change places."""
    of = made.ready(made.known(seller), among=Shared(market_year=0.5))
    cost = simulated(of, runs=RUNS).costs["base"]
    at = lognormal(0.5).ppf(share)
    told = seller.components[0].curves[0].at(np.array([at]))[0] * made.QUOTA
    away = 4 * np.sqrt(share * (1 - share) / RUNS)
    low, high = np.quantile(cost, [share - away, min(share + away, 1.0)])
    assert low <= told <= high


@pytest.mark.parametrize("level", ["-0.25", "0", "0.5", "1", "1.25", "1.5", "2"])
@pytest.mark.parametrize("words", [made.RATES, made.PAYOUTS])
def test_without_spread_pay_is_exact_fractions_at_what_is_expected(tmp_path, words, level):
    given = made.parameters(tmp_path, small.plan(**words))
    component = given.plans["seller"].components["bookings"]
    of = made.ready(made.known(made.pays(given)["seller"], level=float(level)))
    cost = simulated(of, runs=2).costs["base"]
    table = curves.brackets(component, component.tables[date(2026, 1, 1)])
    stick = made.QUOTA if component.pays == "rate" else 12_000.0
    told = float(curves.earned(table, Fraction(level))) * stick
    assert cost == pytest.approx([told, told], rel=1e-12, abs=1e-9)


def test_people_go_together_as_their_spreads_say(seller):
    among, own = Shared(0.2, 0.1, 0.15, 0.1), Own(0.2, 0.3, common=0.15)
    of = made.known(seller, people=3, person=own.person, luck=own.luck)
    of = replace(of, team=np.array([0, 0, 1]), own={"bookings": own})
    attained = simulated(made.ready(of, among=among), runs=RUNS).attained
    told = np.corrcoef(attained)
    inside, outside, spread = correlations(among, own)
    assert told[0, 1] == pytest.approx(inside, abs=0.03)
    assert told[0, 2] == pytest.approx(outside, abs=0.03)
    assert attained.std(axis=1) == pytest.approx(np.full(3, spread), rel=0.06)
    assert attained.mean(axis=1) == pytest.approx(np.ones(3), abs=4 * spread / np.sqrt(RUNS))


def test_the_same_seed_draws_the_same_and_more_runs_go_on_from_there(seller):
    of = made.ready(made.known(seller, 2, person=0.2, luck=0.5), among=Shared(0.1))
    few, many = simulated(of, runs=700), simulated(of, runs=1_900)
    assert (many.pays["base"][:, :700] == few.pays["base"]).all()
    assert (simulated(of, runs=700).pays["base"] == few.pays["base"]).all()
    other = replace(of, decided=replace(of.decided, seed=8))
    assert (simulated(other, runs=700).pays["base"] != few.pays["base"]).all()


def test_scenarios_pay_for_the_same_sales(tmp_path):
    given = made.parameters(tmp_path, small.plan(**made.RATES))
    own = made.pays(given)["seller"]
    of = made.ready(made.known(own, 3, person=0.2, luck=0.5))
    told = simulated(of, {"same": pays.scenario(of, given), "harder": Scenario(quota=1.1)}, 500)
    assert (told.pays["same"] == told.pays["base"]).all()
    assert told.costs["harder"].mean() < told.costs["base"].mean()
    # A quota a tenth higher pays what the table pays of a tenth less attainment, times the quota.
    again = own.components[0].curves[0].at(told.attained / 1.1) * made.QUOTA * 1.1
    assert told.pays["harder"] == pytest.approx(again)


GATE = "[gate: {measure: bookings, at_least: 60%, of: quota, otherwise: withhold}]"
MULTIPLIER = (
    "[multiplier: {measure: bookings, of: quota_to_date, boundary: upper, table: "
    "{2026-01-01: [{from: 0%, factor: 0.9}, {from: 90%, factor: 1.1}]}}, cap: {2026-01-01: 60_000}]"
)
LOSE = "[gate: {measure: bookings, at_least: 60%, of: quota_to_date, otherwise: lose}]"


@pytest.mark.parametrize("modifiers", ["", GATE, MULTIPLIER])
@pytest.mark.parametrize("window", ["month", "quarter", "half", "year"])
@pytest.mark.parametrize("words", [made.RATES, made.PAYOUTS, made.RATES | {"quota": "to_date"}])
def test_the_longest_parts_of_a_year_pay_what_its_months_pay(tmp_path, words, window, modifiers):
    text = small.plan(**(words | {"accumulate": window, "modifiers": modifiers}))
    plan = made.pays(made.parameters(tmp_path, text))["seller"]
    length = earned.lattice(plan)
    assert length == {"month": 1, "quarter": 3, "half": 6, "year": 12}[window]
    of = made.ready(made.known(plan, 2, person=0.3, luck=1.0))
    known = of.known["seller"]
    ((_, batch),) = draws.batches(of, 200)
    monthly = draws.drawn(of, known, batch, 1)
    joined = draws.drawn(of, known, batch, length)
    assert joined.credited["bookings"].shape[-1] == 12 // length
    assert earned.earned(plan, joined).sum(-1) == pytest.approx(
        earned.earned(plan, monthly).sum(-1)
    )


def test_a_gate_that_loses_is_looked_at_every_month(tmp_path):
    text = small.plan(**(made.RATES | {"modifiers": LOSE}))
    plan = made.pays(made.parameters(tmp_path, text))["seller"]
    assert earned.lattice(plan) == 1


QUARTER = {"accumulate": "quarter", "modifiers": "[cap: {2026-01-01: 150%}]"}


@pytest.mark.parametrize("words", [made.RATES, made.PAYOUTS | QUARTER])
def test_what_was_really_sold_is_paid_as_the_engine_pays_it(tmp_path, words):
    given = made.parameters(tmp_path, small.plan(**words))
    people = [small.person(name, "seller") for name in ("A", "B")]
    months = [30, 0, 170, 60, 45, 20, -10, 90, 80, 260, 15, 75]
    sales = [
        small.sale(f"{who}{month}", who, date(2026, month, 9), amount * 1000 * times)
        for who, times in (("A", 1), ("B", 2))
        for month, amount in enumerate(months, start=1)
    ]
    company = small.company(
        payees=[p for p, _ in people],
        positions=[p for _, p in people],
        transactions=sales,
        quotas=[small.quota("A", 1_000_000), small.quota("B", 1_000_000)],
    )
    results = calculated(company, given)
    pay = budgeted.pay(results, company, given, date(2027, 1, 1))
    plan = plans.in_force(pay, made.DAY)["seller"]
    past = pasts.past(plan, 2026, company, pay)
    told = terms.Scenario()
    own = made.known(plan, 2)
    paid = pays.paid(own, told, past.sold)[:, 0]
    was = past.earned["bookings"].sum(axis=1)
    assert was.min() > 0
    # Quotas of a year lie on its days here, in the engine they are one sum.
    assert paid == pytest.approx(was, abs=0.011 if words is made.RATES else 60)


def test_transactions_paid_alone_move_with_their_rate_or_with_what_each_earned(tmp_path):
    def alone(*rows):
        table = ", ".join(f"{{from: {start}, amount: {gives}}}" for start, gives in rows)
        words = {"accumulate": "transaction", "pays": "amount", "crossing": "", "boundary": "upper"}
        return small.plan(**words, table=f"{{2026-01-01: [{table}]}}")

    given = made.parameters(tmp_path, alone((0, 250), (10_000, 750)))
    plan = made.pays(given)["seller"]
    sizes = np.array([5_000.0, 9_999.0, 10_000.0, 40_000.0])  # 250, 250, 750, 750
    own = made.known(plan, ratios={"bookings": 0.04}, goals={}, sizes={"bookings": sizes})
    richer = made.parameters(tmp_path, alone((0, 250), (10_000, 1_500)))
    told = terms.rated(own, made.pays(richer)["seller"])
    assert told["bookings"] == pytest.approx(0.04 * 3_500 / 2_000)
    flat = made.pays(made.parameters(tmp_path, small.plan(accumulate="transaction")))["seller"]
    own = made.known(flat, ratios={"bookings": 0.1}, goals={})
    double = small.plan(accumulate="transaction", table="{2026-01-01: [{from: 0, rate: 20%}]}")
    told = terms.rated(own, made.pays(made.parameters(tmp_path, double))["seller"])
    assert told["bookings"] == pytest.approx(0.2)


def test_quotas_and_targets_of_a_changed_company_are_taken_person_by_person(tmp_path):
    given = made.parameters(tmp_path, small.plan(**made.PAYOUTS))
    plan = made.pays(given)["seller"]

    def company(quota, target):
        held = [small.person("seller-0", "seller", target_incentive=target)]
        return small.company(
            payees=[p for p, _ in held],
            positions=[p for _, p in held],
            quotas=[small.quota("seller-0", quota)],
        )

    of = replace(made.ready(made.known(plan)), company=company(1_000_000, 12_000))
    other = pays.scenario(of, given, company(1_250_000, 18_000))
    told = simulated(of, {"other": other}, 2)
    assert told.pays["base"][0, 0] == pytest.approx(12_000)
    # 80 % of the new quota lies 3/5 on the way from 30 % to 100 % of the new target.
    assert told.pays["other"][0, 0] == pytest.approx(0.72 * 18_000)


@pytest.mark.parametrize(
    ("runs", "scenario", "says"),
    [
        (1, {}, "runs: 1 companies show no spread"),
        (2, {"x": Scenario(quota=0.0)}, "x: quotas of 0.0"),
        (2, {"x": Scenario(target=-1.0)}, "targets of -1.0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(seller, runs, scenario, says):
    with pytest.raises(ParameterError, match=says):
        simulated(made.ready(made.known(seller)), scenario, runs)


def test_plans_and_measures_that_are_not_there_are_refused(seller):
    of = made.ready(made.known(seller))
    with pytest.raises(ParameterError, match="x: nobody holds plan 'sellr'; write one of: seller"):
        simulated(of, {"x": Scenario({"sellr": seller})}, 2)
    other = replace(seller.components[0], measure="renewals")
    terms_ = Scenario({"seller": replace(seller, components=(other,))})
    with pytest.raises(ParameterError, match="credited with 'renewals' yet; count"):
        simulated(of, {"x": terms_}, 2)


def test_what_nobody_carries_is_not_set_against_pay(seller):
    told = simulated(made.ready(made.known(seller), measure="margin"), runs=2)
    assert np.isnan(told.booked).all()
    assert np.isnan(measures.costs(told).at[0, "rate"])
