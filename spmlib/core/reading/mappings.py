"""Mappings: what ``parameters/sources.yaml`` says about where each table comes from.

``docs/sources.md`` explains every word. A word that is not known, written twice or contradicted by
another is refused with its line; whether the files themselves are as said is found out later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.engine import DECIMALS
from spmlib.core.parameters import Block, Items, Written, refuse
from spmlib.core.reading import origins
from spmlib.core.reading.origins import Origin
from spmlib.core.tables import INPUTS, SCALE, Definition

SHAPE = ("columns", "constants", "extra", "join", "where", "values", "missing")
NOTATION = ("dates", "decimal", "percent", "round", "ends")
WORDS = (*origins.WORDS, *SHAPE, *NOTATION)
ORDERS = ("iso", "day_first", "month_first")


@dataclass(frozen=True)
class Join:
    """A second file whose columns stand beside the first's."""

    origin: Origin
    on: Mapping[str, str]  # column of the first: column of the second


@dataclass(frozen=True)
class Entry:
    """One source of one table."""

    table: str
    definition: type[Definition]
    place: str
    places: Mapping[str, str]  # file and line of each word and mapped column
    origin: Origin
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    missing: tuple[str, ...] = ("",)
    dates: str = ""
    decimal: str = ""
    percent: tuple[str, ...] = ()
    rounds: Mapping[str, int] = field(default_factory=dict)
    ends: str = "day_after"

    @property
    def named(self) -> dict[str, str]:
        """The columns of the source that the entry names, and where it does."""
        own = {name: self.places[ours] for ours, names in self.columns.items() for name in names}
        kept = {theirs: self.places.get(ours, self.place) for ours, theirs in self.extra.items()}
        left = {name: join.origin.place for join in self.joins for name in join.on}
        return dict.fromkeys(self.where, self.places.get("where", self.place)) | left | kept | own


def read(path: Path) -> dict[str, list[Entry]]:
    """The sources of each table, in the order of `spmlib.core.tables.INPUTS`.

    Raises:
        ParameterError: ``sources.yaml:LINE: what is wrong; what would be right``.
    """
    root = parameters.read(path)
    parameters.known(root, ("database", *INPUTS), "sources.yaml")
    database = str(root.get("database", ""))
    made = {}
    for table in (name for name in INPUTS if name in root):
        written, place = root[table], root.places[table]
        several = written if isinstance(written, Items) else [written]
        if not several:
            refuse(place, f"no source of '{table}' is listed", "write one, or leave the table out")
        places = [parameters.place_of(e) if len(several) > 1 else place for e in several]
        made[table] = [
            _entry(table, entry, at, path, database)
            for entry, at in zip(several, places, strict=True)
        ]
    return made


def _entry(table: str, written: Any, place: str, path: Path, database: str) -> Entry:
    entry = parameters.block(written, f"'{table}'", "`file: ../data/name.csv` below it")
    parameters.known(entry, WORDS, f"'{table}'")
    definition = INPUTS[table]
    columns, extra = _columns(entry, definition), _extra(entry)
    constants = _words(entry, "constants")
    _defined(entry, "constants", definition, extra)
    _once(entry, columns, constants, extra, definition)
    return Entry(
        table=table,
        definition=definition,
        place=place,
        places=_places(entry),
        origin=origins.origin(entry, place, path.parent, database),
        columns=columns,
        extra=extra,
        constants=constants,
        where={name: _list(value) for name, value in _block(entry, "where").items()},
        values=_values(entry, definition, extra),
        joins=tuple(_join(each, path.parent, database) for each in _several(entry, "join")),
        missing=_list(entry["missing"]) if "missing" in entry else ("",),
        dates=parameters.choice(entry, "dates", ORDERS, ""),
        decimal=_mark(entry),
        percent=_numbers(entry, "percent", definition),
        rounds=_rounds(entry, definition),
        ends=parameters.choice(entry, "ends", ("day_after", "last_day"), "day_after"),
    )


def _mark(entry: Block) -> str:
    mark = str(entry.get("decimal", ""))
    if mark not in ("", ".", ","):
        refuse(entry.places["decimal"], f"'{mark}' is no decimal mark", 'write "." or ","')
    return mark


def _columns(entry: Block, definition: type[Definition]) -> dict[str, tuple[str, ...]]:
    _defined(entry, "columns", definition)
    written = _block(entry, "columns")
    for ours, theirs in written.items():
        if theirs == []:
            refuse(written.places[ours], f"no column is named for {ours}", "name one or more")
    return {ours: parameters.words(theirs) for ours, theirs in written.items()}


