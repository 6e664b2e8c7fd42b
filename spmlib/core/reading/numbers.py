"""Numbers: exact integers of a kind's scale from what a source wrote, never by way of a float."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from spmlib.core.engine import DECIMALS
from spmlib.core.reading import marks
from spmlib.core.reading.issues import Fault, Reading, Unsettled

FINEST = 18  # decimals kept while a number is brought to its kind's scale


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
        return _of_exact(cells, notation)
    if cells.dtype.is_float():
        return _of_floats(cells, notation)
    if cells.dtype != pl.String:
        raise Unsettled(f"the column holds {cells.dtype}", "numbers are needed here")
    if notation.decimal != "," and marks.simple(cells):
        return _scaled(cells, cells, notation)
    mark = notation.decimal or marks.proved(cells)
    doubtful = None if mark else marks.doubtful(cells)
    if doubtful is None:
        return _scaled(marks.canonical(cells, mark or "."), cells, notation)
    if not hint:
        raise Unsettled(
            f"the decimal mark cannot be told: '{cells.filter(doubtful)[0]}' can be read two ways",
            'write `decimal: "."` or `decimal: ","` for this source',
        )
    reading = _scaled(marks.canonical(cells, hint), cells, notation)
    return Reading(reading.values, (*reading.faults, _hinted(doubtful, hint)))


def _hinted(rows: pl.Series, mark: str) -> Fault:
    return Fault(
        rows,
        f"{{column}} '{{cell}}' is read with the decimal mark '{mark}', as other columns prove it",
        f'write `decimal: "{mark}"` to confirm it',
        effect="noted",
        once=True,
    )


def _of_exact(cells: pl.Series, notation: Notation) -> Reading:
    """Integers and decimals; those with no more decimals than their kind are only multiplied."""
    finer = DECIMALS.get(notation.kind, 0) - (getattr(cells.dtype, "scale", 0) or 0)
    if finer < 0 or notation.percent or notation.round_to is not None:
        return _scaled(cells, cells, notation)
    whole = cells.to_physical().cast(pl.Int128).to_frame("n")
    ticks = whole.select((pl.col("n") * 10**finer).cast(pl.Int64, strict=False)).to_series()
    overflowed = ticks.null_count() > cells.null_count()
    return _scaled(cells, cells, notation) if overflowed else Reading(ticks)


def _of_floats(cells: pl.Series, notation: Notation) -> Reading:
    """Binary floats by the shortest decimal that names each one."""
    finite = cells.is_finite() | cells.is_null()
    text = marks.plain(cells.set(~finite, None).cast(pl.String))
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
