"""Curves: a rate table as a function from what was credited to what is earned.

Every table, whatever its kind, becomes brackets. In a bracket, with u the credited value as a
multiple of the measuring stick (the quota, or one unit of money)::

    earned = stick of pay x (constant + slope u + bend u^2)

The stick of pay is the quota for rates (so that it cancels), the window's target incentive for
payouts, one unit of money for amounts. ``bend`` is zero but for interpolated rates. The constants
are exact fractions that depend on the plan alone; quota and target come in later, person by
person, as integers. The same brackets serve three evaluators: the engine (`Brackets` as a table of
integers, in `spmlib.incent`), arrays (`curve_of_floats`) and exact fractions (`earned`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING, Any, Literal

from spmlib.rules.plans import Component, Row

if TYPE_CHECKING:
    import numpy as np

EVERYTHING_BELOW = Fraction(-(10**30))


@dataclass(frozen=True)
class Bracket:
    """One stretch of a curve."""

    start: Fraction  # multiple of the stick; the first one starts below everything
    constant: Fraction
    slope: Fraction
    bend: Fraction
    place: str  # file and line of the row
    gives: Fraction  # the row's own rate, payout or amount

    def at(self, u: Fraction) -> Fraction:
        """The curve's value, if u lies in the bracket."""
        return self.constant + self.slope * u + self.bend * u * u


def brackets(component: Component, rows: Sequence[Row]) -> tuple[Bracket, ...]:
    """The brackets of one table (of one cell, where it is a matrix).

    With ``crossing: transaction`` they hold the rate itself, which multiplies the transaction.
    """
    points = [(Fraction(row.start), Fraction(row.gives), row.place) for row in rows]
    if component.word != "rate":
        made = _levels(points, component.within)
    elif component.crossing == "transaction":
        made = _rates(points, component.within)
    elif component.crossing == "whole":
        made = [_whole(bracket) for bracket in _rates(points, component.within)]
    else:
        made = _slices(_rates(points, component.within))
    first, *rest = made
    return (Bracket(EVERYTHING_BELOW, *_rest(first)), *rest)


def cells(rows: Sequence[Row]) -> list[tuple[Fraction | None, tuple[Row, ...]]]:
    """The rows of each cell of a matrix, by rising ``when``; one cell where there is none."""
    whens = dict.fromkeys(row.when for row in rows)
    return [
        (None if when is None else Fraction(when), tuple(r for r in rows if r.when == when))
        for when in whens
    ]


def reached(curve: Sequence[Bracket], u: Fraction, boundary: str) -> int:
    """The number of the bracket that holds u."""
    below = [b.start < u or (b.start == u and boundary != "lower") for b in curve]
    return max(sum(below) - 1, 0)


def earned(curve: Sequence[Bracket], u: Fraction, boundary: str = "upper") -> Fraction:
    """The curve's exact value at u, as a multiple of the stick of pay."""
    return curve[reached(curve, u, boundary)].at(u)


def curve_of_floats(curve: Sequence[Bracket], u: np.ndarray, boundary: str = "upper") -> np.ndarray:
    """The curve's value at each u, for simulation and what-if; never for pay.

    Args:
        u: multiples of the stick, any shape.

    Returns:
        Multiples of the stick of pay, the shape of ``u``.
    """
    import numpy as np

    starts = np.array([float(b.start) for b in curve])
    parts = np.array([[float(b.constant), float(b.slope), float(b.bend)] for b in curve])
    side: Literal["left", "right"] = "left" if boundary == "lower" else "right"
    constant, slope, bend = parts[np.maximum(np.searchsorted(starts, u, side) - 1, 0)].T
    return np.asarray((constant + slope * u.T + bend * u.T * u.T).T)


def denominator(fractions: Sequence[Fraction]) -> int:
    """The least number that makes all of them whole."""
    return lcm(*(fraction.denominator for fraction in fractions))


def _levels(points: list[tuple[Fraction, Fraction, str]], within: str) -> list[Bracket]:
    """Payouts or amounts: what the row reached gives, or the line to the next row."""
    flat = [
        Bracket(start, level, Fraction(0), Fraction(0), place, level)
        for start, level, place in points
    ]
    return _glided(flat) if within == "interpolate" else flat


def _rates(points: list[tuple[Fraction, Fraction, str]], within: str) -> list[Bracket]:
    """The rate itself as a function of u: constant in a bracket, or gliding to the next row."""
    return _levels(points, within)


def _glided(flat: list[Bracket]) -> list[Bracket]:
    """Brackets on the line from row to row, flat before the first and beyond the last."""
    below = Bracket(EVERYTHING_BELOW, *_rest(flat[0]))
    lines = [_line(this, after) for this, after in pairwise(flat)]
    return [below, *lines, flat[-1]]


def _line(this: Bracket, after: Bracket) -> Bracket:
    slope = (after.constant - this.constant) / (after.start - this.start)
    constant = this.constant - slope * this.start
    return Bracket(this.start, constant, slope, Fraction(0), this.place, this.gives)


def _whole(rate: Bracket) -> Bracket:
    """All of u at the rate reached: the rate times u."""
    return Bracket(rate.start, Fraction(0), rate.constant, rate.slope, rate.place, rate.gives)


def _slices(rates: list[Bracket]) -> list[Bracket]:
    """Each slice at its own rate: the area below the rate, from zero up to u."""
    made: list[Bracket] = []
    area, since = Fraction(0), Fraction(0)
    for number, rate in enumerate(rates):
        start = rate.start if number and rate.start > 0 else Fraction(0)
        if made:
            area, since = made[-1].at(start), start
        half = rate.slope / 2
        constant = area - rate.constant * since - half * since * since
        made.append(Bracket(rate.start, constant, rate.constant, half, rate.place, rate.gives))
    return made


def _rest(bracket: Bracket) -> tuple[Any, ...]:
    return (bracket.constant, bracket.slope, bracket.bend, bracket.place, bracket.gives)
