"""Modified: what gates, multipliers, caps and floors make of what was earned, each a line.

Every modifier looks at the window to date at the end of each period. What it leaves stays exact
(a numerator and a divisor) for the next; its line is the difference of the rounded amounts, less
what it had given or taken by the period before.

To add a modifier: its reading in `rules.modifiers`, its effect here in `EFFECTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import SHARE, Table
from spmlib.incent.earning import brackets
from spmlib.incent.earning.layout import Layout
from spmlib.incent.earning.seconds import reaches, step
from spmlib.rules.modifiers import Modifier

KEY = ("person", "span")


@dataclass(frozen=True)
class Modifying:
    """One modifier at work."""

    modifier: Modifier
    number: int  # its place in the order written, from 1
    unit: int  # the currency's minor unit [ticks]
    seconds: Table[Any] | None  # person, period_number, value, base
    made: Layout


def modified(standing: Table[Any], modifiers: Sequence[Modifying]) -> list[Table[Any]]:
    """The lines of the modifiers.

    Args:
        standing: person, span, period_number, exact, d (to date = exact / d minor units), target.

    Returns:
        For each modifier: person, period_number, amount [minor units], number, kind, source.

    Raises:
        OverflowRefused: an amount is too large to be exact.
    """
    lines = []
    for each in modifiers:
        _refuse_overflow(standing, each)
        after = engine.kept(EFFECTS[each.modifier.kind](standing, each))
        lines.append(engine.kept(_line(standing, after, each)))
        standing = after
    return lines


def _line(before: Table[Any], after: Table[Any], each: Modifying) -> Table[Any]:
    """What the modifier gave or took in each period."""
    keys = (*KEY, "period_number")
    both = before.select(*keys, was=_rounded()).join(
        after.select(*keys, now=_rounded()), on=list(keys)
    )
    both = both.with_columns(to_date=nw.col("now") - nw.col("was"))
    earlier = nw.col("to_date").shift(1).over(*KEY, order_by="period_number").fill_null(0)
    return (
        both.with_columns(amount=nw.col("to_date") - earlier)
        .filter(nw.col("amount") != 0)
        .select(
            "person",
            "period_number",
            "amount",
            number=nw.lit(each.number),
            kind=nw.lit(each.modifier.kind),
            source=nw.lit(str(each.modifier.place)),
        )
    )


def _gate(standing: Table[Any], each: Modifying) -> Table[Any]:
    gate = each.modifier
    joined = _seen(standing, each)
    assert gate.at_least is not None  # a gate's reader makes sure
    opened = reaches(Fraction(gate.at_least), gate.strict)
    if gate.otherwise == "withhold":
        exact = nw.when(opened).then(nw.col("exact")).otherwise(nw.lit(0).cast(engine.WIDE))
        return joined.with_columns(exact=exact).drop("value", "base")
    to_date = joined.with_columns(cents=_rounded())
    earlier = nw.col("cents").shift(1).over(*KEY, order_by="period_number").fill_null(0)
    to_date = to_date.with_columns(fresh=nw.col("cents") - earlier)
    to_date = to_date.with_columns(fresh=nw.when(opened).then(nw.col("fresh")).otherwise(nw.lit(0)))
    exact = nw.col("fresh").cum_sum().over(*KEY, order_by="period_number").cast(engine.WIDE)
    made = to_date.with_columns(exact=exact, d=nw.lit(1).cast(engine.WIDE))
    return made.drop("value", "base", "cents", "fresh")


def _multiplier(standing: Table[Any], each: Modifying) -> Table[Any]:
    joined = _seen(standing, each)
    factors = nw.lit(1).cast(engine.WIDE)
    scale = _scale(each.modifier)
    for periods, steps in _dated(each, each.modifier.steps):
        reached = step([Fraction(s.start) for s in steps], each.modifier.boundary)
        factor = nw.lit(int(steps[0].factor * scale))
        for n, s in enumerate(steps[1:], start=1):
            factor = nw.when(reached == n).then(nw.lit(int(s.factor * scale))).otherwise(factor)
        factors = (
            nw.when(nw.col("period_number").is_in(periods))
            .then(factor.cast(engine.WIDE))
            .otherwise(factors)
        )
    made = joined.with_columns(exact=nw.col("exact") * factors, d=nw.col("d") * scale)
    return made.drop("value", "base")


def _cap(standing: Table[Any], each: Modifying) -> Table[Any]:
    return _limited(standing, each, lambda exact, limit: exact > limit)


def _floor(standing: Table[Any], each: Modifying) -> Table[Any]:
    return _limited(standing, each, lambda exact, limit: exact < limit)


EFFECTS: dict[str, Callable[[Table[Any], Modifying], Table[Any]]] = {
    "gate": _gate,
    "multiplier": _multiplier,
    "cap": _cap,
    "floor": _floor,
}


def _limited(
    standing: Table[Any], each: Modifying, beyond: Callable[[nw.Expr, nw.Expr], nw.Expr]
) -> Table[Any]:
    exact = nw.col("exact")
    for periods, limit in _dated(each, each.modifier.limits):
        if limit.percent:
            share = engine.wide("target") * int(limit * SHARE)
            amount = engine.rounded(share, SHARE * each.unit)
        else:
            amount = nw.lit(int(limit * 10**4) // each.unit).cast(engine.WIDE)
        bound = amount * nw.col("d")
        there = nw.col("period_number").is_in(periods) & beyond(nw.col("exact"), bound)
        exact = nw.when(there).then(bound).otherwise(exact)
    return standing.with_columns(exact=exact)


def _dated(each: Modifying, history: Mapping[Any, Any]) -> list[tuple[list[int], Any]]:
    """Each value with the periods on whose last day it is in force; none before the first."""
    ends = {part.period: part for part in each.made.parts}
    starts = [
        max((day for day in history if day < part.end), default=None) for part in ends.values()
    ]
    return [
        ([number for number, start in enumerate(starts) if start == day], value)
        for day, value in history.items()
    ]


def _seen(standing: Table[Any], each: Modifying) -> Table[Any]:
    assert each.seconds is not None  # asked for with the modifier
    joined = standing.join(each.seconds, on=["person", "period_number"], how="left")
    return joined.with_columns(value=nw.col("value").fill_null(0), base=nw.col("base").fill_null(0))


def _refuse_overflow(standing: Table[Any], each: Modifying) -> None:
    """Refuse what would wrap when it is multiplied by a factor, or compared with a limit."""
    scale = _scale(each.modifier)
    factors = [float(s.factor) for steps in each.modifier.steps.values() for s in steps]
    limits = [abs(float(limit)) * 10**4 for limit in each.modifier.limits.values()]
    exact, d, target = (nw.col(name).cast(nw.Float64).abs() for name in ("exact", "d", "target"))
    sizes = [exact * scale * max([1.0, *factors]), d * scale, d * max([0.0, *limits])]
    sizes += [d * target * max(limits)] if limits else []
    engine.refuse_above(standing.select(size=nw.max_horizontal(*sizes).max()), brackets.LARGEST)


def _scale(modifier: Modifier) -> int:
    """What makes every factor whole; 1 where there are none."""
    steps = [s for steps in modifier.steps.values() for s in steps]
    return int(10 ** max((_places(s.factor) for s in steps), default=0))


def _rounded() -> nw.Expr:
    return engine.rounded(nw.col("exact"), nw.col("d")).cast(nw.Int64)


def _places(factor: Any) -> int:
    return max(0, -int(factor.as_tuple().exponent))
