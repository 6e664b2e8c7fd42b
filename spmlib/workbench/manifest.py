"""The record of a run: what was made, from what, by which versions, and how it went."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from spmlib.workbench import notebooks
from spmlib.workbench.execution import Outcome
from spmlib.workbench.runs import Run

NAME = "manifest.json"


def record(run: Run, began: datetime, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What a run did, as ``manifest.json`` keeps it."""
    return {
        "run": run.name,
        "title": run.title,
        "period": run.period,
        "status": "failed" if any(outcome.failure for outcome in outcomes) else "good",
        "made": began.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - began).total_seconds(), 1),
        "file": run.path.name,
        "sha256": hashlib.sha256(run.path.read_bytes()).hexdigest(),
        "versions": versions(),
        "reports": [
            {"question": notebooks.question(notebooks.read(report.notebook)), **outcome.record}
            for report, outcome in zip(run.reports, outcomes, strict=True)
        ],
    }


def versions() -> dict[str, str]:
    """The versions of spmlib, Python and every library that spmlib asks for by name."""
    asked = [line for line in metadata.requires("spmlib") or [] if "extra ==" not in line]
    names = [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in asked]
    own = {"spmlib": metadata.version("spmlib"), "Python": platform.python_version()}
    return own | {name: metadata.version(name) for name in names}


def read(path: Path) -> dict[str, Any]:
    """The record of a run that lies in a file.

    Raises:
        ValueError: it is no JSON, or holds no record.
    """
    record = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(record, dict):
        raise ValueError(f"{path.name} holds no record")
    return record


def write(text: str, path: Path) -> None:
    """Write a file whole: aside, then renamed."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)


def dumped(made: dict[str, Any]) -> str:
    """The record as JSON."""
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
