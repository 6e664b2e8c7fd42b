"""Break-evens: where one curve pays more than another, exactly; both in one unit.

Curves are brackets (`spmlib.rules.curves`). Inside a bracket they are straight, or, for rates that
glide, of second degree; so the places where two of them meet are found, not searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import isqrt

from spmlib.core.letters import Stretch
from spmlib.rules.curves import EVERYTHING_BELOW, Bracket

FINE = 10**30  # to how many parts a root that is no fraction is found


def stretches(was: Sequence[Bracket], now: Sequence[Bracket]) -> tuple[Stretch, ...]:
    """From nothing upwards: where the new curve pays more, less, or the same.

    Defined as::

        more = sign(now(u) - was(u))   on each open stretch between places where it changes

    A place where curves touch and do not cross divides nothing.

    Args:
        was, now: brackets of both, from the first upwards; u and pay in the same units.

    Returns:
        Stretches in order, each beginning where the one before ends; the last has no end.

    Example:
        5 %, 10 % above 100 against 6 %, 8 % above 100: more up to 150, then less.

        >>> flat = Bracket(EVERYTHING_BELOW, *map(Fraction, ("0", "5/100", "0")), "", Fraction(0))
        >>> was = [flat, Bracket(*map(Fraction, ("100", "-5", "1/10", "0")), "", Fraction(0))]
        >>> now = [
        ...     replace(flat, slope=Fraction(6, 100)),
        ...     Bracket(*map(Fraction, ("100", "-2", "8/100", "0")), "", Fraction(0)),
        ... ]
        >>> [(int(s.start), s.end and int(s.end), s.more) for s in stretches(was, now)]
        [(0, 150, 1), (150, None, -1)]
    """
    starts = {b.start for b in (*was, *now) if b.start > 0}
    edges = [Fraction(0), *sorted(starts)]
    made: list[Stretch] = []
    for low, high in [*pairwise(edges), (edges[-1], None)]:
        constant, slope, bend = _difference(was, now, low)
        places = [low, *_roots(constant, slope, bend, low, high), high]
        for start, end in pairwise(places):
            assert start is not None  # only the last place is open
            u = start + 1 if end is None else (start + end) / 2
            more = _sign(constant + slope * u + bend * u * u)
            if made and made[-1].more == more:
                made[-1] = replace(made[-1], end=end)
            else:
                made.append(Stretch(start, end, more))
    return tuple(made)


def scaled(curve: Sequence[Bracket], stick: Fraction, pay: Fraction) -> tuple[Bracket, ...]:
    """A curve in the units of its sticks: what is credited, and what is paid for it.

    Args:
        curve: brackets in multiples of the sticks.
        stick: what thresholds count in, above zero.
        pay: what the curve multiplies.
    """
    return tuple(
        replace(
            b,
            start=b.start if b.start == EVERYTHING_BELOW else b.start * stick,
            constant=b.constant * pay,
            slope=b.slope * pay / stick,
            bend=b.bend * pay / stick / stick,
        )
        for b in curve
    )


def clipped(
    curve: Sequence[Bracket], limit: Fraction, highest: bool, place: str
) -> tuple[Bracket, ...]:
    """A curve cut by a cap, or lifted by a floor.

    Args:
        curve: brackets.
        limit: the cap, or the floor, in units of the curve.
        highest: whether it is a cap.
        place: file and line of it.
    """
    made: list[Bracket] = []
    flat = Fraction(0)
    ends: list[Fraction | None] = [*(b.start for b in curve[1:]), None]
    for bracket, end in zip(curve, ends, strict=True):
        roots = _roots(bracket.constant - limit, bracket.slope, bracket.bend, bracket.start, end)
        places = [bracket.start, *roots, end]
        for start, until in pairwise(places):
            assert start is not None  # only the last place is open
            over = bracket.at(start + 1 if until is None else (start + until) / 2) - limit
            beyond = over > 0 if highest else over < 0
            made.append(
                Bracket(start, limit, flat, flat, place, bracket.gives)
                if beyond
                else replace(bracket, start=start)
            )
    return tuple(made)


def _difference(
    was: Sequence[Bracket], now: Sequence[Bracket], low: Fraction
) -> tuple[Fraction, Fraction, Fraction]:
    """New less old just above a place."""
    old, new = ([b for b in curve if b.start <= low][-1] for curve in (was, now))
    return new.constant - old.constant, new.slope - old.slope, new.bend - old.bend


def _roots(
    constant: Fraction, slope: Fraction, bend: Fraction, low: Fraction, high: Fraction | None
) -> list[Fraction]:
    """Where a curve of second degree is zero, strictly between two places."""
    found = sorted(_zeros(constant, slope, bend))
    return [u for u in found if u > low and (high is None or u < high)]


def _zeros(constant: Fraction, slope: Fraction, bend: Fraction) -> Iterator[Fraction]:
    if bend == 0:
        if slope != 0:
            yield -constant / slope
        return
    inside = slope * slope - 4 * bend * constant
    if inside >= 0:
        root = _square_root(inside)
        yield from {(-slope - root) / (2 * bend), (-slope + root) / (2 * bend)}


def _square_root(value: Fraction) -> Fraction:
    """Exact where it is a fraction, else to thirty decimals."""
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    return Fraction(isqrt(value.numerator * FINE * FINE // value.denominator), FINE)


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
