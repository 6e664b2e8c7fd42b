"""Overlays: words of files changed, each with who decided that, when, why and where.

A word keeps the place on which it is written, so what is wrong with a changed word is told with the
line of the scenario that changed it. Items of a list are counted from 1:
``table.2026-01-01.3.rate`` is the rate of the third row, and a number one beyond the last adds an
item. What is changed inside an item stands, with the item, where the scenario says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from spmlib.core.parameters import refuse, shown
from spmlib.core.tables import Decisions
from spmlib.core.written import Block, Items

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Change:
    """One word that a scenario changes.

    Attributes:
        file: which of those that may be changed.
        word: where in the file, from the top down.
        to: what it says now; none if it is left out.
        was: what it said before; none if it was not there.
        scenario: that changes it.
        place: file and line.
    """

    file: str
    word: tuple[str, ...]
    to: Any
    was: Any
    scenario: str
    author: str
    day: date
    reason: str
    place: str


def applied(files: dict[str, Block], change: Change) -> Change:
    """Change a word in the files; gives the change with what the word was.

    Raises:
        ParameterError: there is no such file, nothing to leave out, or a word has none below it.
    """
    if change.file not in files:
        have = ", ".join(files)
        refuse(change.place, f"the plan has no file of {change.file}", f"change one of {have}")
    was = _found(files[change.file], change.word)
    if change.to is None and was is None:
        wrong = f"{change.file} does not say '{'.'.join(change.word)}'"
        refuse(change.place, wrong, "leave out what is written")
    files[change.file] = _changed(files[change.file], change.word, change)
    return replace(change, was=was)


def decisions(
    scenario: str,
    files: Mapping[str, Block],
    changes: Sequence[Change],
    signed: tuple[str, date | None, str] = ("", None, ""),
) -> pd.DataFrame:
    """Every word of a scenario's files, and every one left out: as Decisions.

    Args:
        scenario: whose.
        files: as changed.
        changes: the oldest first.
        signed: who decided the files themselves, when and why.
    """
    import pandas as pd

    rows = [
        _row(scenario, file, word, value, place, changes, signed)
        for file, entry in files.items()
        for word, value, place in _words(entry, (), [c.word for c in changes if c.file == file])
    ]
    rows += [
        _of(scenario, change, word, None, change.place)
        for word, change in _gone(files, changes).items()
    ]
    return pd.DataFrame(rows, columns=list(Decisions.columns()))


def changed(scenario: str, changes: Sequence[Change]) -> pd.DataFrame:
    """The changes themselves, one row for each, the oldest first.

    Returns:
        As Decisions, and by: the scenario that each is written in.
    """
    import pandas as pd

    rows = [
        _of(scenario, c, c.word, None if c.to is None else _said(c.to), c.place) for c in changes
    ]
    made = pd.DataFrame(rows, columns=list(Decisions.columns()))
    return made.assign(by=[change.scenario for change in changes])


def _gone(files: Mapping[str, Block], changes: Sequence[Change]) -> dict[tuple[str, ...], Change]:
    """The words that are no longer there, and the change that left each out."""
    made: dict[tuple[str, ...], Change] = {}
    for change in changes:
        whole = isinstance(change.was, Block)
        was = [word for word, _, _ in _words(change.was, change.word)] if whole else [change.word]
        there = [word for word in was if _found(change.was, word[len(change.word) :]) is not None]
        made |= {w: change for w in there if _found(files[change.file], w) is None}
    return made


def _words(
    entry: Block | Items, above: tuple[str, ...], inside: Sequence[tuple[str, ...]] = ()
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Every word below a block: where, what it says, file and line.

    Args:
        inside: changed words; a list that one of them lies in is told item by item.
    """
    for key, value in _parts(entry):
        path = (*above, key)
        opened = any(len(word) > len(path) and word[: len(path)] == path for word in inside)
        if (isinstance(value, Block) and value) or (isinstance(value, Items) and opened):
            yield from _words(value, path, inside)
        else:
            yield path, _said(value), _place(entry, key)


