"""Cliffs: where a small change in credit jumps pay, and what a deal moved across one is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.paid import Amount, Paid, exact

LINEAR = "pay marginally: the new rate for what lies above the threshold alone (crossing: split)"
BETWEEN = "pay linearly between the rows (within: interpolate)"
KINDS = {  # what it is, and how a plan would be written so that it cannot be played
    "jump": BETWEEN,
    "retroactive": LINEAR,
    "crossing": LINEAR,
    "drop": f"{LINEAR}; a rate that falls for all of it punishes the next deal",
    "gate": "scale what is paid with the gate's measure, from half to all, instead of all or none",
    "multiplier": "let the factor glide between its rows, or count it deal by deal",
    "cap": "let a lower rate follow (a decelerator) instead of a cap",
    "floor": "pay the floor as a draw, or begin the curve at it",
    "rate": "keep rates of neighbouring brackets near each other, or carry attainment over",
}


@dataclass(frozen=True)
class Cliff:
    """One place on a curve at which it pays to be on one side.

    Attributes:
        kind: jump (a payout or amount), retroactive (all of it at another rate), drop (pay falls),
            crossing (a whole deal earns the new rate), gate, multiplier; and without a jump of
            pay: cap, floor, rate (the rate of the next unit changes).
        at: the credit, or the value that a gate or a multiplier looks at.
        below: paid just below it, as a limit [currency].
        above: paid just above it, as a limit [currency].
        slope_below, slope_above: paid for the next unit on each side.
        place: file and line of the row.
    """

    kind: str
    at: Fraction
    below: Fraction
    above: Fraction
    slope_below: Fraction = Fraction(0)
    slope_above: Fraction = Fraction(0)
    place: str = ""

    @property
    def jump(self) -> Fraction:
        """By how much pay changes at the threshold [currency]."""
        return self.above - self.below

    @property
    def remedy(self) -> str:
        """How a plan would be written so that this cannot be played."""
        return KINDS[self.kind]


def cliffs(paid: Paid) -> list[Cliff]:
    """All places of a curve at which pay, or the pay of the next unit, changes; rising.

    Defined as::

        jump = lim x -> threshold from above of pay(x) - lim from below

    which is `Paid.at` there less what it gives just below, as far below as one likes. With whole
    transactions at the rate they reach there is no curve to jump: ``slope_above`` less
    ``slope_below``, times the deal, is what a deal gains that crosses.

    >>> from spmlib.incent.gaming.paid import paying
    >>> [(float(c.at), float(c.jump)) for c in cliffs(paying([(0, "5%"), (100_000, "8%")],
    ...                                                      crossing="whole"))]
    [(100000.0, 3000.0)]
    """
    rows = [_row(paid, n) for n in range(1, len(paid.curve))]
    found = [row for row in rows if row is not None]
    return sorted([*found, *_limits(paid)], key=lambda cliff: cliff.at)


def gate(paid: Paid, credited: Amount, opens_at: Amount, place: str = "") -> Cliff:
    """The cliff of a gate: all that is earned with so much credit hangs on it."""
    earned = paid.at(credited)
    return Cliff("gate", exact(opens_at), Fraction(0), earned, place=place)


def multipliers(
    paid: Paid, credited: Amount, steps: Sequence[tuple[Amount, Amount]], place: str = ""
) -> list[Cliff]:
    """The cliffs of a multiplier with so much credit: rows (from, factor)."""
    earned = paid.at(credited)
    return [
        Cliff("multiplier", exact(start), earned * exact(was), earned * exact(factor), place=place)
        for (_, was), (start, factor) in pairwise(steps)
        if exact(was) != exact(factor)
    ]


def moved(
    here: Paid, there: Paid, deal: Amount, credited_here: Amount, credited_there: Amount
) -> Fraction:
    """What booking a deal in one window gains over booking it in another [currency].

    Defined as::

        gain = [here(x + d) - here(x)] - [there(y + d) - there(y)]
    """
    return here.of_deal(credited_here, deal) - there.of_deal(credited_there, deal)


def worth(paid: Paid, at: Amount, deal: Amount) -> Fraction:
    """What a deal is worth that is brought forward to cross a threshold, at the most [currency].

    The deal is pulled from the start of a next window like this one; without it the window would
    end short of the threshold by as little as the smallest credit, or by the deal's own size,
    whatever pays more.
    """
    threshold, size = exact(at), exact(deal)
    if paid.alone or size <= 0:
        raise ParameterError("deal: only what adds up in a window can be moved across a threshold.")
    short = [max(threshold - by, Fraction(0)) for by in (paid.step, size)]
    return max(moved(paid, paid, size, x, 0) for x in short)


def _row(paid: Paid, number: int) -> Cliff | None:
    at = paid.thresholds[number - 1]
    if at < 0:
        return None
    was, now = paid.curve[number - 1], paid.curve[number]
    if paid.by_deal:
        rates = _both(*(paid.pay / paid.stick * row.at(now.start) for row in (was, now)))
        level = rates[0] * at
        kind = "crossing" if rates[1] >= rates[0] else "drop"
        made = Cliff(kind, at, level, level, rates[0], rates[1], now.place)
        return None if rates[0] == rates[1] else made
    below, above = (paid.limited(paid.raw(n, at)) for n in (number - 1, number))
    slopes = _both(*(_slope(paid, n, at) for n in (number - 1, number)))
    if below == above and slopes[0] == slopes[1]:
        return None
    whole = now.gives != was.gives and slopes[1] != 0
    kind = "rate" if below == above else "retroactive" if whole else "jump"
    return Cliff(
        "drop" if above < below else kind, at, below, above, slopes[0], slopes[1], now.place
    )


def _slope(paid: Paid, number: int, at: Fraction) -> Fraction:
    """Paid for the next unit in a bracket; nothing beyond cap or below floor."""
    bracket, amount = paid.curve[number], paid.raw(number, at)
    if (paid.cap is not None and amount >= paid.cap) or (
        paid.floor is not None and amount < paid.floor
    ):
        return Fraction(0)
    return paid.pay / paid.stick * (bracket.slope + 2 * bracket.bend * at / paid.stick)


def _limits(paid: Paid) -> Iterator[Cliff]:
    """Where a cap or a floor begins or ends to hold, inside a bracket."""
    for kind, limit in (("floor", paid.floor), ("cap", paid.cap)):
        if limit is None or paid.by_deal or paid.alone:
            continue
        at = reached(paid, limit)
        if at is None or at <= 0:
            continue
        free = replace(paid, cap=None, floor=None)
        number = sum(start <= at for start in paid.thresholds)
        slope = _slope(free, number, at)
        slopes = (slope, Fraction(0)) if kind == "cap" else (Fraction(0), slope)
        if at not in paid.thresholds:
            yield Cliff(kind, at, limit, limit, slopes[0], slopes[1], paid.curve[number].place)


def reached(paid: Paid, amount: Amount) -> Fraction | None:
    """The least credit from which pay, before cap and floor, is an amount; none where none is."""
    wanted = exact(amount)
    edges = [Fraction(0), *(t for t in paid.thresholds if t > 0)]
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        number = sum(start <= low for start in paid.thresholds)
        if paid.raw(number, low) >= wanted:
            return low
        at = _solved(paid, number, low, wanted)
        if at is not None and (high is None or at < high):
            return at
    return None


def _solved(paid: Paid, number: int, low: Fraction, wanted: Fraction) -> Fraction | None:
    bracket = paid.curve[number]
    if bracket.bend == 0:
        if paid.pay * bracket.slope <= 0:
            return None
        return (wanted / paid.pay - bracket.constant) / bracket.slope * paid.stick
    import math

    a, b, c = bracket.bend, bracket.slope, bracket.constant - wanted / paid.pay
    inside = b * b - 4 * a * c
    if inside < 0:
        return None
    root = exact(math.sqrt(inside))
    found = [(-b + sign * root) / (2 * a) * paid.stick for sign in (1, -1)]
    return min((x for x in found if x >= low), default=None)


def _both(below: Fraction, above: Fraction) -> tuple[Fraction, Fraction]:
    return below, above
