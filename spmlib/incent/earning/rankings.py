"""Rankings: prizes for places, paid at the end of a window; those who tie share their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.tables import MONEY, Table
from spmlib.incent.earning.layout import Layout

CONTEST = ("component", "window")


def prizes(places: Table[Any], made: Layout, sources: Sequence[str]) -> Table[Any]:
    """The prizes of everyone who took a place with a prize.

    Args:
        places: of `attainment.with_goals`, of components whose thresholds are places.

    Returns:
        person, plan_number, component, window, segment, period_number, credited, before, after
        [ticks], amount [minor units], place (the number of the row's file and line).

    Source: standard competition ranking; the sum of the tied places is shared equally.
    """
    last = nw.col("segment").max().over(*CONTEST)
    ended = made.placed.with_columns(last=last).filter(
        nw.col("segment") == nw.col("last"), nw.col("period_number") <= made.last
    )
    ended = ended.select(*CONTEST, "segment", "period_number")
    final = places.filter(nw.col("stays") == 1).join(ended, on=[*CONTEST, "segment"], how="semi")
    ranked = final.filter(nw.col("after") > 0).with_columns(
        taken=nw.col("after").rank("min", descending=True).over(*CONTEST).cast(nw.Int64),
    )
    ranked = ranked.with_columns(
        tied=nw.len().over(*CONTEST, "taken").cast(nw.Int64),
        turn=nw.col("person").rank("ordinal").over(*CONTEST, "taken").cast(nw.Int64),
    )
    paid = ranked.join(_table(made, sources), on=["component", "version"]).filter(
        nw.col("prize_place") >= nw.col("taken"),
        nw.col("prize_place") < nw.col("taken") + nw.col("tied"),
    )
    keys = ("person", "plan_number", *CONTEST, "segment", "period_number", "after", "tied", "turn")
    shared = paid.group_by(*keys).agg(pot=nw.col("prize").sum(), place=nw.col("source").min())
    floor = engine.divided(nw.col("pot"), nw.col("tied"))
    extra = nw.col("pot") - floor * nw.col("tied")
    amount = floor + nw.when(nw.col("turn") <= extra).then(nw.lit(1)).otherwise(nw.lit(0))
    return shared.with_columns(
        amount=amount, before=nw.lit(0).cast(nw.Int64), credited=nw.col("after")
    ).filter(nw.col("amount") != 0)


def _table(made: Layout, sources: Sequence[str]) -> Table[Any]:
    """The prize of each place: component, version, prize_place, prize [minor units], source.

    A place that no row names has no prize.
    """
    rows = [
        {
            "component": number,
            "version": version,
            "prize_place": int(row.start),
            "prize": int(row.gives * MONEY) // conversion.minor(component.currency),
            "source": sources.index(row.place),
        }
        for number, component in enumerate(made.components)
        if component.thresholds == "place"
        for version, table in enumerate(component.tables.values())
        for row in table
    ]
    columns = ("component", "version", "prize_place", "prize", "source")
    return engine.made({c: [row[c] for row in rows] for c in columns}, dict.fromkeys(columns, int))
