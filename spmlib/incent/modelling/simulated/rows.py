"""Rows: the rows of a component's table as curves, and each row's own slice of what is credited.

What a curve pays is linear in what its rows give: a row's slice is the curve of a table in which it
gives 1 and the others nothing. So an expected slice is what one more point of that rate costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import Number, in_force
from spmlib.rules import curves
from spmlib.rules.estimated.plans import Curve
from spmlib.rules.plans import Component, Row


def table(component: Component, on: date) -> tuple[Row, ...]:
    """The rows in force on a day.

    Raises:
        ParameterError: the component has no table yet.
    """
    rows = in_force(component.tables, on)
    if rows is None:
        first = min(component.tables)
        raise ParameterError(
            f"{component.place}: no table holds on {on}; name a day from {first} on."
        )
    return rows


def begins(component: Component, on: date) -> date:
    """The day from which the table in force on a day holds."""
    return max(start for start in component.tables if start <= on)


def as_curves(component: Component, rows: Sequence[Row]) -> tuple[Curve, ...]:
    """The rows as curves that arrays go through, one for each cell of a matrix.

    Where a whole transaction earns the rate it reaches, they are those of very small transactions.
    """
    smooth = component.crossing == "transaction" and component.word == "rate"
    drawn = replace(component, crossing="split") if smooth else component
    return tuple(
        _curve(curves.brackets(drawn, cell), float(when or 0), component.boundary == "lower")
        for when, cell in curves.cells(rows)
    )


def given(rows: Sequence[Row], gives: Sequence[float] | Floats) -> tuple[Row, ...]:
    """The rows with other rates, payouts or amounts."""
    return tuple(
        replace(row, gives=number(value, row.gives)) for row, value in zip(rows, gives, strict=True)
    )


def slices(component: Component, rows: Sequence[Row]) -> list[tuple[Curve, ...]]:
    """Each row's own slice: the curve of a table in which it alone gives 1."""
    return [as_curves(component, given(rows, unit)) for unit in np.eye(len(rows))]


def combined(
    own: Sequence[tuple[Curve, ...]], gives: Sequence[float] | Floats
) -> tuple[Curve, ...]:
    """The curves of a table whose rows give so much: each row's slice times what it gives."""
    return tuple(
        replace(cells[0], parts=sum(g * cell.parts for g, cell in zip(gives, cells, strict=True)))
        for cells in zip(*own, strict=True)
    )


def shifted(rows: Sequence[Row], at: int, by: float) -> tuple[Row, ...] | None:
    """The rows with one threshold moved, with all that share it; none if it would pass another."""
    start = rows[at].start
    moved = number(float(start) + by, start)
    made = tuple(replace(r, start=moved) if r.start == start else r for r in rows)
    for _, cell in curves.cells(made):
        starts = [r.start for r in cell]
        if any(b <= a for a, b in pairwise(starts)):
            return None
    return made


def number(value: float, like: Number) -> Number:
    """A number written as another is, to ten digits after the point, and where that one is."""
    made = Number(Decimal(repr(float(value))).quantize(Decimal("1e-10")).normalize() + 0)
    made.place, made.percent = like.place, like.percent
    return made


def written(rows: Sequence[Row]) -> str:
    """The rows as a plan file has them, one a line."""
    return "\n".join(_line(row) for row in rows)


def word(value: Number) -> str:
    """A number as a plan file has it: ``8.25%``, ``1500.00``."""
    if value.percent:
        return f"{(value * 100).normalize():f}%"
    return f"{value:f}" if value != value.to_integral_value() else f"{int(value)}"


def _line(row: Row) -> str:
    when = f"when: {word(row.when)}, " if row.when is not None else ""
    return f"- {{{when}from: {word(row.start)}, {row.word}: {word(row.gives)}}}"


def _curve(made: Sequence[curves.Bracket], when: float, lower: bool) -> Curve:
    parts = [[float(b.constant), float(b.slope), float(b.bend)] for b in made]
    return Curve(when, np.array([float(b.start) for b in made]), np.array(parts), lower)
