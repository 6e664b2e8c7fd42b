"""Ledger: closed months, each an immutable whole: its tables, and one manifest that makes it exist.

Tables are written first, aside; then the manifest is created in one step, under the close's number,
and only if no other is there. Killed before that step, the ledger is as it was; after it, the close
is there, whole. Of two that close at once one creates the manifest and the other is told. Readers
look for manifests only, so they never wait and never see a half. Each manifest names the hash of
the one before it and of its own tables: what was changed afterwards shows.

A ledger lies in a local folder or on any store that fsspec knows.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import SpmError

if TYPE_CHECKING:
    import polars as pl
    from fsspec import AbstractFileSystem


class LedgerError(SpmError):
    """A close cannot be written, or what is written is not what was closed."""


class Overtaken(LedgerError):
    """Another entry was written in the meantime."""


@dataclass(frozen=True)
class Close:
    """One closed period, as its manifest says it."""

    number: int  # from 1
    period: str
    closed: str  # when, ISO 8601
    tables: Mapping[str, Mapping[str, Any]]  # by name: path, rows, sha256
    about: Mapping[str, Any]  # what else is known: inputs, parameters, versions
    previous: str  # hash of the manifest before; empty in the first
    sha256: str  # of the manifest itself


@dataclass(frozen=True)
class Ledger:
    """Where closes lie."""

    store: AbstractFileSystem
    root: str

    def closes(self) -> list[Close]:
        """All closes, in order.

        Raises:
            LedgerError: one is missing, or is not what the next one says it was.
        """
        folder = f"{self.root}/closes"
        names = self.store.ls(folder, detail=False) if self.store.exists(folder) else []
        files = [str(name) for name in names if str(name).endswith(".json")]
        files.sort(key=lambda name: (len(name), name))  # 9999 comes before 10000
        found: list[Close] = []
        for file in files:
            made = _close(self.store.cat_file(file))
            before = found[-1].sha256 if found else ""
            if made.number != len(found) + 1 or made.previous != before:
                wrong = f"close {made.number} does not follow what stands before it"
                raise LedgerError(f"{file}: {wrong}; restore the ledger from its copy.")
            found.append(made)
        return found

    def table(self, close: Close, name: str) -> pl.DataFrame:
        """One table of a close.

        Raises:
            LedgerError: it is not there, or no longer what was closed.
        """
        import polars as pl

        entry = close.tables[name]
        path = f"{self.root}/{entry['path']}"
        try:
            content = self.store.cat_file(path)
        except FileNotFoundError:
            wrong = f"the {name} of {close.period} are gone"
            raise LedgerError(f"{path}: {wrong}; restore the ledger from its copy.") from None
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            wrong = f"the {name} of {close.period} are not what was closed"
            raise LedgerError(f"{path}: {wrong}; restore the ledger from its copy.")
        return pl.read_parquet(BytesIO(content))


def at(address: str | Path) -> Ledger:
    """The ledger at an address: a folder, or a URL that fsspec knows (``s3://bucket/ledger``)."""
    from fsspec.core import url_to_fs

    store, root = url_to_fs(str(address))
    return Ledger(store, str(root).rstrip("/"))


def close(
    ledger: Ledger,
    before: Sequence[Close],
    period: str,
    tables: Mapping[str, pl.DataFrame],
    about: Mapping[str, Any],
    closed: str,
) -> Close:
    """Write the next close of a ledger; returns it as it now stands there.

    Args:
        ledger: to be written in.
        before: the closes that the tables were computed from; none may have come since.
        period: that is closed.
        tables: of the close, by name.
        about: what else the manifest is to keep, as JSON can.
        closed: the moment, ISO 8601.

    Raises:
        Overtaken: another close was written in the meantime.
    """
    folder = f"tables/{len(before) + 1:04}-{period}-{uuid.uuid4().hex}"
    written = {name: _write(ledger, f"{folder}/{name}.parquet", f) for name, f in tables.items()}
    manifest = {
        "number": len(before) + 1,
        "period": period,
        "closed": closed,
        "previous": before[-1].sha256 if before else "",
        "tables": written,
        "about": dict(about),
    }
    content = (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()
    path = f"{ledger.root}/closes/{len(before) + 1:04}.json"
    try:
        _create(ledger, path, content)
    except FileExistsError:
        other = _close(ledger.store.cat_file(path))
        said = f"close {other.number} was written by somebody else at {other.closed}"
        remedy = f"look at it (it is of {other.period}), then close again if that is still right"
        raise Overtaken(f"{path}: {said}; {remedy}.") from None
    return _close(content)


def _write(ledger: Ledger, path: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Write a table; says where, how many rows and which bytes."""
    content = BytesIO()
    frame.write_parquet(content)
    place = f"{ledger.root}/{path}"
    ledger.store.makedirs(place.rsplit("/", 1)[0], exist_ok=True)
    if _local(ledger):
        with open(place, "xb") as file:
            _keep(file, content.getvalue())
    else:
        ledger.store.pipe_file(place, content.getvalue())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    return {"path": path, "rows": len(frame), "sha256": digest}


def _create(ledger: Ledger, path: str, content: bytes) -> None:
    """Create a file with its content in one step.

    Raises:
        FileExistsError: it is there already.
    """
    ledger.store.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    if not _local(ledger):
        ledger.store.pipe_file(path, content, mode="create")
        return
    aside = f"{path}.{uuid.uuid4().hex}"
    with open(aside, "xb") as file:
        _keep(file, content)
    try:
        os.link(aside, path)  # fails if it is there; a rename would take its place
        _keep_folder(Path(path).parent)
    finally:
        os.unlink(aside)


def _keep(file: Any, content: bytes) -> None:
    """Write bytes and wait until they are on the disk."""
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _keep_folder(folder: Path) -> None:
    """Wait until a folder's names are on the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _local(ledger: Ledger) -> bool:
    from fsspec.implementations.local import LocalFileSystem

    return isinstance(ledger.store, LocalFileSystem)


def _close(content: bytes) -> Close:
    made = json.loads(content)
    return Close(**made, sha256=hashlib.sha256(content).hexdigest())
