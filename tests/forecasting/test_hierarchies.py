"""Sums are the sums of their parts, and what moves is what the formula of MinT moves."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.forecasting import hierarchies
from spmlib.orchestrate.forecasting.forecasts import forecast
from tests.forecasting.panels import history, panel

SEED = np.random.default_rng(7)
REGIONS, FAMILIES = ["N", "N", "S", "S", "S"], ["A", "B", "A", "B", "C"]
LEVELS = [(), ("region",), ("family",)]
SERIES = [100 * (n + 1) + 10 * SEED.normal(size=60) for n in range(5)]


@pytest.fixture
def whole() -> hierarchies.Hierarchy:
    return hierarchies.hierarchy(panel(SERIES, region=REGIONS, family=FAMILIES), LEVELS)


def test_nodes_are_the_combinations_of_each_level(whole):
    assert whole.panel.names[:6] == ("total", "N", "S", "A", "B", "C")
    assert whole.sums.toarray().tolist() == [
        [1, 1, 1, 1, 1],
        [1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1],
        [1, 0, 1, 0, 0],
        [0, 1, 0, 1, 0],
        [0, 0, 0, 0, 1],
    ]
    recent = whole.panel.ending(60)
    np.testing.assert_allclose(recent[:6], whole.sums @ recent[6:])


@pytest.mark.parametrize("method", hierarchies.METHODS)
def test_forecasts_move_as_the_formula_of_mint_moves_them(whole, method):
    errors = SEED.normal(size=(6, 11, 4)) * np.arange(1, 12)[:, None]
    values = SEED.normal(1000, 100, size=(11, 4))
    variance, factors = hierarchies.METHODS[method](whole, errors)
    found = hierarchies.reconciled(values, whole, variance, factors)
    s = np.vstack([whole.sums.toarray(), np.eye(5)])
    w = np.linalg.inv(np.diag(variance) + factors @ factors.T)
    expected = s @ np.linalg.solve(s.T @ w @ s, s.T @ w @ values)
    np.testing.assert_allclose(found, expected, rtol=1e-8)


def test_what_agrees_already_does_not_move(whole):
    parts = SEED.normal(100, 10, size=(5, 3))
    values = np.vstack([whole.sums @ parts, parts])
    variance, factors = hierarchies.shrunk(whole, np.full((6, 11, 3), np.nan))
    np.testing.assert_allclose(hierarchies.reconciled(values, whole, variance, factors), values)


def test_variances_are_the_mean_squares_of_errors(whole):
    errors = SEED.normal(size=(6, 11, 4))
    errors[:, 3] = np.nan  # not tested: as the others, by its two parts
    found, _ = hierarchies.variances(whole, errors)
    known = np.delete(np.arange(11), 3)
    np.testing.assert_allclose(found[known], (errors[:, known] ** 2).mean(axis=(0, 2)))
    size = np.array([5, 2, 3, 2, 2, 1, 1, 1, 1, 1, 1])
    assert found[3] == pytest.approx(2 * np.median(found[known] / size[known]))


@pytest.mark.parametrize("method", hierarchies.METHODS)
def test_a_forecast_with_levels_adds_up(method):
    names = [f"S{n}" for n in range(5)]
    rows = dict(zip(names, SERIES, strict=True))
    rows["S4"] = SERIES[4][:50]  # shorter
    made = forecast(
        history(
            rows,
            region=dict(zip(names, REGIONS, strict=True)),
            family=dict(zip(names, FAMILIES, strict=True)),
        ),
        horizon=6,
        levels=LEVELS,
        reconciliation=method,
    )
    frame = engine.collected(made.forecasts)
    values = {name: rows["value"].to_numpy() for (name,), rows in frame.group_by("series")}
    np.testing.assert_allclose(values["total"], sum(values[name] for name in names))
    np.testing.assert_allclose(values["N"], values["S0"] + values["S1"])
    np.testing.assert_allclose(values["B"], values["S1"] + values["S3"])


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match="no column 'regoin'; write one of: region"):
        forecast(history({"A": SERIES[0]}, region={"A": "N"}), 3, levels=[("regoin",)])


def test_many_parts_agree():
    count = 20_000
    parts = panel(
        [[1.0, 2.0]] * count,
        region=[f"R{n % 40}" for n in range(count)],
        family=[f"F{n % 7}" for n in range(count)],
    )
    whole = hierarchies.hierarchy(parts, [(), ("region",), ("family",), ("region", "family")])
    values = SEED.normal(100, 10, size=(len(whole.panel.names), 3))
    variance, factors = hierarchies.structural(whole, values[None])
    found = hierarchies.reconciled(values, whole, variance, factors)
    np.testing.assert_allclose(found[: whole.count], whole.sums @ found[whole.count :])
