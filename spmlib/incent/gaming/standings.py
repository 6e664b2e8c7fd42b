"""Standings: where everybody ended each window, against each threshold of their curve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, SHARE, Earnings, Table, Terms
from spmlib.incent.gaming.cliffs import cliffs
from spmlib.incent.gaming.paid import Paid
from spmlib.rules import curves
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {"transaction": "period", "month": "period"}  # which words of the calendar windows are


def ended(
    terms: Table[Terms], company: Company, plans: Mapping[str, Plan], until: str
) -> pl.DataFrame:
    """The windows that ended by a period, of components that add credit up.

    Returns:
        payee_id, plan, component, window, window_end (first day after), table_date, cell, credited,
        stick, pay [plan currency or units], multiple (credited over the stick), last_year (whether
        it ended in the twelve months up to the period).
    """
    import polars as pl

    rows = engine.collected(terms).sort("segment_start")
    last = rows.unique(["payee_id", "plan", "component", "window"], keep="last")
    ends = pl.concat(list(_ends(company, plans, until)), how="vertical")
    found = last.join(ends, on=["plan", "component", "window", "period"])
    stick, pay = _sticks(plans)
    made = found.with_columns(
        credited=pl.col("after") / MONEY, stick=stick / MONEY, pay=pay / MONEY
    ).filter(pl.col("stick") > 0, pl.col("table_date").is_not_null())
    day = ends["window_end"].max()
    year_ago = pl.lit(day).dt.offset_by("-12mo")
    return made.select(
        *("payee_id", "plan", "component", "window", "window_end", "table_date", "cell"),
        *("credited", "stick", "pay"),
        multiple=pl.col("credited") / pl.col("stick"),
        last_year=pl.col("window_end") > year_ago,
    ).sort("plan", "component", "window_end", "payee_id")


def against(ends: pl.DataFrame, plans: Mapping[str, Plan]) -> pl.DataFrame:
    """Each window against each threshold above nothing at which pay or its rate changes.

    Returns:
        The columns of `ended`, and: kind (of `cliffs`), counts (quota, money or
        units), start (multiple of the stick), threshold
        [currency or units], distance (credited over the threshold, less 1), jump [currency], slope
        (change of what the next unit pays), place, remedy.
    """
    import polars as pl

    made = []
    for key, rows in ends.partition_by(
        "plan", "component", "table_date", "cell", as_dict=True, maintain_order=True
    ).items():
        plan, name, day, cell = key
        component = plans[plan].components[name]
        table = component.tables[day]
        told = curves.cells(table)[int(cell)][1]
        one = Paid(
            curves.brackets(component, told),
            component.boundary or "upper",
            by_deal=component.crossing == "transaction" and component.word == "rate",
        )
        for cliff in cliffs(one):
            if cliff.at <= 0:
                continue
            start = float(cliff.at)
            made.append(
                rows.with_columns(
                    kind=pl.lit(cliff.kind),
                    counts=pl.lit(component.thresholds),
                    start=pl.lit(start),
                    threshold=start * pl.col("stick"),
                    distance=pl.col("multiple") / start - 1,
                    jump=float(cliff.jump) * pl.col("pay"),
                    slope=float(cliff.slope_above - cliff.slope_below)
                    * pl.col("pay")
                    / pl.col("stick"),
                    place=pl.lit(cliff.place),
                    remedy=pl.lit(cliff.remedy),
                )
            )
    return pl.concat(made) if made else ends.clear().with_columns(_nothing())


def usual_deals(
    earnings: Table[Earnings], quantiles: tuple[float, ...], since: str
) -> pl.DataFrame:
    """The sizes of what components count at a time: plan, component, deal_0, deal_1 .. , largest.

    Args:
        earnings: lines of kind credit are looked at.
        quantiles: as large as so many of them.
        since: the first period looked at.
    """
    import polars as pl

    lines = earnings.filter(
        nw.col("kind") == "credit", nw.col("credited") > 0, nw.col("period") >= since
    )
    rows = engine.collected(lines.select("plan", "component", "payee_id", "credited"))
    size = pl.col("credited") / MONEY
    sized = {f"deal_{n}": size.quantile(q) for n, q in enumerate(quantiles)}
    return rows.group_by("plan", "component").agg(**sized, largest=size.max(), lines=pl.len())


def heaped(rows: pl.DataFrame, reach: float) -> np.ndarray:
    """Distances of windows from thresholds at which pay is better above, within reach.

    What counts units is left out: whole numbers heap by themselves.
    """
    import polars as pl

    better = (pl.col("jump") > 0) | (pl.col("slope") > 0)
    smooth = (pl.col("counts") != "units") & (pl.col("credited") > 0)
    near = rows.filter(better, smooth, pl.col("distance").abs() < reach)
    return near["distance"].to_numpy()


def _nothing() -> list[pl.Expr]:
    """The columns of `against` where there is no threshold."""
    import polars as pl

    words = ("kind", "counts", "place", "remedy")
    numbers = ("start", "threshold", "distance", "jump", "slope")
    return [
        *(pl.lit(None, pl.String).alias(name) for name in words),
        *(pl.lit(None, pl.Float64).alias(name) for name in numbers),
    ]


def _ends(company: Company, plans: Mapping[str, Plan], until: str) -> Iterator[pl.DataFrame]:
    """By component, its windows that ended by a period: their last period and first day after."""
    import polars as pl

    calendar = engine.collected(company.calendar).sort("start_date")
    day = calendar.filter(period=until)["end_date"][0]
    words = dict.fromkeys(("plan", "component", "window", "period"), pl.String)
    yield pl.DataFrame(schema=words | {"window_end": pl.Date})
    for plan in plans.values():
        for component in plan.components.values():
            if component.alone or component.thresholds == "place":
                continue
            column = COLUMNS.get(component.accumulate, component.accumulate)
            last = calendar.group_by(pl.col(column).alias("window")).agg(
                pl.col("period").last(), window_end=pl.col("end_date").last()
            )
            over = last.filter(pl.col("window_end") <= day)
            yield over.select(
                plan=pl.lit(plan.name),
                component=pl.lit(component.name),
                window="window",
                period="period",
                window_end="window_end",
            )


def _sticks(plans: Mapping[str, Plan]) -> tuple[pl.Expr, pl.Expr]:
    """What thresholds count in and what the curve multiplies, of each row [ticks]."""
    import polars as pl

    stick, pay = pl.lit(float(MONEY)), pl.lit(float(MONEY))
    for plan in plans.values():
        for component in plan.components.values():
            own = (pl.col("plan") == plan.name) & (pl.col("component") == component.name)
            counts = _counts(component)
            stick = pl.when(own).then(counts).otherwise(stick)
            pay = pl.when(own).then(_pays(component, counts)).otherwise(pay)
    return stick, pay


def _counts(component: Component) -> pl.Expr:
    import polars as pl

    by_quota = component.thresholds == "quota"
    return pl.col("quota").fill_null(0).cast(pl.Float64) if by_quota else pl.lit(float(MONEY))


def _pays(component: Component, counts: pl.Expr) -> pl.Expr:
    import polars as pl

    if component.pays == "target":
        return pl.col("target").fill_null(0).cast(pl.Float64)
    if component.pays == "personal_rate":
        return counts * pl.col("personal_rate").fill_null(0) / SHARE
    return pl.lit(float(MONEY)) if component.pays == "amount" else counts
