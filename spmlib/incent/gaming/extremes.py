"""Extremes: what the largest deal of history would pay, and what a windfall limit would keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from spmlib.incent.gaming.paid import Amount, Paid, exact


@dataclass(frozen=True)
class Extreme:
    """One very large deal.

    Attributes:
        deal: its size [currency].
        pays: with the plan's own cap and windfall limit.
        unlimited: without any limit.
        counted: what of it counts.
        of_target: what it pays, over the target pay of the window; none where there is none.
    """

    deal: Fraction
    pays: Fraction
    unlimited: Fraction
    counted: Fraction
    of_target: Fraction | None

    @property
    def kept(self) -> Fraction:
        """What the plan's limits keep back [currency]."""
        return self.unlimited - self.pays


def extreme(paid: Paid, deal: Amount, credited: Amount = 0, usual: Amount | None = None) -> Extreme:
    """What a deal of that size would pay on top of a window's credit.

    Args:
        paid: what the window pays.
        deal: the largest of history, or larger.
        credited: where the window stands without it; its quota, say.
        usual: what a window pays at target [currency].

    >>> from spmlib.incent.gaming.paid import paying
    >>> year = paying([(0, "8%"), (1, "12%")], quota=1_000_000, windfall=400_000)
    >>> one = extreme(year, 5_000_000, credited=1_000_000, usual=80_000)
    >>> float(one.pays), float(one.kept), float(one.of_target)
    (48000.0, 552000.0, 0.6)
    """
    size = exact(deal)
    free = replace(paid, cap=None, windfall=None)
    counted = size if paid.windfall is None else min(size, paid.windfall)
    pays = paid.of_deal(credited, size)
    ratio = None if usual is None or exact(usual) == 0 else pays / exact(usual)
    return Extreme(size, pays, free.of_deal(credited, size), counted, ratio)
