"""Forecasts: how right, how sure and how fast, beside what statsmodels makes of the same series.

    OMP_NUM_THREADS=1 python benchmarks/forecasts.py              M1, tourism, retail, 100,000 parts
    OMP_NUM_THREADS=1 python benchmarks/forecasts.py --peers      also statsmodels (a minute more)

The series are read from ``$SPMLIB_SHARED/real`` (else ``../shared/real``). Errors are measured by
the definitions of the M4 competition (`spmlib.orchestrate.forecasting.accuracy`).
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from machine import machine
from scipy.sparse import csr_matrix

from spmlib.core import engine
from spmlib.orchestrate.compiled import compiled
from spmlib.orchestrate.forecasting import accuracy as measured
from spmlib.orchestrate.forecasting import hierarchies, intervals
from spmlib.orchestrate.forecasting.backtests import backtest
from spmlib.orchestrate.forecasting.candidates import adjusted_naive, candidates, naive
from spmlib.orchestrate.forecasting.ensembles import backtested, combined, weights
from spmlib.orchestrate.forecasting.forecasts import forecast
from spmlib.orchestrate.forecasting.panels import Panel

REAL = Path(os.environ.get("SPMLIB_SHARED", Path(__file__).parents[2] / "shared")) / "real"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", action="store_true", help="statsmodels beside it")
    asked = parser.parse_args()
    compiled()
    print(machine())
    m1(asked.peers)
    tourism()
    newcomers()
    parts()
    other_steps()


def panel(series: list[np.ndarray]) -> Panel:
    offsets = np.cumsum([0, *(len(each) for each in series)])
    names = tuple(str(n) for n in range(len(series)))
    return Panel(names, np.concatenate(series), offsets, np.zeros(len(series), int), 12)


def m1(peers: bool) -> None:
    rows = pl.read_csv(REAL / "m1_monthly" / "m1_monthly_long.csv")
    both = [g for _, g in rows.group_by("unique_id", maintain_order=True)]
    known = [g.filter(~pl.col("is_test"))["y"].to_numpy() for g in both]
    came = np.stack([g.filter(pl.col("is_test"))["y"].to_numpy() for g in both])
    whole = panel(known)
    begin = time.process_time()
    forecasts = candidates(whole, 18)
    point = time.process_time() - begin
    tested = backtest(whole, 18)
    values = combined(forecasts, weights(tested))
    errors = intervals.errors(tested, backtested(tested))
    low, high = intervals.bands(values, errors, whole, measured.scales(whole))[0.95]
    every = time.process_time() - begin
    size, second = measured.scale(whole), adjusted_naive(whole, 18)
    overall = partial(measured.overall_error, came, naive=second, scale=size)
    print("\nM1 monthly, 617 series, 18 months ahead")
    row("spmlib", overall(values), point, every, len(known))
    held = measured.covered(came, low, high).mean()
    score = measured.interval_score(came, low, high, size, 0.95).mean()
    print(f"  intervals of 95 %: {held:.1%} held, MSIS {score:.2f}")
    history = long(known)
    begin = time.process_time()
    forecast(history, 18).forecasts.collect()
    spent = 1000 * (time.process_time() - begin) / len(known)
    print(
        f"  `forecast`, which tries working days too, and all its tables: {spent:.2f} ms a series"
    )
    begin = time.process_time()
    last = naive(whole, 18)
    row("last year again", overall(last), time.process_time() - begin, None, 617)
    if peers:
        for name, method in PEERS.items():
            begin = time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made = np.stack([method(x, 18) for x in known])
            spent = time.process_time() - begin
            row(name, overall(made), spent, None, len(known))


def long(series: list[np.ndarray]) -> Any:
    """The series as a long table, as if all ended in the same month."""
    months = [month for each in series for month in range(24_000 - len(each), 24_000)]
    days = [date(month // 12, month % 12 + 1, 1) for month in months]
    names = np.repeat([f"S{n}" for n in range(len(series))], [len(each) for each in series])
    frame = pl.DataFrame({"series": names, "date": days, "value": np.concatenate(series)})
    return engine.table(frame)


def row(name: str, owa: float, point: float, every: float | None, count: int) -> None:
    said = f"  {name:32} OWA {owa:.3f}, point forecast {1000 * point / count:8.2f} ms a series"
    print(said + (f", with backtest and intervals {1000 * every / count:.2f} ms" if every else ""))


def theta(x: np.ndarray, horizon: int) -> np.ndarray:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    return np.asarray(ThetaModel(x, period=12).fit().forecast(horizon))


def ets(x: np.ndarray, horizon: int) -> np.ndarray:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    season = "mul" if x.min() > 0 and len(x) > 24 else None
    model = ETSModel(x, trend="add", damped_trend=True, seasonal=season, seasonal_periods=12)
    return np.asarray(model.fit(disp=False).forecast(horizon))


PEERS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "statsmodels Theta": theta,
    "statsmodels ETS, damped": ets,
}


def tourism() -> None:
    folder = REAL / "tourism_hierarchy"
    sums = pl.read_csv(folder / "tourismlarge_agg_mat.csv")
    bottom = sums.columns[1:]
    sums = sums.filter(~pl.col(sums.columns[0]).is_in(bottom))
    data = pl.read_csv(folder / "tourismlarge_data.csv")
    every = data.select(*sums.to_series(0), *bottom).to_numpy().T
    matrix = csr_matrix(sums.drop(sums.columns[0]).to_numpy())
    found: dict[str, list[float]] = {}
    for back in (0, 12, 24, 36):
        end = every.shape[1] - back
        known, came = every[:, : end - 12], every[:, end - 12 : end]
        whole = hierarchies.Hierarchy(panel(list(known)), matrix)
        tested = backtest(whole.panel, 12)
        values = combined(candidates(whole.panel, 12), weights(tested))
        errors = tested.actual - backtested(tested)
        size = measured.scale(whole.panel)
        there = size > 0
        made = {"each for itself": values, "last year again": naive(whole.panel, 12)}
        for name, method in hierarchies.METHODS.items():
            made[name] = hierarchies.agreed(whole, *method(whole, errors), values)
        for name, each in made.items():
            error = measured.scaled_error(came, each, size)[there].mean()
            found.setdefault(name, []).append(float(error))
    print("\nTourism, 304 series and 251 sums, 12 months ahead, mean of 4 years: MASE of all nodes")
    for name, errors_ in found.items():
        print(f"  {name:32} {np.mean(errors_):.3f}")


def other_steps() -> None:
    """Quarters of tourism, and weeks of the products of an online shop (a year of them)."""
    monthly = pl.read_csv(REAL / "tourism_hierarchy" / "tourismlarge_data.csv")
    names = [name for name in monthly.columns if len(name) == 6][:304]
    sums = monthly.select(names).to_numpy()[:228].reshape(76, 3, 304).sum(axis=1)
    first = [date(1998 + n // 4, n % 4 * 3 + 1, 1) for n in range(76)]
    quarters = [
        pl.DataFrame({"series": f"T{n}", "date": first, "value": sums[:, n]}) for n in range(304)
    ]
    shop = pl.read_csv(REAL / "uci_online_retail" / "online_retail.csv.gz", infer_schema=False)
    sold = shop.with_columns(
        date=pl.col("InvoiceDate").str.slice(0, 10).str.to_date().dt.truncate("1w"),
        value=pl.col("Quantity").cast(pl.Float64) * pl.col("UnitPrice").cast(pl.Float64),
    ).filter(pl.col("date") < date(2011, 12, 5))
    weeks = sold.group_by("date", series="StockCode").agg(pl.col("value").sum())
    often = weeks.group_by("series").len().filter(pl.col("len") > 48).select("series")
    every = often.join(weeks.select("date").unique(), how="cross")
    weeks = every.join(weeks, on=["series", "date"], how="left").fill_null(0.0)
    print("\nOther steps, mean of 4 days: error over that of a naive forecast, intervals that held")
    for steps, frame, season in (("quarter", pl.concat(quarters), 4), ("week", weeks, 1)):
        told = np.mean([judged(frame, steps, season, back) for back in range(4)], axis=0)
        print(f"  {steps}: {told[0]:.2f}; of 80 % {told[1]:.1%}, of 95 % {told[2]:.1%}")


def judged(frame: pl.DataFrame, steps: str, season: int, back: int) -> tuple[float, float, float]:
    """Four steps ahead, from some season ago: how right, and how many intervals held."""
    days = frame["date"].unique().sort()
    known = frame.filter(pl.col("date") < days[len(days) - 4 - back * max(season, 2)])
    made = engine.collected(forecast(engine.table(known), 4, steps).forecasts)
    again = known.sort("date").group_by("series").agg(again=pl.col("value").tail(season))
    rows = made.join(frame.rename({"value": "actual"}), on=["series", "date"]).join(
        again, on="series"
    )
    naive_ = pl.col("again").list.get((pl.col("step") - 1) % season)
    apart = rows.select(
        own=(pl.col("value") - pl.col("actual")).abs().sum(),
        naive=(naive_ - pl.col("actual")).abs().sum(),
    )
    held = [
        rows["actual"].is_between(rows[f"low_{level}"], rows[f"high_{level}"]).mean()
        for level in (80, 95)
    ]
    return apart["own"][0] / apart["naive"][0], *held


def newcomers() -> None:
    """Each of 148 series of Australian retail in turn as new, with all others' full history."""
    rows = pl.read_csv(REAL / "retail_hierarchy" / "aus_retail_monthly_long.csv.gz")
    wide = rows.pivot("Month", index=["State", "Industry"], values="Turnover")
    every = wide.drop("State", "Industry").to_numpy()
    there = ~np.isnan(every[:, -160:]).any(axis=1)
    every, wide = every[there], wide.filter(pl.Series(there))
    groups = {word: tuple(wide[word]) for word in ("State", "Industry")}
    print(f"\nRetail, {len(every)} series, 12 months ahead, mean of 4 years: MASE of a new series")
    for months in (3, 6, 12):
        errors, own = [], []
        for end in (every.shape[1] - 12 * year for year in range(1, 5)):
            known = [row[:end][~np.isnan(row[:end])][-200:] for row in every]
            for new in range(len(known)):
                series = [*known[:new], known[new][-months:], *known[new + 1 :]]
                base = panel(series)
                named = Panel(base.names, base.values, base.offsets, base.ends, 12, groups)
                size = measured.scale(panel([known[new][-120:]]))[0]
                came = every[new, end : end + 12]
                made = np.nanmean(candidates(named, 12)[new, :5], axis=0)
                errors.append(measured.scaled_error(came, made, size))
                mean = np.full(12, series[new].mean())
                own.append(measured.scaled_error(came, mean, size))
        print(
            f"  {months:2} months of history {np.mean(errors):.3f}; its own mean {np.mean(own):.3f}"
        )


