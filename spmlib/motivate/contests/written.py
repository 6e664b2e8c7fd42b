"""Written: what games and read-outs are made of, ``parameters/policies/contests.yaml``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from spmlib.core import parameters, written
from spmlib.core.parameters import Block, choice, needed, refuse
from spmlib.rules import measures
from spmlib.rules.measures import Filter

WORDS = ("read_out", "projection", "points", "levels", "badges", "challenges")
READ = ("margin", "before", "after", "earlier", "controls", "neighbours", "alike", "sure")
READ_OUT = (
    "{margin: 80%, before: 6, after: 3, earlier: 6, controls: 10, neighbours: 3, alike: growth, "
    "sure: 95%}"
)
KINDS = ("count", "total", "in_a_row", "best_month")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Points:
    """What gives points."""

    name: str
    where: tuple[Filter, ...]
    each: float  # for a row that passes
    column: str | None
    per: float  # for one unit of the column
    most: float | None  # a day
    place: str


@dataclass(frozen=True)
class Level:
    """A name from so many points on."""

    name: str
    at: float


@dataclass(frozen=True)
class Badge:
    """What wins a badge."""

    name: str
    kind: str  # of KINDS
    where: tuple[Filter, ...]
    column: str | None
    asks: float  # rows, units of the column, steps in a row, or months before the best
    step: str  # week or month, of a run
    place: str


@dataclass(frozen=True)
class Challenge:
    """A goal for each person, or each team, within some days."""

    name: str
    of: str  # person or team
    where: tuple[Filter, ...]
    column: str | None
    goal: float
    start: date
    end: date
    place: str


@dataclass(frozen=True)
class Policy:
    """What a company decides of its contests."""

    margin: float  # earned on one unit of what a SPIFF moves
    before: int  # months of the baseline
    after: int  # months after the window in which something may be missing
    earlier: int  # months before the baseline on which people are matched
    controls: int  # people who were not eligible that a match needs; else one's own year before
    neighbours: int  # of them for each who was
    growth: bool  # whether both would have grown by as many percent, rather than by as much
    sure: float
    history: int  # days from which the rest of a window is drawn
    draws: int
    seed: int
    points: tuple[Points, ...]
    levels: tuple[Level, ...]
    badges: tuple[Badge, ...]
    challenges: tuple[Challenge, ...]


def read(path: Path) -> Policy:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Policy:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, or means nothing.
    """
    parameters.known(entry, WORDS, "contests")
    told = _block(entry, "read_out", READ_OUT)
    parameters.known(told, READ, "a read-out")
    drawn = _block(entry, "projection", "{history: 180, draws: 4_000, seed: 31}")
    parameters.known(drawn, ("history", "draws", "seed"), "a projection")
    return Policy(
        margin=float(parameters.share(needed(told, "margin", "margin: 80%"))),
        before=parameters.whole(needed(told, "before", "before: 6")),
        after=parameters.whole(needed(told, "after", "after: 3")),
        earlier=parameters.whole(needed(told, "earlier", "earlier: 6")),
        controls=parameters.whole(needed(told, "controls", "controls: 10")),
        neighbours=parameters.whole(needed(told, "neighbours", "neighbours: 3")),
        growth=choice(told, "alike", ("growth", "change")) == "growth",
        sure=float(parameters.share(needed(told, "sure", "sure: 95%"))),
        history=parameters.whole(needed(drawn, "history", "history: 180")),
        draws=parameters.whole(needed(drawn, "draws", "draws: 4_000")),
        seed=parameters.whole(needed(drawn, "seed", "seed: 31")),
        points=_each(entry, "points", _points),
        levels=_each(entry, "levels", _level),
        badges=_each(entry, "badges", _badge),
        challenges=_each(entry, "challenges", _challenge),
    )


def _block(entry: Block, word: str, example: str) -> Block:
    return parameters.block(needed(entry, word, f"{word}: {example}"), f"`{word}`", example)


def _each(entry: Block, word: str, made: Callable[[str, Any, str], Made]) -> tuple[Made, ...]:
    if word not in entry:
        return ()
    block = parameters.block(entry[word], f"`{word}`", "a name with its words below it")
    return tuple(made(name, block[name], block.places[name]) for name in block)


def _points(name: str, said: Any, place: str) -> Points:
    block = parameters.block(said, f"'{name}'", "{where: {kind: meeting}, each: 10}")
    parameters.known(block, ("where", "each", "column", "per", "most"), "points")
    if "each" not in block and "per" not in block:
        refuse(place, f"'{name}' gives no points", "write `each: 10`, or `column:` and `per:`")
    if ("per" in block) != ("column" in block) and "per" in block:
        refuse(place, f"'{name}' has `per` and no column", "write `column: amount`")
    most = float(_above_zero(block["most"])) if "most" in block else None
    return Points(
        name,
        _where(block),
        _number(block, "each"),
        _column(block),
        _number(block, "per"),
        most,
        place,
    )


def _level(name: str, said: Any, place: str) -> Level:
    return Level(name, float(parameters.number(said)))


def _badge(name: str, said: Any, place: str) -> Badge:
    block = parameters.block(said, f"'{name}'", "{where: {kind: new}, count: 10}")
    parameters.known(block, ("where", "column", "step", *KINDS), "a badge")
    asked = [kind for kind in KINDS if kind in block]
    if len(asked) != 1:
        refuse(place, f"'{name}' asks for {len(asked)} things", f"write one of {', '.join(KINDS)}")
    if asked[0] == "total" and "column" not in block:
        refuse(place, f"'{name}' adds up no column", "write `column: amount`")
    asks = float(_above_zero(block[asked[0]]))
    step = choice(block, "step", ("week", "month"), "month")
    return Badge(name, asked[0], _where(block), _column(block), asks, step, place)


def _challenge(name: str, said: Any, place: str) -> Challenge:
    example = "{of: person, where: {kind: new}, goal: 10, from: 2026-10-01, until: 2027-01-01}"
    block = parameters.block(said, f"'{name}'", example)
    parameters.known(block, ("of", "where", "column", "goal", "from", "until"), "a challenge")
    start, end = (parameters.day(needed(block, word, example)) for word in ("from", "until"))
    if end <= start:
        refuse(
            block.places["until"], f"it ends on {end}, and begins on {start}", "write a later day"
        )
    goal = float(_above_zero(needed(block, "goal", example)))
    of = choice(block, "of", ("person", "team"), "person")
    return Challenge(name, of, _where(block), _column(block), goal, start, end, place)


def _where(block: Block) -> tuple[Filter, ...]:
    return measures.filters(block["where"]) if "where" in block else ()


def _column(block: Block) -> str | None:
    return parameters.text(block["column"]) if "column" in block else None


def _number(block: Block, word: str) -> float:
    return float(parameters.number(block[word])) if word in block else 0.0


def _above_zero(said: Any) -> parameters.Number:
    made = parameters.number(said)
    if made <= 0:
        refuse(made.place, f"{said} is not above 0", "write a number above 0")
    return made
