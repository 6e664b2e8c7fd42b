"""Tables by name: as pandas frames, as attributes that Tab completes, and in SQL.

What a name stands for is read when it is first asked for, and kept. `Tables` serves the company as
it is known now and, in `closed`, as it was closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import CLOSED, INPUTS, RESULTS, Definition, Table
from spmlib.workbench.exploring.attributes import attributes
from spmlib.workbench.exploring.names import lacking

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from spmlib.workbench.exploring.queries import Queries
    from spmlib.workbench.exploring.shown import Shown


class NoSuchTable(ParameterError, AttributeError):
    """There is no table of that name; as an attribute, Python is told so in its own way."""


ALL = (*INPUTS, *RESULTS, *CLOSED, "opening", "disputes")  # of companies and of closes


@attributes(ALL, of=lambda tables: tables)
class Tables:
    """Tables by name: ``tables.earnings``, ``tables["earnings"]``, ``tables.sql("select ...")``.

    >>> import pyarrow as pa
    >>> from decimal import Decimal
    >>> from spmlib.core.tables import RESULTS
    >>> amounts = [Decimal("0.10"), Decimal("0.20")]
    >>> paid = pa.table({"plan": ["seller", "seller"], "amount": amounts})
    >>> tables = Tables({"payouts": RESULTS["payouts"]}, lambda name: paid)
    >>> tables.payouts["amount"].sum()
    Decimal('0.30')
    >>> tables.sql("select plan, sum(amount) as paid from payouts group by plan")
         plan  paid
    0  seller  0.30
    >>> tables.payout
    Traceback (most recent call last):
    spmlib.workbench.exploring.tables.NoSuchTable: there is no table 'payout'; write 'payouts' ...
    """

    def __init__(
        self,
        definitions: Mapping[str, type[Definition]],
        read: Callable[[str], pa.Table],
        title: str = "Tables",
    ) -> None:
        """Tables that are read when asked for.

        Args:
            definitions: what each holds, by name.
            read: a table by its name, its exact columns decimals.
            title: above the list of them.
        """
        self._definitions, self._read, self._title = dict(definitions), read, title
        self._arrow: dict[str, pa.Table] = {}
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A table by its name: exact columns are decimals; a copy, to be changed at will.

        Raises:
            NoSuchTable: there is none of that name.
        """
        self._refuse(name)
        if name not in self._frames:
            self._frames[name] = engine.as_pandas(self._brought(name))
        return self._frames[name].copy(deep=False)

    if not TYPE_CHECKING:  # a misspelt method is still found by the type checker

        def __getattr__(self, name: str) -> None:
            """Refuse a name that no table has."""
            if name.startswith("_"):
                raise AttributeError(name)
            self._refuse(name)

    def __dir__(self) -> list[str]:
        """What Tab completes: the tables, and what can be done with them."""
        return sorted(({*super().__dir__()} - {*ALL}) | {*self._definitions})

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of ``docs/tables.md``."""
        return iter(self._definitions)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._definitions)

    def __contains__(self, name: object) -> bool:
        """Whether there is a table of that name."""
        return name in self._definitions

    def columns(self, name: str) -> dict[str, str]:
        """What each column of a table holds, by its name.

        Raises:
            NoSuchTable: there is none of that name.
        """
        self._refuse(name)
        return {column: holds.says for column, holds in self._definitions[name].columns().items()}

    def sql(self, query: str, **values: Any) -> pd.DataFrame:
        """What a query finds in the tables: as `queries.Queries.answer`."""
        return self._queries.answer(query, values)

    def show(
        self, table: str | pd.DataFrame, title: str = "", *, total: str = "amount", most: int = 20
    ) -> Shown:
        """A table to be read: a name, or what a query found; as `shown.shown`.

        Raises:
            NoSuchTable: there is none of that name.
            ParameterError: it has no such column to be totalled.
        """
        from spmlib.workbench.exploring import shown

        if isinstance(table, str):
            frame, columns = self[table], self._definitions[table].columns()
            return shown.shown(frame, title or table, total, most, columns)
        return shown.shown(table, title or "What was found", total, most)

    @cached_property
    def _queries(self) -> Queries:
        from spmlib.workbench.exploring.queries import Queries

        return Queries(self._definitions, self._brought)

    def _brought(self, name: str) -> pa.Table:
        """A table as it was read; kept."""
        if name not in self._arrow:
            self._arrow[name] = self._read(name)
        return self._arrow[name]

    def _refuse(self, name: str) -> None:
        """Refuse a name that no table has."""
        if name not in self._definitions:
            raise NoSuchTable(lacking(name, self._definitions))

    def __repr__(self) -> str:
        """The names, each with what one row is."""
        wide = max(map(len, self._definitions), default=0)
        lines = (f"  {name:<{wide}}  {_row(d)}" for name, d in self._definitions.items())
        return "\n".join([self._title, *lines])

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        from spmlib.show import exploring_tables

        rows = {name: _row(definition) for name, definition in self._definitions.items()}
        return exploring_tables.names(rows, self._title).as_raw_html()


def ordered(rows: Table[Any], definition: type[Definition]) -> pa.Table:
    """A table computed, in one order of rows whatever order they came in; decimals exact."""
    made = engine.collected(rows)
    columns = [name for name in definition.columns() if name in made.columns]
    return engine.arrow(engine.table(made.sort(columns, nulls_last=True)), definition)


def _row(definition: type[Definition]) -> str:
    """What one row of a table is."""
    first = (definition.__doc__ or "").strip().splitlines()[0]
    return first.removeprefix("One row per ").rstrip(".:")
