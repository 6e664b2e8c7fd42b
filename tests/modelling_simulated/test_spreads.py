"""Spreads told apart: recovered from quarters made with known ones, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.incent.modelling.simulated import spreads
from spmlib.incent.modelling.simulated.spreads import Own, Quarters, Shared

TEAMS, EACH = 25, 6


def quarters(years, parts, seed):
    """Quarters of 150 people that vary as told: market, team, person, luck of a quarter."""
    random = np.random.default_rng(seed)
    market_year, market_quarter, team_year, team_quarter, person, luck = parts

    def normal(spread, *shape):
        return spread * random.standard_normal(shape)

    rest = (
        normal(market_year, years, 1, 1, 1)
        + normal(market_quarter, years, 1, 1, 4)
        + normal(team_year, years, TEAMS, 1, 1)
        + normal(team_quarter, years, TEAMS, 1, 4)
        + normal(person, years, TEAMS, EACH, 1)
        + normal(luck, years, TEAMS, EACH, 4)
    )
    year, team, number, quarter = np.indices(rest.shape)
    return Quarters(
        rest.ravel(), (team * EACH + number).ravel(), team.ravel(), (4 * year + quarter).ravel()
    )


def test_known_spreads_are_found_again():
    parts = (0.10, 0.08, 0.06, 0.05, 0.20, 0.30)
    told = np.array([
        [s.market_year, s.market_quarter, s.team_year, s.team_quarter, o.person, o.luck]
        for seed in range(12)
        for of in [quarters(40, parts, seed)]
        for s in [spreads.shared(of)]
        for o in [spreads.own(of, s)]
    ])  # fmt: skip
    assert told.mean(axis=0)[:5] == pytest.approx(parts[:5], rel=0.12)
    assert told.mean(axis=0)[5] == pytest.approx(0.30 * np.sqrt(3), rel=0.02)


def test_two_people_of_two_teams_by_hand():
    """0.1 and 0.3 in one quarter: the one pair of other teams gives 0.1 x 0.3 = 0.03."""
    of = Quarters(np.array([0.1, 0.3]), np.array([0, 1]), np.array([0, 1]), np.array([0, 0]))
    assert spreads.shared(of) == Shared(0.0, pytest.approx(np.sqrt(0.03)), 0.0, 0.0)
    # One person twice in a year: a quota that was wrong by so much, and the rest is luck.
    twice = Quarters(np.array([0.2, 0.4]), np.array([0, 0]), np.array([0, 0]), np.array([0, 1]))
    own = spreads.own(twice, Shared())
    assert own.person == pytest.approx(np.sqrt(0.2 * 0.4))
    assert own.luck == pytest.approx(np.sqrt(3 * ((0.04 + 0.16) / 2 - 0.08)))


def test_a_quarter_that_all_on_a_plan_share_is_told_from_luck():
    """The market of all plans is small; on this plan quarters go up and down by 15 %."""
    parts = (0.0, 0.15, 0.0, 0.0, 0.1, 0.2)
    told = [spreads.own(quarters(40, parts, seed), Shared(0.0, 0.05)) for seed in range(12)]
    assert np.mean([o.common**2 for o in told]) == pytest.approx(0.15**2 - 0.05**2, rel=0.1)
    assert np.mean([o.luck for o in told]) == pytest.approx(0.2 * np.sqrt(3), rel=0.02)


def test_pairs_that_go_against_each_other_show_no_spread_and_what_is_written_holds():
    of = Quarters(np.array([-0.1, 0.3]), np.array([0, 1]), np.array([0, 1]), np.array([0, 0]))
    assert spreads.shared(of, 0.08) == Shared(0.08, 0.0, 0.0, 0.0)
    assert spreads.own(of, Shared(), least=0.05).person == 0.05


def test_quarters_of_different_years_say_nothing_of_a_year():
    of = Quarters(np.array([0.2, 0.4]), np.array([0, 0]), np.array([0, 0]), np.array([3, 4]))
    assert spreads.own(of, Shared()).person == 0.0


def test_a_season_fitted_to_few_quarters_took_part_of_the_market():
    of = quarters(2, (0.0, 0.1, 0.0, 0.0, 0.0, 0.0), 5)
    fitted = Quarters(of.rest, of.person, of.team, of.quarter, season=4)
    told = spreads.shared(fitted).market_quarter / spreads.shared(of).market_quarter
    assert told == pytest.approx(np.sqrt(8 / (8 - 4)))


def test_few_people_and_few_quarters_are_held_towards_all():
    parts = {"a": Own(0.3, 0.6, 90, 10), "b": Own(0.1, 0.2, 10, 0)}
    made = spreads.held(parts, 10)
    person, luck = 0.9 * 0.09 + 0.1 * 0.01, 0.9 * 0.36 + 0.1 * 0.04
    assert made["a"].person == pytest.approx(np.sqrt(0.5 * 0.09 + 0.5 * person))
    assert made["a"].luck == pytest.approx(np.sqrt(0.9 * 0.36 + 0.1 * luck))
    assert made["b"].person == pytest.approx(np.sqrt(person))
    assert made["b"].luck == pytest.approx(np.sqrt(0.5 * 0.04 + 0.5 * luck))
    assert spreads.held({"a": Own(0.3, 0.6, 0, 0)}, 10) == {"a": Own(0.3, 0.6, 0, 0)}


def test_correlations_are_shares_of_variance():
    inside, outside, spread = spreads.correlations(Shared(0.3), Own(0.4, 0.0))
    assert (inside, outside, spread) == pytest.approx((0.36, 0.36, 0.5))
    inside, outside, _ = spreads.correlations(Shared(0.3, 0.0, 0.4, 0.2), Own(0.0, 0.0))
    assert (inside, outside) == pytest.approx((1.0, 0.09 / 0.26))
    assert spreads.correlations(Shared(), Own(0.0, 0.0)) == (0.0, 0.0, 0.0)
