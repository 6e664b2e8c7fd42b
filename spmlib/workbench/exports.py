"""Exports: a period's results as CSV files, for payroll and whoever goes on in a spreadsheet.

Amounts are written exactly, with all their decimals and never by way of a binary float; rows are in
the order of their keys, so that two exports can be compared line by line. A word that a spreadsheet
would take for a formula (it begins with ``=``, ``+``, ``-`` or ``@``) is written with an apostrophe
before it. To export another table, name it in `TABLES`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd

FORMULA = r"\A[=+\-@\t\r]"  # how a cell begins that is computed
# Each with the columns that order its rows; those that have a period are cut to it.
TABLES = {
    "payroll": ["payee_id", "plan"],
    "payments": ["payee_id", "plan", "kind"],
    "earnings": ["payee_id", "plan", "component", "kind", "number", "transaction_id", "event_id"],
    "attainments": ["payee_id", "plan", "component"],
    "credits": ["transaction_id", "event_id", "payee_id", "rule", "through_id"],
    "issues": ["table", "place", "what"],
}


def write(bench: Workbench, period: str, folder: Path) -> list[Path]:
    """Write a period's tables into a folder; each appears whole, or the last one stays."""
    return write_tables({name: rows(bench, name, period) for name in TABLES}, folder)


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write tables into a folder, each as a CSV file of its name."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / f"{name}.csv" for name in tables]
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as aside:
        for path in made:
            harmless(tables[path.stem]).to_csv(Path(aside) / path.name, index=False)
        for path in made:
            os.replace(Path(aside) / path.name, path)
    return made


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose words no spreadsheet takes for formulas; numbers and days as they are."""
    from pandas.api.types import is_string_dtype

    words = [column for column in table if is_string_dtype(table[column])]
    plain = {name: table[name].str.replace(FORMULA, r"'\g<0>", regex=True) for name in words}
    return table.assign(**plain)


def rows(bench: Workbench, name: str, period: str) -> pd.DataFrame:
    """A table's rows of a period, in order; of a table without periods, all."""
    table = bench.pandas(name)
    own = table[table["period"] == period] if "period" in table else table
    others = [column for column in ("rule", "through_id", "window") if column in own]
    return own.sort_values([*TABLES[name], *others], ignore_index=True)
