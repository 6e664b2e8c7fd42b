"""Encodings: bytes as text, by their mark, by what they can only be, or as sources.yaml says."""

from __future__ import annotations

import codecs

from spmlib.core.reading.issues import Unsettled

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FILES = {b"PK\x03\x04": ".xlsx", b"PAR1": ".parquet", b"\x1f\x8b": ".csv.gz", b"\xd0\xcf": ".xls"}
Note = tuple[str, str]  # what was assumed, and how to confirm it


def text(content: bytes, encoding: str = "") -> tuple[str, list[Note]]:
    r"""A file's text, its lines ending in line feeds, and a note where its encoding is guessed.

    >>> text("Größe;1\r\n".encode("utf-16"))
    ('Größe;1\n', [])

    Raises:
        Unsettled: it is no text, or not in the encoding that is said.
    """
    _refuse_other_kinds(content)
    known = encoding or next((name for mark, name in MARKS if content.startswith(mark)), "")
    found, notes = _known(content, known) if known else _guessed(content)
    found = found.removeprefix("\ufeff")
    return found.replace("\r\n", "\n").replace("\r", "\n") if "\r" in found else found, notes


def _refuse_other_kinds(content: bytes) -> None:
    for mark, ending in FILES.items():
        if content.startswith(mark):
            raise Unsettled(f"it is no CSV but a {ending} file", f"let its name end in {ending}")


def _known(content: bytes, encoding: str) -> tuple[str, list[Note]]:
    try:
        return content.decode(encoding), []
    except LookupError:
        raise Unsettled(f"'{encoding}' is no encoding", "write utf-8, cp1252 or utf-16") from None
    except UnicodeDecodeError as error:
        wrong = f"line {_line(content, error)} is not written in {encoding}"
        raise Unsettled(wrong, "correct `encoding`, or leave it out") from None


def _guessed(content: bytes) -> tuple[str, list[Note]]:
    if b"\0" in content:
        return _without_mark(content), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return _western(content, _line(content, error))


def _western(content: bytes, line: int) -> tuple[str, list[Note]]:
    try:
        found = content.decode("cp1252")
    except UnicodeDecodeError:
        wrong = f"line {line} is neither UTF-8 nor cp1252"
        raise Unsettled(wrong, "write its `encoding`") from None
    shown = found.splitlines()[line - 1].strip()[:40]
    what = f"it is no UTF-8 and is read as cp1252 (Western Europe); line {line}: '{shown}'"
    return found, [(what, "write `encoding: cp1252` to confirm it, or the right one")]


def _without_mark(content: bytes) -> str:
    """Text in UTF-16 that lacks its byte order mark: most of its zeros stand on one side."""
    big, little = content[::2].count(0), content[1::2].count(0)
    found = content.decode("utf-16-be" if big > little else "utf-16-le", errors="replace")
    if 3 * max(big, little) < len(content) or "\0" in found or "\ufffd" in found:
        raise Unsettled("it is no text", "save it as CSV, or let its name end in what it is")
    return found


def _line(content: bytes, error: UnicodeDecodeError) -> int:
    return content[: error.start].count(b"\n") + 1
