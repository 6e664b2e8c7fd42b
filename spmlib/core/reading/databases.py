"""Databases: the rows of a query, from a DuckDB file or a PostgreSQL server; only ever read.

PostgreSQL is asked for text (``COPY ... TO STDOUT``), which is exact whatever the columns' types.
Times with a zone are given in UTC.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from spmlib.core.reading import delimited
from spmlib.core.reading.delimited import Raw
from spmlib.core.reading.encodings import Note
from spmlib.core.reading.issues import LINE, Unsettled

SERVERS = ("postgresql", "postgres")
BOOLEAN, FLOATS, ZONED = 16, (700, 701), 1184  # PostgreSQL's numbers of types


def raw(sql: str, database: str, path: Path, wanted: Collection[str]) -> Raw:
    """The rows of a query.

    Args:
        sql: a select.
        database: ``postgresql://user@host/name``, or the name of a DuckDB file.
        path: the DuckDB file.
        wanted: the columns that may be used.

    Raises:
        Unsettled: the database cannot be reached, or refuses the query.
    """
    sql = sql.strip().rstrip(";")
    if urlsplit(database).scheme in SERVERS:
        return _of_server(sql, database, wanted)
    return _of_file(sql, path)


def _of_file(sql: str, path: Path) -> Raw:
    import duckdb

    if not path.exists():
        raise Unsettled(f"there is no database {path.name}", "correct `database`")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            frame = connection.sql(sql).pl()
    except duckdb.Error as error:
        raise _failed(error) from None
    return typed(frame)


def typed(frame: pl.DataFrame) -> Raw:
    """A frame with types of its own, its rows numbered from 1."""
    plain = frame.with_columns(pl.col(pl.Categorical, pl.Enum, pl.Null).cast(pl.String))
    numbered = delimited.stripped(plain).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(LINE)
    )
    return Raw(numbered, tuple(frame.columns))


def _of_server(sql: str, database: str, wanted: Collection[str]) -> Raw:
    import psycopg

    try:
        with psycopg.connect(database, connect_timeout=10) as connection:
            connection.read_only = True
            with connection.cursor() as cursor:
                cursor.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'")
                cursor.execute(f"SELECT * FROM ({sql}\n) AS source LIMIT 0")
                columns = {column.name: column.type_code for column in cursor.description or ()}
                with cursor.copy(f"COPY ({sql}\n) TO STDOUT (FORMAT csv, HEADER)") as copy:
                    text = b"".join(copy).decode()
    except psycopg.Error as error:
        raise _failed(error) from None
    return _of_copy(text, columns, wanted)


def _of_copy(text: str, columns: dict[str, int], wanted: Collection[str]) -> Raw:
    raw = delimited.raw(text, wanted, ",")
    boolean = [n for n, kind in columns.items() if kind == BOOLEAN and n in raw.frame.columns]
    worded = pl.col(boolean).replace({"t": "true", "f": "false"})
    rows = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(LINE)
    frame = raw.frame.with_columns(worded, rows)
    used = {name: kind for name, kind in columns.items() if name in frame.columns}
    return Raw(frame, raw.names, notes=tuple(_notes(used)))


def _notes(columns: dict[str, int]) -> list[Note]:
    floats = [name for name, kind in columns.items() if kind in FLOATS]
    zoned = [name for name, kind in columns.items() if kind == ZONED]
    notes = []
    if floats:
        what = f"{', '.join(floats)}: binary floats, read as the shortest decimal of each"
        notes.append((what, "store numeric, to be sure of every cent"))
    if zoned:
        what = f"{', '.join(zoned)}: times with a zone, whose day is taken in UTC"
        notes.append((what, "select the day: (column at time zone 'Europe/Paris')::date"))
    return notes


def _failed(error: Exception) -> Unsettled:
    said = " ".join(str(error).split())[:200]
    return Unsettled(f"the database says: {said}", "correct `sql` or `database`")
