"""Evidence: what the data say beside an answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spmlib.revops.maturity.answers import Answer, checked
from spmlib.revops.maturity.figures import Figure, unknown
from spmlib.revops.maturity.scores import standing
from spmlib.revops.maturity.written import Measure, Question, Questionnaire

SHARES = ("rate", "error", "share")  # how figures end that are shares; others are days


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
    on: str = ""  # what was measured
    cases: int = 0  # how many
    why: str = ""  # nothing is measured; empty if something is
    low: float | None = None  # what the figure may be by chance, where that is known
    high: float | None = None
    worst: int | None = None  # levels that its ends show; the measured one where there are none
    best: int | None = None
    next_at: float | None = None  # figure from which the next level is shown; None at the top

    @property
    def unit(self) -> str:
        """What the figure is: a share, or days."""
        return "share" if self.figure.endswith(SHARES) else "days"


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
    figures: Mapping[str, Figure | float | None],
) -> list[Evidence]:
    """Each question's answer beside what the data say, in the questionnaire's order.

    Args:
        questionnaire: what is asked.
        answers: as given.
        figures: by name, as `measured` in the questionnaire names them; a plain number is one of
            which nothing else is told; None or absent: unknown.
    """
    told = checked(answers, questionnaire)
    return [
        _beside(question, standing(question, told), figures) for question in questionnaire.questions
    ]


def _beside(
    question: Question, said: float | None, figures: Mapping[str, Figure | float | None]
) -> Evidence:
    measure = question.measured
    if measure is None:
        why = "no figure measures it"
        words = "No figure measures this: the answer stands by itself."
        return Evidence(question.name, question.pillar, said, "", None, None, None, words, why=why)
    found = _figure(figures.get(measure.figure))
    shown = measured(found.value, measure)
    if shown is None:
        found = Figure(None, found.on, found.cases, found.why)
    gap = said - shown if said is not None and shown is not None else None
    ends = [at for end in (found.low, found.value, found.high) if (at := measured(end, measure))]
    best = max(ends, default=None)
    return Evidence(
        question.name,
        question.pillar,
        said,
        measure.figure,
        found.value,
        shown,
        gap,
        _says(said, shown, best, measure, found.why),
        found.on,
        found.cases,
        found.why if shown is None else "",
        found.low,
        found.high,
        min(ends, default=None),
        best,
        next((at for level, at in measure.thresholds if shown and level > shown), None),
    )


def _figure(given: Figure | float | None) -> Figure:
    if given is None:
        return unknown("nobody measured it")
    return given if isinstance(given, Figure) else Figure(given)


def _says(
    said: float | None, shown: int | None, best: int | None, measure: Measure, why: str
) -> str:
    what = measure.figure.replace("_", " ")
    if shown is None:
        because = f", because {why}" if why else ""
        return f"The {what} is not known{because}: the answer stands by itself."
    if said is None:
        return f"Nobody answered; the {what} shows level {shown}."
    if said - shown >= 1:
        luck = " That may be chance." if best and said <= best else ""
        wrong = "more is said than the data show"
        return f"Answered {said:g}, and the {what} shows {shown}: {wrong}.{luck}"
    if said - shown <= -1:
        return f"Answered {said:g}, and the {what} shows {shown}: better than people think."
    return f"Answered {said:g}, and the {what} shows {shown}: the two agree."
