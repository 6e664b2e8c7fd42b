"""What stands beside the project: real companies' data, and published numbers to be met."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from spmlib.workbench.opened import Workbench, opened

SHARED = Path(os.environ.get("SPMLIB_SHARED", Path(__file__).parents[2] / "shared"))
REAL = SHARED / "real"


def examples(usual: int) -> int:
    """On how many cases a slow property is tried: thirty times as many by ``make test-all``."""
    return usual * (30 if os.environ.get("SPMLIB_NIGHTLY") else 1)


@cache
def sample_workbench() -> Workbench:
    """The sample company, opened and computed once for all tests of a process."""
    return opened(Path(__file__).parents[1] / "parameters")


def needs(folder: str) -> pytest.MarkDecorator:
    """A test of real data is skipped, saying so, where they are not."""
    reason = f"{folder} is not in {REAL}; set SPMLIB_SHARED to where it is"
    return pytest.mark.skipif(not (REAL / folder).exists(), reason=reason)


def planning(name: str) -> dict[str, Any]:
    """The published numbers of one case of planning; the test is skipped where they are not."""
    path = SHARED / "worked-examples/planning.json"
    if not path.exists():
        pytest.skip(f"{path} is not there; set SPMLIB_SHARED to where it is")
    return json.loads(path.read_text("utf-8"))[name]


def accounting(name: str) -> dict[str, Any]:
    """One published case of accounting, by its id; the test is skipped where they are not."""
    path = SHARED / "worked-examples/accounting.json"
    if not path.exists():
        pytest.skip(f"{path} is not there; set SPMLIB_SHARED to where it is")
    return next(case for case in json.loads(path.read_text("utf-8")) if case["id"] == name)
