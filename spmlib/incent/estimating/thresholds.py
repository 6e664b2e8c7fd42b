"""Thresholds: what lies ahead on each curve: how far it is, what it is worth, what follows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from spmlib.core import conversion
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import MONEY
from spmlib.incent.estimating.estimates import Estimate
from spmlib.incent.estimating.left import whole
from spmlib.incent.estimating.outcomes import Part, of_component
from spmlib.incent.explaining.pieces import Measured
from spmlib.rules import curves
from spmlib.rules.curves import Bracket
from spmlib.rules.measures import MONEYS
from spmlib.rules.plans import Component


@dataclass(frozen=True)
class Ahead:
    """The next threshold of one component, for a person with some deals.

    Attributes:
        component: its name.
        counted: in what it counts: the plan's currency, or units.
        attainment: share of quota reached; none without a quota.
        to_quota: how much more reaches quota; none where it is reached, or there is none.
        start: the next threshold: share of quota, amount or units; none beyond the last.
        needed: how much more reaches it.
        worth: what that earns, with the component's modifiers as they stand [currency].
        jump: of the curve's part of it, what comes at once at the threshold [currency].
        rate, then: what the next 1 earns now, and beyond the threshold [currency].
        place: file and line of the row reached there.
    """

    component: str
    counted: str
    attainment: Fraction | None
    to_quota: Decimal | None
    start: Fraction | None
    needed: Decimal | None
    worth: Decimal | None
    jump: Decimal | None
    rate: Fraction
    then: Fraction | None
    place: str


def ahead(of: Estimate, component: str | None = None) -> list[Ahead]:
    """What lies ahead of a person with the deals, component by component.

    Single transactions and places have no way ahead, and are left out.

    Args:
        of: the estimate.
        component: that one only.

    Raises:
        ParameterError: the person has no such component.
    """
    parts = of.after.parts
    if component is not None and component not in parts:
        near = nearest(component, parts)
        raise ParameterError(
            f"{of.standing.payee_id} has no component '{component}'; write {near}."
        )
    chosen = parts if component is None else [component]
    return [made for name in chosen for made in _ahead(of, parts[name])]


def rate_at(curve: Measured, x: Fraction) -> Fraction:
    """What one more of what is counted earns at x, by the curve alone [currency for 1]."""
    if curve.stick <= 0:
        return Fraction(0)
    return _rate(curve, curve.bracket(x), x / curve.stick)


def _rate(curve: Measured, bracket: Bracket, u: Fraction) -> Fraction:
    each = curve.pay / curve.stick
    if curve.component.crossing == "transaction" and curve.component.word == "rate":
        return each * bracket.at(u)
    return each * (bracket.slope + 2 * bracket.bend * u)


def _ahead(of: Estimate, part: Part) -> Iterator[Ahead]:
    component = part.component
    if not part.walks or component.alone:
        return
    curve, x = part.walks[-1].measured, part.walks[-1].x
    measure = of.standing.ready.parameters.measures[component.measure]
    money = measure.sums in MONEYS
    unit = conversion.minor(component.currency) if money else 1
    quota = component.thresholds == "quota"
    if curve.stick <= 0:
        return
    u = Fraction(x) / curve.stick
    missing = curve.stick - x
    told = {
        "component": component.name,
        "counted": component.currency if money else "units",
        "attainment": u if quota else None,
        "to_quota": _amount(ceil(missing), unit) if quota and missing > 0 else None,
        "rate": rate_at(curve, Fraction(x)),
    }
    number = curves.reached(curve.curve, u, component.boundary)
    rising = [b for b in curve.curve[number + 1 :] if b.start > 0 or b.start >= u]
    if not rising:
        none = dict.fromkeys(("start", "needed", "worth", "jump", "then"))
        yield Ahead(**told, **none, place=str(curve.curve[-1].place))  # type: ignore[arg-type]
        return
    yield Ahead(**told, **_reached(of, part, curve, rising[0], x, unit))  # type: ignore[arg-type]


def _reached(
    of: Estimate, part: Part, curve: Measured, bracket: Bracket, x: int, unit: int
) -> dict[str, object]:
    """How far a threshold is, and what it brings."""
    component = part.component
    at = bracket.start * curve.stick
    strictly = component.boundary == "lower"
    ticks = floor((at - x) / unit) * unit + unit if strictly else ceil((at - x) / unit) * unit
    far = Fraction(x + ticks)
    gain = _gain(component, curve, Fraction(x), far)
    below = curve.curve[curve.curve.index(bracket) - 1]
    jump = Fraction(0)
    if component.crossing != "transaction" or component.word != "rate":
        jump = curve.pay * (bracket.at(bracket.start) - below.at(bracket.start)) / curve.unit
    return {
        "start": bracket.start,
        "needed": Decimal(ticks).scaleb(-4),
        "worth": of.money(_with_modifiers(part, gain)),
        "jump": of.money(whole(jump)),
        "then": _rate(curve, bracket, bracket.start),
        "place": str(bracket.place),
    }


def _gain(component: Component, curve: Measured, x: Fraction, far: Fraction) -> Fraction:
    """What the curve gives from x on to a place beyond it [minor units]."""
    if component.crossing == "transaction" and component.word == "rate":
        return _rate(curve, curve.bracket(far), far / curve.stick) * (far - x) / curve.unit
    return curve.exact(far) - curve.exact(x)


def _with_modifiers(part: Part, gain: Fraction) -> int:
    """What modifiers leave of a gain of the period [minor units]."""
    last = part.months[-1]
    more = (*part.months[:-1], replace(last, exact=last.exact + gain))
    before = sum(effect.amount for effect in part.effects)
    after = sum(effect.amount for effect in of_component(part.component, more))
    return whole(last.exact + gain) - whole(last.exact) + after - before


def _amount(ticks: int, unit: int) -> Decimal:
    """Ticks as an amount, rounded up to its unit."""
    return Decimal(-(-ticks // unit) * unit) / MONEY
