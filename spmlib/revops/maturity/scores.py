"""Scores: how mature pillars and teams are, with bounds for what nobody answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from spmlib.revops.maturity.answers import Answer, checked, level
from spmlib.revops.maturity.written import Question, Questionnaire


@dataclass(frozen=True)
class Score:
    """A score from 0 to 100, and what it may be."""

    by: str  # pillar, team or all
    name: str
    low: float  # if all that is unanswered stood at level 1
    score: float | None  # of what is answered; None if nothing is
    high: float  # if it stood at the top
    answered: int  # cells: a question for a team
    asked: int
    gap: float | None  # to the target; 0 if it is reached
    peer_low: float | None
    peer_high: float | None
    source: str  # of the band


def points(level: float, top: int) -> float:
    """A level on a scale from 0 to 100.

    Defined as::

        100 x (level - 1) / (top - 1)

    >>> points(4, 5)
    75.0
    """
    return 100 * (level - 1) / (top - 1)


def scores(questionnaire: Questionnaire, answers: Iterable[Answer]) -> list[Score]:
    """The score of all, of each pillar and of each team, in the questionnaire's order.

    Defined as::

        score = sum(weight x points of a team's answer / teams asked) / sum(weight / teams asked)

    over the cells (a question for a team) that are answered. The bounds run over all cells, with
    0 and 100 for those that are not: no opinion on the unanswered is hidden in them.

    Raises:
        ParameterError: an answer does not fit the questionnaire.
    """
    told = checked(answers, questionnaire)
    cells = [(question, team) for question in questionnaire.questions for team in question.teams]
    made = [_score(questionnaire, told, "all", "all", cells)]
    for pillar in questionnaire.pillars:
        own = [(q, team) for q, team in cells if q.pillar == pillar]
        made.append(_score(questionnaire, told, "pillar", pillar, own))
    for name in questionnaire.teams:
        own = [(q, team) for q, team in cells if team == name]
        made.append(_score(questionnaire, told, "team", name, own))
    return made


def standing(question: Question, answers: Iterable[Answer]) -> float | None:
    """The mean level that was answered for a question, over the teams that answered [level]."""
    told = tuple(answers)
    known = [found for team in question.teams if (found := level(told, question.name, team))]
    return float(Fraction(sum(known), len(known))) if known else None


def unanswered(questionnaire: Questionnaire, answers: Iterable[Answer]) -> list[tuple[str, str]]:
    """The questions and teams without an answer, in order."""
    told = tuple(answers)
    cells = [(q.name, team) for q in questionnaire.questions for team in q.teams]
    return [cell for cell in cells if level(told, *cell) is None]


def _score(
    questionnaire: Questionnaire,
    answers: tuple[Answer, ...],
    by: str,
    name: str,
    cells: Sequence[tuple[Question, str]],
) -> Score:
    weighed = [(_weight(q), _points(q, level(answers, q.name, team))) for q, team in cells]
    known = [(weight, found) for weight, found in weighed if found is not None]
    whole = sum((weight for weight, _ in weighed), Fraction(0))
    some = sum((weight for weight, _ in known), Fraction(0))
    total = sum((weight * found for weight, found in known), Fraction(0))
    score = float(total / some) if some else None
    peer = questionnaire.peers.get(name)
    return Score(
        by,
        name,
        float(total / whole) if whole else 0.0,
        score,
        float((total + 100 * (whole - some)) / whole) if whole else 100.0,
        len(known),
        len(cells),
        None if score is None else max(questionnaire.target - score, 0.0),
        peer.low if peer else None,
        peer.high if peer else None,
        peer.source if peer else "",
    )


def _weight(question: Question) -> Fraction:
    return Fraction(repr(question.weight)) / len(question.teams)


def _points(question: Question, found: int | None) -> Fraction | None:
    return None if found is None else Fraction(100 * (found - 1), question.top - 1)
