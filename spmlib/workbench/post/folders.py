"""Folders: documents as files, in a folder for each person."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from pathlib import Path

from spmlib.core.documents import Document, safe_name
from spmlib.workbench.post.smtp import FAILED, SENT, Reply


def put(folder: Path, files: Sequence[Document]) -> Reply:
    """Write a person's files; what stands there is never overwritten by something else.

    Returns:
        sent and where, or failed and why.
    """
    home = folder / safe_name(files[0].payee_id)
    try:
        home.mkdir(parents=True, exist_ok=True)
        for file in files:
            path = home / safe_name(file.name)
            if not _created(path, file.content) and path.read_bytes() != file.content:
                return Reply(FAILED, f"{path} is there and says something else; move it away")
    except OSError as error:
        return Reply(FAILED, f"{home}: {error.strerror}")
    return Reply(SENT, str(home))


def _created(path: Path, content: bytes) -> bool:
    """Create a file whole; False if there is one."""
    aside = path.with_name(f".{uuid.uuid4().hex}")
    try:
        with open(aside, "xb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink(missing_ok=True)
    return True


def _private(path: str, flags: int) -> int:
    """A file that nobody else on the machine can read."""
    return os.open(path, flags, 0o600)
