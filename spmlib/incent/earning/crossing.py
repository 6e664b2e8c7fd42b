"""Crossing: a whole transaction earns the rate it reaches, so what was earned is a running sum."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent.earning.brackets import Brackets, curved
from spmlib.incent.earning.evaluation import chosen, headroom, numerator
from spmlib.incent.earning.layout import WINDOW, Layout
from spmlib.incent.earning.lines import Found, rounded, standing, told


def crossing(
    lines: Table[Any], places: Table[Any], curve: Brackets, made: Layout, cells: Table[Any] | None
) -> Found:
    """The lines and standings of components that go this way."""
    ready = curved(places, curve, ("component", "version", "cell"))
    joined = lines.join(ready.drop("credited", "after", "component"), on="spot")
    done = nw.col("credited").cum_sum().over("spot", order_by="key")
    joined = joined.with_columns(after=nw.col("before") + done)
    joined = joined.with_columns(
        before=nw.col("after") - nw.col("credited"),
        most=nw.max_horizontal(
            nw.col("after").abs(), nw.col("before").abs(), nw.col("credited").abs()
        ),
    )
    joined = engine.kept(_far(joined, made))
    headroom(joined, curve, "most")
    joined = joined.with_columns(part=numerator(curve, "far") * engine.wide("credited"))
    joined = joined.with_columns(sum_after=nw.col("part").cum_sum().over(*WINDOW, order_by="key"))
    joined = joined.with_columns(sum_before=nw.col("sum_after") - nw.col("part"))
    joined = joined.with_columns(
        amount=rounded(nw.col("sum_after"), offset=False)
        - rounded(nw.col("sum_before"), offset=False),
        place=chosen([nw.col(f"place_{k}") for k in range(curve.most)], "far"),
    )
    joined = engine.kept(joined)
    summed = joined.group_by("spot").agg(part=nw.col("part").sum())
    ready = ready.join(summed, on="spot", how="left").with_columns(part=nw.col("part").fill_null(0))
    ready = ready.with_columns(exact_end=nw.col("part").cum_sum().over(*WINDOW, order_by="segment"))
    return told(joined, "credit"), standing(ready)


def _far(joined: Table[Any], made: Layout) -> Table[Any]:
    """Where a transaction, or all of a month, comes to; for a reversal, where it starts from."""
    monthly = [n for n, c in enumerate(made.components) if c.group == "month"]
    own = nw.when(nw.col("credited") >= 0).then(nw.col("after")).otherwise(nw.col("before"))
    if not monthly:
        return joined.with_columns(far=own)
    month = ("person", "component", "window", "period_number")
    joined = joined.with_columns(first=nw.col("key").min().over(*month))
    first = nw.col("key") == nw.col("first")
    joined = joined.with_columns(
        started=nw.when(first).then(nw.col("before")).otherwise(None)
    ).with_columns(
        opening=nw.col("started").max().over(*month),
        turnover=nw.col("credited").sum().over(*month),
    )
    closing = nw.col("opening") + nw.col("turnover")
    together = nw.when(nw.col("turnover") >= 0).then(closing).otherwise(nw.col("opening"))
    grouped = nw.col("component").is_in(monthly)
    return joined.with_columns(far=nw.when(grouped).then(together).otherwise(own))
