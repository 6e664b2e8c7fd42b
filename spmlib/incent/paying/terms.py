"""Terms: what holds, draws, guarantees and bounds make of payable amounts, month after month.

Balances run from month to month, so this walks along the months, for all people at once: arrays
have a row for each person and a column for each month, in whole minor units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from spmlib.rules.payments import Bound, Draw, Guarantee, Payment

if TYPE_CHECKING:
    from spmlib.core.parameters import Number

KINDS = ("hold", "draw", "recovery", "guarantee", "carried", "minimum", "maximum")
BALANCES = ("held", "owed", "carried")
Amounts = np.ndarray  # people x months, or people [minor units]


@dataclass(frozen=True)
class People:
    """What the terms look at."""

    payable: Amounts  # people x months
    covered: Amounts  # people x months: the part of it that the draw covers
    holds: np.ndarray  # people x months: whether the plan is held in the month, if only for a day
    month: np.ndarray  # people x months: which month under the plan it is, from 1; less before
    draw_month: np.ndarray  # people x months: which month of the draw it is
    forgiven: np.ndarray  # people x months: whether what is owed is forgiven at its end
    free: np.ndarray  # people x months: whether a hold until some months of employment is over


@dataclass
class Settled:
    """What the terms add to the payable amounts, and what stands at each month's end."""

    lines: dict[str, Amounts] = field(default_factory=dict)  # by kind, people x months
    balances: dict[str, Amounts] = field(default_factory=dict)


def settled(people: People, terms: Payment, places: int) -> Settled:
    """The lines and balances of a plan's payment terms.

    Args:
        people: of the plan.
        terms: of the plan.
        places: decimals of the plan's currency.
    """
    shape = people.payable.shape
    made = Settled(
        {kind: np.zeros(shape, np.int64) for kind in KINDS},
        {kind: np.zeros(shape, np.int64) for kind in BALANCES},
    )
    held, held_covered, owed, carried = (np.zeros(shape[0], np.int64) for _ in range(4))
    for t in range(shape[1]):
        due, covered = people.payable[:, t].copy(), people.covered[:, t].copy()
        if terms.hold is not None and terms.hold.until == "employed":
            free = people.free[:, t]
            made.lines["hold"][:, t] = np.where(free, held, -due)
            due, held = np.where(free, due + held, 0), np.where(free, 0, held + due)
            kept = held_covered + covered
            covered, held_covered = np.where(free, kept, 0), np.where(free, 0, kept)
        if terms.draw is not None:
            month, holds = people.draw_month[:, t], people.holds[:, t]
            advance, recovery, owed = _drawn(terms.draw, covered, owed, month, holds, places)
            owed = np.where(people.forgiven[:, t], 0, owed)
            made.lines["draw"][:, t], made.lines["recovery"][:, t] = advance, -recovery
            due = due + advance - recovery
        if terms.guarantee is not None:
            runs = _runs(terms.guarantee, people.month[:, t], people.holds[:, t])
            top = np.where(runs, np.maximum(_minor(terms.guarantee.amount, places) - due, 0), 0)
            made.lines["guarantee"][:, t] = top
            due = due + top
        made.lines["carried"][:, t] = carried
        due, carried = due + carried, np.zeros_like(carried)
        if terms.minimum is not None:
            least = _least(terms.minimum, people.holds[:, t], places)
            short = np.maximum(least - due, 0)
            made.lines["minimum"][:, t] = short
            due = due + short
            carried = carried - short if terms.minimum.later else carried
        if terms.maximum is not None:
            excess = np.maximum(due - _minor(terms.maximum.amount, places), 0)
            made.lines["maximum"][:, t] = -excess
            carried = carried + excess if terms.maximum.later else carried
        for kind, balance in zip(BALANCES, (held, owed, carried), strict=True):
            made.balances[kind][:, t] = balance
    return made


def _drawn(
    draw: Draw, covered: Amounts, owed: Amounts, month: np.ndarray, holds: np.ndarray, places: int
) -> tuple[Amounts, Amounts, Amounts]:
    """What is advanced and recovered in a month, and what is owed at its end."""
    amount = _minor(draw.amount, places)
    runs = _runs(draw, month, holds)
    advance = np.where(runs, np.maximum(amount - covered, 0), 0)
    if not draw.recoverable:
        return advance, np.zeros_like(owed), owed
    if draw.balance_limit is not None:
        room = np.maximum(_minor(draw.balance_limit, places) - owed, 0)
        advance = np.minimum(advance, room)
    above = np.maximum(covered - np.where(runs, amount, 0), 0)
    most = np.minimum(_part(np.maximum(covered, 0), draw.share), above)
    recovery = np.where(month >= draw.from_month, np.minimum(owed, most), 0)
    return advance, recovery, owed + advance - recovery


def _runs(term: Draw | Guarantee, month: np.ndarray, holds: np.ndarray) -> np.ndarray:
    """Who a draw or a guarantee runs for in a month."""
    return (month >= 1) & (month <= term.months) & holds


def _least(minimum: Bound, holds: np.ndarray, places: int) -> Amounts:
    """The minimum of those who hold the plan; nobody pays in who no longer does."""
    return np.where(holds, _minor(minimum.amount, places), 0)


def _minor(amount: Number, places: int) -> int:
    return int(amount * 10**places)


def _part(amounts: Amounts, share: Number) -> Amounts:
    """A share of amounts that are not negative, halves up."""
    exact = Fraction(share)
    whole, rest = np.divmod(amounts, exact.denominator)
    return whole * exact.numerator + (2 * rest * exact.numerator + exact.denominator) // (
        2 * exact.denominator
    )
