"""Sensitivity: slices against paying again, against closed forms; every value has a place."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import lognorm

from spmlib.incent.modelling.simulated import rows, sensitivity
from spmlib.incent.modelling.simulated.played import played
from spmlib.incent.modelling.simulated.spreads import Shared
from spmlib.rules.estimated.plans import Curve
from tests import small
from tests.modelling_simulated import made

RUNS = 4_000
MATRIX = {
    "matrix": "{measure: bookings, of: quota_to_date, boundary: upper}",
    "quota": "to_date",
    "table": "{2026-01-01: [{when: 0%, from: 0%, rate: 3%}, {when: 0%, from: 100%, rate: 6%}, "
    "{when: 90%, from: 0%, rate: 4%}, {when: 90%, from: 100%, rate: 7%}]}",
}
KINDS = {
    "split": made.RATES,
    "whole": made.RATES | {"crossing": "whole", "boundary": "upper"},
    "order": made.RATES | {"crossing": "transaction", "boundary": "lower"},
    "glide": made.RATES | {"within": "interpolate"},
    "payout": made.PAYOUTS,
    "step": made.PAYOUTS | {"within": "step", "boundary": "lower"},
    "slope": made.PAYOUTS
    | {"crossing": "split", "within": "step", "table": made.TIERS.replace("8%", "80%")},
    "matrix": made.RATES | MATRIX,
    "money": {"table": "{2026-01-01: [{from: 0, rate: 5%}, {from: 600_000, rate: 9%}]}"},
}


def ready(folder, **words):
    given = made.parameters(folder, small.plan(**words))
    plan = made.pays(given)["seller"]
    of = made.ready(
        made.known(plan, 3, person=0.3, luck=0.5), among=Shared(market_year=0.1), seed=3
    )
    return of, given


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_of_a_rate_costs_its_slice(tmp_path, kind):
    of, given = ready(tmp_path, **KINDS[kind])
    told = sensitivity.tornado(of, given, RUNS)
    rated = told[told["slices"].notna()]
    assert len(rated) >= 2
    assert rated["slices"].to_numpy() == pytest.approx(rated["cost"].to_numpy(), rel=1e-6, abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_rates_times_slices_are_the_cost(tmp_path, kind):
    of, given = ready(tmp_path, **KINDS[kind])
    component = given.plans["seller"].components["bookings"]
    drawn = played(of, "seller", RUNS)
    sizes, errors = sensitivity.expected_slices(drawn, component, made.DAY)
    gives = [float(row.gives) for row in rows.table(component, made.DAY)]
    assert np.dot(gives, sizes) == pytest.approx(drawn.paid().sum(axis=0).mean(), rel=1e-9)
    assert (errors >= 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_curves_of_rows_are_those_of_the_plan(tmp_path, kind):
    """Built from the rows, from their slices, and read from the tables of pay."""
    of, given = ready(tmp_path, **KINDS[kind])
    component = given.plans["seller"].components["bookings"]
    table = rows.table(component, made.DAY)
    straight = rows.as_curves(component, table)
    gives = [float(row.gives) for row in table]
    joined = rows.combined(rows.slices(component, table), gives)
    for known, one, other in zip(
        of.known["seller"].plan.components[0].curves, straight, joined, strict=True
    ):
        assert isinstance(one, Curve)
        for made_ in (one, other):
            assert (made_.when, made_.lower) == (known.when, known.lower)
            assert made_.starts == pytest.approx(known.starts)
            assert made_.parts == pytest.approx(known.parts)


def test_a_threshold_costs_what_lies_between_at_the_difference_of_rates(tmp_path):
    """100 % becomes 101 %: (8 % - 12 %) of what is sold between, a layer of the lognormal."""
    given = made.parameters(tmp_path, small.plan(**made.RATES))
    plan = made.pays(given)["seller"]
    of = made.ready(made.known(plan), among=Shared(market_year=0.4), runs=20_000)
    told = sensitivity.tornado(of, given, 20_000).set_index("value")
    width = np.sqrt(np.log1p(0.4**2))
    law = lognorm(width, scale=np.exp(-(width**2) / 2))
    between = np.linspace(1, 1.01, 101)
    layer = np.trapezoid(law.sf(between), between) * made.QUOTA
    row = told.loc["threshold 100%"]
    assert abs(row["cost"] - (0.08 - 0.12) * layer) < 4 * row["cost_se"]
    # A rate's slice is a layer as well: all that is sold up to quota.
    grid = np.linspace(0, 1, 10_001)
    below = np.trapezoid(law.sf(grid), grid) * made.QUOTA * 0.01
    assert told.at["rate from 0%", "cost"] == pytest.approx(below, rel=0.01)


def test_caps_floors_factors_gates_quotas_and_targets_are_moved_too(tmp_path):
    modifiers = (
        "[gate: {measure: bookings, at_least: 60%, of: quota, otherwise: withhold}, "
        "multiplier: {measure: bookings, of: quota, boundary: upper, table: "
        "{2026-01-01: [{from: 0%, factor: 0.9}, {from: 90%, factor: 1.1}]}}, "
        "cap: {2026-01-01: 140%}, floor: {2026-01-01: 20%}]"
    )
    of, given = ready(tmp_path, **made.PAYOUTS, modifiers=modifiers)
    told = sensitivity.tornado(of, given, RUNS).set_index("value")
    assert told.at["cap", "cost"] > 0
    assert told.at["floor", "cost"] > 0
    assert told.at["gate", "cost"] < 0
    assert (told.filter(like="factor from", axis=0)["cost"] > 0).all()
    assert told.at["quotas", "cost"] < 0
    assert told.at["target incentives", "cost"] > 0
    assert told["place"].str.fullmatch(r"seller\.yaml:\d+|quotas|positions").all()
    assert told["cost"].abs().is_monotonic_decreasing
    # Under a cap, a point more of the last payout costs less than its slice.
    assert told.at["payout from 140%", "cost"] < told.at["payout from 140%", "slices"]


def test_what_is_not_drawn_moves_nothing_and_is_left_out(tmp_path):
    words = made.RATES | {
        "modifiers": "[multiplier: {measure: margin, boundary: upper, table: "
        "{2026-01-01: [{from: 0%, factor: 0.9}, {from: 50%, factor: 1.0}]}}]"
    }
    text = small.plan(**words)
    counted = small.MEASURES + "margin: {sum: margin, per: amount}\n"
    given = made.parameters(tmp_path, text, measures=counted)
    of = made.ready(made.known(made.pays(given)["seller"], luck=0.5))
    told = sensitivity.tornado(of, given, 100)
    assert not told["value"].str.contains("factor").any()


def test_a_threshold_does_not_pass_the_next():
    from spmlib.core.parameters import number
    from spmlib.rules.plans import Row

    table = tuple(
        Row(number(s), number("5%"), "rate", None, "x:1") for s in ("0%", "100%", "100.5%")
    )
    assert rows.shifted(table, 1, 0.01) is None
    assert [str(r.start) for r in rows.shifted(table, 2, 0.01)] == ["0.00", "1.00", "1.015"]


def test_a_day_before_the_first_table_is_refused(tmp_path):
    from datetime import date

    from spmlib.core.errors import ParameterError

    given = made.parameters(tmp_path, small.plan(**made.RATES))
    with pytest.raises(ParameterError, match="no table holds on 2025-01-01; name a day from 2026"):
        rows.table(given.plans["seller"].components["bookings"], date(2025, 1, 1))
