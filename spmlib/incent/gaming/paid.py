"""Paid: what one component pays one person in a window, as an exact function of what is credited.

Everything about playing a plan is asked of this function: amounts are exact fractions of the plan's
currency, so that the value of a jump is the difference of two pays and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import Number, in_force
from spmlib.rules import curves
from spmlib.rules.curves import Bracket
from spmlib.rules.plans import Component, Row

Amount = Fraction | Decimal | int | float | str
PAYS = ("rate", "personal_rate", "target", "unit", "amount")
CROSSINGS = ("split", "whole", "transaction")
CENT = Fraction(1, 100)


@dataclass(frozen=True)
class Paid:
    """What a component pays.

    Attributes:
        curve: its brackets, in multiples of the stick.
        boundary: to which bracket a value on a threshold belongs.
        stick: what thresholds count in: the quota, or 1 [currency or units].
        pay: what the curve's value is multiplied by [currency].
        alone: whether each transaction stands on its own.
        by_deal: whether a whole transaction earns the rate it reaches.
        cap, floor: the most and the least paid in a window [currency].
        windfall: the most one transaction may count.
        step: the smallest credit there is.
    """

    curve: tuple[Bracket, ...]
    boundary: str = "upper"
    stick: Fraction = Fraction(1)
    pay: Fraction = Fraction(1)
    alone: bool = False
    by_deal: bool = False
    cap: Fraction | None = None
    floor: Fraction | None = None
    windfall: Fraction | None = None
    step: Fraction = CENT

    def at(self, credited: Amount) -> Fraction:
        """Paid for a window's credit, cap and floor included [currency].

        With single transactions: for one of that size. With whole transactions at the rate they
        reach: for one that comes first; see `of_deal` for others.
        """
        x = exact(credited)
        if self.alone:
            return self._mirrored(self._counted(x))
        u = x / self.stick
        value = curves.earned(self.curve, u, self.boundary)
        return self.limited(self.pay * (value * u if self.by_deal else value))

    def of_deal(self, before: Amount, deal: Amount) -> Fraction:
        """What a deal adds to pay, booked when so much is credited [currency]."""
        x, d = exact(before), self._counted(exact(deal))
        if self.alone:
            return self._mirrored(d)
        if self.by_deal:
            far = x + d if d >= 0 else x
            return (
                self.pay
                * curves.earned(self.curve, far / self.stick, self.boundary)
                * (d / self.stick)
            )
        return self.at(x + d) - self.at(x)

    def limited(self, amount: Fraction) -> Fraction:
        """An amount within floor and cap."""
        raised = amount if self.floor is None else max(amount, self.floor)
        return raised if self.cap is None else min(raised, self.cap)

    @cached_property
    def thresholds(self) -> tuple[Fraction, ...]:
        """Where brackets begin, without the first [currency or units]."""
        return tuple(bracket.start * self.stick for bracket in self.curve[1:])

    def raw(self, number: int, credited: Fraction) -> Fraction:
        """What one bracket gives at a credit, wherever that lies, before cap and floor."""
        return self.pay * self.curve[number].at(credited / self.stick)

    def _counted(self, deal: Fraction) -> Fraction:
        if self.windfall is None:
            return deal
        return max(min(deal, self.windfall), -self.windfall)

    def _mirrored(self, deal: Fraction) -> Fraction:
        """What one transaction earns by itself, a negative one as the mirror of its positive."""
        u = abs(deal) / self.stick
        value = curves.earned(self.curve, u, self.boundary)
        amount = self.pay * (value * u if self.by_deal else value)
        return amount if deal >= 0 else -amount


def paying(
    table: Sequence[tuple[Amount, Amount]],
    pays: str = "rate",
    crossing: str = "split",
    within: str = "step",
    boundary: str = "upper",
    quota: Amount | None = None,
    target: Amount | None = None,
    personal_rate: Amount = 1,
    alone: bool = False,
    cap: Amount | None = None,
    floor: Amount | None = None,
    windfall: Amount | None = None,
) -> Paid:
    """What a table pays, written as plain numbers.

    Args:
        table: rows (from, gives): from a share of quota if there is a quota, else an amount or a
            number; gives a rate, a payout (with ``pays: target``) or an amount.
        pays, crossing, within, boundary: as in a plan.
        quota: what thresholds count in; amounts if none.
        target: the window's target incentive, with ``pays: target`` [currency].
        personal_rate: with ``pays: personal_rate``.
        alone: whether each transaction stands on its own.
        cap, floor: the most and the least in a window [currency].
        windfall: the most one transaction may count.

    Raises:
        ParameterError: the table is empty or does not rise from 0, a word is unknown, there is no
            target where one is needed, or a quota is not above 0.

    >>> float(paying([(0, "5%"), (100_000, "8%")], crossing="whole").at(100_000))
    8000.0
    """
    _refuse(table, pays, crossing, quota, target)
    word = {"target": "payout", "amount": "amount"}.get(pays, "rate")
    rows = tuple(
        Row(_number(start), _number(gives), word, None, f"row {n}")
        for n, (start, gives) in enumerate(table, 1)
    )
    counts = "money" if quota is None else "quota"
    of = _component(rows, pays, crossing if word == "rate" else "", within, boundary, counts, alone)
    made = of_component(of, date(1, 1, 1), quota=quota, target=target, personal_rate=personal_rate)
    most, least, counted = (None if v is None else exact(v) for v in (cap, floor, windfall))
    return replace(made, cap=most, floor=least, windfall=counted)


def of_component(
    component: Component,
    day: date,
    quota: Amount | None = None,
    target: Amount | None = None,
    personal_rate: Amount = 1,
    cell: int = 0,
) -> Paid:
    """What a component of a plan pays somebody, by the table in force on a day.

    Caps and floors are the component's own; gates and multipliers look at other measures, and are
    asked of in `cliffs`.

    Args:
        component: not one of places.
        day: on which table, cap and windfall hold.
        quota: of the window, where thresholds count in it.
        target: the window's target incentive times the component's weight, where it pays that.
        personal_rate: of the person.
        cell: of a matrix, from 0.

    Raises:
        ParameterError: it is one of places, has no table on the day, no quota or no target.
    """
    rows = in_force(component.tables, day)
    if rows is None or component.thresholds == "place":
        wrong = "pays places" if rows is not None else f"has no table on {day}"
        raise ParameterError(f"{component.place}: {component.name} {wrong}; ask of another.")
    stick = exact(quota or 0) if component.thresholds == "quota" else Fraction(1)
    if stick <= 0:
        raise ParameterError(f"{component.place}: {component.name} needs a quota above 0; give it.")
    if component.pays == "target" and target is None:
        raise ParameterError(f"{component.place}: {component.name} needs a target; give it.")
    ways = {"target": exact(target or 0), "amount": Fraction(1)}
    ways["personal_rate"] = stick * exact(personal_rate)
    told = curves.cells(rows)[cell][1]
    limits = {kind: _limit(component, kind, day, target) for kind in ("cap", "floor")}
    windfall = in_force(component.windfall, day)
    return Paid(
        curve=curves.brackets(component, told),
        boundary=component.boundary or "upper",
        stick=stick,
        pay=ways.get(component.pays, stick),
        alone=component.alone,
        by_deal=component.crossing == "transaction" and component.word == "rate",
        windfall=None if windfall is None else exact(windfall),
        step=Fraction(1) if component.thresholds == "units" else CENT,
        **limits,
    )


def exact(amount: Amount) -> Fraction:
    """A number as a fraction; a double as it is printed, a percentage as a share.

    >>> exact("8%"), exact(0.1), exact("90_000.50")
    (Fraction(2, 25), Fraction(1, 10), Fraction(180001, 2))
    """
    if isinstance(amount, str) and amount.strip().endswith("%"):
        return Fraction(amount.strip()[:-1].strip().replace("_", "")) / 100
    if isinstance(amount, str):
        return Fraction(amount.replace("_", ""))
    return Fraction(str(amount)) if isinstance(amount, float) else Fraction(amount)


def _limit(component: Component, kind: str, day: date, target: Amount | None) -> Fraction | None:
    written = [in_force(m.limits, day) for m in component.modifiers if m.kind == kind]
    there = [limit for limit in written if limit is not None]
    amounts = [exact(v) * exact(target or 0) if v.percent else exact(v) for v in there]
    chosen = min if kind == "cap" else max
    return chosen(amounts) if amounts else None


def _number(written: Amount) -> Number:
    made = exact(written)
    number = Number(Decimal(made.numerator) / Decimal(made.denominator))
    number.place, number.percent = "", False
    return number


def _component(
    rows: tuple[Row, ...],
    pays: str,
    crossing: str,
    within: str,
    boundary: str,
    counts: str,
    alone: bool,
) -> Component:
    return Component(
        plan="", name="the table", place="table", currency="USD", clause="", category="",
        measure="", accumulate="transaction" if alone else "year", group="transaction",
        thresholds=counts, quota="window", pays=pays, weight=None, crossing=crossing,
        within=within, boundary=boundary, tables={date(1, 1, 1): rows}, on_change="continue",
        matrix=None, proration="none", windfall={}, modifiers=(), places={},
    )  # fmt: skip


def _refuse(
    table: Sequence[tuple[Amount, Amount]],
    pays: str,
    crossing: str,
    quota: Amount | None,
    target: Amount | None,
) -> None:
    starts = [exact(start) for start, _ in table]
    wrong = ""
    if not starts or starts[0] != 0 or sorted(set(starts)) != starts:
        wrong = "the rows do not rise from 0; write [(0, '5%'), (100_000, '8%')]"
    elif pays not in PAYS:
        wrong = f"`pays: {pays}` means nothing; write one of {', '.join(PAYS)}"
    elif crossing not in CROSSINGS:
        wrong = f"`crossing: {crossing}` means nothing; write one of {', '.join(CROSSINGS)}"
    elif pays == "target" and target is None:
        wrong = "a share of target is paid and there is no target; give one"
    elif quota is not None and exact(quota) <= 0:
        wrong = f"a quota of {quota} cannot be met; give one above 0"
    if wrong:
        raise ParameterError(f"table: {wrong}.")
