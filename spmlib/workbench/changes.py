"""Changes: the lines of parameter files in which two sets of parameters differ."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path


@dataclass(frozen=True)
class Change:
    """A place in a parameter file where two sets differ."""

    place: str  # file and line of the second; of the first where the lines are gone
    was: tuple[str, ...]  # its lines there; empty where it is not known, or there was none
    now: tuple[str, ...]


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every parameter file of a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.yaml"))
    }


def between(
    one: Mapping[str, str], first: Path | None, other: Mapping[str, str], second: Path | None
) -> tuple[Change, ...]:
    """Where the files of two sets of parameters differ, in the order of their names.

    Args:
        one: the hash of each file of the first, by name.
        first: its folder, if it can be read; else only which files differ is known.
        other: likewise of the second.
        second: likewise.
    """
    differing = [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
    both = {name for name in differing if name in one and name in other}
    return tuple(
        change
        for name in differing
        if not name.startswith("runs/")
        for change in _of_file(name, name in both, first, second)
    )


def _of_file(name: str, both: bool, first: Path | None, second: Path | None) -> Iterator[Change]:
    """The places of one file; the file as a whole where only one set has it, or can be read."""
    if not both or first is None or second is None:
        yield Change(name, (), ())
        return
    was, now = (_lines(folder / name) for folder in (first, second))
    for kind, i, until, j, end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            number = (i if kind == "delete" else j) + 1
            yield Change(f"{name}:{number}", tuple(was[i:until]), tuple(now[j:end]))


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines()]
