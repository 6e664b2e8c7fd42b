"""Three steps in a folder, one of which may wait for ever: ``python -m … FOLDER NAME``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spmlib.workbench.monthly import locks
from spmlib.workbench.monthly.logs import Log
from spmlib.workbench.monthly.steps import Ended, Steps

NOW = "2026-11-01T05:00:00+00:00"


def made(folder: Path, waits: str = "") -> tuple[Any, Steps]:
    """Do the steps; gives who held the lock and was killed, and the steps."""
    with locks.held(folder / "lock", "three steps", NOW) as before:
        at = Steps(folder, Log(folder / "log", lambda line: None, lambda: NOW))
        for name in ("one", "two", "three"):
            at.do(name, "inputs", work(at, folder / name, name == waits))
    return before, at


def work(at: Steps, path: Path, waits: bool) -> Callable[[], Ended]:
    """A step that adds a line to its file."""

    def done() -> Ended:
        with path.open("a", encoding="utf-8") as file:
            file.write("made\n")
        if waits:
            time.sleep(600)
        return Ended("done", files=at.files([path]))

    return done


if __name__ == "__main__":
    made(Path(sys.argv[1]), sys.argv[2])
