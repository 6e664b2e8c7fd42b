"""Attained: how attainment is spread over people or windows, in brackets that are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.intervals import SURE, Estimate, proportion
from spmlib.incent.benchmarking.plain import numbers

if TYPE_CHECKING:
    import pandas as pd


def attainment_distribution(
    attainment: Any, edges: Sequence[float], sure: float = SURE
) -> pd.DataFrame:
    """How many attained how much, bracket by bracket: closed left, open right.

    What lies below the first edge or at the last one and above has a bracket of its own, if there
    is any: nothing is lost.

    >>> attainment_distribution([0.49, 0.5, 1.0, 1.2], [0, 0.5, 1, 1.2])["count"].tolist()
    [1, 1, 1, 1]

    Args:
        attainment: of each person or window.
        edges: rising.
        sure: the chance with which each share lies between.

    Returns:
        start, end (empty where a bracket has none), count, share, low, high (of the share).

    Raises:
        ParameterError: nobody attained anything, or edges do not rise.
    """
    import pandas as pd

    values = _some(attainment)
    limits = numbers(edges, "edges")
    if limits.ndim != 1 or len(limits) < 2 or (np.diff(limits) <= 0).any():
        raise ParameterError("the edges of a distribution do not rise; write two or more that do.")
    place = np.searchsorted(limits, values, side="right")
    count = np.bincount(place, minlength=len(limits) + 1)
    shares = [proportion(int(number), len(values), sure) for number in count]
    made = pd.DataFrame(
        {
            "start": [np.nan, *limits],
            "end": [*limits, np.nan],
            "count": count,
            "share": [s.value for s in shares],
            "low": [s.low for s in shares],
            "high": [s.high for s in shares],
        }
    )
    inner = made["start"].notna() & made["end"].notna()
    return made[inner | (made["count"] > 0)].reset_index(drop=True)


def share_at_or_above(attainment: Any, level: float = 1.0, sure: float = SURE) -> Estimate:
    """Which share attained a level or more, with Wilson's interval.

    >>> share_at_or_above([0.9, 1.0, 1.1, 0.5]).value
    0.5
    """
    values = _some(attainment)
    return proportion(int((values >= level).sum()), len(values), sure)


def share_below(attainment: Any, level: float, sure: float = SURE) -> Estimate:
    """Which share stayed below a level, e.g. the threshold from which a plan pays.

    >>> share_below([0.9, 1.0, 1.1, 0.5], 0.9).value
    0.25
    """
    values = _some(attainment)
    return proportion(int((values < level).sum()), len(values), sure)


def _some(attainment: Any) -> Any:
    values = np.atleast_1d(numbers(attainment, "attainment"))
    if values.ndim != 1 or values.size == 0:
        raise ParameterError("nobody attained anything; give one attainment or more.")
    return values
