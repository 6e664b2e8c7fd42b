"""Neighbours: which units of a map lie beside each other, and in how many pieces a territory lies.

A unit is a place that is given to a seller as a whole: a postal district, a county, an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay, QhullError

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError

FAR = 3.0  # times the middle edge of a unit, beyond which places are no neighbours


@dataclass(frozen=True)
class Neighbours:
    """The neighbours of each unit, one unit after the other.

    Attributes:
        starts: where each unit's neighbours begin, and where the last ones end: units + 1.
        others: the neighbours.
    """

    starts: Whole
    others: Whole

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.starts) - 1

    @cached_property
    def pairs(self) -> Whole:
        """Each unit with each of its neighbours: pairs x 2, both ways round."""
        unit = np.repeat(np.arange(self.units), np.diff(self.starts))
        return np.column_stack([unit, self.others])

    def graph(self, kept: Whole | None = None) -> sparse.csr_array:
        """The pairs, or those that are kept, as a matrix of ones: units x units."""
        pairs = self.pairs if kept is None else self.pairs[kept]
        return sparse.csr_array((np.ones(len(pairs)), pairs.T), (self.units, self.units))

    def labels(self, sellers: Whole) -> Whole:
        """The piece that each unit lies in: units of one seller that are joined."""
        one, other = self.pairs.T
        return connected_components(self.graph(sellers[one] == sellers[other]), directed=False)[1]


def neighbours(pairs: Any, units: int) -> Neighbours:
    """The neighbours of each unit; a pair counts both ways round, and once.

    Args:
        pairs: pairs x 2, or a sparse matrix of units x units.
        units: how many there are.

    Raises:
        ParameterError: a pair names a unit that is not there.

    Example:
        >>> neighbours([(0, 1), (1, 2), (1, 0)], 3).others
        array([1, 0, 2, 1])
    """
    told = np.argwhere(pairs) if sparse.issparse(pairs) else np.asarray(pairs)
    told = told.reshape(-1, 2).astype(np.int64)
    wrong = ((told < 0) | (told >= units)).any(axis=1)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise ParameterError(
            f"pair {at} of neighbours names units {told[at].tolist()}; there are {units}, counted "
            "from 0."
        )
    told = told[told[:, 0] != told[:, 1]]
    both = np.unique(np.concatenate([told, told[:, ::-1]]), axis=0)
    starts = np.concatenate([[0], np.cumsum(np.bincount(both[:, 0], minlength=units))])
    return Neighbours(starts.astype(np.int64), both[:, 1].copy())


def pieces(of: Neighbours, sellers: Whole, count: int) -> Whole:
    """In how many pieces each seller's territory lies; 1 if it is connected, 0 if it is empty.

    Args:
        of: the units.
        sellers: the seller of each unit.
        count: of sellers.

    Example:
        >>> pieces(neighbours([(0, 1), (1, 2), (2, 3)], 4), np.array([0, 1, 1, 0]), 3)
        array([2, 1, 0])
    """
    _, one = np.unique(of.labels(sellers), return_index=True)
    return np.bincount(sellers[one], minlength=count)


def neighbours_of(latitudes: Floats, longitudes: Floats, far: float = FAR) -> Neighbours:
    """Neighbours by places alone: those that touch in Delaunay's triangles, if not far apart.

    An edge is dropped if it is longer than `far` times the middle edge of its ends (the geometric
    mean of both). The shortest edges that join all units stay, so that the map is in one piece.
    Places that are the same are neighbours.

    Args:
        latitudes: of the units [degrees].
        longitudes: of the units.
        far: times the middle edge.

    Raises:
        ParameterError: there are fewer than three places, or all lie on one line.

    Source:
        Delaunay, "Sur la sphère vide" (1934), whose triangles hold the shortest spanning tree:
        Toussaint, "The relative neighbourhood graph of a finite planar set" (1980).
    """
    middle = np.angle(np.exp(1j * np.radians(longitudes)).mean(), deg=True)
    east = (np.asarray(longitudes) - middle + 180) % 360 - 180  # the date line cuts nothing
    flat = np.column_stack([east * np.cos(np.radians(np.mean(latitudes))), latitudes])
    try:
        made = Delaunay(flat)
    except (QhullError, ValueError) as error:
        raise ParameterError(
            f"{len(flat)} places make no triangles; give three or more that are not on one line, "
            "or the pairs of neighbours themselves."
        ) from error
    corners = made.simplices
    pairs = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    of = neighbours(np.concatenate([pairs, made.coplanar[:, [0, 2]]]), len(flat))
    one, other = of.pairs.T
    long = np.sqrt(((flat[one] - flat[other]) ** 2).sum(axis=1))
    order = np.lexsort((long, one))
    half = long[order][of.starts[:-1] + np.diff(of.starts) // 2]
    near = long <= far * np.sqrt(half[one] * half[other])
    weighed = sparse.csr_array((long + 1e-12, (one, other)), (of.units, of.units))
    tree = np.argwhere(minimum_spanning_tree(weighed))
    return neighbours(np.concatenate([of.pairs[near], tree]), of.units)
