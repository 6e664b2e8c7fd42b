"""Windows: the calendar cut into segments, in each of which every table stands still.

A segment is a period (a month), or a part of one where some plan's table changes inside it. Each
component says, by its ``accumulate``, which segments make a window.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from spmlib.core import engine, parameters
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Table
from spmlib.rules.plans import Component


@dataclass(frozen=True)
class Segment:
    """A stretch of days in one period between two changes of any table."""

    number: int
    start: date
    end: date
    period: str
    quarter: str
    half: str
    year: str
    closes: bool  # whether it is the last of its period

    def window(self, over: str) -> str:
        """The label of the window of a length that holds the segment."""
        return self.period if over in ("month", "transaction") else str(getattr(self, over))


def segments(
    calendar: Table[Any], components: Iterable[Component], also: Iterable[date] = ()
) -> list[Segment]:
    """The segments of a calendar, in order.

    Args:
        calendar: the company's.
        components: those whose tables may change inside a period.
        also: other days on which something changes.
    """
    changes = {*also, *(start for component in components for start in component.tables)}
    changes |= {start for component in components for start in component.windfall}
    made: list[Segment] = []
    for row in engine.collected(calendar.sort("start_date")).iter_rows(named=True):
        inside = sorted(c for c in changes if row["start_date"] < c < row["end_date"])
        edges = [row["start_date"], *inside, row["end_date"]]
        for start, end in pairwise(edges):
            labels = {word: row[word] for word in ("period", "quarter", "half", "year")}
            closes = end == row["end_date"]
            made.append(Segment(len(made), start, end, **labels, closes=closes))
    return made


def upto(parts: Sequence[Segment], through: str | None) -> list[Segment]:
    """The segments up to the end of a period; all of them if none is named.

    Raises:
        ParameterError: the calendar has no such period.
    """
    if through is None:
        return list(parts)
    periods = list(dict.fromkeys(part.period for part in parts))
    if through not in periods:
        remedy = f"write {parameters.nearest(through, periods)}"
        raise ParameterError(f"period '{through}': the calendar does not have it; {remedy}.")
    return [part for part in parts if periods.index(part.period) <= periods.index(through)]


def days(parts: Sequence[Segment]) -> Table[Any]:
    """Each day of the calendar and its segment: event_date, segment."""
    every = [
        (part.start + timedelta(days=n), part.number)
        for part in parts
        for n in range((part.end - part.start).days)
    ]
    return _table({"event_date": [d for d, _ in every], "segment": [n for _, n in every]})


def frame(parts: Sequence[Segment]) -> Table[Any]:
    """The segments as a table."""
    rows: dict[str, list[Any]] = {
        "segment": [part.number for part in parts],
        "segment_start": [part.start for part in parts],
        "segment_end": [part.end for part in parts],
        "closes": [part.closes for part in parts],
    }
    for word in ("period", "quarter", "half", "year"):
        rows[word] = [getattr(part, word) for part in parts]
    return _table(rows)


def version(component: Component, part: Segment) -> int:
    """The number of the component's table in force in a segment; -1 before its first."""
    return bisect_right(list(component.tables), part.start) - 1


def labels(component: Component, parts: Sequence[Segment]) -> list[str]:
    """The label of the component's window at each segment.

    Where a new table restarts the count inside a window, the label says from when.
    """
    plain = [part.window(component.accumulate) for part in parts]
    if component.on_change != "restart" or component.alone:
        return plain
    starts: dict[str, date] = {}
    for label, part in zip(plain, parts, strict=True):
        starts.setdefault(label, part.start)
    since = [list(component.tables)[max(version(component, part), 0)] for part in parts]
    return [
        f"{label} from {day}" if day > starts[label] else label
        for label, day in zip(plain, since, strict=True)
    ]


def _table(rows: dict[str, list[Any]]) -> Table[Any]:
    import polars as pl

    return engine.brought(pl.DataFrame(rows))
