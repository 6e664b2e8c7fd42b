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
    answered: float | None  # level; None where nobody answered
    measured: int | None  # level that the data show; None where they do not
    level: float  # where one stands: the lower of the two
    to: int
    own: float  # effect on the question itself
    unlocked: float  # effect on what it unlocks
    effect: float  # own + unlocked [weighted points]
    effort: float  # [person-days]
    worth: float  # effect a person-day
    see: str  # the notebook that does it
    by: str  # a command that helps; empty if none does


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
    rows = {row.question: row for row in found}
    gaps = {
        question.name: _gap(questionnaire, question, rows) for question in questionnaire.questions
    }
    made = [
        _made(questionnaire, question, step, rows[question.name], gaps)
        for question in questionnaire.questions
        if question.name in rows and level(rows[question.name]) is not None
        for step in question.steps
    ]
    kept = [(worth, effect, one) for worth, effect, one in made if one.own > 0]
    kept.sort(key=lambda row: (-row[0], -row[1]))
    return [one for _, _, one in kept]


def level(row: Evidence) -> float | None:
    """Where one stands: the lower of what is said and what is shown; None if neither is known."""
    known = [found for found in (row.answered, row.measured) if found is not None]
    return min(known, default=None)


def _made(
    questionnaire: Questionnaire,
    question: Question,
    step: Step,
    row: Evidence,
    gaps: dict[str, Fraction],
) -> tuple[Fraction, Fraction, Recommendation]:
    """A step's exact worth and effect, by which it is ranked, and what is told of it."""
    stands = level(row) or 1.0
    gained = _reached(questionnaire, question, step) - _points(stands, question)
    own = _weight(question) * max(gained, Fraction(0))
    more = _share(questionnaire) * sum((gaps[name] for name in step.unlocks), Fraction(0))
    effect = own + more
    worth = effect / Fraction(repr(step.effort))
    told = Recommendation(
        question.name, question.pillar, step.does, row.answered, row.measured, stands, step.to,
        float(own), float(more), float(effect), step.effort, float(worth), step.see, step.by,
    )  # fmt: skip
    return worth, effect, told


def _gap(questionnaire: Questionnaire, question: Question, rows: dict[str, Evidence]) -> Fraction:
    stands = level(rows[question.name]) if question.name in rows else None
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
