"""To date: what is taken as cost of everybody's pay up to a month's end, window by window.

    accrued to date = earned, as known + late, not yet known + what the method adds

Windows that are over, single transactions, places and modifiers of whole plans cost what they have
earned. Guarantees and draws that nobody pays back cost what they add to pay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.tables import MONEY
from spmlib.incent.accruals import costs, late, outlooks
from spmlib.incent.accruals.known import OWN, Known
from spmlib.incent.accruals.written import Policy, Simulation
from spmlib.incent.calculation import Parameters
from spmlib.rules.estimated.plans import Component

if TYPE_CHECKING:
    import polars as pl

KEY = [*OWN, "window", "currency"]
NOT_SMOOTHED = "point_in_time"


def to_date(
    known: Known,
    parameters: Parameters,
    policy: Policy,
    method: str = "",
    given: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What is taken as cost up to a month's end.

    Args:
        known: at its end.
        parameters: plans and measures.
        policy: how pay is accrued.
        method: one method for all components, to compare; the policy's where none is given.
        given: a forecast of whole windows, as `outlooks.expected` takes it.

    Returns:
        payee_id, plan, component, window, currency, method, source, credited_to_date [ticks],
        forecast [plan currency, or units], rate, earned, month (earned in the last period), late,
        smoothed [ticks].
    """
    import polars as pl

    own = pl.col("period") == known.period
    earned = known.earned.group_by(KEY).agg(
        earned=pl.col("amount").sum(), month=pl.col("amount").filter(own).sum()
    )
    every = pl.concat([earned, _terms(known, earned)])
    expected = late.expected(known, policy.late)
    made = every.join(expected, on=KEY, how="full", nulls_equal=True, coalesce=True)
    open_ = _smoothed(known, made, parameters, policy, method, given)
    rows = made.join(open_, on=KEY, how="full", nulls_equal=True, coalesce=True)
    numbers = ("earned", "month", "late", "smoothed")
    told = rows.with_columns(pl.col(*numbers).fill_null(0)).join(
        _methods(parameters, policy, method), on=OWN[1:], how="left"
    )
    return told.with_columns(
        method=pl.when("open").then("method").otherwise(pl.lit(NOT_SMOOTHED)),
        source=pl.col("source").fill_null(policy.place),
    ).drop("open")


def _terms(known: Known, earned: pl.DataFrame) -> pl.DataFrame:
    """What payment terms cost beyond what is earned: what is paid and outstanding, less earned."""
    import polars as pl

    key = ["payee_id", "plan", "currency"]
    outstanding = pl.col("unpaid") + pl.col("held") + pl.col("carried") - pl.col("owed")
    parts = [
        known.payouts.select(*key, "amount"),
        known.balances.select(*key, amount=outstanding),
        earned.select(*key, amount=-pl.col("earned")),
    ]
    summed = pl.concat(parts).group_by(key).agg(earned=pl.col("amount").sum())
    return (
        summed.filter(pl.col("earned") != 0)
        .with_columns(
            component=pl.lit(None, pl.String),
            window=pl.lit(None, pl.String),
            month=pl.lit(0, pl.Int64),
        )
        .select(earned.columns)
    )


def _methods(parameters: Parameters, policy: Policy, method: str) -> pl.DataFrame:
    """The method of each component, and where it is written."""
    import polars as pl

    rows = [
        (plan.name, component, method or said.name, said.place)
        for plan in parameters.plans.values()
        for component in plan.components
        if (said := policy.method(plan.name, component))
    ]
    names = [*OWN[1:], "method", "source"]
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def _smoothed(
    known: Known,
    made: pl.DataFrame,
    parameters: Parameters,
    policy: Policy,
    method: str,
    given: pl.DataFrame | None,
) -> pl.DataFrame:
    """What the method adds to what each open window has earned, and what is expected of it."""
    import polars as pl

    curves = costs.components(known, parameters)
    ahead = outlooks.expected(known, policy.outlook, given)
    frames = []
    for (plan, name), rows in ahead.group_by(*OWN[1:], maintain_order=True):
        of = curves.get((str(plan), str(name)))
        said = method or policy.method(str(plan), str(name)).name
        if of is not None and of.curved and of.length > 1:
            currency = parameters.plans[str(plan)].currency
            own = rows.with_columns(currency=pl.lit(currency)).join(
                made.select(*KEY, "earned"), on=KEY, how="left"
            )
            frames.append(
                _of_component(
                    own.with_columns(pl.col("earned").fill_null(0)), of, said, policy.simulation
                )
            )
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(KEY, pl.String)
    schema |= {"credited_to_date": pl.Int64}
    schema |= {"forecast": pl.Float64, "rate": pl.Float64, "smoothed": pl.Int64, "open": pl.Boolean}
    return pl.concat([pl.DataFrame(schema=schema), *frames])


def _of_component(
    rows: pl.DataFrame, of: Component, method: str, simulation: Simulation
) -> pl.DataFrame:
    """The open windows of one component."""
    import polars as pl

    credited, ahead = rows["credited"].to_numpy(), rows["expected"].to_numpy()
    drawn = costs.draws(credited, ahead, simulation) if method == "simulated" else ahead[:, None]
    whole = costs.expected(rows, of, drawn).mean(axis=1)
    earned = rows["earned"].to_numpy() / MONEY
    share = _share(rows, method)
    looks_ahead = ~np.isnan(share) & (method != NOT_SMOOTHED)
    added = np.where(looks_ahead, whole * np.nan_to_num(share) - earned, 0.0)
    rate = np.divide(whole, ahead, out=np.full_like(whole, np.nan), where=ahead > 0)
    told = rows.with_columns(
        estimate=pl.Series(added * MONEY),
        credited_to_date=(pl.col("credited") * MONEY).round().cast(pl.Int64),
        forecast=pl.col("expected"),
        rate=pl.Series(rate).fill_nan(None),
        open=pl.lit(True),
    ).with_columns(smoothed=late.rounded(pl.col("estimate"), "currency"))
    return told.select(*KEY, "credited_to_date", "forecast", "rate", "smoothed", "open")


def _share(rows: pl.DataFrame, method: str) -> Floats:
    """The part of each window's cost that is taken to date; none where it cannot be told."""
    over, left = rows["over"].to_numpy() * 1.0, rows["left"].to_numpy() * 1.0
    if method == "over_time":
        return np.asarray(over / (over + left))
    credited, ahead = rows["credited"].to_numpy(), rows["expected"].to_numpy()
    known = (credited > 0) & (ahead > 0)
    return np.divide(credited, ahead, out=np.full_like(ahead, np.nan), where=known)
