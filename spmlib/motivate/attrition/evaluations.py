"""Evaluations: how good the chances were, on later months that nothing was learnt from.

Never on random rows where there is time: rows of a person are alike, and a random split shows what
it has seen. Beside each figure stand what it was on the rows learnt from, the one-rule baseline,
and the rates of groups by tenure, which are Kaplan and Meier's hazards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import (
    boosting,
    designs,
    hazards,
    horizons,
    rules,
    scores,
)
from spmlib.motivate.attrition.frames import frame, keyed, needed
from spmlib.motivate.attrition.hazards import Hazard
from spmlib.motivate.attrition.written import Decisions

if TYPE_CHECKING:
    import polars as pl

HAZARD, SEEN, RULE, KM, TREES = (
    "Hazard", "Hazard, in sample", "One rule", "Kaplan-Meier, by tenure", "Boosted trees",
)  # fmt: skip
FEWEST = 5  # leavers on later months, below which nothing is judged


@dataclass(frozen=True)
class Evaluation:
    """How good chances were.

    Attributes:
        kind: "out of time" or "cross-validated".
        figures: name, span, rows, left, and the fields of `Scores`.
        calibration: of the hazard, as `scores.calibration`.
        rule: the one rule, in words.
        cut: first month that judges; none if cross-validated.
        told: what is to be known, a sentence each.
    """

    kind: str
    figures: pl.DataFrame
    calibration: pl.DataFrame
    rule: str
    cut: Any
    told: tuple[str, ...]

    def figure(self, name: str = HAZARD, span: str = "a month") -> dict[str, Any]:
        """One row of the figures.

        Raises:
            ParameterError: there is none of that name and span.
        """
        import polars as pl

        rows = self.figures.filter(pl.col("name") == name, pl.col("span") == span)
        if rows.is_empty():
            raise ParameterError(f"no figures of '{name}' for {span}; see `figures`.")
        return rows.row(0, named=True)


def out_of_time(
    table: Any,
    decided: Decisions,
    features: Sequence[str] = hazards.FEATURES,
    groups: Mapping[str, str] | None = None,
) -> Evaluation:
    """Learnt from earlier months, judged on the last ones.

    Args:
        table: as `PersonMonths`.
        decided: how many last months judge, how few leavers are too few, intervals.
        features: columns to use.
        groups: of the features.

    Raises:
        ParameterError: there are no earlier months, or too few left before or after.
    """
    import polars as pl

    rows = keyed(frame(table), "person-months", ("month",))
    needed(rows, ("payee_id", "month", "left"), "person-months")
    rows = rows.filter(pl.col("left").is_not_null()).sort("month", "payee_id")
    months = rows["month"].unique().sort()
    if len(months) <= decided.holdout:
        raise ParameterError(
            f"evaluation: {len(months)} months, and {decided.holdout} are kept to judge; give "
            "more months, or a shorter `holdout`."
        )
    cut = months[-decided.holdout]
    learn, judge = rows.filter(pl.col("month") < cut), rows.filter(pl.col("month") >= cut)
    came = judge["left"].to_numpy().astype(float)
    if came.sum() < FEWEST:
        raise ParameterError(
            f"evaluation: {int(came.sum())} left in the last {decided.holdout} months, too few to "
            "judge by; keep more months (`holdout`)."
        )
    fit = hazards.fitted(
        learn, "left", features, protected=decided.protected, groups=groups, person="payee_id",
        time="month", penalties=decided.penalties, least=decided.leavers,
    )  # fmt: skip
    said, rule, told = _said(learn, judge, fit, features, decided)
    base = float(learn["left"].to_numpy().mean())
    figures = [
        _row(name, "a month", came, chance, base, _people(judge), decided)
        for name, chance in said.items()
    ]
    seen = learn["left"].to_numpy().astype(float)
    figures.insert(
        1, _row(SEEN, "a month", seen, fit.chances(learn), base, _people(learn), decided)
    )
    figures += _ahead(rows, features, decided, cut)
    calibration = scores.calibration(came, said[HAZARD], 10, decided.sure)
    return Evaluation(
        "out of time", pl.DataFrame(figures), calibration, rule.says, cut, (*told, *fit.told)
    )


def cross_validated(
    table: Any,
    outcome: str,
    features: Sequence[str] | None = None,
    *,
    protected: Sequence[str] = (),
    person: str | None = None,
    penalties: Sequence[float] = hazards.PENALTIES,
    least: int = hazards.LEAST,
    sure: float = 0.95,
    draws: int = 400,
    seed: int = 33,
) -> Evaluation:
    """Of a table without time: each fifth judged by what was learnt from the others.

    It is no figure out of time and says so: what it shows is how well rows tell rows like them.
    Penalty and rule are chosen anew in each fold.

    Raises:
        ParameterError: as `hazards.fitted`.
    """
    import polars as pl

    rows, y = hazards.ready(table, outcome, person, None, least)
    without = [name for name in (outcome, person) if name]
    made = designs.design(rows, features, protected, without)
    asked = made.features
    fold = hazards.folds(rows, person, seed=seed)
    chance, plain, base = np.empty(len(y)), np.empty(len(y)), float(y.mean())
    for k in range(hazards.FOLDS):
        learn, judge = rows.filter(pl.Series(fold != k)), rows.filter(pl.Series(fold == k))
        fit = hazards.fitted(
            learn, outcome, asked, person=person, penalties=penalties, least=1, seed=seed
        )
        chance[fold == k] = fit.chances(judge)
        plain[fold == k] = rules.one_rule(learn, y[fold != k], asked).chances(judge)
    whole = hazards.fitted(
        rows, outcome, asked, person=person, penalties=penalties, least=least, seed=seed
    )
    who = hazards.numbered(rows, person)
    given = {"people": who, "sure": sure, "draws": draws, "seed": seed}
    figures = [
        {"name": name, "span": "a row", "rows": len(y), "left": int(y.sum())}
        | asdict(scores.scored(y, told, base, **given))  # type: ignore[arg-type]
        for name, told in ((HAZARD, chance), (SEEN, whole.chances(rows)), (RULE, plain))
    ]
    told = ("Rows have no time: figures are cross-validated, not out of time.", *made.told)
    says = rules.one_rule(rows, y, asked).says
    return Evaluation(
        "cross-validated", pl.DataFrame(figures), scores.calibration(y, chance, 10, sure), says,
        None, (*told, *whole.told),
    )  # fmt: skip


def _said(
    learn: pl.DataFrame, judge: pl.DataFrame, fit: Hazard, features: Sequence[str],
    decided: Decisions,
) -> tuple[dict[str, Floats], rules.Rule, tuple[str, ...]]:  # fmt: skip
    """The chances of each method on the months that judge, the rule, and what is to be known."""
    y = learn["left"].to_numpy().astype(float)
    asked = [name for name in features if name in fit.design.features]
    rule = rules.one_rule(learn, y, asked)
    said = {HAZARD: fit.chances(judge), RULE: rule.chances(judge)}
    if "tenure" in learn.columns:
        said[KM] = rules.group_chances(learn, y, "tenure").chances(judge)
    told: tuple[str, ...] = ()
    if y.sum() >= decided.boosting:
        said[TREES] = boosting.boosted(learn, y, asked, decided.boosting).chances(judge)
    else:
        told = (f"{int(y.sum())} left: boosted trees need {decided.boosting}, and are not shown.",)
    return said, rule, told


def _ahead(
    rows: pl.DataFrame, features: Sequence[str], decided: Decisions, cut: Any
) -> list[dict[str, Any]]:
    """Chances of the longest horizon the later months hold, said at the cut, and what came."""
    spans = [h for h in decided.horizons if h <= decided.holdout]
    if not spans:
        return []
    try:
        fit = horizons.fitted(
            rows, features, decided.horizons, protected=decided.protected,
            penalties=decided.penalties_ahead, before=cut,
        )  # fmt: skip
    except ParameterError:
        return []
    import polars as pl

    start = rows.filter(pl.col("month") == cut).sort("payee_id")
    chance = 1 - fit.stays(start)
    made = []
    for span in spans:
        came = start.select("payee_id").join(horizons.came(rows, cut, span), on="payee_id")
        y = came.sort("payee_id")["came"].to_numpy().astype(float)
        if y.sum() < FEWEST:
            continue
        past = horizons.past(rows, span, cut)
        before = past["came"].to_numpy().astype(float)
        asked = [name for name in features if name in fit.design.features]
        said = {HAZARD: chance[:, decided.horizons.index(span)]}
        said[RULE] = rules.one_rule(past, before, asked).chances(start)
        if "tenure" in past.columns:
            said[KM] = rules.group_chances(past, before, "tenure").chances(start)
        base = float(before.mean())
        made += [
            _row(name, f"{span} months", y, told, base, None, decided)
            for name, told in said.items()
        ]
    return made


def _row(
    name: str, span: str, came: Floats, chance: Floats, base: float, people: Whole | None,
    decided: Decisions,
) -> dict[str, Any]:  # fmt: skip
    told = scores.scored(came, chance, base, people, decided.sure, decided.draws, decided.seed)
    counts = {"rows": len(came), "left": int(came.sum())}
    return {"name": name, "span": span} | counts | asdict(told)


def _people(rows: pl.DataFrame) -> Whole:
    return hazards.numbered(rows, "payee_id")
