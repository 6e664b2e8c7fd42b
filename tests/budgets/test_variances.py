"""The bridge from budget to actual: a case worked by hand, and steps that always add up."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core import engine
from spmlib.orchestrate.budgets.variances import PARTS, STEPS, of_groups


def both(*rows):
    """Groups: team, then the parts planned, then actual."""
    columns = [f"{part}_{of}" for of in ("planned", "actual") for part in PARTS]
    return pd.DataFrame(
        [dict(zip(["team", *columns], row, strict=True)) for row in rows],
        columns=["team", *columns],
    )


def steps(rows):
    told = engine.collected(of_groups(rows)).to_pandas()
    return told.groupby("step")["amount"].sum().reindex(STEPS).to_dict()


def cost(rows, of):
    return sum(rows[f"{part}_{of}"].sum() for part in ("base", "variable", "other"))


#           heads sold base variable other local
SELLERS = (10, 1000, 50_000, 10_000, 5_000, 60_000)
LEADERS = (2, 400, 20_000, 4_000, 1_000, 24_000)


def test_a_team_worked_by_hand():
    # Sellers: 12 heads sell 1,320 at 12 each (planned: 100 a head at 10), base 5,100 each (planned
    # 5,000), other 6,600 (planned 500 each). Leaders: 1 head, all else as planned for one.
    now = (12, 1320, 61_200, 15_840, 6_600, 77_040)
    one = (1, 200, 10_000, 2_000, 500, 12_000)
    rows = both(("sales", *SELLERS, *now), ("sales", *LEADERS, *one))
    told = steps(rows)
    # Planned: 65,000 + 25,000 = 90,000 for 12 heads, 7,500 each. 13 heads: +7,500.
    assert told["heads"] == pytest.approx(7_500)
    # 12 x 6,500 + 1 x 12,500 = 90,500 against 13 x 7,500 = 97,500: cheaper people by 7,000.
    assert told["mix"] == pytest.approx(-7_000)
    # 110 a head instead of 100, at 10: 12 x 10 x 10.
    assert told["volume"] == pytest.approx(1_200)
    # 12 instead of 10 for each of 1,320.
    assert told["rate"] == pytest.approx(2_640)
    # base 100 more and other 50 more for each of 12.
    assert told["fixed"] == pytest.approx(1_800)
    assert told["currency"] == pytest.approx(0, abs=1e-9)
    assert sum(told.values()) == pytest.approx(83_640 + 12_500 - 90_000)


def test_a_stronger_currency_costs_what_it_is_stronger():
    # The same in the plan's currency, each unit worth 1.1 instead of 1.0.
    now = (10, 1000, 55_000, 11_000, 5_000, 60_000)
    told = steps(both(("sales", *SELLERS, *now)))
    assert told["currency"] == pytest.approx(6_000)
    assert sum(abs(v) for step, v in told.items() if step != "currency") < 1e-6


def test_as_planned_nothing_differs():
    told = steps(both(("sales", *SELLERS, *SELLERS), ("presales", *LEADERS, *LEADERS)))
    assert max(abs(amount) for amount in told.values()) < 1e-9


def test_more_of_the_same_people_are_heads_alone():
    double = tuple(2 * value for value in SELLERS)
    told = steps(both(("sales", *SELLERS, *double)))
    assert told.pop("heads") == pytest.approx(65_000)
    assert max(abs(amount) for amount in told.values()) < 1e-6


def test_a_kind_of_people_nobody_planned_is_mix_and_a_team_nobody_planned_is_heads():
    nobody = (0, 0, 0, 0, 0, 0)
    mixed = steps(both(("sales", *SELLERS, *SELLERS), ("sales", *nobody, *LEADERS)))
    # 2 heads at 6,500 and what they are dearer: 12,500 - 6,500 each.
    assert mixed["heads"] == pytest.approx(13_000)
    assert mixed["mix"] == pytest.approx(12_000)
    fresh = steps(both(("sales", *nobody, *LEADERS)))
    assert fresh["heads"] == pytest.approx(25_000)
    assert sum(fresh.values()) == pytest.approx(25_000)


def test_pay_of_those_who_sell_nothing_is_fixed():
    idle = (10, 0, 50_000, 10_000, 5_000, 60_000)
    more = (10, 0, 50_000, 12_000, 5_000, 62_000)
    told = steps(both(("sales", *idle, *more)))
    assert told["fixed"] == pytest.approx(2_000)
    assert told["volume"] == told["rate"] == 0


def test_what_is_still_paid_when_everybody_has_left_is_not_lost():
    late = (0, 0, 0, 700, 0, 700)
    rows = both(("sales", *SELLERS, *SELLERS), ("sales", *LEADERS, *late))
    assert sum(steps(rows).values()) == pytest.approx(cost(rows, "actual") - cost(rows, "planned"))


amounts = st.one_of(st.just(0.0), st.floats(1, 1e6))
groups = st.tuples(
    st.sampled_from(["sales", "presales"]), *[amounts] * 2, *[amounts] * 4, *[amounts] * 6
)


@settings(max_examples=60, deadline=None)
@given(st.lists(groups, min_size=1, max_size=6))
def test_steps_add_up_to_the_difference_whatever_happens(drawn):
    rows = both(*drawn)
    apart = cost(rows, "actual") - cost(rows, "planned")
    size = cost(rows, "actual") + cost(rows, "planned") + 1
    assert abs(sum(steps(rows).values()) - apart) < 1e-6 * size