def parts(count: int = 100_000) -> None:
    """How long 100,000 parts take to agree with their sums, once and with a backtest of six."""
    seed = np.random.default_rng(20261125)
    base = panel(list(seed.normal(100, 10, (count, 36))))
    groups = {
        "region": tuple(f"R{n % 50}" for n in range(count)),
        "family": tuple(f"F{n % 23}" for n in range(count)),
    }
    grouped = Panel(base.names, base.values, base.offsets, base.ends, 12, groups)
    levels = [(), ("region",), ("family",), ("region", "family")]
    whole = hierarchies.hierarchy(grouped, levels)
    values = seed.normal(100, 10, (len(whole.panel.names), 12))
    errors = seed.normal(0, 1, (6, len(values), 12))
    print(f"\n{count:,} parts and {whole.count:,} sums, 12 months ahead")
    for name, method in hierarchies.METHODS.items():
        begin = time.perf_counter()
        variance, factors = method(whole, errors)
        hierarchies.agreed(whole, variance, factors, values)
        once = time.perf_counter() - begin
        for each in errors:
            hierarchies.agreed(whole, variance, factors, each)
        print(f"  {name:32} {once:.2f} s; with the backtest {time.perf_counter() - begin:.2f} s")


if __name__ == "__main__":
    main()
