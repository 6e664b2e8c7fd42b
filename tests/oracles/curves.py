"""What a rate table earns at one value, straight from the words of the page.

Rows are ``(start, height)`` in the order written; the first start is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

Rows = Sequence[tuple[Fraction, Fraction]]


def reached(starts: Sequence[Fraction], value: Fraction, boundary: str) -> int:
    """The number of the row that a value has reached; below the first row it is the first."""
    place = 0
    for i, start in enumerate(starts):
        if value > start or (value == start and boundary == "upper"):
            place = i
    return place


def height(rows: Rows, x: Fraction, within: str, boundary: str) -> Fraction:
    """The rate, payout or amount at x: of its row, or on the line between two rows."""
    if within == "step":
        return rows[reached([start for start, _ in rows], x, boundary)][1]
    if x <= rows[0][0]:
        return rows[0][1]
    for (start, low), (end, high) in pairwise(rows):
        if x <= end:
            return low + (high - low) * (x - start) / (end - start)
    return rows[-1][1]


def area(rows: Rows, x: Fraction, within: str) -> Fraction:
    """Each slice of x at the rate of its own place: the area below the rates from 0 to x."""
    if x <= 0:
        return rows[0][1] * x
    total = Fraction(0)
    for i, (start, rate) in enumerate(rows):
        if x <= start:
            break
        last = i + 1 == len(rows)
        end = x if last else min(x, rows[i + 1][0])
        if within == "interpolate":
            far = height(rows, end, within, "upper")
            total += (rate + far) / 2 * (end - start)
        else:
            total += rate * (end - start)
    return total
