"""A form of maturity: a labelled list for each question, and the YAML of what is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from spmlib.revops.maturity import answers
from spmlib.revops.maturity.answers import Answer
from spmlib.revops.maturity.written import Question, Questionnaire
from spmlib.show import widgets

OPEN = "not answered"


def form(questionnaire: Questionnaire, given: Iterable[Answer], who: str, on: date) -> widgets.Live:
    """A list of levels for each question, and the answers as YAML below, as they are chosen.

    Args:
        questionnaire: what is asked.
        given: where the lists start: the answers for all teams; those of one team are kept.
        who: answers.
        on: the day.
    """
    told = tuple(given)
    controls = {q.name: _levels(q, told) for q in questionnaire.questions}
    return widgets.live(partial(chosen, questionnaire, told, who, on), **controls)


def chosen(
    questionnaire: Questionnaire, given: tuple[Answer, ...], who: str, on: date, **levels: Any
) -> str:
    """The YAML of what is chosen, as ``parameters/maturity.yaml`` takes it.

    An answer that was not changed keeps who gave it and when.
    """
    made = [answer for answer in given if answer.team]
    before = {answer.question: answer for answer in given if not answer.team}
    for name, said in levels.items():
        level = 0 if said == OPEN else int(str(said).split(":")[0])
        if name in before and before[name].level == level:
            made.append(before[name])
        elif level:
            made.append(Answer(name, level, "", who, on))
    return answers.text(answers.checked(made, questionnaire))


def _levels(question: Question, given: tuple[Answer, ...]) -> widgets.Control:
    said = [f"{place}: {evidence}" for place, evidence in enumerate(question.levels, 1)]
    before = [a.level for a in given if a.question == question.name and not a.team]
    start = said[before[0] - 1] if before else OPEN
    return widgets.choice(question.asks, start, [OPEN, *said])
