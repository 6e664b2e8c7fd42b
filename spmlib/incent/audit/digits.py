"""Digits: whether amounts set by hand begin with the digits that grown amounts begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spmlib.incent.audit import by_hand, findings
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import rows
from spmlib.incent.audit.written import Policy

if TYPE_CHECKING:
    import polars as pl

BENFORD = np.log10(1 + 1 / np.arange(1, 10))
CONFORMS = 0.015  # a mean deviation above which Nigrini says that digits do not conform


@dataclass(frozen=True)
class FirstDigits:
    """How often amounts begin with 1 to 9, against Benford's law."""

    shares: np.ndarray  # (9,) of the amounts
    chi_square: float
    p_value: float
    deviation: float  # mean of |share - expected share|


def first_digits(amounts: np.ndarray) -> FirstDigits:
    """How often amounts begin with each digit, and how likely that is by Benford's law.

    Defined as::

        expected share of digit d = log10(1 + 1/d)
        chi_square = count * sum of (share - expected)^2 / expected, with 8 degrees of freedom
        deviation  = mean of |share - expected|

    Args:
        amounts: of any sign [any unit]; zeros are left out.

    Raises:
        ValueError: no amount is left.

    Source: M. J. Nigrini, "Benford's Law" (Wiley, 2012), chapter 7: a mean absolute deviation of
    first digits above 0.015 is nonconformity.

    Example:
        >>> powers = np.array([2.0**n for n in range(1000)])
        >>> first_digits(powers).deviation < 0.001
        True
    """
    from scipy.stats import chi2

    sizes = np.abs(np.asarray(amounts, float))
    sizes = sizes[sizes > 0]
    if sizes.size == 0:
        raise ValueError("there is no amount but 0; give some that have a first digit")
    leading = np.floor(sizes / 10.0 ** np.floor(np.log10(sizes)) + 1e-9).astype(int)
    leading = np.clip(leading, 1, 9)  # a power of ten may come out as 0.999... or 10
    shares = np.bincount(leading, minlength=10)[1:] / leading.size
    square = float(leading.size * ((shares - BENFORD) ** 2 / BENFORD).sum())
    return FirstDigits(
        shares, square, float(chi2.sf(square, 8)), float(np.abs(shares - BENFORD).mean())
    )


def digits(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: at most one, that adjustments' first digits are not those of grown amounts.

    It speaks of all adjustments together, so it is told with the last month that has any.
    """
    import polars as pl

    told = by_hand.adjusted(books).filter(pl.col("worth") != 0)
    if told.height < policy.adjustments.digits:
        return findings.none()
    seen = first_digits(told["worth"].to_numpy())
    if seen.deviation <= CONFORMS or seen.p_value > 0.01:
        return findings.none()
    most = int(np.argmax(seen.shares - BENFORD)) + 1
    last = told["period"].max()
    at_stake = told.filter(pl.col("period") == last)["worth"].abs().sum()
    text = (
        f"{seen.shares[most - 1]:.0%} of {told.height} adjustments begin with {most}, where "
        f"{BENFORD[most - 1]:.0%} would be expected (chi-square {seen.chi_square:.0f}, mean "
        f"deviation {seen.deviation:.3f})"
    )
    one = pl.DataFrame({"period": [last], "amount": [at_stake], "score": [0.3]})
    return rows(
        one, "digits", pl.col("period"), pl.lit(text), pl.lit("adjustments"),
        "look through the adjustments that begin so", books.currency,
    )  # fmt: skip
