"""Peers: the people or territories of a group as units, and why others are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.months import later
from spmlib.core.parameters import nearest
from spmlib.core.tables import Credits, Table
from spmlib.incent.benchmarking.frontier import known
from spmlib.incent.benchmarking.frontier.written import Group, Policy
from spmlib.rules.measures import Measure
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Sources:
    """What units are made from: a company, what was credited, and what its files say."""

    company: Company
    credits: Table[Credits]
    measures: Mapping[str, Measure]
    plans: Mapping[str, Plan]


@dataclass(frozen=True)
class Peers:
    """Units that can be compared.

    Attributes:
        units: unit, then inputs and outputs of the group.
        left_out: unit, reason.
        too_few: why the group is not compared at all; empty if it is.
    """

    units: pl.DataFrame
    left_out: pl.DataFrame
    too_few: str


def peers(sources: Sources, group: Group, policy: Policy, until: date) -> Peers:
    """The units of a group in the months before a day.

    Amounts are at the rates of the day before. Potential and accounts are those of the time
    worked: half of them for who worked half of the year.

    Raises:
        ParameterError: an output is no measure that sums amounts, or there is no rate.
    """
    start = earlier(until, policy.months)
    stretch = (start, until)
    made = _people if group.of == "people" else _territories
    every = made(sources, group, policy, stretch)
    units, left_out = _parted(every, group, policy)
    few = ""
    if len(units) < group.fewest:
        counts = f"{len(group.inputs)} inputs and {len(group.outputs)} outputs"
        few = (
            f"{len(units)} {group.of} are too few to compare by {counts}; {group.fewest} or more "
            "are needed, or fewer inputs and outputs."
        )
    return Peers(units.select("unit", *group.inputs, *group.outputs), left_out, few)


def earlier(until: date, months: int) -> date:
    """The first of the month so many months before a day."""
    return later(until, -months)


def holdings(company: Company, people: pl.DataFrame) -> pl.DataFrame:
    """Whose each account was on the last day that each person worked: account_id, payee_id."""
    import polars as pl

    names = people["payee_id"].to_list()
    found = []
    for day in people["last"].unique().sort().to_list():
        leaving = people.filter(pl.col("last") == day)["payee_id"]
        owners = known.owned(company, day, names)
        found.append(owners.filter(pl.col("payee_id").is_in(leaving.to_list())))
    return pl.concat(found)


def _people(
    sources: Sources, group: Group, policy: Policy, stretch: tuple[date, date]
) -> pl.DataFrame:
    import polars as pl

    company, currency = sources.company, policy.currency
    people = known.held(company, sources.plans, currency, group.roles, stretch)
    if people.is_empty():
        return people.select(unit="payee_id", months="months")
    accounts = holdings(company, people)
    worth = known.potentials(company, currency, stretch[1])
    sums = accounts.join(worth, on="account_id", how="left").group_by("payee_id")
    made = people.join(
        sums.agg(accounts=pl.len().cast(pl.Float64), potential=pl.col("potential").sum()),
        on="payee_id",
        how="left",
    )
    opened = _opened(company, stretch).group_by(payee_id="owner_id").agg(opportunities=pl.len())
    made = made.join(opened, on="payee_id", how="left")
    for output in group.outputs:
        of = measure(sources, output)
        rows = known.credited(company, sources.credits, of, currency, stretch)
        sold = (
            known.in_role(rows, company, group.roles)
            .group_by("payee_id")
            .agg(pl.col("value").sum().alias(output))
        )
        made = made.join(sold, on="payee_id", how="left")
    part = pl.col("months") / 12
    timed = [pl.col(name) * part for name in ("accounts", "potential")]
    return made.with_columns(*timed).rename({"payee_id": "unit"}).fill_null(0.0).sort("unit")


def _territories(
    sources: Sources, group: Group, policy: Policy, stretch: tuple[date, date]
) -> pl.DataFrame:
    import polars as pl

    company, currency = sources.company, policy.currency
    start, end = stretch
    rows = engine.collected(engine.open_ended(company.account_territories))
    within = pl.min_horizontal("end_date", pl.lit(end)) - pl.max_horizontal(
        "start_date", pl.lit(start)
    )
    rows = rows.with_columns(part=within.dt.total_days() / 365.25).filter(pl.col("part") > 0)
    worth = known.potentials(company, currency, end)
    joined = rows.join(worth, on="account_id", how="left")
    made = joined.group_by("territory_id").agg(
        accounts=pl.col("part").sum(),
        potential=(pl.col("part") * pl.col("potential").fill_null(0.0)).sum(),
    )
    opened = _opened(company, stretch).join(rows, on="account_id")
    on = opened.filter(
        pl.col("created_date") >= pl.col("start_date"), pl.col("created_date") < pl.col("end_date")
    )
    made = made.join(
        on.group_by("territory_id").agg(opportunities=pl.len()), on="territory_id", how="left"
    )
    for output in group.outputs:
        sold = known.booked(company, measure(sources, output), currency, stretch)
        made = made.join(sold.rename({"value": output}), on="territory_id", how="left")
    months = pl.lit(float(policy.months))
    return (
        made.rename({"territory_id": "unit"})
        .with_columns(months=months)
        .fill_null(0.0)
        .sort("unit")
    )


def _parted(every: pl.DataFrame, group: Group, policy: Policy) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Units that can be compared, and the others with the reason."""
    import polars as pl

    if every.is_empty():
        empty = pl.DataFrame(schema={"unit": pl.String, "reason": pl.String})
        columns = {"unit": pl.String} | dict.fromkeys((*group.inputs, *group.outputs), pl.Float64)
        return pl.DataFrame(schema=columns), empty
    numbers = [pl.col(name).cast(pl.Float64) for name in (*group.inputs, *group.outputs)]
    rows = every.with_columns(*numbers)
    brought = pl.max_horizontal(*group.outputs) <= 0
    below = pl.min_horizontal(*group.outputs) < 0
    missing = pl.min_horizontal(*group.inputs) <= 0
    told = (
        pl.when(pl.col("months") < policy.least_months - 0.05)
        .then(pl.lit(f"worked less than {policy.least_months:g} months"))
        .when(missing)
        .then(pl.lit("has no " + " or ".join(group.inputs)))
        .when(brought)
        .then(pl.lit("brought nothing: the score is 0"))
        .when(below)
        .then(pl.lit("took back more than it brought"))
        .otherwise(pl.lit(""))
    )
    rows = rows.with_columns(reason=told)
    good = pl.col("reason") == ""
    return rows.filter(good), rows.filter(~good).select("unit", "reason")


def _opened(company: Company, stretch: tuple[date, date]) -> pl.DataFrame:
    within = (nw.col("created_date") >= stretch[0]) & (nw.col("created_date") < stretch[1])
    return engine.collected(
        company.opportunities.filter(within).select("account_id", "owner_id", "created_date")
    )


def measure(sources: Sources, name: str) -> Measure:
    """A measure by its name.

    Raises:
        ParameterError: there is no such measure.
    """
    if name not in sources.measures:
        remedy = nearest(name, sources.measures)
        raise ParameterError(f"there is no measure '{name}'; write {remedy}.")
    return sources.measures[name]
