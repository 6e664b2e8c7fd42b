"""Named models: drivers come out as they went in, intervals are statsmodels', refusals say why."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from statsmodels.tsa.statespace.sarimax import SARIMAX

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Forecasts
from spmlib.orchestrate.forecasting import drivers, models
from spmlib.orchestrate.forecasting.models import model

MONTHS = [date(2018 + n // 12, n % 12 + 1, 1) for n in range(84)]
SEASON = 0.3 * np.sin(np.arange(84) * np.pi / 6)
RISE = drivers.event("price rise", date(2022, 7, 1), date(2030, 1, 1))
DAYS = drivers.working_days(date(2018, 1, 1), date(2026, 12, 1))


def sold(size=72, effect=0.2, seed=1):
    """A growing, seasonal series with a price rise after 54 months."""
    noise = 0.04 * np.random.default_rng(seed).normal(size=size)
    course = 5 + 0.01 * np.arange(size) + SEASON[:size] + noise
    course = course + effect * (np.arange(size) >= 54)
    rows = {"series": "a", "date": MONTHS[:size], "value": np.exp(course)}
    return engine.brought(pl.DataFrame(rows))


@pytest.mark.parametrize("kind", ["structural", "arima"])
def test_what_an_event_did_is_found(kind):
    inside = 0
    for seed in range(3):
        made = model(sold(seed=seed), "a", 6, kind, RISE, origins=0)
        (row,) = engine.collected(made.effects).to_dicts()
        assert row["effect"] == pytest.approx(np.expm1(0.2), abs=0.1)
        inside += row["low_95"] <= np.expm1(0.2) <= row["high_95"]
    assert inside >= 2
    assert models.said(made).startswith("One more of each, all else the same: price rise +")


def test_an_event_ahead_moves_what_is_forecast_only_if_it_has_been_seen():
    ends = drivers.event("fair", date(2020, 5, 1), date(2020, 6, 1))
    again = drivers.together([ends, drivers.event("fair", date(2024, 3, 1), date(2024, 4, 1))])
    history = engine.collected(sold(effect=0)).with_columns(
        value=pl.when(pl.col("date") == date(2020, 5, 1))
        .then(pl.col("value") * 2)
        .otherwise("value")
    )
    made = [
        engine.collected(
            model(engine.brought(history), "a", 6, "structural", each, origins=0).forecasts
        )
        for each in (ends, again)
    ]
    ratio = (made[1]["value"] / made[0]["value"]).to_list()
    assert ratio[2] == pytest.approx(2, abs=0.3)
    assert ratio[0] == pytest.approx(1, abs=0.02)


def test_arima_is_that_of_statsmodels():
    history = sold()
    made = model(history, "a", 6, "arima", origins=0)
    values = np.log(engine.collected(history)["value"].to_numpy())
    theirs = SARIMAX(values, order=(0, 1, 1), seasonal_order=(0, 1, 1, 12)).fit(disp=False)
    told = theirs.get_forecast(6)
    rows = engine.collected(made.forecasts)
    bands = np.exp(told.conf_int(alpha=0.05))
    np.testing.assert_allclose(rows["low_95"], bands[:, 0], rtol=0.02)
    np.testing.assert_allclose(rows["high_95"], bands[:, 1], rtol=0.02)
    np.testing.assert_allclose(rows["value"], np.exp(told.predicted_mean), rtol=0.02)


@pytest.mark.parametrize("kind", list(models.SAYS))
def test_every_model_ships_its_forecast_parts_diagnostics_and_backtest(kind):
    made = model(sold(), "a", 6, kind, origins=3)
    rows = engine.collected(made.forecasts)
    assert rows.columns == list(Forecasts.columns())
    for word, middle in (("", "value"), ("total_", "total")):
        names = [f"{word}low_95", f"{word}low_80", middle, f"{word}high_80", f"{word}high_95"]
        assert all((rows[one] <= rows[other]).all() for one, other in pairwise(names))
    assert rows["total"].to_list() == pytest.approx(rows["value"].cum_sum().to_list())
    assert rows["date"].to_list() == MONTHS[72:78]
    parts = made.parts[["trend", "season", "drivers", "rest"]].prod(axis=1)
    np.testing.assert_allclose(parts, made.parts["value"])
    assert list(made.diagnostics["test"]) == list(models.TESTS)
    told = models.errors(made)
    assert told["origins"] == 3
    assert told["relative_error"] < 1
    assert 0 <= told["covered_95"] <= 1


def test_a_backtest_knows_nothing_of_what_came():
    whole = model(sold(), "a", 6, "structural", RISE, origins=2).backtest
    first = whole[whole["origin"] == whole["origin"].min()]
    cut = engine.brought(engine.collected(sold()).head(int(first["origin"].iloc[0])))
    then = engine.collected(model(cut, "a", 6, "structural", RISE, origins=0).forecasts)
    np.testing.assert_allclose(first["model"], then["value"], rtol=1e-6)


def test_a_series_with_zeros_or_less_is_fitted_as_it_is():
    history = engine.collected(sold()).with_columns(pl.col("value") - 150)
    made = model(engine.brought(history), "a", 3, "structural", DAYS, origins=0)
    assert not made.logarithm
    parts = made.parts[["trend", "season", "drivers", "rest"]].sum(axis=1)
    np.testing.assert_allclose(parts, made.parts["value"])
    assert engine.collected(made.effects)["kind"].to_list() == ["amount"]


def test_diagnostics_find_what_a_model_left():
    random = np.random.default_rng(4)
    loud = np.where(np.arange(84) > 60, 0.4, 0.01) * random.normal(size=84)
    rows = {"series": "a", "date": MONTHS, "value": np.exp(5 + SEASON + loud)}
    made = model(engine.brought(pl.DataFrame(rows)), "a", 3, "structural", origins=0)
    assert not made.diagnostics.set_index("test").loc["variance", "holds"]


def test_quarters_and_weeks_have_their_seasons():
    quarters = [date(2015 + n // 4, 3 * (n % 4) + 1, 1) for n in range(40)]
    rows = {"series": "a", "date": quarters, "value": 100.0 + 10 * (np.arange(40) % 4)}
    made = model(engine.brought(pl.DataFrame(rows)), "a", 4, steps="quarter", origins=0)
    assert engine.collected(made.forecasts)["value"].to_list() == pytest.approx(
        [100, 110, 120, 130], rel=0.03
    )


def test_working_days_are_counted():
    rows = engine.collected(drivers.working_days(date(2026, 1, 15), date(2026, 3, 2)))
    assert rows["value"].to_list() == [22, 20, 22]
    assert rows["date"].to_list() == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


short = pl.DataFrame({"series": "a", "date": MONTHS[:20], "value": 1.0})
late = engine.brought(pl.DataFrame({"driver": "price", "date": MONTHS[:40], "value": range(40)}))
never = drivers.event("launch", date(2040, 1, 1), date(2041, 1, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: model(sold(), "a", 3, "arma"),
            "there is no model 'arma'; write 'arima' (one of: structural",
        ),
        (lambda: model(sold(), "b", 3), "there is no series 'b'; write one of: a."),
        (lambda: model(sold(), "a", 0), "the horizon is 0; write 1 or more steps"),
        (
            lambda: model(engine.brought(short), "a", 3),
            "'a' has 20 months, too few for a model with a season; choose one with 24",
        ),
        (lambda: model(sold(), "a", 3, drivers=late), "driver 'price' ends before 2024-03-01"),
        (lambda: model(sold(), "a", 3, drivers=never), "driver 'launch' never changes"),
        (lambda: model(sold(), "a", 3, "smoothing", DAYS), "smoothing knows no drivers"),
        (
            lambda: drivers.event("x", date(2026, 2, 1), date(2026, 1, 1)),
            "event 'x' ends on 2026-01-01, before it begins",
        ),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ParameterError) as raised:
        call()
    assert message in str(raised.value)