def _extra(entry: Block) -> dict[str, str]:
    """Columns kept under names of ours, or a list of those kept under their own."""
    if isinstance(entry.get("extra"), Items):
        return {name: name for name in parameters.words(entry["extra"])}
    return _words(entry, "extra")


def _values(
    entry: Block, definition: type[Definition], extra: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    _defined(entry, "values", definition, extra)
    written = _block(entry, "values")
    example = "`{theirs: ours}`"
    return {
        ours: dict(parameters.block(written[ours], f"`values` of {ours}", example))
        for ours in written
    }


def _rounds(entry: Block, definition: type[Definition]) -> dict[str, int]:
    _numbers(entry, "round", definition)
    written = _block(entry, "round")
    for name in written:
        most = DECIMALS[definition.columns()[name].kind]
        if not 0 <= parameters.whole(written[name]) <= most:
            wrong = f"{name} has 0 to {most} decimals, not {written[name]}"
            refuse(written.places[name], wrong, "write one of these")
    return {name: parameters.whole(written[name]) for name in written}


def _numbers(entry: Block, word: str, definition: type[Definition]) -> tuple[str, ...]:
    """The names below a word, all of them columns that hold numbers."""
    names = entry.get(word, ())
    columns = definition.columns()
    exact = [name for name, column in columns.items() if column.kind in SCALE]
    for name in _list(names) if isinstance(names, str) else names:
        if name not in exact:
            wrong = f"'{name}' is no column of numbers"
            remedy = f"write {parameters.nearest(name, exact)}" if exact else "the table has none"
            refuse(entry.places[word], wrong, remedy)
    return tuple(_list(names)) if isinstance(names, str) else tuple(names)


def _join(written: Any, folder: Path, database: str) -> Join:
    example = "{file: ../data/name.csv, on: {their_column: its_column}}"
    entry = parameters.block(written, "`join`", f"`{example}`")
    parameters.known(entry, (*origins.WORDS, "on"), "a join")
    said = parameters.needed(entry, "on", "on: {their_column: its_column}")
    on = parameters.block(said, "`on`", "`on: {their_column: its_column}`")
    return Join(origins.origin(entry, entry.place, folder, database), dict(on))


def _defined(
    entry: Block, word: str, definition: type[Definition], extra: Mapping[str, str] | None = None
) -> None:
    """Refuse names that are no columns of the table."""
    written = _block(entry, word)
    known = [*definition.columns(), *(extra or {})]
    for name in written:
        if name not in known:
            remedy = f"write {parameters.nearest(name, known)}; other columns go below `extra`"
            refuse(written.places[name], f"the table has no column '{name}'", remedy)


def _once(entry: Block, *said: Any) -> None:
    """Refuse a column that is said twice to come from somewhere."""
    columns, constants, extra, definition = said
    for name in constants:
        if name in columns:
            place = entry["constants"].places[name]
            refuse(place, f"'{name}' is both a column and a constant", "delete one of them")
    for name in extra:
        if name in definition.columns():
            refuse(
                _places(entry).get(name, entry.places["extra"]),
                f"'{name}' is a column of the table",
                "write it below `columns`",
            )


def _places(entry: Block) -> dict[str, str]:
    said = [entry.get(word) for word in ("columns", "constants", "extra")]
    inner = [block for block in said if isinstance(block, Block)]
    return {**entry.places, **{name: block.places[name] for block in inner for name in block}}


def _block(entry: Block, word: str) -> Block:
    if word not in entry:
        empty = Block()
        empty.place, empty.places = entry.place, {}
        return empty
    return parameters.block(entry[word], f"`{word}`", f"`{word}: {{name: value}}`")


def _words(entry: Block, word: str) -> dict[str, str]:
    return {name: parameters.text(value) for name, value in _block(entry, word).items()}


def _several(entry: Block, word: str) -> list[Any]:
    written = entry.get(word, [])
    return written if isinstance(written, list) else [written]


def _list(written: Any) -> tuple[str, ...]:
    """One word or a list of words, among them perhaps the empty one."""
    words = written if isinstance(written, Items) else [written]
    for word in words:
        if not isinstance(word, Written):
            wrong = "here stands neither a word nor a list of words"
            refuse(parameters.place_of(written), wrong, "write a word, or [one, another]")
    return tuple(words)
