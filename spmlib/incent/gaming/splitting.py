"""Splitting: where a deal in parts earns more than as one, or deals together more than apart.

Pay for single transactions is sub-additive where parts earn more (bounties by size with a high
first row, windfall limits, falling rates) and super-additive where one earns more (rates that rise
with the deal's size). Elsewhere credit adds up, and only a limit on each transaction can be split.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.paid import Amount, Paid, exact

ALIKE = 1e-9  # gains that differ less from 0 are 0


@dataclass(frozen=True)
class Split:
    """A deal in parts.

    Attributes:
        deal: its size [currency].
        parts: the sizes that pay most, largest first.
        whole: what it pays as one [currency].
        apart: what its parts pay.
    """

    deal: Fraction
    parts: tuple[Fraction, ...]
    whole: Fraction
    apart: Fraction

    @property
    def gain(self) -> Fraction:
        """What the split is worth [currency]; never below 0, as a deal may stay whole."""
        return self.apart - self.whole


def best_split(paid: Paid, deal: Amount, most: int = 2, least: Amount | None = None) -> Split:
    """The best way to book a deal in at most so many parts.

    Parts are tried at thresholds and limits, just below and just above them, at halves and at what
    remains, which is exact for straight pieces: there is always a best split in which all parts
    but one lie at such a place.

    Args:
        paid: what a deal earns by itself; the first of a window where credit adds up.
        deal: its size.
        most: parts at the most.
        least: no part may be smaller; the smallest credit there is if not said.

    Raises:
        ParameterError: the deal is not above 0, or less than one part is asked for.

    >>> from spmlib.incent.gaming.paid import paying
    >>> bounty = paying([(0, 250), (10_000, 750)], pays="amount", boundary="lower", alone=True)
    >>> made = best_split(bounty, 30_000, most=3)
    >>> float(made.whole), float(made.apart), [float(part) for part in made.parts]
    (750.0, 1750.0, [19999.98, 10000.01, 0.01])
    """
    size, smallest = exact(deal), paid.step if least is None else exact(least)
    if size <= 0 or most < 1:
        raise ParameterError("deal: what is split is above 0, into 1 part or more.")
    places = [p for p in _places(paid, size) if smallest <= p < size]
    apart, parts = _best(paid, size, most, places, smallest)
    return Split(size, tuple(sorted(parts, reverse=True)), _alone(paid, size), apart)


def merged(paid: Paid, *deals: Amount) -> Fraction:
    """What deals earn more as one than apart [currency]; below 0 where apart is better.

    Defined as::

        gain = pay(a + b + ..) - [pay(a) + pay(b) + ..]
    """
    sizes = [exact(deal) for deal in deals]
    apart = sum((_alone(paid, size) for size in sizes), Fraction(0))
    return _alone(paid, sum(sizes, Fraction(0))) - apart


def additivity(paid: Paid, largest: Amount, points: int = 200) -> list[tuple[float, float, float]]:
    """Where pay of deals is sub- or super-additive: deal, best gain of halving, of merging.

    Two deals of every size on an even lattice up to the largest are tried against their sum.

    Returns:
        By size: the size [currency], what the best split in two gains, and what the best merger of
        two to this size gains; both 0 where pay is additive.
    """
    sizes = [exact(largest) * n / points for n in range(1, points + 1)]
    alone = np.array([float(_alone(paid, size)) for size in sizes])
    made = []
    for n, size in enumerate(sizes):
        pairs = alone[:n] + alone[:n][::-1] - alone[n] if n else np.zeros(1)
        gains = (float(pairs.max()), float(-pairs.min()))
        apart, together = (gain if gain > ALIKE else 0.0 for gain in gains)
        made.append((float(size), apart, together))
    return made


def _alone(paid: Paid, size: Fraction) -> Fraction:
    return paid.of_deal(0, size) if paid.alone or paid.windfall is not None else paid.at(size)


def _places(paid: Paid, size: Fraction) -> list[Fraction]:
    edges = [t for t in paid.thresholds if t > 0]
    edges += [] if paid.windfall is None else [paid.windfall]
    near = {edge + by * paid.step for edge in edges for by in (-1, 0, 1)}
    cut = [size * Fraction(n, m) for m in (2, 3, 4, 5) for n in (1,)]
    steps = [Fraction(round(c / paid.step)) * paid.step for c in cut]
    return sorted(near | {paid.step} | set(steps))


def _best(
    paid: Paid, size: Fraction, most: int, places: list[Fraction], least: Fraction
) -> tuple[Fraction, tuple[Fraction, ...]]:
    found: tuple[Fraction, tuple[Fraction, ...]] = (_alone(paid, size), (size,))
    if most == 1:
        return found
    for part in places:
        rest = size - part
        if rest < least:
            continue
        amount, parts = _best(paid, rest, most - 1, [p for p in places if p <= part], least)
        total = amount + _alone(paid, part)
        if total > found[0]:
            found = (total, (part, *parts))
    return found
