"""Matches: the cell of the market that each person is held against, and how it was found.

A person's own level is sought in their place, then in wider ones, at last everywhere; only then all
levels together, in the same order. What is found is in the person's currency: pay of another
country is no matter of exchange rates. Who is matched to nothing is told, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.incent.benchmarking.percentiles import amounts, placed, placed_between
from spmlib.incent.benchmarking.surveys import AT, CELL, Market
from spmlib.incent.benchmarking.written import Policy

if TYPE_CHECKING:
    import polars as pl

ALL, EVERYWHERE = "", ""
HOW = {  # whether the level and the place are a person's own
    (True, True): "own level, own place",
    (True, False): "own level, wider place",
    (False, True): "all levels, own place",
    (False, False): "all levels, wider place",
}
Cell = tuple[str, str, str, str]  # job, level, place, currency


def matched(people: pl.DataFrame, market: Market, policy: Policy) -> pl.DataFrame:
    """Everybody beside the market.

    Args:
        people: as `people.people`.
        market: what it pays.
        policy: what lies in what, and how wide ranges are.

    Returns:
        The people, and cell (its row in the market; empty where nothing was found), how (it was
        found), why (nothing was found), market_level, market_place, surveys,
        relative_error (of them); median, lower, upper
        (the market's quarters), low, high (of the range around the median) [currency];
        compa_ratio, penetration, percentile (empty where only bounds are known), at_least, at_most;
        surely_above, surely_below (percentiles, as far as the survey's points may be off).
    """
    import polars as pl

    index = {cell: number for number, cell in enumerate(market.cells.select(CELL).iter_rows())}
    keys = people.select(CELL).unique(maintain_order=True)
    schema = dict.fromkeys(CELL, pl.String) | {"cell": pl.Int64, "how": pl.String}
    rows = [(*key, *_found(key, index, policy)) for key in keys.iter_rows()]
    found = pl.DataFrame(rows, schema, orient="row")
    told = market.cells.select(
        "surveys", "relative_error", market_level="level", market_place="place"
    )
    told = told.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    both = people.join(found, on=CELL, how="left", nulls_equal=True, maintain_order="left")
    both = both.join(told, on="cell", how="left", maintain_order="left")
    return both.with_columns(_why(both)).with_columns(**_beside(both, market, policy))


def priced(people: pl.DataFrame, market: Market, percent: float) -> Floats:
    """What the market pays each matched person at a percentile; not a number where untold.

    Args:
        people: as `matched`.
        market: the same, or another with the same cells.
        percent: 10 to 90.
    """
    points, least = _points(people, market)
    return amounts(percent, AT, points, least)


def _found(
    key: tuple[str | None, ...], index: Mapping[Cell, int], policy: Policy
) -> tuple[int | None, str | None]:
    """The cell of the first step that has one, and how it was found."""
    job, level, place, currency = key
    if job is None or currency is None:
        return None, None
    for at_level in dict.fromkeys((level or ALL, ALL)):
        for at_place in dict.fromkeys((*_ever_wider(place or EVERYWHERE, policy), EVERYWHERE)):
            cell = (job, at_level, at_place, currency)
            if cell in index:
                return index[cell], HOW[at_level == (level or ALL), at_place == place]
    return None, None


def _ever_wider(place: str, policy: Policy) -> Iterator[str]:
    yield place
    while place in policy.wider:
        place = policy.wider[place]
        yield place


def _why(rows: pl.DataFrame) -> pl.Expr:
    """Why nobody's market was found."""
    import polars as pl

    return (
        pl.when(pl.col("job").is_null())
        .then(pl.lit("the policy names no job of the role"))
        .when(pl.col("cell").is_null())
        .then(pl.format("no survey of {} in {} counts", "job", "currency"))
        .when(pl.col("base").is_null())
        .then(pl.format("no rate leads into {}", "currency"))
        .when(pl.col("pay").is_null())
        .then(pl.lit("too little of a year was worked"))
        .alias("why")
    )


def _points(rows: pl.DataFrame, market: Market) -> tuple[Floats, Floats]:
    """The points of each person's cell; none where there is no cell."""
    there = rows["cell"].is_not_null().to_numpy()
    at = rows["cell"].fill_null(0).to_numpy()
    points, least = (np.full((len(rows), len(AT)), empty) for empty in (np.nan, False))
    if len(market.points):
        points = np.where(there[:, None], market.points[at], np.nan)
        least = there[:, None] & market.least[at]
    return points, least.astype(bool)


def _beside(rows: pl.DataFrame, market: Market, policy: Policy) -> dict[str, pl.Series]:
    """Where everybody's pay stands."""
    import polars as pl

    points, least = _points(rows, market)
    pay = rows["pay"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    median = amounts(50, AT, points, least)
    low = median / (1 + policy.spread / 2)
    high = low * (1 + policy.spread)
    known = np.isfinite(pay) & np.isfinite(points).any(axis=1)
    stands = placed(pay, AT, points, least)
    error = rows["relative_error"].fill_null(0.0).to_numpy()
    between = placed_between(pay, AT, points, least, error, policy.sure)
    made = {
        "median": median,
        "lower": amounts(25, AT, points, least),
        "upper": amounts(75, AT, points, least),
        "low": low,
        "high": high,
        "compa_ratio": pay / median,
        "penetration": (pay - low) / (high - low),
        "percentile": np.where(known, stands.value, np.nan),
        "at_least": np.where(known, stands.low, np.nan),
        "at_most": np.where(known, stands.high, np.nan),
        "surely_above": np.where(known, between[0], np.nan),
        "surely_below": np.where(known, between[1], np.nan),
    }
    return {
        name: pl.Series(name, values, dtype=pl.Float64, nan_to_null=True)
        for name, values in made.items()
    }
