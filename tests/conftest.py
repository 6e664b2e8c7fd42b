"""What every test may ask for: parts of the system, and the files beside the project."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

IN_CI = os.environ.get("CI") == "true"


def _postgresql() -> bool:
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return shutil.which("postgres") is not None or any(debian)


def _chromium() -> bool:
    return shutil.which("chromium") is not None


INSTALLED: dict[str, Callable[[], bool]] = {"postgresql": _postgresql, "chromium": _chromium}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose part of the system is missing, saying what to install."""
    for mark in item.iter_markers("system"):
        if not INSTALLED[mark.args[0]]():
            pytest.skip(f"{mark.args[0]} is not installed; `apt-get install {mark.args[0]}`")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI the parts are there, so that a skip of such a test is a failure."""
    report = yield
    if IN_CI and report.skipped and item.get_closest_marker("system"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where it has to run: {report.longrepr}"
    return report
