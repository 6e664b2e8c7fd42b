"""Recommendations: what to do next, by effect for the effort, tied to what is there to do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from spmlib.revops.maturity.evidence import Evidence
from spmlib.revops.maturity.written import Question, Questionnaire, Step


@dataclass(frozen=True)
class Recommendation:
    """A step, what it brings and what it costs."""

    question: str
    pillar: str
    does: str
    level: float  # where one stands: the lower of what is said and what is shown
    to: int
    own: float  # effect on the question itself
    unlocked: float  # effect on what it unlocks
    effect: float  # own + unlocked [weighted points]
    effort: float  # [person-days]
    worth: float  # effect a person-day
    see: str


def recommendations(
    questionnaire: Questionnaire, found: Iterable[Evidence]
) -> list[Recommendation]:
    """The steps that close a gap to the target, the most effect a person-day first.

    Defined as::

        own      = weight x (min(points of the step's level, target) - points of the level)
        unlocked = unlocking x sum(weight x gap to the target of each question that it unlocks)
        effect   = own + unlocked

    The level is the lower of the answer and the data. A question of which neither is known has no
    steps: it is to be answered first. A step that brings nothing of its own is left out. Of equal
    worth the larger effect comes first, then the order of the questionnaire.
    """
    levels = {row.question: level(row) for row in found}
    gaps = {
        question.name: _gap(questionnaire, question, levels) for question in questionnaire.questions
    }
    made = []
    for question in questionnaire.questions:
        stands = levels.get(question.name)
        if stands is None:
            continue
        for step in question.steps:
            own = _weight(question) * max(
                _reached(questionnaire, question, step) - _points(stands, question), Fraction(0)
            )
            if own > 0:
                more = _share(questionnaire) * sum(
                    (gaps[name] for name in step.unlocks), Fraction(0)
                )
                made.append((own, more, question, stands, step))
    made.sort(
        key=lambda row: (-(row[0] + row[1]) / Fraction(repr(row[4].effort)), -(row[0] + row[1]))
    )
    return [_made(*row) for row in made]


def level(row: Evidence) -> float | None:
    """Where one stands: the lower of what is said and what is shown; None if neither is known."""
    known = [found for found in (row.answered, row.measured) if found is not None]
    return min(known, default=None)


def _made(
    own: Fraction, more: Fraction, question: Question, stands: float, step: Step
) -> Recommendation:
    effect = own + more
    return Recommendation(
        question.name, question.pillar, step.does, stands, step.to, float(own), float(more),
        float(effect), step.effort, float(effect / Fraction(repr(step.effort))), step.see,
    )  # fmt: skip


def _gap(
    questionnaire: Questionnaire, question: Question, levels: dict[str, float | None]
) -> Fraction:
    stands = levels.get(question.name)
    if stands is None:
        return Fraction(0)
    return _weight(question) * max(_target(questionnaire) - _points(stands, question), Fraction(0))


def _reached(questionnaire: Questionnaire, question: Question, step: Step) -> Fraction:
    return min(_points(step.to, question), _target(questionnaire))


def _points(stands: float, question: Question) -> Fraction:
    return 100 * (Fraction(stands).limit_denominator(10**6) - 1) / (question.top - 1)


def _weight(question: Question) -> Fraction:
    return Fraction(repr(question.weight))


def _share(questionnaire: Questionnaire) -> Fraction:
    return Fraction(repr(questionnaire.unlocking))


def _target(questionnaire: Questionnaire) -> Fraction:
    return Fraction(repr(questionnaire.target))
