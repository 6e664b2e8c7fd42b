"""Progress: what a run that sends has begun and ended, line by line on the disk.

The register is told of a batch before it begins and after it ends. In between, this file knows each
message. Who runs holds a lock on it, which the system lets go when the process ends, however it
ends: only then may somebody else read what became of it.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from spmlib.core.ledger import Ledger

try:
    import fcntl
except ImportError:  # where there is none, what a run left open is never settled by another
    fcntl = None  # type: ignore[assignment]

BEGAN = "began"


class Progress:
    """One run's file."""

    def __init__(self, run: str, file: IO[str] | None) -> None:
        self.run, self.file = run, file

    def write(self, key: str, what: str, said: str = "") -> None:
        """Put a line down before going on.

        What begins has to be on the disk; the line of an end that a power cut loses makes that
        message one that nobody knows of.
        """
        if self.file is not None:
            self.file.write(json.dumps([key, what, said]) + "\n")
            self.file.flush()
            if what == BEGAN:
                os.fsync(self.file.fileno())


@contextmanager
def begun(book: Ledger) -> Iterator[Progress]:
    """The file of a new run, locked while it lasts; without one where the register is no folder."""
    run, folder = uuid.uuid4().hex, _folder(book)
    if folder is None:
        yield Progress(run, None)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{run}.jsonl").open("x", encoding="utf-8") as file:
        _lock(file)
        yield Progress(run, file)


@contextmanager
def left(book: Ledger, run: str) -> Iterator[dict[str, tuple[str, str]] | None]:
    """What became of each message of a run that is over; None while it is not, or is unknown.

    Yields:
        By key: began, sent, failed or unknown; and what was said. A key that is missing was not
        begun. Nobody else can read it meanwhile.
    """
    folder = _folder(book)
    path = folder / f"{run}.jsonl" if folder is not None else None
    if path is None or fcntl is None:
        yield None
        return
    try:
        file = path.open("r+", encoding="utf-8")
    except FileNotFoundError:  # the run has just ended well
        yield None
        return
    with file:
        yield _read(file) if _lock(file) else None


def done(book: Ledger, run: str) -> None:
    """Remove the file of a run of which all is on record."""
    if (folder := _folder(book)) is not None:
        (folder / f"{run}.jsonl").unlink(missing_ok=True)


def lasting(book: Ledger) -> bool:
    """Whether each message's progress is kept, so that batches are safe."""
    return _folder(book) is not None and fcntl is not None


def _read(file: IO[str]) -> dict[str, tuple[str, str]]:
    found = {}
    for line in file:
        if line.endswith("\n"):  # else the process ended while it wrote
            key, what, said = json.loads(line)
            found[key] = (what, said)
    return found


def _lock(file: IO[str]) -> bool:
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _folder(book: Ledger) -> Path | None:
    from fsspec.implementations.local import LocalFileSystem

    return Path(book.root) / "progress" if isinstance(book.store, LocalFileSystem) else None
