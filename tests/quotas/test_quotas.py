"""Quotas: shares within bounds, margins exact at once, layers that add up, published numbers."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.quotas import plans, ramps, roundings, weights
from spmlib.orchestrate.quotas.layers import Layer, brought_down
from spmlib.orchestrate.quotas.plans import planned
from spmlib.orchestrate.quotas.shares import shared
from tests.quotas import flows
from tests.shared import planning

YEAR = [(date(2027, m, 1), date(2027 + m // 12, m % 12 + 1, 1)) for m in range(1, 13)]


# --- shares -------------------------------------------------------------------------------------


@st.composite
def cases(draw):
    size = draw(st.integers(1, 30))
    number = st.floats(0.01, 100, allow_subnormal=False)
    by = np.array(draw(st.lists(number, min_size=size, max_size=size)))
    low = np.array(draw(st.lists(st.floats(0, 5), min_size=size, max_size=size)))
    high = low + np.array(draw(st.lists(st.floats(0, 50), min_size=size, max_size=size)))
    part = draw(st.floats(0, 1))
    return by, low, high, float(low.sum() + part * (high.sum() - low.sum()))


@settings(max_examples=200, deadline=None)
@given(cases())
def test_shares_are_one_factor_times_weights_but_for_bounds(case):
    by, low, high, amount = case
    made = shared(amount, by, low, high)
    assert made.sum() == pytest.approx(amount, rel=1e-9, abs=1e-9)
    assert (made >= low - 1e-9).all()
    assert (made <= high + 1e-9).all()
    between = (made > low + 1e-9) & (made < high - 1e-9)
    factors = (made / by)[between]
    assert len(factors) == 0 or np.ptp(factors) <= 1e-6 * max(factors.max(), 1)
    held = (made <= low + 1e-9) & (high > low + 1e-9)  # beyond its floor at that factor
    assert len(factors) == 0 or (factors[0] * by[held] <= low[held] + 1e-6).all()


def test_shares_are_those_that_a_search_for_the_factor_finds():
    random = np.random.default_rng(1)
    by, low = random.lognormal(size=50), random.uniform(0, 1, 50)
    high = low + random.uniform(0, 3, 50)

    def apart(factor: float) -> float:
        return float(np.clip(factor * by, low, high).sum()) - 60

    factor = brentq(apart, 0, 50, xtol=1e-14)
    np.testing.assert_allclose(shared(60, by, low, high), np.clip(factor * by, low, high))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shared(10, [1, -1]), "a weight is negative"),
        (lambda: shared(10, [1, 1], [8, 8], [9, 9]), "floors add up to 16, caps to 18"),
        (
            lambda: shared(10, [1, 1], [3, 0], [2, 9]),
            "number 1 has a floor of 3 above its cap of 2",
        ),
        (lambda: shared(10, [0, 0]), "10 cannot be shared: floors add up to 0, caps to 0"),
    ],
)
def test_what_cannot_be_shared_is_refused(call, message):
    with pytest.raises(ParameterError) as raised:
        call()
    assert message in str(raised.value)


# --- roundings ----------------------------------------------------------------------------------


def nested(random: np.random.Generator, people: int) -> list[np.ndarray]:
    teams = random.integers(0, max(people // 4, 1), people)
    teams = np.unique(teams, return_inverse=True)[1]
    regions = random.integers(0, 3, teams.max() + 1)
    return [teams, np.unique(regions[teams], return_inverse=True)[1]]


def margins(values: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Cells, people's and everybody's months, their years, and those of all groups."""
    levels = [np.arange(len(values)), *groups, np.zeros(len(values), np.int64)]
    tables = []
    for level in levels:
        table = np.zeros((level.max() + 1, values.shape[1]), values.dtype)
        np.add.at(table, level, values)
        tables += [table.ravel(), table.sum(axis=1)]
    return np.concatenate(tables)


