"""The simplex method for envelopments: many small linear programs that share their columns.

Each unit asks for the least factor of what it uses (or the greatest of what it brings) at which
some mix of the reference units does as well. Rows are few, columns are many: the inverse of the
basis is kept, and columns are priced; first those that other units needed, and all of them only
when none of these helps.

Source:
    Dantzig, Orden, Wolfe 1955 (revised simplex); Bland 1977 (no cycles); Ali 1993 (a unit's peers
    are found among those of others).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.incent.benchmarking.frontier.programs import (
    CONSTANT,
    INWARD,
    OUTWARD,
    VARIABLE,
    Asked,
    Basis,
    Goal,
    Known,
    Program,
)

SMALL, FACE = 1e-10, 1e-8  # what counts as 0 of numbers that are about 1
STALLED, AFRESH, MOST = 40, 50, 20_000  # pivots: until Bland's rule, a new inverse, giving up


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
    inverse, values = _inverted(codes, program, asked)
    basis = Basis(codes, inverse, values)
    none = np.zeros(rows)
    if asked.own < 0:
        _improved(basis, program, asked, Goal(none, 0.0, 1.0, none, False), known)
        for place in range(rows):
            if basis.codes[place] == count + 1 and basis.values[place] > FACE:
                return np.nan
    toward = -1.0 if program.outward == OUTWARD else 1.0
    goal = Goal(none, toward, 0.0, none, False)
    _improved(basis, program, asked, goal, known)
    price[:] = _priced(basis, goal, count)
    if program.worth.max() > 0:
        _improved(basis, program, asked, Goal(-program.worth, 0.0, 0.0, price, True), known)
    _, values = _inverted(basis.codes, program, asked)
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


@njit(cache=True)
def _inverted(codes: Whole, program: Program, asked: Asked) -> tuple[Floats, Floats]:
    """The inverse of a basis, and the values of its columns."""
    rows = len(codes)
    matrix = np.empty((rows, rows))
    for place in range(rows):
        matrix[:, place] = _column(codes[place], program, asked)
    inverse = np.linalg.inv(matrix)
    return inverse, inverse @ asked.right


@njit(cache=True)
def _column(code: int, program: Program, asked: Asked) -> Floats:
    count = len(program.columns)
    if code < count:
        return program.columns[code].copy()
    if code == count:
        return asked.ray.copy()
    if code == count + 1:
        return asked.point.copy()
    made = np.zeros(len(asked.point))
    made[code - count - 2] = program.sign[code - count - 2]
    return made


@njit(cache=True)
def _priced(basis: Basis, goal: Goal, count: int) -> Floats:
    """What one more of each row is worth, at a basis."""
    made = np.zeros(len(basis.codes))
    for place in range(len(made)):
        code, each = basis.codes[place], 0.0
        if code == count:
            each = goal.factor
        elif code == count + 1:
            each = goal.itself
        elif code > count + 1:
            each = goal.slack[code - count - 2]
        if each != 0.0:
            for row in range(len(made)):
                made[row] += each * basis.inverse[place, row]
    return made


@njit(cache=True)
def _improved(basis: Basis, program: Program, asked: Asked, goal: Goal, known: Known) -> None:
    """Pivot until nothing betters the goal. Changes the basis."""
    count = len(program.columns)
    still = 0
    for pivot in range(MOST):
        careful = still > STALLED
        prices = _priced(basis, goal, count)
        enters = _entering(prices, program, asked, goal, known, careful)
        if enters < 0:
            break
        way = basis.inverse @ _column(enters, program, asked)
        leaves, step = _leaving(way, basis, count, goal.itself, careful)
        if leaves < 0:
            break
        still = 0 if step > SMALL else still + 1
        _pivoted(basis, enters, leaves, step, way)
        if pivot % AFRESH == AFRESH - 1:
            fresh, values = _inverted(basis.codes, program, asked)
            basis.inverse[:, :] = fresh
            basis.values[:] = values


@njit(cache=True)
def _entering(
    prices: Floats, program: Program, asked: Asked, goal: Goal, known: Known, careful: bool
) -> int:
    """The column that betters most (carefully: the first that does), -1 if none."""
    count = len(program.columns)
    best, least = _entering_slack(prices, program, goal, careful)
    if not goal.on_face and not (careful and best >= 0):
        lower = goal.factor - prices @ asked.ray
        if lower < least:
            best, least = count, lower
    if careful and best >= 0:
        return best
    if not careful:
        for place in range(known.used[0]):
            each = known.order[place]
            lower = _lowered(prices, program.columns[each])
            if each != asked.hidden and lower < least and _kept(goal, program.columns[each]):
                best, least = each, lower
        if best >= 0:
            return best
    for each in range(count):
        if each == asked.hidden or (known.listed[each] and not careful):
            continue
        lower = _lowered(prices, program.columns[each])
        if lower < least and _kept(goal, program.columns[each]):
            best, least = each, lower
            if careful:
                break
    if best >= 0 and not known.listed[best]:
        known.order[known.used[0]] = best
        known.listed[best] = True
        known.used[0] += 1
    return best


@njit(cache=True)
def _entering_slack(
    prices: Floats, program: Program, goal: Goal, careful: bool
) -> tuple[int, float]:
    count, rows = program.columns.shape
    best, least = -1, -SMALL
    for row in range(rows):
        fixed = program.returns == VARIABLE and row == rows - 1
        if fixed or (goal.on_face and abs(goal.face[row]) > FACE):
            continue
        lower = goal.slack[row] - prices[row] * program.sign[row]
        if lower < least:
            best, least = count + 2 + row, lower
            if careful:
                break
    return best, least


@njit(cache=True)
def _lowered(prices: Floats, column: Floats) -> float:
    made = 0.0
    for row in range(len(column)):
        made -= prices[row] * column[row]
    return made


@njit(cache=True)
def _kept(goal: Goal, column: Floats) -> bool:
    """Whether a column leaves an earlier goal as it is."""
    if not goal.on_face:
        return True
    dot, size = 0.0, 1.0
    for row in range(len(column)):
        dot += goal.face[row] * column[row]
        size = max(size, abs(goal.face[row] * column[row]))
    return abs(dot) <= FACE * size


@njit(cache=True)
def _leaving(
    way: Floats, basis: Basis, count: int, itself: float, careful: bool
) -> tuple[int, float]:
    """The place whose column leaves, and how far the step goes.

    What stood in for a reference unit never comes back: it leaves as soon as it would move.
    """
    leaves, step = -1, np.inf
    for place in range(len(way)):
        stands_in = basis.codes[place] == count + 1 and itself == 0.0
        if way[place] > SMALL or (stands_in and abs(way[place]) > SMALL):
            ratio = 0.0 if stands_in else max(basis.values[place], 0.0) / way[place]
            if leaves >= 0 and abs(ratio - step) <= SMALL:
                firmer = abs(way[place]) > abs(way[leaves])
                better = basis.codes[place] < basis.codes[leaves] if careful else firmer
            else:
                better = leaves < 0 or ratio < step
            if better:
                leaves, step = place, ratio
    return leaves, step


@njit(cache=True)
def _pivoted(basis: Basis, enters: int, leaves: int, step: float, way: Floats) -> None:
    basis.inverse[leaves] /= way[leaves]
    for place in range(len(way)):
        if place != leaves and way[place] != 0.0:
            basis.inverse[place] -= way[place] * basis.inverse[leaves]
            basis.values[place] -= step * way[place]
    basis.values[leaves] = step
    basis.codes[leaves] = enters
