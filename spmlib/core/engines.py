"""Engines: what holds the tables while expressions are computed: Polars, or DuckDB where larger.

The calculation is the same on each; only two things differ: how a small table gets in, and what it
means to compute a table once for more than one use. To add an engine: those two functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    import polars as pl

    from spmlib.core.company import Company


@dataclass(frozen=True)
class Engine:
    """One engine."""

    name: str
    brought: Callable[[pl.DataFrame], Any]  # a small table into the engine
    kept: Callable[[Any], Any]  # a table computed once


POLARS = Engine("polars", lambda frame: nw.from_native(frame).lazy(), lambda t: t.collect().lazy())
_current: ContextVar[Engine] = ContextVar("engine", default=POLARS)


def duckdb(connection: Any = None) -> Engine:
    """DuckDB, in memory or in a database of the caller's; spills to disk what does not fit."""
    import duckdb as database

    con = connection or database.connect()
    names = (f"kept_{number}" for number in count(1))

    def brought(frame: pl.DataFrame) -> Any:
        import polars as pl

        # Arrow has no integers of 128 bits; decimals of 38 digits hold all that pay allows.
        wide = [name for name, kind in frame.schema.items() if kind == pl.Int128]
        given = frame.cast(dict.fromkeys(wide, pl.Decimal(38, 0))).to_arrow()
        table = nw.from_native(con.from_arrow(given))
        return table.with_columns(nw.col(name).cast(nw.Int128) for name in wide) if wide else table

    def kept(table: Any) -> Any:
        name = next(names)
        nw.to_native(table).create(name)
        return nw.from_native(con.table(name))

    return Engine("duckdb", brought, kept)


@contextmanager
def on(engine: Engine) -> Iterator[Engine]:
    """Whatever is computed within is computed on an engine."""
    token = _current.set(engine)
    try:
        yield engine
    finally:
        _current.reset(token)


def current() -> Engine:
    """The engine in use."""
    return _current.get()


def moved(company: Company) -> Company:
    """A company with all its tables in the engine in use."""
    bring = current().brought
    tables = {
        field.name: bring(getattr(company, field.name).collect("polars").to_native())
        for field in fields(company)
    }
    return replace(company, **tables)
