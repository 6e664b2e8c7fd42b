"""The engine: exact arithmetic on whole tables, and the edges where integers become decimals.

Narwhals expressions run on whatever holds the table (Polars embedded; DuckDB or Spark where
larger). Engines differ in how they divide, so the only division here is `divided`, of multiples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from spmlib.core import engines
from spmlib.core.errors import OverflowRefused
from spmlib.core.tables import SCALE, Definition, Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

TYPES: dict[str, Any] = {
    "id": nw.String,
    "text": nw.String,
    "day": nw.Date,
    "whole": nw.Int64,
    "estimate": nw.Float64,
    **dict.fromkeys(SCALE, nw.Int64),
}
DECIMALS = {kind: len(str(scale)) - 1 for kind, scale in SCALE.items()}


def table(frame: Any) -> Table[Any]:
    """A native frame (Polars, DuckDB, PySpark, pandas) as a lazy table of the engine."""
    wrapped = nw.from_native(frame)
    return wrapped.lazy() if isinstance(wrapped, nw.DataFrame) else wrapped


def empty(definition: type[Definition]) -> Table[Any]:
    """A table without rows."""
    import polars as pl

    schema = {name: column.kind for name, column in definition.columns().items()}
    native = {"id": pl.String, "text": pl.String, "day": pl.Date, "estimate": pl.Float64}
    kinds = {name: native.get(kind, pl.Int64) for name, kind in schema.items()}
    return brought(pl.DataFrame(schema=kinds))


def collected(frame: Table[Any]) -> pl.DataFrame:
    """A table computed, as a Polars frame of the engine's integers."""
    return frame.collect("polars").to_native()


def pandas(frame: Table[Any], definition: type[Definition]) -> pd.DataFrame:
    """A table computed, as a pandas frame whose exact columns are decimals.

    Returns:
        The columns of the definition first, then any others; money and shares have the dtype
        ``decimal128`` [units of the column], days ``date32``, words ``str``.
    """
    return as_pandas(arrow(frame, definition))


def arrow(frame: Table[Any], definition: type[Definition]) -> pa.Table:
    """A table computed, as an Arrow table whose exact columns are decimals, in the same order."""
    rows = collected(frame)
    columns = definition.columns()
    exact = {
        n: DECIMALS[c.kind] for n, c in columns.items() if c.kind in SCALE and n in rows.columns
    }
    made = rows.to_arrow()
    for name, places in exact.items():
        place = made.schema.get_field_index(name)
        made = made.set_column(place, name, _decimals(rows[name], places))
    order = [n for n in columns if n in rows.columns] + [
        n for n in rows.columns if n not in columns
    ]
    return made.select(order)


