"""Pieces: a line of earnings cut where it runs from one bracket into the next, in exact fractions.

The third evaluator of the curves, one line at a time; the engine and the arrays are the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from spmlib.core.explain import Piece
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import MONEY, SHARE
from spmlib.rules import curves
from spmlib.rules.curves import Bracket
from spmlib.rules.plans import Component

Term = Mapping[str, Any]  # a row of Terms  # a row of Terms


def pieces(component: Component, terms: Sequence[Term], line: Mapping[str, Any]) -> list[Piece]:
    """A line of a curve, cut where it runs from one bracket into the next.

    Args:
        terms: the segments of the component's window, in order.
        line: a row of Earnings of kind credit.
    """
    term = _term_of(terms, line)
    if component.thresholds == "place":
        return []
    measured = Measured(component, terms, term, line["source"])
    if component.alone:
        return list(_alone(measured, line))
    if component.crossing == "transaction":
        return list(_crossing(measured, line))
    before, after = Fraction(line["before"]), Fraction(line["after"])
    if component.word == "rate" and component.crossing != "whole":
        return list(_slices(measured, before, after))
    return list(_reached(measured, before, after))


class Measured:
    """A curve with the stick it is measured in and the stick it pays in."""

    def __init__(
        self, component: Component, terms: Sequence[Term], term: Term, source: str
    ) -> None:
        self.component, self.unit = component, Fraction(10 ** (4 - CURRENCIES[component.currency]))
        self.curve = _curve(component, term["table_date"], term["cell"], source)
        self.stick, self.pay = _sticks(component, term)
        self.offset = _offset(component, terms, term)

    def exact(self, x: Fraction) -> Fraction:
        """Earned at x [minor units], not rounded."""
        if self.stick <= 0:
            return Fraction(0)
        at = curves.earned(self.curve, x / self.stick, self.component.boundary)
        return self.pay * at / self.unit + self.offset

    def amount(self, x: Fraction) -> int:
        """Earned at x, rounded [minor units]."""
        return _half_up(self.exact(x))

    def bracket(self, x: Fraction) -> Bracket:
        """The bracket that holds x."""
        u = x / self.stick if self.stick > 0 else Fraction(0)
        return self.curve[curves.reached(self.curve, u, self.component.boundary)]

    def money(self, minor_units: int) -> Decimal:
        """Minor units as an amount."""
        return Decimal(minor_units).scaleb(-CURRENCIES[self.component.currency])


def _slices(measured: Measured, before: Fraction, after: Fraction) -> Iterator[Piece]:
    """Each slice at its own rate."""
    low, high = sorted((before, after))
    inner = [
        b.start * measured.stick for b in measured.curve if low < b.start * measured.stick < high
    ]
    points = [low, *inner, high]
    sign = 1 if after >= before else -1
    for start, end in list(pairwise(points))[::sign]:
        bracket = measured.bracket((start + end) / 2)
        amount = (measured.amount(end) - measured.amount(start)) * sign
        words = f"{said(sign * (end - start))} x {_rate(measured.component, bracket)}"
        yield Piece(words, measured.money(amount), bracket.place)


def _reached(measured: Measured, before: Fraction, after: Fraction) -> Iterator[Piece]:
    """All at what was reached, less what had been reached before."""
    for x, sign in ((after, 1), (before, -1)):
        bracket, amount = measured.bracket(x), measured.amount(x)
        if amount or sign > 0:
            less = "" if sign > 0 else "less "
            words = f"{less}{said(x)} to date: {_rate(measured.component, bracket)}"
            yield Piece(words, measured.money(amount * sign), bracket.place)


def _alone(measured: Measured, line: Mapping[str, Any]) -> Iterator[Piece]:
    """A transaction on its own; a negative one as the mirror of its positive."""
    size, sign = abs(Fraction(line["credited"])), 1 if line["credited"] >= 0 else -1
    if measured.component.word == "rate" and measured.component.crossing != "whole":
        for piece in _slices(measured, Fraction(0), size):
            yield Piece(("- " if sign < 0 else "") + piece.words, piece.amount * sign, piece.place)
    else:
        bracket = measured.bracket(size)
        words = f"{said(sign * size)}: {_rate(measured.component, bracket)}"
        yield Piece(words, measured.money(measured.amount(size) * sign), bracket.place)


def _crossing(measured: Measured, line: Mapping[str, Any]) -> Iterator[Piece]:
    """A whole transaction at the rate it reached."""
    unit = Fraction(10 ** (4 - CURRENCIES[measured.component.currency]))
    amount = int(Fraction(line["amount"]) / unit)
    rate = {b.place: _rate(measured.component, b) for b in measured.curve}.get(line["source"], "")
    yield Piece(f"{said(line['credited'])} x {rate}", measured.money(amount), line["source"])


@lru_cache(maxsize=4096)
def _curve(component: Component, table_date: date, cell: int, source: str) -> tuple[Bracket, ...]:
    """The curve of a term; for a matrix of single transactions, of the cell the source is in."""
    cells = [rows for _, rows in curves.cells(component.tables[table_date])]
    written = [rows for rows in cells if source in {row.place for row in rows}]
    return curves.brackets(component, written[0] if component.alone and written else cells[cell])


def _sticks(component: Component, term: Term) -> tuple[Fraction, Fraction]:
    """What thresholds count in, and what the curve multiplies [ticks]."""
    stick = Fraction(term["quota"] or 0) if component.thresholds == "quota" else Fraction(MONEY)
    if component.pays in ("rate", "unit"):
        return stick, stick
    if component.pays == "personal_rate":
        return stick, stick * Fraction(term["personal_rate"] or 0, SHARE)
    return stick, Fraction(term["target"] or 0) if component.pays == "target" else Fraction(MONEY)


def _offset(component: Component, terms: Sequence[Term], term: Term) -> Fraction:
    """With ``continue``: by how much the curve was shifted to start where the old one ended."""
    continues = component.on_change == "continue" and component.quota == "window"
    if component.alone or not continues or component.matrix or component.crossing == "transaction":
        return Fraction(0)
    offset = Fraction(0)
    for last, this in pairwise(terms):
        if this["segment_start"] > term["segment_start"]:
            break
        if (
            last["table_date"] != this["table_date"]
            or last["personal_rate"] != this["personal_rate"]
        ):
            offset += _plain(component, last, last["after"]) - _plain(
                component, this, this["before"]
            )
    return offset


def _plain(component: Component, term: Term, x: int) -> Fraction:
    stick, pay = _sticks(component, term)
    if stick <= 0:
        return Fraction(0)
    unit = Fraction(10 ** (4 - CURRENCIES[component.currency]))
    return (
        pay
        * curves.earned(
            _curve(component, term["table_date"], term["cell"], ""),
            Fraction(x) / stick,
            component.boundary,
        )
        / unit
    )


def _term_of(terms: Sequence[Term], line: Mapping[str, Any]) -> Term:
    started = [t for t in terms if t["segment_start"] <= line["event_date"]]
    return started[-1]


def _rate(component: Component, bracket: Bracket) -> str:
    gives = Decimal(bracket.gives.numerator) / Decimal(bracket.gives.denominator)
    if component.word == "amount":
        return f"{component.currency} {gives:,.{CURRENCIES[component.currency]}f}"
    if component.pays == "unit":
        return f"{component.currency} {gives:,f}"
    of = {"target": " of target", "personal_rate": " of the personal rate"}.get(component.pays, "")
    glide = " and rising" if component.within == "interpolate" else ""
    return f"{(gives * 100).normalize():f} %{glide}{of}"


def said(ticks: Fraction | int) -> str:
    """A counted value in words: two decimals, or four where it needs them."""
    exact = (
        Decimal(int(ticks)).scaleb(-4)
        if Fraction(ticks).denominator == 1
        else Decimal(float(ticks)) / MONEY
    )
    return f"{exact:,.4f}" if exact != round(exact, 2) else f"{exact:,.2f}"


def _half_up(exact: Fraction) -> int:
    size = abs(exact)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return whole if exact >= 0 else -whole
