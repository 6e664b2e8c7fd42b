"""Newcomers: a new seller or territory borrows its peers' season and growth.

A series of less than two years is continued backwards: with what its peers did, at its own level.
Every method then sees a history that is long enough. How much the whole, and how much each group
that the series belongs to, says about a member is learnt from the series that are long enough.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.forecasting.panels import Panel, within

YEARS = 6  # that are borrowed at most
KEPT = 0.8  # of what a step counts for a newcomer's level, a step later
RIDGE = 1e-3  # draws what a group says to 0, as a share of what it could say


def lent(panel: Panel) -> Panel:
    """The panel, its short series continued backwards; itself where nothing can be lent."""
    short = np.flatnonzero(panel.short)
    if len(short) == 0:
        return panel
    end = panel.ends.max()
    peers = (panel.ends == end) & ~panel.short & (panel.lowest > 0)
    if peers.sum() < 2:
        return panel
    steps = int(min(YEARS * panel.season, np.quantile(panel.lengths[peers], 0.25)))
    peers &= panel.lengths >= steps
    logs = np.log(panel.ending(steps)[peers])
    profiles = np.exp(_profiles(panel, np.flatnonzero(peers), logs, short))
    return _continued(panel, short, profiles, end)


def _profiles(panel: Panel, peers: Whole, logs: Floats, short: Whole) -> Floats:
    """What the peers' course says about each newcomer's, as logarithms: newcomers x steps."""
    course = logs - logs.mean(axis=1, keepdims=True)
    known = [_others(course, np.zeros(len(peers), int), np.zeros(len(peers), int), own=True)]
    asked = [np.broadcast_to(course.mean(axis=0), (len(short), course.shape[1]))]
    for labels in panel.groups.values():
        _, codes = np.unique(np.array(labels), return_inverse=True)
        known.append(_others(course, codes[peers], codes[peers], own=True) - known[0])
        asked.append(_others(course, codes[peers], codes[short], own=False) - asked[0])
        known[-1][np.isnan(known[-1])] = 0.0
        asked[-1] = np.nan_to_num(asked[-1])
    x = np.stack([np.diff(each).ravel() for each in known], axis=1)
    square = x.T @ x
    square += RIDGE * np.diag(np.diag(square)) + 1e-12 * np.eye(len(square))
    shares = np.linalg.solve(square, x.T @ np.diff(course).ravel())
    return np.tensordot(shares, np.stack(asked), axes=1)


def _others(course: Floats, codes: Whole, of: Whole, own: bool) -> Floats:
    """The mean course of the peers with a code, those asked about left out; NaN where none is."""
    groups = np.zeros((max(codes.max(), of.max()) + 1, course.shape[1]))
    count = np.bincount(codes, minlength=len(groups)).astype(float)
    np.add.at(groups, codes, course)
    total, there = groups[of], count[of]
    if own:
        total, there = total - course, there - 1
    there = there[:, None]
    return np.divide(total, there, out=np.full_like(total, np.nan), where=there > 0)


def _continued(panel: Panel, short: Whole, profiles: Floats, end: int) -> Panel:
    """The panel with each short series begun as early as its profile, at its own level."""
    steps = profiles.shape[1]
    at = steps - 1 - (end - panel.ends[short])  # where in the profile each series ends
    fits = at - panel.lengths[short] + 1 > 0
    short, profiles, at = short[fits], profiles[fits], at[fits]
    before = np.zeros(len(panel.names), int)
    before[short] = at - panel.lengths[short] + 1
    recent = panel.ending(steps)[short]
    age = np.arange(steps)[::-1]
    heavy = np.where(np.isnan(recent), 0.0, KEPT**age)
    column = np.maximum(at[:, None] - age, 0)
    own = np.take_along_axis(profiles, column, axis=1)
    level = (heavy * np.nan_to_num(recent)).sum(axis=1) / (heavy * own).sum(axis=1)
    lengths = panel.lengths + before
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    values = np.empty(offsets[-1])
    place = within(lengths)
    is_own = place >= np.repeat(before, lengths)
    values[is_own] = panel.values
    number = np.zeros(len(panel.names), int)
    number[short] = np.arange(len(short))
    series = np.repeat(number, lengths)[~is_own]
    values[~is_own] = level[series] * profiles[series, place[~is_own]]
    return replace(panel, values=values, offsets=offsets)
