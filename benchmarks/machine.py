"""The machine and the versions that figures were measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("spmlib", "narwhals", "polars", "pandas", "pyarrow", "numpy")


def machine() -> str:
    """One line: processor, cores, memory, Python, libraries."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    cores = f"{_processor()}, {os.cpu_count()} cores, {pages:.0f} GiB"
    return f"{cores}; Python {platform.python_version()}, {versions}"


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text("utf-8").splitlines() if known.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()
