"""Series: a measure month by month, with a gap where a month is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from spmlib.core.errors import ParameterError
from spmlib.core.months import MONTH, number, number_of, period_of
from spmlib.core.months import later as months_later

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Series:
    """A monthly series without holes in its months; a missing value is NaN."""

    name: str
    periods: tuple[str, ...]
    values: Floats

    @property
    def known(self) -> Flags:
        """Which months have a value, shape (months,)."""
        return np.isfinite(self.values)


def series(table: Any, name: str = "") -> Series:
    """A measure's months in order, none left out.

    Args:
        table: a mapping of period to value, or a table with the columns period, value and, where
            `name` is to be picked from several, measure.
        name: of the measure.

    Raises:
        ParameterError: a month is no month or stands twice, or a value is infinite or no number.

    >>> series({"2026-03": 4, "2026-01": 3}).values
    array([ 3., nan,  4.])
    """
    pairs = _pairs(table, name)
    found: dict[str, float] = {}
    for period, value in pairs:
        _refuse(name, period, value, found)
        found[period] = np.nan if value is None else float(value)
    if not found:
        return Series(name, (), np.empty(0))
    numbers = [number(period) for period in found]
    periods = tuple(period_of(n) for n in range(min(numbers), max(numbers) + 1))
    return Series(name, periods, np.array([found.get(p, np.nan) for p in periods], float))


def first_whole(day: date) -> str:
    """The first month that lies wholly after a change.

    >>> first_whole(date(2026, 1, 1)), first_whole(date(2026, 1, 2))
    ('2026-01', '2026-02')
    """
    return period_of(number_of(day) + (day.day > 1))


def later(day: date, months: int) -> date:
    """A day so many months later; the first of its month where it moves.

    >>> later(date(2026, 1, 15), 0), later(date(2026, 1, 15), -2)
    (datetime.date(2026, 1, 15), datetime.date(2025, 11, 1))
    """
    return months_later(day, months) if months else day


def _pairs(table: Any, name: str) -> list[tuple[str, Any]]:
    if isinstance(table, Mapping):
        return list(table.items())
    import narwhals as nw

    rows = nw.from_native(table)
    if name and "measure" in rows.columns:
        rows = rows.filter(nw.col("measure") == name)
    lacking = {"period", "value"} - set(rows.columns)
    if lacking:
        wrong = f"the table has no column {', '.join(sorted(lacking))}"
        raise ParameterError(f"{name or 'series'}: {wrong}; give it period and value.")
    return list(zip(rows["period"].to_list(), rows["value"].to_list(), strict=True))


def _refuse(name: str, period: Any, value: Any, found: Mapping[str, float]) -> None:
    place = f"{name or 'series'}, {period}"
    if not isinstance(period, str) or not MONTH.fullmatch(period):
        raise ParameterError(f"{place}: this is no month; write it as 2026-01.")
    if period in found:
        raise ParameterError(f"{place}: the month stands twice; give each month one value.")
    try:
        infinite = value is not None and bool(np.isinf(float(value)))
    except (TypeError, ValueError):
        raise ParameterError(f"{place}: '{value}' is no number; write one, or none.") from None
    if infinite:
        raise ParameterError(f"{place}: the value is infinite; leave it out if it is unknown.")
