"""Designs: a table's features as columns of numbers, and what was done to them on the way.

Numbers are standardised; empty ones take the middle and an indicator beside; words become a
column for each that is frequent enough. Everything that was left out or changed is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import needed
from spmlib.motivate.attrition.protected import barred

if TYPE_CHECKING:
    import polars as pl

FEWEST = 10  # rows of a word, or of empty cells, from which it has a column of its own
MANY = 30  # words of a column, above which a column names rather than describes
OTHER, EMPTY = "other", "empty"


@dataclass(frozen=True)
class Made:
    """One column of a design.

    Attributes:
        feature: column of the table.
        word: of words, the one it stands for; "empty" for empty cells; nothing for numbers.
        words: of words, those with a column of their own.
        middle: what empty numbers take.
        mean, spread: by which it is standardised.
    """

    feature: str
    word: str | None
    words: tuple[str, ...]
    middle: float
    mean: float
    spread: float

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.feature if self.word is None else f"{self.feature}: {self.word}"


@dataclass(frozen=True)
class Design:
    """How a table becomes columns; told is what was done, a sentence each."""

    made: tuple[Made, ...]
    told: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Names of the columns, after the constant."""
        return [one.name for one in self.made]

    @property
    def features(self) -> list[str]:
        """The columns of the table that are used."""
        return list(dict.fromkeys(one.feature for one in self.made))

    def columns(self, rows: pl.DataFrame) -> Floats:
        """The rows x columns, the first of ones.

        Raises:
            ParameterError: the table lacks a feature.
        """
        needed(rows, self.features, "features")
        told = [_values(rows, one) for one in self.made]
        return np.column_stack([np.ones(len(rows)), *told])


