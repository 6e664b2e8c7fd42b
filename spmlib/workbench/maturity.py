"""Maturity: a company's answers beside what its own tables and closes say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from spmlib.core import engine
from spmlib.revops.maturity import answers, evidence, figures, recommendations, scores, written
from spmlib.revops.maturity.answers import Answer
from spmlib.revops.maturity.evidence import Evidence
from spmlib.revops.maturity.recommendations import Recommendation
from spmlib.revops.maturity.scores import Score
from spmlib.revops.maturity.written import Questionnaire
from spmlib.workbench import closes, disputed
from spmlib.workbench.opened import Workbench

FILE, ANSWERS = "policies/maturity.yaml", "maturity.yaml"
YEAR = timedelta(365)


@dataclass(frozen=True)
class Maturity:
    """All that is answered and known of a company at a month's end."""

    bench: Workbench
    period: str

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """What is asked."""
        return written.read(self.bench.folder / FILE)

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """What was answered; nothing where there is no file."""
        path = self.bench.folder / ANSWERS
        return answers.read(path, self.questionnaire) if path.exists() else ()

    @cached_property
    def figures(self) -> dict[str, float | None]:
        """What the company's own tables say of the year to the month's end; None: not known."""
        known = disputed.known(self.bench, self.period)
        since = known.day - YEAR
        return {
            "dispute_rate": self._dispute_rate(known.rows, since, known.day),
            "days_to_close": self._days_to_close(),
            "manual_share": self._manual_share(since, known.day),
        }

    def scores(self) -> list[Score]:
        """As `scores.scores`."""
        return scores.scores(self.questionnaire, self.answers)

    def evidence(self, **more: float | None) -> list[Evidence]:
        """As `evidence.evidence`; more: figures that come from elsewhere, as a forecast's error."""
        return evidence.evidence(self.questionnaire, self.answers, self.figures | more)

    def recommendations(self, **more: float | None) -> list[Recommendation]:
        """As `recommendations.recommendations`."""
        return recommendations.recommendations(self.questionnaire, self.evidence(**more))

    def _dispute_rate(self, rows: pl.DataFrame, since: date, day: date) -> float | None:
        """Disputes raised a statement: a person's month with pay."""
        raised = rows.filter(pl.col("raised_date").is_between(since, day, closed="right"))
        return figures.rate(len(raised), len(self._paid(since, day)))

    def _paid(self, since: date, day: date) -> pl.DataFrame:
        calendar = engine.collected(self.bench.company.calendar)
        within = calendar.filter(
            (pl.col("start_date") > since) & (pl.col("end_date") <= day + timedelta(1))
        )
        paid = engine.collected(self.bench.results.payouts)
        return paid.join(within, on="period", how="semi").select("payee_id", "period").unique()

    def _days_to_close(self) -> float | None:
        made = closes.kept(self.bench).closes()
        calendar = engine.collected(self.bench.company.calendar)
        ends = dict(zip(calendar["period"], calendar["end_date"], strict=True))
        kept = [close for close in made if close.period in ends]
        days = [date.fromisoformat(close.closed[:10]) for close in kept]
        return figures.days_to_close([ends[close.period] for close in kept], days)

    def _manual_share(self, since: date, day: date) -> float | None:
        """Lines adjusted by hand, of all lines of earnings and these."""
        by_hand = engine.collected(self.bench.company.adjustments)
        within = pl.col("event_date").is_between(since, day, closed="right")
        hand = len(by_hand.filter(within))
        earned = len(engine.collected(self.bench.results.earnings).filter(within))
        return figures.rate(hand, max(earned, hand))


def known(bench: Workbench, period: str) -> Maturity:
    """What is answered and known at the end of a period.

    Raises:
        ParameterError: there is no such period.
    """
    bench.refuse_period(period)
    return Maturity(bench, period)
