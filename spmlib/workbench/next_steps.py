"""Next steps: what a little more would earn by a person's curve: the next amount, a usual deal.

By the curve alone, in exact fractions: gates, multipliers and caps are left out, as on statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from spmlib.core.field_pages import Steps
from spmlib.core.statements import Next
from spmlib.core.tables import MONEY
from spmlib.incent.estimating.thresholds import rate_at
from spmlib.incent.explaining import pay_curves
from spmlib.incent.explaining.pieces import Measured
from spmlib.rules.plans import Component

EVERY = 8  # of the points of a curve, those that are drawn


def steps(
    component: Component,
    terms: Sequence[Mapping[str, Any]],
    ahead: Next | None,
    step: Decimal | None,
    deal: Decimal | None,
) -> Steps | None:
    """What lies right before a person, of one component; none where transactions stand alone.

    Args:
        component: of the plan.
        terms: of its window, in order; the last says where the person stands.
        ahead: the next threshold.
        step: the round amount whose pay is told.
        deal: of the usual size [as the component counts].
    """
    if component.alone or component.thresholds == "place" or not terms:
        return None
    curve, x = Measured(component, terms, terms[-1], ""), Fraction(terms[-1]["after"])
    if curve.stick <= 0:
        return None
    there = x + int(ahead.needed * MONEY) if ahead else None
    return Steps(
        rate=_decimal(rate_at(curve, x)),
        then=None if there is None else _decimal(rate_at(curve, there)),
        step=step,
        step_earns=None if step is None else gain(curve, x, step),
        deal=deal,
        deal_earns=None if deal is None else gain(curve, x, deal),
    )


def gain(curve: Measured, x: Fraction, more: Decimal) -> Decimal:
    """What a single booking more earns from x on, by the curve [currency]."""
    far = x + int(more * MONEY)
    component = curve.component
    if component.crossing == "transaction" and component.word == "rate":
        exact = rate_at(curve, far) * (far - x) / curve.unit
        size = (2 * abs(exact) + 1) // 2
        return curve.money(int(size if exact >= 0 else -size))
    return curve.money(curve.amount(far) - curve.amount(x))


def points(
    component: Component, terms: Sequence[Mapping[str, Any]]
) -> tuple[tuple[float, float, bool], ...]:
    """Points of a curve to be drawn: share of quota, earned, whether the person stands there."""
    if component.alone or component.thresholds != "quota" or not terms or not terms[-1]["quota"]:
        return ()
    made = pay_curves.points(component, terms, terms[-1])
    bends = made["rate"].diff().fillna(1) != 0
    kept = made[bends | bends.shift(-1, fill_value=True) | made["here"] | (made.index % EVERY == 0)]
    rows = zip(kept["attainment"], kept["earned"], kept["here"], strict=True)
    return tuple((float(x), float(y), bool(here)) for x, y, here in rows)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
