"""Fingerprints: what a step's result rests on, as a hash: the same hash, the same result.

A company's is of its data, its parameters, the library's own code and all versions; a ledger's of
what was closed and recorded. A query's rows are hashed, since its words say nothing of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spmlib.core import engine
from spmlib.core.ledger import Ledger
from spmlib.core.reading import mappings
from spmlib.workbench import changes, manifest
from spmlib.workbench.opened import Workbench

CODE = Path(__file__).resolve().parents[2]
OTHERS = ("runs/", "policies/monthly.yaml")  # each step has its own part of these
GONE = "gone"


def of(*parts: Any) -> str:
    """The hash of what JSON can say."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def file(path: Path) -> str:
    """The hash of a file's bytes; a word of its own if it is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return GONE


def company(bench: Workbench) -> str:
    """What all results of a company rest on, but for its ledger."""
    said = changes.hashes(bench.folder)
    mine = {name: made for name, made in said.items() if not name.startswith(OTHERS)}
    return of(sorted(_data(bench)), mine, code(), manifest.versions())


def code(folder: Path = CODE) -> str:
    """The library itself, as it lies there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    kept = (path for path in files if "__pycache__" not in path.parts)
    return of(sorted((path.relative_to(folder).as_posix(), file(path)) for path in kept))


def ledger(book: Ledger) -> str:
    """All that was closed, and that people put on record."""
    found = book.store.find(book.root) if book.store.exists(book.root) else []
    names = sorted(str(name) for name in found if "/closes/" in str(name))
    entries = [name for name in names if name.endswith(".json")]
    return of(
        [(name[len(book.root) :], _digest(book.store.cat_file(name))) for name in entries],
    )


def _data(bench: Workbench) -> Iterator[tuple[str, str]]:
    """Every file that sources.yaml names, and the rows of every query."""
    for table, entries in mappings.read(bench.folder / "sources.yaml").items():
        for entry in entries:
            for origin in (entry.origin, *(join.origin for join in entry.joins)):
                if origin.file:
                    yield f"{table}: {origin.file}", file(origin.path)
                else:
                    read = (_rows(bench, name) for name in (table, "issues"))
                    yield f"{table}: {origin.sql}", of(*read)


def _rows(bench: Workbench, table: str) -> str:
    """The rows of a table as it was read, in whatever order; what was refused is in the issues."""
    frame = engine.collected(getattr(bench.company, table))
    frame = frame.select(sorted(frame.columns))
    return of(sorted(frame.write_csv(include_header=False).splitlines()))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
