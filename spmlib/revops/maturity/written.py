"""Written: a questionnaire of maturity as data, ``parameters/policies/maturity.yaml``.

Another company's questionnaire is another file: questions, levels, pillars and teams are its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.parameters import Block, Items, needed, place_of, refuse

WORDS = ("pillars", "teams", "target", "unlocking", "peers", "questions")
ASKED = ("asks", "pillar", "teams", "weight", "levels", "measured", "steps")
PEER = ("low", "high", "source")
STEP = ("to", "does", "effort", "see", "by", "unlocks")
NOTEBOOK = re.compile(r"notebooks/\d\d_\w+\.ipynb")
MEASURED = ("figure", "better", "levels")


@dataclass(frozen=True)
class Measure:
    """A figure of the data, and the level that it shows."""

    figure: str
    better: str  # lower or higher
    thresholds: tuple[tuple[int, float], ...]  # level, and the figure from which it is reached


@dataclass(frozen=True)
class Step:
    """Work that takes a question to a level."""

    to: int
    does: str
    effort: float  # [person-days]
    see: str  # the notebook that does it, `notebooks/…`
    by: str  # a command that helps, `spm …`; empty if none does
    unlocks: tuple[str, ...]  # other questions that it makes easier
    place: str


@dataclass(frozen=True)
class Question:
    """What is asked, and what each level looks like."""

    name: str
    asks: str
    pillar: str
    teams: tuple[str, ...]
    weight: float
    levels: tuple[str, ...]  # evidence, level 1 first
    measured: Measure | None
    steps: tuple[Step, ...]
    place: str

    @property
    def top(self) -> int:
        """The highest level."""
        return len(self.levels)


@dataclass(frozen=True)
class Peer:
    """Where others stand [0 to 100]."""

    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Questionnaire:
    """All that is asked, and what is made of the answers."""

    pillars: tuple[str, ...]
    teams: tuple[str, ...]
    target: float  # [0 to 100]
    unlocking: float  # of the gap of a question that a step unlocks, counted as its effect
    peers: Mapping[str, Peer]  # by pillar or team
    questions: tuple[Question, ...]

    def names(self) -> tuple[str, ...]:
        """The questions' names, in order."""
        return tuple(question.name for question in self.questions)


def read(path: Path) -> Questionnaire:
    """The questionnaire of a file: as `asked`."""
    return asked(written.read(path))


def asked(entry: Block) -> Questionnaire:
    """The questionnaire that is written.

    Raises:
        ParameterError: a word is unknown or missing; levels are not 1, 2, 3 …; thresholds turn
            back; a step leads to no level or unlocks no question.
    """
    parameters.known(entry, WORDS, "a questionnaire")
    pillars = parameters.words(needed(entry, "pillars", "pillars: [orchestrate, motivate, incent]"))
    teams = parameters.words(needed(entry, "teams", "teams: [sales, finance]"))
    told = parameters.block(needed(entry, "questions", "questions: {…}"), "`questions`", "{…}")
    if not told:
        refuse(told.place, "nothing is asked", "write a question")
    questions = tuple(_question(name, told, pillars, teams) for name in told)
    _refuse_unlocked(questions)
    return Questionnaire(
        pillars,
        teams,
        _within(needed(entry, "target", "target: 75"), 0, 100, "target"),
        _within(entry["unlocking"], 0, 1, "unlocking") if "unlocking" in entry else 0.0,
        _peers(entry, (*pillars, *teams)),
        questions,
    )


def _question(name: str, told: Block, pillars: tuple[str, ...], teams: tuple[str, ...]) -> Question:
    entry = parameters.block(told[name], f"question '{name}'", "{asks: …, levels: {1: …}}")
    parameters.known(entry, ASKED, "a question")
    levels = _levels(entry)
    return Question(
        name=name,
        asks=parameters.text(needed(entry, "asks", "asks: How are plans kept?")),
        pillar=parameters.choice(entry, "pillar", pillars),
        teams=_among(needed(entry, "teams", f"teams: [{teams[0]}]"), teams, "team"),
        weight=_positive(entry["weight"], "weight") if "weight" in entry else 1.0,
        levels=levels,
        measured=_measured(entry["measured"], len(levels)) if "measured" in entry else None,
        steps=tuple(_step(step, len(levels)) for step in entry.get("steps", ())),
        place=told.places[name],
    )


def _levels(entry: Block) -> tuple[str, ...]:
    told = parameters.block(needed(entry, "levels", "levels: {1: …, 2: …}"), "`levels`", "{1: …}")
    if list(told) != [str(place) for place in range(1, len(told) + 1)] or len(told) < 2:
        right = "write evidence for each of 1, 2 and so on, at least two"
        refuse(told.place, f"levels {', '.join(told)} are not 1, 2, 3 in turn", right)
    return tuple(parameters.text(told[level]) for level in told)


