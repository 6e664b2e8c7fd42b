"""Insights: what may be said of a company, from its person-months: rates, or more.

Off, or with too few leavers, it is rates of groups and the reason why. Otherwise chances with their
intervals, reasons, and the evaluation that says whether to believe them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import (
    evaluations,
    fairness,
    hazards,
    horizons,
    leaks,
    months,
    rates,
    reasons,
    survival,
)
from spmlib.motivate.attrition.evaluations import Evaluation
from spmlib.motivate.attrition.frames import frame, keyed, needed
from spmlib.motivate.attrition.hazards import Hazard
from spmlib.motivate.attrition.horizons import Horizons
from spmlib.motivate.attrition.written import Decisions

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Insight:
    """What may be said of a company.

    Attributes:
        rows: person-months.
        decided: what the company decided.
        features, groups: learnt from, and the group of each.
    """

    rows: pl.DataFrame
    decided: Decisions
    features: tuple[str, ...]
    groups: Mapping[str, str]

    @property
    def leavers(self) -> int:
        """How many left."""
        return int(self.rows["left"].sum() or 0)

    @property
    def why_rates(self) -> str:
        """Why only rates of groups are told; empty if more is."""
        told = self.decided
        why = []
        if not told.enabled:
            place = told.places.get("enabled", "attrition.yaml")
            why.append(f"attrition insight is off ({place}: `enabled: no`)")
        if self.leavers < told.leavers:
            place = told.places.get("least", "attrition.yaml")
            why.append(
                f"{self.leavers} left, and below {told.leavers} ({place}) chances of single people "
                "would be made of luck"
            )
        return ", and ".join(why)

    @property
    def level(self) -> str:
        """rates, or people."""
        return "rates" if self.why_rates else "people"

    def rates(self, by: str | None = None) -> pl.DataFrame:
        """Leavers for a person's year, by group: `rates.group_rates`."""
        return rates.group_rates(self.rows, by, self.decided.people, self.decided.sure)

    def survival(self, by: str) -> pl.DataFrame:
        """Survival by tenure and group: `survival.by_group`."""
        return survival.by_group(self.rows, by, self.decided.people, self.decided.sure)

    @cached_property
    def hazard(self) -> Hazard:
        """The monthly hazard.

        Raises:
            ParameterError: only rates may be told.
        """
        self._refuse()
        return hazards.fitted(
            self.rows, "left", self.features, protected=self.decided.protected, groups=self.groups,
            person="payee_id", time="month", penalties=self.decided.penalties,
            least=self.decided.leavers, seed=self.decided.seed,
        )  # fmt: skip

    @cached_property
    def horizons(self) -> Horizons:
        """Chances of spans ahead."""
        self._refuse()
        return horizons.fitted(
            self.rows, self.features, self.decided.horizons, protected=self.decided.protected,
            penalties=self.decided.penalties_ahead,
        )  # fmt: skip

    @cached_property
    def people(self) -> pl.DataFrame:
        """The rows of those who are there in the last month."""
        return months.latest(self.rows)

    @cached_property
    def risks(self) -> pl.DataFrame:
        """Everybody's chances: the table `AttritionRisks`."""
        told = self.decided
        return horizons.risks(self.horizons, self.people, told.sure, told.draws, told.seed)

    @cached_property
    def refits(self) -> Floats:
        """Coefficients of refits on people drawn anew."""
        told = self.decided
        return reasons.refits(self.hazard, self.rows, runs=told.runs, seed=told.seed)

    @cached_property
    def reasons(self) -> pl.DataFrame:
        """Everybody's reasons: the table `AttritionReasons`."""
        told = self.decided
        return reasons.reasons(
            self.hazard, self.people, self.refits, top=told.top, stable=told.stable,
            changeable=told.changeable,
        )  # fmt: skip

    @cached_property
    def evaluation(self) -> Evaluation:
        """How good chances were out of time: `evaluations.out_of_time`."""
        self._refuse()
        return evaluations.out_of_time(self.rows, self.decided, self.features, self.groups)

    @cached_property
    def leaks(self) -> pl.DataFrame:
        """Figures that are too good to be true: `leaks.leaks`."""
        told = self.decided
        return leaks.leaks(
            self.rows, "left", self.features, time="month", limit=told.together, alone=told.alone,
            together=float(self.evaluation.figure()["auc"]),
        )  # fmt: skip

    def flag_rates(self, groups: Any, months: int | None = None) -> pl.DataFrame:
        """How often protected groups are flagged: `fairness.flag_rates`.

        Args:
            groups: payee_id and columns of protected groups.
            months: horizon by whose chance people are flagged; the last if not given.
        """
        import polars as pl

        told = self.decided
        rows = self.risks.filter(pl.col("months") == (months or told.horizons[-1]))
        flags = rows.select("payee_id").with_columns(
            flagged=pl.Series(fairness.flagged(rows["chance"].to_numpy(), told.flagged))
        )
        named = [name for name in frame(groups).columns if name != "payee_id"]
        return fairness.flag_rates(flags, groups, named, told.people, told.four_fifths, told.sure)

    def curves(self, by: str) -> pl.DataFrame:
        """The mean chance to be still there, month by month ahead, by group of the people there.

        Returns:
            group, people, months (from 0), stays, low, high (quantiles of people, not of chance).
        """
        import numpy as np
        import polars as pl

        stay = self.horizons.curves(self.people)
        words = self.people[by].cast(pl.String).fill_null("not told").to_numpy()
        made = []
        for word in sorted(set(words)):
            own = stay[words == word]
            if len(own) < self.decided.people:
                continue
            low, high = np.quantile(own, (0.1, 0.9), axis=0)
            made.append(
                pl.DataFrame({"months": np.arange(own.shape[1]), "stays": own.mean(axis=0),
                              "low": low, "high": high})
                .with_columns(group=pl.lit(str(word)), people=pl.lit(len(own)).cast(pl.Int64))
            )  # fmt: skip
        return pl.concat(made).select("group", "people", "months", "stays", "low", "high")

    def _refuse(self) -> None:
        if self.why_rates:
            raise ParameterError(f"{self.why_rates}; tell rates of groups instead.")


def insight(
    rows: Any,
    decided: Decisions,
    features: Sequence[str] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Insight:
    """What may be said of a company.

    Args:
        rows: person-months, as `months.person_months`; with further columns if they are features.
        decided: the policy.
        features: columns to learn from; those of person-months that hold anything if not given.
        groups: of the features.
    """
    told = keyed(frame(rows), "person-months", ("month",))
    needed(told, ("payee_id", "month", "left"), "person-months")
    if features is None:
        features = [
            name
            for name in hazards.FEATURES
            if name in told.columns and told[name].null_count() < len(told)
        ]
    return Insight(told, decided, tuple(features), groups or hazards.GROUPS)
