"""Columns: each column of a source as the engine holds it, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from spmlib.core.engine import FOREVER
from spmlib.core.reading import days, issues, marks, numbers
from spmlib.core.reading.issues import HIDDEN, LINE, NUMBER, PREFIX, Fault, Reading, Unsettled
from spmlib.core.reading.mappings import Entry
from spmlib.core.reading.numbers import Notation
from spmlib.core.reading.shaping import DERIVED
from spmlib.core.tables import SCALE

DAMAGED = r"^\d(?:[.,]\d+)?E\+?\d+$"
ERRORS = r"^#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$"
LAST = ("end_date", "leave_date")  # the days that `ends: last_day` speaks of


def converted(entry: Entry, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """A source's columns in the engine's types, and the issues of its cells.

    Args:
        entry: what sources.yaml says of the source.
        frame: its columns as they are written, with the hidden ones.

    Raises:
        Unsettled: the notation of a column cannot be told.
    """
    read = dict(_readings(entry, frame))
    found = [
        _issue(frame, entry.table, name, fault)
        for name, reading in read.items()
        for fault in reading.faults
    ]
    found += _empty(entry, frame)
    made = frame.with_columns(reading.values.alias(name) for name, reading in read.items())
    return _ended(_completed(made, entry), entry), found


def empty(entry: Entry) -> pl.DataFrame:
    """The columns of a source of which nothing could be read."""
    hidden = {NUMBER: pl.Int64, LINE: pl.Int64, PREFIX: pl.String}
    return _completed(pl.DataFrame(schema=hidden), entry)


def _readings(entry: Entry, frame: pl.DataFrame) -> Iterator[tuple[str, Reading]]:
    kinds = {name: column.kind for name, column in entry.definition.columns().items()}
    there = {name: frame[name] for name in frame.columns if name not in HIDDEN}
    yield from days.read({n: s for n, s in there.items() if kinds.get(n) == "day"}, entry.dates)
    exact = {name: series for name, series in there.items() if kinds.get(name) in SCALE}
    hint = _hint(exact, entry.decimal)
    for name, series in exact.items():
        yield name, _number(name, series, kinds[name], entry, hint)
    for name, series in there.items():
        if kinds.get(name, "text") in ("id", "text"):
            yield name, _words(series, kinds.get(name, "text"))


def _empty(entry: Entry, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The cells in which something has to stand."""
    for name, column in entry.definition.columns().items():
        needed = not column.null and column.default is None and (entry.table, name) not in DERIVED
        if needed and name in frame.columns and frame[name].has_nulls():
            what = f"{name} is empty"
            yield issues.found(frame, entry.table, pl.col(name).is_null(), what, "fill it")


def _number(name: str, cells: pl.Series, kind: str, entry: Entry, hint: str) -> Reading:
    notation = Notation(kind, entry.decimal, name in entry.percent, entry.rounds.get(name))
    try:
        return numbers.read(cells, notation, hint)
    except Unsettled as wrong:
        raise Unsettled(f"{name}: {wrong.what}", wrong.remedy) from None


def _hint(columns: dict[str, pl.Series], said: str) -> str:
    """The decimal mark that some columns of the source prove and none contradicts."""
    texts = [] if said else [s for s in columns.values() if s.dtype == pl.String]
    doubtful = any(s.str.contains(r"^\D?\d{1,3}[.,]\d{3}\D?$").any() for s in texts)
    proofs = {marks.proved(series) for series in texts} - {""} if doubtful else set()
    return proofs.pop() if len(proofs) == 1 else ""


def _words(cells: pl.Series, kind: str) -> Reading:
    """Words as they are; what a spreadsheet has damaged is refused."""
    faults = []
    error = cells.str.contains(ERRORS).fill_null(False)
    if error.any():
        what, remedy = "{column} is the spreadsheet's error {cell}", "correct the cell's formula"
        faults.append(Fault(error, what, remedy))
    if kind == "id" and (lost := cells.str.contains(DAMAGED).fill_null(False)).any():
        what = "{column} '{cell}' has lost digits in a spreadsheet"
        faults.append(Fault(lost, what, "export the column as text"))
    for fault in faults:
        cells = cells.set(fault.rows, None)
    return Reading(cells, tuple(faults))


def _completed(frame: pl.DataFrame, entry: Entry) -> pl.DataFrame:
    """The frame with all of the table's columns, in order, and then any others."""
    native = {"id": pl.String, "text": pl.String, "day": pl.Date}
    columns = entry.definition.columns()
    made = []
    for name, column in columns.items():
        expression = pl.col(name) if name in frame.columns else pl.lit(None)
        filled = expression.cast(native.get(column.kind, pl.Int64))
        if column.default is not None:
            filled = filled.fill_null(pl.lit(column.default))
        made.append(filled.alias(name))
    others = [name for name in frame.columns if name not in columns]
    return frame.select(*made, *others)


def _ended(frame: pl.DataFrame, entry: Entry) -> pl.DataFrame:
    """Ends as the first day that no longer belongs, where the source has the last that does."""
    names = [name for name in LAST if name in frame.columns and entry.ends == "last_day"]
    return frame.with_columns(
        pl.when(pl.col(name) < FOREVER).then(pl.col(name).dt.offset_by("1d")).otherwise(name)
        for name in names
    )


def _issue(frame: pl.DataFrame, table: str, name: str, fault: Fault) -> pl.DataFrame:
    what = _said(fault.what, name)
    remedy = fault.remedy.replace("{column}", name)
    rows = fault.rows & (fault.rows.cum_sum() == 1) if fault.once else fault.rows
    return issues.found(frame, table, rows, what, pl.lit(remedy), fault.effect)


def _said(what: str, name: str) -> pl.Expr:
    """A message about a column, with the cell as it is written."""
    before, _, after = what.replace("{column}", name).partition("{cell}")
    if "{cell}" not in what:
        return pl.lit(f"{name}: {before}")
    return pl.concat_str(pl.lit(before), issues.cell(name).fill_null("(empty)"), pl.lit(after))
