"""Standpoints: what a component of one person pays at shares of quota, by the old plan and the new.

Of components whose thresholds count in a quota of the window, with its own caps and floors. What
looks at more than this quota (gates, multipliers, matrices, the whole plan's modifiers) is left
out, and a component that has, or had, such is marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from spmlib.core.letters import Standpoint, Stretch
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import MONEY
from spmlib.incent.explaining.pieces import Measured
from spmlib.incent.letters.break_evens import clipped, scaled, stretches
from spmlib.rules.curves import Bracket, curve_of_floats, earned
from spmlib.rules.plans import Component, Plan

SHARES = tuple(map(Decimal, ("0.8", "1", "1.2")))  # of quota, whose pay is told
REACH, POINTS = 2, 201  # of a quota, as far as a curve is drawn; and how many points
Term = Mapping[str, Any]


def standpoints(
    was: Plan, now: Plan, terms: Sequence[Mapping[str, Term]], stood: Mapping[str, Fraction]
) -> tuple[Standpoint, ...]:
    """Components of one person that pay otherwise at some share of quota than they did.

    Args:
        was, now: both versions of the plan, each saying the same on every day.
        terms: of Terms by component, theirs in one month: by the old plan, and by the new.
        stood: the share of quota they reached in the last window that is over, by component.
    """
    made = []
    for name, new in now.components.items():
        old = was.components.get(name)
        both = terms[0].get(name), terms[1].get(name)
        if old is None or both[0] is None or both[1] is None:
            continue
        if _comparable(old, new) and both[0]["quota"] and both[0]["quota"] == both[1]["quota"]:
            point = _standpoint((old, new), (both[0], both[1]), stood.get(name))
            if any(stretch.more for stretch in point.stretches):
                made.append(point)
    return tuple(made)


def _comparable(old: Component, new: Component) -> bool:
    """Whether both count the same in the same window's quota."""
    words = ("measure", "accumulate", "quota", "thresholds")
    same = all(getattr(old, word) == getattr(new, word) for word in words)
    plain = all(one.matrix is None and not one.alone for one in (old, new))
    return same and plain and new.thresholds == "quota" and new.quota == "window"


def _standpoint(
    both: tuple[Component, Component], terms: tuple[Term, Term], stood: Fraction | None
) -> Standpoint:
    curves = [_curve(one, term) for one, term in zip(both, terms, strict=True)]
    quota = Fraction(terms[1]["quota"])

    def pays(share: Fraction) -> tuple[Decimal, Decimal]:
        was, now = (
            _money(earned(curve, share * quota, one.boundary or "upper"), one.currency)
            for curve, one in zip(curves, both, strict=True)
        )
        return was, now

    shares = [Fraction(share) for share in SHARES] + ([] if stood is None else [stood])
    return Standpoint(
        component=both[1].name,
        quota=Decimal(terms[1]["quota"]) / MONEY,
        pays=tuple((share, *pays(share)) for share in shares[: len(SHARES)]),
        stood=None if stood is None else (stood, *pays(stood)),
        stretches=tuple(
            Stretch(s.start / quota, None if s.end is None else s.end / quota, s.more)
            for s in stretches(*curves)
        ),
        curve=_drawn(curves, both, quota),
        partly=any(m.kind in ("gate", "multiplier") for one in both for m in one.modifiers),
    )


def _curve(component: Component, term: Term) -> tuple[Bracket, ...]:
    """A component's curve for one person, with its caps and floors [ticks]."""
    measured = Measured(_smooth(component), [term], term, "")
    made = scaled(measured.curve, measured.stick, measured.pay)
    for kind, place, limit in _limits(component, term):
        made = clipped(made, limit, kind == "cap", place)
    return made


def _smooth(component: Component) -> Component:
    """Where whole transactions cross: the curve of very small ones."""
    smooth = component.crossing == "transaction" and component.word == "rate"
    return replace(component, crossing="split") if smooth else component


def _limits(component: Component, term: Term) -> Iterator[tuple[str, str, Fraction]]:
    for modifier in component.modifiers:
        if modifier.kind in ("cap", "floor"):
            (limit,) = modifier.limits.values()
            of = Fraction(term["target"] or 0) if limit.percent else Fraction(MONEY)
            yield modifier.kind, modifier.place, Fraction(limit) * of


def _money(ticks: Fraction, currency: str) -> Decimal:
    """Ticks as money: half away from zero, exactly."""
    places = CURRENCIES[currency]
    exact = ticks * 10**places / MONEY
    size = abs(exact)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


def _drawn(
    curves: Sequence[Sequence[Bracket]], both: Sequence[Component], quota: Fraction
) -> tuple[tuple[float, float, float], ...]:
    """Points of both curves, in floats: for pictures only."""
    import numpy as np

    u = np.linspace(0, REACH * float(quota), POINTS)
    was, now = (
        curve_of_floats(curve, u, one.boundary or "upper") / MONEY
        for curve, one in zip(curves, both, strict=True)
    )
    rows = zip(u / float(quota), was, now, strict=True)
    return tuple((float(x), float(old), float(new)) for x, old, new in rows)
