"""Effects: published ones are met, planted ones found, and of too little nothing is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from spmlib.core.errors import ParameterError
from spmlib.core.months import number, period_of
from spmlib.revops.value import effects, regression, series
from spmlib.revops.value.effects import Demands, effect
from spmlib.revops.value.placebos import placebos, share
from spmlib.revops.value.series import Series

NEW_YEAR = date(2026, 1, 1)


def made(values, first="2024-01"):
    start = number(first)
    periods = tuple(period_of(start + place) for place in range(len(values)))
    return Series("made", periods, np.array(values, float))


def noisy(seed, months=34, moved=0.0, correlation=0.0, before=24):
    random = np.random.default_rng(seed)
    shocks = random.standard_normal(months + 30)
    for place in range(1, months + 30):
        shocks[place] += correlation * shocks[place - 1]
    late = np.arange(months) >= before
    return made(100 + 0.1 * np.arange(months) + shocks[30:] + moved * late)


def nile():
    """Annual flow at Aswan, 1871 to 1970, as statsmodels ships it; its years stand as months."""
    folder = Path(find_spec("statsmodels").submodule_search_locations[0])
    rows = np.loadtxt(folder / "datasets/nile/nile.csv", delimiter=",", skiprows=1)
    return rows[:, 1]


def test_the_nile_falls_as_published():
    # Means 1097.75 until 1898 and 849.97 after (10^8 cubic metres); the fall is sure.
    # Source: Cobb, Biometrika 65 (1978), 243-251.
    flow = nile()
    demands = Demands(trend=999)
    found = effect(made(flow, "1900-01"), date(1902, 5, 1), demands, season=False)
    assert (found.before, found.after, found.method) == (28, 72, "before_after")
    assert found.change[0] == pytest.approx(849.97 - 1097.75, rel=0.03)
    assert found.change[1] < 849.97 - 1097.75 < found.change[2] < -100


def test_least_squares_of_the_nile_are_as_published():
    design = np.column_stack([np.arange(100) >= 28, np.ones(100)]).astype(float)
    told = regression.newey_west(design, nile(), np.array([1.0, 0]), 0.95)
    assert told[0] == pytest.approx(849.9722 - 1097.75, abs=1e-4)


@pytest.mark.nightly
def test_newey_west_is_that_of_statsmodels():
    import statsmodels.api as sm

    design = np.column_stack([np.arange(100) >= 28, np.ones(100), np.arange(100)]).astype(float)
    contrast = np.array([1.0, 0, 30])
    how = {"maxlags": 4, "use_correction": True}
    peer = sm.OLS(nile(), design).fit(cov_type="HAC", cov_kwds=how, use_t=True).t_test(contrast)
    own = regression.newey_west(design, nile(), contrast, 0.95)
    assert own == pytest.approx([float(peer.effect[0]), *map(float, peer.conf_int(0.05)[0])])


@pytest.mark.parametrize("moved", [-10, 10])
def test_what_was_planted_is_found(moved):
    found = effect(noisy(1, moved=moved), NEW_YEAR)
    assert found.shown
    assert found.change[1] < moved < found.change[2]


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_intervals_cover_what_they_say(correlation):
    inside = 0
    for seed in range(12):
        low, high = effect(noisy(seed, correlation=correlation), NEW_YEAR).change[1:]
        inside += low <= 0 <= high
    assert inside >= 10


@pytest.mark.parametrize(
    ("measured", "day", "says"),
    [
        (made([1.0, 2, 3] * 4, "2026-01"), NEW_YEAR, "0 months before"),
        (noisy(1), date(2030, 1, 1), "after the last month"),
        (made([np.nan] * 34), NEW_YEAR, "no month has a value"),
        (made([5.0] * 34), NEW_YEAR, "no scatter at all"),
        (made([5.0] * 24 + [3.0] * 10), NEW_YEAR, "no scatter about what is drawn"),
        (made([]), NEW_YEAR, "no month has a value"),
        (noisy(1, months=26), NEW_YEAR, "2 months after"),
    ],
)
def test_of_too_little_nothing_is_said(measured, day, says):
    found = effect(measured, day)
    assert not found.said and not found.shown
    assert says in found.assumption


def test_the_way_follows_from_the_months():
    assert effect(noisy(1), NEW_YEAR).method == "interrupted"
    assert effect(noisy(1, before=11), date(2024, 12, 1)).method == "before_after"
    assert effect(noisy(1, before=12), date(2025, 1, 1)).method == "interrupted"


def test_a_gap_is_no_zero():
    whole = noisy(2, moved=-10)
    gaps = replace(whole, values=whole.values.copy())
    gaps.values[[5, 28]] = np.nan
    found = effect(gaps, NEW_YEAR)
    assert (found.before, found.after) == (23, 9)
    assert found.change[1] < -10 < found.change[2]


def test_a_month_of_change_belongs_to_neither_side():
    found = effect(noisy(1), date(2026, 1, 15))
    assert (found.start, found.before, found.after) == ("2026-02", 24, 9)


def test_placebos_come_before_the_change():
    found = placebos(noisy(3, months=28, moved=-50, before=20), date(2025, 9, 1))
    assert found and all(one.start < "2025-09" for one in found)
    assert max(abs(one.change[0]) for one in found) < 40
    assert share(found) == sum(one.shown for one in found) / len(found)
    assert share([]) is None


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"January": 1}, "no month"),
        ({"2026-13": 1}, "no month"),
        ({"2026-01": float("inf")}, "infinite"),
        ({"2026-01": "many"}, "no number"),
    ],
)
def test_odd_months_are_refused(table, says):
    with pytest.raises(ParameterError, match=says):
        series.series(table, "disputes")


def test_a_month_may_not_stand_twice():
    import polars as pl

    table = pl.DataFrame({"period": ["2026-01", "2026-01"], "value": [1.0, 2.0]})
    with pytest.raises(ParameterError, match="twice"):
        series.series(table)


def test_each_way_says_its_assumption():
    assert effect(noisy(1), NEW_YEAR).assumption == effects.METHODS["interrupted"]
