"""What docs/exploring.md shows is what happens.

`python -m tests.exploring.test_page` writes what its examples show anew.
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

from spmlib.core.errors import SpmError
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


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        page = shown(PAGE.read_text("utf-8"), sample(Path(folder) / "halden"))
    PAGE.write_text(page, "utf-8")
