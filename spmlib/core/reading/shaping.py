"""Shaping: a source's columns as a table's, still as they are written.

In this order: files joined, rows picked by ``where``, columns named, values replaced, missing
values emptied. Nothing is converted here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import polars as pl

from spmlib.core import parameters
from spmlib.core.reading.delimited import Raw
from spmlib.core.reading.issues import LINE, Unsettled
from spmlib.core.reading.mappings import Entry, Join

ROW = "#"  # among the columns of a key: the number of the line or row
JOINED = {"id": "-", "text": " "}  # what stands between the columns that make one


@dataclass(frozen=True)
class Shaped:
    """The columns of a table as they are written, and how many rows `where` left out."""

    frame: pl.DataFrame
    left_out: int


def wanted(entry: Entry) -> set[str]:
    """The columns of a source that may be used."""
    return {*entry.named, *entry.definition.columns()} - {ROW}


def shaped(entry: Entry, raw: Raw, joined: Sequence[Raw]) -> Shaped:
    """A source's rows with the table's columns.

    Args:
        entry: what sources.yaml says.
        raw: the rows of its file or query.
        joined: the rows of each of its joins.

    Raises:
        Unsettled: a column that is named, or needed, is not there.
    """
    frame, names = raw.frame, list(raw.names)
    for join, other in zip(entry.joins, joined, strict=True):
        frame = _joined(frame, names, join, other)
        names += other.names
    _refuse_absent(entry, frame.columns, names)
    _refuse_nested(frame, wanted(entry))
    rows = frame.filter(_picked(entry, frame))
    columns = [_column(name, entry, rows) for name in _known(entry, rows.columns)]
    made = rows.select(*columns, *_extra(entry, rows), LINE)
    _refuse_lacking(entry, made.columns, names)
    return Shaped(_emptied(made, entry), len(frame) - len(rows))


def text(column: pl.Series) -> pl.Expr:
    """A column as text: whole numbers without a fraction, days as ISO 8601."""
    expression = pl.col(column.name)
    if column.dtype.is_float():
        is_whole = expression == expression.round()
        whole = expression.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(is_whole).then(whole).otherwise(expression.cast(pl.String))
    if column.dtype.is_decimal():
        return expression.cast(pl.String).str.replace(r"\.0*$|(\.\d*?[1-9])0+$", "$1")
    return expression.cast(pl.String)


def _joined(frame: pl.DataFrame, names: Collection[str], join: Join, raw: Raw) -> pl.DataFrame:
    """The frame with the second file's columns beside it; a name both have stays the first's."""
    for side, columns, have in (("left", join.on, names), ("right", join.on.values(), raw.names)):
        for name in columns:
            if name not in have:
                where = join.origin.name if side == "right" else "what it is joined to"
                remedy = f"write {parameters.nearest(name, have)}"
                raise Unsettled(
                    f"there is no column '{name}' in {where}", remedy, join.origin.place
                )
    keys = [f"spm:on{n}" for n in range(len(join.on))]
    left = frame.with_columns(text(frame[n]).alias(k) for n, k in zip(join.on, keys, strict=True))
    ours = raw.frame.drop(LINE)
    right = ours.with_columns(
        text(ours[n]).alias(k) for n, k in zip(join.on.values(), keys, strict=True)
    ).drop_nulls(keys)
    twice = right.filter(pl.struct(keys).is_duplicated())
    if len(twice):
        shown = ", ".join(str(cell) for cell in twice.select(keys).row(0))
        wrong = f"{join.origin.name} has more than one row for '{shown}'"
        raise Unsettled(wrong, "join by columns that name one row", join.origin.place)
    right = right.drop([name for name in ours.columns if name in names])
    return left.join(right, on=keys, how="left", maintain_order="left").drop(keys)


def _refuse_absent(entry: Entry, columns: Collection[str], names: Collection[str]) -> None:
    """Refuse a column that sources.yaml names and the source lacks."""
    for name, place in entry.named.items():
        if name not in columns and name != ROW:
            wrong = f"there is no column '{name}' in {entry.origin.name}"
            raise Unsettled(wrong, f"write {parameters.nearest(name, names)}", place)


def _refuse_nested(frame: pl.DataFrame, names: Collection[str]) -> None:
    """Refuse columns whose cells hold more than one thing, or no text."""
    for series in frame:
        odd = series.dtype.is_nested() or series.dtype in (pl.Binary, pl.Duration, pl.Object)
        if odd and series.name in names:
            wrong = f"the column '{series.name}' holds {series.dtype}"
            raise Unsettled(wrong, "give each cell one word, number or day")


def _refuse_lacking(entry: Entry, columns: Collection[str], names: Collection[str]) -> None:
    """Refuse a source without a column that the table needs."""
    for name, column in entry.definition.columns().items():
        if name not in columns and column.required and (entry.table, name) not in DERIVED:
            wrong = f"the column '{name}' is missing in {entry.origin.name}"
            remedy = f"write `columns: {{{name}: ...}}` with one of: {', '.join(names)}"
            raise Unsettled(wrong, remedy, entry.place)


DERIVED = {("quotas", "end_date")}  # what is found from other rows where a source has none


def _known(entry: Entry, columns: Collection[str]) -> list[str]:
    """The table's columns that the source can fill."""
    said = {*entry.columns, *entry.constants}
    return [n for n in entry.definition.columns() if n in said or n in columns]


def _column(name: str, entry: Entry, frame: pl.DataFrame) -> pl.Expr:
    if name in entry.constants:
        return pl.lit(str(entry.constants[name])).alias(name)
    sources = entry.columns.get(name, (name,))
    kind = entry.definition.columns()[name].kind
    if len(sources) > 1 or sources == (ROW,):
        parts = [pl.col(LINE).cast(pl.String) if n == ROW else text(frame[n]) for n in sources]
        made = pl.concat_str(parts, separator=JOINED.get(kind, ""), ignore_nulls=kind == "text")
    else:
        made = text(frame[sources[0]]) if kind in JOINED else pl.col(sources[0])
    return _replaced(made, entry.values.get(name)).alias(name)


def _replaced(column: pl.Expr, values: Mapping[str, str] | None) -> pl.Expr:
    if not values:
        return column
    words = {str(theirs): str(ours) for theirs, ours in values.items()}
    return column.cast(pl.String).fill_null("").replace(words)


def _extra(entry: Entry, frame: pl.DataFrame) -> list[pl.Expr]:
    return [
        _replaced(text(frame[theirs]), entry.values.get(ours)).alias(ours)
        for ours, theirs in entry.extra.items()
    ]


def _picked(entry: Entry, frame: pl.DataFrame) -> pl.Expr:
    """The rows whose columns hold what `where` says."""
    tests = [
        text(frame[name]).fill_null("").is_in([str(word) for word in among])
        for name, among in entry.where.items()
    ]
    return reduce(and_, tests, pl.lit(True))


def _emptied(frame: pl.DataFrame, entry: Entry) -> pl.DataFrame:
    """The frame with nothing in the cells that hold a word for nothing."""
    words = [str(word) for word in entry.missing]
    texts = [s.name for s in frame if s.dtype == pl.String and s.is_in(words).any()]
    column = pl.col(texts)
    return frame.with_columns(pl.when(~column.is_in(words)).then(column)) if texts else frame
