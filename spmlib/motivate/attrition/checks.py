"""Checks: what must hold of an insight, so that a page can show that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.motivate.attrition import reasons
from spmlib.motivate.attrition.insights import Insight
from spmlib.motivate.attrition.protected import barred

if TYPE_CHECKING:
    import pandas as pd


def of_rows(insight: Insight) -> pd.DataFrame:
    """What must hold of person-months: check, says, holds."""
    import pandas as pd
    import polars as pl

    rows = insight.rows
    gone = rows.filter(pl.col("left") == 1)
    after = rows.join(gone.select("payee_id", last="month"), on="payee_id")
    later = after.filter(pl.col("month") > pl.col("last"))
    every, by_role = insight.rates(), insight.rates("role")
    named = [name for name in insight.features if barred(name, insight.decided.protected)]
    made = [
        ("Each person and month has one row", f"{len(rows):,} rows",
         not rows.select("payee_id", "month").is_duplicated().any()),
        ("Nobody has a row after leaving", f"{len(gone):,} left", later.is_empty()),
        ("Rates of groups count no more leavers than there are", f"{every['left'][0]} left",
         by_role["left"].sum() <= every["left"][0]),
        ("No protected column is learnt from", f"{len(insight.features)} features",
         not named),
    ]  # fmt: skip
    return pd.DataFrame(made, columns=["check", "says", "holds"])


def of_people(insight: Insight) -> pd.DataFrame:
    """What must hold of chances, reasons and figures: check, says, holds."""
    import pandas as pd
    import polars as pl

    risks, people, decided = insight.risks, insight.people, insight.decided
    wide = risks.sort("payee_id", "months").group_by("payee_id", maintain_order=True)
    steps = wide.agg(rises=(pl.col("chance").diff().fill_null(0) >= 0).all())["rises"]
    inside = (risks["low"] <= risks["chance"]) & (risks["chance"] <= risks["high"])
    _, parts = reasons.contributions(insight.hazard, people)
    odds = insight.hazard.design.columns(people) @ insight.hazard.found.coefficients
    added = np.allclose(parts.sum(axis=1), odds - odds.mean())
    said = insight.reasons.filter(told="yes")
    made = [
        ("A longer time has no smaller chance", f"{len(steps):,} people", steps.all()),
        ("Each chance lies in its interval", f"{len(risks):,} chances", inside.all()),
        ("Reasons add up to what is above the average", f"{parts.shape[1]} groups", added),
        ("No reason is told that refits do not agree on", f"{len(said):,} reasons",
         bool((said["stable"] >= decided.stable).all())),
        ("What judges is later than what was learnt", f"from {insight.evaluation.cut:%B %Y}",
         insight.evaluation.kind == "out of time"),
    ]  # fmt: skip
    return pd.DataFrame(made, columns=["check", "says", "holds"])
