"""Surveys: what the market pays for each job, aged to a day, several surveys put together.

Of a survey's row for a cell the latest known on the day counts. Rows of too few organisations, or
with one that has most of the people, are left out, and so is what was asked later: each is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import SCALE, MarketPay, Table
from spmlib.incent.benchmarking import cells
from spmlib.incent.benchmarking.ageing import GEOMETRIC, SIMPLE, ageing_factor, months_between
from spmlib.incent.benchmarking.written import Policy

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

NAMES = ("p10", "p25", "p50", "p75", "p90")
AT = np.array([10.0, 25.0, 50.0, 75.0, 90.0])
CELL = ("job", "level", "place", "currency")
SCALED = ("top_code", "hours", "incumbents", "organisations", "largest_share", "relative_error")


@dataclass(frozen=True)
class Market:
    """What the market pays.

    Attributes:
        measure: of pay.
        day: to which it is aged.
        cells: one row for each: job, level, place ("" is all of them), currency, surveys (their
            names), months (aged by, the mean), incumbents, organisations, relative_error.
        points: of each cell, at `AT` [currency a year]; not a number where one is not told.
        least: whether a point is that or more: top-coded.
        left_out: survey, job, level, place, currency, effective_date, why.
    """

    measure: str
    day: date
    cells: pl.DataFrame
    points: Floats
    least: Floats
    left_out: pl.DataFrame


def market(
    company: Company,
    policy: Policy,
    day: date,
    measure: str = "",
    convention: str = "",
    rates: Mapping[str, float] | None = None,
) -> Market:
    """What the market pays on a day.

    Args:
        company: its table of market pay.
        policy: how surveys are used.
        day: to which they are aged; what was asked later is not known yet.
        measure: of pay; the policy's if not given.
        convention: of ageing; the policy's if not given.
        rates: of ageing; the policy's if not given.

    Raises:
        ParameterError: a rate of ageing or the incumbents of a survey are missing.
    """
    return of_surveys(company.market_pay, policy, day, measure, convention, rates)


def of_surveys(
    surveys: Table[MarketPay],
    policy: Policy,
    day: date,
    measure: str = "",
    convention: str = "",
    rates: Mapping[str, float] | None = None,
) -> Market:
    """As `market`, of a table of surveys."""
    import polars as pl

    wanted = measure or policy.measure
    rows = _plain(surveys).filter(pl.col("measure") == wanted)
    rows, left_out = _used(rows, policy, day)
    moved = policy.rates if rates is None else rates
    points, least = _aged(rows, day, convention or policy.convention, moved)
    made = _together(rows, points, least, policy.weigh, day)
    return Market(wanted, day, *made, left_out)


def conventions(market_pay: Table[MarketPay], policy: Policy, day: date) -> pd.DataFrame:
    """What each survey is aged by, in both conventions.

    Returns:
        survey, currency, effective_date, months, rate, simple, geometric (factors); of those asked
        by the day whose place or currency has a rate.
    """
    rows = engine.collected(market_pay).select("survey", "place", "currency", "effective_date")
    made = rows.unique(["survey", "currency", "effective_date"]).to_pandas()
    made["effective_date"] = [start.date() for start in made["effective_date"]]
    rates = [
        policy.rates.get(p, policy.rates.get(c))
        for p, c in zip(made["place"], made["currency"], strict=True)
    ]
    made["rate"] = rates
    made = made[made["rate"].notna() & (made["effective_date"] <= day)].copy()
    made["months"] = [months_between(start, day) for start in made["effective_date"]]
    for name in (SIMPLE, GEOMETRIC):
        made[name] = ageing_factor(made["rate"].to_numpy(float), made["months"].to_numpy(), name)
    columns = ["survey", "currency", "effective_date", "months", "rate", SIMPLE, GEOMETRIC]
    return made[columns].sort_values(columns[:3], ignore_index=True)


def _plain(surveys: Table[MarketPay]) -> pl.DataFrame:
    """The rows in double precision, with "" for all levels and everywhere."""
    import polars as pl

    kinds = {name: SCALE.get(c.kind, 1) for name, c in MarketPay.columns().items()}
    names = (*NAMES, *SCALED)
    return (
        engine.collected(surveys)
        .with_columns(
            pl.col("level", "place").fill_null(""),
            *((pl.col(n).cast(pl.Float64) / kinds[n]).alias(n) for n in names),
        )
        .sort("survey", *CELL, "effective_date")
    )


def _used(rows: pl.DataFrame, policy: Policy, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that count, and the others with the reason."""
    import polars as pl

    sound = cells.enough(
        rows["organisations"].to_numpy(),
        rows["largest_share"].to_numpy(),
        policy.organisations,
        policy.largest_share,
    )
    few = pl.col("organisations") < policy.organisations
    told = pl.any_horizontal(pl.col(name).is_not_null() for name in NAMES)
    later = pl.col("effective_date") > day
    known = rows.with_columns(sound=pl.Series(sound, dtype=pl.Boolean)).with_columns(
        why=pl.when(later)
        .then(pl.lit("asked after the day"))
        .when(~told)
        .then(pl.lit("no point is told"))
        .when(few)
        .then(pl.lit("too few organisations"))
        .when(~pl.col("sound"))
        .then(pl.lit("one organisation has too many of the people"))
    )
    newest = known.filter(pl.col("why").is_null()).group_by("survey", *CELL)
    latest = newest.agg(newest=pl.col("effective_date").max())
    known = known.join(latest, on=["survey", *CELL], how="left").with_columns(
        why=pl.when(pl.col("why").is_null() & (pl.col("effective_date") < pl.col("newest")))
        .then(pl.lit("the survey asked again since"))
        .otherwise("why")
    )
    columns = ("survey", *CELL, "effective_date", "why")
    return known.filter(pl.col("why").is_null()), known.drop_nulls("why").select(columns)


