"""A form of maturity: a list of levels for each question, what follows from them, and the file.

Answers are moved in lists, scores and what to do next are drawn anew, and the answers are saved as
the YAML that ``parameters/maturity.yaml`` takes, into a file that is named, and read from one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.revops.maturity import answers
from spmlib.revops.maturity.answers import Answer
from spmlib.revops.maturity.written import Question, Questionnaire
from spmlib.show import charts, maturity_tables, widgets
from spmlib.show.saving import Saving
from spmlib.workbench.maturity.assessment import Maturity

OPEN, AS_IS = 0, -1  # not answered; as the teams answered, who differ
FOUND = "answers.yaml"  # what a file is called at first
WIDE = ("56rem", "24rem")  # of a list, of its question
FIRST = 4  # steps that are shown below the scores


class Form:
    """Answers that can be moved, saved and read back.

    Attributes:
        known: what is asked and measured.
        given: the answers before any list is moved.
        live: the lists, and what is drawn of them.
        saving: the file.
    """

    def __init__(self, known: Maturity, who: str, on: date, team: str = "") -> None:
        """A form.

        Args:
            known: whose answers the lists start with.
            who: answers.
            on: the day.
            team: that answers for itself; empty: one answer for all teams of a question.

        Raises:
            ParameterError: there is no such team.
        """
        teams = known.questionnaire.teams
        if team and team not in teams:
            raise ParameterError(f"there is no team '{team}'; write {nearest(team, teams)}.")
        self.known, self.given, self.team = known, known.answers, team
        self._who, self._on = who, on
        asked = [q for q in known.questionnaire.questions if not team or team in q.teams]
        controls = {q.name: _control(q, self.given, team) for q in asked}
        scores = partial(charts.maturity_scores, title="As these answers say")
        steps = partial(maturity_tables.recommended, title="What to do first", most=FIRST)
        self.live = widgets.live(self._follows, scores, steps, **controls)
        self.saving = Saving(FOUND, self.save, self.read)
        self.live.box.children = (*self.live.box.children, self.saving.box)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """As the lists stand."""
        return self.at()

    def at(self, **levels: int) -> tuple[Answer, ...]:
        """As the lists stand but for some levels; the lists are not moved."""
        there = {name: one.value for name, one in self.live.controls.items()}
        return self._chosen(there | levels)

    def save(self, path: str | Path, replaced: bool = False) -> str:
        """Write the answers into a file, and say so: as `saved`."""
        made = saved(self.answers, self.known.questionnaire, path, replaced)
        return f"Saved {len(self.answers)} answers in {made.resolve()}."

    def read(self, path: str | Path) -> str:
        """Move the lists to the answers of a file, and say so.

        Raises:
            ParameterError: the file is missing or wrong; the lists stay where they are.
        """
        given = answers.read(Path(path), self.known.questionnaire)
        self.given = given
        by_name = {q.name: q for q in self.known.questionnaire.questions}
        starts = {name: _start(by_name[name], given, self.team) for name in self.live.controls}
        self.live.at(**starts)
        return f"Read {len(given)} answers from {path}."

    def _chosen(self, levels: Mapping[str, int]) -> tuple[Answer, ...]:
        asked = self.known.questionnaire
        return chosen(asked, self.given, self.team, self._who, self._on, levels)

    def _follows(self, **levels: int) -> tuple[Any, Any]:
        frames = self.known.answered(self._chosen(levels)).frames
        return frames["scores"], frames["recommended"]

    def _ipython_display_(self) -> None:
        self.live._ipython_display_()


def chosen(
    questionnaire: Questionnaire,
    given: Iterable[Answer],
    team: str,
    who: str,
    on: date,
    levels: Mapping[str, int],
) -> tuple[Answer, ...]:
    """The answers once levels are chosen, in the questionnaire's order.

    An answer that was not changed keeps who gave it and when.

    Args:
        questionnaire: what is asked.
        given: the answers before.
        team: that answers; empty: for all teams of a question.
        who: answers.
        on: the day.
        levels: by question; `OPEN` takes the answer away, `AS_IS` leaves it.

    Raises:
        ParameterError: a level is out of range, or there is no such question.
    """
    told = answers.checked(given, questionnaire)
    answers.checked([Answer(name, at) for name, at in levels.items() if at > 0], questionnaire)
    made: list[Answer] = []
    for question in questionnaire.questions:
        cells = _cells(question, told)
        at = levels.get(question.name, AS_IS)
        for name in question.teams:
            before = cells.get(name)
            if at != AS_IS and team in ("", name) and (before.level if before else OPEN) != at:
                cells[name] = Answer(question.name, at, name, who, on) if at else None
        made += _together(question, cells)
    return tuple(made)


def saved(
    given: Iterable[Answer], questionnaire: Questionnaire, path: str | Path, replaced: bool = False
) -> Path:
    """The file in which answers were written, as ``parameters/maturity.yaml`` has them.

    Args:
        given: the answers.
        questionnaire: what is asked.
        path: of the file.
        replaced: whether a file that is there may be replaced.

    Raises:
        ParameterError: the name does not end in .yaml, its folder is missing, the file is there
            and may not be replaced, or an answer does not fit the questionnaire or names nobody
            who can be read.
    """
    made, there = answers.checked(given, questionnaire), Path(path)
    for one in made:
        if not one.who.isprintable():
            wrong = f"who answers {one.question} is written with invisible characters"
            raise ParameterError(f"{path}: {wrong}; write a name.")
    if there.suffix != ".yaml":
        raise ParameterError(f"{path}: answers are kept as YAML; let the name end in .yaml.")
    if not there.parent.is_dir():
        raise ParameterError(f"{path}: there is no such folder; make it, or name another.")
    try:
        with there.open("w" if replaced else "x", encoding="utf-8") as file:
            file.write(answers.text(made))
    except FileExistsError:
        right = "name another, or say that it is to be replaced"
        raise ParameterError(f"{path}: there is such a file already; {right}.") from None
    return there


def _control(question: Question, given: tuple[Answer, ...], team: str) -> widgets.Control:
    words = {
        f"{at} ({evidence[:1].lower()}{evidence[1:]})": at
        for at, evidence in enumerate(question.levels, 1)
    }
    kept = {} if team else {"as the teams answered": AS_IS}
    options = {"not answered": OPEN, **kept, **words}
    made = widgets.choice(question.asks.removesuffix("?"), _start(question, given, team), options)
    made.box.layout.width, made.box.style.description_width = WIDE  # questions are long
    return made


def _start(question: Question, given: tuple[Answer, ...], team: str) -> int:
    """The level where a list stands: what was answered; `AS_IS` where teams differ."""
    found = [answers.level(given, question.name, name) or OPEN for name in question.teams]
    if team:
        return found[question.teams.index(team)]
    return found[0] if len(set(found)) == 1 else AS_IS


def _cells(question: Question, given: tuple[Answer, ...]) -> dict[str, Answer | None]:
    """The answer that counts for each team."""
    own = {one.team: one for one in given if one.question == question.name}
    found = {team: own.get(team, own.get("")) for team in question.teams}
    return {team: replace(one, team=team) if one else None for team, one in found.items()}


def _together(question: Question, cells: Mapping[str, Answer | None]) -> list[Answer]:
    """The answers of teams; one for all where they are the same."""
    each = [cells[team] for team in question.teams]
    same = {replace(one, team="") if one else None for one in each}
    if len(same) == 1:
        only = same.pop()
        return [only] if only else []
    return [one for one in each if one]
