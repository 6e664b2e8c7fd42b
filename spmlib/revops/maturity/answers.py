"""Answers: what people say of each question, ``parameters/maturity.yaml``, read and written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import Block, Items, needed, refuse
from spmlib.revops.maturity.written import Question, Questionnaire

WORDS = ("team", "level", "who", "on")


@dataclass(frozen=True)
class Answer:
    """A level that somebody gave a question, for one team or for all that it asks."""

    question: str
    level: int
    team: str = ""  # empty: all teams of the question
    who: str = ""
    on: date | None = None


def read(path: Path, questionnaire: Questionnaire) -> tuple[Answer, ...]:
    """The answers of a file: as `given`."""
    return given(written.read(path), questionnaire)


def given(entry: Block, questionnaire: Questionnaire) -> tuple[Answer, ...]:
    """The answers that are written under ``answers``; none is an answer too.

    Raises:
        ParameterError: a question or team is unknown, a level out of range, or answered twice.
    """
    parameters.known(entry, ("answers",), "answers")
    told = needed(entry, "answers", "answers: {close: {level: 3}}")
    if told in ("", "{}", "null", "~"):
        return ()
    told = parameters.block(told, "`answers`", "{close: {level: 3}}")
    parameters.known(told, questionnaire.names(), "the questionnaire")
    by_name = {question.name: question for question in questionnaire.questions}
    return tuple(answer for name in told for answer in _of(by_name[name], told[name]))


def checked(answers: Iterable[Answer], questionnaire: Questionnaire) -> tuple[Answer, ...]:
    """The answers, once they are known to fit the questionnaire.

    Raises:
        ParameterError: as `given`; of a form or a table, where there is no line to name.
    """
    by_name = {question.name: question for question in questionnaire.questions}
    made, seen = tuple(answers), set()
    for one in made:
        if one.question not in by_name:
            near = parameters.nearest(one.question, by_name)
            raise ParameterError(f"answers: there is no question '{one.question}'; write {near}.")
        _refuse_unfit(one, by_name[one.question], "answers")
        if (one.question, one.team) in seen:
            refuse("answers", _twice(one), "keep one of them")
        seen.add((one.question, one.team))
    return made


def level(answers: Iterable[Answer], question: str, team: str) -> int | None:
    """What was answered for a team: its own answer, else the one for all teams; None if neither."""
    own = {answer.team: answer.level for answer in answers if answer.question == question}
    return own.get(team, own.get(""))


def said(answers: Iterable[Answer], question: Question) -> str:
    """What was answered to a question, team by team where they differ; empty if nothing was.

    >>> from spmlib.revops.maturity.written import Question
    >>> teams, levels = ("sales", "finance"), ("by hand", "by rule")
    >>> asked = Question("pay", "How?", "incent", teams, 1, levels, None, (), "")
    >>> said([Answer("pay", 2)], asked), said([Answer("pay", 2, "sales")], asked)
    ('2', 'sales 2, finance not')
    """
    told = tuple(answers)
    found = {team: level(told, question.name, team) for team in question.teams}
    if len(set(found.values())) == 1:
        only = next(iter(found.values()))
        return "" if only is None else str(only)
    return ", ".join(f"{team} {'not' if at is None else at}" for team, at in found.items())


def text(answers: Iterable[Answer]) -> str:
    """The answers as the YAML that `read` takes, question by question."""
    lines: dict[str, list[str]] = {}
    for answer in answers:
        lines.setdefault(answer.question, []).append(f"    - {{{_words(answer)}}}")
    body = [f"  {_quoted(name)}:\n" + "\n".join(rows) for name, rows in lines.items()]
    return "answers:" + ("\n" + "\n".join(body) if body else " {}") + "\n"


def _of(question: Question, told: Any) -> list[Answer]:
    made, seen = [], set()
    for one in told if isinstance(told, Items) else (told,):
        entry = parameters.block(one, "an answer", "{level: 3, who: …, on: 2026-10-30}")
        parameters.known(entry, WORDS, "an answer")
        answer = Answer(
            question.name,
            parameters.whole(needed(entry, "level", "level: 3")),
            parameters.text(entry["team"]) if "team" in entry else "",
            parameters.text(entry["who"]) if "who" in entry else "",
            parameters.day(entry["on"]) if "on" in entry else None,
        )
        _refuse_unfit(answer, question, entry.place)
        if answer.team in seen:
            refuse(entry.place, _twice(answer), "keep one of them")
        seen.add(answer.team)
        made.append(answer)
    return made


def _refuse_unfit(answer: Answer, question: Question, place: str) -> None:
    if not 1 <= answer.level <= question.top:
        wrong = f"level {answer.level} of '{question.name}' is out of range"
        refuse(place, wrong, f"write one from 1 to {question.top}")
    if answer.team and answer.team not in question.teams:
        wrong = f"'{question.name}' does not ask team '{answer.team}'"
        refuse(place, wrong, f"write {parameters.nearest(answer.team, question.teams)}")


def _twice(answer: Answer) -> str:
    who = f"for team '{answer.team}'" if answer.team else "for all its teams"
    return f"'{answer.question}' is answered twice {who}"


def _words(answer: Answer) -> str:
    said: Mapping[str, str] = {
        "team": _quoted(answer.team),
        "level": str(answer.level),
        "who": _quoted(answer.who),
        "on": answer.on.isoformat() if answer.on else "",
    }
    return ", ".join(f"{word}: {value}" for word, value in said.items() if value)


def _quoted(text: str) -> str:
    """A text as YAML takes it: in quotes where it is not a plain name."""
    plain = re.fullmatch(r"[A-Za-z](\w|[ -](?=\w))*", text) or not text
    return text if plain else json.dumps(text, ensure_ascii=False)
