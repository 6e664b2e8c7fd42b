"""Lives: what becomes of each cost, period by period, in whole minor units.

A carrying amount is amortised by the units of its benefit that have gone by since it was last
measured anew. Amounts to date are rounded, halves away from zero, and a period has the difference
of two of them: so a life's amounts add up to what was capitalised, to the cent.

    carrying(u) = base - rounded(base * (weight(u) - weight(from)) / (weight(to) - weight(from)))
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Whole

OPENING, CAPITALISED, AMORTISED, WRITTEN_OFF, CLAWED_BACK = range(5)
IMPAIRED, REVERSED, CLOSING, CURRENT, RECOVERED = range(5, 10)
MOVEMENTS = (
    *("opening", "capitalised", "amortised", "written_off", "clawed_back"),
    *("impaired", "reversed", "closing", "current", "recovered"),
)
ADDED, REVISED, CLAW, IMPAIR, REVERSE, TERMINATE = range(6)
KINDS = ("added", "revised", "clawed_back", "impaired", "reversed", "terminated")
SAFE = 3_000_000_000  # factors below it have products that an integer holds


@njit(cache=True)
def scaled(amount: int, part: int, whole: int) -> int:
    """An amount times part over whole, rounded, halves away from zero; exact for any sizes.

    >>> int(scaled(-5, 1, 2)), int(scaled(10**17, 10**17 - 1, 10**17))
    (-3, 99999999999999999)
    """
    sign = 1
    a, b, d = amount, part, whole
    if a < 0:
        a, sign = -a, -sign
    if b < 0:
        b, sign = -b, -sign
    if d < 0:
        d, sign = -d, -sign
    if a < SAFE and b < SAFE:
        return sign * ((2 * (a * b % d) + d) // (2 * d) + a * b // d)
    # Bit by bit from the highest: quotient and remainder of what was read so far times b.
    quotient, rest = 0, 0
    whole_b, rest_b = b // d, b % d
    for bit in range(62, -1, -1):
        quotient, rest = 2 * quotient, 2 * rest
        if rest >= d:
            quotient, rest = quotient + 1, rest - d
        if (a >> bit) & 1:
            quotient, rest = quotient + whole_b, rest + rest_b
            if rest >= d:
                quotient, rest = quotient + 1, rest - d
    return sign * (quotient + (1 if 2 * rest >= d else 0))


@njit(cache=True)
def weight(unit: int, of: Whole, units: int) -> int:
    """The weight of a benefit's first units: themselves, or those of a pattern of months."""
    if len(of) == 0:
        return unit
    month = unit // units
    if month >= len(of) - 1:
        return units * of[-1]
    return units * of[month] + (unit - month * units) * (of[month + 1] - of[month])


@njit(cache=True)
def carrying(base: int, start: int, end: int, unit: int, of: Whole, units: int) -> int:
    """What is left at a unit of an amount that was measured at the start."""
    if unit >= end:
        return 0
    if unit <= start:
        return base
    begun = weight(start, of, units)
    left = weight(end, of, units) - begun
    if left == 0:
        return base
    return base - scaled(base, weight(unit, of, units) - begun, left)


@njit(cache=True)
def taken_back(amount: int, held: int, gross: int, asset_first: bool) -> int:
    """The part of an amount clawed back that was still an asset."""
    if asset_first:
        return min(amount, held)
    return scaled(amount, held, gross) if gross != 0 else 0


@njit(cache=True)
def beyond(amount: int, taken: int, most: int) -> int:
    """What is left of an amount once something was taken, between nothing and the most."""
    if most < 0:
        return max(min(amount - taken, 0), most)
    return min(max(amount - taken, 0), most)


