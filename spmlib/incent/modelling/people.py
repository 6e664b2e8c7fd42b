"""People: how far everybody came, and what they earned for it, in the year to date.

How far is what was credited over the quota to date, of the first component with a quota in the plan
last held; what was earned is a multiple of the target incentive to date. Both to date, so that a
month in autumn can be read like a year that is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import MONEY, Table
from spmlib.incent import work
from spmlib.incent.earning.layout import plan_numbers
from spmlib.incent.earning.window_goals import Need, unit, window_quotas
from spmlib.incent.modelling import compared
from spmlib.incent.modelling.modelled import Modelled
from spmlib.incent.summaries.worths import worth
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import pandas as pd


def people(model: Modelled, currency: str, until: str) -> pd.DataFrame:
    """Everybody who earned anything, or had a quota or target, in the year to date.

    Args:
        model: a scenario, calculated.
        currency: to read amounts in.
        until: the last period.

    Returns:
        payee_id, role, plan, component (the main one), earned, target [currency], attainment
        (credited over quota to date), payout (earned over target), capped (what caps took away)
        [currency]; in double precision, empty where there is none.
    """
    import polars as pl

    plans, company = model.parameters.plans, model.company
    caps = _of_year(model, until).filter(nw.col("kind") == "cap")
    earned = _summed(worth(compared.pay([model], until), company, currency), "earned")
    capped = _summed(worth(caps, company, currency), "capped")
    goals = engine.collected(compared.targets(company, plans, currency, until))
    held = engine.collected(compared.last_positions(company, until))
    reached = attained(model, until).drop("plan", "component")
    main = pl.DataFrame(
        {"plan": list(plans), "component": [main_component(plan).name for plan in plans.values()]}
    )
    joined = held.join(main, on="plan", how="left").join(reached, on="payee_id", how="left")
    joined = joined.join(goals, on="payee_id", how="left").join(earned, on="payee_id", how="left")
    joined = joined.join(capped, on="payee_id", how="left")
    told = joined.with_columns(pl.col("earned", "capped").fill_null(0) / MONEY)
    told = told.with_columns(target=pl.col("target") / MONEY, capped=0.0 - pl.col("capped"))
    told = told.filter((pl.col("earned") != 0) | (pl.col("target") > 0))
    told = told.with_columns(payout=pl.col("earned") / pl.col("target"))
    order = ("payee_id", "role", "plan", "component", "earned", "target", "attainment", "payout")
    return told.sort("payee_id").select(*order, "capped").to_pandas()


def attained(model: Modelled, until: str) -> Any:
    """What was credited over quota to date, of the main component of each plan held in the year.

    Returns:
        A Polars frame: payee_id, plan, component, credited, quota [ticks], attainment; of who held
        several plans the last one's. Windows within the year are summed.
    """
    import polars as pl

    mains = {
        name: main.name
        for name, plan in model.parameters.plans.items()
        if (main := main_component(plan)).thresholds == "quota"
    }
    dated = engine.collected(compared.in_year(model.company, until).sort("last"))
    year = dated["period"].to_list()
    counted = engine.collected(model.results.attainments).drop("quota")
    counted = counted.filter(pl.col("period").is_in(year))
    chosen = pl.DataFrame({"plan": list(mains), "component": list(mains.values())})
    counted = counted.join(chosen, on=["plan", "component"])
    asked = quotas(model, mains, year)
    both = counted.join(asked, on=["payee_id", "plan", "component", "period"], how="left")
    sums = both.group_by("payee_id", "plan", "component").agg(
        pl.col("credited", "quota").sum(), last=pl.col("period").max()
    )
    latest = sums.sort("last", "plan").unique("payee_id", keep="last")
    ratio = pl.when(pl.col("quota") > 0).then(pl.col("credited") / pl.col("quota"))
    columns = ("payee_id", "plan", "component", "credited", "quota", "attainment")
    return latest.with_columns(attainment=ratio).select(*columns)


def quotas(model: Modelled, mains: Mapping[str, str], periods: list[str]) -> Any:
    """The quota of each period alone, of some components: a Polars frame in ticks."""
    import polars as pl

    begun = work.begun(model.company, model.parameters, periods[-1])
    numbers = plan_numbers(begun.made)
    needs = [
        Need(
            number,
            numbers[number],
            c.measure,
            "month",
            c.proration or "none",
            unit(c.currency, begun.used[c.measure]),
        )
        for number, c in enumerate(begun.made.components)
        if mains.get(c.plan) == c.name
    ]
    found = window_quotas(needs, begun)
    if found is None:
        return pl.DataFrame(
            schema=dict.fromkeys(("payee_id", "plan", "component", "period"), pl.String)
            | {"quota": pl.Int64}
        )
    said = pl.DataFrame(
        {
            "number": [need.number for need in needs],
            "plan": [begun.made.components[need.number].plan for need in needs],
            "component": [begun.made.components[need.number].name for need in needs],
        }
    )
    named = found.join(begun.made.periods.select("period_number", "period"), on="period_number")
    named = named.join(begun.who.people.select("person", "payee_id"), on="person")
    rows = engine.collected(named.select("number", "payee_id", "period", quota="quota_of_window"))
    return rows.filter(pl.col("period").is_in(periods)).join(said, on="number").drop("number")


def main_component(plan: Plan) -> Component:
    """The component that says how much was sold: the first with a quota, else the first."""
    every = list(plan.components.values())
    return next((c for c in every if c.thresholds == "quota"), every[0])


def _summed(rows: Table[Any], name: str) -> Any:
    """The sum of each person's amounts, as a Polars frame."""
    sums = {name: nw.col("amount").sum()}
    return engine.collected(rows.group_by("payee_id").agg(**sums))


def _of_year(model: Modelled, until: str) -> Table[Any]:
    year = compared.in_year(model.company, until).select("period")
    return model.results.earnings.join(year, on="period")
