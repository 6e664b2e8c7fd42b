"""Readings: what a page shows of attrition, as pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import evaluations
from spmlib.motivate.attrition.fairness import flagged
from spmlib.motivate.attrition.insights import Insight

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

LUCK = 0.5  # area under the curve of chances that know nothing
FLAGS = {"manager_changed": "manager", "territory_moved": "territory"}


def told(insight: Insight) -> dict[str, Any]:
    """The company in figures: people, left, months, rate, low, high, why (only rates are told)."""
    rates = insight.rates()
    if rates.is_empty():
        raise ParameterError(
            f"person-months: fewer than {insight.decided.people} people were there in a month that "
            "is over; give more months."
        )
    row = rates.row(0, named=True)
    months = insight.rows.filter(insight.rows["left"].is_not_null())["month"].n_unique()
    why = insight.why_rates or doubt(insight).rstrip(".")
    figures = {name: row[name] for name in ("people", "left", "rate", "low", "high")}
    return figures | {"months": months, "why": why}


def staying(insight: Insight, by: str) -> pd.DataFrame:
    """Kaplan and Meier's curves by tenure, ready to be drawn: group, months, stays, low, high."""
    import polars as pl

    curve = insight.survival(by).select(
        "group",
        pl.col("duration").alias("months"),
        pl.col("survival").alias("stays"),
        "low",
        "high",
    )
    begin = (
        curve.select("group")
        .unique(maintain_order=True)
        .with_columns(months=pl.lit(0.0), stays=pl.lit(1.0), low=pl.lit(1.0), high=pl.lit(1.0))
    )
    made = pl.concat([begin, curve]).sort("group", "months")
    return made.to_pandas()


def ahead(insight: Insight, by: str) -> pd.DataFrame:
    """Mean chances to be still there in the months ahead, with the middle 80 % of people.

    Of manager_changed and territory_moved: who has a new one, and who the same.
    """
    made = insight.curves(by)
    if by in FLAGS:
        named = {"1.0": f"new {FLAGS[by]}", "0.0": f"same {FLAGS[by]}"}
        made = made.with_columns(made["group"].replace(named))
    return made.to_pandas()


def figures(insight: Insight) -> pd.DataFrame:
    """How good chances were out of time, method by method."""
    return insight.evaluation.figures.to_pandas()


def headline(insight: Insight) -> dict[str, Any]:
    """The hazard's figures of a month, and the better of the plain ones beside it."""
    made = insight.evaluation
    plain = [
        made.figure(name)
        for name in (evaluations.RULE, evaluations.KM)
        if name in made.figures["name"].to_list()
    ]
    best = max(plain, key=lambda row: float(row["auc"]))
    return made.figure() | {"plain": best["name"], "plain_auc": best["auc"], "rule": made.rule}


def doubt(insight: Insight) -> str:
    """Why chances should not be believed, in a sentence; empty where later months bear them out.

    They are in doubt where their AUC may be that of luck, or where a plain figure does as well.
    """
    try:
        made = headline(insight)
    except ParameterError as error:
        return f"Chances could not be judged on later months: {error}"
    figure = f"AUC {made['auc']:.2f}, {made['auc_low']:.2f} to {made['auc_high']:.2f}"
    if made["auc_low"] <= LUCK:
        return f"On later months chances told leavers no better than luck may ({figure})."
    if made["plain_auc"] >= made["auc"]:
        return f"On later months {made['plain'].lower()} did as well ({figure})."
    return ""


def first(people: pl.DataFrame) -> dict[str, Any]:
    """The person with whom most is at risk.

    Raises:
        ParameterError: there is nobody.
    """
    if people.is_empty():
        raise ParameterError("people: there is nobody to be shown.")
    return people.row(0, named=True)


def best(people: pl.DataFrame, share: float) -> dict[str, Any]:
    """How many of the best of their roles are among those most likely to leave.

    Args:
        people: payee_id, chance, value, at_risk, top_performer.
        share: of all people, the likeliest.

    Returns:
        best, likely (how many of them are among the likeliest), at_risk (with those).
    """
    import polars as pl

    marked = people.with_columns(flag=pl.Series(flagged(people["chance"].to_numpy(), share)))
    top = marked.filter(pl.col("top_performer") == "yes")
    likely = top.filter(pl.col("flag") == 1)
    return {"best": len(top), "likely": len(likely), "at_risk": float(likely["at_risk"].sum())}
