"""Written: scenarios as files of a folder, each with only what it changes.

    ground = Ground(folder, ("quotas", "capacity"), as_decided, example="{file: quotas, ..}")
    hire_later = read(ground, "hire_later")
    hire_later.files["capacity"]  # the block as if it had been written so
    hire_later.changes            # each with author, date, reason and place

A scenario stands on another one or, without ``on``, on the files themselves, which are the
scenario ``base``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from spmlib.core import parameters, written
from spmlib.core.parameters import nearest, place_of, refuse
from spmlib.core.scenarios import overlays
from spmlib.core.scenarios.overlays import Change, applied
from spmlib.core.written import Block

if TYPE_CHECKING:
    import pandas as pd

BASE = "base"
WORDS = ("title", "on", "author", "date", "reason", "changes")
CHANGE = ("file", "word", "to", "left_out", "author", "date", "reason")
Signed = tuple[str, date, str]  # who, when and why
Files = tuple[dict[str, Block], tuple[Path, ...]]  # by name, and where they are read from


@dataclass(frozen=True)
class Scenario:
    """Files with some words changed.

    Attributes:
        folder: of the scenarios; a plan's name is its.
        name: of the scenario.
        title: in a few words.
        start: the first day that is planned anew; none if it is the whole.
        author: who decided it; empty for files that nobody has signed.
        day: when; none likewise.
        reason: why.
        files: by name, as they are with the changes.
        changes: of this scenario and those it stands on, the oldest first.
        paths: all files that it is read from.
        base: who decided the files themselves, when and why; empty where ``base.yaml`` is not.
        approvers: all who have to approve it; empty: anybody but its authors.
    """

    folder: Path
    name: str
    title: str
    start: date | None
    author: str
    day: date | None
    reason: str
    files: Mapping[str, Block]
    changes: tuple[Change, ...]
    paths: tuple[Path, ...]
    base: tuple[str, date | None, str] = ("", None, "")
    approvers: tuple[str, ...] = ()

    @property
    def authors(self) -> set[str]:
        """All who decided anything of it; of ``base``, who signed it."""
        return {self.author, *(change.author for change in self.changes)} - {""}

    @property
    def decisions(self) -> pd.DataFrame:
        """Every word of its files, what it was, and who decided that: as Decisions."""
        return overlays.decisions(self.name, self.files, self.changes, self.base)

    @property
    def changed(self) -> pd.DataFrame:
        """What it changes, with those it stands on, the oldest first: as Decisions, and by."""
        return overlays.changed(self.name, self.changes)


Made = TypeVar("Made", bound=Scenario)


@dataclass(frozen=True)
class Ground(Generic[Made]):
    """What the scenarios of a folder stand on, and may say.

    Attributes:
        folder: of the scenarios.
        among: the files that may be changed, by name.
        files: reads those that are there.
        made: what a scenario is here.
        example: of a change, for errors.
        whole: files whose words are keys as they are, dots and all.
        more: words that a scenario may say beside those of all: ``from``, ``approvers``.
    """

    folder: Path
    among: tuple[str, ...]
    files: Callable[[], Files]
    made: type[Made]
    example: str
    whole: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


def names(folder: Path) -> list[str]:
    """The scenarios of a folder, ``base`` first."""
    return [BASE, *sorted(path.stem for path in folder.glob("*.yaml") if path.stem != BASE)]


def read(ground: Ground[Made], name: str) -> Made:
    """A scenario, with all that it stands on.

    Args:
        ground: what it stands on in the end.
        name: of the scenario; ``base`` is the files as they are.

    Raises:
        ParameterError: there is no such scenario, or it stands on one that is not there or on
            itself, or a change names no file, no place in it, or a word that is changed already.
    """
    if name not in names(ground.folder):
        known = nearest(name, names(ground.folder))
        refuse(str(ground.folder), f"there is no scenario '{name}'", f"write {known}")
    return _read(ground, name, ())


def _read(ground: Ground[Made], name: str, above: tuple[str, ...]) -> Made:
    path = ground.folder / f"{name}.yaml"
    if name == BASE and not path.exists():
        return _as_decided(ground)
    entry = written.read(path)
    parameters.known(entry, (*WORDS, *ground.more), "a scenario")
    under = _under(ground, entry, name, above)
    author, day, reason = _signed(entry)
    if under.day and day < under.day:
        wrong = f"{name} is of {day}, and {under.name}, which it stands on, of {under.day}"
        refuse(entry.places["date"], wrong, "correct one of the days")
    changes = _changes(entry, ground, name, (author, day, reason))
    files = dict(under.files)
    made = tuple(applied(files, change) for change in changes)
    start = parameters.day(entry["from"]) if "from" in entry else under.start
    title = str(parameters.text(entry["title"])) if "title" in entry else name.replace("_", " ")
    return ground.made(
        folder=ground.folder,
        name=name,
        title=title,
        start=start,
        author=author,
        day=day,
        reason=reason,
        files=files,
        changes=under.changes + made,
        paths=(*under.paths, path),
        base=(author, day, reason) if name == BASE else under.base,
        approvers=_approvers(entry, under),
    )


def _approvers(entry: Block, under: Scenario) -> tuple[str, ...]:
    """Who has to approve: as written, or else as of what it stands on."""
    if "approvers" not in entry:
        return under.approvers
    return tuple(map(str, parameters.words(entry["approvers"])))


def _as_decided(ground: Ground[Made]) -> Made:
    """The files as they are written."""
    files, paths = ground.files()
    return ground.made(ground.folder, BASE, "as decided", None, "", None, "", files, (), paths)


def _under(ground: Ground[Made], entry: Block, name: str, above: tuple[str, ...]) -> Made:
    """What a scenario stands on."""
    if name == BASE:
        if "on" in entry:
            refuse(entry.places["on"], "base stands on the files themselves", "delete `on`")
        return _as_decided(ground)
    on = parameters.choice(entry, "on", names(ground.folder), BASE)
    chain = (*above, name)
    if on in chain:
        circle = " on ".join([*chain[chain.index(on) :], on])
        refuse(entry.places["on"], f"it stands on itself: {circle}", "write `on: base` in one")
    return _read(ground, on, chain)


def _signed(entry: Block, of: Signed | None = None) -> Signed:
    """Who, when and why: as written, or else as of the scenario."""
    if of is None:
        author = parameters.needed(entry, "author", "author: revenue operations")
        day = parameters.needed(entry, "date", "date: 2026-11-03")
        reason = parameters.needed(entry, "reason", "reason: why it is changed")
        return str(parameters.text(author)), parameters.day(day), str(parameters.text(reason))
    author, reason = entry.get("author", of[0]), entry.get("reason", of[2])
    day = parameters.day(entry["date"]) if "date" in entry else of[1]
    return str(parameters.text(author)), day, str(parameters.text(reason))


def _changes(entry: Block, ground: Ground[Made], name: str, signed: Signed) -> list[Change]:
    """The changes of a scenario, as they are written."""
    listed = entry.get("changes", [])
    if not isinstance(listed, list):
        refuse(place_of(listed), "the changes are no list", f"write `- {ground.example}`")
    made: list[Change] = []
    for item in listed:
        told = parameters.block(item, "a change", f"`- {ground.example}`")
        change = _change(told, ground, name, signed)
        _refuse_twice(change, made)
        before = made[-1].day if made else signed[1]
        if change.day < before:
            wrong = f"the change is of {change.day}, and what stands above it of {before}"
            refuse(change.place, wrong, "write changes in the order of their days")
        made.append(change)
    return made


def _change(told: Block, ground: Ground[Made], name: str, signed: Signed) -> Change:
    parameters.known(told, CHANGE, "a change")
    file = parameters.choice(told, "file", ground.among)
    word = parameters.words(parameters.needed(told, "word", "word: growth"))
    path = tuple(word[0].split(".")) if len(word) == 1 and file not in ground.whole else tuple(word)
    gone = parameters.choice(told, "left_out", ("true", "false"), "false") == "true"
    if gone == ("to" in told):
        refuse(told.place, "a change says either `to` or `left_out`", f"write {ground.example}")
    author, day, reason = _signed(told, signed)
    to = None if gone else told["to"]
    return Change(file, tuple(map(str, path)), to, None, name, author, day, reason, told.place)


def _refuse_twice(change: Change, before: Sequence[Change]) -> None:
    """Refuse a word that the scenario changes already, or whose part or whole it does."""
    for other in before:
        same = min(len(change.word), len(other.word))
        if other.file == change.file and other.word[:same] == change.word[:same]:
            wrong = f"{change.file}: '{'.'.join(other.word)}' is changed already"
            refuse(change.place, wrong, f"delete this or {other.place}")
