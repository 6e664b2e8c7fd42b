"""Teams: planted effects are found; one start for all is a series; what is odd is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.core.months import number, period_of
from spmlib.revops.value import placebos, teams
from spmlib.revops.value.effects import effect
from spmlib.revops.value.money import Worth, counted, paths
from spmlib.revops.value.series import Series
from tests.value.test_effects import NEW_YEAR, made, noisy

STARTS = {"a": date(2025, 9, 1), "b": date(2025, 11, 1), "c": date(2026, 1, 1)}


def drawn(moved, seed=1, names="abcdef", months=34):
    """Teams whose months move together and apart; each that starts is moved."""
    random = np.random.default_rng(seed)
    common = random.standard_normal(months)
    found = {}
    for place, name in enumerate(names):
        values = 20 + 3 * place + common + random.standard_normal(months)
        own = made(values)
        start = f"{STARTS[name]:%Y-%m}" if name in STARTS else "never"
        late = np.array([period >= start for period in own.periods])
        found[name] = Series("hours", own.periods, values + moved * late)
    return found


def test_by_hand():
    # The first falls by 4 in the last two of three months; no noise. All hangs on that one team.
    values = {"a": [10.0, 7, 8], "b": [20.0, 21, 22], "c": [5.0, 6, 7], "d": [1.0, 2, 3]}
    own = {name: made(row, "2025-12") for name, row in values.items()}
    found = teams.effect_of(own, {"a": NEW_YEAR}, teams.Demands(mean=1, after=1))
    assert found.change[0] == pytest.approx(-4) and not found.bounded
    assert list(found.expected[:, 0]) == pytest.approx([36, 40, 44])
    mean = teams.effect_of(own, {"a": NEW_YEAR}, teams.Demands(mean=1, after=1), adds=False)
    assert mean.change[0] == pytest.approx(-1)
    assert list(mean.values) == pytest.approx([9, 9, 10])


def test_what_was_planted_is_found_for_the_whole_company():
    found = teams.effect_of(drawn(-5.0), STARTS)
    # Teams that had started: 1, 1, 2, 2, and 3 in ten months.
    whole = -5 * (2 * 1 + 2 * 2 + 10 * 3) / 14
    assert found.method == "staggered" and (found.before, found.after) == (20, 14)
    assert found.shown and found.change[1] < whole < found.change[2]
    assert found.ahead == pytest.approx([3])
    ahead = paths([found], 40, 500, 1)["hours"]
    assert ahead[:, -1].mean() == pytest.approx(3 * found.fit.change, rel=0.03)
    assert not teams.effect_of(drawn(0.0), STARTS).shown


def test_one_start_for_all_is_a_series():
    own = {"a": noisy(1), "b": noisy(2)}
    found = teams.effect_of(own, {"a": NEW_YEAR, "b": NEW_YEAR})
    whole = effect(teams.total(own), NEW_YEAR)
    assert found.method == "interrupted" and found.change == whole.change


def test_a_month_in_which_a_team_starts_belongs_to_neither_side():
    own = drawn(-5.0)
    spoilt = {name: Series(one.name, one.periods, one.values.copy()) for name, one in own.items()}
    spoilt["a"].values[20] = 999.0  # September 2025, in whose middle it starts
    found = teams.effect_of(spoilt, STARTS | {"a": date(2025, 9, 15)})
    whole = -5 * (1 + 2 * 2 + 10 * 3) / 13  # teams that had started, from October on
    assert found.change[1] < whole < found.change[2] < 0


def test_few_teams_have_no_interval_and_are_not_counted():
    found = teams.effect_of(drawn(-5.0, names="abc"), {"a": STARTS["a"]})
    assert found.said and not found.shown and "no interval" not in found.method
    assert "too few teams" in found.assumption
    assert counted([found], {"hours": Worth(-1, 60)}) == []


def test_too_few_months_and_nobody_to_compare_with_say_nothing():
    short = drawn(0.0, months=22)
    assert "2 months after" in teams.effect_of(short, STARTS).assumption
    # All have started by the second month after: only one month has somebody to compare with.
    soon = dict.fromkeys("abcde", date(2025, 9, 1)) | {"f": date(2025, 10, 1)}
    found = teams.effect_of(drawn(0.0), soon)
    assert found.said and not found.bounded and np.isnan(found.expected[-1, 0])
    blank = {name: made([np.nan] * 9) for name in "ab"}
    assert "no month has a value" in teams.effect_of(blank, {"a": NEW_YEAR}).assumption


def test_odd_starts_are_refused():
    with pytest.raises(ParameterError, match="'z' is no team with months; known are a, b, c"):
        teams.effect_of(drawn(0.0), {"z": NEW_YEAR})
    with pytest.raises(ParameterError, match="nobody started"):
        teams.effect_of(drawn(0.0), {})


def test_made_up_days_of_teams_come_before_the_first_start():
    found = placebos.of_teams(drawn(-50.0), STARTS)
    assert len(found) > 5
    assert max(abs(one.change[0]) for one in found) < 20
    assert max(number(one.start) for one in found) < number("2025-09")


def test_a_total_is_unknown_where_a_team_is():
    own = {"a": made([1.0, 2]), "b": made([3.0], "2024-02")}
    assert np.isnan(teams.total(own).values[0]) and teams.total(own).values[1] == 5
    assert teams.total(own, adds=False).values[1] == 2.5
    assert teams.total({}).periods == ()
    assert period_of(number(teams.total(own).periods[0])) == "2024-01"


def test_measures_of_teams_that_move_together_are_drawn_together():
    one, same = (teams.effect_of(drawn(-5.0), STARTS) for _ in range(2))
    other = teams.effect_of(drawn(-5.0, seed=9), STARTS)
    named = {"a": one, "b": same, "c": other}
    path = paths([replace(made, name=name) for name, made in named.items()], 24, 1000, 1)
    means = [rows.mean(axis=1) for rows in path.values()]
    assert np.corrcoef(means[0], means[1])[0, 1] > 0.9
    assert abs(np.corrcoef(means[0], means[2])[0, 1]) < 0.6
