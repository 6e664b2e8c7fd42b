"""Days: columns of days from what a source wrote, in whichever order it wrote them.

Whether ``01/02/2026`` is in January or February is settled once for a whole column: by a cell with
13 or more in one place, by rules between columns (an end is after its start), by other columns of
the same source, or by ``dates:`` in sources.yaml. Never cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from spmlib.core.reading.issues import Fault, Reading, Unsettled

ORDERS = ("day_first", "month_first")
# The first may not be after the second; used to settle an order, and checked again later.
RULES = (
    ("start_date", "end_date"),
    ("event_date", "recorded_date"),
    ("hire_date", "leave_date"),
)
TIME = (  # of a day with a time, perhaps with a zone: the day is kept as written
    r"^(.*?\d)(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
    r"(?:\s*[AaPp]\.?[Mm]\.?)?(?:\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$"
)
ISO = r"^(?<y>\d{4})[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})$"
COMPACT = r"^(?<y>[12]\d{3})(?<m>\d{2})(?<d>\d{2})$"
DOTTED = r"^(?<d>\d{1,2})\.\s?(?<m>\d{1,2})\.\s?(?<y>\d{4})$"
SLASHED = r"^(?<a>\d{1,2})(?:[-/.]\s?)(?<b>\d{1,2})(?:[-/.]\s?)(?<y>\d{4}|\d{2})$"
NAMED = r"^(?<d>\d{1,2})[-. ]+(?<m>[A-Za-z]{3})[a-z]*[-., ]+(?<y>\d{4})$"
NAMED_FIRST = r"^(?<m>[A-Za-z]{3})[a-z]*\.?\s+(?<d>\d{1,2}),?\s+(?<y>\d{4})$"
SERIAL = r"^([1-9]\d{4})(?:\.\d+)?$"  # Excel's count of days; 5 digits are 1927 to 2173
EPOCH = date(1899, 12, 30)  # day 0 of Excel, whose 1900 has a 29 February
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CLEAR = 10  # an order holds for a column where it is proved this often for each proof against it


@dataclass(frozen=True)
class Proof:
    """How often the cells of a column prove each order, and which could be either."""

    day_first: int
    month_first: int
    doubtful: int

    @property
    def order(self) -> str:
        """The order that the column itself proves; "" where nothing does."""
        if self.day_first == self.month_first:
            return ""
        return "day_first" if self.day_first > self.month_first else "month_first"


def read(columns: Mapping[str, pl.Series], said: str = "") -> Iterator[tuple[str, Reading]]:
    """The day columns of one source.

    Args:
        columns: each column of days as text, days or times; null where the source has nothing.
        said: the order that sources.yaml says: iso, day_first, month_first, or nothing.

    Raises:
        Unsettled: a column could be read in two ways, or proves both.
    """
    texts = {name: _days_only(cells) for name, cells in columns.items()}
    settled = _settled(texts, said)
    for name, cells in texts.items():
        if not _is_text(cells):
            yield name, Reading(cells)
            continue
        order, hinted = settled[name]
        yield name, _reading(cells, columns[name], order, said, hinted)


def proof(cells: pl.Series) -> Proof:
    """What the cells of a column say about the order of day and month."""
    parts = cells.str.extract_groups(SLASHED).struct.unnest()
    dotted = cells.str.contains(DOTTED)
    # Source: Unicode CLDR: no locale writes a month before a day with dots and the year last.
    a, b = (pl.when(~dotted).then(pl.col(n).cast(pl.Int32)) for n in "ab")
    counts = parts.with_columns(dotted.alias("dotted")).select(
        day_first=((a > 12) & (a <= 31) & (b <= 12)).sum(),
        month_first=((b > 12) & (b <= 31) & (a <= 12)).sum(),
        doubtful=((a <= 12) & (b <= 12) & (a != b)).sum(),
    )
    return Proof(*counts.row(0))


def _settled(texts: Mapping[str, pl.Series], said: str) -> dict[str, tuple[str, bool]]:
    """The order of each column of text, and whether only another column hinted at it."""
    unique = {n: cells.unique() for n, cells in texts.items() if _is_text(cells)}
    if said:
        return dict.fromkeys(unique, (said, False))
    proofs = {name: proof(cells) for name, cells in unique.items()}
    for name, cells in unique.items():
        _refuse_contradiction(name, cells, proofs[name])
    orders = {n: p.order for n, p in proofs.items()}
    open_ = [n for n, p in proofs.items() if not p.order and p.doubtful]
    known = {n: (order or "day_first", False) for n, order in orders.items() if n not in open_}
    proved = {order for order in orders.values() if order}
    for name in open_:
        by_rule = _by_rules(name, texts, orders)
        if not by_rule and len(proved) != 1:
            _refuse(name, unique[name])
        known[name] = (by_rule or next(iter(proved)), not by_rule)
    return known


def _by_rules(name: str, texts: Mapping[str, pl.Series], orders: Mapping[str, str]) -> str:
    """The only order in which no row contradicts a rule between two columns."""
    fits = []
    for order in ORDERS:
        pairs = [rule for rule in RULES if name in rule and set(rule) <= set(texts)]
        read = {n: _parsed(texts[n], orders.get(n) or order) for rule in pairs for n in rule}
        if not any((read[first] > read[second]).any() for first, second in pairs):
            fits.append(order)
    return fits[0] if len(fits) == 1 else ""


def _refuse_contradiction(name: str, cells: pl.Series, found: Proof) -> None:
    most, least = sorted((found.day_first, found.month_first), reverse=True)
    if least and CLEAR * least > most:
        first = _example(cells, r"^(1[3-9]|2\d|3[01])[-/]")
        second = _example(cells, r"^\d{1,2}[-/](1[3-9]|2\d|3[01])[-/]")
        wrong = f"{name} has the day first in '{first}' and the month first in '{second}'"
        raise Unsettled(wrong, f"correct them, or write {_words()} to refuse the others")
    real = cells.str.contains(ISO).any()
    if real and (found.day_first or found.month_first or found.doubtful):
        first, second = _example(cells, ISO), _example(cells, SLASHED)
        wrong = f"{name} mixes '{first}' and '{second}': a program read some days only"
        raise Unsettled(wrong, f"export the column as text, or write {_words()}")


def _refuse(name: str, cells: pl.Series) -> None:
    wrong = f"the order of day and month of {name} cannot be told: '{_example(cells, SLASHED)}'"
    raise Unsettled(wrong, f"write {_words()} for this source")


def _words() -> str:
    return "`dates: day_first` or `dates: month_first`"


def _example(cells: pl.Series, pattern: str) -> str:
    return str(cells.filter(cells.str.contains(pattern).fill_null(False)).sort()[0])


def _is_text(cells: pl.Series) -> bool:
    return cells.dtype == pl.String


def _days_only(cells: pl.Series) -> pl.Series:
    """Days as they are, times cut to the day that is written, anything else as text."""
    if cells.dtype == pl.Date:
        return cells
    if isinstance(cells.dtype, pl.Datetime):
        return cells.dt.date()
    text = cells.cast(pl.String)
    if not text.str.contains(":", literal=True).any():
        return text
    return text.str.replace(TIME, "$1")


def _reading(cells: pl.Series, shown: pl.Series, order: str, said: str, hinted: bool) -> Reading:
    values = _parsed(cells, order, stated=bool(said))
    short = cells.str.contains(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$").fill_null(False)
    wrong = values.is_null() & shown.is_not_null()
    faults = [
        Fault(
            wrong & short,
            "{column} '{cell}' has a year of two digits",
            f"export years of four digits, or write {_words()}",
        ),
        Fault(wrong & ~short, "{column} '{cell}' is no day", _remedy(order, said)),
    ]
    if hinted:
        faults.append(_hinted(cells, order))
    serial = cells.str.contains(SERIAL).fill_null(False) & ~wrong
    faults.append(
        Fault(
            serial,
            "{column} '{cell}' is read as Excel's count of days since 1899-12-30",
            "format the column as a date in Excel, to be sure",
            effect="noted",
            once=True,
        )
    )
    return Reading(values, tuple(fault for fault in faults if fault.rows.any()))


def _remedy(order: str, said: str) -> str:
    if said == "iso":
        return "write it as 2026-01-31, or leave `dates: iso` out"
    first = "31/01/2026" if order == "day_first" else "01/31/2026"
    return f"write it as 2026-01-31, or as {first}"


def _hinted(cells: pl.Series, order: str) -> Fault:
    return Fault(
        cells.str.contains(SLASHED).fill_null(False),
        f"{{column}} '{{cell}}' is read {order.replace('_', ' ')}, as other columns here prove it",
        f"write `dates: {order}` to confirm it",
        effect="noted",
        once=True,
    )


def _parsed(cells: pl.Series, order: str, stated: bool = False) -> pl.Series:
    """Text as days; null where it is none."""
    if not _is_text(cells):
        return cells
    iso = cells.str.to_date("%Y-%m-%d", strict=False)
    if iso.null_count() == cells.null_count() or order == "iso":
        return iso if order != "iso" else _first_of(cells, [ISO, COMPACT], order, stated)
    patterns = [ISO, COMPACT, DOTTED, SLASHED, NAMED, NAMED_FIRST, SERIAL]
    unique = cells.unique().drop_nulls()
    read = _first_of(unique, patterns, order, stated)
    return cells.replace_strict(unique, read, default=None, return_dtype=pl.Date)


def _first_of(cells: pl.Series, patterns: Iterable[str], order: str, stated: bool) -> pl.Series:
    """The day that the first of the patterns which fits gives."""
    made = [_by_pattern(cells, pattern, order, stated) for pattern in patterns]
    return pl.select(pl.coalesce(made)).to_series() if len(cells) else pl.Series(dtype=pl.Date)


def _by_pattern(cells: pl.Series, pattern: str, order: str, stated: bool) -> pl.Series:
    if pattern == SERIAL:
        count = cells.str.extract(SERIAL).cast(pl.Int32)
        return pl.select(pl.lit(EPOCH) + pl.duration(days=pl.lit(count))).to_series()
    parts = cells.str.extract_groups(pattern).struct.unnest()
    if pattern == SLASHED:
        parts = parts.rename({"a": "d", "b": "m"} if order == "day_first" else {"a": "m", "b": "d"})
        parts = parts.with_columns(y=_years(stated))
    if pattern in (NAMED, NAMED_FIRST):
        numbers = [str(n + 1) for n in range(12)]
        month = pl.col("m").str.to_lowercase().replace_strict(MONTHS, numbers, default=None)
        parts = parts.with_columns(m=month)
    text = parts.select(pl.concat_str("y", "m", "d", separator="-")).to_series()
    return text.str.to_date("%Y-%m-%d", strict=False)


def _years(stated: bool) -> pl.Expr:
    """Four digits; two only where sources.yaml states the order.

    Source: POSIX.1-2024, strptime %y: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068.
    """
    year = pl.col("y")
    century = pl.when(year.cast(pl.Int32) >= 69).then(pl.lit("19")).otherwise(pl.lit("20"))
    short = pl.when(pl.lit(stated)).then(century + year)
    return pl.when(year.str.len_chars() == 4).then(year).otherwise(short)
