"""Queries: tables asked in SQL, in a DuckDB that sees them and nothing else.

The database is in memory. It may open no file and no address, and cannot be told otherwise; what a
query would change is taken back. Exact columns are DECIMAL with 19 digits, which is what the
engine's integers hold, so that a product of two still fits into the 38 that there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import shown
from spmlib.core.tables import Definition
from spmlib.workbench.exploring.names import lacking, meant

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

DIGITS = 19  # of an integer of 64 bits
SHUT = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",  # nothing is spilt to disk
    "threads": "1",  # rows and sums come in the same order on every machine
}
READS = ("SELECT", "EXPLAIN", "MULTI")  # MULTI: a pivot that finds its own columns
MISSING = re.compile(r"Table with name (\S+) does not exist!")
COLUMN = re.compile(
    r'Referenced column "(.+?)" not found|does not have a column named "(.+?)"'
    r'|Column "(.+?)" does not exist'
)
NAMES = re.compile(r"(?is)^\s*show\s+(all\s+)?tables\s*;?\s*$")


class Queries:
    """Tables that SQL can ask; each is brought when a query first names it."""

    def __init__(
        self,
        definitions: Mapping[str, type[Definition]],
        read: Callable[[str], pa.Table],
    ) -> None:
        """Tables to be asked.

        Args:
            definitions: what each holds, by name.
            read: a table by its name, its exact columns decimals.
        """
        import duckdb

        self._definitions, self._read = definitions, read
        self._there: set[str] = set()
        self._database = duckdb.connect(":memory:", config=dict(SHUT))
        self._database.execute("set python_enable_replacements = false")
        self._database.execute("set lock_configuration = true")

    def answer(self, query: str, values: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """What a query finds.

        Sums, differences and products of amounts are exact; what DuckDB divides or averages is a
        double, and so an estimate: ``round(sum(amount) / 12, 2)`` is not to be booked.

        Args:
            query: one statement that reads, in DuckDB's SQL.
            values: what ``$name`` stands for in it, by name.

        Returns:
            The rows found: DECIMAL as ``decimal128``, DATE as ``date32``, words as ``str``.

        Raises:
            ParameterError: it is no SQL, names no table or column that is there, would change or
                open something, or cannot be computed.
        """
        import duckdb
        import pandas as pd

        if NAMES.match(query):
            return pd.DataFrame({"name": list(self._definitions)})
        try:
            self._refuse_other(query)
            return engine.as_pandas(self._found(query, dict(values or {})))
        except duckdb.Error as error:
            raise ParameterError(f"sql: {self._said(error, query)}") from None

    def _found(self, query: str, values: dict[str, Any]) -> pa.Table:
        """What a query finds, when all that it names has been brought."""
        import duckdb

        while True:
            self._database.execute("begin")
            try:
                return self._database.sql(query, params=values or None).to_arrow_table()
            except duckdb.CatalogException as error:
                name = _missing(error).lower()
                if name not in self._definitions or name in self._there:
                    raise
            finally:
                self._database.execute("rollback")
            self._bring(name)

    def _bring(self, name: str) -> None:
        """A table into the database."""
        self._database.register("brought", _narrow(self._read(name)))
        self._database.execute(f'create table "{name}" as from brought')
        self._database.unregister("brought")
        self._there.add(name)

    def _refuse_other(self, query: str) -> None:
        """Refuse what is not one statement that reads."""
        import duckdb

        kinds = [statement.type.name for statement in duckdb.extract_statements(query)]
        if len(kinds) != 1:
            wrong = f"there are {len(kinds)} statements" if kinds else "there is no statement"
            raise ParameterError(f"sql: {wrong}; write one, such as select * from payouts.")
        if kinds[0] not in READS:
            right = "write a select; what is to change is changed in the company's own files"
            raise ParameterError(f"sql: '{shown(query)}' does not read; {right}.")

    def _said(self, error: duckdb.Error, query: str) -> str:
        """What is wrong with a query, and what would be right."""
        import duckdb

        text = str(error)
        if isinstance(error, duckdb.PermissionException):
            right = "write the name of a table, such as payouts"
            return f"files, addresses and extensions are closed to queries; {right}."
        if table := _missing(error):
            return lacking(table, self._definitions)
        if (column := COLUMN.search(text)) is not None:
            name = next(part for part in column.groups() if part)
            right = meant(name, self._columns(query), "describe with a table's name")
            return f"there is no column '{name}'; {right}."
        return " ".join(text.split("\n\nLINE")[0].split(": ", 1)[-1].split())

    def _columns(self, query: str) -> list[str]:
        """The columns of the tables that a query names."""
        named = [name for name in re.findall(r"\w+", query.lower()) if name in self._there]
        columns = (self._database.table(name).columns for name in dict.fromkeys(named))
        return list(dict.fromkeys(name for names in columns for name in names))


def _missing(error: duckdb.Error) -> str:
    """The table that an error says is not there; empty if it says something else."""
    found = MISSING.search(str(error))
    return found[1].strip('"') if found else ""


def _narrow(table: pa.Table) -> pa.Table:
    """The table with decimals of no more digits than the engine's integers have."""
    import pyarrow as pa

    kinds = [
        field.with_type(pa.decimal128(DIGITS, field.type.scale))
        if pa.types.is_decimal(field.type)
        else field
        for field in table.schema
    ]
    return table.cast(pa.schema(kinds))
