"""Capacity: closed forms against playing through, published numbers, and what hiring brings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.orchestrate.capacity import hires
from spmlib.orchestrate.capacity.moments import moments
from spmlib.orchestrate.capacity.runs import played
from spmlib.orchestrate.capacity.seats import NEVER, monthly, seats, workload
from tests.shared import planning


def apart(made, runs=20_000):
    """How many standard errors mean and variance of the runs lie from the closed form."""
    drawn, told = played(made, runs), moments(made)
    mean = (drawn.mean(axis=0) - told.mean) / np.sqrt(np.maximum(told.variance, 1e-12) / runs)
    variance = drawn.var(axis=0, ddof=1)
    fourth = ((drawn - drawn.mean(axis=0)) ** 4).mean(axis=0)
    error = np.sqrt(np.maximum(fourth - variance**2, 1e-12) / runs)
    return np.abs(mean).max(), np.abs((variance - told.variance) / error).max()


PLANS = {
    "held": {"tenure": [12] * 30},
    "ramping": {"tenure": [0, 1, 2, 3] * 8, "ramp": (0.0, 0.25, 0.5, 0.75)},
    "hired late": {
        "tenure": [20] * 10 + [0] * 20,
        "opens": [0] * 10 + [2] * 10 + [6] * 10,
        "late": (0.5, 0.3, 0.2),
        "ramp": (0.0, 0.5),
    },
    "never refilled": {"tenure": [5] * 40, "leaves": 0.5, "refilled": NEVER},
    "refilled at once": {"tenure": [5] * 40, "leaves": 0.7, "refilled": 0, "ramp": (0.1, 0.2)},
    "seasonal": {"tenure": [9] * 25, "season": (0.5, 0.8, 1.7) * 8},
    "all alike": {"tenure": [9] * 25, "varies": 0.0, "leaves": 0.0},
}


@pytest.mark.parametrize("name", PLANS)
def test_runs_have_the_mean_and_the_variance_of_the_closed_form(name):
    mean, variance = apart(seats(**PLANS[name]))
    assert mean < 4  # the largest of up to 24 months
    assert variance < 4.5


def test_without_refills_heads_die_out_as_the_binomial_says():
    made = seats(
        [12] * 500, brings=1.0, varies=0.0, leaves=0.25, refilled=NEVER, season=(1.0,) * 13
    )
    told = moments(made)
    assert told.held[12] == pytest.approx(500 * 0.75)
    assert told.mean[12] == pytest.approx(375)
    assert told.variance[12] == pytest.approx(500 * 0.75 * 0.25)


def test_attrition_by_month_makes_that_of_the_year():
    assert (1 - monthly(np.array([0.25]))[0]) ** 12 == pytest.approx(0.75)
    assert monthly(np.array([0.0]))[0] == 0


def test_the_published_capacity_is_ramped_and_ramping():
    told = planning("ramped_capacity")
    plain = {"varies": 0.0, "leaves": 0.0, "season": (1.0,)}
    ramped = seats([12] * told["ramped"], brings=told["quota"] * told["attainment"], **plain)
    ramping = seats(
        [0] * told["ramping"], brings=told["quota"], ramp=(told["ramp_productivity"],), **plain
    )
    assert moments(ramped).mean[0] == pytest.approx(told["ramped_capacity"])
    assert moments(ramping).mean[0] == pytest.approx(told["ramping_capacity"])
    assert played(ramped, 1)[0, 0] + played(ramping, 1)[0, 0] == pytest.approx(told["total"])


def test_the_published_workload_needs_sixty_people():
    told = planning("kotler_workload")
    accounts, calls = ([told[which][name] for which in "AB"] for name in ("n", "calls"))
    assert workload(accounts, calls, told["calls_per_rep"]) == told["reps"]


def test_the_same_seed_gives_the_same_runs_and_runs_do_not_depend_on_how_many():
    made = seats([12] * 20)
    np.testing.assert_array_equal(played(made, 100), played(made, 100))
    np.testing.assert_array_equal(played(made, 50), played(made, 100)[:50])
    assert not np.array_equal(played(made, 10, seed=1), played(made, 10, seed=2))


@settings(max_examples=20, deadline=None)
@given(st.floats(0.05, 0.6), st.floats(0.0, 1.0), st.integers(0, 6))
def test_any_force_brings_what_the_closed_form_says(leaves, varies, refilled):
    made = seats([4] * 15, leaves=leaves, varies=varies, refilled=refilled, ramp=(0.2, 0.6))
    mean, variance = apart(made, 4000)
    assert mean < 4.5
    assert variance < 6


def test_the_hires_needed_are_the_fewest_that_are_enough():
    made = seats([24] * 20, brings=100.0, leaves=0.2, ramp=(0.0, 0.5))
    target = 1.15 * hires.reached(made, 0).expected
    many = hires.needed(made, target, 0.8, 1)
    assert hires.reached(made.and_hires([1] * many), target).chance >= 0.8
    assert hires.reached(made.and_hires([1] * (many - 1)), target).chance < 0.8
    assert hires.needed(made, 1.0, 0.8, 1) == 0
    assert hires.needed(made, target, 0.8, 5) > many


def test_two_months_later_is_compared_run_by_run():
    made = seats([24] * 5 + [0] * 5, [0] * 5 + [2] * 5, brings=100.0, varies=0.0, leaves=0.0)
    now, later = hires.waited(made, 2, 8000)
    assert now.expected - later.expected == pytest.approx(5 * 2 * 100)
    assert now.chance >= later.chance
    assert now.between()[0] <= now.expected <= now.between()[1] + 1e-9


def test_costs_follow_the_seats_that_are_held():
    told = hires.costs(np.array([10.0, 20.0]), 100.0, hires=3, each=50.0)
    assert told.tolist() == [1000 + 50, 2000 + 100]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: seats([]), "there is no seat"),
        (lambda: seats([1], leaves=1.0), "attrition is the share who leave in a year"),
        (lambda: seats([1], late=(0.5, 0.2)), "let them add up to 1"),
        (lambda: seats([1], ramp=(1.5,)), "the ramp is [1.5]; write shares from 0 to 1"),
        (
            lambda: hires.needed(seats([1]), 1, 1.0, 1),
            "a target cannot be reached with a chance of",
        ),
        (lambda: hires.needed(seats([1]), 1, 0.8, 99), "the plan has months 0 to 11, not 99"),
        (
            lambda: hires.needed(seats([1], ramp=(0.0,) * 12), 1e6, 0.8, 11),
            "4,096 hires in month 11 do not reach 1,000,000; hire earlier",
        ),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ParameterError) as raised:
        call()
    assert message in str(raised.value)
