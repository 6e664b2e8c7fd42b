"""References: the keys in one table that have to stand in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from spmlib.core.reading import issues
from spmlib.core.reading.issues import NUMBER
from spmlib.core.tables import INPUTS

# Pay does not hang on these: a sale without its customer's record is still its owner's.
NOTED = {
    ("positions", "manager_id"),
    ("transactions", "account_id"),
    ("transactions", "product_id"),
    ("opportunities", "account_id"),
    ("opportunities", "owner_id"),
    ("opportunities", "product_id"),
}
DATED = ("transactions", "events")  # what has to lie in the calendar to be paid
DAY = "%Y-%m-%d"


@dataclass(frozen=True)
class Checked:
    """A table that has been checked: its rows, and the numbers of those refused."""

    frame: pl.DataFrame
    refused: pl.Series
    complete: bool = True  # whether all of its sources could be read

    @property
    def used(self) -> pl.DataFrame:
        """The rows that are used."""
        if self.refused.is_empty():
            return self.frame
        return self.frame.filter(~pl.col(NUMBER).is_in(self.refused.implode()))


def found(
    frame: pl.DataFrame, table: str, place: str, others: Mapping[str, Checked]
) -> Iterator[pl.DataFrame]:
    """The issues of the keys in a table that point to nothing that is used.

    Args:
        frame: the table's rows.
        table: its name.
        place: where sources.yaml speaks of it.
        others: the tables checked before it; one that sources.yaml does not name is not there.
    """
    for name, column in INPUTS[table].columns().items():
        target, _, key = column.of.lower().partition(".")
        if target and frame[name].is_not_null().any():
            effect = "noted" if (table, name) in NOTED else "refused"
            other = others.get(target)
            if other is None or not other.complete:
                yield _unchecked(table, name, place, target, other is None)
            else:
                yield from _dangling(frame, table, name, other, target, key, effect)
    if table in DATED:
        yield from _undated(frame, table, others)


def _dangling(
    frame: pl.DataFrame,
    table: str,
    name: str,
    other: Checked,
    target: str,
    key: str,
    effect: str,
) -> Iterator[pl.DataFrame]:
    have = other.frame[key].unique().drop_nulls()
    unknown = ~pl.col(name).is_in(have.implode())
    what = pl.format(f"{name} '{{}}' is not in {target}", issues.cell(name))
    remedy = f"add it to {target}, or correct {name}"
    yield issues.found(frame, table, unknown, what, remedy, effect)
    lost = have.filter(~have.is_in(other.used[key].implode()))
    if len(lost):
        what = pl.format(f"{name} '{{}}' is refused in {target}", issues.cell(name))
        remedy = f"correct its row in {target}; this row follows it"
        yield issues.found(frame, table, pl.col(name).is_in(lost.implode()), what, remedy, effect)


def _unchecked(table: str, name: str, place: str, target: str, absent: bool) -> pl.DataFrame:
    why = "names no" if absent else "cannot be read in full from"
    what = f"{name} is not checked: sources.yaml {why} {target}"
    if not absent:
        what = f"{name} is not checked: {target} could not be read in full"
    remedy = f"add `{target}:` to sources.yaml" if absent else f"see the issues of {target}"
    return issues.whole(table, place, what, remedy, "noted")


def _undated(
    frame: pl.DataFrame, table: str, others: Mapping[str, Checked]
) -> Iterator[pl.DataFrame]:
    """The rows on days that no period of the calendar holds."""
    calendar = others["calendar"].used if "calendar" in others else None
    if calendar is None or calendar.is_empty():
        return
    first, last = calendar["start_date"].min(), calendar["end_date"].max()
    outside = (pl.col("event_date") < first) | (pl.col("event_date") >= last)
    what = pl.format("event_date {} is in no period of the calendar", "event_date")
    remedy = f"correct the day, or widen the calendar ({first!s} to {last!s})"
    yield issues.found(frame, table, outside, what, remedy)
