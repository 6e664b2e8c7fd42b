"""Written: how territories are to be balanced, a file of ``parameters/territories``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.parameters import Block, Items

WORDS = (
    *("day", "role", "within", "visits", "balance", "moving", "share", "vacant", "locked", "only"),
    *("together", "apart", "tried", "numbers"),
)
PLACE = ("latitude", "longitude", "within", "share")
ONLY = ("where", "territories")
MEASURES = ("visits", "potential", "accounts")


@dataclass(frozen=True)
class Vacancy:
    """A territory that nobody holds yet: where it is to be, and how much of one it is."""

    latitude: float  # degrees
    longitude: float
    within: str
    share: float


@dataclass(frozen=True)
class Only:
    """Accounts that only some territories may have: a skill, a language."""

    where: Mapping[str, str]  # a column of accounts, and what stands in it
    territories: tuple[str, ...]
    place: str  # file and line


@dataclass(frozen=True)
class TerritoryPlan:
    """What a company decides of its territories."""

    day: date
    role: str
    within: str  # a column of accounts: each value is planned for itself
    visits: Mapping[str, int]  # a year, by segment
    balance: Mapping[str, float]  # tolerance by measure
    moving: float  # km a year that a moved account has to save
    share: Mapping[str, float]  # of territories that are not whole
    vacant: Mapping[str, Vacancy]
    locked: Mapping[str, str]  # account: territory
    only: tuple[Only, ...]
    together: tuple[tuple[str, str], ...]
    apart: tuple[tuple[str, str], ...]
    tried: tuple[float, ...]  # other values of `moving`, to look at beside it
    numbers: Mapping[str, tuple[int, ...]]  # of territories, to look at, by region
    places: Mapping[str, str]  # file and line of locked accounts and of pairs


def read(path: Path) -> TerritoryPlan:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> TerritoryPlan:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or is no number, share, day or pair; the
            message says in which line.
    """
    parameters.known(entry, WORDS, "territories")
    visits = _block(entry, "visits", "{enterprise: 12, small: 2}", needed=True)
    balance = _block(entry, "balance", "{visits: 10%}", needed=True)
    parameters.known(balance, MEASURES, "balance")
    share, vacant = _block(entry, "share", "{EMEA-1: 60%}"), _block(entry, "vacant", "{EMEA-5: {}}")
    locked = _block(entry, "locked", '{"00012": EMEA-1}')
    numbers = _block(entry, "numbers", "{EMEA: [4, 5, 6]}")
    pairs = {word: _pairs(entry, word) for word in ("together", "apart")}
    places = {name: locked.places[name] for name in locked}
    for word, made in pairs.items():
        places |= {account: entry.places[word] for pair in made for account in pair}
    return TerritoryPlan(
        day=parameters.day(parameters.needed(entry, "day", "day: 2027-01-01")),
        role=parameters.text(parameters.needed(entry, "role", "role: account_manager")),
        within=parameters.text(parameters.needed(entry, "within", "within: region")),
        visits={name: parameters.whole(visits[name]) for name in visits},
        balance={name: float(parameters.share(balance[name])) for name in balance},
        moving=float(parameters.number(entry["moving"])) if "moving" in entry else 0.0,
        share={name: float(parameters.share(share[name])) for name in share},
        vacant={name: _vacancy(vacant[name]) for name in vacant},
        locked={name: parameters.text(locked[name]) for name in locked},
        only=tuple(_only(each) for each in _items(entry, "only")),
        together=pairs["together"],
        apart=pairs["apart"],
        tried=tuple(float(parameters.number(each)) for each in _items(entry, "tried")),
        numbers={name: _wholes(numbers[name]) for name in numbers},
        places=places,
    )


def _block(entry: Block, word: str, example: str, needed: bool = False) -> Block:
    if not needed and word not in entry:
        nothing = Block()
        nothing.place, nothing.places = entry.place, {}
        return nothing
    return parameters.block(parameters.needed(entry, word, f"{word}: {example}"), word, example)


def _items(entry: Block, word: str) -> list[Any]:
    if word not in entry:
        return []
    told = entry[word]
    if not isinstance(told, Items):
        wrong = f"'{word}' is not a list"
        parameters.refuse(parameters.place_of(told), wrong, f"write `{word}:` and lines with `- `")
    return list(told)


def _wholes(entry: Any) -> tuple[int, ...]:
    if not isinstance(entry, Items):
        wrong = f"'{parameters.shown(entry)}' is not a list of numbers"
        parameters.refuse(parameters.place_of(entry), wrong, "write [4, 5, 6]")
    return tuple(parameters.whole(each) for each in entry)


def _vacancy(entry: Any) -> Vacancy:
    told = parameters.block(
        entry, "a vacancy", "{latitude: 48.1, longitude: 11.6, within: EMEA, share: 60%}"
    )
    parameters.known(told, PLACE, "a vacancy")
    north, east = (
        float(parameters.number(parameters.needed(told, word, f"{word}: 48.1")))
        for word in PLACE[:2]
    )
    within = parameters.text(parameters.needed(told, "within", "within: EMEA"))
    share = float(parameters.share(told["share"])) if "share" in told else 1.0
    return Vacancy(north, east, within, share)


def _only(entry: Any) -> Only:
    told = parameters.block(entry, "a rule", "{where: {country: JP}, territories: [APAC-2]}")
    parameters.known(told, ONLY, "a rule of who may have what")
    where = parameters.block(
        parameters.needed(told, "where", "where: {country: JP}"), "where", "{country: JP}"
    )
    who = parameters.needed(told, "territories", "territories: [APAC-2]")
    return Only(
        {name: parameters.text(where[name]) for name in where}, parameters.words(who), told.place
    )


def _pairs(entry: Block, word: str) -> tuple[tuple[str, str], ...]:
    made = []
    for each in _items(entry, word):
        both = parameters.words(each)
        if len(both) != 2:
            wrong = f"'{parameters.shown(each)}' is not a pair of accounts"
            parameters.refuse(parameters.place_of(each), wrong, 'write ["00012", "00013"]')
        made.append((both[0], both[1]))
    return tuple(made)
