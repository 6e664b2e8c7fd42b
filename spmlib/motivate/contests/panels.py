"""Panels: what each person brought in each stretch of days, as rows or side by side.

A panel has a row for each person and stretch: payee_id, at (its first day, or any label), value,
and days (its length) where stretches differ. Whoever brought nothing has a row of 0; whoever was
not there has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import frames

if TYPE_CHECKING:
    import polars as pl

STRETCHES = ("earlier", "before", "announced", "window", "after")


@dataclass(frozen=True)
class Wide:
    """A panel side by side.

    Attributes:
        people: their ids, sorted.
        at: the stretches, sorted.
        days: length of each [days, or 1].
        values: people x stretches; not a number where somebody was not there.
    """

    people: list[str]
    at: list[Any]
    days: Any
    values: Any

    def columns(self, labels: Iterable[Any]) -> list[int]:
        """Where some stretches stand.

        Raises:
            ParameterError: the panel has none of that name.
        """
        places = {label: n for n, label in enumerate(self.at)}
        given = [labels] if isinstance(labels, str) else labels
        wanted = list(dict.fromkeys(_day_of(label) for label in given))
        unknown = [label for label in wanted if label not in places]
        if unknown:
            ends = f"it has {self.at[0]} to {self.at[-1]}" if self.at else "it is empty"
            raise ParameterError(f"the panel has no stretch {unknown[0]}; {ends}.")
        return [places[label] for label in wanted]


def wide(panel: Any) -> Wide:
    """A panel's rows side by side.

    Args:
        panel: payee_id, at, value and, if stretches differ in length, days; an empty value is
            somebody who was not there.

    Raises:
        ParameterError: a column is missing, a value is no number, or somebody has two rows for a
            stretch.
    """
    import polars as pl

    rows = frames.taken(panel, ("payee_id", "at", "value"), "the panel")
    if "days" not in rows.columns:
        rows = rows.with_columns(days=pl.lit(1.0))
    kind = rows.schema["value"]
    if not kind.is_numeric() and rows.height:
        raise ParameterError("the panel: value holds no numbers; give amounts or counts.")
    rows = rows.select(
        pl.col("payee_id").cast(pl.String), "at", pl.col("value", "days").cast(pl.Float64)
    ).drop_nulls("payee_id")
    if rows.schema["at"] == pl.Datetime and (rows["at"] == rows["at"].dt.truncate("1d")).all():
        rows = rows.with_columns(pl.col("at").cast(pl.Date))
    if rows["at"].null_count() or not (rows["days"].fill_null(0.0) > 0).all():
        raise ParameterError("the panel: a stretch has no name or no days; write both.")
    twice = rows.filter(rows.select("payee_id", "at").is_duplicated())
    if twice.height:
        who, when = twice.row(0)[:2]
        raise ParameterError(f"the panel: {who} has two rows for {when}; add them up first.")
    people = sorted(rows["payee_id"].unique().to_list())
    at = sorted(rows["at"].unique().to_list())
    values = np.full((len(people), len(at)), np.nan)
    days = np.ones(len(at))
    row = np.searchsorted(np.array(people, str), rows["payee_id"].to_numpy().astype(str))
    places = {label: n for n, label in enumerate(at)}
    column = np.array([places[label] for label in rows["at"].to_list()], int)
    values[row, column] = rows["value"].to_numpy()
    days[column] = rows["days"].to_numpy()
    return Wide(people, at, days, np.where(np.isinf(values), np.nan, values))


def _day_of(label: Any) -> Any:
    """A midnight as its day."""
    midnight = isinstance(label, datetime) and label.time() == time()
    return label.date() if midnight else label


def panel(rows: Any, spans: pl.DataFrame, people: Any) -> pl.DataFrame:
    """What each person brought in each stretch in which they were there throughout.

    Args:
        rows: payee_id, event_date, score [units of the measure].
        spans: of `spans`: at, until.
        people: payee_id and, where not all were there all the time, start_date and end_date.

    Returns:
        payee_id, at, until, days, value; 0 where nothing was brought, no row where somebody was
        not there on each day.
    """
    import polars as pl

    sums = frames.taken(rows, ("payee_id", "event_date", "score"), "the scores")
    sums = frames.days(sums, "event_date", "the scores").sort("event_date")
    there = frames.taken(people, ("payee_id",), "the people")
    ends = (("start_date", date.min), ("end_date", date.max))
    for name, extreme in ends:
        given = pl.col(name) if name in there.columns else pl.lit(None, pl.Date)
        there = there.with_columns(given.cast(pl.Date).fill_null(extreme).alias(name))
    cells = (
        there.join(spans.select("at", "until"), how="cross")
        .filter(pl.col("start_date") <= pl.col("at"), pl.col("end_date") >= pl.col("until"))
        .select("payee_id", "at", "until")
        .unique()
    )
    placed = sums.join_asof(
        spans.select("at", "until").sort("at"), left_on="event_date", right_on="at"
    ).filter(pl.col("event_date") < pl.col("until"))
    brought = placed.group_by("payee_id", "at").agg(value=pl.col("score").cast(pl.Float64).sum())
    return (
        cells.join(brought, on=["payee_id", "at"], how="left")
        .with_columns(
            pl.col("value").fill_null(0.0),
            days=(pl.col("until") - pl.col("at")).dt.total_days().cast(pl.Float64),
        )
        .sort("payee_id", "at")
    )


def spans(
    start: date,
    end: date,
    every: str = "month",
    before: int = 6,
    earlier: int = 0,
    after: int = 0,
    announced: date | None = None,
    known: date | None = None,
) -> pl.DataFrame:
    """The stretches around a window, cut so that none lies across its ends.

    Args:
        start, end: the window, closed left, open right.
        every: month, week or day: the length of a stretch; what is left at an end is shorter.
        before: stretches of the baseline.
        earlier: stretches before those, on which people are matched.
        after: stretches after the window.
        announced: the day on which the window was made known; days from it to the start are
            stretches of their own, and no part of the baseline.
        known: the first day that is not known; no later stretch is given.

    Returns:
        at, until, stretch: earlier, before, announced, window, after.

    Raises:
        ParameterError: the window is empty, or `every` means nothing.
    """
    import polars as pl

    if end <= start:
        raise ParameterError(f"the window ends on {end}, and begins on {start}; give a later end.")
    if every not in ("month", "week", "day"):
        raise ParameterError(f"every='{every}' means nothing; write month, week or day.")
    told = start if announced is None else min(announced, start)
    base = _back(told, every, before + earlier)
    pieces = [("earlier", _some) for _some in base[:earlier]]
    pieces += [("before", _some) for _some in base[earlier:]]
    pieces += [("announced", _some) for _some in _forth(told, start, every)]
    pieces += [("window", _some) for _some in _forth(start, end, every)]
    pieces += [("after", _some) for _some in _next(end, every, after)]
    made = pl.DataFrame(
        {
            "at": [some[0] for _, some in pieces],
            "until": [some[1] for _, some in pieces],
            "stretch": [name for name, _ in pieces],
        },
        schema={"at": pl.Date, "until": pl.Date, "stretch": pl.String},
    )
    return made if known is None else made.filter(pl.col("until") <= known)


def labels(spans: pl.DataFrame, stretch: str) -> list[date]:
    """The first days of the stretches of one kind."""
    return list(spans.filter(stretch=stretch)["at"])


def _moved(day: date, every: str, steps: int) -> date:
    if every != "month":
        return day + timedelta(days=steps * (7 if every == "week" else 1))
    month = day.year * 12 + day.month - 1 + steps
    year, rest = divmod(month, 12)
    longest = (date(year + (rest + 1) // 12, (rest + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, rest + 1, min(day.day, longest))


def _back(day: date, every: str, steps: int) -> list[tuple[date, date]]:
    edges = [_moved(day, every, -n) for n in range(steps, -1, -1)]
    return list(pairwise(edges))


def _next(day: date, every: str, steps: int) -> list[tuple[date, date]]:
    edges = [_moved(day, every, n) for n in range(steps + 1)]
    return list(pairwise(edges))


def _forth(start: date, end: date, every: str) -> Sequence[tuple[date, date]]:
    edges, n = [start], 1
    while edges[-1] < end:
        edges.append(min(_moved(start, every, n), end))
        n += 1
    return list(pairwise(edges))