def as_pandas(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as pandas: decimals, days and whole numbers stay exact, words are ``str``."""
    import pandas as pd

    return table.to_pandas(types_mapper=lambda t: pd.ArrowDtype(t) if _kept(t) else None)


def _kept(arrow: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_decimal(arrow) or pa.types.is_date(arrow) or pa.types.is_integer(arrow))


def _decimals(column: pl.Series, places: int) -> Any:
    """Integers as decimals with that many places, never by way of a float."""
    import pyarrow as pa

    whole = column.fill_null(0).to_numpy().astype(np.int64)
    pairs = np.empty((len(whole), 2), np.int64)
    pairs[:, 0], pairs[:, 1] = whole, whole >> 63
    there = pa.array(column.is_not_null().to_numpy())
    exact = pa.Array.from_buffers(
        pa.decimal128(38, places), len(whole), [None, pa.py_buffer(pairs.tobytes())]
    )
    return pa.compute.if_else(there, exact, None)


# --- exact arithmetic on columns ---------------------------------------------------------------

WIDE = nw.Int128  # products of two 64-bit integers fit
LARGEST = 9e18  # about what an integer of 64 bits holds
FOREVER = date(9999, 12, 31)


def divided(value: nw.Expr, by: nw.Expr | int) -> nw.Expr:
    """An integer divided and rounded down, exact even where an engine divides in double."""
    return (value - value % by) // by


def rounded(value: nw.Expr, by: nw.Expr | int) -> nw.Expr:
    """An integer divided and rounded, halves away from zero, negative ones as their mirror."""
    sign = nw.when(value < 0).then(nw.lit(-1)).otherwise(nw.lit(1))
    return divided(value.abs() * 2 + by, by * 2) * sign


def words(number: str, **columns: Sequence[str]) -> Table[Any]:
    """A small table of what numbers from 0 stand for, to join with: the number, then the columns.

    Joins with small tables stream through any engine; replacing value by value does not.
    """
    count = len(next(iter(columns.values())))
    rows: dict[str, list[Any]] = {number: list(range(count))}
    rows |= {name: list(column) for name, column in columns.items()}
    return made(rows, {number: int} | dict.fromkeys(columns, str))


def wide(name: str) -> nw.Expr:
    """A column in the width of products."""
    return nw.col(name).cast(WIDE)


def refuse_above(largest: Table[Any], limit: float) -> None:
    """Refuse a table of one number that is above a limit: what it stands for would wrap.

    Raises:
        OverflowRefused: it is.
    """
    size = largest.collect("polars").item()
    if size is not None and size > limit:
        raise OverflowRefused(
            f"an amount of {size:.0e} is too large to be exact; are quotas, targets and "
            "transactions in the plan's currency, and have its rates few decimals?"
        )


def refuse_sums(rows: Table[Any], by: str, values: Iterable[str]) -> None:
    """Refuse rows of which some sum, over any part of a group, might not fit.

    Raises:
        OverflowRefused: the sizes of a group's values add up to more than an integer holds.
    """
    names = list(values)
    sizes = {name: nw.col(name).cast(nw.Float64).abs().sum() for name in names}
    summed = rows.group_by(by).agg(**sizes)
    refuse_above(summed.select(size=nw.max_horizontal(*names).max()), LARGEST)


def during(day: str, start: str = "start_date", end: str = "end_date") -> nw.Expr:
    """Whether a day lies in a stretch: closed left, open right."""
    return (nw.col(day) >= nw.col(start)) & (nw.col(day) < nw.col(end))


def days(day: str) -> nw.Expr:
    """A day as a number: how many days after Monday, 1 January of the year 1.

    Source: the proleptic Gregorian calendar (ISO 8601).
    """
    years = nw.col(day).dt.year().cast(nw.Int64) - 1
    leaps = divided(years, 4) - divided(years, 100) + divided(years, 400)
    return years * 365 + leaps + nw.col(day).dt.ordinal_day().cast(nw.Int64) - 1


def open_ended(frame: Table[Any], end: str = "end_date") -> Table[Any]:
    """The frame with an end in every row: what has none goes on for ever."""
    return frame.with_columns(nw.col(end).fill_null(FOREVER))


def on(frame: Table[Any], day: date) -> Table[Any]:
    """The rows that hold on a day: begun by then, and not yet over."""
    return open_ended(frame).filter(nw.col("start_date") <= day, nw.col("end_date") > day)


def names(frame: Table[Any]) -> list[str]:
    """The columns a lazy table has."""
    return frame.collect_schema().names()


def kept(frame: Table[Any]) -> Table[Any]:
    """The table computed once, for more than one use."""
    return engines.current().kept(frame)


def made(rows: dict[str, list[Any]], schema: dict[str, Any]) -> Table[Any]:
    """A small table from Python values."""
    import polars as pl

    kinds = {name: pl.Int128 if kind is WIDE else kind for name, kind in schema.items()}
    return brought(pl.DataFrame(rows, schema=kinds))


def brought(frame: pl.DataFrame) -> Table[Any]:
    """A small Polars frame in the engine in use."""
    return engines.current().brought(frame)


def stacked(frames: Iterable[Table[Any]]) -> Table[Any]:
    """Tables one above the other, each column of the kind it has in the first."""
    first, *others = frames
    kinds = first.collect_schema()
    return nw.concat(
        [first, *(other.select(*(nw.col(n).cast(kinds[n]) for n in kinds)) for other in others)],
        how="vertical",
    )
