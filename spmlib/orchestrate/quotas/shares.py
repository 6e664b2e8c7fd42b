"""Shares: an amount shared out by weights, within floors and caps.

Everybody gets their weight times one factor, but no less than their floor and no more than their
cap; the factor is the one under which all of it is shared. Exact to a rounding error, without
iterations, for any number of people.

Source:
    Water-filling with bounds: Stefanov, "Separable programming" (2001), 4.
"""

from __future__ import annotations

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError


def shared(
    amount: float, weights: Floats, floors: Floats | None = None, caps: Floats | None = None
) -> Floats:
    """An amount shared out by weights, within bounds.

    Args:
        amount: to be shared [as bounds].
        weights: one for each; 0 or more.
        floors: the least each gets; 0 if not given.
        caps: the most each gets; no end if not given.

    Raises:
        ParameterError: a weight is negative, all are 0, a floor is above its cap, or the bounds do
            not leave the amount.
    """
    weights = np.asarray(weights, float)
    low = np.zeros(len(weights)) if floors is None else np.asarray(floors, float)
    high = np.full(len(weights), np.inf) if caps is None else np.asarray(caps, float)
    _refuse(amount, weights, low, high)
    if np.isclose(low.sum(), amount, rtol=1e-12, atol=0.0):
        return low.copy()
    there = weights > 0
    made = low.copy()
    left = amount - low[~there].sum()
    made[there] = _filled(left, weights[there], low[there], high[there])
    return made


def _filled(amount: float, weights: Floats, low: Floats, high: Floats) -> Floats:
    """The weights times the factor under which they add up, within bounds."""
    factors = np.concatenate([low / weights, high / weights])
    slopes = np.concatenate([weights, -weights])
    ends = np.isfinite(factors)
    order = np.argsort(factors[ends], kind="stable")
    at, slope = factors[ends][order], np.cumsum(slopes[ends][order])
    reached = low.sum() + np.concatenate([[0.0], np.cumsum(slope[:-1] * np.diff(at))])
    place = max(int(np.searchsorted(reached, amount, side="left")) - 1, 0)
    rise = slope[place]
    factor = at[place] + ((amount - reached[place]) / rise if rise > 0 else 0.0)
    return np.clip(factor * weights, low, high)


def _refuse(amount: float, weights: Floats, low: Floats, high: Floats) -> None:
    if (weights < 0).any() or not np.isfinite(weights).all():
        raise ParameterError("a weight is negative or no number; write 0 or more.")
    if (low > high).any():
        at = int(np.flatnonzero(low > high)[0])
        raise ParameterError(
            f"number {at + 1} has a floor of {low[at]:,.0f} above its cap of {high[at]:,.0f}; "
            "lower the one or raise the other."
        )
    least, most = low.sum(), np.where(weights > 0, high, low).sum()
    if amount < least * (1 - 1e-12) or amount > most * (1 + 1e-12):
        raise ParameterError(
            f"{amount:,.0f} cannot be shared: floors add up to {least:,.0f}, caps to {most:,.0f}; "
            "change the amount or the bounds."
        )
