"""A company's months closed one by one pay what computing them at once pays, for everybody."""

from __future__ import annotations

from pathlib import Path

import fsspec
import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.ledger import Ledger
from spmlib.workbench import closes
from spmlib.workbench.opened import opened
from tests.test_adventureworks import pytestmark as where_adventureworks_is

HERE = Path(__file__).resolve().parent
SAMPLE, ADVENTUREWORKS = HERE.parent / "parameters", HERE / "real" / "adventureworks"
KEY = ["payee_id", "plan"]


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "folder",
    [SAMPLE, pytest.param(ADVENTUREWORKS, marks=where_adventureworks_is)],
    ids=["sample", "adventureworks"],
)
def test_each_close_is_the_month_of_the_whole(folder: Path):
    bench = opened(folder)
    book = Ledger(fsspec.filesystem("memory"), f"/{folder.parent.name}-{folder.name}")
    whole = engine.collected(bench.results.payouts).filter(pl.col("amount") != 0)
    periods = engine.collected(bench.company.calendar.sort("start_date"))["period"]
    paying = [period for period in periods if period in set(whole["period"])]
    for period in paying:
        month = closes.preview(bench, book, period)
        paid = month.tables["payouts"].filter(pl.col("amount") != 0)
        expected = whole.filter(pl.col("period") == period)
        assert paid.sort(KEY).equals(expected.select(paid.columns).sort(KEY))
        assert set(month.tables["postings"]["reason"]) <= {"month"}
        closes.close(bench, book, month)
    assert [made.period for made in book.closes()] == paying
