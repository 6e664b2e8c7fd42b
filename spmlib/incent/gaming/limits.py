"""Limits: deals that look cut to stay below a limit above which somebody has to approve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming.bunching import Near, near
from spmlib.incent.gaming.densities import Density, density_test
from spmlib.incent.gaming.odds import with_odds

if TYPE_CHECKING:
    import polars as pl

PLACEBOS = (0.55, 0.7, 1.4, 1.7)  # times a limit: amounts at which nobody has to approve


def parts(
    deals: pl.DataFrame, limits: Sequence[float], within: int, just_below: float
) -> pl.DataFrame:
    """Deals of one customer and owner, days apart, each below a limit and together above it.

    A group is made of deals just below the limit, each within so many days of the one before, and
    of one that may be smaller: what is left. Where several limits fit, the highest is told.

    Args:
        deals: payee_id, account_id, deal, day, amount [currency of the limits].
        limits: above each somebody approves.
        within: days from deal to deal.
        just_below: share of a limit: how near below it all but one lie; smaller ones than that
            share do not count.

    Returns:
        One row per group: payee_id, account_id, limit, first_day, last_day, deals (their names, in
        order), count, amount (together), largest (over the limit).

    Raises:
        ParameterError: a limit is not above 0.
    """
    import polars as pl

    if not limits or min(limits) <= 0:
        raise ParameterError("limits: a limit is an amount above 0; write [25_000, 50_000].")
    made = [_groups(deals, limit, within, just_below) for limit in sorted(limits)]
    found = pl.concat(made).sort("limit", descending=True)
    kept = found.explode("deals").unique(["deals"], keep="first", maintain_order=True)
    whole = kept.group_by("payee_id", "account_id", "limit", "first_day").agg(left=pl.len())
    key = ["payee_id", "account_id", "limit", "first_day"]
    joined = found.join(whole, on=key).filter(pl.col("left") == pl.col("count"))
    return joined.drop("left").sort(*key)


def by_person(
    deals: pl.DataFrame,
    limits: Sequence[float],
    within: int,
    just_below: float,
    fewest: int = 5,
) -> pl.DataFrame:
    """How often each person's deals just below a limit are parts of a group that is above it.

    They are held against the person's deals just below other amounts, at which nobody has to
    approve (`PLACEBOS`), and against everybody else's deals just below limits.

    Args:
        deals, limits, within, just_below: as for `parts`.
        fewest: deals just below limits, under which nothing is said of a person.

    Returns:
        payee_id, tries (deals just below limits), hits (of them in groups), other_tries,
        other_hits (at other amounts), amount (of the groups), own_rate, peers_rate, p_value (the
        larger of both tests), p_adjusted (Holm); the least likely first.
    """
    import polars as pl

    at = _tried(deals, limits, within, just_below)
    placebos = _placebos(limits, just_below)
    clear = deals.filter(~_just_below(limits, just_below))
    others = _tried(clear, placebos, within, just_below).select(
        "payee_id", other_tries="tries", other_hits="hits"
    )
    rows = at.join(others, on="payee_id", how="left").with_columns(
        pl.col("other_tries", "other_hits").fill_null(0)
    )
    return with_odds(rows, fewest).sort("p_value", "payee_id", nulls_last=True)


def below(
    amounts: Sequence[float] | np.ndarray, limit: float, width: float
) -> tuple[Near, Density | None]:
    """Whether amounts heap just below a limit: a binomial test, and one of the density of logs.

    Args:
        amounts: of deals, above 0.
        limit: looked at.
        width: share of the limit, for the binomial test.

    Returns:
        Just below as ``above`` of the mirrored test (on the limit itself counts as below), and the
        density test (its ``below`` is the one-sided chance); none where there are too few.
    """
    x = np.log(np.asarray(amounts, float) / limit)
    counted = near(np.nextafter(-x, np.inf), -float(np.log1p(-width)))
    try:
        return counted, density_test(np.nextafter(x, -np.inf))
    except ParameterError:
        return counted, None


def _just_below(limits: Sequence[float], just_below: float) -> pl.Expr:
    """Whether a deal lies just below any of the limits."""
    import polars as pl

    size = pl.col("amount")
    return pl.any_horizontal((size < lim) & (size >= lim * (1 - just_below)) for lim in limits)


def _placebos(limits: Sequence[float], just_below: float) -> list[float]:
    """Amounts just below which there is nothing that is just below a limit."""
    tried = sorted({limit * times for limit in limits for times in PLACEBOS})
    low = 1 - just_below
    clear = [p for p in tried if all(p <= limit * low or p * low >= limit for limit in limits)]
    return clear or tried


def _tried(
    deals: pl.DataFrame, limits: Sequence[float], within: int, just_below: float
) -> pl.DataFrame:
    """By person: deals just below limits, those of them in groups, and what the groups come to."""
    import polars as pl

    groups = parts(deals, limits, within, just_below)
    inside = pl.col("deal").is_in(groups["deals"].explode().implode())
    tried = deals.filter(_just_below(limits, just_below)).group_by("payee_id")
    counted = tried.agg(tries=pl.len().cast(pl.Int64), hits=inside.sum().cast(pl.Int64))
    summed = groups.group_by("payee_id").agg(pl.col("amount").sum())
    return counted.join(summed, on="payee_id", how="left").with_columns(
        pl.col("amount").fill_null(0.0)
    )


def _groups(deals: pl.DataFrame, limit: float, within: int, just_below: float) -> pl.DataFrame:
    import polars as pl

    size, crumbs = pl.col("amount"), limit * just_below
    small = deals.filter(size < limit, size >= crumbs)
    small = small.sort("payee_id", "account_id", "day", "deal")
    new = (
        (pl.col("payee_id") != pl.col("payee_id").shift(1))
        | (pl.col("account_id") != pl.col("account_id").shift(1))
        | ((pl.col("day") - pl.col("day").shift(1)).dt.total_days() > within)
    )
    near_ = size >= limit * (1 - just_below)
    run = small.with_columns(group=new.fill_null(True).cum_sum(), near=near_)
    rest = pl.when(~pl.col("near")).then(size).max().over("group")  # one part may be what is left
    parts_ = run.filter(pl.col("near") | (size == rest))
    found = parts_.group_by("group", maintain_order=True).agg(
        pl.col("payee_id", "account_id").first(),
        first_day=pl.col("day").min(),
        last_day=pl.col("day").max(),
        deals=pl.col("deal"),
        count=pl.len(),
        near=pl.col("near").sum(),
        amount=size.sum(),
        largest=size.max() / limit,
    )
    found = found.filter(pl.col("count") >= 2, pl.col("near") >= 1, pl.col("amount") >= limit)
    columns = "payee_id account_id limit first_day last_day deals count amount largest"
    return found.with_columns(limit=pl.lit(float(limit))).select(columns.split())
