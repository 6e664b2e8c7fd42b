"""Changing: what gates, multipliers, caps and floors do to many people at once, in doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spmlib.core import conversion
from spmlib.core.arrays import Floats
from spmlib.incent.estimating.arrays import reaches, rounded
from spmlib.incent.estimating.left import limit
from spmlib.incent.estimating.outcomes import Part, Whole
from spmlib.rules.modifiers import Modifier


@dataclass(frozen=True)
class Changing:
    """The modifiers of many people, and how each stood before any deal.

    Attributes:
        modifiers: in the order written.
        exact: what comes before the first [minor units].
        seen: value and base that each looks at.
        limits: of caps and floors [minor units]; infinite where there is none.
        earlier: before and after each modifier at the end of the period before [minor units].
        factors: by modifier, the steps in force.
        boundary: where a modifier says none.
    """

    modifiers: tuple[Modifier, ...]
    exact: Floats
    seen: tuple[tuple[Floats, Floats], ...]
    limits: tuple[Floats, ...]
    earlier: tuple[tuple[Floats, Floats], ...]
    factors: tuple[tuple[Floats, Floats], ...]
    boundary: str

    @classmethod
    def of(
        cls,
        modifiers: Sequence[Modifier],
        parts: Sequence[Part | Whole],
        boundary: str,
        currency: str,
    ) -> Changing:
        """The modifiers of people as they stand."""
        unit = conversion.minor(currency)
        lasts = [part.months[-1] for part in parts] if modifiers else []
        seen: list[Any] = []
        limits, factors = [], []
        earlier: list[Any] = []
        for n, modifier in enumerate(modifiers):
            pairs = [last.seen[n] for last in lasts]
            seen.append(tuple(np.array([float(p[i]) for p in pairs]) for i in (0, 1)))
            bounds = [limit(modifier, last, unit) for last in lasts]
            none = np.inf if modifier.kind == "cap" else -np.inf
            limits.append(np.array([none if b is None else float(b) for b in bounds]))
            before = [part.earlier[n] for part in parts]
            earlier.append(tuple(np.array([float(b[i]) for b in before]) for i in (0, 1)))
            started = [day for day in modifier.steps if lasts and day < lasts[0].end]
            steps = modifier.steps[max(started)] if started else ()
            starts = np.array([float(s.start) for s in steps])
            factors.append((starts, np.array([float(s.factor) for s in steps])))
        exact = np.array([float(last.exact) for last in lasts])
        return cls(
            tuple(modifiers),
            exact,
            tuple(seen),
            tuple(limits),
            tuple(earlier),
            tuple(factors),
            boundary,
        )


def changes(of: Changing, gained: Floats, more: Sequence[tuple[Floats, Floats]]) -> Floats:
    """What modifiers add to a gain, or take of it [minor units]."""
    total = np.zeros_like(gained)
    if not of.modifiers:
        return total
    was, now = of.exact, of.exact + gained
    for n in range(len(of.modifiers)):
        value, base = of.seen[n]
        left = [
            _left(of, n, was, value, base),
            _left(of, n, now, value + more[n][0], base + more[n][1]),
        ]
        total += rounded(left[1]) - rounded(now) - rounded(left[0]) + rounded(was)
        was, now = left
    return total


def _left(of: Changing, n: int, exact: Floats, value: Floats, base: Floats) -> Floats:
    """What one modifier leaves."""
    modifier = of.modifiers[n]
    if modifier.kind == "gate":
        assert modifier.at_least is not None  # its reader makes sure
        opened = reaches(value, base, float(modifier.at_least), modifier.strict)
        if modifier.otherwise == "withhold":
            return np.where(opened, exact, 0.0)
        before, left = of.earlier[n]
        return left + np.where(opened, rounded(exact) - before, 0.0)
    if modifier.kind == "multiplier":
        starts, factors = of.factors[n]
        if not len(starts):
            return exact
        strict = (modifier.boundary or of.boundary) == "lower"
        times = np.full(len(exact), factors[0])
        for start, factor in zip(starts[1:], factors[1:], strict=True):
            times = np.where(reaches(value, base, float(start), strict), factor, times)
        return exact * times
    return (
        np.minimum(exact, of.limits[n])
        if modifier.kind == "cap"
        else np.maximum(exact, of.limits[n])
    )
