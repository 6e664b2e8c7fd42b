"""Aims: what it would cost to bring everybody up to a percentile of the market."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking import cohorts
from spmlib.incent.benchmarking.cells import hidden
from spmlib.incent.benchmarking.matches import matched, priced
from spmlib.incent.benchmarking.people import rates
from spmlib.incent.benchmarking.surveys import market
from spmlib.incent.benchmarking.written import Policy

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

ALL = "everybody"


def cost(
    people: pl.DataFrame,
    aim: np.ndarray,
    company: Company,
    policy: Policy,
    currency: str,
    day: date,
) -> pd.DataFrame:
    """What it costs to bring everybody who is paid less up to an amount, by role.

    Args:
        people: as `matches.matched`.
        aim: of each of them [their currency a year]; not a number where none is told.
        company: whose rates hold.
        policy: how few people are not shown.
        currency: to read all in.
        day: of the rates.

    Returns:
        role, people (with an aim), raised (of them), cost, pay (of all of them) [currency a year],
        share (cost over pay), shown (yes; few: too few people, or too few raised, or what would
        give them away); the dearest first, then those not shown; last all together.

    Raises:
        ParameterError: no rate leads into the currency.
    """
    import pandas as pd

    rate = worth(people, company, currency, day)
    pay = people["pay"].cast(float).fill_null(np.nan).to_numpy()
    there = np.isfinite(pay) & np.isfinite(aim)
    more = np.where(there, np.maximum(aim - pay, 0.0), 0.0) * rate
    rows = pd.DataFrame(
        {
            "role": people["role"].to_list(),
            "people": there.astype(float),
            "raised": (more > 1e-9).astype(float),
            "cost": more,
            "pay": np.where(there, pay, 0.0) * rate,
        }
    )
    summed = rows.groupby("role", as_index=False).sum()
    summed = summed[summed["people"] > 0]
    counts = summed["people"].to_numpy(float)
    raised = summed["raised"].to_numpy(float)
    few = counts > 0
    if len(counts):
        few = hidden(counts[None], policy.people)[0] | hidden(raised[None], policy.people)[0]
    total = pd.DataFrame([{"role": ALL, **summed.drop(columns="role").sum()}])
    made = summed.assign(shown=np.where(few, "few", "yes"))
    made.loc[made["shown"] == "few", ["people", "raised", "cost", "pay"]] = np.nan
    made = made.sort_values(["shown", "cost", "role"], ascending=[False, False, True])
    made = pd.concat([made, _whole(total, policy)], ignore_index=True)
    return made.assign(share=made["cost"] / made["pay"].where(made["pay"] > 0))


def _whole(total: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """All together, hidden where they, or those raised, are few."""
    people, raised = (float(total[name].iloc[0]) for name in ("people", "raised"))
    few = people < policy.people or 0 < raised < policy.people
    hidden_ = total.assign(**dict.fromkeys(("people", "raised", "cost", "pay"), np.nan))
    return hidden_.assign(shown="few") if few else total.assign(shown="yes")


def tried(
    company: Company,
    policy: Policy,
    people: pl.DataFrame,
    currency: str,
    day: date,
    rate: float,
    convention: str,
    percent: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The market aged otherwise, and what it would cost to reach a percentile of it.

    Args:
        company: its surveys and rates.
        policy: how they are used.
        people: as `people.people`.
        currency: to read cost in.
        day: to which surveys are aged.
        rate: by which all of the market moves in a year.
        convention: of ageing.
        percent: of the market, 10 to 90.

    Returns:
        As `cohorts.cohorts` by role, and as `cost`.
    """
    moved: Mapping[str, float] = dict.fromkeys(policy.rates, rate)
    then = market(company, policy, day, convention=convention, rates=moved)
    rows = matched(people, then, policy)
    aim = priced(rows, then, percent)
    return cohorts.cohorts(rows, ["role"], policy), cost(rows, aim, company, policy, currency, day)


def worth(people: pl.DataFrame, company: Company, currency: str, day: date) -> np.ndarray:
    """What a unit of each person's currency is worth on a day.

    Raises:
        ParameterError: no rate leads into the currency.
    """
    import polars as pl

    known = rates(company, day).filter(pl.col("to") == currency).select(currency="of", rate="rate")
    codes = people.select("currency").join(known, on="currency", how="left", maintain_order="left")
    own = pl.when(pl.col("currency") == currency).then(1.0).otherwise("rate")
    made = codes.with_columns(rate=own)
    lost = made.filter(pl.col("rate").is_null())["currency"].to_list()
    if lost:
        raise ParameterError(f"currency: no rate leads from {lost[0]} to {currency}; add one.")
    return made["rate"].to_numpy()
