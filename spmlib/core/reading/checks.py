"""Checks: the rows of one table against its definition, and against each other.

A check names the rows that are wrong, says what is wrong and what would be right; it never repairs.
To add one, write a `Check` below `CHECKS`, or a generator beside `found`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from spmlib.core.money import CURRENCIES
from spmlib.core.reading import issues
from spmlib.core.reading.issues import HIDDEN, NUMBER
from spmlib.core.tables import INPUTS, SCALE, SHARE

CODES = ("currency", "to_currency")
KEYS = {  # the columns that together name one row, where no single one does
    "positions": ("payee_id", "start_date"),
    "account_territories": ("account_id", "territory_id", "start_date"),
    "account_potentials": ("account_id",),
    "splits": ("transaction_id", "payee_id"),
    "quotas": ("payee_id", "measure", "start_date", "end_date"),
    "commitments": ("payee_id", "measure", "start_date", "end_date"),
    "forecast_calls": ("payee_id", "period", "call_date", "category"),
    "currency_rates": ("currency", "to_currency", "kind", "start_date"),
    "market_pay": (
        *("survey", "job", "level", "place"),
        *("currency", "effective_date", "measure"),
    ),
}
STRETCHES = {  # whose stretches of days may not overlap, and what happens if they do
    "positions": (("payee_id",), "refused"),
    "account_territories": (("account_id",), "refused"),
    "quotas": (("payee_id", "measure"), "noted"),  # two books of business may add up
    "calendar": ((), "refused"),
}
PAIRS = (("start_date", "end_date"), ("hire_date", "leave_date"))
POINTS = ("p10", "p25", "p50", "p75", "p90")  # of market pay, rising


@dataclass(frozen=True)
class Check:
    """Something that no row of a table may be."""

    table: str
    rows: pl.Expr
    what: str  # {} stands for each of `cells` in turn
    cells: tuple[str, ...]
    remedy: str
    effect: str = "refused"


CHECKS = (
    Check(
        "positions",
        pl.col("manager_id") == pl.col("payee_id"),
        "manager_id '{}' is the person's own",
        ("manager_id",),
        "leave manager_id empty at the top",
    ),
    Check(
        "splits",
        pl.col("share") < 0,
        "the share of {} is negative",
        ("payee_id",),
        "write a share between 0% and 100%",
    ),
    Check(
        "events",
        (pl.col("event") == "cancellation") & (pl.col("amount") > 0),
        "the cancellation of {} is positive",
        ("transaction_id",),
        "write what was cancelled as a negative amount",
    ),
    Check(
        "currency_rates",
        pl.col("rate") <= 0,
        "the rate from {} to {} is not above zero",
        ("currency", "to_currency"),
        "write how many units of the second one of the first is worth",
    ),
    Check(
        "positions",
        pl.col("full_time") <= 0,
        "the part of full time of {} is not above zero",
        ("payee_id",),
        "write a share such as 80%; leave the cell empty for full time",
    ),
    Check(
        "market_pay",
        pl.any_horizontal(
            pl.col(low) > pl.col(high) for n, low in enumerate(POINTS) for high in POINTS[n + 1 :]
        )
        | (pl.min_horizontal(POINTS) <= 0),
        "the points of '{}' in {} fall, or are not above zero",
        ("job", "survey"),
        "write amounts that rise from p10 to p90, and leave empty what is not told",
    ),
    *(
        Check(
            table,
            pl.col("recorded_date") < pl.col("event_date"),
            "recorded_date {} is before event_date {}",
            ("recorded_date", "event_date"),
            "check both days",
            "noted",
        )
        for table in ("transactions", "events")
    ),
)


def found(frame: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    """The issues of a table by itself.

    Args:
        frame: the rows that could be read, with the hidden columns.
        table: its name.
    """
    yield from _among(frame, table)
    yield from _currencies(frame, table)
    yield from _whole_shares(frame, table)
    yield from _stretches(frame, table)
    for check in (check for check in CHECKS if check.table == table):
        what = pl.format(check.what, *check.cells)
        yield issues.found(frame, table, check.rows, what, check.remedy, check.effect)


def duplicates(frame: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    """The rows whose key stands in another row too.

    Of rows that are the same in every column the first is used. Rows of one key that differ are all
    refused, since nobody can say which is right: so the order of rows never changes pay.
    """
    keys = _key(table)
    if not keys:  # a history, of which a day's last row stands
        return
    twice = frame.filter(pl.struct(keys).is_duplicated() if len(keys) > 1 else _twice(keys[0]))
    if twice.is_empty():
        return
    by_key = [pl.col(key) for key in keys]
    alike = twice.with_columns(all=pl.struct(pl.exclude(HIDDEN))).with_columns(
        same=pl.col("all").n_unique().over(by_key) == 1,
        first=pl.col(NUMBER).min().over(by_key) == pl.col(NUMBER),
    )
    copies = alike.filter(pl.col("same") & ~pl.col("first"))[NUMBER]
    differ = alike.filter(~pl.col("same"))[NUMBER]
    name = pl.format("the key " + ", ".join(f"{key} '{{}}'" for key in keys), *_shown(keys))
    for numbers, what, remedy in (
        (copies, name + " stands in an earlier row, the same in every column", ONCE),
        (differ, name + " stands in several rows that differ", RIGHT),
    ):
        yield issues.found(frame, table, pl.col(NUMBER).is_in(numbers.implode()), what, remedy)


LAST_DAY = "write `ends: last_day` if yours is the last day"
ONCE = "delete the copy; the first row is used"
RIGHT = "keep the row that is right; none of them is used"


def overlaps(frame: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    """The rows whose stretch of days overlaps another's, or leaves out the day between."""
    if table not in STRETCHES:
        return
    by, effect = STRETCHES[table]
    end = pl.col("end_date").fill_null(pl.date(9999, 12, 31))
    rows = frame.with_columns(_end=end).sort(*by, "start_date", "_end", NUMBER)
    group = [pl.col(name) for name in by] or [pl.lit(1)]
    until = pl.col("_end").cum_max().shift(1).over(group)
    after = pl.col("start_date").shift(-1).over(group)
    rows = rows.with_columns(_until=until, _after=after)
    across = (pl.col("start_date") < pl.col("_until")) | (pl.col("_after") < pl.col("_end"))
    whose = f" of {{}}{' in {}' * (len(by) - 1)}" if by else ""
    what = pl.format(f"the days from {{}}{whose} overlap another row's", "start_date", *by)
    yield issues.found(
        rows, table, across.fill_null(False), what, "end one on the day the other starts", effect
    )
    yield from _gaps(rows, table)


