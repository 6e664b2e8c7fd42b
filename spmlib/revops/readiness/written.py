"""Written: what counts as a rule in disguise, and the register of what is done outside."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.parameters import Block, Items, needed, refuse

WORDS = ("goal", "most", "similar", "months", "steady", "held")
COLUMNS = ("what", "pillar", "team", "often", "rows", "money", "hours", "owner", "since")


@dataclass(frozen=True)
class Policy:
    """What is decided of exceptions."""

    goal: float  # share that the system does by itself
    most: int  # exceptions that may be taken on
    similar: float  # share of two reasons' words from which they are the same
    months: int  # in which a rule recurs
    steady: float  # of the middle: as far as a rule's amounts may stray
    held: float  # share of rows that keep to it


@dataclass(frozen=True)
class Outside:
    """Work that is done outside the system."""

    what: str
    pillar: str
    team: str
    often: str
    rows: float  # a month
    money: float  # a month, absolute [the company's currency]
    hours: float  # a month
    owner: str
    since: date


def read(path: Path) -> Policy:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Policy:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or out of range.
    """
    parameters.known(entry, WORDS, "readiness")
    return Policy(
        _share(entry, "goal", "80%"),
        _count(entry, "most", "10"),
        _share(entry, "similar", "50%"),
        _count(entry, "months", "3"),
        _share(entry, "steady", "5%"),
        _share(entry, "held", "80%"),
    )


def register(path: Path) -> tuple[Outside, ...]:
    """The register of a YAML file (under ``outside``) or of a CSV with the same columns.

    Raises:
        ParameterError: a column is missing, an amount is negative or no number, or the same work
            stands there twice.
    """
    rows = _of_csv(path) if path.suffix.lower() == ".csv" else _of_yaml(path)
    made: list[Outside] = []
    for row in rows:
        one = _outside(row)
        if any((one.what, one.team) == (other.what, other.team) for other in made):
            refuse(row.place, f"'{one.what}' stands here twice", "keep one of them")
        made.append(one)
    return tuple(made)


def _of_yaml(path: Path) -> list[Block]:
    told = needed(written.read(path), "outside", "outside: [{what: …}]")
    if told in ("", "[]", "null"):
        return []
    items = told if isinstance(told, Items) else [told]
    return [parameters.block(item, "an entry", "{what: …, rows: 3}") for item in items]


def _of_csv(path: Path) -> list[Block]:
    try:
        lines = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        refuse(str(path), f"it cannot be read ({error.strerror})", "correct the name")
    except UnicodeDecodeError:
        refuse(path.name, "this is not UTF-8 text", "save the file as UTF-8")
    head = lines.split("\n", 1)[0]
    rows = csv.DictReader(lines.splitlines(), delimiter=";" if ";" in head else ",")
    return [_placed(row, f"{path.name}:{rows.line_num}") for row in rows]


def _placed(row: dict[str, Any], place: str) -> Block:
    if None in row or None in row.values():
        refuse(place, "it has not as many cells as the heading", "quote cells that hold commas")
    made = Block()
    names = {name: name.strip().lower() for name in row}
    made.update({names[name]: written.word(cell.strip(), place) for name, cell in row.items()})
    made.place, made.places = place, dict.fromkeys(made, place)
    return made


def _outside(entry: Block) -> Outside:
    parameters.known(entry, COLUMNS, "the register")
    what, pillar, team, often = (_text(entry, name) for name in COLUMNS[:4])
    rows, money, hours = (_amount(entry, name) for name in COLUMNS[4:7])
    since = parameters.day(needed(entry, "since", "since: 2026-01-01"))
    return Outside(what, pillar, team, often, rows, money, hours, _text(entry, "owner"), since)


def _text(entry: Block, name: str) -> str:
    return str(parameters.text(needed(entry, name, f"{name}: …")))


def _amount(entry: Block, name: str) -> float:
    made = parameters.number(needed(entry, name, f"{name}: 10"))
    if made < 0:
        refuse(made.place, f"{name} {made} is below 0", "write how much there is a month")
    return float(made)


def _share(entry: Block, name: str, example: str) -> float:
    made = parameters.share(needed(entry, name, f"{name}: {example}"))
    if not 0 <= made <= 1:
        refuse(made.place, f"{name} {entry[name]} is out of range", "write one from 0% to 100%")
    return float(made)


def _count(entry: Block, name: str, example: str) -> int:
    made = parameters.whole(needed(entry, name, f"{name}: {example}"))
    if made < 1:
        refuse(entry.places[name], f"{name} {made} is below 1", "write 1 or more")
    return made
