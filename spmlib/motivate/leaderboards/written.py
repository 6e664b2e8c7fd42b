"""Written: who is ranked by what and who may see it, ``policies/leaderboards.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import choice, needed, refuse, share, whole
from spmlib.core.written import Block
from spmlib.motivate.leaderboards import noise, scores, ties
from spmlib.motivate.leaderboards.boards import METHODS, Rules
from spmlib.motivate.leaderboards.peers import COLUMNS
from spmlib.motivate.leaderboards.scores import Kind

WHOLE = {
    "smallest": "smallest: 5",
    "hidden": "hidden: 3",
    "draws": "draws: 1000",
    "ramp": "ramp: 9",
}
WORDS = (
    *WHOLE, "seed", "least_present", "part", "opted_out", "names", "sure", "bands", "noise",
    "boards",
)  # fmt: skip
BOARD = (
    "title", "measure", "kind", "window", "of", "against", "unit", "past", "least_past",
    "roles", "by", "ties", "best", "top", "adjust",
)  # fmt: skip
NAMES = ("pseudonyms", "names")


@dataclass(frozen=True)
class Board:
    """One board: title, measure, whose roles, by which columns, and how it ranks."""

    title: str
    measure: str
    roles: tuple[str, ...]
    by: tuple[str, ...]
    rules: Rules
    place: str


@dataclass(frozen=True)
class Decisions:
    """What a company decides of its leaderboards.

    Attributes:
        smallest: people below which a group is hidden.
        hidden: people whose rows may be hidden beside a total, at the least.
        opted_out: ids of people who are not shown.
        names: pseudonyms or names.
        bands: months at which bands of tenure end.
        boards: by name.
    """

    smallest: int
    hidden: int
    opted_out: tuple[str, ...]
    names: str
    bands: tuple[float, ...]
    boards: Mapping[str, Board]

    def board(self, name: str) -> Board:
        """A board by its name.

        Raises:
            ParameterError: there is none.
        """
        if name not in self.boards:
            near = parameters.nearest(name, self.boards)
            raise ParameterError(f"there is no board '{name}'; write {near}.")
        return self.boards[name]


def read(path: Path) -> Decisions:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Decisions:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or a number out of range, with its line.
    """
    parameters.known(entry, WORDS, "leaderboards")
    counts = {word: _whole(entry, word, example) for word, example in WHOLE.items()}
    common = {
        "part": choice(entry, "part", scores.PARTS),
        "least_present": _share(entry, "least_present", "least_present: 50%"),
    }
    of = parameters.block(
        needed(entry, "noise", "noise: {way: larger, months: 12}"), "`noise`", "way: larger"
    )
    parameters.known(of, ("way", "months"), "noise")
    rules: dict[str, Any] = {
        "sure": _share(entry, "sure", "sure: 95%"),
        "draws": counts["draws"],
        "ramp": counts["ramp"],
        "seed": whole(needed(entry, "seed", "seed: 30")),
        "way": choice(of, "way", noise.WAYS),
        "looked_at": _whole(of, "months", "months: 12"),
    }
    if not 0 < rules["sure"] < 1:
        refuse(entry.places["sure"], f"sure is {entry['sure']}", "write a share between 0 and 1")
    bands = tuple(
        float(parameters.number(word)) for word in parameters.words(entry.get("bands", ()))
    )
    if list(bands) != sorted({0.0, *bands} - {0.0}):
        refuse(entry.places["bands"], "months do not rise from above 0", "write [6, 12, 24]")
    boards = parameters.block(needed(entry, "boards", "boards:"), "`boards`", "name: {...}")
    return Decisions(
        smallest=counts["smallest"],
        hidden=counts["hidden"],
        opted_out=parameters.words(entry["opted_out"]) if entry.get("opted_out") else (),
        names=choice(entry, "names", NAMES),
        bands=bands,
        boards={name: _board(name, boards[name], common, rules) for name in boards},
    )


def _board(name: str, given: Any, common: dict[str, Any], rules: dict[str, Any]) -> Board:
    entry = parameters.block(given, f"the board {name}", "title: ...")
    parameters.known(entry, BOARD, "a board")
    numbers: dict[str, Any] = {
        word: _whole(entry, word, f"{word}: 3")
        for word in ("window", "past", "least_past")
        if word in entry
    }
    kind = Kind(
        kind=choice(entry, "kind", scores.KINDS),
        of=choice(entry, "of", scores.KINDS[:2], "level"),
        against=choice(entry, "against", scores.AGAINST, "year"),
        unit=choice(entry, "unit", scores.UNITS, "points"),
        **numbers,
        **common,
    )
    by = parameters.words(entry["by"]) if entry.get("by") else ()
    for word in by:
        if word not in COLUMNS:
            refuse(
                entry.places["by"],
                f"'{word}' is no peer group",
                f"write {parameters.nearest(word, COLUMNS)}",
            )
    made = Rules(
        name=name,
        kind=kind,
        ties=choice(entry, "ties", ties.RULES, "standard"),
        best=choice(entry, "best", ties.BEST, "high"),
        top=_whole(entry, "top", "top: 5"),
        adjust=choice(entry, "adjust", METHODS, "none"),
        **rules,
    )
    return Board(
        title=parameters.text(needed(entry, "title", "title: ...")),
        measure=parameters.text(needed(entry, "measure", "measure: new_bookings")),
        roles=parameters.words(entry["roles"]) if entry.get("roles") else (),
        by=by,
        rules=made,
        place=entry.place,
    )


def _whole(entry: Block, word: str, example: str) -> int:
    made = whole(needed(entry, word, example))
    if made < 1:
        refuse(entry.places[word], f"{word} is {made}", f"write 1 or more, as {example}")
    return made


def _share(entry: Block, word: str, example: str) -> float:
    made = share(needed(entry, word, example), "share")
    if not 0 <= made <= 1:
        refuse(made.place, f"{word} is {entry[word]}", f"write a share, as {example}")
    return float(made)
