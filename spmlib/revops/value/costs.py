"""Costs: what a change costs, month by month, as money is measured from the day of the change."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.core.months import MONTH, number
from spmlib.revops.value.series import Floats

Costs = float | Mapping[str, float]


def costs(
    set_up: Costs, running: Costs, start: str, months: int, discount: float
) -> tuple[float, Floats]:
    """What is spent by the start of a change, and in each month after it.

    Months before the start count with the interest that their money would have borne::

        at the start = cost x (1 + discount) ^ (months from its month's end to the start / 12)

    Args:
        set_up: once, at the start; or by month [currency].
        running: a month, from the start on; or by the month from which it holds [currency].
        start: first month after the change, e.g. 2026-01.
        months: until the horizon.
        discount: a year.

    Returns:
        The sum at the start, and costs of months, shape (months,) [currency].

    Raises:
        ParameterError: a month is none, a cost is below 0, or falls after the horizon.

    >>> costs({"2025-12": 100, "2026-02": 50}, 10, "2026-01", 3, 0.0)
    (100.0, array([10., 60., 10.]))
    """
    made = np.zeros(months)
    upfront = 0.0
    if isinstance(set_up, Mapping):
        for period, amount in set_up.items():
            place = _place("set_up", period, amount, start, months)
            upfront += amount * _interest(place, discount) if place < 0 else 0
            made[max(place, 0)] += amount if place >= 0 else 0
    else:
        upfront = float(set_up)
    if not isinstance(running, Mapping):
        return upfront, made + running
    held = {_place("running", p, a, start, months): a for p, a in running.items()}
    for first, until in pairwise([*sorted(held), months]):
        early = range(first, min(until, 0))
        upfront += sum(held[first] * _interest(place, discount) for place in early)
        made[max(first, 0) : max(until, 0)] += held[first]
    return upfront, made


def _interest(place: int, discount: float) -> float:
    """What 1 spent in a month before the start has become by then."""
    grown: float = (1 + discount) ** (-(place + 1) / 12)
    return grown


def _place(what: str, period: str, amount: float, start: str, months: int) -> int:
    """Months from the start; below 0 before it."""
    if not MONTH.fullmatch(period):
        raise ParameterError(f"{what}, {period}: this is no month; write it as 2026-01.")
    if amount < 0:
        raise ParameterError(f"{what}, {period}: the cost is below 0; write 0 or more.")
    place = number(period) - number(start)
    if place >= months:
        wrong = f"the month comes {place} months after the change, beyond the {months} looked at"
        raise ParameterError(f"{what}, {period}: {wrong}; widen months, or leave it out.")
    return place
