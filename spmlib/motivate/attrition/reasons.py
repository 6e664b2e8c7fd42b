"""Reasons: what raises a person's chance above the average's, by group, and whether that is sure.

A reason is told only where refits on people drawn anew agree on it; what a company can change is
told apart from what it cannot. A reason is what goes along with leaving, never proven to cause it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.tables import AttritionReasons
from spmlib.motivate.attrition import hazards, logistic
from spmlib.motivate.attrition.frames import frame
from spmlib.motivate.attrition.hazards import Hazard

if TYPE_CHECKING:
    import polars as pl

SMALL = 1e-6  # log odds that are none: what all people share, such as the season
STEPS = 2  # of Newton's, from the whole fit: a refit is as near as its spread needs


def contributions(
    fit: Hazard, rows: Any, coefficients: Floats | None = None
) -> tuple[list[str], Floats]:
    """What each group adds to each row's log odds, more than to the average row's.

    Defined as::

        sum over the group's columns of coefficient * (value - mean value of the rows)

    Returns:
        Groups, and rows x groups. A row's contributions add up to its log odds less the average.
    """
    b = fit.found.coefficients if coefficients is None else coefficients
    columns = fit.design.columns(frame(rows))[:, 1:]
    parts = (columns - columns.mean(axis=0)) * b[1:]
    names = list(dict.fromkeys(fit.groups))
    of = np.array(fit.groups)
    return names, np.stack([parts[:, of == name].sum(axis=1) for name in names], axis=1)


def refits(
    fit: Hazard, table: Any, outcome: str = "left", person: str | None = "payee_id",
    time: str | None = "month", runs: int = 60, seed: int = 33,
) -> Floats:  # fmt: skip
    """The coefficients of refits on people drawn anew, with replacement: runs x columns."""
    rows, y = hazards.ready(table, outcome, person, time, 1)
    columns = fit.design.columns(rows)
    who = hazards.numbered(rows, person)
    rng = np.random.default_rng(seed)
    count = int(who.max()) + 1
    made = []
    for _ in range(runs):
        weights = np.bincount(rng.integers(0, count, count), minlength=count)[who].astype(float)
        found = logistic.maximum(
            columns, y, fit.penalty, weights, fit.found.coefficients, steps=STEPS
        )
        made.append(found.coefficients)
    return np.stack(made)


def reasons(
    fit: Hazard,
    rows: Any,
    drawn: Floats,
    *,
    top: int = 2,
    stable: float = 0.7,
    changeable: Sequence[str] = (),
) -> pl.DataFrame:
    """Each person's reasons, the first first, and whether each is stable enough to be told.

    A group counts in a refit if it is among the first `top` and raises the chance.

    Args:
        fit: the hazard.
        rows: one row a person: payee_id and features; the average is theirs.
        drawn: coefficients, as `refits`.
        top: how many first reasons count.
        stable: share of refits from which one is told.
        changeable: groups that can be changed.

    Returns:
        The table `AttritionReasons`.
    """
    import polars as pl

    people = frame(rows)
    names, whole = contributions(fit, people)
    columns = fit.design.columns(people)[:, 1:]
    apart = columns - columns.mean(axis=0)
    of = np.array(fit.groups)
    first = np.zeros_like(whole)
    for b in drawn:
        one = np.stack([apart[:, of == n] @ b[1:][of == n] for n in names], axis=1)
        rank = (-one).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        first += (rank < top) & (one > SMALL)
    share = first / len(drawn)
    told = (share >= stable) & (whole > SMALL)
    change = ["yes" if name in changeable else "no" for name in names]
    size, many = whole.shape
    who = people["payee_id"].to_list()
    made = pl.DataFrame(
        {
            "payee_id": [name for name in who for _ in range(many)],
            "reason": names * size,
            "log_odds": whole.ravel(),
            "stable": share.ravel(),
            "told": np.where(told, "yes", "no").ravel(),
            "changeable": change * size,
        }
    )
    made = made.select(*AttritionReasons.columns())
    return made.sort("payee_id", "log_odds", "reason", descending=[False, True, False])


def summed(told: pl.DataFrame) -> pl.DataFrame:
    """Of how many people each reason is told, and what it adds to their log odds on the mean.

    Returns:
        reason, changeable, people, mean; the most people first.
    """
    import polars as pl

    yes = pl.col("told") == "yes"
    made = told.group_by("reason", "changeable").agg(
        people=yes.sum().cast(pl.Int64), mean=pl.col("log_odds").filter(yes).mean()
    )
    return made.sort("people", "reason", descending=[True, False])


def agreement(fit: Hazard, rows: Any, drawn: Floats) -> float:
    """How often two refits name the same first reason of a person, on the mean."""
    people = frame(rows)
    firsts = np.stack([contributions(fit, people, b)[1].argmax(axis=1) for b in drawn])
    same = [(firsts[k] == firsts[k + 1]).mean() for k in range(0, len(firsts) - 1, 2)]
    return float(np.mean(same))
