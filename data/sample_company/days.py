"""Days: the months of the sample, and how busy each day is."""

from __future__ import annotations

from datetime import date

import numpy as np

from .draws import Whole

FIRST, LAST = date(2024, 5, 1), date(2026, 11, 1)  # first day, and the day after the last
SEASON = (80, 88, 118, 82, 92, 122, 84, 60, 116, 86, 98, 150)  # January to December
GROWTH = 12  # thousandths more business each month
PUSH, PUSH_DAYS = 260, 7  # hundredths of a usual day, in the last working days of a quarter


def number(day: date) -> int:
    """A day as days since 1970."""
    return (day - date(1970, 1, 1)).days


def written(numbers: Whole) -> list[str]:
    """Days as text, empty where the number is below zero."""
    text = np.datetime_as_string(numbers.astype("datetime64[D]"))
    return [word if n >= 0 else "" for word, n in zip(text.tolist(), numbers.tolist(), strict=True)]


START, END = number(FIRST), number(LAST)
DAYS: Whole = np.arange(START, END, dtype=np.int64)
MONTH: Whole = DAYS.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)  # since 1970
WORKING = np.is_busday(DAYS.astype("datetime64[D]"))


def month_start(month: Whole | int) -> Whole:
    """First day of months counted since 1970."""
    return np.asarray(month, "datetime64[M]").astype("datetime64[D]").astype(np.int64)


def busy() -> Whole:
    """How much is booked on each day: season, growth, and the push at the end of a quarter."""
    season = np.array(SEASON)[MONTH % 12]
    growth = 1000 + GROWTH * (MONTH - MONTH[0])
    left = month_start(MONTH + 1)
    to_go = np.busday_count((DAYS + 1).astype("datetime64[D]"), left.astype("datetime64[D]"))
    push = np.where((MONTH % 3 == 2) & (to_go < PUSH_DAYS), PUSH, 100)
    return season * growth * push * WORKING


def season_share(months: Whole) -> Whole:
    """How heavy months counted since 1970 are, with growth, for quotas."""
    return np.array(SEASON)[months % 12] * (1000 + GROWTH * (months - MONTH[0]))
