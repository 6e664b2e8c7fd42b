"""Hazards: the chance that somebody leaves, from any table of rows with an outcome.

Of person-months it is the discrete-time hazard; of one row a person it is the chance to have left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import designs, logistic
from spmlib.motivate.attrition.designs import Design
from spmlib.motivate.attrition.frames import frame, needed
from spmlib.motivate.attrition.logistic import Maximum
from spmlib.motivate.attrition.outcomes import outcomes

if TYPE_CHECKING:
    import polars as pl

GROUPS = {  # of the features of person-months
    "pay_change": "pay", "payout_12m": "pay", "payout_trend": "pay",
    "compa_ratio": "pay_position",
    "attainment_last": "attainment", "attainment_3m": "attainment",
    "attainment_12m": "attainment", "attainment_fall": "attainment", "below_months": "attainment",
    "quota_change": "quota", "manager_changed": "manager", "territory_moved": "territory",
    "disputes_open": "disputes", "disputes_rejected": "disputes",
    "tenure": "tenure", "role": "role", "season": "season",
}  # fmt: skip
FEATURES = tuple(GROUPS)  # of person-months; identities are none
LEAST = 30  # leavers, where no policy says otherwise
PENALTIES = (1.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
FOLDS, KEPT = 5, 0.75  # folds of rows without time; part of the time that is learnt from


@dataclass(frozen=True)
class Hazard:
    """A fitted chance of leaving.

    Attributes:
        design: how rows become columns.
        found: coefficients and curvature.
        groups: of each column after the constant.
        penalty: chosen.
        chosen: how: "out of time", "cross-validated" or "given".
        losses: log loss of a row by penalty, where it was chosen.
        rows, leavers: learnt from.
        told: what was done to the table, a sentence each.
    """

    design: Design
    found: Maximum
    groups: tuple[str, ...]
    penalty: float
    chosen: str
    losses: Mapping[float, float]
    rows: int
    leavers: int
    told: tuple[str, ...]

    def chances(self, rows: Any) -> Floats:
        """The chance of each row."""
        columns = self.design.columns(frame(rows))
        return logistic.chances(columns @ self.found.coefficients)

    @property
    def coefficients(self) -> pl.DataFrame:
        """Each column's group and coefficient [log odds for one standard deviation]."""
        import polars as pl

        names = ["constant", *self.design.names]
        groups = ["", *self.groups]
        return pl.DataFrame(
            {"column": names, "group": groups, "coefficient": self.found.coefficients}
        )


def fitted(
    table: Any,
    outcome: str = "left",
    features: Sequence[str] | None = None,
    *,
    protected: Sequence[str] = (),
    groups: Mapping[str, str] | None = None,
    person: str | None = None,
    time: str | None = None,
    penalties: Sequence[float] = PENALTIES,
    least: int = LEAST,
    seed: int = 33,
) -> Hazard:
    """A ridge logistic regression, its penalty chosen on rows that it was not learnt from.

    Args:
        table: rows; those with an empty outcome are left out if there is a `time`.
        outcome: its column: yes/no, true/false, 1/0.
        features: columns to use; all others if not given.
        protected: columns that are refused if named, and left out otherwise.
        groups: group of each feature, for reasons; itself if not given.
        person: column of the person; rows of one person are never parted.
        time: column of the month; the penalty is then chosen on later months.
        penalties: tried; one alone is taken as it is.
        least: fewest leavers, and stayers.
        seed: of folds.

    Raises:
        ParameterError: too few left or stayed, a person comes twice in a month, or as
            `designs.design` and `outcomes.outcomes`.
    """
    rows, y = ready(table, outcome, person, time, least)
    keys = [name for name in (outcome, person, time) if name]
    made = designs.design(rows, features, protected, keys)
    named = tuple(designs.grouped(made, groups))
    columns = made.columns(rows)
    chosen, losses, how = _penalty(columns, y, rows, person, time, penalties, seed)
    found = logistic.maximum(columns, y, chosen)
    told = (*made.told, *_twins(rows, person, time))
    leavers = int(y.sum())
    return Hazard(made, found, named, chosen, how, losses, len(rows), leavers, told)


