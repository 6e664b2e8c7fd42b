"""Breaks: where the level of a series changed for good within its last two years.

The months after a day over the same months a year before are compared with the months before it
over theirs, so neither season nor growth is a break. It is told, not repaired: candidates believe a
new level as fast as their errors ask for, and intervals are made of errors with and without breaks.
Series that are sparse or not above 0 throughout are not looked at.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.forecasting.panels import Panel

AGAIN = 1.4  # times wider a later break has to be: a year after, growth comes back from each
REACH, LEAST = 6, 3  # steps compared before and after a day, at most and at least
RECENT = 2  # years
FAR = 1.5  # typical changes from step to step that lie between all values before and all after
LARGE = 0.26  # of the logarithm: 30 % more, or 23 % less


def breaks(panel: Panel) -> tuple[Whole, Floats]:
    """The break of each series: its step from the series' end (0: none), and how many times."""
    back, times = np.zeros(len(panel.lengths), np.int64), np.ones(len(panel.lengths))
    sound = ~panel.sparse & (panel.lowest > 0)
    _look(panel.values, panel.offsets, panel.season, sound, back, times)
    return back, times


@njit(cache=True)
def _look(
    values: Floats, offsets: Whole, season: int, sound: Whole, back: Whole, times: Floats
) -> None:
    for q in range(len(offsets) - 1):
        x = values[offsets[q] : offsets[q + 1]]
        n = len(x)
        if not sound[q] or n < season + REACH + LEAST + 2:
            continue
        growth = np.log(x[season:] / x[: n - season])  # from the year before
        usual = np.median(np.abs(np.diff(growth)))
        widest, found = FAR * usual, 0
        for t in range(max(REACH, len(growth) - RECENT * season), len(growth) - LEAST + 1):
            before, after = growth[t - REACH : t], growth[t : t + REACH]
            gap = max(after.min() - before.max(), before.min() - after.max())
            change = np.median(after) - np.median(before)
            if gap > (AGAIN if found else 1.0) * widest and abs(change) > LARGE:
                widest, found = gap, len(growth) - t
                times[q] = np.exp(change)
        back[q] = found
