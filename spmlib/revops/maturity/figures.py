"""Figures: what data say of a revenue operation, on plain numbers and days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from spmlib.core.errors import ParameterError


@dataclass(frozen=True)
class Figure:
    """What the data say, of how much, or why they do not."""

    value: float | None
    on: str = ""  # what it was measured on
    cases: int = 0  # how many
    why: str = ""  # it is not known; empty if it is
    low: float | None = None  # ends of what it may be by chance in 95 of 100 cases, where known
    high: float | None = None


def unknown(why: str) -> Figure:
    """A figure that is not known, and why: nothing stands in for it."""
    return Figure(None, why=why)


def forecast_error(actual: Sequence[float], forecast: Sequence[float]) -> float | None:
    """How far forecasts were off, as a share of what came; None if nothing came.

    Defined as::

        sum |actual - forecast| / sum |actual|                  of months that no fit had seen

    >>> forecast_error([100, 100], [110, 80])
    0.15
    """
    if len(actual) != len(forecast):
        wrong = f"{len(actual)} months and {len(forecast)} forecasts do not pair"
        raise ParameterError(f"{wrong}; give one forecast a month.")
    off = sum(abs(a - f) for a, f in zip(actual, forecast, strict=True))
    return rate(off, sum(abs(a) for a in actual))


def rate(part: float, whole: float) -> float | None:
    """A part of a whole: disputes of statements, money adjusted of money paid; None of nothing.

    >>> rate(3, 200)
    0.015
    """
    if part < 0 or whole < 0:
        wrong = f"{part} of {whole} is below 0"
        raise ParameterError(f"{wrong}; count, or add absolute amounts.")
    return part / whole if whole else None


def days_to_close(ended: Iterable[date], closed: Iterable[date]) -> float | None:
    """The middle of the days from a month's end until it was closed; None if none was.

    Args:
        ended: the first day after each month.
        closed: the day on which each was closed.

    >>> days_to_close([date(2026, 2, 1), date(2026, 3, 1)], [date(2026, 2, 6), date(2026, 3, 8)])
    6.0
    """
    return _middle((after - before).days for before, after in zip(ended, closed, strict=True))


def lead_time(effective: Iterable[date], announced: Iterable[date | None]) -> float | None:
    """The middle of the days from announcing a plan's change until it holds; None if unknown.

    Negative where it was announced after it held. Changes of which nobody knows when they were
    announced count nowhere.

    >>> lead_time([date(2026, 1, 1), date(2026, 7, 1)], [date(2025, 12, 15), None])
    17.0
    """
    pairs = zip(effective, announced, strict=True)
    return _middle((holds - known).days for holds, known in pairs if known is not None)


def _middle(days: Iterable[int]) -> float | None:
    found = sorted(days)
    return float(median(found)) if found else None