def design(
    rows: pl.DataFrame,
    features: Sequence[str] | None = None,
    protected: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Design:
    """The design of a table.

    Args:
        rows: of any columns.
        features: columns to use; all but `without` and protected ones if not given.
        protected: columns that are never used.
        without: columns that are no features: keys, outcome, days.

    Raises:
        ParameterError: a feature is not there, is protected, or nothing is left to learn from.
    """
    if features is not None:
        for name in features:
            word = barred(name, protected)
            if word:
                raise ParameterError(
                    f"features: '{name}' is protected ('{word}') and never an input; leave it out, "
                    "and audit its groups instead (fairness.flag_rates)."
                )
            if name in without:
                raise ParameterError(
                    f"features: '{name}' is the outcome, the person or the month; leave it out."
                )
        needed(rows, features, "features")
        twice = {name for name in features if list(features).count(name) > 1}
        if twice:
            raise ParameterError(f"features: '{min(twice)}' is named twice; name it once.")
    wanted = list(features) if features is not None else rows.columns
    made: list[Made] = []
    told: list[str] = []
    for name in wanted:
        if features is None and name in without:
            continue
        if features is None and barred(name, protected):
            told.append(f"{name} is protected: left out.")
            continue
        columns, says = _of_column(rows, name)
        made += columns
        told += says
    if not made:
        raise ParameterError("features: none is left that differs between rows; give others.")
    return Design(tuple(_different(rows, made)), tuple(told))


def grouped(made: Design, groups: Mapping[str, str] | None) -> list[str]:
    """The group of each column after the constant: that of its feature, or the feature itself."""
    given = dict(groups or {})
    return [given.get(one.feature, one.feature) for one in made.made]


def _different(rows: pl.DataFrame, made: list[Made]) -> list[Made]:
    """Columns of empty cells but those that are empty where an earlier one is."""
    kept, seen = [], set()
    for one in made:
        if one.word == EMPTY and not one.words:
            where = rows[one.feature].is_null().to_numpy().tobytes()
            if where in seen:
                continue
            seen.add(where)
        kept.append(one)
    return kept


def _of_column(rows: pl.DataFrame, name: str) -> tuple[list[Made], list[str]]:
    import polars as pl

    told, kind = rows[name], rows.schema[name]
    if kind in (pl.Date, pl.Datetime, pl.Time, pl.Duration):
        return [], [f"{name} holds days: left out; give months since instead."]
    if kind.is_nested() or kind == pl.Object or kind == pl.Binary:
        return [], [f"{name} holds lists: left out."]
    if told.null_count() == len(told):
        return [], [f"{name} is empty: left out."]
    if kind.is_numeric() or kind == pl.Boolean:
        return _of_numbers(told, name)
    return _of_words(told.cast(pl.String), name)


def _of_numbers(told: pl.Series, name: str) -> tuple[list[Made], list[str]]:
    import polars as pl

    values = told.cast(pl.Float64)
    values = values.set(~values.is_finite(), None)
    there = values.drop_nulls().to_numpy()
    if not len(there):
        return [], [f"{name} holds no number: left out."]
    if told.dtype.is_integer() and len(there) > MANY and _numbers_rows(there):
        return [], [f"{name} numbers the rows: left out."]
    made, says = [], []
    empty = len(values) - len(there)
    middle = float(np.median(there))
    filled = values.fill_null(middle).to_numpy()
    if np.ptp(there) > 0 and filled.std() > 1e-12 * max(1.0, abs(middle)):
        made.append(Made(name, None, (), middle, float(filled.mean()), float(filled.std())))
    if empty:
        says.append(f"{name}: {empty} of {len(values)} are empty and take the middle.")
        if min(empty, len(there)) >= FEWEST:
            part = empty / len(values)
            made.append(Made(name, EMPTY, (), middle, part, float(np.sqrt(part * (1 - part)))))
            says[-1] = says[-1][:-1] + ", with a column that says so."
    if not made:
        says.append(f"{name} is the same in all rows: left out.")
    return made, says


def _of_words(told: pl.Series, name: str) -> tuple[list[Made], list[str]]:
    words = told.fill_null(EMPTY).str.strip_chars()
    counts = words.value_counts(sort=True, name="rows")
    if len(counts) == 1:
        return [], [f"{name} is the same in all rows: left out."]
    if len(counts) > MANY and len(counts) > len(told) / 2:
        return [], [f"{name} has {len(counts)} words in {len(told)} rows and names them: left out."]
    enough = (
        counts.filter(counts["rows"] >= FEWEST)[name].to_list()
        if len(counts) > 2
        else (counts[name].to_list())
    )
    kept = tuple(sorted(enough[:MANY]))
    says = []
    if len(kept) < len(counts):
        rare = len(counts) - len(kept)
        says.append(f"{name}: {rare} of {len(counts)} words are rare and count as one.")
    shown = (*kept, *((OTHER,) if len(kept) < len(counts) else ()))
    shown = shown[1:] if len(shown) == 2 else shown
    made = []
    for word in shown:
        is_it = words == word if word in kept else ~words.is_in(list(kept))
        part = float(is_it.to_numpy().mean())
        if 0 < part < 1:
            made.append(Made(name, word, kept, 0.0, part, float(np.sqrt(part * (1 - part)))))
    if not made:
        return [], [*says, f"{name} has no frequent words: left out."]
    return made, says


def _values(rows: pl.DataFrame, one: Made) -> Floats:
    import polars as pl

    told = rows[one.feature]
    if one.words or (one.word is not None and one.word != EMPTY):
        words = told.cast(pl.String).fill_null(EMPTY).str.strip_chars()
        is_it = ~words.is_in(list(one.words)) if one.word not in one.words else words == one.word
        plain = is_it.to_numpy().astype(float)
    else:
        values = told.cast(pl.Float64, strict=False)
        values = values.set((~values.is_finite()).fill_null(True), None)
        gone = values.is_null()
        plain = (
            gone.to_numpy().astype(float) if one.word else values.fill_null(one.middle).to_numpy()
        )
    return np.asarray((plain - one.mean) / one.spread)


def _numbers_rows(values: Floats) -> bool:
    """Whether whole numbers are all different and rise, or fill their range: names of rows."""
    different = len(np.unique(values)) == len(values)
    return bool(different and (np.all(np.diff(values) > 0) or np.ptp(values) == len(values) - 1))
