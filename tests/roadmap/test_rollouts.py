"""Rollouts: against closed forms where luck plays no part, and the interval where it does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.roadmap.pilots import (
    Team,
    breaks_even,
    by_chance,
    changed,
    equal,
    sensitivity,
    with_pilot,
)
from spmlib.revops.roadmap.rollouts import LINES, Rollout, compared, expected

SURE = Rollout(teams=5, pilot=2, benefit=100, fixed=50, each=10, months=4, watch=1, horizon=24)
RISKY = replace(
    SURE,
    fails=0.3,
    rework=2,
    again=0.5,
    harm=200,
    both=2,
    parallel=7,
    learns=0.5,
    saves=0.2,
    rate=0.1,
)


def test_without_risk_all_at_once_wins_by_exactly_the_delay():
    made = compared(SURE, 10)
    assert np.allclose(made.gain, -3 * 100 * (4 + 1))  # three teams wait five months
    assert set(made.at_once.worth) == {5 * 100 * 20 - 50 - 50}
    assert (set(made.at_once.first), set(made.pilot.first), set(made.pilot.whole)) == (
        {4},
        {4},
        {9},
    )


def test_certain_failure_costs_a_pilot_its_own_teams_only():
    made = compared(replace(SURE, fails=1.0, harm=30, attempts=1), 10)
    assert set(made.at_once.worth) == {-50 - 5 * 10 - 5 * 30}
    assert set(made.pilot.worth) == {-50 - 2 * 10 - 2 * 30}
    assert np.isinf(made.pilot.first).all()


def test_both_processes_run_at_their_cost():
    made = compared(replace(SURE, both=3, parallel=4, benefit=0, fixed=0, each=0), 10)
    assert set(made.at_once.worth) == {-5 * 3 * 4} == set(made.pilot.worth)


@pytest.mark.parametrize("of", [RISKY, replace(RISKY, attempts=1), replace(RISKY, fails=0.9)])
def test_runs_have_the_mean_of_the_closed_form(of):
    made, told = compared(of, 40_000), expected(of)
    for played, mean in zip((made.at_once, made.pilot), told, strict=True):
        error = played.worth.std() / len(played.worth) ** 0.5
        assert abs(played.worth.mean() - mean) < 4 * error


def test_the_closed_form_is_the_run_where_nothing_fails():
    one, other = expected(SURE)
    made = compared(SURE, 2)
    assert (one, other) == (made.at_once.worth[0], made.pilot.worth[0])


def test_a_pilot_pays_above_the_chance_at_which_it_breaks_even():
    of = replace(RISKY, harm=900)
    (chance,) = breaks_even(of, 8_000)
    low, high = replace(of, fails=chance - 0.05), replace(of, fails=chance + 0.05)
    assert expected(low)[0] > expected(low)[1]
    assert expected(high)[0] < expected(high)[1]
    rows = by_chance(of, [0, chance, 1], 2_000)
    assert rows[0][1] < 0 < rows[2][1]


def test_regrets_differ_by_the_gain():
    made = compared(replace(RISKY, varies=0.4), 5_000)
    at_once, pilot = made.regret()
    assert at_once - pilot == pytest.approx(made.gain.mean())
    mean, low, high = made.mean_gain()
    assert low < mean < high


def test_the_same_seed_gives_the_same():
    of = replace(RISKY, varies=0.4)
    assert (compared(of, 50, 1).gain == compared(of, 50, 1).gain).all()
    assert (compared(of, 50, 1).gain != compared(of, 50, 2).gain).any()


def test_nothing_after_the_horizon_counts():
    made = compared(replace(SURE, horizon=3), 4)  # ends before anyone is live
    assert set(made.at_once.worth) == {-100}
    assert set(made.pilot.worth) == {-70}


def test_lines_add_up_to_the_worth():
    made = compared(replace(RISKY, varies=0.4, horizon=14), 500)
    for way in (made.at_once, made.pilot):
        assert sum(way.lines.values()) == pytest.approx(way.worth)
        assert all((way.lines[name] <= 1e-9).all() for name in LINES[1:])
    assert (made.at_once.lines["at_best"] == made.pilot.lines["at_best"]).all()


def test_lines_by_hand():
    made = compared(replace(SURE, both=3, parallel=4, fails=1.0, harm=7, again=0.5, attempts=2), 2)
    lines = {name: float(made.at_once.lines[name][0]) for name in LINES}
    # two failures of all five teams; both processes run for three months and two of rework
    assert lines == {
        "at_best": 5 * 100 * 24,
        "delay": 0,
        "never": -5 * 100 * 24,
        "preparing": -100,
        "both": -5 * (3 + 2) * 4,
        "failures": -2 * (0.5 * 100 + 5 * 7),
    }


TEAMS = {"sales": Team(30, 5), "product": Team(10, 1), "finance": Team(20, 3)}


def test_a_pilot_of_a_team_has_its_own_benefit_and_harm():
    of = with_pilot(SURE, TEAMS, ["sales"])
    assert (of.teams, of.pilot, of.pilot_benefit, of.benefit) == (3, 1, 30, 15)
    made = compared(of, 2)
    assert made.at_once.lines["at_best"][0] == 60 * 24
    assert made.gain[0] == -(10 + 20) * (4 + 1)  # the two others wait
    failed = compared(replace(of, fails=1.0, attempts=1), 2)
    assert failed.pilot.lines["failures"][0] == -5
    assert failed.at_once.lines["failures"][0] == -9


@pytest.mark.parametrize(
    ("pilot", "says"),
    [
        (["sale"], "'sale' is no team; write 'sales'"),
        (["sales", "sales"], "twice"),
        ([], "a pilot of 0 of 3"),
        (["sales", "product", "finance"], "a pilot of 3 of 3"),
    ],
)
def test_odd_pilots_are_refused(pilot, says):
    with pytest.raises(ParameterError, match=says):
        with_pilot(SURE, TEAMS, pilot)


def test_equal_by_hand_and_nowhere():
    # of three teams that wait five months, 1,500 is lost; the pilot saves 0.5 * 3 * each
    of = replace(SURE, saves=0.5)
    assert equal(of, "each", 0, 5_000, 10) == pytest.approx([1_000], rel=1e-3)
    assert equal(of, "watch", 0, 12, 10) == []
    assert changed(with_pilot(SURE, TEAMS, ["sales"]), "benefit", 30).pilot_benefit == 60


def test_what_moves_a_pilot_most_stands_first():
    rows = sensitivity(replace(SURE, saves=0.5), 0.2, 10)
    told = {name: (low, high) for name, low, high in rows}
    assert rows[0][0] == "benefit"
    assert told["benefit"] == pytest.approx((-1_200 + 15, -1_800 + 15))
    assert told["saves"] == pytest.approx((-1_500 + 12, -1_500 + 18))
    assert "fails" not in told  # nothing of nothing


@pytest.mark.parametrize(
    "odd",
    [{"pilot": 5}, {"pilot": 0}, {"fails": 1.1}, {"harm": -1}, {"attempts": 0}, {"rate": -1.0}],
)
def test_odd_rollouts_are_refused(odd):
    with pytest.raises(ParameterError):
        replace(SURE, **odd)


def test_no_closed_form_where_times_vary_and_no_finding_in_one_run():
    with pytest.raises(ParameterError, match="no closed form"):
        expected(replace(SURE, varies=0.1))
    with pytest.raises(ParameterError, match="2 or more"):
        compared(SURE, 1)
