"""Staggered: teams that started on different days, against those that had not started yet.

A regression with a column for having started and effects of teams and months compares late
starters with early ones too, whose own effect may still be growing: its sign can be wrong
(Goodman-Bacon, 2021). Here teams and months are fitted to what had not started alone, and what
those would have come to is set against what came (Borusyak, Jaravel and Spiess, 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.revops.value.series import Flags, Floats

LEAST = 4  # teams, below which their differences tell no interval


@dataclass(frozen=True)
class Difference:
    """The mean change of team-months after a start, and its interval by leaving teams out."""

    change: float
    low: float
    high: float
    expected: Floats  # without the change, shape (teams, months); NaN where nobody shows it
    error: float  # the jackknife's; NaN where there is none
    freedom: int  # teams less one

    def draws(self, count: int, random: np.random.Generator) -> Floats:
        """Changes drawn from Student's distribution, shape (count, 1)."""
        made: Floats = self.change + self.error * random.standard_t(self.freedom, (count, 1))
        return made


def staggered(values: Floats, starts: Floats, sure: float = 0.95) -> Difference:
    """The effect of a change that teams began in different months.

    Args:
        values: shape (teams, months), NaN where unknown.
        starts: column of each team's first month after; infinite where it never started.
        sure: how sure the interval is. It is the jackknife's over teams, with Student's
            distribution; below four teams it is empty (NaN).

    Raises:
        ParameterError: no team started, none is there to compare with, or starts do not pair.
    """
    if np.ndim(values) != 2 or np.shape(starts) != (len(values),):
        wrong = f"values of shape {np.shape(values)} and {np.size(starts)} starts do not pair"
        raise ParameterError(f"staggered: {wrong}; give a row and a start for each team.")
    from scipy.special import stdtrit

    started: Flags = np.arange(values.shape[1])[None] >= np.asarray(starts, float)[:, None]
    change, expected = _change(values, started)
    if not np.isfinite(change):
        raise ParameterError("staggered: nobody had not started yet; compare months instead.")
    error, freedom = _error(values, started), len(values) - 1
    far = float(stdtrit(freedom, (1 + sure) / 2)) * error if freedom else np.nan
    return Difference(change, change - far, change + far, expected, error, freedom)


def _change(values: Floats, started: Flags) -> tuple[float, Floats]:
    known = np.isfinite(values)
    kept = known & ~started
    teams, months = (np.eye(size) for size in values.shape)
    rows, columns = np.nonzero(kept)
    expected = np.full(values.shape, np.nan)
    if not len(rows):
        return np.nan, expected
    design = np.column_stack([teams[rows], months[columns]])
    # The least of all solutions: what teams and months share may be counted with either.
    found = np.linalg.lstsq(design.T @ design, design.T @ values[kept], rcond=1e-10)[0]
    shown = kept.any(axis=1, keepdims=True) & kept.any(axis=0, keepdims=True)
    size = len(values)
    expected = np.where(shown, found[:size, None] + found[size:], np.nan)
    told = known & started & shown
    return (float((values - expected)[told].mean()) if told.any() else np.nan), expected


def _error(values: Floats, started: Flags) -> float:
    """The jackknife's error over teams; NaN below four, or where all hangs on one of them."""
    count = len(values)
    if count < LEAST:
        return np.nan
    places = np.arange(count)
    without = [_change(values[places != out], started[places != out])[0] for out in places]
    left = np.array(without)
    return float(np.sqrt((count - 1) / count * ((left - left.mean()) ** 2).sum()))
