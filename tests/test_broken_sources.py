"""Sources that are wrong: each message has a file in tests/broken/sources that brings it about.

A file holds sources.yaml as text, the data files, and what is said: either the `error` that is
raised, or the `issues`, all of them, as lines "effect | table | place | row | what; remedy", and
how many rows of each table are `used`. Beside them lie payees.csv and calendar.yaml, as below.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import yaml

from spmlib.core import engine, sources
from spmlib.core.errors import ParameterError

CASES = sorted((Path(__file__).parent / "broken" / "sources").glob("*.yaml"))
CALENDAR = "kind: months\nfrom: 2026-01-01\nuntil: 2027-01-01\n"
PAYEES = """payee_id,name,currency,hire_date
E1,Ada,USD,2020-01-01
E2,Bo,USD,2020-01-01
E3,Cy,EUR,2020-01-01
"""


def laid_out(folder: Path, case: dict) -> Path:
    """The files of a case in a folder, and where its sources.yaml is."""
    files = {"calendar.yaml": CALENDAR, "payees.csv": PAYEES, **case.get("files", {})}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    path = folder / "sources.yaml"
    path.write_text(case["sources"], "utf-8")
    return path


def said(company) -> list[str]:
    columns = ("effect", "table", "place", "row", "what", "remedy")
    rows = engine.collected(company.issues).select(columns).fill_null("").rows()
    return [" | ".join(row[:-1]) + f"; {row[-1]}" for row in rows]


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_what_is_wrong_is_said(file, tmp_path):
    case = yaml.safe_load(file.read_text("utf-8"))
    path = laid_out(tmp_path, case)
    if "error" in case:
        with pytest.raises(ParameterError) as raised:
            sources.read(path)
        assert str(raised.value) == case["error"]
        return
    company = sources.read(path)
    assert said(company) == case["issues"]
    reads = engine.collected(company.reads)
    assert (reads["rows_in"] == reads["rows_used"] + reads["rows_refused"]).all()
    used = reads.group_by("table").agg(pl.col("rows_used").sum())
    assert {**dict(used.iter_rows()), **case["used"]} == dict(used.iter_rows())
