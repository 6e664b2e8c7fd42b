"""Companies to be explored: the sample company with a month on record, and a small one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine, ledger
from spmlib.core.tables import Postings
from spmlib.incent.paying import postings
from spmlib.workbench import closes
from spmlib.workbench.opened import Workbench
from tests.shared import sample_workbench
from tests.workbench.test_closes import Company

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def halden(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return sample(tmp_path_factory.mktemp("companies") / "halden")


def sample(folder: Path) -> Workbench:
    """The sample company in a folder of its own; September is on record as closed."""
    shutil.copytree(ROOT / "parameters", folder / "parameters")
    shared = sample_workbench()
    bench = replace(shared, folder=folder / "parameters")
    vars(bench)["results"] = shared.results  # computed once for all tests
    paid, earned = map(engine.collected, (shared.results.payouts, shared.results.earnings))
    none = postings.known(engine.collected(engine.empty(Postings)))
    tables = {
        "payouts": paid.filter(pl.col("period") == "2026-09"),
        "postings": postings.postings(
            earned.filter(pl.col("period") == "2026-09"), none, "2026-09", first=True
        ),
    }
    when = "2026-10-05T09:00:00+00:00"
    ledger.close(closes.kept(bench), (), "2026-09", tables, {}, when)
    return bench


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """Ann and Ben, and what they booked from January to March 2026."""
    return Company(tmp_path / "small")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """The same, computed once for tests that only look."""
    return Company(tmp_path_factory.mktemp("companies") / "small").bench
