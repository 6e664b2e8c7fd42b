"""Other decisions beside those of the file: they differ by what was moved, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.capacity import outlooks as capacities
from spmlib.orchestrate.capacity import scenarios as forces
from spmlib.orchestrate.capacity.hires import reached
from spmlib.orchestrate.quotas import outlooks, scenarios
from spmlib.orchestrate.quotas.layers import Layer
from spmlib.orchestrate.quotas.written import QuotaYear
from spmlib.show import charts, plan_tables, widgets
from tests.quotas.test_judgements import BOOKINGS, TODAY, company

STEPS = (Layer("manager_id"), Layer("payee_id", over=0.1))
DECIDED = QuotaYear(2027, "bookings", ("seller",), 0.0, {"history": 1}, STEPS, (), 1)


@pytest.fixture(scope="module")
def ready():
    """What is known of three sellers, as unsure as years of real companies are."""
    known = outlooks.prepared(company(), BOOKINGS, "USD", TODAY, 2027, ["seller"])
    return replace(known, errors=known.errors.assign(error=0.2))


def test_what_is_decided_tried_again_is_what_is_decided(ready):
    plans, nodes = scenarios.tried(ready, DECIDED, 0.0, 0.1)
    assert plans["plan"].to_list() == ["As decided", "As tried"]
    assert plans.iloc[0].to_list()[1:] == plans.iloc[1].to_list()[1:]
    assert plans["target"].to_list() == [3900, 3900]
    assert plans["given"].to_list() == [4290, 4290]
    assert nodes["name"].to_list() == ["N"]


def test_a_higher_target_is_reached_less_surely_and_more_given_out_makes_it_no_surer(ready):
    chances = [scenarios.tried(ready, DECIDED, g, 0.1)[0]["chance"][1] for g in (-0.2, 0.0, 0.2)]
    assert chances[0] > chances[1] > chances[2]
    little, much = (scenarios.tried(ready, DECIDED, 0.0, over)[0].iloc[1] for over in (0.0, 0.3))
    assert little["chance"] == much["chance"]
    assert little["people"] > much["people"]
    assert (little["given"], much["given"]) == (3900, 5070)


def test_another_mix_moves_quota_between_people(ready):
    plans = [
        scenarios.planned(ready, scenarios.varied(DECIDED, 0.0, 0.0, mix))
        for mix in (scenarios.DECIDED, "even")
    ]
    assert plans[1].units.sum(axis=1).tolist() == [1300, 1300, 1300]
    assert plans[0].units.sum() == plans[1].units.sum()
    assert plans[0].units[1].sum() > 1300
    with pytest.raises(ParameterError, match="there is no mix 'evn'; write 'even'"):
        scenarios.varied(DECIDED, 0.0, 0.0, "evn")


def test_all_of_a_territory_together_vary_less_than_each(ready):
    plan = scenarios.planned(ready, DECIDED)
    together = scenarios.reached(ready, plan).iloc[0]
    each = outlooks.judged(ready, plan, {})
    wide = (each["high_80"] - each["low_80"]) / each["attainment"]
    assert 0 < (together["high_80"] - together["low_80"]) / together["attainment"] < wide.min()
    assert together["chance"] == outlooks.outcome(ready, plan, plan.units.sum())["company"]


def test_more_hires_bring_more_and_later_or_shorter_ones_less():
    of = capacities.force(company(), BOOKINGS, "USD", TODAY, ["seller"], ramp=())
    target = reached(of.seats, 0).expected
    plans = {"now": of, "more": capacities.hired(of, {"2026-08": 2})}
    told = capacities.compared(plans, target)
    rows, months = forces.tried(of, told, target, 2, 1, of.leaves)
    assert rows["plan"].to_list() == ["now", "more", "As tried"]
    assert rows.iloc[1].to_list()[1:] == rows.iloc[2].to_list()[1:]
    assert months["value"].sum() == pytest.approx(rows["expected"][2], rel=0.01)
    brought = [
        forces.tried(of, told, target, *asked)[0]["expected"][2]
        for asked in ((2, 1, 0.0), (2, 6, 0.0), (0, 6, 0.0), (0, 6, 0.3))
    ]
    assert brought == sorted(brought, reverse=True)
    assert len(set(brought)) == 4
    with pytest.raises(ParameterError, match="month 12 is not in the plan; write 1 to 11"):
        forces.varied(of, 1, 12, 0.0)
    with pytest.raises(ParameterError, match="100% leave within a year; write 0% to below 100%"):
        forces.varied(of, 1, 1, 1.0)


def test_moved_on_a_page_the_quotas_follow(ready):
    shown = widgets.live(
        partial(scenarios.tried, ready, DECIDED),
        partial(plan_tables.tried, currency="USD", title="Plans"),
        partial(charts.reachable, title="Attainment"),
        growth=widgets.share("Growth", 0.0, -0.5, 0.5),
        over=widgets.share("Beyond", 0.1, 0, 0.5),
        mix=widgets.choice("By", scenarios.DECIDED, scenarios.MIXES),
    )
    assert "4.3K" in shown.html
    assert "Attainment: 0 of 1" in shown.at(growth=0.5).html
    assert "6.4K" in shown.html
    assert "Attainment: 1 of 1" in shown.at(growth=-0.5).html