def ready(
    table: Any, outcome: str, person: str | None, time: str | None, least: int = LEAST
) -> tuple[pl.DataFrame, Floats]:
    """The rows with an outcome, and the outcomes; refused where there is too little to learn.

    Raises:
        ParameterError: see `fitted`.
    """
    import polars as pl

    rows = frame(table)
    needed(rows, [name for name in (outcome, person, time) if name], "table")
    if time:
        rows = rows.filter(pl.col(outcome).is_not_null())
    for name in (person, time):
        if name and rows[name].null_count():
            row = int(rows[name].is_null().arg_max() or 0) + 1
            raise ParameterError(f"table, row {row}: '{name}' is empty; write it or leave it out.")
    if person and time:
        twice = rows.filter(pl.struct(person, time).is_duplicated())
        if len(twice):
            who, when = twice.row(0, named=True)[person], twice.row(0, named=True)[time]
            raise ParameterError(
                f"table: {who} comes twice in {when}; give each person and month one row."
            )
    if rows.is_empty():
        raise ParameterError("table: no row has an outcome; give rows of months that are over.")
    y = outcomes(rows, outcome)
    left, stayed = int(y.sum()), int(len(y) - y.sum())
    if left < max(least, 1):
        raise ParameterError(
            f"outcome '{outcome}': {left} left among {len(y)} rows, and a hazard needs "
            f"{max(least, 1)}; tell rates of groups instead (rates.group_rates)."
        )
    if stayed < max(least, 1):
        raise ParameterError(
            f"outcome '{outcome}': {stayed} stayed among {len(y)} rows, and a hazard needs "
            f"{max(least, 1)}; is the outcome the right way round?"
        )
    return rows, y


def folds(rows: pl.DataFrame, person: str | None, count: int = FOLDS, seed: int = 33) -> Whole:
    """The fold of each row: a person's rows, and rows that are the same, are never parted."""
    numbers = numbered(rows, person)
    drawn = np.random.default_rng(seed).permutation(int(numbers.max()) + 1) % count
    return np.asarray(drawn[numbers])


def numbered(rows: pl.DataFrame, person: str | None) -> Whole:
    """A number from 0 for each person; without persons, for each row that is different."""
    import polars as pl

    key = pl.col(person) if person else pl.struct(pl.all())
    ranked = rows.select(key.rank("dense").cast(pl.Int64) - 1).to_series() if person else None
    if ranked is None:
        ranked = rows.hash_rows(seed=0).rank("dense").cast(pl.Int64) - 1
    return ranked.to_numpy()


def _penalty(
    columns: Floats, y: Floats, rows: pl.DataFrame, person: str | None, time: str | None,
    penalties: Sequence[float], seed: int,
) -> tuple[float, dict[float, float], str]:  # fmt: skip
    """The penalty whose chances tell rows best that it was not learnt from."""
    if len(penalties) == 1:
        return float(penalties[0]), {}, "given"
    parts = _later(rows, y, time) if time else []
    how = "out of time" if parts else "cross-validated"
    if not parts:
        fold = folds(rows, person, seed=seed)
        parts = [(fold != k, fold == k) for k in range(FOLDS)]
    losses = {float(penalty): 0.0 for penalty in penalties}
    for learn, judge in parts:
        begin = None
        for penalty in sorted(losses, reverse=True):
            found = logistic.maximum(columns[learn], y[learn], penalty, begin=begin, enough=1e-3)
            begin = found.coefficients
            chance = logistic.chances(columns[judge] @ begin)
            losses[penalty] += logistic.log_loss(y[judge], chance) * judge.sum()
    told = {penalty: loss / sum(j.sum() for _, j in parts) for penalty, loss in losses.items()}
    return min(told, key=lambda penalty: told[penalty]), told, how


def _later(rows: pl.DataFrame, y: Floats, time: str) -> list[tuple[Any, Any]]:
    """Rows of earlier months and of later ones, where both have leavers; else nothing."""
    months = rows[time].rank("dense").to_numpy()
    learn = months <= KEPT * months.max()
    enough = y[learn].sum() >= 5 and y[~learn].sum() >= 5
    return [(learn, ~learn)] if enough else []


def _twins(rows: pl.DataFrame, person: str | None, time: str | None) -> list[str]:
    if person and time:
        return []
    twins = int(rows.is_duplicated().sum())
    if not twins:
        return []
    return [f"{twins} rows have a twin that is the same; twins are judged together."]
