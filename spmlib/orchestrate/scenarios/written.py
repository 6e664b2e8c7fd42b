"""Written: the scenarios of a plan, files of ``parameters/scenarios``.

    folder = parameters / "scenarios" / "2027"
    hire_later = read(folder, "hire_later")
    hire_later.files["capacity"]  # the block as if it had been written so
    hire_later.changes            # each with author, date, reason and place

A scenario stands on another one or, without ``on``, on the files themselves, which are the
scenario ``base``. To let scenarios change files of another folder, name it in `FILES`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from spmlib.core import parameters, written
from spmlib.core.parameters import nearest, place_of, refuse
from spmlib.core.written import Block
from spmlib.orchestrate.scenarios import overlays
from spmlib.orchestrate.scenarios.overlays import Change, applied, empty

if TYPE_CHECKING:
    import pandas as pd

BASE = "base"
FILES = ("quotas", "capacity", "territories", "budgets")  # folders of parameters
ACCOUNTS = "accounts"  # no file: its words are accounts, and what they say is a territory
WORDS = ("title", "on", "from", "author", "date", "reason", "approvers", "changes")
CHANGE = ("file", "word", "to", "left_out", "author", "date", "reason")
Signed = tuple[str, date, str]  # who, when and why
EXAMPLE = "{file: quotas, word: growth, to: 10%}"


@dataclass(frozen=True)
class Scenario:
    """A plan with some words changed.

    Attributes:
        plan: whose files it changes.
        name: of the scenario.
        title: in a few words.
        start: the first day that is planned anew; none if it is the whole of the plan.
        author: who decided it; empty for files that nobody has signed.
        day: when; none likewise.
        reason: why.
        files: the plan's files by folder, as they are with the changes.
        changes: of this scenario and those it stands on, the oldest first.
        paths: all files that it is read from.
        base: who decided the files themselves, when and why; empty where ``base.yaml`` is not.
        approvers: all who have to approve it; empty: anybody but its authors.
    """

    plan: str
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

    def file(self, name: str) -> Block:
        """What a file of the plan says.

        Raises:
            ParameterError: the plan has no such file.
        """
        if name not in self.files:
            have = ", ".join(file for file in self.files if file != ACCOUNTS)
            wrong = f"the plan has no file {name}/{self.plan}.yaml"
            refuse(f"scenarios/{self.plan}/{self.name}", wrong, f"write it; it has {have}")
        return self.files[name]

    @property
    def decisions(self) -> pd.DataFrame:
        """Every word of its files, what it was, and who decided that: as Decisions."""
        return overlays.decisions(self.name, self.files, self.changes, self.base)

    @property
    def accounts(self) -> dict[str, str]:
        """The territory of each account that the scenario moves."""
        moved = self.files[ACCOUNTS]
        return {str(account): str(parameters.text(moved[account])) for account in moved}


def names(folder: Path) -> list[str]:
    """The scenarios of a plan's folder, ``base`` first."""
    return [BASE, *sorted(path.stem for path in folder.glob("*.yaml") if path.stem != BASE)]


def read(folder: Path, name: str) -> Scenario:
    """A scenario of a plan, with all that it stands on.

    Args:
        folder: of the plan's scenarios; its name is the plan's, and beside its parent are the
            folders of `FILES`.
        name: of the scenario; ``base`` is the files as they are.

    Raises:
        ParameterError: there is no such scenario, or it stands on one that is not there or on
            itself, or a change names no file, no place in it, or a word that is changed already.
    """
    if name not in names(folder):
        known = nearest(name, names(folder))
        refuse(str(folder), f"there is no scenario '{name}'", f"write {known}")
    return _read(folder, name, ())


def _read(folder: Path, name: str, above: tuple[str, ...]) -> Scenario:
    path = folder / f"{name}.yaml"
    if name == BASE and not path.exists():
        return _files(folder)
    entry = written.read(path)
    parameters.known(entry, WORDS, "a scenario")
    under = _under(folder, entry, name, above)
    author, day, reason = _signed(entry)
    if under.day and day < under.day:
        wrong = f"{name} is of {day}, and {under.name}, which it stands on, of {under.day}"
        refuse(entry.places["date"], wrong, "correct one of the days")
    changes = _changes(entry, name, (author, day, reason))
    files = dict(under.files)
    made = tuple(applied(files, change) for change in changes)
    start = parameters.day(entry["from"]) if "from" in entry else under.start
    title = str(parameters.text(entry["title"])) if "title" in entry else name.replace("_", " ")
    return Scenario(
        plan=folder.name,
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


def _files(folder: Path) -> Scenario:
    """The files of a plan as they are written."""
    home = folder.parent.parent
    paths = {name: home / name / f"{folder.name}.yaml" for name in FILES}
    there = {name: path for name, path in paths.items() if path.exists()}
    if not there:
        listed = ", ".join(f"{name}/{folder.name}.yaml" for name in FILES)
        refuse(str(home), f"the plan '{folder.name}' has no files", f"write one of {listed}")
    files = {name: written.read(path) for name, path in there.items()}
    files[ACCOUNTS] = empty(f"{folder.name}:1")
    return Scenario(
        folder.name, BASE, "as decided", None, "", None, "", files, (), tuple(there.values())
    )


def _under(folder: Path, entry: Block, name: str, above: tuple[str, ...]) -> Scenario:
    """What a scenario stands on."""
    if name == BASE:
        if "on" in entry:
            refuse(entry.places["on"], "base stands on the files themselves", "delete `on`")
        return _files(folder)
    on = parameters.choice(entry, "on", names(folder), BASE)
    chain = (*above, name)
    if on in chain:
        circle = " on ".join([*chain[chain.index(on) :], on])
        refuse(entry.places["on"], f"it stands on itself: {circle}", "write `on: base` in one")
    return _read(folder, on, chain)


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


def _changes(entry: Block, name: str, signed: Signed) -> list[Change]:
    """The changes of a scenario, as they are written."""
    listed = entry.get("changes", [])
    if not isinstance(listed, list):
        refuse(place_of(listed), "the changes are no list", f"write `- {EXAMPLE}`")
    made: list[Change] = []
    for item in listed:
        told = parameters.block(item, "a change", f"`- {EXAMPLE}`")
        change = _change(told, name, signed)
        _refuse_twice(change, made)
        before = made[-1].day if made else signed[1]
        if change.day < before:
            wrong = f"the change is of {change.day}, and what stands above it of {before}"
            refuse(change.place, wrong, "write changes in the order of their days")
        made.append(change)
    return made


def _change(told: Block, name: str, signed: Signed) -> Change:
    parameters.known(told, CHANGE, "a change")
    file = parameters.choice(told, "file", (*FILES, ACCOUNTS))
    word = parameters.words(parameters.needed(told, "word", "word: growth"))
    path = tuple(word[0].split(".")) if len(word) == 1 and file != ACCOUNTS else tuple(word)
    gone = parameters.choice(told, "left_out", ("true", "false"), "false") == "true"
    if gone == ("to" in told):
        refuse(told.place, "a change says either `to` or `left_out`", f"write {EXAMPLE}")
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
