"""Numbers: exact integers of a kind's scale from what a source wrote, never by way of a float.

The decimal mark is settled once for a whole column: ``1.234`` alone may be 1234 or 1.234, and only
other cells (or ``decimal:`` in sources.yaml) can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import polars as pl

from spmlib.core.engine import DECIMALS
from spmlib.core.issues import Fault, Reading, Unsettled

FINEST = 18  # decimals kept while a number is brought to its kind's scale
GROUPS = " '’\u00a0\u202f"  # what may group thousands besides a dot or a comma
SIMPLE = r"^-?[0-9]+(?:\.[0-9]{1,17})?$"  # needs no more than a cast
POINTED = r"^-?(?:0|[0-9]{4,})\.|\.(?:[0-9]{1,2}|[0-9]{4,})$"  # the dot groups no thousands
CLEAR = 10  # a mark holds for a column where it is proved this often for each proof against it


@dataclass(frozen=True)
class Notation:
    """How one column writes its numbers."""

    kind: str
    decimal: str = ""  # the mark that is said to hold
    percent: bool = False  # the column counts in percent, without a sign
    round_to: int | None = None  # decimals to which it may be rounded


def read(cells: pl.Series, notation: Notation, hint: str = "") -> Reading:
    """The integers of a column at the scale of its kind [parts of one unit].

    Args:
        cells: text, integers, decimals or floats; null where the source has nothing.
        notation: what sources.yaml says about the column.
        hint: the decimal mark that other columns of the same source prove, if they do.

    Raises:
        Unsettled: the decimal mark cannot be told.
    """
    if _is_fine(cells):
        return read(cells.cast(pl.String), Notation(notation.kind, ".", round_to=notation.round_to))
    if cells.dtype.is_integer() or cells.dtype.is_decimal():
        return _scaled(cells, cells, notation)
    if cells.dtype.is_float():
        return _of_floats(cells, notation)
    if notation.decimal != "," and _simple(cells):
        return _scaled(cells, cells, notation)
    mark = notation.decimal or proved(cells)
    doubtful = None if mark else _doubtful(cells)
    if doubtful is None:
        return _scaled(_canonical(cells, mark or "."), cells, notation)
    if not hint:
        raise Unsettled(
            f"the decimal mark cannot be told: '{cells.filter(doubtful)[0]}' can be read two ways",
            'write `decimal: "."` or `decimal: ","` for this source',
        )
    reading = _scaled(_canonical(cells, hint), cells, notation)
    return Reading(reading.values, (*reading.faults, _hinted(doubtful, hint)))


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


def _simple(cells: pl.Series) -> bool:
    """Whether all cells are digits and dots, and the dots are proved to be decimal marks."""
    if not cells.str.contains(SIMPLE).all():
        return False
    dots = cells.str.contains(".", literal=True)
    return not dots.any() or bool(cells.str.contains(POINTED).any())


def _doubtful(cells: pl.Series) -> pl.Series | None:
    """Which cells mean one number with a decimal dot and another with a comma, if any do."""
    bodies = _bodies(cells)
    either = bodies.str.contains(_pattern(".")) & bodies.str.contains(_pattern(","))
    rows = (either & bodies.str.contains("[.,]")).fill_null(False)
    return rows if rows.any() else None


def _hinted(rows: pl.Series, mark: str) -> Fault:
    return Fault(
        rows,
        f"{{column}} '{{cell}}' is read with the decimal mark '{mark}', as other columns prove it",
        f'write `decimal: "{mark}"` to confirm it',
        effect="noted",
        once=True,
    )


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


def _canonical(cells: pl.Series, mark: str) -> pl.Series:
    """The cells as sign, digits, dot, digits; null where a cell is no number in that notation."""
    bodies = _bodies(cells)
    digits = bodies.set(~bodies.str.contains(_pattern(mark)), None)
    if digits.str.contains(f"[,{GROUPS}]").any() or mark == ",":
        digits = digits.str.replace_all(rf"[{GROUPS}{'.' if mark == ',' else ','}]", "")
        digits = digits.str.replace(",", ".", literal=True)
    digits = _plain(digits)
    if bodies is cells:
        return digits
    negative = cells.str.contains(r"^\(.*\)$|^[-−]|[-−]$")
    twice = cells.str.contains(r"^\(.*[-−].*\)$|^[-+−].*[-−]$|^\(\s*\+")
    signed = pl.select(pl.when(negative).then("-" + digits).otherwise(digits)).to_series()
    return signed.set(twice, None)


def _plain(digits: pl.Series) -> pl.Series:
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


def _of_floats(cells: pl.Series, notation: Notation) -> Reading:
    """Binary floats by the shortest decimal that names each one."""
    finite = cells.is_finite() | cells.is_null()
    text = _plain(cells.set(~finite, None).cast(pl.String))
    read = _scaled(text, cells.cast(pl.String), notation)
    noted = Fault(
        cells.is_not_null(),
        "the source holds binary floats; each is read as the shortest decimal that names it",
        "store exact decimals in the source, to be sure of every cent",
        effect="noted",
        once=True,
    )
    return Reading(read.values, (*read.faults, noted))


def _scaled(numbers: pl.Series, cells: pl.Series, notation: Notation) -> Reading:
    """Numbers as integers, and the cells that are none, too fine or too large."""
    places = DECIMALS.get(notation.kind, 0)
    text = numbers
    if text is not cells and text.dtype == pl.String:
        percent = cells.str.ends_with("%").fill_null(False)
        beyond = text.str.contains(rf"\.\d{{{FINEST}}}\d*[1-9]").fill_null(False)
        text = text.str.replace(rf"(\.\d{{{FINEST}}})\d+$", "$1")
    else:
        percent = beyond = pl.repeat(False, len(cells), eager=True)  # simple, or typed
    exact = text.cast(pl.Decimal(38, FINEST), strict=False).to_physical()
    in_percent = (notation.kind == "share") & (percent | notation.percent)
    frame = pl.DataFrame({"exact": exact, "percent": in_percent, "beyond": beyond})
    parts = frame.select(**_parts(places, notation.round_to))
    shown = cells.cast(pl.String)
    no_number = numbers.is_null() & cells.is_not_null() | (percent & ~in_percent)
    ticks = parts["ticks"].set(no_number, None)
    faults = _faults(notation, places, shown, no_number, numbers, ticks, parts["fine"])
    return Reading(ticks, tuple(fault for fault in faults if fault.rows.any()))


def _is_fine(numbers: pl.Series) -> bool:
    return isinstance(numbers.dtype, pl.Decimal) and (numbers.dtype.scale or 0) > FINEST


def _parts(places: int, round_to: int | None) -> dict[str, pl.Expr]:
    """The integers, and whether a number has decimals that they cannot hold."""
    kept = places if round_to is None else min(round_to, places)
    of_one, of_percent = 10 ** (FINEST - kept), 10 ** (FINEST - kept + 2)
    by = pl.when("percent").then(pl.lit(of_percent, pl.Int128)).otherwise(of_one)
    size = pl.col("exact").abs()
    whole, rest = size // by, size % by
    if round_to is not None:
        whole = whole + (rest >= by - rest).cast(pl.Int128)
    ticks = whole * pl.col("exact").sign() * 10 ** (places - kept)
    fine = pl.lit(False) if round_to is not None else (rest != 0) | pl.col("beyond")
    fine = fine.fill_null(False)
    return {"ticks": pl.when(~fine).then(ticks).cast(pl.Int64, strict=False), "fine": fine}


def _faults(
    notation: Notation,
    places: int,
    shown: pl.Series,
    no_number: pl.Series,
    numbers: pl.Series,
    ticks: pl.Series,
    fine: pl.Series,
) -> Iterator[Fault]:
    damaged = no_number & shown.str.contains(r"^\d(?:[.,]\d+)?[eE]\+?\d+$").fill_null(False)
    yield Fault(
        damaged, "{column} '{cell}' has lost digits", "export the number in full, not as 1E+05"
    )
    yield Fault(no_number & ~damaged, "{column} '{cell}' is no number", _remedy(notation.kind))
    yield Fault(
        fine,
        f"{{column}} '{{cell}}' has more than {places} decimals",
        f"correct it, or allow rounding: `round: {{{{column}}: {places}}}`",
    )
    large = ticks.is_null() & numbers.is_not_null() & ~fine & ~no_number
    yield Fault(
        large, "{column} '{cell}' is too large to be counted exactly", "check the number's unit"
    )


def _remedy(kind: str) -> str:
    if kind == "share":
        return "write a ratio such as 0.125, or 12.5%"
    return "write digits only; a currency has its own column"
