"""Steps: each done once, on record as it ends, and left alone while what it rests on is the same.

The record is ``monthly.json`` in the results of the period, written whole after each step. A step
is left alone if its inputs have the hash they had, and every file it made is still as it made it.
What failed is never on record, so that it is done again.
"""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spmlib.core.errors import SpmError
from spmlib.workbench import manifest
from spmlib.workbench.monthly import fingerprints
from spmlib.workbench.monthly.logs import Log

NAME = "monthly.json"
DONE, UNCHANGED, SKIPPED = "done", "unchanged", "skipped"
REFUSED, FAILED = "refused", "failed"  # not well
KEPT = (DONE, REFUSED)  # on record: the same inputs would end the same


@dataclass(frozen=True)
class Ended:
    """How a step ended."""

    outcome: str  # done, skipped, refused, failed
    said: str = ""
    files: Mapping[str, str] | None = None  # hash of each file it made, by its path in the folder
    inputs: str = ""
    seconds: float = 0.0
    at: str = ""  # when, ISO 8601
    found: int = 0  # what was counted, such as rows refused

    @property
    def well(self) -> bool:
        """Whether nobody has to look."""
        return self.outcome not in (REFUSED, FAILED)


class Steps:
    """A period's steps, and what is on record of them."""

    def __init__(self, folder: Path, log: Log, again: bool = False) -> None:
        self.folder, self.log, self.again = folder, log, again
        self.ended: dict[str, Ended] = {}  # in this process, those left alone too
        self.record = _read(folder / NAME)

    def unchanged(self, name: str, inputs: str) -> Ended | None:
        """What is on record of a step that need not be done again; says so in the log."""
        kept = self.record.get(name)
        if kept is None or self.again or kept.inputs != inputs or not self._there(kept):
            return None
        said = f": {kept.said}" if kept.said else ""
        self.log.write(name, 0.0, UNCHANGED, f"{kept.outcome} at {kept.at}{said}")
        self.ended[name] = kept
        return kept

    def do(self, name: str, inputs: str, work: Callable[[], Ended]) -> Ended:
        """Do a step, unless it is unchanged; no error leaves it but one that ends the process."""
        kept = self.unchanged(name, inputs)
        if kept is not None:
            return kept
        began = time.perf_counter()
        try:
            made = work()
        except SpmError as error:
            made = Ended(FAILED, str(error))
        except Exception as error:  # the steps that can still be done are done
            traceback.print_exc()
            made = Ended(FAILED, f"{type(error).__name__}: {error}")
        return self.end(name, inputs, made, time.perf_counter() - began)

    def end(self, name: str, inputs: str, made: Ended, seconds: float) -> Ended:
        """Put on record how a step ended, and in the log."""
        at, took = self.log.now(), round(seconds, 1)
        made = Ended(made.outcome, made.said, made.files, inputs, took, at, made.found)
        self.ended[name] = made
        self.record.pop(name, None)
        if made.outcome in KEPT and inputs:
            self.record[name] = made
        self._keep()
        self.log.write(name, seconds, made.outcome, made.said)
        return made

    def forget(self) -> None:
        """Strike all from the record, so that all is done again."""
        self.record.clear()
        self._keep()

    def files(self, paths: Iterable[Path]) -> dict[str, str]:
        """The hash of each of some files in the folder."""
        return {path.relative_to(self.folder).as_posix(): fingerprints.file(path) for path in paths}

    def before(self, name: str) -> set[Path]:
        """The files that a step made when it was done last."""
        kept = self.record.get(name)
        return {self.folder / file for file in (kept.files or {})} if kept else set()

    def _keep(self) -> None:
        said = {name: asdict(kept) for name, kept in self.record.items()}
        manifest.write(json.dumps(said, indent=1) + "\n", self.folder / NAME)

    def _there(self, kept: Ended) -> bool:
        files = kept.files or {}
        return all(fingerprints.file(self.folder / name) == made for name, made in files.items())


def _read(path: Path) -> dict[str, Ended]:
    """What is on record; nothing where the record cannot be read, which costs time alone."""
    try:
        said: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return {name: Ended(**words) for name, words in said.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