def ideals(random: np.random.Generator, kind: str, people: int, months: int) -> np.ndarray:
    """Amounts of some kind; all but the first have whole sums that floats miss by a little."""
    made = random.lognormal(2, 1, (people, months)) * (random.random((people, months)) < 0.9)
    if kind == "shares":
        made = np.repeat(random.integers(1, 90, (people, 1)) * 1.0, months, axis=1) / months
    if kind == "tenths":
        made = random.integers(0, 40, (people, months)) * 0.1
    if kind == "negative":
        made = random.integers(-40, 40, (people, months)) / 8
    if kind == "large":
        made = random.integers(0, 10**6, (people, months)) * 1e5 / 3
    if kind == "whole in all":
        made *= random.integers(1, 10**6) / max(made.sum(), 1.0)
    return made


KINDS = ("any", "shares", "tenths", "negative", "large", "whole in all")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), st.integers(1, 40), st.integers(1, 13), st.integers(0, 10**6))
def test_every_margin_is_whole_and_within_one_unit_of_its_ideal(kind, people, months, seed):
    random = np.random.default_rng(seed)
    ideal = ideals(random, kind, people, months)
    groups = nested(random, people) if seed % 3 else []
    made = roundings.rounded(ideal, groups)
    asked, told = margins(ideal, groups), margins(made, groups)
    error = 1e-9 + 1e-15 * np.abs(ideal).sum()
    assert (np.abs(asked - told) < 1).all()
    whole = np.abs(asked - np.rint(asked)) < error
    assert (told[whole] == np.rint(asked[whole])).all()


@pytest.mark.parametrize("kind", KINDS)
def test_roundings_are_nearly_as_near_as_any_can_be(kind):
    random = np.random.default_rng(3)
    ideal = ideals(random, kind, 200, 12)
    groups = nested(random, 200)
    best = np.abs(flows.nearest(ideal, groups) - ideal).sum()
    made = np.abs(roundings.rounded(ideal, groups) - ideal).sum()
    assert best - 1e-3 <= made <= 1.1 * best + 1e-3


