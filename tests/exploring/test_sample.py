"""The sample company: what docs/exploring.md shows is what happens; SQL finds what pandas finds.

`python -m tests.exploring.test_sample` writes what its examples show anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from doctest import DocTestParser, Example
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest

from spmlib.core.errors import SpmError
from spmlib.core.tables import INPUTS, RESULTS, SCALE
from spmlib.workbench.opened import Workbench
from tests.exploring.conftest import sample

PAGE = Path(__file__).resolve().parents[2] / "docs" / "exploring.md"
BLOCK = re.compile(r"(?ms)^```python\n(.+?)^```$")
OPENED = "company = spmlib.open()\n"  # given: the sample company is computed once for all tests


def shown(page: str, company: Workbench) -> str:
    """The page with what its examples show."""
    names = {"company": company}
    with pd.option_context("display.width", 100, "display.max_columns", 20):
        return BLOCK.sub(lambda block: f"```python\n{_block(block[1], names)}\n```", page)


def _block(text: str, names: dict[str, Any]) -> str:
    return "\n".join(line for e in DocTestParser().get_examples(text) for line in _lines(e, names))


def _lines(example: Example, names: dict[str, Any]) -> Iterator[str]:
    first, *others = example.source.rstrip("\n").split("\n")
    yield f">>> {first}"
    yield from (f"... {line}" for line in others)
    if example.source != OPENED and (said := _said(example.source, names)):
        yield said


def _said(source: str, names: dict[str, Any]) -> str:
    told = StringIO()
    with redirect_stdout(told):
        try:
            exec(compile(source, PAGE.name, "single"), names)
        except SpmError as error:
            kind = f"{type(error).__module__}.{type(error).__name__}"
            told.write(f"Traceback (most recent call last):\n{kind}: {error}")
    return told.getvalue().rstrip()


def test_the_page_shows_what_happens(halden: Workbench):
    page = PAGE.read_text("utf-8")
    assert page.count(OPENED) == 1
    assert page.count(">>> ") > 12
    assert shown(page, halden) == page


@pytest.mark.parametrize("name", ["payouts", "quotas", "payroll"])
def test_sums_are_those_of_pandas_to_the_last_decimal(halden: Workbench, name: str):
    columns = (INPUTS | RESULTS)[name].columns()
    frame = halden.tables[name]
    exact = [n for n, c in columns.items() if c.kind in SCALE and n in frame.columns]
    sums = ", ".join(f"sum({n}) as {n}" for n in exact)
    found = halden.sql(f"select {sums}, count(*) as rows from {name}").iloc[0]
    assert found["rows"] == len(frame) > 0
    for column in exact:
        if frame[column].notna().any():
            assert found[column] == frame[column].sum()
        else:
            assert pd.isna(found[column])


def test_groups_are_those_of_pandas(halden: Workbench):
    query = "select period, currency, sum(amount) as s from payouts group by all order by all"
    found = halden.sql(query).set_index(["period", "currency"])["s"]
    expected = halden.payouts.groupby(["period", "currency"])["amount"].sum()
    assert found.to_dict() == expected.to_dict()
    assert len(found) == 90


def test_rows_come_back_as_they_went_in(halden: Workbench):
    for name in ("payouts", "payees", "calendar"):
        frame = halden.tables[name]
        again = halden.sql(f"select * from {name}")
        assert (
            again.astype(object)
            .where(again.notna(), None)
            .equals(frame.astype(object).where(frame.notna(), None))
        )


def test_tables_are_shown_with_their_currencies_and_totals(halden: Workbench):
    text = repr(halden.show("payouts", most=2))
    assert "127,584,773" in text.split("JPY")[0]  # a yen has no cents
    assert "The first 2 of 3,424 rows; the total is of all of them." in text
    assert text.count("Total") == 3
    sums = halden.payouts.groupby("currency")["amount"].sum()
    assert f"{round(sums['USD'], 2):,}" in text


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        page = shown(PAGE.read_text("utf-8"), sample(Path(folder) / "halden"))
    PAGE.write_text(page, "utf-8")
