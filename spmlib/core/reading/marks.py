"""Decimal marks: which of dot and comma is one is settled once for a whole column of text.

``1.234`` alone may be 1234 or 1.234; only other cells (or ``decimal:`` in sources.yaml) can tell.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import polars as pl

from spmlib.core.reading.issues import Unsettled

GROUPS = " '’\u00a0\u202f"  # what may group thousands besides a dot or a comma
SIMPLE = r"^-?[0-9]+(?:\.[0-9]{1,17})?$"  # needs no more than a cast
POINTED = r"^-?(?:0|[0-9]{4,})\.|\.(?:[0-9]{1,2}|[0-9]{4,})$"  # the dot groups no thousands
CLEAR = 10  # a mark holds for a column where it is proved this often for each proof against it


def proved(cells: pl.Series) -> str:
    """The decimal mark that a column of text proves; "" where nothing does.

    >>> import polars as pl
    >>> proved(pl.Series(["1.234", "0,5"])), proved(pl.Series(["1.234", "2.500"]))
    (',', '')

    Raises:
        Unsettled: cells prove both marks.
    """
    bodies = _bodies(cells)
    dot, comma = (bodies.str.contains(_pattern(mark)) for mark in ".,")
    for_dot, for_comma = (dot & ~comma).sum(), (comma & ~dot).sum()
    if for_dot and for_comma and CLEAR * min(for_dot, for_comma) > max(for_dot, for_comma):
        first, second = cells.filter(dot & ~comma)[0], cells.filter(comma & ~dot)[0]
        raise Unsettled(
            f"the decimal mark is a dot in '{first}' and a comma in '{second}'",
            'correct them, or write `decimal: "."` or `decimal: ","` to refuse the others',
        )
    if for_dot or for_comma:
        return "." if for_dot > for_comma else ","
    return ""


def simple(cells: pl.Series) -> bool:
    """Whether all cells are digits and dots, and the dots are proved to be decimal marks."""
    if not cells.str.contains(SIMPLE).all():
        return False
    dots = cells.str.contains(".", literal=True)
    return not dots.any() or bool(cells.str.contains(POINTED).any())


def doubtful(cells: pl.Series) -> pl.Series | None:
    """Which cells mean one number with a decimal dot and another with a comma, if any do."""
    bodies = _bodies(cells)
    either = bodies.str.contains(_pattern(".")) & bodies.str.contains(_pattern(","))
    rows = (either & bodies.str.contains("[.,]")).fill_null(False)
    return rows if rows.any() else None


def canonical(cells: pl.Series, mark: str) -> pl.Series:
    """The cells as sign, digits, dot, digits; null where a cell is no number in that notation."""
    bodies = _bodies(cells)
    digits = bodies.set(~bodies.str.contains(_pattern(mark)), None)
    if digits.str.contains(f"[,{GROUPS}]").any() or mark == ",":
        digits = digits.str.replace_all(rf"[{GROUPS}{'.' if mark == ',' else ','}]", "")
        digits = digits.str.replace(",", ".", literal=True)
    digits = plain(digits)
    if bodies is cells:
        return digits
    negative = cells.str.contains(r"^\(.*\)$|^[-−]|[-−]$")
    twice = cells.str.contains(r"^\(.*[-−].*\)$|^[-+−].*[-−]$|^\(\s*\+")
    signed = pl.select(pl.when(negative).then("-" + digits).otherwise(digits)).to_series()
    return signed.set(twice, None)


def plain(digits: pl.Series) -> pl.Series:
    """The cells without exponent; ``5e-7`` only moves the dot."""
    if not digits.str.contains("[eE]").any():
        return digits
    written = digits.filter(digits.str.contains("[eE]").fill_null(False)).unique()
    plain = [_expanded(text) for text in written]
    return digits.replace(written, pl.Series(plain, dtype=pl.String))


def _expanded(text: str) -> str | None:
    try:
        return f"{Decimal(text):f}"
    except InvalidOperation:
        return None


def _pattern(mark: str) -> str:
    """A number without sign, thousands grouped by the other mark, by blanks or apostrophes."""
    point, group = (r"\.", ",") if mark == "." else (",", r"\.")
    whole = rf"\d+|[1-9]\d{{0,2}}(?:{group}\d{{3}})+|[1-9]\d{{0,2}}(?:[{GROUPS}]\d{{3}})+"
    return rf"^(?:(?:{whole})(?:{point}\d*)?|{point}\d+)(?:[eE]-\d+)?$"


def _bodies(cells: pl.Series) -> pl.Series:
    """The cells without sign and percent sign."""
    if not cells.str.contains(r"[-+−()%]").any():
        return cells
    bare = cells.str.replace(r"^\((.*)\)$", "$1").str.replace(r"\s*%$", "")
    return bare.str.replace(r"^[-+−]\s*", "").str.replace(r"\s*[-−]$", "")
