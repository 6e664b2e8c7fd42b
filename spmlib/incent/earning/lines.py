"""Lines: what the ways of earning have in common: a line's columns, and how places stand."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent.earning.layout import LINE, WINDOW, Layout

Found = tuple[Table[Any], Table[Any]]  # lines, and how places stand


def told(joined: Table[Any], kind: str) -> Table[Any]:
    """Lines as all ways give them: `LINE`, kind, credited, before, after, amount, place."""
    values = ("credited", "before", "after", "amount", "place")
    return joined.select(*LINE, *values, kind=nw.lit(kind))


def of_no_transaction(frame: Table[Any], kind: str) -> Table[Any]:
    """Lines that no credit made; they are dated on the first day of their segment."""
    return told(frame.with_columns(key=nw.lit(None, dtype=nw.Int64)), kind)


def rounded(exact: nw.Expr, offset: bool = True) -> nw.Expr:
    """An exact amount times d, rounded to minor units."""
    whole = exact + nw.col("offset") if offset else exact
    return engine.rounded(whole, nw.col("d")).cast(nw.Int64)


def standing(ready: Table[Any]) -> Table[Any]:
    """What was earned to date at the end of each period."""
    last = nw.col("segment") == nw.col("segment").max().over(*WINDOW, "period_number")
    return ready.filter(last).select(
        "person", "plan_number", "component", "window", "period_number", "d", exact="exact_end"
    )


def summed(found: Table[Any], places: Table[Any], made: Layout) -> Table[Any]:
    """How places stand where what was earned is the sum of lines already rounded."""
    periodic = ["person", "component", "window", "period_number"]
    summed = made.opened(found.group_by("spot").agg(amount=nw.col("amount").sum()))
    summed = summed.group_by(*periodic).agg(amount=nw.col("amount").sum())
    every = places.select("plan_number", *periodic).unique(["plan_number", *periodic])
    joined = every.join(summed, on=periodic, how="left")
    joined = joined.with_columns(amount=nw.col("amount").fill_null(0).cast(engine.WIDE))
    return joined.with_columns(
        exact=nw.col("amount").cum_sum().over(*WINDOW, order_by="period_number"),
        d=nw.lit(1).cast(engine.WIDE),
    ).select("person", "plan_number", "component", "window", "period_number", "d", "exact")
