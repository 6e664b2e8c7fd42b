"""Shapes and pictures: thresholds by hand, pay by attainment, every table and chart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from spmlib.incent.modelling.simulated import measures, sensitivity, shapes, solver
from spmlib.incent.modelling.simulated.pays import Scenario, simulated
from spmlib.incent.modelling.simulated.spreads import Shared
from spmlib.incent.modelling.simulated.written import Wanted
from spmlib.rules.estimated.plans import Curve
from spmlib.show import simulation_charts, simulation_tables
from tests import small
from tests.modelling_simulated import made


@pytest.fixture
def given(tmp_path):
    return made.parameters(tmp_path, small.plan(**made.RATES))


@pytest.fixture
def ready(given):
    plan = made.pays(given)["seller"]
    return made.ready(made.known(plan, 4, person=0.2, luck=0.5), among=Shared(0.1), room=0.05)


THRESHOLDS = [
    ([(0, 0, 0.1, 0)], 0.0),  # from the first unit
    ([(0, 0, 0, 0), (0.5, -0.5, 1, 0)], 0.5),  # from 50 %
    ([(0, -0.3, 1, 0)], 0.3),  # the line crosses 0 at 30 %
    ([(0, 0, 0, 0), (0.75, 0.5, 0, 0)], 0.75),  # a step
    ([(0, 0, 0, 0)], np.inf),  # never
    ([(0, 0, 0, 0.5)], 0.0),  # bends up from nothing: anything above 0 pays
    ([(0, -0.25, 0, 1)], 0.5),  # u^2 crosses 0.25 at 50 %
    ([(0, -0.1, 0, 0), (0.8, -0.5, 0.5, 0)], 1.0),  # owed below, paid from quota on
]


@pytest.mark.parametrize(("brackets", "told"), THRESHOLDS)
def test_the_threshold_is_where_pay_begins(brackets, told):
    starts = np.array([-1e30, *(start for start, *_ in brackets[1:])])
    parts = np.array([parts for _, *parts in brackets], float)
    assert shapes.threshold(Curve(0.0, starts, parts, False)) == pytest.approx(told)


def test_leverage_is_pay_at_excellence_over_pay_at_quota(ready):
    """80,000 at quota; at 125 %, were that excellence, 30,000 more."""
    (row,) = shapes.plans(simulated(ready)).to_dict("records")
    assert row["at_quota"] == pytest.approx(4 * 80_000)
    top = row["excellence"]
    paid = 4 * (80_000 + 120_000 * (top - 1)) if top < 1.5 else None
    assert row["at_excellence"] == pytest.approx(paid)
    assert row["leverage"] == pytest.approx(paid / 320_000)
    assert (row["threshold"], row["below"], row["people"]) == (0, 0, 4)
    attained = simulated(ready).attained
    assert row["reached"] == (attained >= 1).mean()


def test_harder_quotas_are_reached_less_and_pay_the_same_at_quota_times_them(ready):
    terms = {"harder": Scenario(quota=1.1)}
    base, harder = shapes.plans(simulated(ready, terms), terms).to_dict("records")
    assert harder["reached"] < base["reached"]
    assert harder["at_quota"] == pytest.approx(base["at_quota"] * 1.1)


def test_pay_by_attainment_is_the_curve(ready):
    told = shapes.by_attainment(ready, ready.known["seller"].plan).set_index("attained")
    assert told["now"].to_numpy() == pytest.approx(told["found"].to_numpy())
    assert told.at[1.0, "now"] == pytest.approx(80_000)
    assert told.at[1.5, "now"] == pytest.approx(140_000)
    assert told.at[2.0, "now"] == pytest.approx(170_000)
    assert told["share"].sum() <= 1


def test_how_far_years_vary_and_go_together_by_hand(ready):
    """Market 10 %, quota error 20 %, luck of a month 50 %: 0.01 + 0.04 + 0.25 / 12."""
    (row,) = shapes.variation(ready).to_dict("records")
    total = 0.01 + 0.04 + 0.25 / 12
    assert row["year"] == pytest.approx(np.sqrt(total))
    assert row["same_team"] == row["other_team"] == pytest.approx(0.01 / total)
    assert simulated(ready, runs=4_000).attained.std() == pytest.approx(row["year"], rel=0.05)


def test_cost_spread_counts_all_but_the_ends(ready):
    of = simulated(ready, {"harder": Scenario(quota=1.1)})
    told = shapes.distribution(of)
    sums = told.groupby("scenario")["share"].sum()
    assert (sums > 0.985).all()
    base = told[told["scenario"] == "base"].iloc[0]
    assert base["budget"] == pytest.approx(of.costs["base"].mean() * 1.05)


def test_what_is_drawn_passes_its_own_checks(ready):
    assert shapes.checks(simulated(ready))["holds"].all()


def drawn(ready, given):
    """Every picture, with its table and a part of what it says."""
    of = simulated(ready, {"harder": Scenario(quota=1.1)})
    found = solver.found(ready, given, Wanted("seller", "bookings", cost=-0.05), 200)
    spread = shapes.distribution(of)
    values = sensitivity.tornado(ready, given, 200)
    curves = shapes.by_attainment(ready, found.plan, 200)
    return [
        (spread, simulation_charts.cost_spread, "Pay, Base: USD "),
        (measures.roles(of), simulation_charts.pay_by_role, "most in the middle is Seller"),
        (values, simulation_charts.tornado, "Most: Seller · bookings · rate from 0%, USD "),
        (curves, simulation_charts.two_tables, "instead of 80K a person"),
    ]


def test_pictures_say_their_finding_and_leave_their_tables_alone(ready, given):
    for table, chart, finding in drawn(ready, given):
        before = table.copy(deep=True)
        picture = chart(table, "USD", "Pay")
        assert finding in picture.alt
        assert picture.png().startswith(b"\x89PNG")
        assert_frame_equal(table, before)
        assert "nothing to show" in chart(table.iloc[:0], "USD", "Pay").alt


def test_tables_say_what_is_in_them(ready, given):
    terms = {"harder": Scenario(quota=1.1)}
    of = simulated(ready, terms)
    found = solver.found(
        ready, given, Wanted("seller", "bookings", cost=-0.05, mix=0.6, step=0.0025), 200
    )
    tried = pd.DataFrame(
        {
            "period": ["2026-Q1"],
            "people": [4],
            "expected": [1e6],
            "low_80": [9e5],
            "high_80": [1.1e6],
            "actual": [1.2e6],
            "within": [False],
            "attained_within": [0.75],
        }
    )
    shown = {
        "Above budget": simulation_tables.costs(measures.costs(of), "USD", "Cost"),
        "Leverage": simulation_tables.plans(shapes.plans(of, terms), "Plans"),
        "Quota error": simulation_tables.variation(shapes.variation(ready), "Spreads"),
        "Rank correlation": simulation_tables.followed(measures.pay_for_performance(of), "Pay"),
        "seller-0": simulation_tables.people(measures.people(of, "harder"), "USD", "People"),
        "seller.yaml:": simulation_tables.rows(found.rows, "Table"),
        "Pay mix": simulation_tables.conditions(found.conditions, "USD", "Asked"),
        "900K to 1.1M": simulation_tables.trials(tried, "USD", "Trials"),
    }
    for said, table in shown.items():
        assert said in table.as_raw_html()
