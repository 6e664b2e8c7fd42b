"""Givens: costs and what happened to them as the numbers that the kernel takes."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.core.arrays import Whole
from spmlib.core.conversion import minor
from spmlib.core.tables import SHARE, Calendar, ContractCosts, CostChanges, Table
from spmlib.incent.contract_costs import conventions, lives, refusals
from spmlib.incent.contract_costs.conventions import Convention
from spmlib.incent.contract_costs.grids import YEAR, Grid, grid
from spmlib.incent.contract_costs.terms import Terms

CHANGE = ("kind", "place", "unit", "amount", "until", "share", "day")


def completed(costs: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """The costs, with the columns that may be left out, and the day each becomes an asset."""
    lengths = {name: len(weights) for name, weights in terms.patterns.items()}
    known = pl.lit(None, dtype=pl.Int64)
    if lengths and "pattern" in costs:
        known = pl.col("pattern").replace_strict(lengths, default=None, return_dtype=pl.Int64)
    missing = {
        name: pl.lit(column.default, dtype=_kind(column.kind))
        for name, column in ContractCosts.columns().items()
        if name not in costs
    }
    made = costs.with_columns(**missing).with_columns(
        months=pl.coalesce(pl.col("months").cast(pl.Int64), known),
        how=pl.col("how").fill_null("incurred"),
        recognised=pl.coalesce("capitalised_date", "start_date"),
    )
    return made


def in_order(changes: Table[CostChanges] | None, costs: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """The changes in order, each beside its cost, checked."""
    rows = engine.collected(changes if changes is not None else engine.empty(CostChanges))
    missing = {
        name: pl.lit(None, dtype=_kind(column.kind))
        for name, column in CostChanges.columns().items()
        if name not in rows
    }
    about = costs.select(
        *("cost_id", "recognised", "start_date"),
        cost_currency="currency",
        cost=pl.int_range(pl.len(), dtype=pl.Int64),
        cost_amount="amount",
        sign=pl.col("amount").sign(),
    )
    code = {name: number for number, name in enumerate(lives.KINDS)}
    ordered = rows.with_columns(**missing).join(about, "cost_id", "left", maintain_order="left")
    ordered = ordered.with_columns(
        code=pl.col("kind").replace_strict(code, default=-1, return_dtype=pl.Int64)
    ).sort("cost", "change_date", "code", maintain_order=True, nulls_last=True)
    moved = (
        pl.when(pl.col("kind") == "added")
        .then("amount")
        .when(pl.col("kind") == "clawed_back")
        .then(-pl.col("amount"))
        .otherwise(0)
    )
    ordered = ordered.with_columns(left=pl.col("cost_amount") + moved.cum_sum().over("cost_id"))
    refusals.of_changes(ordered, terms)
    return ordered


def periods(
    costs: pl.DataFrame, changes: pl.DataFrame, calendar: Table[Calendar] | None, through: Any
) -> Grid:
    """Periods from the first day of anything to twelve after the last."""
    firsts = [costs["recognised"].min(), costs["start_date"].min()]
    ends = costs.select(pl.col("start_date").dt.offset_by(_offset("months")).max()).item()
    later = [ends, costs["recognised"].max(), changes["change_date"].max(), through]
    if len(changes):
        total = pl.col("start_date").dt.offset_by(_offset("months"))
        left = pl.col("change_date").dt.offset_by(_offset("months_left"))
        later.append(changes.select(pl.max_horizontal(total.max(), left.max())).item())
    known = [day for day in firsts if isinstance(day, date)] or [date(2000, 1, 1)]
    last = max([day for day in later if isinstance(day, date)] or known)
    return grid(calendar, min(known), date(last.year + 2, 12, 31))


def told(
    changes: pl.DataFrame, costs: pl.DataFrame, of: Convention, periods: Grid, zero: Whole
) -> pl.DataFrame:
    """The changes as numbers: `CHANGE`, and the number of their cost."""
    on = days(changes["change_date"])
    cost = changes["cost"].to_numpy() if len(changes) else np.zeros(0, np.int64)
    unit = conventions.zero(of, on, periods)
    total = span(of.units, changes["start_date"], changes["months"])
    left = span(of.units, changes["change_date"], changes["months_left"])
    since = np.maximum(unit - zero[cost], 0) + left
    months = changes["months"].is_not_null().to_numpy()
    units = {name: minor(name) for name in costs["currency"].unique()}
    per = changes["cost_currency"].replace_strict(units, return_dtype=pl.Int64) if units else 1
    return pl.DataFrame(
        {
            "cost": cost,
            "kind": changes["code"],
            "place": periods.place(on),
            "unit": unit,
            "amount": (changes["amount"] // per).fill_null(0),
            "until": np.where(months, total, since),
            "share": changes["share"].fill_null(SHARE),
            "day": on,
        },
        schema_overrides=dict.fromkeys(("cost", *CHANGE), pl.Int64),
    )


def last(
    of: Convention, periods: Grid, zero: Whole, totals: Whole, first: Whole, told: pl.DataFrame
) -> Whole:
    """The period after which nothing happens to each cost."""
    most, latest = totals.copy(), first.copy()
    if len(told):
        cost = told["cost"].to_numpy()
        revised = told["kind"].to_numpy() == lives.REVISED
        until = np.where(revised, told["until"].to_numpy(), 0)
        np.maximum.at(most, cost, until)
        np.maximum.at(latest, cost, told["place"].to_numpy())
    ends = conventions.ends(of, periods)
    done = np.searchsorted(ends, zero + most, side="left")
    return np.maximum(np.minimum(done, len(periods) - YEAR - 1), latest)


def patterns(terms: Terms, costs: pl.DataFrame) -> tuple[Whole, Whole, Whole]:
    """Weights to date of all patterns, where each begins, and which each cost has."""
    made: list[Whole] = [
        np.concatenate([[0], np.cumsum(weights)]).astype(np.int64)
        for weights in terms.patterns.values()
    ]
    offsets = np.cumsum([0, *(len(weights) for weights in made)]).astype(np.int64)
    names = {name: number for number, name in enumerate(terms.patterns)}
    which = (
        costs["pattern"].cast(pl.String).replace_strict(names, default=-1, return_dtype=pl.Int64)
        if names
        else pl.Series([-1] * len(costs), dtype=pl.Int64)
    )
    joined = np.concatenate(made) if made else np.zeros(1, np.int64)
    return joined, offsets, which.fill_null(-1).to_numpy().astype(np.int64)


def matrix(told: pl.DataFrame) -> Whole:
    """The changes as the kernel takes them: a row of `CHANGE` each."""
    return np.ascontiguousarray(told.select(CHANGE).to_numpy(), np.int64).reshape(-1, len(CHANGE))


def offsets(told: pl.DataFrame, costs: int) -> Whole:
    """Where the changes of each cost begin; one more than costs."""
    counts = np.bincount(told["cost"].to_numpy(), minlength=costs) if len(told) else [0] * costs
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def span(units: int, begins: pl.Series, months: pl.Series) -> Whole:
    """Months from some days on, in units; of days, to the same day of a later month."""
    counted = months.fill_null(0).cast(pl.Int64)
    if units:
        return (counted * units).to_numpy().astype(np.int64)
    frame = pl.DataFrame({"day": begins, "months": counted}, schema_overrides={"day": pl.Date})
    later = frame.select(pl.col("day").dt.offset_by(_offset("months"))).to_series()
    return days(later) - days(begins)


def days(of: pl.Series) -> Whole:
    """Days as numbers, since 1970."""
    return of.cast(pl.Date).cast(pl.Int32).cast(pl.Int64).to_numpy().astype(np.int64)


def _offset(months: str) -> pl.Expr:
    return pl.concat_str(pl.col(months).fill_null(0).cast(pl.String), pl.lit("mo"))


def _kind(kind: str) -> Any:
    native: dict[str, Any] = {"id": pl.String, "text": pl.String, "day": pl.Date}
    return native.get(kind, pl.Int64)
