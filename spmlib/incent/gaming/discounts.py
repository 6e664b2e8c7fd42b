"""Discounts: what discount it is worth a seller to give so that a deal crosses a threshold now."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.paid import Amount, Paid, exact


@dataclass(frozen=True)
class Discount:
    """A deal bought across a threshold.

    Attributes:
        threshold: crossed [currency].
        most: the deepest discount at which the deal still crosses it, and pays the seller no less
            than otherwise; none where it cannot.
        gain: what the seller gains at that discount [currency].
        margin_lost: what the company gives away in price at it [currency].
        pay_more: what the company pays more in incentives at it [currency].
    """

    threshold: Fraction
    most: Fraction | None
    gain: Fraction
    margin_lost: Fraction
    pay_more: Fraction

    @property
    def cost(self) -> Fraction:
        """Price and pay together [currency]."""
        return self.margin_lost + self.pay_more


def to_cross(
    paid: Paid, credited: Amount, deal: Amount, otherwise: Amount | None = None
) -> list[Discount]:
    """For each threshold within reach: the deepest discount worth it to the seller.

    Without a discount the deal is signed in the next window, where it pays `otherwise`. Defined as
    the largest d with::

        pay(x + (1 - d) deal) - pay(x) >= otherwise,    x + (1 - d) deal on the far side

    Args:
        paid: what the window pays.
        credited: where it stands without the deal.
        deal: at its price without the discount [currency].
        otherwise: what it pays in the next window; what it pays from nothing if not said.

    Raises:
        ParameterError: the deal is not above 0.

    >>> from spmlib.incent.gaming.paid import paying
    >>> one, = to_cross(paying([(0, "5%"), (100_000, "8%")], crossing="whole"), 90_000, 20_000)
    >>> float(one.most), float(one.gain), float(one.margin_lost)
    (0.5, 2500.0, 10000.0)
    """
    x, size = exact(credited), exact(deal)
    if size <= 0:
        raise ParameterError("deal: what is discounted is above 0.")
    later = paid.of_deal(0, size) if otherwise is None else exact(otherwise)
    within = [t for t in paid.thresholds if x < t <= x + size]
    return [_deepest(paid, x, size, later, threshold) for threshold in within]


def break_even(margin: Amount, pay_more: Amount, deal: Amount) -> Fraction:
    """The discount from which on a deal that would otherwise be lost costs more than it brings.

    Defined as::

        (margin - pay_more) / deal

    Args:
        margin: of the deal at full price [currency].
        pay_more: incentives paid for it [currency].
        deal: its full price [currency].
    """
    return max((exact(margin) - exact(pay_more)) / exact(deal), Fraction(0))


def _deepest(
    paid: Paid, x: Fraction, size: Fraction, later: Fraction, threshold: Fraction
) -> Discount:
    least = threshold if paid.boundary != "lower" else threshold + paid.step
    high = x + size
    if paid.at(least) - paid.at(x) >= later:
        chosen = least
    elif least <= high and paid.at(high) - paid.at(x) >= later:
        chosen = _halved(paid, x, later, least, high)
    else:
        return Discount(threshold, None, Fraction(0), Fraction(0), Fraction(0))
    gain = paid.at(chosen) - paid.at(x) - later
    share = 1 - (chosen - x) / size
    return Discount(threshold, share, gain, share * size, gain)


def _halved(paid: Paid, x: Fraction, later: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """The least credit beyond a threshold that pays as much, in whole steps."""
    first = 0
    last = int((high - low) / paid.step)
    if paid.at(low + last * paid.step) - paid.at(x) < later:
        return high
    while first < last:
        middle = (first + last) // 2
        enough = paid.at(low + middle * paid.step) - paid.at(x) >= later
        first, last = (first, middle) if enough else (middle + 1, last)
    return low + last * paid.step
