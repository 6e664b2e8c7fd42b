"""Ranges: where pay stands in a pay range, or beside one point of the market.

All take numbers or arrays, and amounts of one currency, for full time and a whole year (`yearly`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.plain import bare, numbers, positive


def compa_ratio(pay: Any, midpoint: Any) -> Any:
    """Pay over the middle of its range, or over the market's median: 1 is as the middle.

    Defined as::

        compa-ratio = pay / midpoint

    >>> compa_ratio(75_000, 80_000)
    0.9375

    Args:
        pay: of a year and full time [currency].
        midpoint: of the range, or the market's median [the same currency].

    Raises:
        ParameterError: the midpoint is not above 0, or something is no number.

    Source:
        WorldatWork, "Compensation Basics": compa-ratio, market ratio.
    """
    return bare(numbers(pay, "pay") / positive(midpoint, "midpoint"))


def range_penetration(pay: Any, low: Any, high: Any) -> Any:
    """How far into its range pay lies: 0 at the lower end, 1 at the upper; beyond outside of it.

    Defined as::

        range penetration = (pay - low) / (high - low)

    >>> range_penetration(75_000, 64_000, 96_000)
    0.34375

    Raises:
        ParameterError: the range does not rise, or something is no number.
    """
    bottom, top = _rising(low, high)
    return bare((numbers(pay, "pay") - bottom) / (top - bottom))


def range_spread(low: Any, high: Any) -> Any:
    """How wide a range is, as a share of its lower end.

    Defined as::

        range spread = (high - low) / low

    >>> range_spread(64_000, 96_000)
    0.5
    """
    bottom, top = _rising(low, high)
    return bare((top - bottom) / bottom)


def midpoint(low: Any, high: Any) -> Any:
    """The middle of a range.

    >>> midpoint(64_000, 96_000)
    80000.0
    """
    bottom, top = _rising(low, high)
    return bare((bottom + top) / 2)


def range_around(middle: Any, spread: Any) -> tuple[Any, Any]:
    """The range with a midpoint and a spread: its lower and its upper end.

    Defined as::

        low = midpoint / (1 + spread / 2)        high = low x (1 + spread)

    >>> range_around(80_000, 0.5)
    (64000.0, 96000.0)
    """
    width = positive(spread, "range spread")
    bottom = positive(middle, "midpoint") / (1 + width / 2)
    return bare(bottom), bare(bottom * (1 + width))


def yearly(amount: Any, part_of_year: Any = 1.0, full_time: Any = 1.0) -> Any:
    """An amount as it would be for a whole year and full time.

    Defined as::

        yearly = amount / (part of year x part of full time)

    >>> yearly(30_000, part_of_year=0.5, full_time=0.8)
    75000.0

    Args:
        amount: paid in the part of a year [currency]; a year's, where that is 1.
        part_of_year: above 0, at most 1.
        full_time: part of full time worked, above 0, at most 1.

    Raises:
        ParameterError: a part is not above 0, or is above 1.
    """
    parts = positive(part_of_year, "part of a year"), positive(full_time, "part of full time")
    if any((part > 1).any() for part in parts):
        raise ParameterError("a part of a year or of full time is above 1; give parts up to 1.")
    return bare(numbers(amount, "amount") / (parts[0] * parts[1]))


def _rising(low: Any, high: Any) -> tuple[Any, Any]:
    bottom, top = np.broadcast_arrays(positive(low, "range"), positive(high, "range"))
    if (top <= bottom).any():
        raise ParameterError("a range ends where it begins, or below; give its lower end first.")
    return bottom, top
