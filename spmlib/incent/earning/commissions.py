"""Commissions: what each line earned: the curve after it less the curve before it.

Components go four ways, each a module: `running`, `alone`, `crossing` and, by places, `rankings`.
Whatever the way, a running total is rounded once and lines are its differences, so they add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.tables import Table
from spmlib.incent.earning import alone, clawbacks, crossing, running
from spmlib.incent.earning.brackets import Brackets, brackets
from spmlib.incent.earning.layout import Layout
from spmlib.incent.earning.lines import Found, of_no_transaction, summed
from spmlib.incent.earning.rankings import prizes
from spmlib.incent.work import Work
from spmlib.rules.plans import Component


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


def with_clawbacks(earned_: Earned, work: Work, left: Table[Any] | None) -> Earned:
    """What was earned, and what is taken back at the rate once paid.

    Args:
        earned_: of all components.
        work: of the calculation.
        left: what components came to before and after their modifiers, as `at_paid_rate` takes it.
    """
    terms = (plan.payment for plan in work.parameters.plans.values())
    own = [each.clawback.place for each in terms if each and each.clawback]
    places = tuple(dict.fromkeys([*earned_.places, *own]))
    back = clawbacks.at_paid_rate(earned_.lines, work, places, left)
    if back is None:
        return earned_
    return replace(earned_, lines=engine.stacked([earned_.lines, back]), places=places)


def _way(component: Component) -> str:
    if component.thresholds == "place":
        return "ranked"
    if component.alone:
        return "alone"
    return "crossing" if component.crossing == "transaction" else "running"


def _ranked(
    lines: Table[Any], places: Table[Any], curve: Brackets, made: Layout, cells: Table[Any] | None
) -> Found:
    """Prizes for places, at the end of a window."""
    found = prizes(places, made, curve.places)
    prized = engine.kept(of_no_transaction(found.with_columns(spot=made.spot), "prize"))
    return prized, summed(prized, places, made)


WAYS: dict[str, Any] = {
    "running": running.running,
    "alone": alone.alone,
    "crossing": crossing.crossing,
    "ranked": _ranked,
}


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
