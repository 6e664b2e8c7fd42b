"""Commissions: what each line earned: the curve after it less the curve before it.

Components go three ways. *Running*: earned is a function of what was credited to date (split,
whole, payouts). *Alone*: each transaction stands on its own, a negative one as the mirror image.
*Crossing*: a whole transaction earns the rate it reaches, so what was earned is a running sum.
Whatever the way, a running total is rounded once and lines are its differences, so they add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent import conversion
from spmlib.incent.brackets import (
    Brackets,
    brackets,
    carried,
    chosen,
    curved,
    headroom,
    numerator,
    sorted_out,
)
from spmlib.incent.layout import LINE, WINDOW, Layout
from spmlib.rules.plans import Component

MOST_LINES = 8_000_000  # at work at once


@dataclass(frozen=True)
class Earned:
    """What was earned by lines, and how every place stands."""

    lines: Table[Any]  # `LINE`, kind, credited, before, after [ticks], amount [minor units], place
    standings: Table[
        Any
    ]  # person, plan_number, component, window, period_number, exact, d: earned to date = exact / d
    places: tuple[str, ...]  # file and line, by number


def earned(
    lines: Table[Any], places: Table[Any], made: Layout, cells: Table[Any] | None = None
) -> Earned:
    """What every line earned, before modifiers.

    Args:
        lines: of `attainment.lines`.
        places: of `attainment.with_goals`, with ``cell`` where a matrix chooses by place.
        cells: for matrices of single transactions: key, spot, cell.

    Raises:
        OverflowRefused: an amount is too large to be exact.
    """
    curve = brackets(made.components)
    ways = {way: [n for n, c in enumerate(made.components) if _way(c) == way] for way in WAYS}
    results = [
        WAYS[way](
            lines.filter(nw.col("component").is_in(numbers)),
            places.filter(nw.col("component").is_in(numbers)),
            curve,
            made,
            cells,
        )
        for way, numbers in ways.items()
        if numbers
    ]
    found = engine.stacked([r[0] for r in results])
    standings = engine.stacked([r[1] for r in results])
    return Earned(found, engine.kept(standings), curve.places)


def _way(component: Component) -> str:
    if component.thresholds == "place":
        return "ranked"
    if component.alone:
        return "alone"
    return "crossing" if component.crossing == "transaction" else "running"


def _running(
    lines: Table[Any], places: Table[Any], curve: Brackets, made: Layout, cells: Table[Any] | None
) -> tuple[Table[Any], Table[Any]]:
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
    return engine.stacked([*credits, restated]), _standing(ready)


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
        amount=_rounded(numerator(curve, "after")) - _rounded(numerator(curve, "before")),
        far=nw.max_horizontal("before", "after"),
    )
    place = chosen([nw.col(f"place_{k}") for k in range(curve.most)], "far")
    return _lines(joined.with_columns(place=place), "credit")


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
    end = _rounded(nw.col("exact_end"), offset=False)
    ready = ready.with_columns(stood=end, stands=_rounded(nw.col("exact_start"), offset=False))
    before = nw.col("stood").shift(1).over(*WINDOW, order_by="segment").fill_null(0)
    ready = ready.with_columns(amount=nw.col("stands") - before, after=nw.col("before"))
    moved = ready.filter(nw.col("amount") != 0).with_columns(
        place=nw.col("place_0"), credited=nw.lit(None, dtype=nw.Int64)
    )
    return _of_no_transaction(moved, "restatement")


def _standing(ready: Table[Any]) -> Table[Any]:
    """What was earned to date at the end of each period."""
    last = nw.col("segment") == nw.col("segment").max().over(*WINDOW, "period_number")
    return ready.filter(last).select(
        "person", "plan_number", "component", "window", "period_number", "d", exact="exact_end"
    )


def _alone(
    lines: Table[Any], places: Table[Any], curve: Brackets, made: Layout, cells: Table[Any] | None
) -> tuple[Table[Any], Table[Any]]:
    slim = places.drop("cell", "before", "after", "credited")
    ready = curved(slim, curve, ("component", "version"))
    placed = lines.with_columns(cell=nw.lit(0).cast(nw.Int64))
    if cells is not None:
        placed = lines.join(cells, on=["key", "spot"], how="left").with_columns(
            cell=nw.col("cell").fill_null(0)
        )
    joined = placed.join(ready.drop("component"), on=["spot", "cell"])
    joined = joined.with_columns(
        far=nw.col("credited").abs(),
        offset=nw.lit(0).cast(engine.WIDE),
        sign=nw.when(nw.col("credited") < 0).then(nw.lit(-1)).otherwise(nw.lit(1)),
        before=nw.lit(0).cast(nw.Int64),
        after=nw.col("credited"),
    )
    joined = engine.kept(joined.with_columns(most=nw.col("far")))
    headroom(joined, curve, "most")
    joined = joined.with_columns(amount=_rounded(numerator(curve, "far")) * nw.col("sign"))
    joined = joined.with_columns(
        place=chosen([nw.col(f"place_{k}") for k in range(curve.most)], "far")
    )
    found = engine.kept(_lines(joined, "credit"))
    return found, _summed(found, places, made)


def _crossing(
    lines: Table[Any], places: Table[Any], curve: Brackets, made: Layout, cells: Table[Any] | None
) -> tuple[Table[Any], Table[Any]]:
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
        amount=_rounded(nw.col("sum_after"), offset=False)
        - _rounded(nw.col("sum_before"), offset=False),
        place=chosen([nw.col(f"place_{k}") for k in range(curve.most)], "far"),
    )
    joined = engine.kept(joined)
    summed = joined.group_by("spot").agg(part=nw.col("part").sum())
    ready = ready.join(summed, on="spot", how="left").with_columns(part=nw.col("part").fill_null(0))
    ready = ready.with_columns(exact_end=nw.col("part").cum_sum().over(*WINDOW, order_by="segment"))
    return _lines(joined, "credit"), _standing(ready)


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


def _ranked(
    lines: Table[Any], places: Table[Any], curve: Brackets, made: Layout, cells: Table[Any] | None
) -> tuple[Table[Any], Table[Any]]:
    from spmlib.incent.rankings import prizes

    found = prizes(places, made, curve.places)
    prized = engine.kept(_of_no_transaction(found.with_columns(spot=made.spot), "prize"))
    return prized, _summed(prized, places, made)


WAYS: dict[str, Any] = {
    "running": _running,
    "alone": _alone,
    "crossing": _crossing,
    "ranked": _ranked,
}


def _summed(found: Table[Any], places: Table[Any], made: Layout) -> Table[Any]:
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


def _most() -> nw.Expr:
    """A bound on every value the lines of a place will meet."""
    return nw.col("before").abs() + nw.col("turnover")


def _span() -> dict[str, nw.Expr]:
    """Between which values the lines of a place lie: what all reversals, or all others, make."""
    fallen = engine.divided(nw.col("credited") - nw.col("turnover"), 2)
    low = nw.col("before") + fallen
    return {"low": low, "high": low + nw.col("turnover")}


def _rounded(exact: nw.Expr, offset: bool = True) -> nw.Expr:
    """An exact amount times d, rounded to minor units."""
    whole = exact + nw.col("offset") if offset else exact
    return engine.rounded(whole, nw.col("d")).cast(nw.Int64)


def _of_no_transaction(frame: Table[Any], kind: str) -> Table[Any]:
    """Lines that no credit made; they are dated on the first day of their segment."""
    return _lines(frame.with_columns(key=nw.lit(None, dtype=nw.Int64)), kind)


def _lines(joined: Table[Any], kind: str) -> Table[Any]:
    values = ("credited", "before", "after", "amount", "place")
    return joined.select(*LINE, *values, kind=nw.lit(kind))


def minor_units(components: Sequence[Component]) -> Table[Any]:
    """The minor unit of each component's currency: component, unit [ticks], currency."""
    return engine.made(
        {
            "component": list(range(len(components))),
            "unit": [conversion.minor(c.currency) for c in components],
            "currency": [c.currency for c in components],
        },
        {"component": int, "unit": int, "currency": str},
    )
