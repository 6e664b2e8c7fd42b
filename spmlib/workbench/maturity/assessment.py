"""Maturity: a company's answers beside what its own tables and closes say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spmlib.revops.maturity import answers, evidence, readings, recommendations, scores, written
from spmlib.revops.maturity.answers import Answer
from spmlib.revops.maturity.evidence import Evidence
from spmlib.revops.maturity.figures import Figure
from spmlib.revops.maturity.recommendations import Recommendation
from spmlib.revops.maturity.scores import Score
from spmlib.revops.maturity.written import Questionnaire
from spmlib.workbench.maturity import measured
from spmlib.workbench.maturity.year import Year
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd

FILE, ANSWERS = "policies/maturity.yaml", "maturity.yaml"


@dataclass(frozen=True)
class Maturity:
    """All that is answered and known of a company."""

    questionnaire: Questionnaire
    answers: tuple[Answer, ...]
    figures: dict[str, Figure]

    def scores(self) -> list[Score]:
        """As `scores.scores`."""
        return scores.scores(self.questionnaire, self.answers)

    def evidence(self, **more: Figure | float | None) -> list[Evidence]:
        """As `evidence.evidence`; more: figures that are known from elsewhere."""
        return evidence.evidence(self.questionnaire, self.answers, self.figures | more)

    def recommendations(self, **more: Figure | float | None) -> list[Recommendation]:
        """As `recommendations.recommendations`."""
        return recommendations.recommendations(self.questionnaire, self.evidence(**more))

    def answered(self, given: Iterable[Answer]) -> Maturity:
        """The same, answered otherwise."""
        return replace(self, answers=answers.checked(given, self.questionnaire))

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """What is shown, as tables: scores, cells, evidence, recommended."""
        found, wanted = self.evidence(), self.recommendations()
        return {
            "scores": readings.scores(self.scores(), self.questionnaire),
            "cells": readings.cells(self.questionnaire, self.answers, found),
            "evidence": readings.evidence(self.questionnaire, self.answers, found),
            "recommended": readings.recommended(self.questionnaire, self.answers, found, wanted),
        }

    def told(self) -> dict[str, Any]:
        """The figures of a sentence: as `readings.told`."""
        return readings.told(self.questionnaire, self.answers, self.scores(), self.evidence(),
                             self.recommendations())  # fmt: skip

    def checked(self) -> pd.DataFrame:
        """What must hold: as `readings.checked`."""
        return readings.checked(self.questionnaire, self.answers, self.scores(), self.evidence(),
                                self.recommendations())  # fmt: skip


def known(bench: Workbench, period: str, measure: str = "", currency: str = "") -> Maturity:
    """What is answered, and known of the year to the end of a period.

    Args:
        bench: the company.
        period: the last of the year.
        measure: a sum whose forecast is judged; empty: none is.
        currency: of that forecast; the one most booked in if empty.

    Raises:
        ParameterError: a file is wrong, or there is no such period or measure.
    """
    bench.refuse_period(period)
    asked = written.read(bench.folder / FILE)
    path = bench.folder / ANSWERS
    given = answers.read(path, asked) if path.exists() else ()
    return Maturity(asked, given, measured.measured(Year(bench, period, measure, currency)))
