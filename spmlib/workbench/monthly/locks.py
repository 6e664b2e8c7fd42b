"""Locks: one at a time, whatever is at work; a lock whose holder is gone is free.

The system holds the lock for the process that took it and lets it go when that process ends,
however it ends. What the file says beside it (who, since when) is for people: where it still says
something and nobody holds the lock, somebody ended in the middle.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from spmlib.core.errors import SpmError

try:
    import fcntl
except ImportError:  # Windows: its own call, below
    fcntl = None  # type: ignore[assignment]


class Held(SpmError):
    """Somebody else is at work."""


@contextmanager
def held(path: Path, what: str, now: str) -> Iterator[Mapping[str, Any]]:
    """Hold a lock while something is done; yields who ended without giving it back, if anybody.

    Args:
        path: the lock's file, which stays.
        what: is done, for whoever comes next.
        now: the moment, ISO 8601.

    Raises:
        Held: another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        before = _said(file)
        if not _taken(file):
            who = f"process {before.get('process', '?')} on {before.get('machine', '?')}"
            at = f"at {before.get('what', 'work')} since {before.get('since', 'just now')}"
            raise Held(f"{path}: {who} is {at}; wait until it has ended.")
        before = _said(file)  # once more: its holder may have ended between the two
        _say(file, {"process": os.getpid(), "machine": platform.node(), "what": what, "since": now})
        try:
            yield before
        finally:
            _say(file, {})


def _said(file: IO[str]) -> dict[str, Any]:
    file.seek(0)
    try:
        found = json.loads(file.read() or "{}")
    except json.JSONDecodeError:  # read while it was written
        return {}
    return found if isinstance(found, dict) else {}


def _say(file: IO[str], words: Mapping[str, Any]) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps(words) if words else "")
    file.flush()


def _taken(file: IO[str]) -> bool:
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            _take_on_windows(file)
    except OSError:
        return False
    return True


def _take_on_windows(file: IO[str]) -> None:
    import msvcrt

    file.seek(1 << 20)  # far behind what is read: a byte that is locked there cannot be read
    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
