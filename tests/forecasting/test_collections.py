"""Real collections of series: as right, and as sure, as the figures of the project say.

M1: the competition's 617 monthly series. Tourism: 304 series of Australian tourism and their 251
sums. Retail: Australian retail turnover by state and industry.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

from spmlib.orchestrate.forecasting import hierarchies, intervals
from spmlib.orchestrate.forecasting.accuracy import (
    covered,
    interval_score,
    overall_error,
    scale,
    scaled_error,
    scales,
)
from spmlib.orchestrate.forecasting.backtests import backtest
from spmlib.orchestrate.forecasting.candidates import adjusted_naive, candidates, naive
from spmlib.orchestrate.forecasting.ensembles import backtested, combined, weights
from tests.forecasting.panels import panel
from tests.shared import REAL, needs


@needs("m1_monthly")
def test_m1_is_forecast_better_than_by_any_peer_and_covered():
    rows = pl.read_csv(REAL / "m1_monthly" / "m1_monthly_long.csv")
    parts = [g for _, g in rows.group_by("unique_id", maintain_order=True)]
    known = [g.filter(~pl.col("is_test"))["y"].to_numpy() for g in parts]
    came = np.stack([g.filter(pl.col("is_test"))["y"].to_numpy() for g in parts])
    whole = panel(known)
    tested = backtest(whole, 18)
    values = combined(candidates(whole, 18), weights(tested))
    errors = intervals.errors(tested, backtested(tested))
    low, high = intervals.bands(values, errors, whole, scales(whole))[0.95]
    size = scale(whole)
    overall = overall_error(came, values, adjusted_naive(whole, 18), size)
    assert overall < 0.85
    assert 0.94 < covered(came, low, high).mean() < 0.96
    assert interval_score(came, low, high, size, 0.95).mean() < 9.0


@needs("tourism_hierarchy")
def test_tourism_agrees_and_is_forecast_better_than_last_year():
    folder = REAL / "tourism_hierarchy"
    sums = pl.read_csv(folder / "tourismlarge_agg_mat.csv")
    parts = sums.columns[1:]
    sums = sums.filter(~pl.col(sums.columns[0]).is_in(parts))
    data = pl.read_csv(folder / "tourismlarge_data.csv")
    every = data.select(*sums.to_series(0), *parts).to_numpy().T
    known, came = every[:, :-12], every[:, -12:]
    whole = hierarchies.Hierarchy(panel(list(known)), csr_matrix(sums.drop("").to_numpy()))
    tested = backtest(whole.panel, 12)
    values = combined(candidates(whole.panel, 12), weights(tested))
    variance, factors = hierarchies.variances(whole, tested.actual - backtested(tested))
    agreed = hierarchies.agreed(whole, variance, factors, values)
    size = scale(whole.panel)
    there = size > 0
    error = scaled_error(came, agreed, size)[there].mean()
    assert error < 0.88
    assert error < 0.8 * scaled_error(came, naive(whole.panel, 12), size)[there].mean()


@needs("retail_hierarchy")
def test_three_months_of_history_and_peers_are_nearly_as_good_as_years():
    rows = pl.read_csv(REAL / "retail_hierarchy" / "aus_retail_monthly_long.csv.gz")
    wide = rows.pivot("Month", index=["State", "Industry"], values="Turnover")
    every = wide.drop("State", "Industry").to_numpy()[:, -200:]
    whole = ~np.isnan(every).any(axis=1)
    every, wide = every[whole], wide.filter(pl.Series(whole))
    groups = {word.lower(): wide[word].to_list() for word in ("State", "Industry")}
    errors, own = [], []
    for new in range(0, len(every), 5):
        series = [row[:-12] for row in every]
        size = scale(panel([series[new]]))[0]
        series[new] = series[new][-3:]
        made = candidates(panel(series, **groups), 12)[new, :5].mean(axis=0)
        errors.append(scaled_error(every[new, -12:], made, size))
        own.append(scaled_error(every[new, -12:], np.full(12, series[new].mean()), size))
    assert np.mean(errors) < 0.9
    assert np.mean(own) > 2 * np.mean(errors)