def _said(value: Any) -> str:
    """What is written, in one line."""
    if isinstance(value, Items):
        return ", ".join(_inside(item) for item in value)
    if isinstance(value, Block):
        return ", ".join(f"{key}: {_inside(value[key])}" for key in value)
    return str(value)


def _inside(value: Any) -> str:
    """What is written inside something else."""
    if isinstance(value, Items):
        return f"[{_said(value)}]"
    return f"{{{_said(value)}}}" if isinstance(value, Block) else _said(value)


def _row(
    scenario: str,
    file: str,
    word: tuple[str, ...],
    value: str,
    place: str,
    changes: Sequence[Change],
    signed: tuple[str, date | None, str],
) -> tuple[Any, ...]:
    """A word, signed by the last change of it or of what it is a part of."""
    own = [c for c in changes if c.file == file and word[: len(c.word)] == c.word]
    if own:
        return _of(scenario, own[-1], word, value, place)
    author, day, reason = signed
    unsigned = (author or None, day, reason or None)
    return (scenario, file, ".".join(word), value, None, *unsigned, place)


def _of(
    scenario: str,
    change: Change,
    word: tuple[str, ...],
    value: str | None,
    place: str,
) -> tuple[Any, ...]:
    was = _found(change.was, word[len(change.word) :])
    before = None if was is None else _said(was)
    who = (change.author, change.day, change.reason)
    return (scenario, change.file, ".".join(word), value, before, *who, place)


def _parts(entry: Block | Items) -> Iterator[tuple[str, Any]]:
    """The words of a block, or the items of a list by their number."""
    if isinstance(entry, Items):
        return ((str(number), item) for number, item in enumerate(entry, start=1))
    return ((str(key), value) for key, value in entry.items())


def _place(entry: Block | Items, key: str) -> str:
    if isinstance(entry, Items):
        return str(getattr(entry[int(key) - 1], "place", entry.place))
    return entry.places[key]


def _found(entry: Any, word: Sequence[str]) -> Any:
    for part in word:
        below = dict(_parts(entry)) if isinstance(entry, Block | Items) else {}
        if part not in below:
            return None
        entry = below[part]
    return entry


def _changed(entry: Block, word: Sequence[str], change: Change, item: bool = False) -> Block:
    """A block with one word of it, or of those below, changed.

    Args:
        item: whether it stands in a list.
    """
    made = Block(entry)
    made.place, made.places = change.place if item else entry.place, dict(entry.places)
    first, rest = word[0], word[1:]
    if not rest and change.to is None:
        del made[first], made.places[first]
        return made
    made[first] = _below(entry.get(first, empty(change.place)), word, change, item)
    if item or not rest or first not in entry:
        made.places[first] = change.place
    return made


def _below(below: Any, word: Sequence[str], change: Change, item: bool) -> Any:
    """What a word or an item says once the words below it are changed."""
    first, *rest = word
    if not rest:
        return change.to
    if isinstance(below, Items):
        return _listed(below, rest, change)
    if not isinstance(below, Block):
        wrong = f"{change.file}: '{first}' is {shown(below)} and has no words below it"
        refuse(change.place, wrong, f"write `word: {first}`")
    return _changed(below, rest, change, item)


def _listed(items: Items, word: Sequence[str], change: Change) -> Items:
    """A list with one item of it, or what stands in it, changed; or with one more."""
    first, most = word[0], len(items) + (change.to is not None and len(word) == 1)
    if not first.isdecimal() or not 1 <= int(first) <= most:
        wrong = f"{change.file}: the list has {len(items)} items, and none is '{shown(first)}'"
        refuse(change.place, wrong, f"write a number from 1 to {most}")
    made, at = Items(items), int(first) - 1
    made.place = items.place
    if len(word) == 1 and change.to is None:
        del made[at]
    else:
        made[at : at + 1] = [_below(items[at] if at < len(items) else None, word, change, True)]
    return made


def empty(place: str) -> Block:
    """A block without words."""
    made = Block()
    made.place, made.places = place, {}
    return made
