"""Curved: what the tables of a component make of what was credited, in double precision.

The engine's four ways: to date (`running`), one transaction alone, a transaction that crosses as a
whole, and places in a ranking. What comes out is what was earned to date at the end of each period,
in minor units, before modifiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from spmlib.core import conversion
from spmlib.core.arrays import Floats, Whole
from spmlib.core.tables import MONEY
from spmlib.incent.modelling.arrays.taken import Counted, Value
from spmlib.rules import curves
from spmlib.rules.estimated.plans import Curve
from spmlib.rules.plans import Component

NEAR = 1e-12  # relative: quotients this close to a threshold lie on it
HALF = 1e-6  # of a minor unit: amounts this close to a half are one


def to_date(of: Component, on: Counted, cell: Value | None, quota: float, target: float) -> Floats:
    """What each place has earned to date in its window [minor units], not rounded.

    Args:
        of: the component as it is tried.
        on: what it counts.
        cell: the second measure that picks a matrix's cell, at each place.
        quota: by what quotas are multiplied.
        target: by what target incentives are.
    """
    line = limited(of, on)
    if of.thresholds == "place":
        return _ranked(of, on, line)
    stick, pay = _sticks(of, on, quota, target)
    if of.alone:
        return _alone(of, on, line, stick, pay)
    tables = _tables(of)
    at = _versions(of, on.day)
    picked = _cells(of, at, cell)
    if of.crossing == "transaction" and of.word == "rate":
        return _crossing(of, on, line, tables, (at, picked), stick, pay)
    after = running(np.bincount(on.row, line, len(on.person)), on.group)
    before = after - np.bincount(on.row, line, len(on.person))
    end, start = (_at(of, tables, (at, picked), x, stick, pay) for x in (after, before))
    return end + _carried(of, on, start, end)


def limited(of: Component, on: Counted) -> Floats:
    """What each line credits, no transaction more than the windfall limit [ticks]."""
    if on.fixed or not of.windfall:
        return on.line
    days = np.array([day.toordinal() for day in of.windfall])
    limits = np.array([np.inf, *(float(v) * MONEY for v in of.windfall.values())])
    most = limits[np.searchsorted(days, on.day, "right")][on.row]
    return np.clip(on.line, -most, most)


def running(values: Floats, group: Whole) -> Floats:
    """Sums to date, begun again in every group; groups are numbered in order."""
    sums = np.cumsum(values)
    if not len(group):
        return sums
    first = np.flatnonzero(np.append(True, np.diff(group) != 0))
    before = np.append(0.0, sums)[first]
    return np.asarray(sums - np.repeat(before, np.diff(np.append(first, len(group)))))


def rounded(values: Floats) -> Floats:
    """To whole minor units, halves away from zero."""
    return np.asarray(np.sign(values) * np.floor(np.abs(values) + (0.5 + HALF)))


def reached(value: Floats, base: Floats, starts: Floats, lower: bool) -> Whole:
    """The number of the step that a quotient has reached; the first one without a base."""
    u = np.divide(value, base, out=np.full(len(value), -np.inf), where=base > 0)
    return np.searchsorted(_eased(starts[1:], lower), u, "right")


def _eased(starts: Floats, lower: bool) -> Floats:
    """Thresholds moved by what a quotient in double precision may be off."""
    width = NEAR * np.maximum(np.abs(starts), 1e-3)
    return starts + width if lower else starts - width


def _tables(of: Component) -> list[list[tuple[Curve, float]]]:
    """The curves of each dated table and cell, and from which value of its measure each holds."""
    return [
        [
            (_curve(curves.brackets(of, rows), of.boundary), float(when or 0))
            for when, rows in curves.cells(table)
        ]
        for table in of.tables.values()
    ]


def _curve(brackets: Any, boundary: str) -> Curve:
    parts = np.array([[float(b.constant), float(b.slope), float(b.bend)] for b in brackets])
    starts = np.array([float(b.start) for b in brackets])
    return Curve(0.0, starts, parts, boundary == "lower")


def _versions(of: Component, days: Whole) -> Whole:
    """The number of the table in force on each day; the first one before it."""
    starts = np.array([day.toordinal() for day in of.tables])
    return np.maximum(np.searchsorted(starts, days, "right") - 1, 0)


def _cells(of: Component, at: Whole, cell: Value | None) -> Whole:
    """The number of the cell that the second measure picks."""
    made = np.zeros(len(at), int)
    if of.matrix is None or cell is None:
        return made
    for version, table in enumerate(of.tables.values()):
        starts = np.array([float(when or 0) for when, _ in curves.cells(table)])
        own = at == version
        lower = of.matrix.boundary == "lower"
        made[own] = reached(cell.value[own], cell.base[own], starts, lower)
    return made


def _sticks(of: Component, on: Counted, quota: float, target: float) -> tuple[Floats, Floats]:
    """What thresholds count in, and what the curve multiplies [ticks]."""
    unit = np.full(len(on.person), float(MONEY))
    stick = on.quota * quota if of.thresholds == "quota" else unit
    if of.pays in ("rate", "unit"):
        return stick, stick
    if of.pays == "personal_rate":
        return stick, stick * on.rate
    return stick, on.target * target if of.pays == "target" else unit


def _at(
    of: Component,
    tables: list[list[tuple[Curve, float]]],
    picked: tuple[Whole, Whole],
    x: Floats,
    stick: Floats,
    pay: Floats,
) -> Floats:
    """The curves' value at x [minor units]; nothing without a stick."""
    made = np.zeros(len(x))
    u = np.divide(x, stick, out=np.zeros(len(x)), where=stick > 0)
    for version, table in enumerate(tables):
        for number, (curve, _) in enumerate(table):
            own = (picked[0] == version) & (picked[1] == number) & (stick > 0)
            if own.any():
                made[own] = pay[own] * _value(curve, u[own])
    return made / conversion.minor(of.currency)


