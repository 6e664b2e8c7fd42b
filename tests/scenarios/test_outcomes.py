"""Scenarios of the sample company: what each comes to, and what lies between two of them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, ScenarioMeasures
from spmlib.incent.summaries import budgeted
from spmlib.orchestrate.budgets import outlooks as budget_outlooks
from spmlib.orchestrate.budgets import written as budgets
from spmlib.orchestrate.capacity import outlooks as capacities
from spmlib.orchestrate.capacity import written as capacity
from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.scenarios import compared, outcomes, replanned, tries, written
from spmlib.orchestrate.scenarios.outcomes import Cost
from spmlib.orchestrate.territories import outlooks as territories
from spmlib.orchestrate.territories import written as territory_files
from spmlib.orchestrate.territories.regions import regions
from spmlib.workbench import plans
from tests.shared import sample_workbench

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 1)
SIGNED = "author: x\ndate: 2026-11-03\nreason: y\n"


@pytest.fixture(scope="module")
def bench():
    return sample_workbench()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The parameters, to write scenarios in; without budgets."""
    made = tmp_path_factory.mktemp("company") / "parameters"
    shutil.copytree(ROOT / "parameters", made)
    shutil.rmtree(made / "budgets")
    return made


def scenario(home, name, text, plan="2027"):
    (home / f"scenarios/{plan}/{name}.yaml").write_text(text)
    return written.read(home / "scenarios" / plan, name)


@pytest.fixture(scope="module")
def told(bench, home):
    """Base, two that change it, and one that says the same."""
    folder = home / "scenarios/2027"
    names = ["base", "expand_emea", "hire_later"]
    chosen = [written.read(folder, name) for name in names]
    hires = "changes:\n  - {file: capacity, word: hires, to: {2027-03: 3, 2027-01: 2}}\n"
    chosen.append(scenario(home, "same", SIGNED + hires))  # in another order
    known = bench.parameters.measures
    return outcomes.outcomes(chosen, bench.company, known, "USD", DAY)


def test_what_is_expected_is_what_the_force_brings_in_the_months_of_the_year(bench, told):
    decided = capacity.read(ROOT / "parameters/capacity/2027.yaml")
    measure = bench.measure(decided.measure)
    now = capacities.decided_force(bench.company, measure, "USD", DAY, decided, 14)
    force = capacities.hired(now, decided.hires)
    assert [f"{start:%Y-%m}" for start in force.starts[2:]] == [
        f"2027-{m:02}" for m in range(1, 13)
    ]
    brought = played(force.seats)[:, 2:].sum(axis=1)
    np.testing.assert_allclose(told[0].brought, brought)
    mean = moments(force.seats).mean[2:].sum()
    assert abs(brought.mean() - mean) < 4 * brought.std() / np.sqrt(len(brought))


def test_the_first_twelve_months_do_not_depend_on_how_many_follow(bench):
    measure = bench.measure("new_bookings")
    short, long = (
        capacities.force(bench.company, measure, "USD", DAY, ["account_executive"], months=months)
        for months in (12, 14)
    )
    year = [moments(of.seats).mean[:12].sum() for of in (short, long)]
    assert year[1] == pytest.approx(year[0], rel=0.005)  # months differ: so does the forecast
    assert np.mean(long.seats.season[:12]) == pytest.approx(1)


def test_measures_are_those_of_the_scenario(told):
    table = compared.measures(told)
    assert list(table) == list(ScenarioMeasures.columns())
    values = table.pivot(index="measure", columns="scenario", values="value")
    base, more = values["base"], values["expand_emea"]
    last = told[0].ready.last
    assert base["target"] == pytest.approx(last * 1.12)
    assert more["target"] == pytest.approx(last * 1.15)
    for one in told:
        rows = engine.collected(one.quotas.quotas)
        assert values[one.scenario.name]["quotas"] == rows["amount"].sum() / MONEY
    assert base["over-assigned"] == pytest.approx(1.02 * 1.02 * 1.03 - 1, abs=1e-4)
    assert more["over-assigned"] == pytest.approx(1.03 * 1.02 * 1.03 - 1, abs=1e-4)
    assert (base["moved accounts"], more["moved accounts"]) == (0, 1)
    assert base["chance of target"] == (told[0].brought >= told[0].target).mean()
    assert "cost" not in values.index


