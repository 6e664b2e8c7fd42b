"""Shown: any table in words: amounts in the currency of their row, with a total for each currency.

Totals are of all rows, also of those that are not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.tables import Column
from spmlib.show import words
from spmlib.workbench.exploring.names import meant

if TYPE_CHECKING:
    import pandas as pd

TICKS = 4  # decimals of an amount


@dataclass(frozen=True, repr=False)
class Shown:
    """A table in words, to be read on a terminal or in a notebook."""

    cells: pd.DataFrame  # words; the last rows are totals
    title: str
    right: Sequence[str]  # the columns of numbers
    totals: int  # rows
    note: str

    def __repr__(self) -> str:
        """The table as text."""
        left = {name: f"{{:<{self._width(name)}}}".format for name in self._left()}
        text = self.cells.to_string(index=False, formatters=left) if len(self.cells) else "no rows"
        return "\n".join(part for part in (self.title, text, self.note) if part)

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        from spmlib.show import exploring_tables

        made = exploring_tables.frame(self.cells, self.title, self.right, self.totals, self.note)
        return made.as_raw_html()

    def _left(self) -> list[str]:
        return [name for name in self.cells.columns if name not in self.right]

    def _width(self, name: str) -> int:
        return max(map(len, [str(name), *self.cells[name]]))


def shown(
    table: pd.DataFrame,
    title: str,
    total: str = "amount",
    most: int = 20,
    columns: Mapping[str, Column] | None = None,
) -> Shown:
    """A table to be read, exact to the currency's minor unit.

    Args:
        table: of a company, or what a query found.
        title: above it.
        total: the column that is added up, for each currency, if the table has it.
        most: rows that are shown.
        columns: what the columns hold; if not said, decimals with four places beside a column
            ``currency`` are taken for amounts.

    Raises:
        ParameterError: there is no such column to be totalled (but for ``amount``), or it holds
            no exact numbers.
    """
    import pandas as pd

    if total != "amount" and total not in table:
        right = meant(total, map(str, table.columns), "the table")
        raise ParameterError(f"there is no column '{total}'; {right}.")
    sums = totals(table, total) if total in table else {}
    first = table.head(most)
    cells = pd.DataFrame(
        {name: _cells(first, name, columns) for name in first.columns}, columns=first.columns
    )
    below = pd.DataFrame([_total(cells, total, *pair) for pair in sums.items()])
    every = pd.concat([cells, below], ignore_index=True) if len(below) else cells
    numbers = [name for name in table.columns if _number(table[name])]
    note = f"The first {most:,} of {words.counted(len(table), 'row')}" if len(table) > most else ""
    note += "; the total is of all of them." if note and sums else "." if note else ""
    return Shown(every, title, numbers, len(below), note)


def totals(table: pd.DataFrame, column: str) -> dict[str, Any]:
    """A column added up for each currency, in the order of the alphabet; exact.

    Args:
        table: with the column, and ``currency`` if it has one.
        column: exact numbers.

    Returns:
        The sums by currency; the currency is empty where the table names none.

    Raises:
        ParameterError: the column holds no exact numbers.
    """
    if not _number(table[column]):
        raise ParameterError(f"'{column}' holds no numbers; write the name of one that does.")
    if "currency" not in table:
        return {"": table[column].sum()} if len(table) else {}
    summed = table.groupby("currency")[column].sum()
    return dict(sorted(summed.items()))


def _total(cells: pd.DataFrame, column: str, currency: str, amount: Any) -> dict[str, str]:
    """A row for a total, in words."""
    row = dict.fromkeys(cells.columns, "")
    first = next((n for n in cells.columns if n not in (column, "currency")), None)
    if first is not None:
        row[first] = "Total"
    if "currency" in row:
        row["currency"] = currency
    return row | {column: words.money(amount, currency) if currency else words.plain(amount)}


def _cells(table: pd.DataFrame, name: str, columns: Mapping[str, Column] | None) -> list[str]:
    """A column in words."""
    if "currency" in table and _money(table, name, columns):
        pairs = zip(table[name], table["currency"], strict=True)
        return [_amount(amount, currency) for amount, currency in pairs]
    said = _said(table[name])
    return ["" if words.missing(value) else said(value) for value in table[name]]


def _amount(amount: Any, currency: Any) -> str:
    return words.plain(amount) if words.missing(currency) else words.money(amount, currency)


def _money(table: pd.DataFrame, name: str, columns: Mapping[str, Column] | None) -> bool:
    """Whether a column holds amounts in the currency of their row."""
    if columns is not None:
        return name in columns and columns[name].kind == "money"
    return _places(table[name]) == TICKS


def _places(column: pd.Series) -> int | None:
    """How many decimals an exact column has; none if it holds no decimals."""
    import pandas as pd
    import pyarrow as pa

    kind = column.dtype
    exact = isinstance(kind, pd.ArrowDtype) and pa.types.is_decimal(kind.pyarrow_dtype)
    return kind.pyarrow_dtype.scale if exact else None


def _number(column: pd.Series) -> bool:
    import pandas as pd

    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _said(column: pd.Series) -> Callable[[Any], str]:
    """How a value of a column is said."""
    import pandas as pd

    if _places(column) is not None:
        return words.plain
    if pd.api.types.is_float_dtype(column):
        return lambda value: f"{value:,.6g}".replace("-", words.MINUS)
    if _number(column):
        return lambda value: f"{value:,}".replace("-", words.MINUS)
    if str(column.dtype).startswith(("date", "timestamp")):
        return words.day
    return str
