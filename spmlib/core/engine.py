"""The engine: exact arithmetic on whole tables, and the edges where integers become decimals.

Narwhals expressions run on whatever holds the table (Polars embedded; DuckDB or Spark where
larger). Engines differ in how they divide, so the only division here is `divided`, of multiples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from spmlib.core.tables import SCALE, Definition, Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

TYPES: dict[str, Any] = {
    "id": nw.String,
    "text": nw.String,
    "day": nw.Date,
    "whole": nw.Int64,
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
    native = {"id": pl.String, "text": pl.String, "day": pl.Date}
    return table(pl.DataFrame(schema={n: native.get(kind, pl.Int64) for n, kind in schema.items()}))


def collected(frame: Table[Any]) -> pl.DataFrame:
    """A table computed, as a Polars frame of the engine's integers."""
    return frame.collect("polars").to_native()


def pandas(frame: Table[Any], definition: type[Definition]) -> pd.DataFrame:
    """A table computed, as a pandas frame whose exact columns are decimals.

    Returns:
        The columns of the definition first, then any others; money and shares have the dtype
        ``decimal128`` [units of the column], days ``date32``, words ``str``.
    """
    import pandas as pd

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
    frame_ = made.select(order).to_pandas(
        types_mapper=lambda t: pd.ArrowDtype(t) if _kept(t) else None
    )
    return frame_


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