def test_scenarios_that_say_the_same_come_to_the_same_run_by_run(told):
    same = compared.differences(told[0], told[3]).set_index("measure")
    assert (same["difference"] == 0).all()
    assert same.loc["expected", ["low_80", "high_80"]].tolist() == [0, 0]
    assert compared.decisions(told[0], told[3]).empty
    assert (compared.people(told[0], told[3], {})["difference"] == 0).all()


def test_differences_are_taken_run_by_run(told):
    base, more, late = told[:3]
    apart = compared.differences(base, more).set_index("measure").loc["expected"]
    assert apart["difference"] == pytest.approx((more.brought - base.brought).mean())
    low, high = np.quantile(more.brought - base.brought, [0.1, 0.9])
    assert (apart["low_80"], apart["high_80"]) == pytest.approx((low, high))
    assert high - low < np.subtract(*np.quantile(base.brought, [0.9, 0.1]))  # luck drops out
    assert more.brought.mean() > late.brought.mean()
    assert more.held[-1] == pytest.approx(late.held[-1], rel=0.01)  # all are there by the end


def test_people_and_territories_add_up_to_all_quotas(told):
    base, more = told[:2]
    people = compared.people(base, more, {"H1052": "Ada"})
    territories = compared.territories(base, more)
    for side, of in (("one", base), ("other", more)):
        total = of.quotas.units.sum() * of.quotas.unit
        assert people[side].sum() == territories[side].sum() == total
    assert (people["difference"] == people["other"] - people["one"]).all()
    assert people["difference"].abs().is_monotonic_decreasing
    assert people.loc[people["payee_id"] == "H1052", "name"].tolist() == ["Ada"]


def test_moved_accounts_are_those_that_differ(told):
    held = {"00002": "AMER-5"}
    assert compared.accounts(told[0], told[1], held).values.tolist() == [
        ["00002", "AMER-5", "AMER-6"]
    ]
    assert compared.accounts(told[1], told[2], held).empty


def test_what_one_booked_costs_is_told_draw_by_draw(told):
    base, more = (
        replace(of, cost=Cost(np.array(cost), np.array([10.0, 20.0, 0.0])))
        for of, cost in zip(told[:2], ([5.0, 8.0, 1.0], [6.0, 10.0, 1.0]), strict=True)
    )
    apart = compared.differences(base, more).set_index("measure")
    assert apart.loc["cost", "difference"] == pytest.approx(1.0)
    assert apart.loc["cost of sales", "one"] == pytest.approx((0.5 + 0.4) / 2)
    assert apart.loc["cost of sales", "difference"] == pytest.approx(0.1)


# --- refused ------------------------------------------------------------------------------------


def outcome(bench, home, *scenarios):
    return outcomes.outcomes(scenarios, bench.company, bench.parameters.measures, "USD", DAY)


def test_what_is_not_known_yet_is_no_beginning(bench, home):
    made = scenario(home, "later", f"from: 2026-11-02\n{SIGNED}", "2026")
    with pytest.raises(ParameterError, match="begins on 2026-11-02, and nothing is known after"):
        outcome(bench, home, made)


def test_scenarios_of_different_days_are_not_compared(bench, home):
    july = scenario(home, "july", f"from: 2026-07-01\n{SIGNED}", "2026")
    june = scenario(home, "june", f"from: 2026-06-01\n{SIGNED}", "2026")
    with pytest.raises(ParameterError, match="begin on 2026-06-01 and 2026-07-01; compare those"):
        outcome(bench, home, june, july)


