"""Checks: what must hold of the audit, so that a page can show that it does."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from spmlib.incent.gaming.cliffs import cliffs
from spmlib.incent.gaming.findings import Audit, first_day
from spmlib.incent.gaming.paid import of_component

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def checks(audit: Audit, found: pd.DataFrame) -> pd.DataFrame:
    """What must hold of the audit: check, says, holds."""
    import pandas as pd

    sums = [
        all(sum(made.sums[0]) == sum(made.sums[1]) for made, _, _ in audit.timings.values()),
        all(made.gain >= 0 and made.proven for made, _, _ in audit.timings.values()),
        bool(found["amount"].is_monotonic_decreasing),
        bool(found["source"].str.contains(r"\.yaml:\d+").all()),
        bool((found.loc[found["payee_id"].notna(), "p_adjusted"] <= audit.decided.sure).all()),
        _jumps(audit),
    ]
    names = [
        "Timing moves deals between windows and loses none",
        "No timing pays less than booking as it comes, and none better exists",
        "The dearest finding comes first",
        "Every finding names file and line",
        "Nobody is named whose sign is not sure enough",
        "Each jump is pay at the threshold less pay just below it",
    ]
    timed_ = len(audit.timings)
    many, named = len(found), int(found["payee_id"].notna().sum())
    says = [
        *[f"{timed_} pipelines", f"{timed_} pipelines", f"{many} findings", f"{many} findings"],
        *[f"{named} signs", "all curves in force"],
    ]
    return pd.DataFrame({"check": names, "says": says, "holds": sums})


def _jumps(audit: Audit) -> bool:
    """Whether the jumps of every curve of the company are differences of its own values."""
    made = []
    for row in _latest(audit).to_dicts():
        component = audit.parameters.plans[row["plan"]].components[row["component"]]
        if component.matrix is not None or row["stick"] <= 0:
            continue
        stick = Fraction(str(row["stick"]))
        paid = of_component(component, first_day(audit), stick, Fraction(str(row["pay"])), cell=0)
        tiny = Fraction(1, 10**9)
        sign = -1 if paid.boundary == "upper" else 1
        for cliff in cliffs(paid):
            if paid.by_deal or cliff.at <= 0:
                continue
            gap = paid.at(cliff.at) - paid.at(cliff.at + sign * tiny)
            made.append(abs(-sign * gap - cliff.jump) < Fraction(1, 10**3))
    return all(made)


def _latest(audit: Audit) -> pl.DataFrame:
    import polars as pl

    return audit.ends.group_by("plan", "component").agg(pl.col("stick", "pay").last()).sort("plan")
