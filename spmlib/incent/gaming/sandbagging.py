"""Sandbagging: what holding a deal back to the next window is worth, or pulling it forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.cliffs import moved
from spmlib.incent.gaming.paid import Amount, Paid, exact


@dataclass(frozen=True)
class Held:
    """A deal at the end of a window.

    Attributes:
        credited: in the window, without it.
        now: what it pays if it is booked in the window [currency].
        later: what it is expected to pay in the next.
        reach: whether a threshold that pays more is still within reach of the window.
        why: capped, out of reach, falling (the rate is lower above), or empty where it is best
            booked now.
    """

    credited: Fraction
    now: Fraction
    later: Fraction
    reach: bool
    why: str

    @property
    def gain(self) -> Fraction:
        """What holding it back is worth; below 0: what pulling it forward from the next is."""
        return self.later - self.now


def held(
    now: Paid,
    after: Paid,
    deal: Amount,
    credited: Amount,
    expected: Amount,
    to_come: Amount = 0,
) -> Held:
    """What holding a deal back is worth.

    Args:
        now: what the window pays.
        after: what the next window pays.
        deal: its size [currency].
        credited: in the window without it, all that will still come included.
        expected: in the next window without it.
        to_come: what else could still be booked in the window at the most, for which thresholds
            count as within reach.

    Raises:
        ParameterError: the deal is not above 0.

    >>> from spmlib.incent.gaming.paid import paying
    >>> year = paying([(0, "5%"), (1, "10%")], quota=1000, cap=60)
    >>> one = held(year, year, 100, credited=1200, expected=1000)
    >>> one.why, float(one.gain)
    ('capped', 10.0)
    """
    size, x = exact(deal), exact(credited)
    if size <= 0:
        raise ParameterError("deal: what can be held back is above 0.")
    pays, later = now.of_deal(x, size), after.of_deal(expected, size)
    ahead = [t for t in now.thresholds if x < t <= x + size + exact(to_come)]
    reach = bool(ahead) and _uncapped(now, x)
    return Held(x, pays, later, reach, _why(now, x, pays, later, reach))


def over(
    now: Paid,
    after: Paid,
    deal: Amount,
    expected: Amount,
    at: Sequence[Amount],
) -> list[Held]:
    """What holding a deal back is worth wherever a window may end: one `held` each."""
    return [held(now, after, deal, x, expected) for x in at]


def pulled(now: Paid, after: Paid, deal: Amount, credited: Amount, expected: Amount) -> Fraction:
    """What pulling a deal forward from the next window gains [currency]."""
    return moved(now, after, deal, credited, expected)


def _uncapped(paid: Paid, x: Fraction) -> bool:
    return paid.cap is None or paid.at(x) < paid.cap


def _why(now: Paid, x: Fraction, pays: Fraction, later: Fraction, reach: bool) -> str:
    if later <= pays:
        return ""
    if not _uncapped(now, x):
        return "capped"
    return "falling" if _falls(now, x) else "out of reach" if not reach else "better later"


def _falls(now: Paid, x: Fraction) -> bool:
    """Whether the rate where the window stands is below one that it has passed."""
    number = sum(start <= x for start in now.thresholds)
    slopes = [bracket.slope for bracket in now.curve[: number + 1]]
    return slopes[-1] < max(slopes)