def _gaps(rows: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    """The rows that seem to end on their last day instead of the day after it."""
    gap = pl.col("_after") == pl.col("_end").dt.offset_by("1d")
    if table == "calendar":
        gap = pl.col("_after") > pl.col("_end")
    what = pl.format("the next row starts on {}, and the day {} is in neither", "_after", "_end")
    remedy = f"end_date is the first day after: {LAST_DAY}"
    effect = "refused" if table == "calendar" else "noted"
    if not rows.is_empty():
        yield issues.found(rows, table, gap.fill_null(False), what, remedy, effect)


def _key(table: str) -> tuple[str, ...]:
    unique = [name for name, column in INPUTS[table].columns().items() if column.unique]
    return KEYS.get(table) or tuple(unique)


def _twice(key: str) -> pl.Expr:
    return pl.col(key).is_duplicated() & pl.col(key).is_not_null()


def _shown(keys: tuple[str, ...]) -> list[pl.Expr]:
    return [pl.col(key).cast(pl.String).fill_null("(empty)") for key in keys]


def _among(frame: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    for name, column in INPUTS[table].columns().items():
        if column.among:
            other = ~pl.col(name).is_in(column.among)
            what = pl.format(f"{name} '{{}}' is not known", issues.cell(name))
            remedy = f"write one of: {', '.join(column.among)}; or map it below `values`"
            yield issues.found(frame, table, other, what, remedy)


def _currencies(frame: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    for name in (name for name in CODES if name in INPUTS[table].columns()):
        codes = [code for code in frame[name].unique().drop_nulls() if code not in CURRENCIES]
        if codes:
            what = pl.format(f"{name} '{{}}' is no code of ISO 4217", issues.cell(name))
            remedy = "write a code such as USD; or map it below `values`"
            yield issues.found(frame, table, pl.col(name).is_in(codes), what, remedy)


def _whole_shares(frame: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    for name, column in INPUTS[table].columns().items():
        if column.kind == "share":
            parts = pl.col(name) * 100 / SCALE["share"]
            percent = parts.cast(pl.String).str.strip_suffix(".0")
            what = pl.format(f"{name} is {{}}%, more than the whole", percent)
            remedy = f"write 12.5% or 0.125; or `percent: [{name}]` if it counts in percent"
            yield issues.found(frame, table, pl.col(name).abs() > SHARE, what, remedy)


def _stretches(frame: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    for start, end in PAIRS:
        if {start, end} <= set(INPUTS[table].columns()):
            what = pl.format(f"{end} {{}} is not after {start} {{}}", end, start)
            remedy = f"correct one; {end} is the first day after: {LAST_DAY}"
            yield issues.found(frame, table, pl.col(end) <= pl.col(start), what, remedy)
