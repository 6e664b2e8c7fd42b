"""Panels: any table of people and days or periods, as exact amounts by person and period.

`panel` counts rows of a table up (credits, earnings, opportunities, activities); `grid` lays a
panel out as people x periods, on which scores are computed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY

if TYPE_CHECKING:
    import polars as pl

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
COUNTED = ("sum", "count")
LARGEST = 9.0e14  # an amount whose ten-thousandths fit 64 bits
OPTIONAL = ("quota", "days", "present", "squares", "reached")


@dataclass(frozen=True)
class Grid:
    """Amounts of people in periods.

    Attributes:
        people: who, in order.
        periods: which, in order, none left out between.
        value: people x periods [ticks].
        quota: people x periods [ticks]; 0 where there is none.
        days: of each period.
        present: people x periods: days of the period on which each was there.
        squares: people x periods: sum of squares of what was counted [units squared]; empty if
            not known.
        worth: what a unit of each person's amounts is worth in one currency; none: all alike.
        reached: people x periods: the last day on which anything counted, as a number; empty if
            not known.
    """

    people: list[str]
    periods: list[str]
    value: Whole
    quota: Whole
    days: Whole
    present: Whole
    squares: Floats
    reached: Whole
    worth: Floats | None = None

    def at(self, period: str) -> int:
        """The number of a period, from 0.

        Raises:
            ParameterError: there is no such period.
        """
        if period not in self.periods:
            known = f"{self.periods[0]} to {self.periods[-1]}" if self.periods else "none"
            raise ParameterError(f"there is no period '{period}'; the table has {known}.")
        return self.periods.index(period)


def frame(given: Any, what: str = "table") -> pl.DataFrame:
    """A frame of any kind (Polars, pandas, a table of the engine) as a Polars frame.

    Raises:
        ParameterError: it is no frame.
    """
    import polars as pl

    if isinstance(given, pl.DataFrame):
        return given
    try:
        wrapped = nw.from_native(given, pass_through=False)
    except TypeError:
        kind = type(given).__name__
        raise ParameterError(f"{what}: a {kind} is no table; give polars or pandas.") from None
    return wrapped.lazy().collect("polars").to_native()


def panel(
    table: Any,
    value: str = "amount",
    person: str = "payee_id",
    period: str = "period",
    day: str | None = None,
    calendar: Any = None,
    counted: str = "sum",
    ticks: bool = False,
) -> pl.DataFrame:
    """The rows of a table counted up by person and period.

    Args:
        table: one row per anything, e.g. a credit; its amounts in one currency.
        value: column that is summed; with ``counted="count"`` it need not be there.
        person, period: columns of who and when.
        day: column of days, instead of `period`: read with the calendar, as calendar months
            without one.
        calendar: period, start_date, end_date.
        counted: sum, or count (of the rows).
        ticks: whether whole numbers are ticks, as the engine's tables hold them.

    Returns:
        payee_id, period, value (decimal, with four places), squares (their sum [units squared],
        for luck),
        reached (the last day on which anything counted; empty without days).

    Raises:
        ParameterError: a column is missing, a person or period is empty, or a value is no number.

    >>> import polars as pl
    >>> made = panel(pl.DataFrame({"payee_id": ["a", "a"], "period": ["2026-01"] * 2,
    ...                            "amount": [0.1, 0.2]}))
    >>> made["value"].to_list()
    [Decimal('0.3000')]
    """
    import polars as pl

    rows = frame(table)
    if counted not in COUNTED:
        raise ParameterError(f"counted: '{counted}' is no way to count; write sum or count.")
    when = period if day is None else day
    needed = [person, when, *([value] if counted == "sum" else [])]
    refuse_missing(rows, needed, "table")
    amounts = pl.lit(MONEY) if counted == "count" else pl.lit(0)
    rows = (
        rows.with_columns(_value=amounts)
        if counted == "count"
        else rows.with_columns(_value=in_ticks(rows[value], value, ticks))
    )
    refuse_empty(rows, (person, when))
    rows = rows.with_columns(_when=pl.col(when).cast(pl.String) if day is None else pl.col(day))
    if day is not None:
        rows = rows.with_columns(_day=_days(rows[day]), _when=_periods(rows, day, calendar))
    else:
        rows = rows.with_columns(_day=pl.lit(None, pl.Date))
    counts = pl.col("_value") != 0
    made = (
        rows.group_by(payee_id=pl.col(person).cast(pl.String), period="_when")
        .agg(
            value=pl.when(pl.col("_value").count() > 0).then(pl.col("_value").sum()),
            squares=((pl.col("_value") / MONEY) ** 2).sum(),
            reached=pl.col("_day").filter(counts).max(),
        )
        .sort("payee_id", "period")
    )
    return made.with_columns(value=_decimals(made["value"]))


def grid(given: Any, periods: Sequence[str] | None = None, ticks: bool = False) -> Grid:
    """A panel laid out as people x periods.

    Who was there: as `days` and `present` say, where the panel has them, and not at all without a
    row. Where it has not, each is there from their first row on; a period without a row is 0, and
    one with an empty value is one in which they were not there.

    Args:
        given: payee_id, period, value; and where known quota, days (of the period), present (days
            of them), squares, reached. One row per person and period.
        periods: all of them in order; else the months from the first to the last where periods
            are written 2026-01, and those that occur otherwise.
        ticks: whether whole numbers are ticks.

    Raises:
        ParameterError: a column is missing, a person and period has two rows, a period is not
            among the periods, or more days are present than there are.
    """
    rows = frame(given)
    refuse_missing(rows, ("payee_id", "period", "value"), "panel")
    refuse_empty(rows, ("payee_id", "period"))
    rows = _typed(rows, ticks)
    _refuse_twice(rows)
    order = _order(rows["period"].unique().sort().to_list(), periods)
    people = rows["payee_id"].unique().sort().to_list()
    shape = (len(people), len(order))
    at = _numbers(rows["payee_id"], people), _numbers(rows["period"], order)
    value, quota = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    value[at] = rows["value"].fill_null(0).to_numpy()
    if "quota" in rows.columns:
        quota[at] = rows["quota"].fill_null(0).to_numpy()
    days, present = _presence(rows, at, shape)
    squares = np.zeros(shape if "squares" in rows.columns else (0, 0))
    if squares.size:
        squares[at] = rows["squares"].fill_null(0).to_numpy()
    reached = np.full(shape if "reached" in rows.columns else (0, 0), -1, np.int64)
    if reached.size:
        reached[at] = rows["reached"].to_physical().fill_null(-1).to_numpy()
    return Grid(people, order, value, quota, days, present, squares, reached)


def in_ticks(column: pl.Series, name: str, ticks: bool = False) -> pl.Series:
    """Amounts as whole ten-thousandths, halves away from zero; missing ones stay missing.

    Raises:
        ParameterError: the column holds no numbers, or an amount is endless or too large.
    """
    import polars as pl

    kind = column.dtype
    if column.null_count() == len(column):
        return pl.Series(column.name, [None] * len(column), pl.Int64)
    if kind == pl.Object:
        column = pl.Series(column.name, column.to_list(), strict=False)
        kind = column.dtype
    if kind == pl.Boolean or not kind.is_numeric():
        raise ParameterError(
            f"{name}: {kind} is no number; give whole numbers, decimals or floats."
        )
    if kind.is_float():
        column = column.fill_nan(None)
    sizes = column.cast(pl.Float64).abs()
    largest = float(sizes.fill_null(0).to_numpy().max(initial=0.0))
    if largest > (LARGEST * MONEY if ticks and kind.is_integer() else LARGEST):
        raise ParameterError(f"{name}: an amount of {largest:.0e} is too large to be exact.")
    if kind.is_integer():
        return column.cast(pl.Int64) * (1 if ticks else MONEY)
    if kind.is_decimal():
        return column.cast(pl.Decimal(38, 4)).to_physical().cast(pl.Int64)
    whole = (column.cast(pl.Float64).abs() * MONEY + 0.5).floor().cast(pl.Int64)
    return (column.sign().cast(pl.Int64) * whole).alias(column.name)


def refuse_missing(rows: pl.DataFrame, needed: Sequence[str], what: str) -> None:
    """Refuse a frame that lacks a column.

    Raises:
        ParameterError: naming it, and those that are there.
    """
    for name in needed:
        if name not in rows.columns:
            has = ", ".join(rows.columns) or "none"
            raise ParameterError(f"{what}: there is no column '{name}'; it has {has}.")


def refuse_empty(rows: pl.DataFrame, keys: Sequence[str]) -> None:
    """Refuse rows of which nobody knows whose or when they are.

    Raises:
        ParameterError: saying how many.
    """
    for name in keys:
        many = rows[name].null_count()
        if many:
            raise ParameterError(f"{name}: {many} rows have none; leave them out or fill them in.")


def _typed(rows: pl.DataFrame, ticks: bool) -> pl.DataFrame:
    import polars as pl

    made = rows.with_columns(
        pl.col("payee_id", "period").cast(pl.String), value=in_ticks(rows["value"], "value", ticks)
    )
    if "quota" in rows.columns:
        made = made.with_columns(quota=in_ticks(rows["quota"], "quota", ticks))
    return made.select("payee_id", "period", "value", *(n for n in OPTIONAL if n in rows.columns))


def _refuse_twice(rows: pl.DataFrame) -> None:
    twice = rows.filter(rows.select("payee_id", "period").is_duplicated())
    if len(twice):
        who, when = twice.row(0)[:2]
        raise ParameterError(
            f"panel: '{who}' has {len(twice.filter(payee_id=who, period=when))} rows for {when}; "
            "add them up first, with panels.panel."
        )


def _order(found: list[str], periods: Sequence[str] | None) -> list[str]:
    if periods is not None:
        unknown = sorted(set(found) - set(periods))
        if unknown:
            raise ParameterError(f"period: '{unknown[0]}' is not among those given.")
        return list(periods)
    months = [MONTH.fullmatch(name) for name in found]
    if not found or not all(months):
        return found
    numbers = [int(m.group(1)) * 12 + int(m.group(2)) - 1 for m in months if m]
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(numbers[0], numbers[-1] + 1)]


def _numbers(column: pl.Series, names: list[str]) -> Whole:
    import polars as pl

    known = pl.DataFrame(
        {"name": names, "at": range(len(names))}, schema_overrides={"name": pl.String}
    )
    joined = column.alias("name").to_frame().join(known, on="name", maintain_order="left")
    return joined["at"].to_numpy().astype(np.int64)


def _presence(rows: pl.DataFrame, at: tuple[Whole, Whole], shape: tuple[int, int]) -> Any:
    days = np.ones(shape[1], np.int64)
    present = np.zeros(shape, np.int64)
    if {"days", "present"} <= set(rows.columns):
        days[at[1]] = rows["days"].to_numpy()
        present[at] = rows["present"].fill_null(0).to_numpy()
        if (present > days[None, :]).any() or (present < 0).any():
            raise ParameterError("present: more days than the period has, or fewer than none.")
        return days, present
    seen = np.zeros(shape, np.int64)
    seen[at] = 1
    present[:] = np.maximum.accumulate(seen, axis=1)
    empty = rows["value"].is_null().to_numpy()
    present[at[0][empty], at[1][empty]] = 0
    return days, present


def _periods(rows: pl.DataFrame, day: str, calendar: Any) -> pl.Series:
    import polars as pl

    days = _days(rows[day])
    if calendar is None:
        return days.dt.strftime("%Y-%m")
    known = frame(calendar, "calendar").select("period", "start_date", "end_date")
    placed = (
        days.alias("day").to_frame().with_row_index()
        .sort("day")
        .join_asof(known.sort("start_date"), left_on="day", right_on="start_date")
        .sort("index")
    )  # fmt: skip
    outside = placed.filter(pl.col("period").is_null() | (pl.col("day") >= pl.col("end_date")))
    if len(outside):
        raise ParameterError(f"{day}: {outside['day'][0]} lies outside of the calendar.")
    return placed["period"]


def _days(column: pl.Series) -> pl.Series:
    """Days, of days, times, or text written 2026-01-31."""
    import polars as pl

    if column.dtype != pl.String:
        return column.cast(pl.Date)
    made = column.str.to_date("%Y-%m-%d", strict=False)
    wrong = column.filter(made.is_null() & column.is_not_null())
    if len(wrong):
        raise ParameterError(f"{column.name}: '{wrong[0]}' is not a day; write it as 2026-01-31.")
    return made


def _decimals(ticks: pl.Series) -> pl.Series:
    """Ticks as decimals, never by way of a float."""
    import polars as pl
    import pyarrow as pa

    from spmlib.core.engine import _decimals as exact

    made: pa.Array = exact(ticks, 4)
    return pl.Series(ticks.name, pl.from_arrow(made))
