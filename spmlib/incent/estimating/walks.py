"""Walks: one person's credits through one component's curve, line by line, in exact fractions.

The engine does the same on whole tables; a test holds the two together to the minor unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from spmlib.incent.estimating.left import reaches, whole
from spmlib.incent.explaining.pieces import Measured
from spmlib.rules import curves
from spmlib.rules.curves import Bracket
from spmlib.rules.plans import Component

Term = Mapping[str, Any]  # a row of Terms


@dataclass(frozen=True)
class Line:
    """One credit as a component counts it.

    Attributes:
        order: its place among the lines of a day.
        credited: what it counts [ticks].
        deal: the deal it is of, if it is none that was booked.
        seen: with a matrix of single transactions: what picks the cell.
        before, after: counted before and after it [ticks].
        amount: what it earned [minor units].
        bracket: that it reached.
    """

    day: date
    order: tuple[Any, ...]
    credited: int
    deal: str = ""
    seen: tuple[int, int] = (0, 0)
    before: int = 0
    after: int = 0
    amount: int = 0
    bracket: Bracket | None = None


@dataclass(frozen=True)
class Walk:
    """What a component's curve gives in a window.

    Attributes:
        lines: those of the last period, with what each earned, in order.
        restated: what the curve moved of what stood before [minor units].
        exact: earned in the window to date, at the end of each period [minor units].
        terms: the window's terms, the last period's as they are with its lines.
        x: counted to date [ticks].
        component: whose curve it is.
    """

    lines: tuple[Line, ...]
    restated: int
    exact: Mapping[str, Fraction]
    terms: tuple[Term, ...]
    x: int
    component: Component

    @property
    def amount(self) -> int:
        """What the last period earned [minor units]."""
        return sum(line.amount for line in self.lines) + self.restated

    @property
    def measured(self) -> Measured:
        """The curve at the window's end so far."""
        return measured_of(self.component, self.terms, self.terms[-1])


def measured_of(component: Component, terms: Sequence[Term], term: Term) -> Measured:
    """The curve of a term with its sticks."""
    return Measured(component, terms, term, "")


def walk(
    component: Component,
    terms: Sequence[Term],
    earlier: Iterable[Line],
    fresh: Iterable[Line],
    period: str,
    cell: int | None = None,
) -> Walk:
    """What a window's credits earn in its last period.

    Args:
        component: of a plan; not one of places.
        terms: of the window, in order.
        earlier: its lines before the period, with before and after.
        fresh: its lines in the period, booked or not.
        period: the last one.
        cell: of a matrix, that holds at the period's end.
    """
    lines = sorted(fresh, key=lambda line: (line.day, line.order))
    if component.alone:
        return _alone(component, terms, lines)
    counted, moved = _counted(terms, lines, period, cell)
    way = _crossing if component.crossing == "transaction" else _running
    return way(component, moved, list(earlier), counted, period)


def _counted(
    terms: Sequence[Term], lines: Sequence[Line], period: str, cell: int | None
) -> tuple[list[Line], list[dict[str, Any]]]:
    """The lines with what was counted before and after each; the terms with it likewise."""
    moved = [dict(term) for term in terms]
    now = [term for term in moved if term["period"] == period]
    x = now[0]["before"] if now else 0
    made: list[Line] = []
    ends = [*(term["segment_start"] for term in now[1:]), date.max][: len(now)]
    for term, end in zip(now, ends, strict=True):
        first = term is now[0]
        term["before"] = x
        inside = (ln for ln in lines if ln.day < end and (first or ln.day >= term["segment_start"]))
        for line in inside:
            made.append(replace(line, before=x, after=x + line.credited))
            x += line.credited
        term["after"] = x
        if cell is not None:
            term["cell"] = cell
    return made, moved


def _running(
    component: Component,
    terms: Sequence[Term],
    earlier: Sequence[Line],
    lines: Sequence[Line],
    period: str,
) -> Walk:
    exact: dict[str, Fraction] = {}
    made: list[Line] = []
    restated, stood = 0, 0
    for term in terms:
        curve = measured_of(component, terms, term)
        if term["period"] == period:
            restated += curve.amount(Fraction(term["before"])) - stood
            made += [_paid(line, curve) for line in _of(term, terms, lines)]
        exact[term["period"]] = curve.exact(Fraction(term["after"]))
        stood = whole(exact[term["period"]])
    return Walk(tuple(made), restated, exact, tuple(terms), terms[-1]["after"], component)


