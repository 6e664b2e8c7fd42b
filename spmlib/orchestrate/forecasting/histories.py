"""Histories: a long table of series, dates and values made into a panel of equal steps.

What is missing between a series' first and last step is filled, what cannot be used is left out;
each is a row of Issues.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import History, Table
from spmlib.orchestrate.forecasting.panels import Frequency, Panel

if TYPE_CHECKING:
    import polars as pl

GAPS = ("zero", "between")
Issue = tuple[str, str, str, str]  # series, what is wrong, remedy, effect


@dataclass(frozen=True)
class Read:
    """A history as it was read."""

    panel: Panel
    issues: list[Issue]


def read(history: Table[History], frequency: Frequency, gaps: str, ended: bool = True) -> Read:
    """The panel of a history.

    Args:
        history: with any other columns as groups.
        frequency: of its steps; all of a step's values are summed.
        gaps: what a missing step holds: ``zero`` (nothing was sold), or a value ``between`` the
            steps beside it (it was not recorded).
        ended: whether a series may end before the others; else it holds 0 until they end.

    Raises:
        ParameterError: a column is missing, `gaps` is another word, or there is no value at all.
    """
    import polars as pl

    rows = engine.collected(history)
    missing = [name for name in History.columns() if name not in rows.columns]
    if missing:
        raise ParameterError(f"the history has no column '{missing[0]}'; name one so.")
    if gaps not in GAPS:
        raise ParameterError(f"gaps cannot be '{gaps}'; write `zero` or `between`.")
    number = pl.col("value").cast(pl.Float64, strict=False)
    rows = rows.with_columns(value=number, series=pl.col("series").cast(pl.String))
    sound = pl.col("value").is_finite() & pl.col("date").is_not_null()
    sound = (sound & pl.col("series").is_not_null()).fill_null(False)
    issues = list(_unusable(rows.filter(~sound)))
    rows = rows.filter(sound)
    if rows.is_empty():
        raise ParameterError("the history has no value; give at least one series, date and value.")
    steps = rows.group_by("series", step=step_number(frequency)).agg(pl.col("value").sum())
    full = _every_step(steps, ended)
    holes = full.filter(pl.col("value").is_null())
    issues += _filled(holes, gaps)
    value = pl.col("value")
    filler = (value if gaps == "zero" else value.interpolate()).fill_null(0.0)
    full = full.with_columns(filler.over("series", order_by="step")).sort("series", "step")
    counted = full.group_by("series", maintain_order=True).agg(n=pl.len(), end=pl.col("step").max())
    issues += _ended(counted)
    groups, unclear = _groups(rows, counted["series"])
    panel = Panel(
        tuple(counted["series"]),
        full["value"].to_numpy().astype(np.float64),
        np.concatenate([[0], counted["n"].to_numpy().cumsum()]).astype(np.int64),
        counted["end"].to_numpy().astype(np.int64),
        frequency.season,
        groups,
    )
    return Read(panel, issues + unclear)


def days(numbers: np.ndarray, frequency: Frequency) -> pl.Series:
    """The first days of steps, by their numbers."""
    import polars as pl

    steps = pl.DataFrame({"n": numbers})
    if frequency.name == "week":
        return steps.select(day=pl.date(1969, 12, 29) + pl.duration(weeks=pl.col("n")))["day"]
    months = pl.col("n") * (12 // frequency.season)
    return steps.select(day=pl.date(months // 12, months % 12 + 1, 1))["day"]


def step_number(frequency: Frequency) -> pl.Expr:
    """The number of the step a day lies in, counted alike in all series."""
    import polars as pl

    if frequency.name == "week":
        return (pl.col("date") - pl.date(1969, 12, 29)).dt.total_days() // 7
    month = pl.col("date").dt.year().cast(pl.Int64) * 12 + pl.col("date").dt.month() - 1
    return month // (12 // frequency.season)


def _every_step(steps: pl.DataFrame, ended: bool) -> pl.DataFrame:
    """A row for each step between a series' first and last; or the last of all series."""
    import polars as pl

    first = pl.col("step").min()
    last = pl.col("step").max() if ended else pl.lit(steps["step"].max())
    spans = steps.group_by("series").agg(step=pl.int_ranges(first, last + 1).first())
    every = spans.explode("step")
    return every.join(steps, on=["series", "step"], how="left")


def _groups(
    rows: pl.DataFrame, series: pl.Series
) -> tuple[dict[str, tuple[str, ...]], list[Issue]]:
    """What each series belongs to: the last label where it changed, which is noted."""
    import polars as pl

    words = [name for name in rows.columns if name not in History.columns()]
    labels = (
        rows.sort("date")
        .group_by("series")
        .agg(
            *(pl.col(word).cast(pl.String).fill_null("").last() for word in words),
            *(pl.col(word).n_unique().alias(f"{word} count") for word in words),
        )
    )
    ordered = series.to_frame("series").join(labels, on="series", maintain_order="left")
    unclear = [
        (row["series"], f"its {word} changes", "the last one is used for all of it", "noted")
        for word in words
        for row in ordered.filter(pl.col(f"{word} count") > 1).iter_rows(named=True)
    ]
    return {word: tuple(ordered[word]) for word in words}, unclear


def _unusable(rows: pl.DataFrame) -> Iterator[Issue]:
    counted = rows.group_by("series").len().sort("series", nulls_last=False)
    for series, count in counted.iter_rows():
        wrong = f"{count} rows have no series, date or finite value"
        yield series or "", wrong, "give them all three, or leave them out", "refused"


def _filled(holes: pl.DataFrame, gaps: str) -> Iterator[Issue]:
    counted = holes.group_by("series").len().sort("series")
    taken = "nothing was sold in them" if gaps == "zero" else "they lie between their neighbours"
    for series, count in counted.iter_rows():
        wrong = f"{count} steps are missing"
        yield series, wrong, f"taken as: {taken}; else fill them in", "noted"


def _ended(counted: pl.DataFrame) -> Iterator[Issue]:
    early = counted.select("series", steps=counted["end"].max() - counted["end"])
    remedy = "forecast from its own end; add rows of 0 if it sold nothing"
    for series, count in early.filter(early["steps"] > 0).iter_rows():
        yield series, f"it ends {count} steps before the last of all", remedy, "noted"