@njit(cache=True)
def lived(
    amounts: Whole,
    first: Whole,
    last: Whole,
    zero: Whole,
    totals: Whole,
    patterns: Whole,
    offsets: Whole,
    changes: Whole,
    weights: Whole,
    weight_offsets: Whole,
    ends: Whole,
    units: int,
    asset_first: bool,
    whole: int,
    low: int,
    high: int,
    base: Whole,
    out: Whole,
) -> None:
    """Add each cost's life to `out`: movement by row, at its base plus the period.

    Args:
        amounts: [minor units].
        first: the period in which each becomes an asset.
        last: the period after which nothing happens to it.
        zero: where its unit 0 is.
        totals: units of its benefit.
        patterns: its pattern; -1: evenly.
        offsets: where its changes begin; one more than costs.
        changes: kind, period, unit (since the grid's begin), amount, units of benefit since its
            unit 0, share, day; in order.
        weights: of all patterns' months, to date.
        weight_offsets: where each begins.
        ends: units at each period's end; twelve more than periods shown.
        units: of a month.
        asset_first: whether what is clawed back is taken from the asset first.
        whole: shares in 1.
        low: first period that is written.
        high: last one.
        base: the row of each cost's period 0.
        out: of `MOVEMENTS` and rows.
    """
    for i in range(len(amounts)):
        which = patterns[i]
        of = weights[0:0]
        if which >= 0:
            of = weights[weight_offsets[which] : weight_offsets[which + 1]]
        gross, held, free = amounts[i], amounts[i], amounts[i]
        # held is carried; free is what would be carried had nothing been impaired.
        held_base, free_base, start, end = held, free, 0, totals[i]
        change, day = offsets[i], -1
        held_before, gross_before, taken, clawed = held, gross, 0, 0  # on the day of a change
        for k in range(first[i], min(last[i], high) + 1):
            opening = held if k > first[i] else 0
            capitalised = amounts[i] if k == first[i] else 0
            amortised, written_off, clawed_back = 0, 0, 0
            impaired, reversed_, recovered = 0, 0, 0
            while change < offsets[i + 1] and changes[change, 1] <= k:
                kind, amount = changes[change, 0], changes[change, 3]
                unit = min(max(changes[change, 2] - zero[i], start), max(end, start))
                left = carrying(held_base, start, end, unit, of, units)
                amortised += held - left
                held = left
                free = carrying(free_base, start, end, unit, of, units)
                if changes[change, 6] != day:
                    day, taken, clawed = changes[change, 6], 0, 0
                    held_before, gross_before = held, gross
                if kind == ADDED:
                    gross, held, free = gross + amount, held + amount, free + amount
                    capitalised += amount
                elif kind == REVISED:
                    end = changes[change, 4]
                elif kind == CLAW:
                    part = taken_back(amount, held, gross, asset_first)
                    free -= taken_back(amount, free, gross, asset_first)
                    gross, held = gross - amount, held - part
                    taken, clawed = taken + part, clawed + amount
                    clawed_back, recovered = clawed_back + part, recovered + amount - part
                elif kind == IMPAIR:
                    loss = max(held - max(amount, 0), 0)
                    held, impaired = held - loss, impaired + loss
                elif kind == REVERSE:
                    gain = max(min(amount, free) - held, 0)
                    held, reversed_ = held + gain, reversed_ + gain
                else:
                    # What was clawed back that day is a part of what ended, and not lost twice.
                    share = changes[change, 5]
                    lost = beyond(scaled(held_before, share, whole), taken, held)
                    lost = held if share == whole else lost
                    free -= free if share == whole else scaled(free, lost, held) if held else 0
                    gross -= beyond(scaled(gross_before, share, whole), clawed, gross)
                    held, written_off = held - lost, written_off + lost
                held_base, free_base, start = held, free, unit
                change += 1
            left = carrying(held_base, start, end, ends[k] - zero[i], of, units)
            amortised += held - left
            held = left
            if k < low:
                continue
            row = base[i] + k
            later = carrying(held_base, start, end, ends[k + 12] - zero[i], of, units)
            out[OPENING, row] += opening
            out[CAPITALISED, row] += capitalised
            out[AMORTISED, row] += amortised
            out[WRITTEN_OFF, row] += written_off
            out[CLAWED_BACK, row] += clawed_back
            out[IMPAIRED, row] += impaired
            out[REVERSED, row] += reversed_
            out[CLOSING, row] += held
            out[CURRENT, row] += held - later
            out[RECOVERED, row] += recovered


def empty(rows: int) -> Whole:
    """Room for some rows of movements."""
    return np.zeros((len(MOVEMENTS), rows), np.int64)
