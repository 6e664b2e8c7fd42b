"""Layout: the components, numbered, on the segments of the calendar that make their windows.

A *place* is one person, component and segment: the row on which everything to date stands. Its
*spot* is the three in one number, which millions of lines carry and join on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.errors import PlanError
from spmlib.core.parameters import refuse
from spmlib.core.tables import Table
from spmlib.incent.crediting.holdings import Holdings
from spmlib.incent.earning import windows
from spmlib.incent.earning.windows import Segment
from spmlib.rules.plans import Component

LINE = ("spot", "key")
PLACE = ("person", "component", "segment")
WINDOW = ("person", "component", "window")


@dataclass(frozen=True)
class Layout:
    """The components, numbered, and the segments of their windows."""

    components: tuple[Component, ...]
    parts: tuple[Segment, ...]
    placed: Table[Any]  # square, component, plan_number, segment, version, window, period_number
    windows: tuple[str, ...]
    periods: Table[Any]  # period_number, period, period_start, period_end, quarter, half, year
    last: int  # the number of the last period that is computed

    @property
    def starts(self) -> Table[Any]:
        """The first day of each segment: segment, segment_start."""
        rows: dict[str, list[Any]] = {
            "segment": [part.number for part in self.parts],
            "segment_start": [part.start for part in self.parts],
        }
        return engine.made(rows, {"segment": int, "segment_start": date})

    @property
    def spot(self) -> nw.Expr:
        """A place in one number, from its person, component and segment."""
        square = nw.col("component") * len(self.parts) + nw.col("segment")
        return nw.col("person") * self._squares + square

    def opened(self, frame: Table[Any]) -> Table[Any]:
        """The frame with what its ``spot`` stands for: person and the columns of ``placed``."""
        rows = frame.with_columns(
            person=engine.divided(nw.col("spot"), self._squares),
            square=nw.col("spot") % self._squares,
        )
        return rows.join(self.placed, on="square").drop("square")

    @property
    def _squares(self) -> int:
        return len(self.components) * len(self.parts)


def layout(
    components: Sequence[Component],
    plans: Sequence[str],
    parts: Sequence[Segment],
    through: str | None = None,
) -> Layout:
    """Which segment belongs to which window and version of each component's table.

    Args:
        through: the last period that is computed; the calendar's last if not named.
    """
    names: dict[str, int] = {}
    rows: dict[str, list[int]] = {
        name: []
        for name in (
            *("square", "component", "plan_number", "segment"),
            *("version", "window", "period_number"),
        )
    }
    numbers = {period: n for n, period in enumerate(dict.fromkeys(part.period for part in parts))}
    for number, component in enumerate(components):
        labels = windows.labels(component, parts)
        for part, label in zip(parts, labels, strict=True):
            rows["square"].append(len(rows["square"]))
            rows["component"].append(number)
            rows["plan_number"].append(plans.index(component.plan))
            rows["segment"].append(part.number)
            rows["version"].append(windows.version(component, part))
            rows["window"].append(names.setdefault(label, len(names)))
            rows["period_number"].append(numbers[part.period])
    placed = engine.made(rows, dict.fromkeys(rows, int))
    last = numbers[windows.upto(parts, through)[-1].period]
    periods = _periods(parts, numbers)
    return Layout(tuple(components), tuple(parts), placed, tuple(names), periods, last)


def refuse_days_without_table(held: Table[Any], made: Layout) -> None:
    """Refuse a plan that has no table on some day on which a person holds it.

    Raises:
        PlanError: with the place of the component, the day, and when its first table starts.
    """
    keys = ["plan_number", "segment"]
    lacking = made.placed.filter(nw.col("version") < 0).join(
        held.select(*keys).unique(keys), on=keys
    )
    found = engine.collected(lacking.sort("component", "segment").head(1))
    if found.height:
        component = made.components[found["component"][0]]
        first = next(iter(component.tables))
        day = made.parts[found["segment"][0]].start
        wrong = f"on {day} someone holds the plan, and the first table starts on {first}"
        refuse(component.at("table"), wrong, f"add a table from {day} or earlier", PlanError)


def refuse_half_restated(components: Sequence[Component], parts: Sequence[Segment]) -> None:
    """Refuse a table that starts inside a window which is computed anew every month.

    Raises:
        PlanError: the plan does not say whether the new table reaches back.
    """
    for component in components:
        anew = component.quota == "to_date" or (component.matrix and not component.alone)
        if component.on_change != "continue" or not anew:
            continue
        first: dict[str, int] = {}
        for label, part in zip(windows.labels(component, parts), parts, strict=True):
            number = max(windows.version(component, part), 0)
            if first.setdefault(label, number) != number:
                wrong = f"a new table starts on {part.start}, in a window computed anew every month"
                right = "add `on_change: restate` or `restart`"
                refuse(component.at("table"), wrong, right, PlanError)


def spans(number: int, over: str, made: Layout) -> Table[Any]:
    """Each period and the window of a length that it belongs to: number, period_number, span."""
    column = "period" if over in ("month", "transaction") else over
    return made.periods.select(
        "period_number", span=nw.col(column), number=nw.lit(number).cast(nw.Int64)
    )


def plan_numbers(made: Layout) -> list[int]:
    """The plan of each component, by number."""
    rows = engine.collected(
        made.placed.select("component", "plan_number").unique(["component", "plan_number"])
    )
    found = dict(rows.iter_rows())
    return [found[number] for number in range(len(made.components))]


def named(frame: Table[Any], made: Layout, holdings: Holdings) -> Table[Any]:
    """A frame of numbers with person, plan, component, measure, window and period as words."""
    components = engine.made(
        {
            "component": list(range(len(made.components))),
            "component_name": [c.name for c in made.components],
            "measure": [c.measure for c in made.components],
        },
        {"component": int, "component_name": str, "measure": str},
    )
    plans = engine.made(
        {"plan_number": list(range(len(holdings.plans))), "plan": list(holdings.plans)},
        {"plan_number": int, "plan": str},
    )
    labels = engine.made(
        {"window": list(range(len(made.windows))), "window_name": list(made.windows)},
        {"window": int, "window_name": str},
    )
    return (
        frame.join(holdings.people.select("person", "payee_id"), on="person")
        .join(plans, on="plan_number")
        .join(components, on="component", how="left")
        .join(labels, on="window", how="left")
        .join(made.periods.select("period_number", "period"), on="period_number")
        .with_columns(component=nw.col("component_name"), window=nw.col("window_name"))
    )


def _periods(parts: Sequence[Segment], numbers: Mapping[str, int]) -> Table[Any]:
    import polars as pl

    made: dict[str, dict[str, Any]] = {}
    for part in parts:
        row = made.setdefault(part.period, {"period_start": part.start})
        row |= {
            "period_number": numbers[part.period],
            "period": part.period,
            "period_end": part.end,
        }
        row |= {"quarter": part.quarter, "half": part.half, "year": part.year}
    return engine.brought(pl.DataFrame(list(made.values())))
