"""Receipts: every amount read aloud: this much, at this rate, as written there.

The third evaluator: exact fractions, one person at a time, from the same curves as the engine.
A line of Earnings becomes pieces, one for each bracket it runs through; the pieces add up to the
line, the lines to what is due. That they do is a test over everybody in the sample company.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import MONEY, SHARE
from spmlib.incent.calculation import Results
from spmlib.rules import curves
from spmlib.rules.curves import Bracket
from spmlib.rules.plans import Component, Plan

Term = Mapping[str, Any]  # a row of Terms


@dataclass(frozen=True)
class Piece:
    """So much, at such a rate."""

    words: str  # "12,000.00 x 8 %"
    amount: Decimal  # [currency]
    place: str  # file and line of the rate


@dataclass(frozen=True)
class Entry:
    """One line of earnings and its pieces."""

    kind: str
    label: str  # the transaction and its rule, or the modifier
    event_date: date
    credited: Decimal | None
    amount: Decimal
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Section:
    """The lines of one component in one window."""

    component: str  # empty: the whole plan
    clause: str
    window: str
    standing: str  # "credited to date 812,300.00 of 900,000.00 (90.3 %)"
    entries: tuple[Entry, ...]

    @property
    def total(self) -> Decimal:
        """What the component earned in the period."""
        return sum((entry.amount for entry in self.entries), Decimal(0))


@dataclass(frozen=True)
class Receipt:
    """What one person is due for one period and plan, and why."""

    payee_id: str
    name: str
    period: str
    plan: Plan
    sections: tuple[Section, ...]

    @property
    def total(self) -> Decimal:
        """What is due."""
        return sum((section.total for section in self.sections), Decimal(0))


def receipts(
    results: Results,
    plans: Mapping[str, Plan],
    names: Mapping[str, str],
    payee_id: str,
    period: str,
) -> list[Receipt]:
    """The receipts of one person and period, one for each plan held.

    Raises:
        ParameterError: nobody has the id.
    """
    if payee_id not in names:
        from spmlib.core.parameters import nearest

        raise ParameterError(
            f"there is no payee '{payee_id}'; write {nearest(payee_id, names)[:200]}."
        )
    own = nw.col("payee_id") == payee_id
    lines = engine.collected(results.earnings.filter(own, nw.col("period") == period)).to_dicts()
    terms = engine.collected(results.terms.filter(own)).to_dicts()
    return receipts_of(lines, terms, plans, names)


def receipts_of(
    lines: Sequence[Mapping[str, Any]],
    terms: Sequence[Term],
    plans: Mapping[str, Plan],
    names: Mapping[str, str],
) -> list[Receipt]:
    """The receipts that rows of Earnings make, with the Terms of their people."""
    by_curve: dict[tuple[Any, ...], list[Term]] = {}
    for term in sorted(terms, key=lambda t: t["segment_start"]):
        by_curve.setdefault(_curve_key(term), []).append(term)
    made = []
    ordered = sorted(lines, key=_line_order)
    for (payee_id, period, name), group in groupby(
        ordered, key=lambda row: (row["payee_id"], row["period"], row["plan"])
    ):
        plan = plans[name]
        sections = tuple(_sections(list(group), by_curve, plan))
        made.append(Receipt(payee_id, names[payee_id], period, plan, sections))
    return made


def pieces(component: Component, terms: Sequence[Term], line: Mapping[str, Any]) -> list[Piece]:
    """A line of a curve, cut where it runs from one bracket into the next.

    Args:
        terms: the segments of the component's window, in order.
        line: a row of Earnings of kind credit.
    """
    term = _term_of(terms, line)
    if component.thresholds == "place":
        return []
    measured = _Measured(component, terms, term, line["source"])
    if component.alone:
        return list(_alone(measured, line))
    if component.crossing == "transaction":
        return list(_crossing(measured, line))
    before, after = Fraction(line["before"]), Fraction(line["after"])
    if component.word == "rate" and component.crossing != "whole":
        return list(_slices(measured, before, after))
    return list(_reached(measured, before, after))


class _Measured:
    """A curve with the stick it is measured in and the stick it pays in."""

    def __init__(
        self, component: Component, terms: Sequence[Term], term: Term, source: str
    ) -> None:
        self.component, self.unit = component, Fraction(10 ** (4 - CURRENCIES[component.currency]))
        self.curve = _curve(component, term, source)
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


def _slices(measured: _Measured, before: Fraction, after: Fraction) -> Iterator[Piece]:
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
        words = f"{_said(sign * (end - start))} x {_rate(measured.component, bracket)}"
        yield Piece(words, measured.money(amount), bracket.place)


def _reached(measured: _Measured, before: Fraction, after: Fraction) -> Iterator[Piece]:
    """All at what was reached, less what had been reached before."""
    for x, sign in ((after, 1), (before, -1)):
        bracket, amount = measured.bracket(x), measured.amount(x)
        if amount or sign > 0:
            less = "" if sign > 0 else "less "
            words = f"{less}{_said(x)} to date: {_rate(measured.component, bracket)}"
            yield Piece(words, measured.money(amount * sign), bracket.place)


def _alone(measured: _Measured, line: Mapping[str, Any]) -> Iterator[Piece]:
    """A transaction on its own; a negative one as the mirror of its positive."""
    size, sign = abs(Fraction(line["credited"])), 1 if line["credited"] >= 0 else -1
    if measured.component.word == "rate" and measured.component.crossing != "whole":
        for piece in _slices(measured, Fraction(0), size):
            yield Piece(("- " if sign < 0 else "") + piece.words, piece.amount * sign, piece.place)
    else:
        bracket = measured.bracket(size)
        words = f"{_said(sign * size)}: {_rate(measured.component, bracket)}"
        yield Piece(words, measured.money(measured.amount(size) * sign), bracket.place)


def _crossing(measured: _Measured, line: Mapping[str, Any]) -> Iterator[Piece]:
    """A whole transaction at the rate it reached."""
    unit = Fraction(10 ** (4 - CURRENCIES[measured.component.currency]))
    amount = int(Fraction(line["amount"]) / unit)
    rate = {b.place: _rate(measured.component, b) for b in measured.curve}.get(line["source"], "")
    yield Piece(f"{_said(line['credited'])} x {rate}", measured.money(amount), line["source"])


def _curve(component: Component, term: Term, source: str = "") -> tuple[Bracket, ...]:
    """The curve of a term; for a matrix of single transactions, of the cell the source is in."""
    cells = [rows for _, rows in curves.cells(component.tables[term["table_date"]])]
    written = [rows for rows in cells if source in {row.place for row in rows}]
    rows = written[0] if component.alone and written else cells[term["cell"]]
    return curves.brackets(component, rows)


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
        pay * curves.earned(_curve(component, term), Fraction(x) / stick, component.boundary) / unit
    )


def _term_of(terms: Sequence[Term], line: Mapping[str, Any]) -> Term:
    started = [t for t in terms if t["segment_start"] <= line["event_date"]]
    return started[-1]


def _sections(
    lines: list[Mapping[str, Any]], by_curve: Mapping[tuple[Any, ...], list[Term]], plan: Plan
) -> Iterator[Section]:
    for (name, window), group in groupby(lines, key=lambda row: (row["component"], row["window"])):
        component = plan.components.get(name or "")
        rows = list(group)
        terms = by_curve.get(_curve_key(rows[0]), [])
        entries = tuple(_entry(row, component, terms, plan) for row in rows)
        clause = component.clause if component else "The whole plan."
        yield Section(name or "", clause, window, _standing(terms, rows[0]["period"]), entries)


def _entry(
    row: Mapping[str, Any], component: Component | None, terms: Sequence[Term], plan: Plan
) -> Entry:
    made = pieces(component, terms, row) if component and row["kind"] == "credit" else []
    amount = _money(row["amount"], plan.currency)
    if not made:
        made = [Piece(WORDS.get(row["kind"], row["kind"]), amount, row["source"])]
    credited = None if row["credited"] is None else Decimal(row["credited"]).scaleb(-4)
    label = f"{row['transaction_id']} {row['rule']}" if row["transaction_id"] else row["kind"]
    return Entry(row["kind"], label, row["event_date"], credited, amount, tuple(made))


WORDS = {
    "restatement": "what stood before, by the curve that holds now",
    "prize": "prize for the place taken",
    "gate": "withheld by the gate, or released",
    "multiplier": "multiplied",
    "cap": "above the cap",
    "floor": "up to the floor",
}


def _standing(terms: Sequence[Term], period: str) -> str:
    there = [t for t in terms if t["period"] == period]
    if not there:
        return ""
    last = there[-1]
    said = f"counted to date {_said(last['after'])}"
    if last["quota"]:
        return said + f" of quota {_said(last['quota'])} ({last['after'] / last['quota']:.1%})"
    return said


def _curve_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["payee_id"], row["plan"], row["component"], row["window"]


def _line_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    kinds = ("restatement", "credit", "prize")
    kind = kinds.index(row["kind"]) if row["kind"] in kinds else len(kinds)
    last = row["component"] is None
    words = [row[c] or "" for c in ("payee_id", "period", "plan", "component", "window")]
    inner = (
        kind,
        row["number"],
        row["event_date"],
        row["transaction_id"] or "",
        row["event_id"] or "",
    )
    return (*words[:3], last, *words[3:], *inner, row["rule"] or "", row["through_id"] or "")


def _rate(component: Component, bracket: Bracket) -> str:
    gives = Decimal(bracket.gives.numerator) / Decimal(bracket.gives.denominator)
    if component.word == "amount":
        return f"{component.currency} {gives:,.{CURRENCIES[component.currency]}f}"
    if component.pays == "unit":
        return f"{component.currency} {gives.normalize():,f}"
    of = {"target": " of target", "personal_rate": " of the personal rate"}.get(component.pays, "")
    glide = " and rising" if component.within == "interpolate" else ""
    return f"{(gives * 100).normalize():f} %{glide}{of}"


def _said(ticks: Fraction | int) -> str:
    exact = (
        Decimal(int(ticks)).scaleb(-4)
        if Fraction(ticks).denominator == 1
        else Decimal(float(ticks)) / MONEY
    )
    return f"{exact:,.4f}" if exact != round(exact, 2) else f"{exact:,.2f}"


def _money(ticks: int, currency: str) -> Decimal:
    return round(Decimal(ticks).scaleb(-4), CURRENCIES[currency])


def _half_up(exact: Fraction) -> int:
    size = abs(exact)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return whole if exact >= 0 else -whole
