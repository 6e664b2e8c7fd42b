"""Compared: scenarios of pay side by side: what each would have paid, by whom, what and when.

Amounts are exact, in the currency of each plan; where they are read in one currency each month is
converted at one rate, the same for every scenario (`summaries.worths`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import MONEY, SHARE, ModelledPay, PayDifferences, Table
from spmlib.incent.modelling.modelled import Modelled
from spmlib.incent.summaries.overview import figures, periods
from spmlib.incent.summaries.worths import worth
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import pandas as pd

BASE = "base"
BY = ("period", "plan", "component")


def pay(models: Iterable[Modelled], until: str) -> Table[ModelledPay]:
    """What each scenario would have paid in the year to date.

    Args:
        models: of one company.
        until: the last period; the year is its own.
    """
    return engine.kept(engine.stacked([_earned(model, until) for model in models]))


def by(models: Mapping[str, Modelled], column: str, currency: str, until: str) -> pd.DataFrame:
    """What each scenario would have paid by period, plan or component, read in one currency.

    Returns:
        The column, scenario, amount, difference (from ``base``), earned (the amounts run on, in the
        order of the column), over (the differences run on) [currency]; in the order of scenarios.

    Raises:
        ParameterError: pay is not told by that column.
    """
    if column not in BY:
        raise ParameterError(f"pay is not told by '{column}'; write one of {', '.join(BY)}.")
    company = _company(models)
    rows: Table[Any] = worth(pay(models.values(), until), company, currency)
    named = rows.with_columns(nw.col(column).fill_null("whole_plan"))
    summed = engine.collected(
        named.group_by("scenario", column).agg(nw.col("amount").sum()).sort(column)
    )
    keys = engine.collected(in_year(company, until).select("period"))
    return _told(summed, list(models), column, keys if column == "period" else summed)


def differences(models: Mapping[str, Modelled], currency: str, until: str) -> Table[PayDifferences]:
    """Winners and losers: everybody who earned anything, as it is and under each other scenario.

    Returns:
        As PayDifferences, in one currency; who gains most first.
    """
    company = _company(models)
    rows: Table[Any] = worth(pay(models.values(), until), company, currency)
    summed = rows.group_by("scenario", "payee_id").agg(nw.col("amount").sum())
    people = summed.select("payee_id").unique(["payee_id"])
    base = summed.filter(nw.col("scenario") == BASE).select("payee_id", now="amount")
    held = last_positions(company, until)
    plans = models[BASE].parameters.plans
    goal = targets(company, plans, currency, until)
    frames = []
    for name in models:
        if name == BASE:
            continue
        own = summed.filter(nw.col("scenario") == name).select("payee_id", then="amount")
        both = people.join(base, on="payee_id", how="left").join(own, on="payee_id", how="left")
        frames.append(both.with_columns(scenario=nw.lit(name)))
    if not frames:
        return engine.empty(PayDifferences)
    filled = engine.stacked(frames).with_columns(nw.col("now", "then").fill_null(0))
    told = filled.with_columns(difference=nw.col("then") - nw.col("now"))
    joined = told.join(held, on="payee_id", how="left").join(goal, on="payee_id", how="left")
    ratio = engine.rounded(engine.wide("difference") * SHARE, engine.wide("target"))
    shared = joined.with_columns(share=nw.when(nw.col("target") > 0).then(ratio).cast(nw.Int64))
    order = ["scenario", "difference", "payee_id"]
    ranked = shared.sort(*order, descending=[False, True, False])
    return engine.kept(ranked.select(*PayDifferences.columns()))


def changes(models: Mapping[str, Modelled]) -> pd.DataFrame:
    """What every scenario changes itself, without those it stands on: as Decisions."""
    import pandas as pd

    told = pd.concat([model.scenario.changed for model in models.values()], ignore_index=True)
    return told[told["by"] == told["scenario"]].drop(columns="by").reset_index(drop=True)


def pair(models: Mapping[str, Modelled], scenario: str) -> dict[str, Modelled]:
    """The base and one scenario.

    Raises:
        ParameterError: it is not modelled.
    """
    if scenario not in models:
        raise ParameterError(f"'{scenario}' is not modelled; write {nearest(scenario, models)}.")
    return {BASE: models[BASE], scenario: models[scenario]}


def groups(differences_: Table[PayDifferences], column: str) -> pd.DataFrame:
    """Winners and losers by role, team or plan.

    Returns:
        scenario, the column, people, winners, losers, now, then, difference [currency]; by scenario
        and falling difference.
    """
    signs = {
        "winners": (nw.col("difference") > 0).cast(nw.Int64).sum(),
        "losers": (nw.col("difference") < 0).cast(nw.Int64).sum(),
    }
    sums = nw.col("now", "then", "difference").sum()
    grouped = differences_.group_by("scenario", column).agg(sums, people=nw.len(), **signs)
    ranked = grouped.sort("scenario", "difference", column, descending=[False, True, False])
    order = ("scenario", column, "people", "winners", "losers", "now", "then", "difference")
    return engine.pandas(ranked.select(*order), PayDifferences)[list(order)]


def people(differences_: Table[PayDifferences], scenario: str) -> pd.DataFrame:
    """Everybody under one scenario: as PayDifferences, who gains most first.

    Raises:
        ParameterError: nobody was compared under that scenario.
    """
    rows: Table[Any] = differences_.filter(nw.col("scenario") == scenario)
    told = engine.pandas(
        rows.sort("difference", "payee_id", descending=[True, False]), PayDifferences
    )
    if told.empty:
        known = engine.collected(differences_.select("scenario").unique(["scenario"]))
        names = ", ".join(sorted(known["scenario"])) or "none"
        raise ParameterError(f"nobody was compared under '{scenario}'; there is {names}.")
    return told


def one(differences_: Table[PayDifferences], scenario: str) -> dict[str, Any]:
    """One scenario in a few figures.

    Returns:
        now, then, difference [currency]; share (difference over now); people, winners, losers;
        worst (the largest loss as a share of a target incentive to date, 0 where nobody loses).
    """
    told = people(differences_, scenario)
    lost = told["share"].dropna().astype(float)
    sums = {name: told[name].sum() for name in ("now", "then", "difference")}
    return {
        **sums,
        "share": float(sums["difference"] / sums["now"]) if sums["now"] else 0.0,
        "people": len(told),
        "winners": int((told["difference"] > 0).sum()),
        "losers": int((told["difference"] < 0).sum()),
        "worst": max(0.0, -float(lost.min())) if len(lost) else 0.0,
    }


def of_person(models: Mapping[str, Modelled], scenario: str, payee_id: str, until: str) -> Decimal:
    """How much more a scenario pays one person in the year to date, exact [plan currencies]."""
    rows: Table[Any] = pay([models[BASE], models[scenario]], until)
    own = rows.filter(nw.col("payee_id") == payee_id).group_by("scenario")
    sums = dict(engine.collected(own.agg(nw.col("amount").sum())).iter_rows())
    return Decimal(sums.get(scenario, 0) - sums.get(BASE, 0)) / MONEY


def last_positions(company: Company, until: str) -> Table[Any]:
    """The last position of everybody that had begun by a period's end: payee_id, role, team, plan.

    Of who held none in the year it is none.
    """
    ends = periods(company, until).filter(nw.col("period") == until).select("last")
    begun = company.positions.join(ends, how="cross").filter(nw.col("start_date") < nw.col("last"))
    last = begun.unique(["payee_id"], keep="last", order_by=["start_date"])
    return last.select("payee_id", "role", "team", "plan")


def targets(company: Company, plans: Mapping[str, Plan], currency: str, until: str) -> Table[Any]:
    """Everybody's target incentive to date in the year: payee_id, target [ticks of the currency].

    A twelfth for each month, of the position held at its end under a plan.
    """
    year = in_year(company, until)
    held = engine.open_ended(company.positions).filter(~nw.col("plan").is_null())
    there = (nw.col("start_date") < nw.col("last")) & (nw.col("end_date") >= nw.col("last"))
    rows = held.join(year, how="cross").filter(there)
    paid_in = {"plan": list(plans), "currency": [plan.currency for plan in plans.values()]}
    rows = rows.join(engine.made(paid_in, {"plan": str, "currency": str}), on="plan")
    monthly = rows.with_columns(target=engine.rounded(nw.col("target_incentive"), 12))
    turned = worth(
        monthly.select("payee_id", "period", "currency", "target"), company, currency, "target"
    )
    summed = turned.group_by("payee_id").agg(nw.col("target").sum())
    return summed.filter(nw.col("target") > 0)


def in_year(company: Company, until: str) -> Table[Any]:
    """The periods of the year to date: period, last (the first day after it)."""
    known = periods(company, until)
    year = known.filter(nw.col("period") == until).select("year")
    return known.join(year, on="year").select("period", "last")


def _earned(model: Modelled, until: str) -> Table[ModelledPay]:
    year = in_year(model.company, until).select("period")
    rows: Table[Any] = model.results.earnings.join(year, on="period")
    keys = ("payee_id", "plan", "component", "period", "currency")
    summed = rows.group_by(*keys).agg(nw.col("amount").sum())
    named = summed.with_columns(scenario=nw.lit(model.scenario.name))
    return named.select(*ModelledPay.columns())


def _company(models: Mapping[str, Modelled]) -> Company:
    if BASE not in models:
        raise ParameterError("nothing says how it is now; model 'base' too.")
    return models[BASE].company


def _told(summed: Any, order: list[str], column: str, keys: Any) -> pd.DataFrame:
    """Sums of every key beside those of the base, and run on; 0 where nothing was earned."""
    import polars as pl

    keys = keys.select(column).unique().join(pl.DataFrame({"scenario": order}), how="cross")
    every = keys.join(summed, on=["scenario", column], how="left")
    every = every.with_columns(pl.col("amount").fill_null(0))
    base = every.filter(pl.col("scenario") == BASE).select(column, base="amount")
    both = every.join(base, on=column).with_columns(
        pl.col("scenario").cast(pl.Enum(order)), difference=pl.col("amount") - pl.col("base")
    )
    ordered = both.sort("scenario", column).with_columns(
        pl.col("scenario").cast(pl.String),
        earned=pl.col("amount").cum_sum().over("scenario"),
        over=pl.col("difference").cum_sum().over("scenario"),
    )
    names = [column, "scenario", "amount", "difference", "earned", "over"]
    return figures(engine.brought(ordered.select(names)))
