"""Frames: strangers' tables as Polars frames, with the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import MONEY
from spmlib.rules.filters import matching
from spmlib.rules.measures import Filter

if TYPE_CHECKING:
    import polars as pl

ID = "payee_id"


def taken(frame: Any, columns: Sequence[str], what: str) -> pl.DataFrame:
    """A Polars or pandas frame as Polars, once its columns are there; people's ids as words.

    Raises:
        ParameterError: a column is missing, or it is no frame.
    """
    import polars as pl

    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    elif not isinstance(frame, pl.DataFrame):
        if not hasattr(frame, "columns"):
            raise ParameterError(f"{what}: this is no table; give a Polars or pandas frame.")
        frame = pl.from_pandas(frame)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        listed = ", ".join(missing)
        raise ParameterError(f"{what}: there is no column {listed}; name it so in the table.")
    return frame.with_columns(pl.col(ID).cast(pl.String)) if ID in columns else frame


def days(frame: pl.DataFrame, column: str, what: str) -> pl.DataFrame:
    """The frame with a column of days, where it holds days, times or words such as 2026-01-31.

    Raises:
        ParameterError: it holds something else, or is empty somewhere.
    """
    import polars as pl

    kind = frame.schema[column]
    if kind == pl.String:
        made = frame.with_columns(pl.col(column).str.to_date("%Y-%m-%d", strict=False))
    elif kind.is_temporal() or frame.is_empty():
        made = frame.with_columns(pl.col(column).cast(pl.Date))
    else:
        raise ParameterError(f"{what}: {column} holds no days; write them as 2026-01-31.")
    if made[column].null_count():
        raise ParameterError(f"{what}: a day of {column} is empty; write it as 2026-01-31.")
    return made


def people(treated: Iterable[Any]) -> list[str]:
    """Ids as words, each once, in order; one word is one id."""
    return sorted({str(one) for one in ([treated] if isinstance(treated, str) else treated)})


def fitting(frame: pl.DataFrame, where: Sequence[Filter]) -> pl.DataFrame:
    """The rows that pass some filters.

    Numbers are compared to the fourth decimal, times by their day, and what is true or false as
    yes or no.
    """
    import polars as pl

    told, kinds = frame, {}
    for name, kind in frame.schema.items():
        kinds[name] = "value" if kind.is_numeric() else "day" if _is_day(kind) else "text"
        if kind.is_numeric():
            exact = (pl.col(name).cast(pl.Float64) * MONEY).round().cast(pl.Int64, strict=False)
            told = told.with_columns(exact.alias(name))
        elif kind == pl.Boolean:
            word = pl.when(name).then(pl.lit("yes")).when(~pl.col(name)).then(pl.lit("no"))
            told = told.with_columns(word.alias(name))
        else:
            plain = pl.Date if _is_day(kind) else pl.String
            told = told.with_columns(pl.col(name).cast(plain, strict=False))
    passes = told.select(passes=matching(where, kinds, pl)).to_series() if where else pl.lit(True)
    return frame.filter(passes)


def _is_day(kind: Any) -> bool:
    import polars as pl

    return bool(kind in (pl.Date, pl.Datetime))


def amount(frame: pl.DataFrame, column: str | None, place: str) -> pl.Expr:
    """A column of numbers, empty cells as 0; 0 where no column is named.

    Raises:
        ParameterError: there is no such column, or it holds words.
    """
    import polars as pl

    if column is None:
        return pl.lit(0.0)
    if column not in frame.columns:
        near = nearest(column, frame.columns)
        raise ParameterError(f"{place}: there is no column '{column}'; write {near}.")
    if not frame.schema[column].is_numeric():
        raise ParameterError(f"{place}: '{column}' holds words; name a column of numbers.")
    return pl.col(column).cast(pl.Float64).fill_null(0.0).fill_nan(0.0)