def test_a_measure_that_is_not_there_is_refused(bench, home):
    change = "changes:\n  - {file: capacity, word: measure, to: new_booking}\n"
    made = scenario(home, "typo", SIGNED + change)
    with pytest.raises(ParameterError, match="typo: there is no measure 'new_booking'; write 'new"):
        outcome(bench, home, made)


def test_outcomes_of_different_months_are_not_compared(bench, home, told):
    with pytest.raises(ParameterError, match="plan different months"):
        compared.differences(told[0], replace(told[1], ready=replace(told[1].ready, months=())))


# --- a year planned again -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def again(bench, home):
    made = written.read(home / "scenarios/2026", "second_half")
    (of,) = outcomes.outcomes([made], bench.company, bench.parameters.measures, "USD", DAY)
    return plans.planned_again(bench, of, "USD", DAY)


def test_what_has_happened_is_kept_and_everything_adds_up(bench, again):
    of, first = again.of, date(2026, 7, 1)
    checked = replanned.checks(of, again.had, bench.company.quotas, again.quotas)
    assert checked["holds"].all(), checked.to_string()
    assert [months[0] for months in of.ready.months] == [date(2026, m, 1) for m in range(7, 13)]
    assert of.sold + of.target == pytest.approx(again.had * 1.08)
    new = engine.collected(again.quotas)
    new = new.filter(new["payee_id"].is_in(list(of.quotas.people)) & (new["start_date"] >= first))
    own = engine.collected(plans.in_own(bench, of, "USD"))
    assert new.filter(new["measure"] == "new_bookings")["amount"].sum() == own["amount"].sum()


@pytest.mark.parametrize(
    ("row", "failing"),
    [
        (0, "Quotas that end by"),
        (1, "Quotas of other people"),
        (3, "Everybody planned"),
    ],
)
def test_checks_fail_where_something_was_changed(bench, again, row, failing):
    import polars as pl

    frame = engine.collected(again.quotas)
    ours = frame["payee_id"].is_in(list(again.of.quotas.people))
    counted = frame["measure"] == "new_bookings"
    past = frame["end_date"] <= date(2026, 7, 1)
    chosen = {0: past & ours, 1: ~ours & ~past, 3: ours & counted & ~past}[row]
    first = frame.with_row_index().filter(chosen)["index"][0]
    if row == 3:
        broken = frame.with_row_index().filter(pl.col("payee_id") != frame["payee_id"][first])
        broken = broken.drop("index")
    else:
        other = pl.int_range(pl.len()) == first
        broken = frame.with_columns(pl.when(other).then(1).otherwise("amount").alias("amount"))
    told = replanned.checks(again.of, again.had, bench.company.quotas, engine.brought(broken))
    assert not told.loc[row, "holds"]
    assert told.loc[row, "check"].startswith(failing)


def test_months_before_the_day_are_asked_for_as_before(again):
    table = replanned.by_month(again.of, again.before, again.after, again.sold).set_index("period")
    past, rest = table.loc[:"2026-06"], table.loc["2026-07":]
    np.testing.assert_allclose(past["before"], past["after"], atol=43)  # cut to whole units
    own = again.of.quotas.units.sum(axis=0) * again.of.quotas.unit
    np.testing.assert_allclose(rest["after"], own, rtol=1e-4)  # by way of other currencies
    assert table["sold"].notna().tolist() == [True] * 10 + [False] * 2
    people = replanned.by_person(again.of, again.before, again.after, {})
    for side in ("before", "after"):
        assert people[side].sum() == pytest.approx(rest[side].sum())


def test_what_was_not_known_on_the_day_changes_nothing(bench, again, home):
    from spmlib.core.company import as_known

    made = again.of.scenario
    known = as_known(bench.company, date(2026, 7, 1))
    (then,) = outcomes.outcomes([made], known, bench.parameters.measures, "USD", date(2026, 7, 1))
    np.testing.assert_array_equal(then.quotas.units, again.of.quotas.units)
    np.testing.assert_allclose(then.brought, again.of.brought)


