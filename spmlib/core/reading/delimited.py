"""Delimited text: CSV with any separator as a frame of text, each row with the line it begins on.

Cells stay the text that was written: ``NA``, leading zeros and long numbers survive. A row with
more or fewer cells than the header is not used, and said.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from spmlib.core.reading.encodings import Note
from spmlib.core.reading.issues import LINE, Unsettled

SEPARATORS = (",", ";", "\t", "|")
SAID = re.compile(r"sep=(.)\s*", re.IGNORECASE)
BLANKS = r"^\s|\s$"
QUOTE, FEED = b'"\n'


@dataclass(frozen=True)
class Misshapen:
    """A row that does not have the header's columns."""

    line: int
    what: str
    remedy: str = "a separator inside a text needs quotation marks around the text"


@dataclass(frozen=True)
class Raw:
    """A source as it was written.

    ``frame`` has the columns that were wanted and `LINE`, the line or row that each row is on;
    ``names`` are all columns that the source has.
    """

    frame: pl.DataFrame
    names: tuple[str, ...]
    misshapen: tuple[Misshapen, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class _Header:
    names: tuple[str, ...]
    separator: str
    next_line: int
    used: list[int] = field(default_factory=list)


def raw(text: str, wanted: Collection[str], separator: str = "", header: int = 0) -> Raw:
    """Delimited text as a frame.

    Args:
        text: the file, its lines ending in line feeds.
        wanted: columns that may be used; the separator is the one that finds most of them.
        separator: the separator, if it is known.
        header: the line of the column names; 0 is the first line that is not empty.

    Raises:
        Unsettled: there is no header, a column stands in it twice, or a quotation mark stays open.
    """
    head, rest = _header(text, wanted, separator, header)
    data = rest.encode()
    starts = _starts(data, head.separator)
    frame, misshapen = _by_reader(rest, head) if starts is None else _by_polars(data, head, starts)
    return Raw(stripped(frame), head.names, tuple(misshapen))


def duplicate(names: Sequence[str], wanted: Collection[str]) -> None:
    """Refuse a column that is wanted and stands twice in a source."""
    for name in wanted:
        if names.count(name) > 1:
            raise Unsettled(f"the column '{name}' stands in it twice", "rename one of them")


def stripped(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with no blanks around its texts."""
    blank = [s.name for s in frame if s.dtype == pl.String and s.str.contains(BLANKS).any()]
    return frame.with_columns(pl.col(blank).str.strip_chars()) if blank else frame


def _header(text: str, wanted: Collection[str], separator: str, header: int) -> tuple[_Header, str]:
    lines = io.StringIO(text, newline="\n")
    line, number = "\n", 0
    while line and not (line.strip() and number >= header):
        line, number = lines.readline(), number + 1
    if not line and header:
        raise Unsettled(f"it has no line {header}", "correct `header`")
    if not line:
        raise Unsettled("it is empty", "export it again, with a line of column names")
    while line.count('"') % 2 and (more := lines.readline()):
        line, number = line + more, number + 1
    if said := SAID.fullmatch(line):  # Excel's own way to name the separator
        line, number, separator = lines.readline(), number + 1, separator or said[1]
    separator = separator or max(SEPARATORS, key=lambda each: _finds(line, each, wanted))
    names = _cells(line, separator)
    _refuse_separator(line, separator)
    duplicate(names, wanted)
    used = [place for place, name in enumerate(names) if name in wanted] or [0]
    return _Header(tuple(names), separator, number + 1, used), lines.read()


def _refuse_separator(line: str, separator: str) -> None:
    """Refuse a separator that the header does not have, where it has another."""
    others = [each for each in SEPARATORS if each in line]
    if separator not in line and others:
        wrong = f"its header has no separator '{separator}'"
        raise Unsettled(wrong, f"leave `separator` out, or write '{others[0]}'")


def _finds(line: str, separator: str, wanted: Collection[str]) -> tuple[int, int]:
    names = _cells(line, separator)
    return len(set(names) & set(wanted)), len(names)


def _cells(line: str, separator: str) -> list[str]:
    reader = csv.reader(io.StringIO(line), delimiter=separator, skipinitialspace=True)
    return [cell.strip() for cell in next(reader, [])]


def _starts(data: bytes, separator: str) -> np.ndarray | None:
    """Where each record starts, and the end; None where quotation marks stand inside cells."""
    octets = np.frombuffer(data, np.uint8)
    ends = octets == FEED
    if b'"' in data:
        if not _quoted(data, octets, separator):
            return None
        ends &= ~_inside(octets)
    after = np.flatnonzero(ends) + 1
    last = [] if data.endswith(b"\n") or not data else [len(data)]
    return np.concatenate([[0], after, last]).astype(np.int64)


def _quoted(data: bytes, octets: np.ndarray, separator: str) -> bool:
    """Whether quotation marks only enclose whole cells, as RFC 4180 says."""
    places = np.flatnonzero(octets == QUOTE)
    if len(places) % 2:
        return False
    edges = np.zeros(256, bool)
    edges[[QUOTE, FEED, ord(separator)]] = True
    before = np.where(places > 0, octets[places - 1], FEED)[::2]
    after = np.where(places + 1 < len(octets), octets[(places + 1) % len(octets)], FEED)[1::2]
    return bool(edges[before].all() and edges[after].all())


def _inside(octets: np.ndarray) -> np.ndarray:
    """Which octets stand between quotation marks."""
    return np.bitwise_xor.accumulate((octets == QUOTE).view(np.uint8)).view(bool)


def _by_polars(
    data: bytes, head: _Header, starts: np.ndarray
) -> tuple[pl.DataFrame, list[Misshapen]]:
    octets = np.frombuffer(data, np.uint8)
    marks = octets == ord(head.separator)
    if b'"' in data:
        marks &= ~_inside(octets)
    cells = np.diff(np.searchsorted(np.flatnonzero(marks), starts)) + 1
    feeds = np.flatnonzero(octets == FEED)
    lines = head.next_line + np.searchsorted(feeds, starts[:-1])
    blank = _blank(octets, starts, head.separator)
    wrong = (cells != len(head.names)) & ~blank
    if wrong.any() or blank.any():
        kept = ~(wrong | blank)
        data = octets[np.repeat(kept, np.diff(starts))].tobytes()
        misshapen = [_misshapen(int(lines[n]), int(cells[n]), head) for n in np.flatnonzero(wrong)]
        lines = lines[kept]
    else:
        misshapen = []
    return _scanned(data, head, lines), misshapen


def _blank(octets: np.ndarray, starts: np.ndarray, separator: str) -> np.ndarray:
    """Which records hold nothing but separators and blanks: no rows."""
    solid = np.ones(256, bool)
    solid[[QUOTE, FEED, ord(separator), *b" \t"]] = False
    if not len(octets):
        return np.empty(0, bool)
    return ~np.logical_or.reduceat(solid[octets], starts[:-1])


def _scanned(data: bytes, head: _Header, lines: np.ndarray) -> pl.DataFrame:
    names = [head.names[place] for place in head.used]
    if not len(lines):
        return pl.DataFrame(schema={**dict.fromkeys(names, pl.String), LINE: pl.Int64})
    frame = pl.read_csv(
        io.BytesIO(data),
        has_header=False,
        columns=head.used,
        separator=head.separator,
        infer_schema=False,
    )
    frame.columns = names
    return frame.with_columns(pl.Series(LINE, lines))


def _by_reader(text: str, head: _Header) -> tuple[pl.DataFrame, list[Misshapen]]:
    """Rows whose cells hold quotation marks of their own, as in ``5" pipe``."""
    feed = io.StringIO(text, newline="\n")
    reader = csv.reader(feed, delimiter=head.separator, skipinitialspace=True)
    rows, lines, misshapen, line = [], [], [], head.next_line
    opened = line
    for cells in reader:
        opened, line = line, head.next_line + reader.line_num
        if len(cells) == len(head.names):
            rows.append([cells[place] for place in head.used])
            lines.append(opened)
        elif any(cell.strip() for cell in cells):
            misshapen.append(_misshapen(opened, len(cells), head, line - 1))
    _refuse_open(text, opened, line, head)
    names = [head.names[place] for place in head.used]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64)), misshapen


def _refuse_open(text: str, opened: int, line: int, head: _Header) -> None:
    """Refuse a last record that a quotation mark never closed has swallowed."""
    record = "".join(text.splitlines(keepends=True)[opened - head.next_line :])
    if line - opened > 1 and record.count('"') % 2:
        wrong = f"a quotation mark opened on line {opened} is never closed"
        raise Unsettled(wrong, "close it, or write two of them for one that belongs to the text")


def _misshapen(line: int, cells: int, head: _Header, last: int = 0) -> Misshapen:
    rows = f"the row up to line {last}" if last > line else "the line"
    return Misshapen(line, f"{rows} has {cells} cells and the header {len(head.names)}")
