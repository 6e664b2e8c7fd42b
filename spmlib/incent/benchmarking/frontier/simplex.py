"""The simplex method for envelopments: many small linear programs that share their columns.

Each unit asks for the least factor of what it uses (or the greatest of what it brings) at which
some mix of the reference units does as well. Rows are few and columns many (`pivots`); a unit
begins at itself, so there is always somewhere to begin.

Source:
    Dantzig, Orden, Wolfe 1955 (revised simplex); Bland 1977 (no cycles); Ali 1993 (a unit's peers
    are found among those of others).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.incent.benchmarking.frontier.pivots import FACE, improved, inverted, priced
from spmlib.incent.benchmarking.frontier.programs import (
    CONSTANT,
    INWARD,
    OUTWARD,
    Asked,
    Basis,
    Goal,
    Known,
    Program,
)


@njit(cache=True)
def solved(
    points: Floats, program: Program, own: Whole, hidden: Whole
) -> tuple[Floats, Whole, Floats, Floats]:
    """Each unit's factor, the columns of its best mix with their weights, and the rows' prices.

    Args:
        points: units x rows: what each unit uses, then what it brings, then 1 if scale counts.
        program: what they share.
        own: the column that each unit is, or -1.
        hidden: a column that each unit may not use, or -1.

    Returns:
        Factors (nan: no mix does as well); by unit and place the columns in the mix, -1 where there
        is none and -2 - row for the slack of a row; the weights of both; prices by unit and row.
    """
    count, rows = points.shape
    factors = np.empty(count)
    mixes = np.full((count, rows), -1)
    weights = np.zeros((count, rows))
    prices = np.zeros((count, rows))
    many = len(program.columns)
    known = Known(np.empty(many, np.int64), np.zeros(many, np.bool_), np.zeros(1, np.int64))
    for unit in range(count):
        asked = _asked(points[unit], program, own[unit], hidden[unit])
        factors[unit] = _one(asked, program, known, mixes[unit], weights[unit], prices[unit])
    return factors, mixes, weights, prices


@njit(cache=True)
def resampled(points: Floats, program: Program, stretches: Floats) -> Floats:
    """Each unit's factor against references moved along their rays: samples x units.

    Args:
        points: units x rows.
        program: whose columns are the units.
        stretches: samples x units: what scaled rows of each reference unit are multiplied by.
    """
    samples, count = stretches.shape
    made = np.empty((samples, count))
    own, hidden = np.arange(count), np.full(count, -1)
    rows = len(program.sign)
    for sample in range(samples):
        moved = program.columns.copy()
        for unit in range(count):
            for row in range(rows):
                if program.scaled[row]:
                    moved[unit, row] *= stretches[sample, unit]
        other = Program(
            moved,
            program.scaled,
            program.sign,
            program.worth,
            program.inputs,
            program.outward,
            program.returns,
        )
        made[sample] = solved(points, other, own, hidden)[0]
    return made


@njit(cache=True)
def _asked(point: Floats, program: Program, own: int, hidden: int) -> Asked:
    ray, right = np.zeros(len(point)), point.copy()
    for row in range(len(point)):
        if program.scaled[row]:
            ray[row], right[row] = -point[row], 0.0
    return Asked(point, ray, right, own, hidden)


@njit(cache=True)
def _one(
    asked: Asked, program: Program, known: Known, mix: Whole, weight: Floats, price: Floats
) -> float:
    """One unit: begin at itself, better its factor, then take the mix with the most slack."""
    count, rows = program.columns.shape
    codes = _begun(asked, program)
    inverse, values = inverted(codes, program, asked)
    basis = Basis(codes, inverse, values)
    none = np.zeros(rows)
    if asked.own < 0:
        improved(basis, program, asked, Goal(none, 0.0, 1.0, none, False), known)
        for place in range(rows):
            if basis.codes[place] == count + 1 and basis.values[place] > FACE:
                return np.nan
    toward = -1.0 if program.outward == OUTWARD else 1.0
    goal = Goal(none, toward, 0.0, none, False)
    improved(basis, program, asked, goal, known)
    price[:] = priced(basis, goal, count)
    if program.worth.max() > 0:
        improved(basis, program, asked, Goal(-program.worth, 0.0, 0.0, price, True), known)
    _, values = inverted(basis.codes, program, asked)
    factor = 0.0
    for place in range(rows):
        code = basis.codes[place]
        weight[place] = max(values[place], 0.0)
        if code == count:
            factor = weight[place]
        elif code >= count + 2:
            mix[place] = count - code
        elif code < count:
            mix[place] = code
    return factor


@njit(cache=True)
def _begun(asked: Asked, program: Program) -> Whole:
    """The first basis: the unit itself, its factor, and slack in all other rows."""
    count, rows = program.columns.shape
    column = program.columns[asked.own] if asked.own >= 0 else asked.point
    codes = np.arange(count + 2, count + 2 + rows)
    first, best = -1, 0.0
    for row in range(rows):
        if program.scaled[row] and asked.point[row] > 0:
            ratio = column[row] / asked.point[row]
            beyond = ratio < best if program.outward == OUTWARD else ratio > best
            if first < 0 or beyond:
                first, best = row, ratio
    codes[first] = count
    place = rows - 1
    if program.returns == CONSTANT:
        most = 0.0
        for row in range(rows):
            inner = (row >= program.inputs) == (program.outward == INWARD)
            if inner and column[row] > most:
                place, most = row, column[row]
    codes[place] = asked.own if asked.own >= 0 else count + 1
    return codes
