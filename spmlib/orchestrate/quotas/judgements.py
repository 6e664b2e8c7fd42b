"""Judgements: how fair quotas are, how likely they are reached, and which method errs least.

What is expected of a person is a distribution: the forecast of their sales. The chance that a quota
is reached, and what attainment is to be expected, follow from it. Fairness sets quotas against
potential; the ratchet asks whether who did well last year is given more for it.

Source:
    Gini, "Variabilità e mutabilità" (1912). Ratchet: Weitzman, "The ratchet principle and
    performance incentives" (1980).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.tables import QuotaJudgements, Table
from spmlib.orchestrate.forecasting.intervals import NORMAL

if TYPE_CHECKING:
    import pandas as pd

RUNS, SEED = 10_000, 20240501
TAILS = NORMAL[0.8]  # standard deviations that 8 of 10 cases lie within
ALIKE = 0.3  # of the spread that people share: the market


def judged(
    people: Sequence[str],
    quota: Floats,
    expected: Floats,
    spread: Floats,
    potential: Floats | None = None,
    last: Floats | None = None,
) -> Table[QuotaJudgements]:
    """How fair and how reachable each quota is.

    Args:
        people: in order.
        quota: of the year [currency].
        expected: the mean of what each will bring.
        spread: its standard deviation.
        potential: what each one's accounts could buy; any unit.
        last: what each brought the year before.
    """
    import polars as pl

    there = (quota > 0) & (expected > 0)
    width = log_spread(expected, spread)
    centre = np.log(np.where(there, expected, 1.0)) - width**2 / 2
    away = (np.log(np.where(there, quota, 1.0)) - centre) / np.maximum(width, 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.exp(centre) / quota
        columns = {
            "payee_id": list(people),
            "quota": quota,
            "expected": expected,
            "stretch": np.where(there, quota / expected, np.nan),
            "per_potential": _per(quota, potential),
            "growth": np.nan * quota
            if last is None
            else np.where(last > 0, quota / last - 1, np.nan),
            "chance": np.where(there, 1 - _normal(away), np.where(quota > 0, 0.0, 1.0)),
            "attainment": np.where(there, middle, np.nan),
            "low_80": np.where(there, middle * np.exp(-TAILS * width), np.nan),
            "high_80": np.where(there, middle * np.exp(TAILS * width), np.nan),
        }
    frame = pl.DataFrame(columns, nan_to_null=True, schema_overrides={"payee_id": pl.String})
    return engine.brought(frame.select(*QuotaJudgements.columns()))


def fairness(rows: pd.DataFrame) -> pd.Series:
    """How equal quotas are, in three numbers.

    Args:
        rows: QuotaJudgements, as pandas.

    Returns:
        gini: of quota per potential (0: all alike); stretch: the ninth tenth's stretch over the
        first tenth's; reached: the mean chance.
    """
    import pandas as pd

    per = rows["per_potential"].dropna().to_numpy(float)
    stretch = rows["stretch"].dropna()
    tail = stretch.quantile(0.9) / stretch.quantile(0.1) if len(stretch) else np.nan
    return pd.Series(
        {
            "gini": gini(per) if len(per) else np.nan,
            "stretch": tail,
            "reached": rows["chance"].mean(),
        }
    )


def ratchet(growth: Floats, attainment: Floats) -> float:
    """How quotas' growth ranks with last year's attainment: above 0 success is punished."""
    from scipy.stats import spearmanr

    there = np.isfinite(growth) & np.isfinite(attainment)
    if there.sum() < 3 or np.ptp(growth[there]) == 0 or np.ptp(attainment[there]) == 0:
        return float("nan")
    return float(spearmanr(growth[there], attainment[there]).statistic)


def gini(values: Floats) -> float:
    """How unequal values are: 0 all alike, near 1 one has all."""
    ordered = np.sort(np.asarray(values, float))
    total, size = ordered.sum(), len(ordered)
    if total <= 0:
        return 0.0
    return float(2 * (np.arange(1, size + 1) * ordered).sum() / (size * total) - (size + 1) / size)


def attainments(quota: Floats, expected: Floats, spread: Floats, alike: float = ALIKE) -> Floats:
    """What everybody attains, many times over: runs x people; the market moves all together.

    Args:
        quota: of each.
        expected: the mean of what each will bring.
        spread: its standard deviation.
        alike: the share of variance that all have in common.
    """
    random = np.random.default_rng(SEED)
    width = log_spread(expected, spread)
    market = random.normal(size=(RUNS, 1))
    own = random.normal(size=(RUNS, len(quota)))
    luck = np.sqrt(alike) * market + np.sqrt(1 - alike) * own
    return expected * np.exp(width * luck - width**2 / 2) / np.maximum(quota, 1e-12)


def told(drawn: Floats, quota: Floats, target: float) -> pd.Series:
    """What drawn attainments say of a year.

    Returns:
        company: the chance that the company's target is reached; people: the share of people who
        reach their quota, and between which it lies in 8 of 10 years; below_half: the share of
        people below half of it.
    """
    import pandas as pd

    company = (drawn * quota).sum(axis=1)
    share = (drawn >= 1).mean(axis=1)
    low, high = np.quantile(share, [0.1, 0.9])
    return pd.Series(
        {
            "company": (company >= target).mean(),
            "people": share.mean(),
            "people_low": low,
            "people_high": high,
            "below_half": (drawn < 0.5).mean(),
        }
    )


def errors(shares: Mapping[str, Sequence[Floats]], came: Sequence[Floats]) -> pd.DataFrame:
    """How wrong each method of sharing out would have been in past years.

    Every method shares out what the company really sold, so that only the sharing is judged.

    Args:
        shares: by method, each year's shares, made with what was known before it.
        came: each year's sales by person, in the same order.

    Returns:
        method, error (sum of distances over sum of sales), years; the least wrong first.
    """
    import pandas as pd

    rows = []
    for method, years in shares.items():
        apart = total = 0.0
        for share, sold in zip(years, came, strict=True):
            apart += float(np.abs(share * sold.sum() - sold).sum())
            total += float(sold.sum())
        rows.append(
            {"method": method, "error": apart / total if total else np.nan, "years": len(years)}
        )
    return pd.DataFrame(rows).sort_values("error", kind="stable").reset_index(drop=True)


def log_spread(expected: Floats, spread: Floats) -> Floats:
    """The standard deviation of the logarithm of a lognormal with some mean and spread."""
    cv = np.divide(spread, expected, out=np.zeros(len(expected)), where=expected > 0)
    return np.sqrt(np.log1p(cv**2))


def _per(quota: Floats, potential: Floats | None) -> Floats:
    """Quota per potential, over that of all together."""
    if potential is None or potential.sum() <= 0 or quota.sum() <= 0:
        return np.full(len(quota), np.nan)
    usual = quota.sum() / potential.sum()
    return np.divide(quota, potential * usual, out=np.full(len(quota), np.nan), where=potential > 0)


def _normal(values: Floats) -> Floats:
    from scipy.special import ndtr

    return ndtr(values)