# --- cost ---------------------------------------------------------------------------------------


def test_a_scenario_costs_what_the_budget_with_its_hires_and_quotas_does(bench):
    base, more = plans.played(bench, "2027", ["base", "expand_emea"], "2026-10", "USD")
    decided = budgets.read(ROOT / "parameters/budgets/2027.yaml")
    measure = bench.measure(decided.measure)
    pay = budgeted.pay(bench.results, bench.company, bench.parameters, DAY)
    ready = budget_outlooks.prepared(bench.company, pay, measure, decided, DAY)
    hires = {"account_executive": {"2027-01": 4, "2027-02": 2, "2027-03": 3}}
    asked = more.quotas.quotas
    by_hand = budget_outlooks.made(ready, hires, asked, quoted_in="USD")
    np.testing.assert_allclose(more.cost.amounts, by_hand.drawn.sum(axis=1))
    np.testing.assert_allclose(more.cost.booked, by_hand.bookings.sum(axis=1))
    apart = compared.differences(base, more).set_index("measure")
    assert apart.loc["cost", "low_80"] > 0  # four more people
    with pytest.raises(ParameterError, match="the budget of 2027 is in USD, not EUR; compare in"):
        plans.played(bench, "2027", ["base"], "2026-10", "EUR")


# --- territories ----------------------------------------------------------------------------------


def test_a_scenario_moves_the_accounts_that_its_territories_do(bench):
    base, more = plans.played(bench, "2027", ["base", "expand_emea"], "2026-10", "USD")
    told = {}
    for name, share in (("base", 0.6), ("expand_emea", 1.0)):
        decided = territory_files.decided(
            written.read(ROOT / "parameters/scenarios/2027", name).file("territories")
        )
        assert decided.vacant["EMEA-5"].share == share
        planned = territories.planned(regions(bench.company, decided, "USD", DAY), decided)
        told[name] = territories.changed(planned), territories.summary(planned)["km"].sum()
    assert base.moved.accounts == told["base"][0]
    assert more.moved.accounts == told["expand_emea"][0] | {"00002": "AMER-6"}  # by hand
    assert more.moved.travel == pytest.approx(told["expand_emea"][1])
    values = compared.measures([base, more]).set_index(["scenario", "measure"])["value"]
    assert values["base", "moved accounts"] == len(base.moved.accounts)
    assert values["expand_emea", "travel"] == more.moved.travel
    held = engine.collected(plans.territories(bench, more))
    new = held.filter(held["start_date"] == date(2027, 1, 1))
    assert dict(new.select("account_id", "territory_id").iter_rows()) == more.moved.accounts


# --- other decisions ------------------------------------------------------------------------------


def test_what_is_decided_tried_again_is_what_is_decided(told):
    rows, both = tries.tried(told[0], told[0].growth, 0, 1)
    wide = rows.pivot(index="measure", columns="scenario", values="value")
    pd.testing.assert_series_equal(wide["base"], wide[tries.TRIED], check_names=False)
    assert both["scenario"].tolist() == ["base", tries.TRIED]


def test_a_higher_growth_asks_more_and_hires_bring_more(told):
    of = told[0]
    _, more = tries.tried(of, of.growth + 0.1, 0, 1)
    assert more["target"][1] == pytest.approx(
        more["target"][0] * (1.1 + of.growth) / (1 + of.growth)
    )
    assert more["chance"][1] < more["chance"][0]
    _, hired = tries.tried(of, of.growth, 5, 1)
    _, later = tries.tried(of, of.growth, 5, 6)
    assert hired["expected"][1] > later["expected"][1] > hired["expected"][0]
    with pytest.raises(ParameterError, match="month 99 is not in the plan; write 1 to"):
        tries.tried(of, of.growth, 1, 99)
