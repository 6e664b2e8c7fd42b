"""Survival: Kaplan and Meier's share of those still there, with Greenwood's interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import frame

if TYPE_CHECKING:
    import polars as pl

KINDS = ("log-log", "log", "plain")


def kaplan_meier(
    durations: Any,
    left: Any,
    entry: Any = None,
    sure: float = 0.95,
    interval: str = "log-log",
    least: int = 1,
) -> pl.DataFrame:
    """The share still there after each duration at which somebody left.

    Defined as::

        survival = product of (1 - left / at risk)
        variance = survival^2 * sum of left / (at risk * (at risk - left))    Greenwood's

    Who is censored at a duration is at risk in it; who enters at one is at risk after it.

    Args:
        durations: how long each was there, or has been so far.
        left: 1 if they left then, 0 if they are still there.
        entry: from which duration each is observed; 0 if not given.
        sure: of the interval.
        interval: log-log (inside 0 and 1), log, or plain (cut at 0 and 1).
        least: durations with fewer at risk are left out. Where people enter late, few are at risk
            at first, and a single one who leaves would end the curve.

    Returns:
        duration, at_risk, left, survival, error (standard error), low, high.

    Raises:
        ParameterError: lengths differ, a duration is negative or empty, or nobody is given.

    Source:
        Kaplan and Meier, "Nonparametric estimation from incomplete observations" (1958);
        Kalbfleisch and Prentice (1980) for the interval of log minus log.

    Example:
        >>> kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0])["survival"].to_list()
        [0.75, 0.5]
    """
    import polars as pl

    time, gone, begin = _checked(durations, left, entry)
    if interval not in KINDS:
        raise ParameterError(f"interval is '{interval}'; write one of {', '.join(KINDS)}.")
    ends = np.unique(time[gone == 1])
    order, entries = np.sort(time), np.sort(begin)
    at_risk = np.searchsorted(entries, ends, "left") - np.searchsorted(order, ends, "left")
    lost = np.searchsorted(leaves := np.sort(time[gone == 1]), ends, "right")
    lost = lost - np.searchsorted(leaves, ends, "left")
    enough = at_risk >= least
    ends, at_risk, lost = ends[enough], at_risk[enough], lost[enough]
    stay = 1 - lost / at_risk
    survival = np.cumprod(stay)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.cumsum(np.where(at_risk > lost, lost / (at_risk * (at_risk - lost)), np.inf))
        error = np.where(survival > 0, survival * np.sqrt(part), 0.0)
    low, high = _interval(survival, part, sure, interval)
    return pl.DataFrame(
        {
            "duration": ends, "at_risk": at_risk, "left": lost, "survival": survival,
            "error": error, "low": low, "high": high,
        }
    )  # fmt: skip


def median(curve: pl.DataFrame) -> float | None:
    """The first duration at which no more than half are still there; none if more are."""
    import polars as pl

    rows = curve.filter(pl.col("survival") <= 0.5 + 1e-12)
    return float(rows["duration"][0]) if len(rows) else None


def at(curve: pl.DataFrame, duration: float) -> dict[str, float]:
    """The share still there after a duration, with its interval."""
    import polars as pl

    rows = curve.filter(pl.col("duration") <= duration)
    if rows.is_empty():
        return {"survival": 1.0, "low": 1.0, "high": 1.0}
    last = rows.row(-1, named=True)
    return {name: last[name] for name in ("survival", "low", "high")}


def by_group(rows: Any, group: str, fewest: int = 5, sure: float = 0.95) -> pl.DataFrame:
    """The survival curve of each group by tenure [months], from person-months.

    People are followed from their first row on (who was hired before has entered late), and
    belong to the group of their first row.

    Args:
        rows: as `PersonMonths`: payee_id, month, tenure_months, left and the group's column.
        group: column.
        fewest: groups of fewer people are left out, and durations with fewer at risk.
        sure: of the interval.

    Returns:
        group, people, and the columns of `kaplan_meier`.
    """
    import polars as pl

    told = frame(rows).filter(pl.col("left").is_not_null()).sort("payee_id", "month")
    people = told.group_by("payee_id", maintain_order=True).agg(
        pl.col(group).first().cast(pl.String).fill_null("not told").alias("group"),
        entry=pl.col("tenure_months").first(),
        until=pl.col("tenure_months").last() + 1,
        left=pl.col("left").max(),
    )
    made = []
    for (name,), own in people.partition_by("group", as_dict=True).items():
        if len(own) < fewest:
            continue
        curve = kaplan_meier(own["until"], own["left"], own["entry"], sure, least=fewest)
        who = [pl.lit(str(name)).alias("group"), pl.lit(len(own)).cast(pl.Int64).alias("people")]
        made.append(curve.select(*who, pl.all()))
    if not made:
        raise ParameterError(
            f"survival by '{group}': no group has {fewest} people; choose a wider one."
        )
    return pl.concat(made).sort("group", "duration")


def _checked(durations: Any, left: Any, entry: Any) -> tuple[np.ndarray, ...]:
    try:
        time, gone = np.asarray(durations, float), np.asarray(left, float)
    except (TypeError, ValueError):
        raise ParameterError(
            "survival: a duration or an outcome is no number; write months, and 1 for who left."
        ) from None
    begin = np.full(len(time), -np.inf) if entry is None else np.asarray(entry, float)
    if not len(time) or not len(time) == len(gone) == len(begin):
        raise ParameterError(
            f"survival: {len(time)} durations, {len(gone)} outcomes and {len(begin)} entries; "
            "give as many of each, and at least one."
        )
    if np.isnan(time).any() or (time < 0).any():
        raise ParameterError("survival: a duration is empty or negative; correct or leave it out.")
    if not np.isin(gone, (0.0, 1.0)).all():
        raise ParameterError("survival: an outcome is neither 0 nor 1; write 1 for who left.")
    wrong = np.flatnonzero(begin >= time)
    if len(wrong) and entry is not None:
        raise ParameterError(
            f"survival, row {wrong[0] + 1}: entered at {begin[wrong[0]]:g} and followed to "
            f"{time[wrong[0]]:g}; give an entry before the end."
        )
    return time, gone, begin


def _interval(
    survival: np.ndarray, part: np.ndarray, sure: float, kind: str
) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import ndtri

    z = ndtri(0.5 + sure / 2)
    with np.errstate(all="ignore"):
        if kind == "log-log":
            width = z * np.sqrt(part) / np.abs(np.log(survival))
            low, high = survival ** np.exp(width), survival ** np.exp(-width)
        elif kind == "log":
            low = survival * np.exp(-z * np.sqrt(part))
            high = np.minimum(survival * np.exp(z * np.sqrt(part)), 1)
        else:
            spread = z * survival * np.sqrt(part)
            low, high = np.maximum(survival - spread, 0), np.minimum(survival + spread, 1)
    gone = survival <= 0
    return np.where(gone, np.nan, low), np.where(gone, np.nan, high)