def _measured(told: Any, top: int) -> Measure:
    entry = parameters.block(told, "`measured`", "{figure: …, better: lower, levels: {2: 30%}}")
    parameters.known(entry, MEASURED, "what is measured")
    better = parameters.choice(entry, "better", ("lower", "higher"))
    levels = parameters.block(needed(entry, "levels", "levels: {2: 30%}"), "`levels`", "{2: 30%}")
    made = tuple((_level(level, levels.places[level], top), levels[level]) for level in levels)
    figures = tuple((level, float(parameters.number(said))) for level, said in made)
    turned = [
        high - low if better == "higher" else low - high for (_, low), (_, high) in _pairs(figures)
    ]
    if any(step <= 0 for step in turned) or any(a >= b for (a, _), (b, _) in _pairs(figures)):
        refuse(
            levels.place, "the thresholds turn back", f"let each level ask for a {better} figure"
        )
    return Measure(
        parameters.text(needed(entry, "figure", "figure: dispute_rate")), better, figures
    )


def _pairs(items: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    return list(pairwise(items))


def _step(told: Any, top: int) -> Step:
    entry = parameters.block(told, "a step", "{to: 3, does: …, effort: 5, see: …}")
    parameters.known(entry, STEP, "a step")
    return Step(
        _level(needed(entry, "to", "to: 3"), entry.places["to"] if "to" in entry else "", top),
        parameters.text(needed(entry, "does", "does: what is done")),
        _positive(needed(entry, "effort", "effort: 5"), "effort"),
        _notebook(needed(entry, "see", "see: notebooks/51_disputes.ipynb")),
        parameters.text(entry["by"]) if "by" in entry else "",
        parameters.words(entry["unlocks"]) if "unlocks" in entry else (),
        entry.place,
    )


def _notebook(told: Any) -> str:
    made = parameters.text(told)
    if not NOTEBOOK.fullmatch(made):
        refuse(place_of(told), f"'{made}' is no notebook", "write notebooks/51_disputes.ipynb")
    return made


def _level(told: Any, place: str, top: int) -> int:
    if not str(told).isdecimal() or not 2 <= int(told) <= top:
        refuse(place, f"'{told}' is no level to be reached", f"write one from 2 to {top}")
    return int(told)


def _peers(entry: Block, names: tuple[str, ...]) -> dict[str, Peer]:
    if "peers" not in entry:
        return {}
    told = parameters.block(entry["peers"], "`peers`", "{incent: {low: 40, high: 60, source: …}}")
    parameters.known(told, names, "pillars and teams")
    return {name: _peer(told[name]) for name in told}


def _peer(told: Any) -> Peer:
    entry = parameters.block(told, "a band", "{low: 40, high: 60, source: assumption}")
    parameters.known(entry, PEER, "a band")
    low = _within(needed(entry, "low", "low: 40"), 0, 100, "low")
    high = _within(needed(entry, "high", "high: 60"), low, 100, "high")
    return Peer(low, high, parameters.text(needed(entry, "source", "source: assumption")))


def _among(told: Any, options: tuple[str, ...], what: str) -> tuple[str, ...]:
    made = parameters.words(told)
    for name in made:
        if name not in options or made.count(name) > 1:
            wrong = f"'{name}' is no {what}, or stands here twice"
            refuse(place_of(told), wrong, f"write {parameters.nearest(name, options)}")
    if not made:
        refuse(place_of(told), f"no {what} is named", f"write {options[0]}")
    return made


def _refuse_unlocked(questions: tuple[Question, ...]) -> None:
    names = [question.name for question in questions]
    for question in questions:
        for step in question.steps:
            for name in step.unlocks:
                if name not in names or name == question.name:
                    near = parameters.nearest(name, names)
                    refuse(step.place, f"'{name}' is no other question", f"write {near}")


def _within(told: Any, low: float, high: float, what: str) -> float:
    made = parameters.number(told)
    if not low <= made <= high:
        refuse(made.place, f"{what} {told} is out of range", f"write one from {low:g} to {high:g}")
    return float(made)


def _positive(told: Any, what: str) -> float:
    made = parameters.number(told)
    if made <= 0:
        refuse(made.place, f"{what} {told} is not above 0", "write a positive number")
    return float(made)


__all__ = ["Items", "Measure", "Peer", "Question", "Questionnaire", "Step", "asked", "read"]
