"""Differences: whose pay is not explained by role, level, place and tenure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from spmlib.core.company import Company
from spmlib.incent.benchmarking.aims import worth
from spmlib.incent.benchmarking.regressions import unexplained
from spmlib.incent.benchmarking.written import Policy

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

KINDS, AMOUNTS = ("role", "level", "place"), ("tenure",)


def differences(
    people: pl.DataFrame, company: Company, currency: str, day: date, policy: Policy
) -> pd.DataFrame:
    """Everybody's pay beside what people of the same role, level, place and tenure are paid.

    Private: one row for each person. Pages show how many lie outside.

    Args:
        people: as `people.people`, or `matches.matched`.
        company: whose rates hold.
        currency: to read pay in.
        day: of the rates.
        policy: how sure it is said.

    Returns:
        payee_id, role, and as `regressions.unexplained` [currency]; the farthest outside first.
    """
    known = people.filter(people["pay"].is_not_null())
    rows = known.to_pandas()
    rows["pay"] = rows["pay"] * worth(known, company, currency, day)
    made = unexplained(rows, "pay", KINDS, AMOUNTS, policy.sure)
    made.insert(0, "role", rows["role"])
    made.insert(0, "payee_id", rows["payee_id"])
    far = made["ratio"].abs().fillna(0.0)
    order = made.assign(far=far).sort_values(["outside", "far"], ascending=False).index
    return made.loc[order].reset_index(drop=True)
