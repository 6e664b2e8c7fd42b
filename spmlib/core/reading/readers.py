"""Readers: each kind of source as it was written, one function for each ending of a file's name.

To read another kind of file, add a function to `FILES`.
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from spmlib.core.reading import databases, delimited, encodings
from spmlib.core.reading.delimited import Raw
from spmlib.core.reading.issues import LINE, Unsettled
from spmlib.core.reading.origins import Origin

EXCEL_DIGITS = 15  # significant digits that Excel keeps


def raw(origin: Origin, wanted: Collection[str]) -> Raw:
    """A file, sheet or query as it was written.

    Args:
        origin: what sources.yaml says about it.
        wanted: the columns that may be used.

    Raises:
        Unsettled: it is not there, or cannot be read.
    """
    try:
        return _read(origin, wanted)
    except Unsettled as wrong:
        said = f"{origin.name}: {wrong.what}"
        raise Unsettled(said, wrong.remedy, origin.place) from None


def _read(origin: Origin, wanted: Collection[str]) -> Raw:
    if origin.sql:
        address = origin.address
        return databases.raw(origin.sql, address, origin.folder / address, wanted)
    if not origin.path.is_file():
        raise Unsettled("there is no such file", f"correct `file: {origin.file}`, or put it there")
    for ending, read in FILES.items():
        if origin.path.name.lower().endswith(ending):
            return read(origin, wanted)
    kinds = ", ".join(FILES)
    raise Unsettled("it is of no kind that is read", f"save it as one of {kinds}")


def _delimited(origin: Origin, wanted: Collection[str]) -> Raw:
    text, notes = encodings.text(origin.path.read_bytes(), origin.encoding)
    rows = delimited.raw(text, wanted, origin.separator, origin.header)
    return replace(rows, notes=tuple(notes))


def _compressed(origin: Origin, wanted: Collection[str]) -> Raw:
    try:
        content = gzip.decompress(origin.path.read_bytes())
    except (OSError, EOFError) as error:
        raise Unsettled(f"it cannot be unpacked ({error})", "compress it again with gzip") from None
    text, notes = encodings.text(content, origin.encoding)
    rows = delimited.raw(text, wanted, origin.separator, origin.header)
    return replace(rows, notes=tuple(notes))


def _parquet(origin: Origin, wanted: Collection[str]) -> Raw:
    import polars as pl

    try:
        names = list(pl.read_parquet_schema(origin.path))
        frame = pl.read_parquet(origin.path, columns=[n for n in names if n in wanted] or names[:1])
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unsettled(f"it is no Parquet file ({error})", "write it again") from None
    return replace(databases.typed(frame), names=tuple(names))


def _excel(origin: Origin, wanted: Collection[str]) -> Raw:
    """A sheet, its cells as text: whole numbers and days keep what Excel stores."""
    import openpyxl
    import polars as pl

    try:
        book = openpyxl.load_workbook(origin.path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise Unsettled(f"it is no Excel workbook ({error})", "save it as .xlsx") from None
    try:
        numbered = list(_filled_rows(_sheet(book, origin), origin.header))
    finally:
        book.close()
    if not numbered:
        raise Unsettled("the sheet is empty", "export it again, with a row of column names")
    names = [_text(cell) or "" for cell in numbered[0][1]]
    delimited.duplicate(names, wanted)
    used = [place for place, name in enumerate(names) if name in wanted] or [0]
    columns = {
        names[place]: pl.Series([_text(cells[place]) for _, cells in numbered[1:]], dtype=pl.String)
        for place in used
    }
    lines = pl.Series([number for number, _ in numbered[1:]], dtype=pl.Int64)
    return Raw(delimited.stripped(pl.DataFrame({**columns, LINE: lines})), tuple(names))


def _sheet(book: Any, origin: Origin) -> Any:
    names = book.sheetnames
    if origin.sheet and origin.sheet not in names:
        raise Unsettled(f"there is no sheet '{origin.sheet}'", f"write one of: {', '.join(names)}")
    if not origin.sheet and len(names) > 1:
        raise Unsettled("the workbook has several sheets", f"write `sheet:` {' or '.join(names)}")
    sheet = book[origin.sheet or names[0]]
    sheet.reset_dimensions()  # what other programs write about a sheet's size may be wrong
    return sheet


def _filled_rows(sheet: Any, header: int) -> Iterator[tuple[int, list[Any]]]:
    """The header and the rows in which something stands, each with its number."""
    width = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number >= header and any(cell not in (None, "") for cell in cells):
            width = width or len(cells)
            yield number, [*cells[:width], *[None] * (width - len(cells))]


def _text(cell: Any) -> str | None:
    """A cell as text: numbers with the digits Excel keeps, days in ISO 8601."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return _digits(cell)


def _digits(number: float) -> str:
    """A number as Excel shows it in full; past its digits in scientific notation, as damaged."""
    from decimal import Decimal

    short = Decimal(f"{number:.{EXCEL_DIGITS}g}")
    if abs(short) >= 10**EXCEL_DIGITS:
        return f"{number:.{EXCEL_DIGITS - 1}E}"
    return f"{short:f}"


FILES: dict[str, Callable[[Origin, Collection[str]], Raw]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".txt": _delimited,
    ".csv.gz": _compressed,
    ".gz": _compressed,
    ".parquet": _parquet,
    ".xlsx": _excel,
    ".xlsm": _excel,
}
