"""Frames: tables of any kind as Polars frames, and other people's files as they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import SHARE

if TYPE_CHECKING:
    import polars as pl

MARK = "\ufeff"  # of order of bytes: some programs write it before the first name
SEPARATORS = ",;\t|"


def frame(table: Any) -> pl.DataFrame:
    """A table of the engine, of Polars or of pandas as a Polars frame; decimals become doubles."""
    import narwhals as nw
    import polars as pl
    from polars import selectors

    if isinstance(table, dict | list):
        table = pl.DataFrame(table, infer_schema_length=None)
    try:
        wrapped = nw.from_native(table)
    except TypeError:
        kind = type(table).__name__
        raise ParameterError(f"a table is a {kind}; give a frame of pandas or polars.") from None
    if isinstance(wrapped, nw.LazyFrame):
        made = wrapped.collect("polars").to_native()
    else:
        made = wrapped.to_polars()
    marked = {name: name.strip(MARK).strip() for name in made.columns}
    kinds = [pl.col(n).cast(pl.Float64) for n, kind in made.schema.items() if kind.is_decimal()]
    kinds += [selectors.categorical().cast(pl.String)]
    dated = [pl.col(n).cast(pl.Date) for n, k in made.schema.items() if k == pl.Datetime]
    return made.with_columns(*kinds, *dated).rename(marked)


def read(path: Path | str) -> pl.DataFrame:
    """The rows of a CSV file, whatever its separator, with or without a mark of byte order.

    Raises:
        ParameterError: there is no such file, it is no UTF-8, or it has no rows.
    """
    import polars as pl

    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ParameterError(f"{path}: there is no such file; correct the name.") from None
    except UnicodeDecodeError:
        raise ParameterError(f"{path}: this is not UTF-8 text; save it as UTF-8.") from None
    head = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    if text.count("\n") < 1 + text.endswith("\n"):
        raise ParameterError(f"{path}:1: the file holds no rows; export it with its rows.")
    try:
        return frame(
            pl.read_csv(
                text.encode(), separator=separator, infer_schema_length=None,
                null_values=["", "NA", "NaN", "nan", "NULL", "null"], try_parse_dates=True,
            )
        )  # fmt: skip
    except pl.exceptions.PolarsError as error:
        wrong = str(error).split("\n", 1)[0]
        raise ParameterError(f"{path}: {wrong}; give each row as many cells as the head.") from None


def keyed(table: pl.DataFrame, what: str, days: Iterable[str] = ()) -> pl.DataFrame:
    """The table with ids as words and days as days, however they are given.

    Raises:
        ParameterError: a day is none.
    """
    import polars as pl

    ids = [n for n in ("payee_id", "manager_id", "dispute_id") if n in table.columns]
    made = table.with_columns(pl.col(ids).cast(pl.String))
    for name in days:
        if name not in made.columns or made.schema[name] == pl.Date:
            continue
        told = made[name].cast(pl.String)
        read_ = told.str.slice(0, 10)
        read_ = pl.select(
            pl.when(read_.str.len_chars() == 7).then(read_ + "-01").otherwise(read_)
        ).to_series()
        found = read_.str.to_date("%Y-%m-%d", strict=False)
        wrong = told.filter(found.is_null() & told.is_not_null())
        if len(wrong):
            raise ParameterError(
                f"{what}: '{wrong[0]}' in {name} is no day; write it as 2026-01-31."
            )
        made = made.with_columns(found.alias(name))
    return made


def needed(table: pl.DataFrame, columns: Iterable[str], what: str) -> None:
    """Refuse a table that lacks columns.

    Raises:
        ParameterError: it does.
    """
    for name in columns:
        if name not in table.columns:
            close = nearest(name, table.columns) if table.columns else "a table with columns"
            raise ParameterError(f"{what}: there is no column '{name}'; write {close}.")


def unscaled(name: str, table: pl.DataFrame) -> pl.Expr:
    """A share as a double: the engine's whole numbers are in hundred-millionths."""
    import polars as pl

    told = pl.col(name).cast(pl.Float64)
    return told / SHARE if table.schema[name].is_integer() else told


def asof(
    rows: pl.DataFrame, told: pl.DataFrame, at: str, day: str, by: str | list[str] = "payee_id"
) -> pl.DataFrame:
    """The rows with what was last told on or before the day `at` of the same person."""
    held = told.rename({day: "_told"}).sort("_told")
    made = rows.sort(at).join_asof(
        held, left_on=at, right_on="_told", by=by, check_sortedness=False
    )
    return made.drop("_told")
