"""Months: calendar months as words (``2026-02``), as numbers to count with, and as first days."""

from __future__ import annotations

import re
from datetime import date

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def number(period: str) -> int:
    """A month's number: months since year 0.

    >>> number("2026-02") - number("2025-12")
    2
    """
    return int(period[:4]) * 12 + int(period[5:7]) - 1


def number_of(day: date) -> int:
    """The number of a day's month.

    >>> number_of(date(2026, 2, 28)) == number("2026-02")
    True
    """
    return day.year * 12 + day.month - 1


def period_of(month: int) -> str:
    """The month of a number.

    >>> period_of(number("2026-02"))
    '2026-02'
    """
    return f"{month // 12:04}-{month % 12 + 1:02}"


def first_of(month: int) -> date:
    """The first day of the month of a number.

    >>> first_of(number("2026-02"))
    datetime.date(2026, 2, 1)
    """
    return date(month // 12, month % 12 + 1, 1)


def later(day: date, months: int) -> date:
    """The first day of the month so many months after that of a day; before it, if below 0.

    >>> later(date(2026, 1, 15), 0), later(date(2026, 1, 15), -2)
    (datetime.date(2026, 1, 1), datetime.date(2025, 11, 1))
    """
    return first_of(number_of(day) + months)
