"""Evidence: what the data say beside an answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spmlib.revops.maturity.answers import Answer, checked
from spmlib.revops.maturity.scores import standing
from spmlib.revops.maturity.written import Measure, Questionnaire


@dataclass(frozen=True)
class Evidence:
    """A question's answer and what the data say."""

    question: str
    pillar: str
    answered: float | None  # level, the mean of its teams
    figure: str  # what is measured; empty if nothing can be
    value: float | None
    measured: int | None  # level that the figure shows
    gap: float | None  # answered less measured: positive where more is said than shown
    says: str


def measured(value: float | None, measure: Measure) -> int | None:
    """The level that a figure shows; None where it is not known.

    A threshold is reached by the figure that equals it. Level 1 asks for nothing.

    >>> measured(0.2, Measure("error", "lower", ((2, 0.3), (3, 0.2), (4, 0.1))))
    3
    """
    if value is None or math.isnan(value):
        return None
    low = measure.better == "lower"
    met = [level for level, at in measure.thresholds if (value <= at if low else value >= at)]
    return max(met, default=1)


def evidence(
    questionnaire: Questionnaire,
    answers: Iterable[Answer],
    figures: Mapping[str, float | None],
) -> list[Evidence]:
    """Each question's answer beside what the data say, in the questionnaire's order.

    Args:
        questionnaire: what is asked.
        answers: as given.
        figures: by name, as `measured` in the questionnaire names them; None or absent: unknown.
    """
    told, made = checked(answers, questionnaire), []
    for question in questionnaire.questions:
        said = standing(question, told)
        measure = question.measured
        value = figures.get(measure.figure) if measure else None
        shown = measured(value, measure) if measure else None
        value = None if shown is None else value
        gap = said - shown if said is not None and shown is not None else None
        words = _says(said, shown, gap, measure)
        name = measure.figure if measure else ""
        made.append(Evidence(question.name, question.pillar, said, name, value, shown, gap, words))
    return made


def _says(said: float | None, shown: int | None, gap: float | None, measure: Measure | None) -> str:
    if measure is None:
        return "No figure measures this: the answer stands by itself."
    what = measure.figure.replace("_", " ")
    if shown is None:
        return f"The {what} is not known: the answer stands by itself."
    if said is None or gap is None:
        return f"Nobody answered; the {what} shows level {shown}."
    if gap >= 1:
        return f"Answered {said:g}, and the {what} shows {shown}: more is said than the data show."
    if gap <= -1:
        return f"Answered {said:g}, and the {what} shows {shown}: better than people think."
    return f"Answered {said:g}, and the {what} shows {shown}: the two agree."
