"""Movement: places gained and lost, runs of months, and personal bests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards.panels import frame, refuse_empty, refuse_missing

if TYPE_CHECKING:
    import polars as pl

CAME = ("up", "down", "same", "new", "returned", "gone")
PAUSES = ("pause", "end")


def moved(places: Any, period: str, before: str) -> pl.DataFrame:
    """How places changed from one period to another.

    Args:
        places: payee_id, period, place (empty: no place), and group where there are several; the
            period's, the earlier one's, and where known those before (to tell who is new from who
            is back).
        period: now.
        before: the earlier one.

    Returns:
        payee_id, group, place, place_before, moved (places gained, below 0 lost; empty without
        both), came: up, down, same, new (never had a place), returned (had one before, but not in
        the earlier period), gone (has none now). Who changed the group counts as new there.

    Raises:
        ParameterError: a column is missing, or a person has two places in a group and period.
    """
    import polars as pl

    rows = frame(places, "places")
    refuse_missing(rows, ("payee_id", "period", "place"), "places")
    refuse_empty(rows, ("payee_id", "period"))
    if "group" not in rows.columns:
        rows = rows.with_columns(group=pl.lit(""))
    rows = rows.select("payee_id", "group", pl.col("period").cast(pl.String), "place")
    rows = rows.filter(pl.col("place").is_not_null())
    if rows.drop("place").is_duplicated().any():
        raise ParameterError("places: a person has two places in one group and period.")
    keys = ["payee_id", "group"]
    now, was = (rows.filter(period=p).drop("period") for p in (period, before))
    earlier = rows.filter(pl.col("period") < before).select(keys).unique()
    both = now.join(was, on=keys, how="full", coalesce=True, suffix="_before")
    both = both.join(earlier.with_columns(earlier=pl.lit(True)), on=keys, how="left")
    change = pl.col("place_before").cast(pl.Float64) - pl.col("place").cast(pl.Float64)
    came = (
        pl.when(pl.col("place").is_null()).then(pl.lit("gone"))
        .when(pl.col("place_before").is_null() & pl.col("earlier")).then(pl.lit("returned"))
        .when(pl.col("place_before").is_null()).then(pl.lit("new"))
        .when(change > 0).then(pl.lit("up"))
        .when(change < 0).then(pl.lit("down"))
        .otherwise(pl.lit("same"))
    )  # fmt: skip
    made = both.with_columns(moved=change, came=came).drop("earlier")
    return made.sort("group", "place", "payee_id", nulls_last=True)


def runs(flags: Any, absent: str = "pause") -> tuple[Whole, Whole]:
    """How long each has been at it, now and at the longest.

    Args:
        flags: people x periods, in order: 1 it held, 0 it did not, NaN or None not there.
        absent: whether months in which a person was not there pause a run or end it.

    Returns:
        Periods of the run that lasts until the last period, and of the longest.

    Raises:
        ParameterError: `absent` is neither.

    >>> now, longest = runs([[1, 1, 0, 1, None, 1], [1, 1, 1, 0, 0, 0]])
    >>> now.tolist(), longest.tolist()
    ([2, 0], [2, 3])
    """
    if absent not in PAUSES:
        raise ParameterError(f"absent: '{absent}' means nothing; write pause or end.")
    given = np.array(flags, dtype=float)
    held = np.atleast_2d(given) if given.size else np.zeros((len(given), 0))
    now = np.zeros(len(held), np.int64)
    longest = now.copy()
    for at in range(held.shape[1]):
        month = held[:, at]
        away = np.isnan(month)
        stays = now if absent == "pause" else np.zeros_like(now)
        now = np.where(away, stays, np.where(month > 0, now + 1, 0))
        longest = np.maximum(longest, now)
    return now, longest


def improved(values: Any) -> Floats:
    """Whether each value is above the one before it of the same person, NaN where there is none.

    >>> improved([[1.0, 2.0, None, 3.0, 3.0]]).tolist()
    [[nan, 1.0, nan, 1.0, 0.0]]
    """
    given = np.array(values, dtype=float)
    made = np.full(given.shape, np.nan)
    last = np.full(given.shape[0], np.nan)
    for at in range(given.shape[1] if given.ndim > 1 else 0):
        here = given[:, at]
        both = np.isfinite(here) & np.isfinite(last)
        made[:, at] = np.where(both, (here > last).astype(float), np.nan)
        last = np.where(np.isfinite(here), here, last)
    return made


def personal_bests(
    values: Any, periods: Sequence[str], least: int = 3
) -> tuple[Floats, list[str | None], Whole]:
    """Each person's best, when it was first reached, and whether the last period is one.

    Args:
        values: people x periods; NaN or None where there is none.
        periods: their names.
        least: earlier values without which nothing is called a best.

    Returns:
        The best value, its first period (none without a value), and whether the last period's
        value is above all earlier ones.

    >>> personal_bests([[1.0, 4.0, 2.0, 5.0]], ["a", "b", "c", "d"])[1:]
    (['d'], array([ True]))
    """
    given = np.array(values, dtype=float)
    if given.ndim != 2 or given.shape[1] != len(periods):
        raise ParameterError("values: there is not one column for each period; give as many.")
    if not given.size:
        none: list[str | None] = [None] * len(given)
        return np.full(len(given), np.nan), none, np.zeros(len(given), bool)
    filled = np.where(np.isfinite(given), given, -np.inf)
    at = filled.argmax(axis=1)
    best = filled.max(axis=1)
    known = np.isfinite(best)
    earlier = filled[:, :-1].max(axis=1, initial=-np.inf)
    enough = np.isfinite(given[:, :-1]).sum(axis=1) >= least
    names = [periods[place] if fits else None for place, fits in zip(at, known, strict=True)]
    return np.where(known, best, np.nan), names, enough & (filled[:, -1] > earlier)
