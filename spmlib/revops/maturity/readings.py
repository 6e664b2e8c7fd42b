"""Readings: scores, answers, evidence and recommendations as tables for pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor
from typing import TYPE_CHECKING, Any

from spmlib.revops.maturity import recommendations as ranking
from spmlib.revops.maturity.answers import Answer, level, said
from spmlib.revops.maturity.evidence import Evidence
from spmlib.revops.maturity.recommendations import Recommendation
from spmlib.revops.maturity.scores import Score, unanswered
from spmlib.revops.maturity.written import Question, Questionnaire

if TYPE_CHECKING:
    import pandas as pd


def scores(made: Iterable[Score], questionnaire: Questionnaire) -> pd.DataFrame:
    """Scores as rows.

    Returns:
        by, name, low, score, high, answered, asked, gap, peer_low, peer_high, source, target.
    """
    import pandas as pd

    rows = pd.DataFrame([vars(one) for one in made])
    for name in ("score", "gap", "peer_low", "peer_high"):
        rows[name] = rows[name].astype(float)
    return rows.assign(target=questionnaire.target)


def cells(
    questionnaire: Questionnaire, answers: Iterable[Answer], found: Iterable[Evidence]
) -> pd.DataFrame:
    """A row for each question and team, and one for the data, those not asked included.

    Returns:
        question, team (the last is ``data``), asked, level (empty where nobody answered, or
        nothing is measured), top, target (level that the target asks for), gap (levels from where
        the question stands to that one; 0 where it is reached, empty where it is not known).
    """
    import pandas as pd

    told, rows = tuple(answers), []
    for question, row in zip(questionnaire.questions, found, strict=True):
        target = _target(questionnaire, question)
        stands = ranking.level(row)
        gap = None if stands is None else max(target - stands, 0.0)
        for team in questionnaire.teams:
            asked = team in question.teams
            at = level(told, question.name, team) if asked else None
            rows.append((question.name, team, asked, at, question.top, target, gap))
        there = question.measured is not None
        rows.append((question.name, "data", there, row.measured, question.top, target, gap))
    columns = ["question", "team", "asked", "level", "top", "target", "gap"]
    return pd.DataFrame(rows, columns=columns).astype({"level": float, "gap": float})


def evidence(
    questionnaire: Questionnaire, answers: Iterable[Answer], found: Iterable[Evidence]
) -> pd.DataFrame:
    """Each question's answer beside what the data say.

    Returns:
        question, asks, pillar, said (in words), answered, figure, value, unit (share or days),
        measured, gap, on, cases, why, says, low, high, worst, best, next_at, top; in the
        questionnaire's order.
    """
    import pandas as pd

    told = tuple(answers)
    rows = [
        {
            **vars(row),
            "asks": question.asks,
            "said": said(told, question),
            "unit": row.unit,
            "top": question.top,
        }
        for question, row in zip(questionnaire.questions, found, strict=True)
    ]
    numbers = ("answered", "value", "measured", "gap", "low", "high", "worst", "best", "next_at")
    kinds = dict.fromkeys(numbers, float)
    return pd.DataFrame(rows).astype(kinds)


def recommended(
    questionnaire: Questionnaire,
    answers: Iterable[Answer],
    found: Sequence[Evidence],
    made: Iterable[Recommendation],
) -> pd.DataFrame:
    """What to do next, for whoever gave these answers.

    Returns:
        rank, question, asks, pillar, said (the answer in words), answered, measured, level (where
        one stands), at (what that level looks like), next (level above), shows (its evidence),
        does, to, own, unlocked, effect, effort, worth, see, by, unlocks (questions made easier,
        with a gap of their own), instead (rank of an earlier step to the same gain; 0: none).
    """
    import pandas as pd

    told, rows = tuple(answers), []
    by_name = {question.name: question for question in questionnaire.questions}
    first: dict[str, int] = {}
    for rank, one in enumerate(made, 1):
        question = by_name[one.question]
        at = floor(one.level)
        rows.append(
            {
                "rank": rank,
                **vars(one),
                "asks": question.asks,
                "said": said(told, question),
                "at": question.levels[at - 1],
                "next": at + 1,
                "shows": question.levels[at],
                "unlocks": _unlocks(questionnaire, question, one, found),
                "instead": first.get(one.question, 0),
            }
        )
        first.setdefault(one.question, rank)
    columns = ["rank", *Recommendation.__dataclass_fields__, "asks", "said", "at", "next", "shows"]
    return pd.DataFrame(rows, columns=[*columns, "unlocks", "instead"])


def told(
    questionnaire: Questionnaire,
    answers: Iterable[Answer],
    made: Sequence[Score],
    found: Iterable[Evidence],
    wanted: Sequence[Recommendation],
) -> dict[str, Any]:
    """The figures of a sentence.

    Returns:
        score, low, high, answered, asked, target; weakest (pillar, None where none is scored);
        more (questions of which more is said than shown), sure (of these, more than chance may
        do), less, agree, measured, unknown (counts);
        open (questions that nobody answered and nothing shows); lowest (of what the data show,
        the earliest asked of several; None where nothing is measured); first (what to do
        first; None where nothing is left); leap (the level to which that leads, by question).
    """
    rows = list(found)
    whole = made[0]
    pillars = [one for one in made if one.by == "pillar" and one.score is not None]
    gaps = [row.gap for row in rows if row.gap is not None]
    return {
        **{name: getattr(whole, name) for name in ("score", "low", "high", "answered", "asked")},
        "target": questionnaire.target,
        "weakest": min(pillars, key=lambda one: one.score or 0.0, default=None),
        "more": sum(gap >= 1 for gap in gaps),
        "sure": sum(row.gap is not None and row.gap >= 1 and _beyond(row) for row in rows),
        "less": sum(gap <= -1 for gap in gaps),
        "agree": sum(-1 < gap < 1 for gap in gaps),
        "measured": sum(row.measured is not None for row in rows),
        "unknown": sum(row.measured is None and bool(row.figure) for row in rows),
        "open": [row.question for row in rows if ranking.level(row) is None],
        "lowest": min(
            (row for row in rows if row.measured is not None),
            key=lambda row: row.measured or 0,
            default=None,
        ),
        "first": wanted[0] if wanted else None,
        "leap": {wanted[0].question: wanted[0].to} if wanted else {},
    }


def checked(
    questionnaire: Questionnaire,
    answers: Iterable[Answer],
    made: Sequence[Score],
    found: Iterable[Evidence],
    wanted: Sequence[Recommendation],
) -> pd.DataFrame:
    """What must hold of an assessment: check, says, holds."""
    import pandas as pd

    rows, teams = list(found), [one for one in made if one.by == "team"]
    blank = unanswered(questionnaire, answers)
    whole = made[0]
    inside = [one for one in made if one.score is None or one.low <= one.score <= one.high]
    guessed = [row for row in rows if row.measured is not None and row.value is None]
    silent = [row for row in rows if row.measured is None and not row.why]
    falling = [a.worth >= b.worth for a, b in pairwise(wanted)]
    cells = sum(one.answered for one in teams), sum(one.asked for one in teams)
    return pd.DataFrame(
        [
            (
                "Answered and not add up to what is asked",
                f"{whole.answered} and {len(blank)} of {whole.asked}",
                whole.answered + len(blank) == whole.asked,
            ),
            (
                "Teams count each answer once",
                f"{cells[0]} of {cells[1]}",
                cells == (whole.answered, whole.asked),
            ),
            (
                "Scores lie within their bounds",
                f"{len(inside)} of {len(made)}",
                len(inside) == len(made),
            ),
            ("No level without a figure", f"{len(guessed)} are", not guessed),
            ("What is not known says why", f"{len(silent)} do not", not silent),
            ("The most effect a day comes first", f"{len(wanted)} steps", all(falling)),
        ],
        columns=["check", "says", "holds"],
    )


def _beyond(row: Evidence) -> bool:
    """Whether more is said than chance may make of the figure."""
    return row.best is not None and row.answered is not None and row.answered > row.best


def _target(questionnaire: Questionnaire, question: Question) -> float:
    return 1 + questionnaire.target / 100 * (question.top - 1)


def _unlocks(
    questionnaire: Questionnaire,
    question: Question,
    made: Recommendation,
    found: Iterable[Evidence],
) -> list[str]:
    stands = {row.question: ranking.level(row) for row in found}
    step = next(s for s in question.steps if s.does == made.does and s.to == made.to)
    by_name = {one.name: one for one in questionnaire.questions}
    return [
        name
        for name in step.unlocks
        if (at := stands[name]) is not None and at < _target(questionnaire, by_name[name])
    ]
