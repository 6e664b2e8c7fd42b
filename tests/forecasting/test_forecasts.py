"""Whatever a history holds, a forecast is finite, orderly, and says what it was made of."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Accuracies, Forecasts
from spmlib.orchestrate.forecasting import breaks
from spmlib.orchestrate.forecasting.forecasts import Forecast, forecast
from tests.forecasting.panels import LAST, history, panel

SEED = np.random.default_rng(1)
YEAR = np.sin(np.arange(60) * np.pi / 6)
HARD: dict[str, list[float | None]] = {
    "one point": [5.0],
    "two points": [5.0, 6.0],
    "nothing": [0.0] * 30,
    "constant": [7.0] * 40,
    "negative": list(-100 + 10 * SEED.normal(size=40)),
    "both signs": list(100 * SEED.normal(size=50)),
    "sparse": [0.0, 0.0, 9.0] * 12,
    "huge": list(1e15 * (2 + YEAR)),
    "tiny": list(1e-9 * (2 + YEAR)),
    "one-off": [*(100 * (2 + YEAR))[:59], 1e6],
    "broken level": [100.0] * 30 + [1000.0] * 30,
    "gaps": [1.0, None, None, 4.0] * 10,
    "new": list(100 * (2 + YEAR))[:5],
    "not numbers": [1.0, 2.0, float("nan"), 4.0] * 6,
    "seasonal": list(100 * (2 + YEAR) + SEED.normal(size=60)),
}


def rows(made: Forecast) -> pl.DataFrame:
    return engine.collected(made.forecasts)


def orderly(made: Forecast, horizon: int) -> None:
    """What holds of every forecast."""
    frame = rows(made)
    numbers = [name for name, c in Forecasts.columns().items() if c.kind == "estimate"]
    assert frame.columns == list(Forecasts.columns())
    assert frame.select(pl.col(numbers).is_finite().all()).row(0) == (True,) * len(numbers)
    assert len(frame) == horizon * len(made.panel.names)
    for word in ("", "total_"):
        middle = "value" if word == "" else "total"
        names = [f"{word}low_95", f"{word}low_80", middle, f"{word}high_80", f"{word}high_95"]
        for lower, higher in pairwise(names):
            assert (frame[lower] <= frame[higher]).all(), (lower, higher)
    total = frame.select(pl.col("value").cum_sum().over("series"))["value"]
    assert np.allclose(total, frame["total"])
    assert engine.collected(made.accuracies).columns == list(Accuracies.columns())


@pytest.mark.parametrize("horizon", [1, 6, 18])
@pytest.mark.parametrize("name", HARD)
def test_a_hard_history_alone_is_forecast(name, horizon):
    orderly(forecast(history({name: HARD[name]}), horizon), horizon)


@pytest.mark.parametrize("steps", ["month", "quarter", "week"])
def test_hard_histories_together_are_forecast(steps):
    orderly(forecast(history(HARD), 8, steps), 8)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.floats(-1e12, 1e12) | st.just(0.0), min_size=1, max_size=50),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 13),
)
def test_any_histories_are_forecast(series, horizon):
    named = {f"S{n}": each for n, each in enumerate(series)}
    orderly(forecast(history(named), horizon), horizon)


def test_what_never_was_below_zero_is_not_forecast_below_it():
    frame = rows(forecast(history({name: HARD[name] for name in ("sparse", "new")}), 12))
    assert frame.select(pl.min_horizontal("low_95", "total_low_95").min()).item() >= 0


def test_what_never_was_anything_is_forecast_as_nothing():
    frame = rows(forecast(history(HARD), 6)).filter(pl.col("series") == "nothing")
    assert frame.select("value", "high_95", "total_high_95").sum().row(0) == (0, 0, 0)


def test_a_season_is_found_and_continued():
    frame = rows(forecast(history({"seasonal": HARD["seasonal"]}), 12))
    expected = 100 * (2 + np.sin(np.arange(60, 72) * np.pi / 6))
    assert np.abs(frame["value"] / expected - 1).max() < 0.1


def test_a_one_off_deal_is_not_expected_again():
    made = forecast(history({"one-off": HARD["one-off"]}), 12)
    assert rows(made)["value"].max() < 320
    (issue,) = engine.collected(made.issues).to_dicts()
    assert (issue["row"], issue["effect"]) == ("one-off", "noted")
    assert issue["what"] == "1 values are far from all others"


def test_a_new_series_borrows_its_peers_season():
    peers = {f"peer {n}": 50 * n * (2 + YEAR) + SEED.normal(size=60) for n in range(1, 9)}
    new = 1000 * (2 + YEAR[-3:])
    frame = rows(forecast(history({**peers, "new": new}), 12)).filter(pl.col("series") == "new")
    expected = 1000 * (2 + np.sin(np.arange(60, 72) * np.pi / 6))
    assert np.abs(frame["value"] / expected - 1).max() < 0.15


def test_the_order_of_rows_does_not_matter():
    table = engine.collected(history(HARD))
    one = forecast(engine.table(table), 6)
    other = forecast(engine.table(table.sample(fraction=1, shuffle=True, seed=3)), 6)
    assert rows(one).equals(rows(other))


def test_ten_times_the_sales_are_ten_times_the_forecast():
    names = [name for name in HARD if name not in ("nothing", "not numbers")]
    once = rows(forecast(history({n: HARD[n] for n in names}), 6))
    tenfold = {n: [v if v is None else 8 * v for v in HARD[n]] for n in names}
    often = rows(forecast(history(tenfold), 6))
    assert np.allclose(often["value"], 8 * once["value"], rtol=1e-6)


def test_issues_say_what_was_done_about_gaps_and_missing_values():
    made = forecast(history({name: HARD[name] for name in ("gaps", "not numbers")}), 3)
    found = {(row["row"], row["what"]) for row in engine.collected(made.issues).to_dicts()}
    assert ("gaps", "20 steps are missing") in found
    assert ("not numbers", "6 rows have no series, date or finite value") in found


def test_gaps_are_nothing_sold_or_lie_between_their_neighbours():
    nothing = forecast(history({"gaps": HARD["gaps"]}), 3)
    between = forecast(history({"gaps": HARD["gaps"]}), 3, gaps="between")
    assert nothing.panel.values[:4].tolist() == [1, 0, 0, 4]
    assert between.panel.values[:4].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("steps", "first"),
    [("month", date(2026, 1, 1)), ("quarter", date(2026, 1, 1)), ("week", date(2025, 12, 8))],
)
def test_forecasts_begin_with_the_step_after_the_last(steps, first):
    assert rows(forecast(history({"A": HARD["seasonal"]}), 2, steps))["date"][0] == first


def test_weights_are_shares_and_the_backtest_is_beside_them():
    made = forecast(history({n: HARD[n] for n in ("seasonal", "negative", "both signs")}), 6)
    frame = engine.collected(made.accuracies)
    shares = frame.group_by("series").agg(pl.col("weight").sum())["weight"]
    assert shares.to_list() == pytest.approx([1.0, 1.0, 1.0])
    own = {row["method"]: row for row in frame.filter(pl.col("series") == "seasonal").to_dicts()}
    assert own["naive"]["relative_error"] == 1
    assert 0 <= own["ensemble"]["covered_80"] <= own["ensemble"]["covered_95"] <= 1


def test_the_backtest_looks_at_nothing_later():
    """What a later day holds does not change what was forecast before it."""
    known = {"A": HARD["seasonal"], "B": HARD["both signs"]}
    changed = {name: [*values[:-6], *([1e4] * 6)] for name, values in known.items()}
    one, other = (forecast(history(series), 6).backtest for series in (known, changed))
    assert np.array_equal(one.forecasts[0], other.forecasts[0], equal_nan=True)
    assert np.array_equal(one.scales[0], other.scales[0], equal_nan=True)


def test_working_days_are_used_where_they_say_something_and_not_elsewhere():
    months = [date(m // 12, m % 12 + 1, 1) for m in range(LAST - 71, LAST + 2)]
    count = [np.busday_count(one, other) for one, other in pairwise(months)]
    daily = {f"S{n}": 100 * np.array(count) + SEED.normal(size=72) for n in range(3)}
    made = forecast(history(daily), 6)
    assert made.per == "working days"
    ahead = [np.busday_count(f"2026-{m:02}-01", f"2026-{m + 1:02}-01") for m in range(1, 7)]
    assert np.abs(rows(made)["value"][:6] / (100 * np.array(ahead)) - 1).max() < 0.01
    what = engine.collected(made.issues)["what"].to_list()
    assert what == ["all series were forecast per number of working days in the month"]
    flat = {f"S{n}": 100 + SEED.normal(size=72) for n in range(3)}
    assert forecast(history(flat), 6).per == "none"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"horizon": 0}, "a horizon of 0 months cannot be meant; write 1 to 60"),
    ({"horizon": 61}, "a horizon of 61 months cannot be meant; write 1 to 60"),
    ({"steps": "mnth"}, "there is no frequency 'mnth'; write 'month'"),
    ({"gaps": "none"}, "gaps cannot be 'none'; write `zero` or `between`"),
    ({"reconciliation": "mint"}, "there is no reconciliation 'mint'; write"),
]


@pytest.mark.parametrize(("words", "message"), BAD)
def test_what_cannot_be_meant_is_refused(words, message):
    with pytest.raises(ParameterError, match=message):
        forecast(history({"A": HARD["seasonal"]}), **{"horizon": 3, **words})


def test_a_history_without_values_is_refused():
    with pytest.raises(ParameterError, match="the history has no value; give at least one"):
        forecast(history({"A": [float("nan")]}), 3)
    table = engine.collected(history({"A": [1.0]})).rename({"value": "amount"})
    with pytest.raises(ParameterError, match="the history has no column 'value'"):
        forecast(engine.table(table), 3)


def test_a_broken_level_is_found_where_it_is_and_told():
    random = np.random.default_rng(3)
    course = np.exp(5 + 0.3 * YEAR + 0.01 * np.arange(60) + 0.05 * random.normal(size=60))
    for ago, times in ((3, 1.8), (8, 0.5), (20, 2.0)):
        broken = course * np.where(np.arange(60) >= 60 - ago, times, 1.0)
        back, by = breaks.breaks(panel([broken, course]))
        assert back.tolist() == [ago, 0]
        assert by[0] == pytest.approx(times, rel=0.1)
    issues = engine.collected(forecast(history({"a": list(broken)}), 3).issues)
    assert issues["what"].str.contains("its level became 2.0 times as high 20 steps ago").any()


def test_few_steady_series_are_taken_for_broken():
    random = np.random.default_rng(5)
    many = [
        np.exp(5 + 0.3 * YEAR + 0.02 * np.arange(60) + 0.1 * random.normal(size=60))
        for _ in range(300)
    ]
    assert (breaks.breaks(panel(many))[0] > 0).mean() < 0.02


def seasonal(months: int, start: int, random: np.random.Generator) -> tuple[Any, Any]:
    """Forty series with one season, of a height of their own: what is known, and what comes."""
    at = np.arange(months + 3)
    season = np.exp(5 + 0.3 * np.sin((start + at) * np.pi / 6) + 0.01 * at)
    level = np.exp(0.7 * random.normal(size=(40, 1)))
    every = level * season * np.exp(0.1 * random.normal(size=(40, months + 3)))
    known = {f"s{n:02}": list(row[:months]) for n, row in enumerate(every)}
    return history(known), every[:, months:]


@pytest.mark.parametrize(("months", "least"), [(15, 0.85), (24, 0.8), (36, 0.85), (60, 0.85)])
def test_intervals_hold_in_high_months_as_in_low_ones(months, least):
    random = np.random.default_rng(8)
    held = []
    for start in (0, 3, 6, 9):
        known, came = seasonal(months, start, random)
        frame = rows(forecast(known, 3))
        low, high = (frame[name].to_numpy().reshape(40, 3) for name in ("low_95", "high_95"))
        held.append(((came >= low) & (came <= high)).mean())
    assert np.mean(held) >= 0.9
    assert min(held) >= least
