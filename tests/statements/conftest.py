"""The statements of the sample company, made once."""

from __future__ import annotations

import pytest

from spmlib.core.statements import Statement
from spmlib.incent.statements import known, statements
from spmlib.workbench.opened import Workbench
from tests.shared import sample_workbench

PERIOD = "2026-10"


@pytest.fixture(scope="session")
def bench() -> Workbench:
    return sample_workbench()


@pytest.fixture(scope="session")
def told(bench: Workbench) -> list[Statement]:
    return statements(known.of_results(bench.results), bench.company, bench.parameters, PERIOD)