def _value(curve: Curve, u: Floats) -> Floats:
    place = np.searchsorted(_eased(curve.starts[1:], curve.lower), u, "right")
    constant, slope, bend = curve.parts[place].T
    return constant + slope * u + bend * u * u


def _carried(of: Component, on: Counted, start: Floats, end: Floats) -> Floats:
    """What a new table, or rate, carries on from the old one inside a window."""
    if of.on_change != "continue" or of.quota != "window" or of.matrix or not len(start):
        return np.zeros(len(start))
    step = np.append(0.0, end[:-1] - start[1:])
    step[np.append(True, np.diff(on.group) != 0)] = 0.0
    return running(step, on.group)


def _alone(of: Component, on: Counted, line: Floats, stick: Floats, pay: Floats) -> Floats:
    """Each transaction rounded by itself, a negative one as the mirror of its positive."""
    own = (
        np.zeros(len(line)) if on.own is None else on.own.value,
        np.ones(len(line)) if on.own is None else on.own.base,
    )
    at = _versions(of, on.day)[on.row]
    picked = (at, _cells(of, at, Value(*own)))
    exact = _at(of, _tables(of), picked, np.abs(line), stick[on.row], pay[on.row])
    each = np.sign(line) * rounded(exact) if len(line) else exact
    each = np.where(line == 0, rounded(exact), each)
    return running(np.bincount(on.row, each, len(on.person)), on.group)


def _crossing(
    of: Component,
    on: Counted,
    line: Floats,
    tables: list[list[tuple[Curve, float]]],
    picked: tuple[Whole, Whole],
    stick: Floats,
    pay: Floats,
) -> Floats:
    """A whole transaction, or all of a month, at the rate it reaches."""
    after = running(line, on.group[on.row])
    before = after - line
    far = np.where(line >= 0, after, before)
    if of.group == "month" and len(line):
        month = on.group[on.row] * (int(on.period.max()) + 1) + on.period[on.row]
        first = np.flatnonzero(np.append(True, np.diff(month) != 0))
        counts = np.diff(np.append(first, len(line)))
        turnover = np.repeat(np.add.reduceat(line, first), counts)
        opening = np.repeat(before[first], counts)
        far = np.where(turnover >= 0, opening + turnover, opening)
    rate = _at(of, tables, (picked[0][on.row], picked[1][on.row]), far, stick[on.row], pay[on.row])
    part = np.divide(rate * line, stick[on.row], out=np.zeros(len(line)), where=stick[on.row] > 0)
    return running(np.bincount(on.row, part, len(on.person)), on.group)


def _ranked(of: Component, on: Counted, line: Floats) -> Floats:
    """Prizes for places at the end of a window; those who tie share the sum of theirs."""
    unit = conversion.minor(of.currency)
    after = running(np.bincount(on.row, line, len(on.person)), on.group)
    made = np.zeros(len(after))
    runs = on.ends & (after > 0)
    at = _versions(of, on.day)
    tables = list(of.tables.values())
    for end in np.unique(on.day[runs]):
        own = np.flatnonzero(runs & (on.day == end))
        prizes = {int(r.start): float(r.gives) * MONEY / unit for r in tables[at[own[0]]]}
        made[own] = _shared(after[own], prizes)
    return made


def _shared(reached_: Floats, prizes: Mapping[int, float]) -> Floats:
    """The prize of each, left-over minor units to the first of those who tie."""
    values, tied = np.unique(-reached_, return_inverse=True)
    counts = np.bincount(tied, minlength=len(values))
    taken = np.append(0, counts.cumsum()[:-1])
    pots = [
        sum(prizes.get(int(p), 0.0) for p in range(t + 1, t + 1 + n))
        for t, n in zip(taken, counts, strict=True)
    ]
    pot, many = np.array(pots)[tied], counts[tied]
    order = np.argsort(tied, kind="stable")
    turn = np.empty(len(tied), int)
    turn[order] = np.arange(len(tied)) - taken[tied[order]]
    return np.floor(pot / many) + (turn < pot - np.floor(pot / many) * many)


def day_number(day: date) -> int:
    """A day as the arrays count it."""
    return day.toordinal()
