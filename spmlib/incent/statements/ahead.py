"""Ahead: the next threshold of a curve, how far it is and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from spmlib.core import conversion
from spmlib.core.statements import Next
from spmlib.core.tables import MONEY
from spmlib.incent.explaining.pieces import Measured
from spmlib.rules import curves
from spmlib.rules.plans import Component


def ahead(component: Component, terms: Sequence[Mapping[str, Any]], money: bool) -> Next | None:
    """The next threshold of a component whose window is under way.

    Args:
        component: of the plan.
        terms: of its window, in order; the last says where the person stands.
        money: whether it counts money.

    Returns:
        None beyond the last threshold, without a quota, and for components of single transactions
        or places, which have no way ahead.
    """
    if component.alone or component.thresholds == "place" or not terms:
        return None
    curve = Measured(component, terms, terms[-1], "")
    x = Fraction(terms[-1]["after"])
    if curve.stick <= 0:
        return None
    u = x / curve.stick
    here = curves.reached(curve.curve, u, component.boundary)
    rising = [
        bracket for bracket in curve.curve[here + 1 :] if bracket.start > 0 and bracket.start >= u
    ]
    if not rising:
        return None
    unit = conversion.minor(component.currency) if money else 1
    gap = (rising[0].start * curve.stick - x) / unit
    steps = floor(gap) + 1 if component.boundary == "lower" else ceil(gap)
    there = x + steps * unit
    quota = component.thresholds == "quota"
    start = rising[0].start if quota else rising[0].start * curve.stick / MONEY
    return Next(
        start=_decimal(start),
        of_quota=quota,
        needed=Decimal(steps * unit) / MONEY,
        worth=curve.money(curve.amount(there) - curve.amount(x)),
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
