"""Hierarchies: forecasts of sums that agree with the forecasts of their parts.

Every node (a region, a product, a region's product, all) is forecast for itself; then all of them
are moved as little as their errors ask for, until each sum is the sum of its parts. Nested and
crossed levels alike: a level is a list of columns.

Source:
    Wickramasuriya, Athanasopoulos, Hyndman, "Optimal forecast reconciliation for hierarchical and
    grouped time series through trace minimization" (2019), and Schäfer, Strimmer (2005) for the
    shrunk covariance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.orchestrate.forecasting.panels import BETWEEN, Panel, within

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WHOLE = "total"
YEARS = 10  # of which changes are looked at
LEAST = 6  # changes, before any likeness is believed
SMALL = 1000  # nodes of which likenesses are looked at, to say how far they are believed
Level = Sequence[str]  # columns whose every combination is a node; none: the whole


@dataclass(frozen=True)
class Hierarchy:
    """Which parts each sum is the sum of; sums first, then the parts, as one panel."""

    panel: Panel
    sums: csr_matrix  # sums x parts: 1 where the part belongs to the sum

    @property
    def count(self) -> int:
        """How many sums there are."""
        return int(self.sums.shape[0])


def hierarchy(parts: Panel, levels: Sequence[Level]) -> Hierarchy:
    """The parts and their sums, level by level.

    Args:
        parts: series with groups; all end with the last step of all, 0 where one ended before.
        levels: of sums, such as ``[(), ("region",), ("family",), ("region", "family")]``.

    Raises:
        ParameterError: a level names a column that the history does not have.
    """
    from scipy.sparse import csr_matrix, vstack

    names: list[str] = []
    blocks = []
    each = np.arange(len(parts.names))
    for level in levels:
        for column in level:
            if column not in parts.groups:
                known = nearest(column, sorted(parts.groups))
                raise ParameterError(f"the history has no column '{column}'; write {known}.")
        columns = [parts.groups[column] for column in level]
        labels = [BETWEEN.join(words) for words in zip(*columns, strict=True)]
        found, codes = np.unique(np.array(labels or [WHOLE] * len(each)), return_inverse=True)
        ones = np.ones(len(each))
        blocks.append(csr_matrix((ones, (codes, each)), shape=(len(found), len(each))))
        names += list(map(str, found))
    sums = vstack(blocks, format="csr") if blocks else csr_matrix((0, len(each)))
    return Hierarchy(_together(parts, names, sums), sums)


def _together(parts: Panel, names: list[str], sums: csr_matrix) -> Panel:
    """Sums and parts as one panel; a sum begins with the first of its parts."""
    end = parts.ends.max()
    first = parts.ends - parts.lengths + 1
    steps = int(end - first.min() + 1)
    grid = np.zeros((len(parts.names), steps))
    row = np.repeat(np.arange(len(parts.names)), parts.lengths)
    column = within(parts.lengths) + np.repeat(first - first.min(), parts.lengths)
    grid[row, column] = parts.values
    begins = np.concatenate([_earliest(sums, first), first]) - first.min()
    every = np.vstack([sums @ grid, grid])
    there = np.arange(steps) >= begins[:, None]
    lengths = steps - begins
    return replace(
        parts,
        names=(*names, *parts.names),
        values=every[there],
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        ends=np.full(len(every), end),
        groups={c: ("",) * len(names) + labels for c, labels in parts.groups.items()},
    )


def _earliest(sums: csr_matrix, first: Whole) -> Whole:
    if sums.shape[0] == 0:
        return np.empty(0, int)
    return np.minimum.reduceat(first[sums.indices], sums.indptr[:-1])


# --- reconciliation ----------------------------------------------------------------------------


def ordinary(whole: Hierarchy, errors: Floats) -> tuple[Floats, Floats]:
    """All nodes alike (OLS): variances of 1, and no common factors."""
    return np.ones(len(whole.panel.names)), np.empty((len(whole.panel.names), 0))


def structural(whole: Hierarchy, errors: Floats) -> tuple[Floats, Floats]:
    """By how many parts a node has (WLS)."""
    size = np.asarray(whole.sums.sum(axis=1)).ravel()
    return np.concatenate([size, np.ones(whole.sums.shape[1])]), ordinary(whole, errors)[1]


def variances(whole: Hierarchy, errors: Floats) -> tuple[Floats, Floats]:
    """By how wrong each node was (WLS): nodes that were right move less."""
    there = ~np.isnan(errors)
    squares = np.where(there, errors, 0.0) ** 2
    count = there.sum(axis=(0, 2))
    size = structural(whole, errors)[0]
    own = np.divide(squares.sum(axis=(0, 2)), count, out=np.zeros(len(size)), where=count > 0)
    known = own > 0
    typical = np.median(own[known] / size[known]) if known.any() else 1.0
    return np.where(known, own, typical * size), ordinary(whole, errors)[1]


def shrunk(whole: Hierarchy, errors: Floats) -> tuple[Floats, Floats]:
    """By how wrong nodes were, and how alike they change from year to year (MinT, shrunk)."""
    variance, none = variances(whole, errors)
    season = whole.panel.season
    recent = whole.panel.ending(min(YEARS * season, int(whole.panel.lengths.max())))
    changes = np.nan_to_num(recent[:, season:] - recent[:, :-season]).T
    if len(changes) < LEAST:
        return variance, none
    changes -= changes.mean(axis=0)
    size = changes.std(axis=0)
    like = np.divide(changes, size, out=np.zeros_like(changes), where=size > 0)
    intensity = _intensity(like)
    factors = (np.sqrt((1 - intensity) / len(like)) * like * np.sqrt(variance)).T
    return np.maximum(variance - (factors**2).sum(axis=1), intensity * variance), factors


METHODS: dict[str, Callable[[Hierarchy, Floats], tuple[Floats, Floats]]] = {
    "ols": ordinary,
    "wls_struct": structural,
    "wls_var": variances,
    "mint_shrink": shrunk,
}


def agreed(whole: Hierarchy, variance: Floats, factors: Floats, values: Floats) -> Floats:
    """The nearest forecasts to those given of which each sum is the sum of its parts.

    No part that never was below 0 is forecast below 0. Where some parts have no forecast (they were
    too short), sums are left as they are.

    Args:
        whole: which parts each sum has.
        variance: of each node's error, less what the factors explain.
        factors: nodes x common factors of their errors.
        values: nodes x steps.
    """
    parts = values[whole.count :]
    if np.isnan(values).any():
        return values
    moved = reconciled(values, whole, variance, factors)[whole.count :]
    lowest = np.where(whole.panel.lowest[whole.count :] < 0, -np.inf, 0.0)[:, None]
    parts = np.maximum(moved, lowest)
    return np.vstack([whole.sums @ parts, parts])


def reconciled(values: Floats, whole: Hierarchy, variance: Floats, factors: Floats) -> Floats:
    """The nearest forecasts to those given of which each sum is the sum of its parts.

    Defined as::

        y - W U' (U W U')^-1 U y        with U y = sums - sum of parts, W = diag(variance) + F F'

    Args:
        values: nodes x anything.
        whole: which parts each sum has.
        variance: of each node's error, less what the factors explain.
        factors: F: nodes x common factors of their errors.
    """
    count = whole.count
    if count == 0:
        return values
    apart = values[:count] - whole.sums @ values[count:]
    solve = _solver(whole, variance)
    common = factors[:count] - whole.sums @ factors[count:]
    answer = solve(apart)
    if factors.shape[1]:
        half = solve(common)
        inner = np.eye(factors.shape[1]) + common.T @ half
        answer -= half @ np.linalg.solve(inner, common.T @ answer)
    moved = np.vstack([answer, -(whole.sums.T @ answer)])
    return values - variance[:, None] * moved - factors @ (factors.T @ moved)


def _solver(whole: Hierarchy, variance: Floats) -> Callable[[Floats], Floats]:
    """What solves U diag(variance) U' x = b."""
    from scipy.sparse import diags
    from scipy.sparse.linalg import splu

    count = whole.count
    parts = whole.sums @ diags(variance[count:]) @ whole.sums.T
    return splu((parts + diags(variance[:count])).tocsc()).solve


def _intensity(like: Floats) -> float:
    """How far correlations are drawn towards 0: Schäfer and Strimmer's, of standardised rows."""
    some = like[:, np.linspace(0, like.shape[1] - 1, min(SMALL, like.shape[1])).astype(int)]
    correlation = (some.T @ some) / len(some)
    spread = ((some**2).T @ (some**2)) / len(some) - correlation**2
    others = ~np.eye(len(correlation), dtype=bool)
    signal = (correlation[others] ** 2).sum()
    return float(np.clip(spread[others].sum() / len(some) / signal, 0, 1)) if signal > 0 else 1.0
