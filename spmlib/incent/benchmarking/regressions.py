"""Regressions: what of pay role, level, place and tenure explain, and who lies far from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.intervals import SURE
from spmlib.incent.benchmarking.plain import positive

if TYPE_CHECKING:
    import pandas as pd


def unexplained(
    rows: pd.DataFrame,
    pay: str,
    kinds: Sequence[str],
    amounts: Sequence[str] = (),
    sure: float = SURE,
) -> pd.DataFrame:
    """Each person's pay beside what people alike in some ways are paid.

    Defined as::

        log(pay) = a + one number for each kind + b x amount + rest

    A person is left out of the fit that theirs is held against (deleted residuals), so that nobody
    hides by being the rule. Of n people, (1 - sure) x n lie outside by chance.

    Args:
        rows: one for each person.
        pay: the column of pay, above 0, of one currency or in ratios.
        kinds: columns of words: role, level, place.
        amounts: columns of numbers: years of tenure.
        sure: the share of people alike whose pay lies between.

    Returns:
        The rows' index; pay, expected, low, high [as pay], ratio (pay over expected, less 1),
        outside (not told where nobody is alike: expected is then empty), explained (R squared).

    Raises:
        ParameterError: a column is not there, or pay is not above 0.
    """
    import pandas as pd
    from scipy.stats import t

    absent = [name for name in (pay, *kinds, *amounts) if name not in rows]
    if absent:
        raise ParameterError(f"there is no column '{absent[0]}'; write one of: {', '.join(rows)}.")
    y = np.log(np.atleast_1d(positive(rows[pay], pay)))
    x = _design(rows, kinds, amounts)
    q, size = _basis(x), len(y)
    rest = y - q @ (q.T @ y)
    leverage = (q**2).sum(axis=1)
    free = size - q.shape[1]
    alone = leverage > 1 - 1e-9
    kept = np.where(alone, np.nan, 1 - leverage)
    deleted = rest / kept
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = ((rest**2).sum() - rest**2 / kept) / (free - 1) if free > 1 else np.nan * kept
        half = t.ppf((1 + sure) / 2, max(free - 1, 1)) * np.sqrt(np.maximum(variance, 0) / kept)
    expected = y - deleted
    total = ((y - y.mean()) ** 2).sum()
    return pd.DataFrame(
        {
            "pay": np.exp(y),
            "expected": np.exp(expected),
            "low": np.exp(expected - half),
            "high": np.exp(expected + half),
            "ratio": np.exp(deleted) - 1,
            "outside": np.abs(deleted) > half * (1 + 1e-9) + 1e-12,
            "explained": 1 - (rest**2).sum() / total if total > 0 else 1.0,
        },
        index=rows.index,
    )


def _design(rows: pd.DataFrame, kinds: Sequence[str], amounts: Sequence[str]) -> Floats:
    """A column of ones, one for each word of each kind, and the amounts less their means."""
    import pandas as pd

    parts = [np.ones((len(rows), 1))]
    for name in kinds:
        parts.append(pd.get_dummies(rows[name].fillna("").astype(str)).to_numpy(float))
    for name in amounts:
        values = rows[name].to_numpy(float)[:, None]
        parts.append(values - values.mean())
    return np.hstack(parts)


def _basis(x: Floats) -> Floats:
    """Orthonormal columns that span those of x, which may depend on each other."""
    axes, size, _ = np.linalg.svd(x, full_matrices=False)
    return axes[:, size > 1e-10 * size.max()]
