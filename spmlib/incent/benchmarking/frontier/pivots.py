"""Pivots: from one basis of a linear program to a better one, until there is none.

The inverse of the basis is kept, and columns are priced: first those that other units needed, and
all of them only when none of these helps. Where pivots stand still, the first column that betters
comes in instead of the one that betters most (Bland), so that nothing goes in circles.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.incent.benchmarking.frontier.programs import (
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
def inverted(codes: Whole, program: Program, asked: Asked) -> tuple[Floats, Floats]:
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
def priced(basis: Basis, goal: Goal, count: int) -> Floats:
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
def improved(basis: Basis, program: Program, asked: Asked, goal: Goal, known: Known) -> None:
    """Pivot until nothing betters the goal. Changes the basis."""
    count = len(program.columns)
    still = 0
    for pivot in range(MOST):
        careful = still > STALLED
        prices = priced(basis, goal, count)
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
            fresh, values = inverted(basis.codes, program, asked)
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
