"""Odds: how likely so many are, against one's own other bookings and against those of peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats, Whole

if TYPE_CHECKING:
    import polars as pl


def among_own(hits: Whole, tries: Whole, other_hits: Whole, other_tries: Whole) -> Floats:
    """One-sided chance of so many hits among tries, were hits as likely among one's others.

    Fisher's exact test, row by row: hits of both are drawn without replacement.
    """
    from scipy.stats import hypergeom

    k, n, k2, n2 = (np.asarray(v, np.int64) for v in (hits, tries, other_hits, other_tries))
    return np.asarray(hypergeom.sf(k - 1, n + n2, k + k2, n))


def among_peers(hits: Whole, tries: Whole) -> Floats:
    """One-sided chance of so many hits among tries, at the rate of all the others together.

    The rate of the others is (their hits + 1/2) over (their tries + 1), so that it is never 0: with
    few peers nothing is impossible.
    """
    from scipy.stats import binom

    k, n = np.asarray(hits, np.int64), np.asarray(tries, np.int64)
    return np.asarray(binom.sf(k - 1, n, rate_of_peers(k, n)))


def dispersed(hits: Whole, tries: Whole) -> Floats:
    """One-sided chance of so many hits, where people differ more than a binomial draw says.

    Defined as the normal chance of::

        (k - n r) / sqrt(phi n r (1 - r)),    phi = median of the squares without it / 0.455

    r the rate of the others, phi at least 1; 0.455 is the median of chi-square with one degree.
    """
    from scipy.stats import chi2, norm

    k, n = np.asarray(hits, float), np.asarray(tries, float)
    rate = rate_of_peers(k, n)
    z = (k - n * rate) / np.sqrt(np.maximum(n * rate * (1 - rate), 1e-12))
    there = z[n > 0]
    phi = max(float(np.median(there**2)) / float(chi2.median(1)), 1.0) if len(there) else 1.0
    return np.asarray(norm.sf(z / np.sqrt(phi)))


def rate_of_peers(hits: Whole, tries: Whole) -> Floats:
    """The rate of hits of all the others together, row by row."""
    k, n = np.asarray(hits, float), np.asarray(tries, float)
    return np.asarray((k.sum() - k + 0.5) / (n.sum() - n + 1.0))


def with_odds(rows: pl.DataFrame, fewest: int) -> pl.DataFrame:
    """The rows with own_rate, peers_rate, p_value and p_adjusted (Holm).

    A sign counts only if it stands out against both, so that p_value is the larger of the two; it
    is empty where there are fewer tries than can be told.

    Args:
        rows: hits, tries, other_hits, other_tries.
        fewest: tries below which nothing is said.
    """
    import polars as pl

    from spmlib.incent.gaming.bunching import adjusted

    k, n, k2, n2 = (rows[c].to_numpy() for c in ("hits", "tries", "other_hits", "other_tries"))
    p = np.maximum(among_own(k, n, k2, n2), among_peers(k, n))
    p = np.where(n >= fewest, p, np.nan)
    return rows.with_columns(
        own_rate=pl.Series(np.divide(k2, n2, out=np.full(len(k), np.nan), where=n2 > 0)),
        peers_rate=pl.Series(rate_of_peers(k, n)),
        p_value=pl.Series(p).fill_nan(None),
        p_adjusted=pl.Series(adjusted(p)).fill_nan(None),
    )
