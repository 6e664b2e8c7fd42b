"""Methods: what a curve costs so far, as exact numbers: the arithmetic behind every accrual.

A curve gives what is earned of what is credited in a window. Where it bends, the same credits cost
more or less by when they come; so what is expensed of an open window is a choice:

point in time   what is earned to date: curve(x)
effective rate  what the whole window is expected to cost, by the part of its credits that is
                there: curve(X) x / X, with X expected of the window
simulated       the same with the mean cost of many draws of X, so that an accelerator that may or
                may not be reached counts for its chance: E[curve(X)] x / E[X]
over time       what the window is expected to cost, by the part of its time that is over

Source: ASC 270-10-45-4 to 45-10 (costs that benefit more than one interim period; a reasonable
portion of what is expected of the year, year-end bonuses among it); IAS 34.28 (year to date)
and B5 to B7 (bonuses; what depends on a level of annual sales, where it is expected to be
reached).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from spmlib.core.errors import ParameterError
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import in_force
from spmlib.rules import curves
from spmlib.rules.plans import Component

Exact = Fraction | Decimal | int | str
Curve = Callable[[Exact], Fraction]  # earned of what is credited


def tiers(rows: Iterable[tuple[Exact, Exact]]) -> Curve:
    """A curve that pays each slice of credits at its own rate.

    Args:
        rows: from which credit on, and the rate; the first one from 0.

    Raises:
        ParameterError: the rows do not begin at 0 or do not rise.

    >>> tiers([(0, "0.08"), (1_000_000, "0.12")])(1_250_000)
    Fraction(110000, 1)
    """
    known = [(Fraction(start), Fraction(rate)) for start, rate in rows]
    starts = [start for start, _ in known]
    if not known or starts[0] != 0 or starts != sorted(set(starts)):
        raise ParameterError("tiers begin at 0 and rise; write [(0, '0.08'), (1_000_000, '0.12')].")

    def earned(credited: Exact) -> Fraction:
        x = Fraction(credited)
        ends = [*starts[1:], None]
        parts = [
            rate * _slice(x, start, end, first=start == 0)
            for (start, rate), end in zip(known, ends, strict=True)
        ]
        return sum(parts, Fraction(0))

    return earned


def curve(
    component: Component,
    day: date,
    quota: Exact | None = None,
    target: Exact | None = None,
    personal_rate: Exact | None = None,
) -> Curve:
    """The curve of a plan's component, of its table on a day; modifiers are left out.

    Of a matrix the last cell; with ``crossing: transaction`` that of very small transactions.

    Args:
        component: one whose window is no single transaction, without places.
        day: on which its table holds.
        quota: of the window, where thresholds count in it [plan currency, or units].
        target: target incentive of the component in the window, where it pays shares of that.
        personal_rate: of the person, where it pays multiples of that.

    Raises:
        ParameterError: it is paid by place, has no table on the day, or lacks what it counts in.
    """
    rows = in_force(component.tables, day)
    needs = {"quota": component.thresholds == "quota" and not quota}
    needs |= {"target": component.pays == "target" and target is None}
    needs |= {"personal_rate": component.pays == "personal_rate" and personal_rate is None}
    missing = [name for name, lacks in needs.items() if lacks]
    if rows is None or component.thresholds == "place" or missing:
        wrong = f"give its {missing[0]}" if missing else "take one that has a curve on the day"
        raise ParameterError(f"component {component.name} cannot be put on a curve; {wrong}.")
    smooth = component.crossing == "transaction" and component.word == "rate"
    drawn = replace(component, crossing="split") if smooth else component
    table = curves.brackets(drawn, curves.cells(rows)[-1][1])
    stick = Fraction(quota or 0) if component.thresholds == "quota" else Fraction(1)
    pays = {"target": Fraction(target or 0), "amount": Fraction(1)}
    pays |= {"personal_rate": stick * Fraction(personal_rate or 0)}
    pay, side = pays.get(component.pays, stick), component.boundary or "upper"
    return lambda credited: pay * curves.earned(table, Fraction(credited) / stick, side)


def point_in_time(earned: Curve, credited: Exact, currency: str = "USD") -> Decimal:
    """What is earned to date.

    >>> point_in_time(tiers([(0, "0.08"), (1_000_000, "0.12")]), 500_000)
    Decimal('40000.00')
    """
    return _money(earned(credited), currency)


def rate(earned: Curve, forecast: Exact) -> Fraction:
    """What the window is expected to cost for each unit credited: curve(X) / X.

    Raises:
        ParameterError: nothing is expected.
    """
    x = Fraction(forecast)
    if x <= 0:
        raise ParameterError(f"a rate of {forecast} credited is none; forecast more than 0.")
    return earned(x) / x


def effective_rate(
    earned: Curve, credited: Exact, forecast: Exact, currency: str = "USD"
) -> Decimal:
    """What was credited to date at the rate that is expected of the whole window.

    Defined as::

        curve(forecast) / forecast x credited

    Raises:
        ParameterError: nothing is expected.

    >>> effective_rate(tiers([(0, "0.08"), (1_000_000, "0.12")]), 500_000, 1_250_000)
    Decimal('44000.00')
    """
    return _money(rate(earned, forecast) * Fraction(credited), currency)


def simulated(
    earned: Curve, credited: Exact, draws: Sequence[Exact], currency: str = "USD"
) -> Decimal:
    """What was credited to date at the mean cost of what the whole window may come to.

    Defined as::

        mean(curve(X)) / mean(X) x credited, over the draws X

    With every draw the same it is `effective_rate`; it is more where the curve bends upwards.

    >>> simulated(tiers([(0, "0.08"), (1_000_000, "0.12")]), 500_000, [750_000, 1_250_000])
    Decimal('42500.00')
    """
    drawn = [Fraction(draw) for draw in draws]
    if sum(drawn) <= 0:
        raise ParameterError("a rate of nothing credited is none; draw more than 0.")
    cost = sum((earned(x) for x in drawn), Fraction(0))
    return _money(cost / sum(drawn) * Fraction(credited), currency)


def over_time(
    earned: Curve, forecast: Exact, over: Exact, of: Exact, currency: str = "USD"
) -> Decimal:
    """What the window is expected to cost, by the part of its time that is over.

    >>> over_time(tiers([(0, "0.10")]), 90_000, over=1, of=3)
    Decimal('3000.00')
    """
    return _money(earned(forecast) * Fraction(over) / Fraction(of), currency)


def _slice(x: Fraction, start: Fraction, end: Fraction | None, first: bool) -> Fraction:
    """How much of x lies in a bracket; the first one goes on below zero."""
    top = x if end is None else min(x, end)
    return top - start if first else max(top - start, Fraction(0))


def _money(exact: Fraction, currency: str) -> Decimal:
    """An exact amount rounded to the minor unit, halves away from zero."""
    unit = 10 ** CURRENCIES[currency]
    size = abs(exact) * unit
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-CURRENCIES[currency])