def _paid(line: Line, curve: Measured) -> Line:
    before, after = Fraction(line.before), Fraction(line.after)
    return replace(
        line,
        amount=curve.amount(after) - curve.amount(before),
        bracket=curve.bracket(max(before, after)),
    )


def _of(term: Term, terms: Sequence[Term], lines: Iterable[Line]) -> list[Line]:
    """The lines that fall into a term's segment."""
    later = [t["segment_start"] for t in terms if t["segment_start"] > term["segment_start"]]
    end = min(later, default=date.max)
    first = all(t["segment_start"] >= term["segment_start"] for t in terms)
    return [ln for ln in lines if ln.day < end and (first or ln.day >= term["segment_start"])]


def _crossing(
    component: Component,
    terms: Sequence[Term],
    earlier: Sequence[Line],
    lines: Sequence[Line],
    period: str,
) -> Walk:
    """Whole transactions, or months of them, at the rate they reach: a running sum."""
    exact: dict[str, Fraction] = {}
    made: list[Line] = []
    total = Fraction(0)
    for name in dict.fromkeys(term["period"] for term in terms):
        own = [term for term in terms if term["period"] == name]
        of = lines if name == period else [ln for t in own for ln in _of(t, terms, earlier)]
        opening, turnover = (of[0].before, of[-1].after - of[0].before) if of else (0, 0)
        for term in own:
            curve = measured_of(component, terms, term)
            for line in _of(term, terms, of):
                if component.group == "month":
                    far = opening + max(turnover, 0)
                else:
                    far = line.after if line.credited >= 0 else line.before
                before = whole(total)
                total += _part(curve, line, far)
                paid = whole(total) - before
                if name == period:
                    made.append(replace(line, amount=paid, bracket=curve.bracket(Fraction(far))))
        exact[name] = total
    return Walk(tuple(made), 0, exact, tuple(terms), terms[-1]["after"], component)


def _part(curve: Measured, line: Line, far: int) -> Fraction:
    """What one line earns at the rate of where it comes to [minor units]."""
    if curve.stick <= 0:
        return Fraction(0)
    rate = curves.earned(curve.curve, far / curve.stick, curve.component.boundary)
    return rate * line.credited * (curve.pay / curve.stick) / curve.unit


def _alone(component: Component, terms: Sequence[Term], lines: Sequence[Line]) -> Walk:
    """Each transaction by itself, a negative one as the mirror of its positive."""
    made = []
    for line in lines:
        if not line.deal:
            made.append(line)  # what was booked earns what it earned
            continue
        started = [t for t in terms if t["segment_start"] <= line.day] or terms[:1]
        term = dict(started[-1])
        term["cell"] = cell_of(component, term["table_date"], mirrored(line.seen))
        curve = measured_of(component, terms, term)
        size = Fraction(abs(line.credited))
        sign = -1 if line.credited < 0 else 1
        amount = whole(curve.exact(size)) * sign
        place = curve.curve[curves.reached(curve.curve, size / curve.stick, component.boundary)]
        made.append(replace(line, after=line.credited, amount=amount, bracket=place))
    x = sum(line.credited for line in made)
    return Walk(tuple(made), 0, {}, tuple(terms), x, component)


def cell_of(component: Component, table_date: date, seen: tuple[int, int]) -> int:
    """The cell of a matrix that a value picks; 0 where there is no matrix."""
    if component.matrix is None:
        return 0
    whens = [when for when, _ in curves.cells(component.tables[table_date])]
    strict = component.matrix.boundary == "lower"
    reached = [n for n, when in enumerate(whens) if n and reaches(seen, when, strict)]  # type: ignore[arg-type]
    return reached[-1] if reached else 0


def mirrored(seen: tuple[int, int]) -> tuple[int, int]:
    """A quotient of one transaction, with its base above zero."""
    return seen if seen[1] >= 0 else (-seen[0], -seen[1])
