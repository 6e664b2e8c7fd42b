"""The tables: what ``docs/tables.md`` says is what the code says; every reference leads somewhere.

`python -m tests.test_tables` writes the page anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from spmlib.core.tables import INPUTS, RESULTS, SCALE, Column, dictionary

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tables.md"
TABLES = INPUTS | RESULTS
COLUMNS = [(name, c, d) for name, t in TABLES.items() for c, d in t.columns().items()]
NAMED = {definition.__name__: definition for definition in TABLES.values()}


def test_the_page_of_tables_is_made_from_the_code():
    assert PAGE.read_text("utf-8") == dictionary()


@pytest.mark.parametrize("name", TABLES)
def test_each_table_says_what_one_row_is(name: str):
    assert (TABLES[name].__doc__ or "").startswith("One row per ")


@pytest.mark.parametrize(("table", "name", "column"), COLUMNS)
def test_each_column_says_what_it_holds_and_refers_to_a_key(table: str, name: str, column: Column):
    assert column.says.endswith((".", "..."))
    assert column.kind in ("id", "text", "day", "whole", *SCALE)
    if column.of:
        other, key = column.of.split(".")
        assert NAMED[other].columns()[key].unique
    assert column.default is None or not column.among or column.default in column.among


def test_no_value_is_a_binary_float():
    assert all(isinstance(scale, int) for scale in SCALE.values())


if __name__ == "__main__":
    PAGE.write_text(dictionary(), "utf-8")
