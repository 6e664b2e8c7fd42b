"""Outliers: single values far from those beside them and from those a year away.

A one-off deal says nothing about next month, so candidates see the middle of its neighbours in its
place; errors are measured against what really came. Sparse series have none: their few sales are
all there is. A value without another a year away is none either: it may be the season.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.forecasting.panels import Panel

FAR = 12.0  # typical distances between a value and the middle of its neighbours
REACH = 3  # steps to either side that are neighbours


def outliers(panel: Panel) -> Whole:
    """Which values are outliers: a mark for each value of the panel."""
    return _looked_at(panel)[0]


def without(panel: Panel) -> Panel:
    """The panel with the middle of its neighbours in place of each outlier."""
    marked, middles = _looked_at(panel)
    return replace(panel, values=np.where(marked, middles, panel.values)) if marked.any() else panel


def _looked_at(panel: Panel) -> tuple[Whole, Floats]:
    marked, middles = np.zeros(len(panel.values), np.bool_), np.empty(len(panel.values))
    _mark(panel.values, panel.offsets, panel.season, marked, middles)
    return marked & ~np.repeat(panel.sparse, panel.lengths), middles


@njit(cache=True)
def _mark(values: Floats, offsets: Whole, season: int, marked: Whole, middles: Floats) -> None:
    near = np.empty(2 * REACH + 1)
    for q in range(len(offsets) - 1):
        begin, end = offsets[q], offsets[q + 1]
        for i in range(begin, end):
            count = 0
            for j in range(max(begin, i - REACH), min(end, i + REACH + 1)):
                if j != i:
                    near[count] = values[j]
                    count += 1
            middles[i] = np.median(near[:count]) if count else values[i]
        far = FAR * np.median(np.abs(values[begin:end] - middles[begin:end]))
        if far <= 0:
            continue
        for i in range(begin, end):
            apart, compared = abs(values[i] - middles[i]) > far, False
            for j in (i - season, i + season):
                if begin <= j < end:
                    compared = True
                    apart = apart and abs(values[i] - values[j]) > far
            marked[i] = apart and compared