def _aged(
    rows: pl.DataFrame, day: date, convention: str, rates: Mapping[str, float]
) -> tuple[Floats, Floats]:
    """The points of each row on a day [currency a year], and whether each is that or more."""
    rate = [
        rates.get(at, rates.get(code)) for at, code in rows.select("place", "currency").iter_rows()
    ]
    for found, code in zip(rate, rows["currency"], strict=True):
        if found is None:
            known = ", ".join(rates) or "none"
            raise ParameterError(
                f"no rate ages surveys in {code}, only {known}; add one to `rates` of `ageing`."
            )
    days = {start: months_between(start, day) for start in rows["effective_date"].unique()}
    months = np.array([days[start] for start in rows["effective_date"]])
    hours = rows["hours"].fill_null(1.0).to_numpy()
    factor = hours * ageing_factor(np.array(rate, float), months, convention)
    points = rows.select(NAMES).to_numpy().astype(float).reshape(-1, len(NAMES))
    top = rows["top_code"].fill_null(np.inf).to_numpy()[:, None]
    return points * factor[:, None], points >= top


def _together(
    rows: pl.DataFrame, points: Floats, least: Floats, weigh: str, day: date
) -> tuple[pl.DataFrame, Floats, Floats]:
    """One row for each cell: surveys weighed, a point told where all of them tell it."""
    import polars as pl

    many = rows["incumbents"]
    if weigh == "incumbents" and many.has_nulls() and _several(rows):
        name = rows.filter(pl.col("incumbents").is_null())["survey"][0]
        raise ParameterError(
            f"the survey '{name}' does not say how many incumbents it rests on; write "
            "`weigh: equal`, or fill `incumbents` of market_pay."
        )
    weight = many.fill_null(1.0) if weigh == "incumbents" else pl.repeat(1.0, len(rows), eager=True)
    aged_by = [months_between(start, day) for start in rows["effective_date"]]
    numbered = rows.select(*CELL).with_columns(
        cell=pl.struct(CELL).rank("dense").cast(pl.Int64) - 1
    )
    cell = numbered["cell"].to_numpy()
    size = int(cell.max()) + 1 if len(cell) else 0
    share = weight.to_numpy() / np.bincount(cell, weight.to_numpy(), size)[cell]
    summed = np.zeros((size, len(NAMES)))
    np.add.at(summed, cell, points * share[:, None])
    coded = np.zeros((size, len(NAMES)), bool)
    np.logical_or.at(coded, cell, least)
    error = rows["relative_error"].to_numpy() * share
    told = rows.with_columns(
        cell=numbered["cell"],
        months=pl.Series(aged_by, dtype=pl.Float64) * pl.Series(share),
        error=pl.Series(error, dtype=pl.Float64, nan_to_null=True) ** 2,
    )
    made = (
        told.group_by("cell", *CELL)
        .agg(
            surveys=pl.col("survey").sort().str.join(", "),
            months=pl.col("months").sum(),
            incumbents=_sum("incumbents"),
            organisations=_sum("organisations"),
            relative_error=pl.when(pl.col("error").is_not_null().all()).then(
                pl.col("error").sum().sqrt()
            ),
        )
        .sort("cell")
        .drop("cell")
    )
    return made, summed, coded


def _sum(name: str) -> pl.Expr:
    """A sum; empty where no survey says."""
    import polars as pl

    return pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)


def _several(rows: pl.DataFrame) -> bool:
    """Whether any cell is that of several surveys."""
    return bool(rows.select(*CELL).is_duplicated().any())
