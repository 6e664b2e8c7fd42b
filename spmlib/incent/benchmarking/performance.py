"""Performance: what pay is for what it brings: ratios of plans, and how pay follows results."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.incent.benchmarking.intervals import SURE, Estimate, correlated
from spmlib.incent.benchmarking.plain import bare, numbers, positive


def cost_of_sales(base: Any, variable: Any, sales: Any) -> Any:
    """What is paid in cash for each 1 of credited sales.

    Defined as::

        compensation cost of sales = (base + variable) / credited sales

    >>> cost_of_sales(1_200_000, 800_000, 40_000_000)
    0.05

    Args:
        base: paid [currency].
        variable: earned [the same].
        sales: credited [the same], above 0.

    Source:
        ZS; WorldatWork (2024-01-25): cash compensation is about 40 % of all that selling costs.
    """
    return bare((numbers(base, "base") + numbers(variable, "variable")) / positive(sales, "sales"))


def quota_to_ote(quota: Any, on_target_earnings: Any) -> Any:
    """How many times on-target earnings a quota is.

    Defined as::

        quota of a year / (base pay + target incentive)

    >>> round(quota_to_ote(955_000, 198_958.33), 2)
    4.8
    """
    return bare(numbers(quota, "quota") / positive(on_target_earnings, "on-target earnings"))


def pay_mix(base: Any, target_incentive: Any) -> tuple[Any, Any]:
    """Base pay and target incentive as shares of on-target earnings.

    >>> pay_mix(60_000, 40_000)
    (0.6, 0.4)
    """
    fixed, at_risk = numbers(base, "base"), numbers(target_incentive, "target incentive")
    whole = positive(fixed + at_risk, "on-target earnings")
    return bare(fixed / whole), bare(at_risk / whole)


class Upside(NamedTuple):
    """What a plan pays at excellence [currency]."""

    base: float
    target_incentive: float
    upside: float  # beyond the target incentive
    total_at_excellence: float


MEANINGS = {  # what is paid beyond the target incentive, of base, target incentive and the ratio
    "additional": lambda base, target, ratio: ratio * target,
    "incentive": lambda base, target, ratio: (ratio - 1) * target,
    "total": lambda base, target, ratio: (ratio - 1) * (base + target),
}


def upside(
    target_cash: float, base_share: float, ratio: float, meaning: str = "additional"
) -> Upside:
    """What a plan pays at excellence, by the meaning that its upside ratio (leverage) has.

    Defined as::

        additional   upside = ratio x target incentive            2: twice the target, on top of it
        incentive    upside = (ratio - 1) x target incentive      2: twice the target in all
        total        upside = (ratio - 1) x target cash           2: all cash is doubled

    >>> upside(100_000, 0.5, 2.0)
    Upside(base=50000.0, target_incentive=50000.0, upside=100000.0, total_at_excellence=200000.0)
    >>> upside(100_000, 0.5, 2.0, "incentive").total_at_excellence
    150000.0

    Args:
        target_cash: base pay and target incentive [currency].
        base_share: of it, 0 to 1.
        ratio: at least 0 where additional, else at least 1.
        meaning: additional, incentive or total.

    Raises:
        ParameterError: the meaning is unknown, or a number is none that it can be.
    """
    if meaning not in MEANINGS:
        raise ParameterError(
            f"'{meaning}' is no meaning of upside; write {nearest(meaning, MEANINGS)}."
        )
    if not 0 <= base_share <= 1:
        raise ParameterError(f"base pay is no share {base_share} of pay; write 0% to 100%.")
    least = 0 if meaning == "additional" else 1
    if not ratio >= least:
        raise ParameterError(f"an upside of {ratio} is below {least}; write {least} or more.")
    whole = float(positive(target_cash, "target cash"))
    base, target = whole * base_share, whole * (1 - base_share)
    more = MEANINGS[meaning](base, target, ratio)
    return Upside(base, target, more, whole + more)


def payout_at_excellence(paid: Any, target: Any, share: float = 0.1) -> float:
    """What the best paid share of people got, over their target incentives.

    Defined as::

        sum of paid / sum of target, of the people whose paid / target is highest; the last of them
        in part, so that they are just that share

    >>> payout_at_excellence([50, 100, 150, 300], [100, 100, 100, 100], 0.25)
    3.0

    Args:
        paid: incentive of each person [currency].
        target: of each at 100 % of goals [currency], above 0.
        share: of the people, e.g. the top tenth.
    """
    got = np.atleast_1d(numbers(paid, "paid"))
    due = np.atleast_1d(positive(target, "target incentive"))
    if not 0 < share <= 1:
        raise ParameterError(f"the top {share:.0%} are nobody; write a share above 0% up to 100%.")
    order = np.argsort(-got / due, kind="stable")
    weights = np.clip(share * len(order) - np.arange(len(order)), 0.0, 1.0)
    return float((got[order] * weights).sum() / (due[order] * weights).sum())


def correlation(pay: Any, results: Any, ranks: bool = False, sure: float = SURE) -> Estimate:
    """How closely pay goes with results: 1 exactly, 0 not at all, below 0 the other way.

    Args:
        pay: of each person.
        results: of the same people.
        ranks: of ranks (Spearman), which one outlier does not carry; else of amounts (Pearson).
        sure: the chance with which it lies between; not a number for fewer than four people.

    Raises:
        ParameterError: fewer than two people, or pairs that do not match.
    """
    from scipy.stats import pearsonr, spearmanr

    one, other = _pairs(pay, results)
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return correlated(float("nan"), len(one), sure, ranks)
    found = spearmanr(one, other) if ranks else pearsonr(one, other)
    return correlated(float(found.statistic), len(one), sure, ranks)


def elasticity(pay: Any, results: Any, sure: float = SURE) -> Estimate:
    """By what share pay rises where results are 1 % higher: 1 in proportion, above it accelerating.

    Defined as::

        b in log(pay) = a + b log(results) + rest

    with White's errors, as MacKinnon and White correct them for few (HC3), and Student's t.

    Args:
        pay: of each person, above 0.
        results: of the same people, above 0; at least three.
        sure: the chance with which it lies between.
    """
    from scipy.stats import t

    one, other = _pairs(positive(pay, "pay"), positive(results, "results"))
    size = len(one)
    x, y = np.log(other) - np.log(other).mean(), np.log(one) - np.log(one).mean()
    spread = (x**2).sum()
    how = "least squares of logarithms, HC3"
    if size < 3 or spread <= 1e-18:
        return Estimate(float("nan"), np.nan, np.nan, size, how)
    slope = (x * y).sum() / spread
    kept = 1 - 1 / size - x**2 / spread  # 1 less each one's leverage
    rest = y - slope * x
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(((x * rest / kept) ** 2).sum()) / spread
    half = float(t.ppf((1 + sure) / 2, size - 2) * error)
    return Estimate(float(slope), float(slope - half), float(slope + half), size, how)


def _pairs(one: Any, other: Any) -> tuple[Any, Any]:
    first = np.atleast_1d(numbers(one, "pay"))
    second = np.atleast_1d(numbers(other, "results"))
    if first.shape != second.shape or first.ndim != 1 or len(first) < 2:
        raise ParameterError("pay and results are of the same two people or more; give pairs.")
    return first, second
