"""Pasts: what those on a plan were credited with, asked for and paid in a calendar year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.pay import Pay
from spmlib.core.tables import MONEY, SHARE, Quotas, Table
from spmlib.rules.estimated.earned import Sold
from spmlib.rules.estimated.plans import PlanPay


@dataclass(frozen=True)
class Past:
    """A calendar year of those on one plan.

    Attributes:
        people: who was on it, in order.
        sold: what they were credited with, one run; 0 in months that are not over.
        earned: by component: people x 12 [plan currency].
    """

    people: tuple[str, ...]
    sold: Sold
    earned: Mapping[str, Floats]


def past(plan: PlanPay, year: int, company: Company, pay: Pay) -> Past:
    """A calendar year of those on a plan, as far as its records go."""
    import polars as pl

    held, target, rate = positions(plan.name, year, company)
    people = tuple(held)
    records = engine.collected(pay.records).filter(
        pl.col("plan") == plan.name,
        pl.col("period").str.starts_with(str(year)),
        pl.col("payee_id").is_in(people),
    )
    credited = {m: np.zeros((len(people), 12)) for m in plan.measures}
    earned = {c.name: np.zeros((len(people), 12)) for c in plan.components}
    places = {name: place for place, name in enumerate(people)}
    for part in records.partition_by("component", "measure"):
        who = part["payee_id"].replace_strict(places, return_dtype=pl.Int64).to_numpy()
        month = part["period"].str.tail(2).cast(pl.Int64).to_numpy() - 1
        name, measure = part["component"][0], part["measure"][0]
        credited.setdefault(measure, np.zeros((len(people), 12)))
        credited[measure][who, month] = part["credited"].to_numpy()
        if name in earned:  # the others are only looked at, or of a plan as it was
            earned[name][who, month] = part["earned"].to_numpy()
    sold = Sold(
        {name: amounts[:, None] for name, amounts in credited.items()},
        {m: goals(company.quotas, m, people, year)[:, None] for m in credited},
        _stacked(target, people)[:, None],
        _stacked(held, people)[:, None],
        np.array([rate[person] for person in people]),
    )
    asked = {name: amounts for name, amounts in sold.goals.items() if amounts.any()}
    return Past(people, Sold(sold.credited, asked, sold.target, sold.held, sold.rate), earned)


def positions(
    plan: str, year: int, company: Company
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, float]]:
    """Who held a plan in a year: the part of each month, its target incentive, the rate."""
    import polars as pl

    rows = engine.collected(engine.open_ended(company.positions)).filter(
        pl.col("plan") == plan,
        pl.col("start_date") < date(year + 1, 1, 1),
        pl.col("end_date") > date(year, 1, 1),
    )
    held: dict[str, Floats] = {}
    target: dict[str, Floats] = {}
    rate: dict[str, float] = {}
    rows = rows.sort("payee_id", "start_date")
    part = parts(rows["start_date"].to_list(), rows["end_date"].to_list(), year)
    for row, share in zip(rows.to_dicts(), part, strict=True):
        name = row["payee_id"]
        held[name] = held.get(name, 0.0) + share
        yearly = (row["target_incentive"] or 0) / MONEY
        target[name] = target.get(name, 0.0) + share * yearly / 12
        rate[name] = (row["commission_rate"] or 0) / SHARE
    return held, target, rate


def parts(starts: Sequence[date], ends: Sequence[date], year: int) -> Floats:
    """The part of each month of a year that lies in each stretch of days: stretches x 12."""
    edges = np.array([f"{year + m // 12}-{m % 12 + 1:02}" for m in range(13)], "datetime64[M]")
    edges = edges.astype("datetime64[D]")
    first = np.array(starts, "datetime64[D]").reshape(-1, 1)
    after = np.array(ends, "datetime64[D]").reshape(-1, 1)
    both = np.minimum(after, edges[1:]) - np.maximum(first, edges[:-1])
    return np.maximum(both.astype(float), 0.0) / np.diff(edges).astype(float)


def goals(quotas: Table[Quotas], measure: str, people: Sequence[str], year: int) -> Floats:
    """The quotas of people in a measure, spread over the days they cover: people x 12."""
    import polars as pl

    rows = engine.collected(quotas).filter(
        pl.col("measure") == measure, pl.col("payee_id").is_in(list(people))
    )
    made = np.zeros((len(people), 12))
    if rows.is_empty():
        return made
    places = {name: place for place, name in enumerate(people)}
    part = parts(rows["start_date"].to_list(), rows["end_date"].to_list(), year)
    edges = [date(year + m // 12, m % 12 + 1, 1) for m in range(13)]
    days = np.diff(np.array(edges, "datetime64[D]")).astype(float)
    length = (rows["end_date"] - rows["start_date"]).dt.total_days().to_numpy()
    amount = rows["amount"].to_numpy() / MONEY
    who = rows["payee_id"].replace_strict(places, return_dtype=pl.Int64).to_numpy()
    np.add.at(made, who, part * days * (amount / np.maximum(length, 1))[:, None])
    return made


def _stacked(values: Mapping[str, Floats], people: Sequence[str]) -> Floats:
    return np.array([values[person] for person in people]).reshape(len(people), 12)
