"""Checks: what must hold of pay against the market and against performance: check, says, holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, Payments, Table
from spmlib.incent.benchmarking import returns
from spmlib.incent.benchmarking.cells import determined, hidden
from spmlib.incent.benchmarking.cohorts import cohorts, unmatched
from spmlib.incent.benchmarking.inequality import gini
from spmlib.incent.benchmarking.surveys import Market
from spmlib.incent.benchmarking.written import Policy
from spmlib.incent.benchmarking.years import Year
from spmlib.incent.summaries.worths import worth

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

CENT = 0.01


def of_market(
    matched: pl.DataFrame, market: Market, company: Company, policy: Policy
) -> pd.DataFrame:
    """Of pay against the market."""
    import pandas as pd
    import polars as pl

    told = unmatched(matched)
    rows = engine.collected(company.market_pay.filter(nw.col("measure") == market.measure))
    used = market.cells["surveys"].str.split(", ").list.len().sum()
    again = matched.drop_nulls("compa_ratio")
    ratio, median, pay = (again[n].to_numpy() for n in ("compa_ratio", "median", "pay"))
    off = float(np.abs(ratio * median - pay).max(initial=0.0))
    halves = again.filter(pl.col("percentile").is_not_null())
    wrong = halves.filter((pl.col("compa_ratio") >= 1) != (pl.col("percentile") >= 50))
    counts = again.group_by("role").len()["len"].to_numpy()[None]
    away = hidden(counts, policy.people)
    follows = determined(away, [np.ones_like(away)]).any()
    shown = cohorts(matched, ["role"], policy)
    few = int((shown["people"].dropna() < policy.people).sum())
    return pd.DataFrame(
        [
            (
                "Everybody has a market, or a reason",
                f"{told['people'].sum()} of {len(matched)} people",
                told["people"].sum() == len(matched),
            ),
            (
                "Rows of surveys are used or left out",
                f"{len(rows)} = {used} + {len(market.left_out)}",
                len(rows) == used + len(market.left_out),
            ),
            (
                "Compa-ratio times the market's median is pay",
                f"{off:.6f} apart at most",
                off < CENT,
            ),
            (
                "Above the median is above percentile 50",
                f"{len(wrong)} of {len(halves)} otherwise",
                wrong.is_empty(),
            ),
            (
                "No figure of few is shown, and none follows",
                f"{few} cohorts below {policy.people} people shown, {int(away.sum())} hidden",
                few == 0 and not follows,
            ),
        ],
        columns=["check", "says", "holds"],
    )


def of_performance(
    of: Year, payments: Table[Payments], company: Company, role: str, policy: Policy
) -> pd.DataFrame:
    """Of pay against performance."""
    import pandas as pd

    months = company.calendar.filter(nw.col("year") == of.name).select("period")
    every: Table[Any] = payments
    rows = every.filter(nw.col("kind") == "earned").join(months, on="period")
    paid = engine.collected(worth(rows, company, of.currency).select(nw.col("amount").sum()))
    earned = float(paid["amount"][0] or 0) / MONEY
    told = float(of.people["earned"].to_numpy().sum()) + of.others
    teams = returns.by_team(of, policy)
    whole = teams.iloc[-1]["paid"]
    shown = teams.iloc[:-1]["paid"]
    parts, known = shown.sum(), bool(shown.notna().all())
    spread = returns.attained(of, policy)
    curve = returns.lorenz(of, role, policy)
    area = np.trapezoid(curve["sold"], curve["people"])
    people = of.people.filter((of.people["role"] == role) & (of.people["part"] >= returns.HALF))
    unequal = gini((people["sold"] / people["part"]).clip(0).to_numpy())
    return pd.DataFrame(
        [
            (
                "All that was earned is somebody's",
                f"{earned:,.0f} and {told:,.0f}",
                abs(earned - told) < 1,
            ),
            (
                "Teams add up to everybody",
                f"{parts:,.0f} and {whole:,.0f}",
                not known or abs(parts - whole) < 1,
            ),
            (
                "Every window is in one bracket",
                f"{spread['count'].sum()} of {len(of.windows)}",
                spread["count"].sum() == len(of.windows),
            ),
            (
                "The Gini coefficient is the area above the Lorenz curve",
                f"{unequal:.6f} and {1 - 2 * area:.6f}",
                abs(unequal - (1 - 2 * area)) < 1e-9,
            ),
        ],
        columns=["check", "says", "holds"],
    )
