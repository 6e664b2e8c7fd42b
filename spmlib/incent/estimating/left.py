"""Left: what gates, multipliers, caps and floors leave, of one person, in exact fractions.

The engine does the same on whole tables (`spmlib.incent.earning.modified`); a test holds the two
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from spmlib.core import conversion
from spmlib.core.tables import MONEY
from spmlib.rules.modifiers import Modifier

Seen = tuple[int, int]  # a measure's value is the first over the second


@dataclass(frozen=True)
class Month:
    """How a window stands at the end of one period.

    Attributes:
        end: the first day after the period.
        exact: earned in the window to date [minor units].
        target: the window's target incentive [ticks].
        seen: what each modifier looks at; nothing over nothing for those that look at nothing.
    """

    end: date
    exact: Fraction
    target: int
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class Effect:
    """What one modifier does in the last period.

    Attributes:
        amount: given or taken in it [minor units].
        before, left: to date, before and after the modifier [minor units].
        says: how it stands: open, shut, a factor, a limit.
    """

    modifier: Modifier
    number: int
    amount: int
    before: int
    left: int
    says: str


def effects(
    modifiers: Sequence[Modifier], months: Sequence[Month], currency: str, boundary: str
) -> list[Effect]:
    """What each modifier gives or takes in the last of a window's months.

    Args:
        modifiers: in the order written.
        months: those of the window that the person holds the plan in, up to the one asked for.
        currency: of the plan.
        boundary: where a modifier says none.
    """
    unit = conversion.minor(currency)
    standing = [month.exact for month in months]
    made = []
    for n, modifier in enumerate(modifiers):
        after, says = _after(modifier, n, months, standing, unit, boundary)
        taken = [whole(now) - whole(was) for now, was in zip(after, standing, strict=True)]
        amount = taken[-1] - (taken[-2] if len(taken) > 1 else 0)
        last = whole(standing[-1]), whole(after[-1])
        made.append(Effect(modifier, n + 1, amount, *last, says))
        standing = after
    return made


def _after(
    modifier: Modifier,
    n: int,
    months: Sequence[Month],
    standing: Sequence[Fraction],
    unit: int,
    boundary: str,
) -> tuple[list[Fraction], str]:
    """What is left at the end of each month, and how the modifier stands at the last."""
    if modifier.kind == "gate":
        opened = [opens(modifier, month.seen[n]) for month in months]
        says = "open" if opened[-1] else "shut"
        if modifier.otherwise == "withhold":
            return [s if is_open else Fraction(0) for s, is_open in zip(standing, opened)], says  # noqa: B905
        return _lost(standing, opened), says
    if modifier.kind == "multiplier":
        factors = [factor(modifier, m.seen[n], m.end, boundary) for m in months]
        return [
            s * f for s, f in zip(standing, factors, strict=True)
        ], f"times {float(factors[-1])}"
    limits = [limit(modifier, month, unit) for month in months]
    chosen = min if modifier.kind == "cap" else max
    left = [
        s if most is None else chosen(s, most) for s, most in zip(standing, limits, strict=True)
    ]
    reached = left[-1] != standing[-1]
    return left, "reached" if reached else "not reached"


def _lost(standing: Sequence[Fraction], opened: Sequence[bool]) -> list[Fraction]:
    """What a gate leaves that loses what is earned in months at whose end it is shut."""
    left, total, before = [], 0, 0
    for exact, is_open in zip(standing, opened, strict=True):
        to_date = whole(exact)
        total += to_date - before if is_open else 0
        before = to_date
        left.append(Fraction(total))
    return left


def opens(gate: Modifier, seen: Seen) -> bool:
    """Whether a gate is open at a value."""
    assert gate.at_least is not None  # a gate's reader makes sure
    return reaches(seen, Fraction(gate.at_least), gate.strict)


def factor(multiplier: Modifier, seen: Seen, end: date, boundary: str) -> Fraction:
    """The factor at a value, by the table in force before ``end``; 1 before the first."""
    started = [day for day in multiplier.steps if day < end]
    if not started:
        return Fraction(1)
    steps = multiplier.steps[max(started)]
    strict = (multiplier.boundary or boundary) == "lower"
    reached = [s for s in steps[1:] if reaches(seen, Fraction(s.start), strict)]
    return Fraction(reached[-1].factor if reached else steps[0].factor)


def limit(modifier: Modifier, month: Month, unit: int) -> Fraction | None:
    """The limit in force on a month's last day [minor units]; none before the first."""
    started = [day for day in modifier.limits if day < month.end]
    if not started:
        return None
    written = modifier.limits[max(started)]
    if written.percent:
        return Fraction(whole(Fraction(written) * month.target / unit))
    return Fraction(int(written * MONEY) // unit)


def reaches(seen: Seen, threshold: Fraction, strict: bool) -> bool:
    """Whether a quotient is at least a threshold (or above it); never without a base."""
    value, base = seen
    if base <= 0:
        return False
    return value > base * threshold if strict else value >= base * threshold


def whole(exact: Fraction) -> int:
    """Rounded, halves away from zero."""
    size = abs(exact)
    made = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return made if exact >= 0 else -made
