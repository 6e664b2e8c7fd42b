"""Running: earned is a function of what was credited to date (split, whole, payouts).

A line earns the curve after it less the curve before it. Where a curve moves (a quota to date, a
new table, a matrix) one more line restates what stood before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent.earning.brackets import Brackets, curved
from spmlib.incent.earning.evaluation import carried, chosen, headroom, numerator, sorted_out
from spmlib.incent.earning.layout import WINDOW, Layout
from spmlib.incent.earning.lines import Found, of_no_transaction, rounded, standing, told

MOST_LINES = 8_000_000  # at work at once


def running(
    lines: Table[Any], places: Table[Any], curve: Brackets, made: Layout, cells: Table[Any] | None
) -> Found:
    """The lines and standings of components that go this way."""
    ready = _in_order(curved(places, curve, ("component", "version", "cell")), curve, made)
    headroom(ready.with_columns(most=_most()), curve, "most")
    credits = [
        engine.kept(
            _evaluated(lines.join(rows.select("spot", "before", *carried(part)), on="spot"), part)
        )
        for part, places_ in sorted_out(ready.with_columns(**_span()), curve)
        for rows in _batches(places_, lines)
    ]
    restated = engine.kept(_restated(ready, made))
    return engine.stacked([*credits, restated]), standing(ready)


def _batches(places: Table[Any], lines: Table[Any]) -> Iterator[Table[Any]]:
    """The places of some people after the other, so that the lines at work stay within memory."""
    count = lines.select(nw.len()).collect().item() // MOST_LINES + 1
    for number in range(count):
        yield places if count == 1 else places.filter(nw.col("person") % count == number)


def _evaluated(joined: Table[Any], curve: Brackets) -> Table[Any]:
    """The lines of places that go on from before to after, each by the curve of its place."""
    done = nw.col("credited").cum_sum().over("spot", order_by="key")
    joined = joined.with_columns(after=nw.col("before") + done)
    joined = joined.with_columns(before=nw.col("after") - nw.col("credited"))
    joined = joined.with_columns(
        amount=rounded(numerator(curve, "after")) - rounded(numerator(curve, "before")),
        far=nw.max_horizontal("before", "after"),
    )
    place = chosen([nw.col(f"place_{k}") for k in range(curve.most)], "far")
    return told(joined.with_columns(place=place), "credit")


def _in_order(ready: Table[Any], curve: Brackets, made: Layout) -> Table[Any]:
    """The places with what they stand at, and what a new table carries on from the old one.

    Adds exact_start, exact_end (times d) and offset: with ``continue`` the curve in force from
    some day on is shifted so that it starts where the old one had come to.
    """
    ready = ready.with_columns(
        exact_start=numerator(curve, "before"), exact_end=numerator(curve, "after")
    )
    last = nw.col("exact_end").shift(1).over(*WINDOW, order_by="segment")
    step = (
        nw.when(last.is_null() | ~_continuing(made))
        .then(nw.lit(0).cast(engine.WIDE))
        .otherwise(last - nw.col("exact_start"))
    )
    ready = ready.with_columns(step=step)
    ready = ready.with_columns(offset=nw.col("step").cum_sum().over(*WINDOW, order_by="segment"))
    return engine.kept(
        ready.with_columns(
            exact_start=nw.col("exact_start") + nw.col("offset"),
            exact_end=nw.col("exact_end") + nw.col("offset"),
        )
    )


def _continuing(made: Layout) -> nw.Expr:
    """Whether a component goes on at its place on a new table (others restate)."""
    numbers = [
        n
        for n, c in enumerate(made.components)
        if c.on_change == "continue" and c.quota == "window" and c.matrix is None
    ]
    return nw.col("component").is_in(numbers)


def _restated(ready: Table[Any], made: Layout) -> Table[Any]:
    """A line where a curve moved: what stood before, by the new curve less by the old one."""
    end = rounded(nw.col("exact_end"), offset=False)
    ready = ready.with_columns(stood=end, stands=rounded(nw.col("exact_start"), offset=False))
    before = nw.col("stood").shift(1).over(*WINDOW, order_by="segment").fill_null(0)
    ready = ready.with_columns(amount=nw.col("stands") - before, after=nw.col("before"))
    moved = ready.filter(nw.col("amount") != 0).with_columns(
        place=nw.col("place_0"), credited=nw.lit(None, dtype=nw.Int64)
    )
    return of_no_transaction(moved, "restatement")


def _most() -> nw.Expr:
    """A bound on every value the lines of a place will meet."""
    return nw.col("before").abs() + nw.col("turnover")


def _span() -> dict[str, nw.Expr]:
    """Between which values the lines of a place lie: what all reversals, or all others, make."""
    fallen = engine.divided(nw.col("credited") - nw.col("turnover"), 2)
    low = nw.col("before") + fallen
    return {"low": low, "high": low + nw.col("turnover")}