def test_ten_thousand_people_are_rounded_in_all_margins():
    random = np.random.default_rng(4)
    ideal = random.lognormal(7, 0.5, (10_000, 1)) * random.dirichlet(np.ones(12) * 20, 10_000)
    groups = [np.arange(10_000) // 10, np.arange(10_000) // 100]
    apart = margins(ideal, groups) - margins(roundings.rounded(ideal, groups), groups)
    assert np.abs(apart).max() < 1


def test_nobody_and_no_month_are_rounded_to_nothing():
    assert roundings.rounded(np.zeros((0, 12))).shape == (0, 12)
    assert roundings.rounded(np.zeros((3, 0))).shape == (3, 0)


def test_what_is_whole_stays_and_whole_sums_are_kept():
    ideal = np.array([[1.0, 2.0], [0.5, 1.5], [2.5, 0.5]])
    made = roundings.rounded(ideal)
    assert made[0].tolist() == [1, 2]
    assert made.sum(axis=1).tolist() == [3, 2, 3]
    assert made.sum(axis=0).tolist() == [4, 4]


def test_the_largest_remainder_takes_what_is_left():
    assert roundings.largest_remainder(np.array([1.4, 2.4, 3.2]), 7).tolist() == [2, 2, 3]
    assert roundings.largest_remainder(np.array([1.2, 2.5, 3.3]), 7).tolist() == [1, 3, 3]


# --- layers -------------------------------------------------------------------------------------

PEOPLE = pl.DataFrame(
    {
        "payee_id": ["A", "B", "C", "D"],
        "region": ["N", "N", "S", "S"],
        "last": [100.0, 300.0, 200.0, None],
    }
)
EVEN = np.ones(4)


def targets(target=1000.0, people=PEOPLE, by=EVEN, **steps):
    made = brought_down(people, by, target, [Layer("region"), Layer("payee_id", **steps)])
    return engine.collected(made)


def amounts(frame):
    return dict(frame.select("node", "amount").iter_rows())


def test_a_target_is_shared_layer_by_layer_and_every_step_adds_up():
    rows = targets()
    assert amounts(rows) == {"company": 1000, "N": 500, "S": 500, **dict.fromkeys("ABCD", 250)}
    parts = rows["weighed"] + rows["bounded"] + rows["adjusted"]
    assert parts.to_list() == pytest.approx(rows["amount"].to_list())
    assert rows["over"].to_list() == pytest.approx([0.0] * 7)
    assert rows.filter(pl.col("node") == "S")["last"].to_list() == [200.0]


def test_growth_is_bounded_and_the_others_make_up_for_it():
    rows = targets(most=0.5)
    assert amounts(rows)["A"] == 150
    assert amounts(rows)["B"] == 350
    assert rows.filter(pl.col("node") == "A")["bounded"].item() == -100
    assert amounts(targets(least=0.0))["B"] == 300


def test_what_is_decided_by_hand_stays_and_adds_up():
    rows = targets(adjusted={"A": 50.0})
    assert (amounts(rows)["A"], amounts(rows)["B"]) == (275, 225)
    told = rows.filter(pl.col("node").is_in(["A", "B"]))
    assert told["adjusted"].to_list() == [25, -25]


def test_over_assignment_is_given_layer_by_layer():
    steps = [Layer("region", over=0.05), Layer("payee_id", over=0.1)]
    rows = engine.collected(brought_down(PEOPLE, EVEN, 1000, steps))
    made = amounts(rows)
    assert made["N"] + made["S"] == pytest.approx(1050)
    assert sum(made[name] for name in "ABCD") == pytest.approx(1155)
    assert rows.filter(pl.col("node") == "company")["over"].item() == pytest.approx(50)


def test_the_published_street_quota_is_over_assigned_by_a_quarter():
    told = planning("street_quota")
    over = told["over_assign"] - 1
    rows = amounts(
        engine.collected(brought_down(PEOPLE, EVEN, told["target"], [Layer("payee_id", over=over)]))
    )
    assert sum(rows[name] for name in "ABCD") == pytest.approx(told["street"])
    assert told["street"] * told["attainment_factor"] == told["target"]
    assert told["reps"] * told["quota_month"] == told["ramped"]


split = PEOPLE.with_columns(team=pl.Series(["x", "y", "y", "y"]))


@pytest.mark.parametrize(
    ("people", "steps", "message"),
    [
        (PEOPLE, [Layer("region")], "the last layer is not payee_id"),
        (PEOPLE, [Layer("regio"), Layer("payee_id")], "there is no column 'regio'; write 'region'"),
        (PEOPLE, [Layer("payee_id", over=-0.1)], "payee_id is over-assigned by -10%; write 0% or"),
        (PEOPLE, [Layer("payee_id", adjusted={"Z": 1.0})], "payee_id has no 'Z' to adjust"),
        (PEOPLE, [Layer("payee_id", most=-0.9)], None),
        (PEOPLE.head(0), [Layer("payee_id")], "there is nobody to carry a quota"),
        (
            split,
            [Layer("region"), Layer("team"), Layer("payee_id")],
            "team 'y' lies in several of region",
        ),
        (
            PEOPLE.head(2),
            [Layer("region"), Layer("payee_id", most=0.0)],
            "payee_id below N: 1,000 cannot be shared: floors add up to 0, caps to 400",
        ),
    ],
)
def test_what_cannot_be_brought_down_is_refused(people, steps, message):
    if message is None:  # who has no year before takes the rest
        rows = engine.collected(brought_down(people, EVEN, 1000, steps))
        assert amounts(rows)["D"] == pytest.approx(940)
        return
    with pytest.raises(ParameterError) as raised:
        brought_down(people, EVEN[: len(people)], 1000, steps)
    assert message in str(raised.value)


# --- ramps and plans ----------------------------------------------------------------------------


def test_the_published_ramp_is_carried_month_by_month():
    told = planning("ramped_quota")
    ramp = [month / told["then"] for month in told["months"]]
    part = ramps.carried([date(2027, 1, 1)], [None], YEAR, ramp)
    assert part.sum() * told["then"] == pytest.approx(told["first_12_months"])
    np.testing.assert_allclose(part[0, :4] * told["then"], [*told["months"], told["then"]])


def test_a_part_of_a_month_counts_by_its_days_and_leave_takes_its_days():
    part = ramps.carried([date(2027, 4, 16), None], [None, date(2027, 7, 1)], YEAR)
    assert part[0].tolist() == [0, 0, 0, 0.5, *[1] * 8]
    assert part[1].tolist() == [1] * 6 + [0] * 6
    leave = ramps.Absence("B", date(2027, 2, 1), date(2027, 2, 15))
    less = ramps.away(part, ["A", "B"], [leave], YEAR)
    assert less[1, :3].tolist() == [1, 0.5, 1]
    relief = ramps.Absence("B", date(2027, 1, 1), date(2027, 4, 1), 0.2)
    eased = ramps.away(part, ["A", "B"], [relief], YEAR)
    assert eased[1, :4].tolist() == pytest.approx([0.8, 0.8, 0.8, 1])


def test_a_plan_is_whole_and_adds_up_in_every_margin():
    part = ramps.carried([None, None, None, date(2027, 7, 1)], [None] * 4, YEAR, [0.0, 0.5])
    season = np.array([6, 6, 9, 7, 7, 10, 7, 7, 10, 8, 8, 15.0])
    steps = [Layer("region", over=0.1), Layer("payee_id")]
    made = planned(PEOPLE, EVEN, YEAR, 1_000_000, steps, part, season, unit=100)
    rows = engine.collected(made.quotas)
    assert rows["amount"].sum() == 1_100_000 * 10_000
    assert (rows["amount"] % (100 * 10_000) == 0).all()
    by_person = rows.group_by("payee_id").agg(pl.col("amount").sum() / 10_000).sort("payee_id")
    final = amounts(engine.collected(made.layers))
    for person, amount in by_person.iter_rows():
        assert abs(amount - final[person]) < 100
    late = rows.filter(pl.col("payee_id") == "D").sort("start_date")["amount"]
    assert late[:7].to_list() == [0] * 7
    assert late[7] < late[11]


def test_accounts_that_go_carry_their_quota_and_nothing_is_lost():
    made = planned(PEOPLE, EVEN, YEAR, 1_200_000, [Layer("payee_id")], unit=1)
    after = plans.moved(made, "A", "B", 0.25, date(2027, 7, 1))
    assert after.units.sum() == made.units.sum()
    assert (after.units[0, :6] == made.units[0, :6]).all()
    assert after.units[0, 6:].tolist() == [18_750] * 6
    assert after.units[1, 6:].tolist() == [31_250] * 6
    with pytest.raises(ParameterError, match="Z has no quota"):
        plans.moved(made, "Z", "B", 0.1, date(2027, 7, 1))


def test_bottom_up_is_set_against_top_down():
    steps = [Layer("region"), Layer("payee_id")]
    made = planned(PEOPLE, EVEN, YEAR, 1000, steps, unit=1)
    rows = plans.gaps(made, PEOPLE, np.array([300.0, 200, 100, 250]), steps)
    assert dict(rows.select("node", "gap").iter_rows()) == {
        "company": 150, "N": 0, "S": 150, "A": -50, "B": 50, "C": 150, "D": 0,
    }  # fmt: skip


# --- weights ------------------------------------------------------------------------------------


def test_a_blend_weighs_shares_not_units():
    bases = engine.stacked(
        [
            weights.basis("history", {"A": 10, "B": 30}),
            weights.basis("potential", {"A": 3e6, "B": 1e6}),
        ]
    )
    made = weights.blended(["A", "B"], bases, {"history": 1, "potential": 1})
    assert made.tolist() == [0.5, 0.5]
    made = weights.blended(["A", "B"], bases, {"history": 3, "even": 1})
    assert made.tolist() == pytest.approx([0.25 * 0.75 + 0.125, 0.75 * 0.75 + 0.125])
    with pytest.raises(ParameterError, match="there is no basis 'histroy'; write 'history'"):
        weights.blended(["A"], bases, {"histroy": 1})
    with pytest.raises(ParameterError, match="the mix adds up to nothing"):
        weights.blended(["A"], bases, {})


def test_history_pulls_in_the_largest_and_means_over_years():
    sold = {f"P{n}": 100.0 for n in range(20)} | {"big": 1e9}
    told = weights.history([sold, {"P0": 50.0, "big": 50.0}])
    assert told["big"] < 25
    assert told["P1"] == pytest.approx(told["P2"])
    assert weights.winsorised(np.arange(101.0), 0.05).max() == 95
