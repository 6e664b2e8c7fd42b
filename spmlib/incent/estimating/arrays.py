"""Arrays: curves and modifiers of many people at once, in doubles, for estimates of teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from spmlib.core import conversion
from spmlib.core.arrays import Floats
from spmlib.incent.estimating.outcomes import Part
from spmlib.incent.explaining.pieces import Measured
from spmlib.rules import curves
from spmlib.rules.curves import Bracket
from spmlib.rules.plans import Component

NEARLY = 1e-6  # of a minor unit: what doubles may miss at a half


@dataclass(frozen=True)
class Lines:
    """The credits of a group of people with deals, in order within each person.

    Attributes:
        person: whose each is, by place in the group.
        credited: what it counts [ticks].
        seen: what picks the cell of a single transaction: value and base.
        many: how many people there are.
    """

    person: np.ndarray
    credited: Floats
    seen: tuple[Floats, Floats]
    many: int

    @property
    def total(self) -> Floats:
        """Their sum by person."""
        return summed(self.person, self.credited, self.many)


@dataclass(frozen=True)
class Curves:
    """The curve of each person for one component.

    Attributes:
        component: of a plan.
        tables: the cells of each table in use, with the values from which they hold.
        table: which of them each person has.
        stick, pay: what thresholds count in, and what the curve multiplies [ticks].
        offset: by how much a curve was shifted [minor units].
        exact: earned in the window to date without deals [minor units].
        seen: what the matrix looks at without deals: value and base.
        unit: the currency's minor unit [ticks].
        turnover: counted in the period without deals [ticks].
    """

    component: Component
    tables: tuple[tuple[tuple[Fraction | None, tuple[Bracket, ...]], ...], ...]
    table: np.ndarray
    stick: Floats
    pay: Floats
    offset: Floats
    exact: Floats
    seen: tuple[Floats, Floats]
    unit: float

    @classmethod
    def of(
        cls, component: Component, terms: Sequence[Mapping[str, Any]], parts: Sequence[Part]
    ) -> Curves:
        """The curves of people who stand at some terms."""
        days = list(dict.fromkeys(term["table_date"] for term in terms))
        tables = tuple(
            tuple(
                (when, curves.brackets(component, rows))
                for when, rows in curves.cells(component.tables[day])
            )
            if component.thresholds != "place"
            else ()
            for day in days
        )
        measured = [
            _measured(component, part, term) for part, term in zip(parts, terms, strict=True)
        ]
        ends = [_end(part) for part in parts]
        return cls(
            component,
            tables,
            np.array([days.index(term["table_date"]) for term in terms], int),
            np.array([float(m.stick) if m else 0.0 for m in measured]),
            np.array([float(m.pay) if m else 0.0 for m in measured]),
            np.array([float(m.offset) if m else 0.0 for m in measured]),
            np.array([float(end) for end in ends]),
            tuple(np.array([float(part.looked[i]) for part in parts]) for i in (0, 1)),  # type: ignore[arg-type]
            float(conversion.minor(component.currency)),
        )

    def at(self, x: Floats, who: np.ndarray, cell: np.ndarray) -> Floats:
        """The curve's value at each x of a person, as a multiple of the stick of pay."""
        made = np.zeros(len(x))
        u = np.divide(x, self.stick[who], out=np.zeros(len(x)), where=self.stick[who] > 0)
        for t, cells in enumerate(self.tables):
            for c, (_, brackets) in enumerate(cells):
                here = (self.table[who] == t) & (cell == c)
                if here.any():
                    boundary = self.component.boundary or "upper"
                    made[here] = curves.curve_of_floats(brackets, u[here], boundary)
        return np.where(self.stick[who] > 0, made, 0.0)

    def cell(self, who: np.ndarray, value: Floats, base: Floats) -> np.ndarray:
        """The cell that a quotient picks."""
        made = np.zeros(len(who), int)
        matrix = self.component.matrix
        if matrix is None:
            return made
        for t, cells in enumerate(self.tables):
            for c, (when, _) in enumerate(cells):
                if c and when is not None:
                    reached = reaches(value, base, float(when), matrix.boundary == "lower")
                    made = np.where((self.table[who] == t) & reached, c, made)
        return made

    def run(self, x: Floats, new: Floats, more: tuple[Floats, Floats] | None) -> Floats:
        """What is gained from x to a new place, exactly [minor units]."""
        who = np.arange(len(x))
        now = self.cell(who, *self.seen)
        then = now
        if more is not None:
            then = self.cell(who, self.seen[0] + more[0], self.seen[1] + more[1])
        scale = self.pay / self.unit
        return np.asarray(scale * (self.at(new, who, then) - self.at(x, who, now)))

    def alone(self, lines: Lines) -> Floats:
        """What single transactions earn, rounded one by one [minor units]."""
        value, base = lines.seen
        sign = np.where(base < 0, -1.0, 1.0)
        cell = self.cell(lines.person, value * sign, base * sign)
        size = np.abs(lines.credited)
        paid = rounded(self.pay[lines.person] / self.unit * self.at(size, lines.person, cell))
        signed = np.where(lines.credited < 0, -paid, paid)
        return summed(lines.person, signed, len(self.stick))

    def crossed(self, lines: Lines, x: Floats, opening: Floats, total: Floats) -> Floats:
        """What whole transactions, or the whole month, earn at the rate they reach, exactly."""
        each = (
            np.divide(self.pay, self.stick, out=np.zeros_like(x), where=self.stick > 0) / self.unit
        )
        who = np.arange(len(x))
        if self.component.group == "month":
            none = np.zeros(len(x), int)
            before, after = (
                self.at(np.maximum(place, opening), who, none) for place in (x, x + total)
            )
            return np.asarray(each * (after * (x + total - opening) - before * (x - opening)))
        after = _running(lines, x)
        far = np.where(lines.credited >= 0, after, after - lines.credited)
        rate = self.at(far, lines.person, np.zeros(len(far), int))
        return each * summed(lines.person, rate * lines.credited, len(x))


def _running(lines: Lines, x: Floats) -> Floats:
    """What is counted after each line, its person's lines before it included."""
    order = np.argsort(lines.person, kind="stable")
    sums = np.cumsum(lines.credited[order])
    person = lines.person[order]
    first = np.r_[True, person[1:] != person[:-1]] if len(person) else np.zeros(0, bool)
    before = np.where(first, sums - lines.credited[order], 0.0)
    started = np.flatnonzero(first)
    base = before[started][np.cumsum(first) - 1] if len(person) else before
    made = np.empty(len(sums))
    made[order] = sums - base
    return made + x[lines.person]


def reaches(value: Floats, base: Floats, start: float, strict: bool) -> np.ndarray:
    """Whether a quotient is at least a threshold (or above it); never without a base."""
    far = base * start
    near = np.abs(far) * 1e-12  # a product of doubles may lie beside the number meant
    beyond = value > far + near if strict else value >= far - near
    return np.asarray((base > 0) & beyond)


def summed(place: np.ndarray, values: Floats, many: int) -> Floats:
    """The sum of values by place."""
    return np.bincount(place, values, minlength=many).astype(float)


def rounded(exact: Floats) -> Floats:
    """Rounded to whole minor units, halves away from zero."""
    return np.sign(exact) * np.floor(np.abs(exact) + 0.5 + NEARLY)


def _measured(component: Component, part: Part, term: Mapping[str, Any]) -> Measured | None:
    if component.thresholds == "place":
        return None
    return part.walks[-1].measured


def _end(part: Part) -> Fraction:
    if not part.walks or part.component.alone:
        return Fraction(0)
    return list(part.walks[-1].exact.values())[-1]
