"""Tables that meet conditions: by hand, published, against a slow optimiser; and what clashes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from spmlib.core.errors import ParameterError
from spmlib.incent.modelling.simulated import plain
from spmlib.incent.modelling.simulated.nearest import Bounds, nearest, reach, rounded, said, ways
from tests.shared import SHARED


def test_two_rates_that_two_conditions_leave_no_choice():
    """r1 = 8 %, and 50 % of quota more at r2 earns as much again: 16 %."""
    made = nearest(np.array([0.1, 0.1]), np.array([[1.0, 0.0], [1.0, 0.5]]), np.array([0.08, 0.16]))
    assert made == pytest.approx([0.08, 0.16])


def test_the_nearest_lies_on_the_line_through_now_and_across_the_plane():
    """From (1, 1) to x + y = 3 it is half a step along each."""
    made = nearest(np.array([1.0, 1.0]), np.array([[1.0, 1.0]]), np.array([3.0]))
    assert made == pytest.approx([1.5, 1.5])


def test_a_bound_that_is_met_sends_the_rest_along_it():
    """From (0.1, 2) to x + y = 0.5 the foot lies at x below 0: it stays at 0, y takes it all."""
    made = nearest(np.array([0.1, 2.0]), np.array([[1.0, 1.0]]), np.array([0.5]))
    assert made == pytest.approx([0.0, 0.5])


@pytest.mark.parametrize("seed", range(40))
def test_as_a_slow_optimiser_finds_it(seed):
    random = np.random.default_rng(seed)
    count, conditions = random.integers(2, 7), random.integers(1, 3)
    now = random.uniform(0, 0.2, count)
    of = random.uniform(0, 10, (conditions, count))
    wanted = of @ random.uniform(0, 0.25, count)
    bounds = Bounds(0.0, 0.3, bool(seed % 2))
    made = nearest(now, of, wanted, bounds)
    must, limits = bounds.rows(count)
    told = minimize(
        lambda r: ((r - now) ** 2).sum(),
        now,
        jac=lambda r: 2 * (r - now),
        method="SLSQP",
        constraints=[
            {"type": "eq", "fun": lambda r: of @ r - wanted, "jac": lambda _: of},
            {"type": "ineq", "fun": lambda r: must @ r - limits, "jac": lambda _: must},
        ],
        options={"maxiter": 500, "ftol": 1e-14},
    )
    there = linprog(np.zeros(count), -must, -limits, of, wanted, bounds=(None, None)).status == 0
    assert (made is not None) == there
    if there:
        assert of @ made == pytest.approx(wanted, rel=1e-9)
        assert (must @ made >= limits - 1e-9).all()
        assert ((made - now) ** 2).sum() <= told.fun + 1e-8 or not told.success


def test_what_clashes_is_told_with_how_far_each_can_go():
    of, wanted = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([0.5, 0.2])
    assert nearest(np.zeros(2), of, wanted) is None
    assert reach(of, wanted, 0) == pytest.approx((0.0, 0.2))
    assert reach(of, wanted, 1) == pytest.approx((0.5, np.inf))
    assert reach(of, wanted, 1, Bounds(0.0, 0.6)) == pytest.approx((0.5, 1.1))
    told = said(("pay", "cost"), of, wanted)
    assert told == "pay 0.50, with the others 0.00 to 0.20; cost 0.20, with the others 0.50 or more"


def test_conditions_that_contradict_each_other_leave_no_room():
    of, wanted = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 0.0]]), np.array([1.0, 2.0, 0.5])
    assert nearest(np.zeros(2), of, wanted) is None
    assert np.isnan(reach(of, wanted, 2)).all()
    assert "leaves the others no room" in said(("a", "b", "c"), of, wanted)


@pytest.mark.parametrize("step", [0.0025, 0.01, 0.1])
def test_rounded_rates_are_whole_steps_and_none_near_misses_less(step):
    random = np.random.default_rng(4)
    exact, of = random.uniform(0, 0.2, 3), random.uniform(1, 5, (2, 3))
    wanted = of @ exact
    made = rounded(exact, of, wanted, step)
    assert made / step == pytest.approx(np.round(made / step), abs=1e-9)
    miss = (((of @ made - wanted) / wanted) ** 2).sum()
    plain_ = np.round(exact / step) * step
    assert miss <= (((of @ plain_ - wanted) / wanted) ** 2).sum() + 1e-15
    assert (
        np.diff([(((of @ w - wanted) / wanted) ** 2).sum() for w in ways(exact, of, wanted, step)])
        >= -1e-12
    ).all()


def test_nothing_is_rounded_by_no_step_and_bounds_are_kept():
    exact, of = np.array([0.013, 0.02]), np.ones((1, 2))
    assert rounded(exact, of, of @ exact, 0.0).tolist() == exact.tolist()
    made = rounded(exact, of, of @ exact, 0.01, Bounds(0.0, 0.02, True))
    assert 0 <= made[0] <= made[1] <= 0.02
    many = np.full(20, 0.0149)
    assert rounded(many, np.ones((1, 20)), np.array([0.298]), 0.01) == pytest.approx(0.01)


def published(name):
    path = SHARED / "worked-examples/compensation.json"
    if not path.exists():
        pytest.skip(f"{path} is not there; set SPMLIB_SHARED to where it is")
    (case,) = (c for c in json.loads(path.read_text("utf-8")) if c["id"] == name)
    return case["inputs"], case["expected"]


def test_a_published_mix_and_upside():
    given, told = published("S2")
    made = plain.mix(given["tcc"], given["mix"][1] / 100, given["upside_ratio"])
    assert (made.base, made.target_incentive) == (told["base"], told["target_incentive"])
    assert (made.upside, made.excellent) == (told["upside"], told["total_at_excellence"])
    assert made.leverage == 3.0


def test_a_table_that_pays_the_published_mix_and_upside():
    """A quota of a million; excellence is 150 %: 5 % up to quota, 20 % beyond."""
    given, _ = published("S2")
    of = plain.mix(given["tcc"], given["mix"][1] / 100, given["upside_ratio"])
    made = plain.table(
        [0, 1],
        [0.06, 0.1],
        1_000_000,
        at_quota=of.target_incentive,
        at_excellence=of.excellent - of.base,
        excellence=1.5,
    )
    assert made == pytest.approx([0.05, 0.2])
    assert plain.paid([0, 1], made, np.array([1, 1.5]), 1e6) == pytest.approx([50_000, 150_000])


def test_three_conditions_are_met_by_three_rows():
    random = np.random.default_rng(3)
    attained = random.lognormal(-0.1, 0.4, (5, 2_000))
    made = plain.table(
        [0, 0.5, 1, 1.4],
        [0.04, 0.06, 0.1, 0.1],
        900_000,
        attained=attained,
        budget=260_000,
        at_quota=45_000,
        at_excellence=80_000,
        excellence=1.3,
    )
    told = plain.paid([0, 0.5, 1, 1.4], made, attained, 900_000).sum(axis=0).mean()
    assert told == pytest.approx(260_000, rel=1e-9)
    ends = plain.paid([0, 0.5, 1, 1.4], made, np.array([1.0, 1.3]), 900_000)
    assert ends == pytest.approx([45_000, 80_000], rel=1e-9)


@pytest.mark.parametrize("attained", [-0.3, 0.0, 0.4, 0.5, 0.9, 1.0, 1.7])
def test_slices_add_up_to_what_is_attained_and_points_to_one(attained):
    rates = plain.slices([0, 0.5, 1], np.array(attained))
    assert rates.sum() == pytest.approx(attained)
    assert plain.slices([0, 0.5, 1], np.array(attained), "payout").sum() == pytest.approx(1)


BAD = [
    ({"starts": [0.5, 1]}, "thresholds .* do not rise from 0"),
    ({"starts": [0, 0]}, "thresholds .* do not rise from 0"),
    ({"pays": "margin"}, "pays: 'margin' means nothing here"),
    ({"at_quota": None}, "nothing is asked of the table"),
    ({"budget": 5.0}, "budget: nobody's attainment is drawn"),
    ({"at_excellence": 5.0}, "at_excellence: from where is missing"),
    ({"now": [0.1]}, "1 rates for 2 thresholds"),
    (
        {"at_quota": -1.0},
        "no table meets what is asked: pay at quota -1.00, with the others 0.00 or more",
    ),
]


@pytest.mark.parametrize(("words", "says"), BAD)
def test_what_cannot_be_asked_of_a_table_is_refused(words, says):
    usual = {"starts": [0, 1], "now": [0.1, 0.2], "stick": 100.0, "at_quota": 10.0}
    with pytest.raises(ParameterError, match=says):
        plain.table(**(usual | words))


@pytest.mark.parametrize(
    ("words", "says"),
    [((1e5, 0.0, 2), "variable: 0.0"), ((1e5, 1.2, 2), "variable"), ((-1, 0.5, 2), "total -1"),
     ((1e5, 0.5, -2), "upside -2")],
)  # fmt: skip
def test_a_mix_that_cannot_be_meant_is_refused(words, says):
    with pytest.raises(ParameterError, match=says):
        plain.mix(*words)
