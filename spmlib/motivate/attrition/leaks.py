"""Leaks: figures that are too good to be true, and the feature that is to blame.

A feature leaks if it is only known once somebody has left: a last day, an exit interview, a value
that is emptied or filled when the account is closed. Then a model looks perfect and foretells
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.motivate.attrition.frames import frame, needed
from spmlib.motivate.attrition.outcomes import outcomes
from spmlib.motivate.attrition.scores import auc

if TYPE_CHECKING:
    import polars as pl

WORDS = 200  # of a column that are looked at
ROWS, PART = 20, 0.5  # rows of a word that all left, and part of the leavers they are


def leaks(
    table: Any,
    outcome: str = "left",
    features: Sequence[str] | None = None,
    *,
    together: float | None = None,
    limit: float = 0.95,
    alone: float = 0.90,
    time: str | None = None,
    without: Sequence[str] = (),
) -> pl.DataFrame:
    """Signs that a feature is known only afterwards, the strongest first.

    Args:
        table: rows with an outcome.
        outcome: its column.
        features: columns looked at; all others if not given.
        together: area under the curve of all features on rows not learnt from, if there is one.
        limit: for `together`.
        alone: for one feature.
        time: column of the row's day: days in other columns must not lie after it.
        without: columns that are no features, such as names.

    Returns:
        feature, kind (alone, empty, word, later, together), figure (area, or share), says.
    """
    import polars as pl

    rows = frame(table)
    if time:
        rows = rows.filter(pl.col(outcome).is_not_null())
    y = outcomes(rows, outcome)
    needed(rows, features or (), "features")
    named = (
        list(features)
        if features is not None
        else [name for name in rows.columns if name not in (outcome, time, *without)]
    )
    made: list[dict[str, Any]] = []
    areas: dict[str, float] = {}
    if 0 < y.sum() < len(y):
        for name in named:
            areas[name] = _of_column(rows[name], y, name, alone, made)
            if time and rows[name].dtype.is_temporal():
                _later(rows, name, time, made)
    if together is not None and together >= limit and areas:
        first = max(areas, key=lambda name: areas[name])
        says = (
            f"all features together reach {together:.3f}, and {limit:.2f} is too good to be true; "
            f"{first} tells most of it ({areas[first]:.3f} alone): look at how it is known"
        )
        made.append({"feature": first, "kind": "together", "figure": together, "says": says})
    kinds = {"feature": pl.String, "kind": pl.String, "figure": pl.Float64, "says": pl.String}
    return pl.DataFrame(made, schema=kinds).sort("figure", "feature", descending=[True, False])


def _of_column(
    told: pl.Series, y: Floats, name: str, alone: float, made: list[dict[str, Any]]
) -> float:
    """The area of one feature alone; signs are added."""
    import polars as pl

    gone = told.is_null().to_numpy().astype(float)
    hole = _area(y, gone)
    if hole >= alone:
        where = "empty" if auc(y, gone) > 0.5 else "filled"
        says = f"{name} is {where} for those who left and hardly for anybody else: it is known "
        says += "only afterwards; leave it out"
        made.append({"feature": name, "kind": "empty", "figure": hole, "says": says})
    if told.dtype.is_numeric() or told.dtype in (pl.Boolean, pl.Date, pl.Datetime):
        values = told.to_physical().cast(pl.Float64)
        there = values.is_finite().fill_null(False).to_numpy()
        if there.sum() < 2 or not 0 < y[there].sum() < there.sum():
            return hole
        area = _area(y[there], values.to_numpy()[there])
    else:
        words = told.cast(pl.String, strict=False).fill_null("")
        if words.n_unique() > WORDS:
            return hole
        area = _words(words, y, name, made)
    if area >= alone:
        says = f"{name} alone parts who left from who stayed ({area:.3f}; {alone:.2f} is too good "
        says += "to be true): look at whether it is known before"
        made.append({"feature": name, "kind": "alone", "figure": area, "says": says})
    return max(area, hole)


def _words(words: pl.Series, y: Floats, name: str, made: list[dict[str, Any]]) -> float:
    """The area of a column of words, each held by its share that left."""
    import polars as pl

    told = pl.DataFrame({"word": words, "y": y})
    shares = told.group_by("word").agg(pl.col("y").mean().alias("p"), n=pl.len())
    for row in shares.filter(pl.col("p") == 1, pl.col("n") >= ROWS).to_dicts():
        part = row["n"] / y.sum()
        if part >= PART:
            says = f"everybody with {name} '{row['word']}' left ({row['n']} rows): it is known "
            says += "only afterwards; leave it out"
            made.append({"feature": name, "kind": "word", "figure": part, "says": says})
    return _area(y, told.join(shares, on="word", how="left", maintain_order="left")["p"].to_numpy())


def _later(rows: pl.DataFrame, name: str, time: str, made: list[dict[str, Any]]) -> None:
    import polars as pl

    later = (rows[name].cast(pl.Date) > rows[time].cast(pl.Date)).fill_null(False)
    count = int(later.sum())
    if count:
        says = f"{name} lies after the row's own day in {count} rows: it was not known then; "
        says += "leave it out"
        part = count / len(rows)
        made.append({"feature": name, "kind": "later", "figure": part, "says": says})


def _area(y: Floats, values: np.ndarray) -> float:
    area = auc(y, values)
    return max(area, 1 - area)
