"""Results: what a person had attained and been paid, as known at a month's start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import needed, unscaled
from spmlib.motivate.attrition.written import Decisions

if TYPE_CHECKING:
    import polars as pl

ATTAINED = ("attainment_last", "attainment_3m", "attainment_12m", "attainment_fall", "below_months")
YEAR, MONTH = 12, 30.4375


def attained(
    rows: pl.DataFrame,
    attainments: pl.DataFrame | None,
    quotas: pl.DataFrame | None,
    calendar: pl.DataFrame | None,
    decided: Decisions,
) -> pl.DataFrame:
    """The rows with what was credited over quota in months before, and how long it was low.

    Defined as::

        attainment_3m = sum of credited / sum of monthly quota, three months, by measure; the mean
        fall          = attainment_12m - attainment_3m
        below_months  = months in a row with attainment_3m < below

    A stretch's quota is spread evenly over its months. Without quotas `attainment` stands for both.
    """
    import polars as pl

    if attainments is None:
        return rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ATTAINED)
    monthly = _monthly(attainments, quotas, calendar, decided.attainments_known)
    sums = monthly.sort("payee_id", "measure", "month")
    made = sums.select("payee_id", "measure", "month")
    for name, span in (("attainment_last", 1), ("attainment_3m", 3), ("attainment_12m", 12)):
        made = made.with_columns(_rolled(sums, span).alias(name))
    names = ("attainment_last", "attainment_3m", "attainment_12m")
    told = made.group_by("payee_id", "month").agg(pl.col(names).mean()).sort("payee_id", "month")
    below = (pl.col("attainment_3m") < decided.below).fill_null(False)
    run = (~below).cum_sum().over("payee_id")
    told = told.with_columns(below=below, run=run).with_columns(
        below_months=pl.col("below").cast(pl.Float64).cum_sum().over("payee_id", "run"),
        attainment_fall=pl.col("attainment_12m") - pl.col("attainment_3m"),
    )
    return _known(rows, told.select("payee_id", "month", *ATTAINED), decided.attainments_known)


def paid(
    rows: pl.DataFrame,
    payouts: pl.DataFrame | None,
    calendar: pl.DataFrame | None,
    decided: Decisions,
) -> pl.DataFrame:
    """The rows with payout over target of twelve months, and of three less those of twelve.

    A month without a payout paid nothing, where anybody was paid for it.
    """
    import polars as pl

    if payouts is None or payouts.is_empty():
        empty = pl.lit(None, pl.Float64)
        return rows.with_columns(payout_12m=empty, payout_trend=empty)
    needed(payouts, ("payee_id", "period", "amount"), "payouts")
    told = _dated(payouts, calendar, "payouts")
    told = _recorded(told, decided.payouts_known)
    summed = told.group_by("payee_id", "month").agg(pl.col("amount").cast(pl.Float64).sum())
    months = told["month"].unique().implode()
    own = rows.filter(pl.col("target") > 0, pl.col("month").is_in(months))
    own = own.select("payee_id", "month", target=pl.col("target") / YEAR)
    own = own.join(summed, on=["payee_id", "month"], how="left").with_columns(
        credited=pl.col("amount").fill_null(0.0), quota="target", measure=pl.lit("")
    )
    own = own.sort("payee_id", "month")
    long, short = _rolled(own, YEAR), _rolled(own, 3)
    own = own.select("payee_id", "month", payout_12m=long, payout_trend=short - long)
    return _known(rows, own, decided.payouts_known)


def quota_changes(rows: pl.DataFrame, quotas: pl.DataFrame | None) -> pl.DataFrame:
    """The rows with the month's quota over that of a year ago, less 1; the mean of measures.

    Where a person had no quota a year ago it is empty.
    """
    import polars as pl

    if quotas is None or quotas.is_empty():
        return rows.with_columns(quota_change=pl.lit(None, pl.Float64))
    monthly = _spread(quotas)
    before = monthly.with_columns(month=pl.col("month").dt.offset_by("1y")).rename({"quota": "was"})
    both = monthly.join(before, on=["payee_id", "measure", "month"])
    both = both.filter(pl.col("was") > 0)
    change = (pl.col("quota") / pl.col("was") - 1).clip(-1.0, 3.0).mean()
    made = both.group_by("payee_id", "month").agg(quota_change=change)
    return rows.join(made, on=["payee_id", "month"], how="left")


def _monthly(
    attainments: pl.DataFrame,
    quotas: pl.DataFrame | None,
    calendar: pl.DataFrame | None,
    known: int,
) -> pl.DataFrame:
    """What was credited, and the quota, by person, measure and month."""
    import polars as pl

    needed(attainments, ("payee_id", "period"), "attainments")
    rows = _recorded(_dated(attainments, calendar, "attainments"), known)
    if "measure" not in rows.columns:
        rows = rows.with_columns(measure=pl.lit(""))
    if quotas is None or "credited" not in rows.columns:
        needed(rows, ("attainment",), "attainments")
        rows = rows.with_columns(credited=unscaled("attainment", rows), quota=pl.lit(1.0))
        rows = rows.filter(pl.col("credited").is_not_null())
        return rows.group_by("payee_id", "measure", "month").agg(pl.col("credited", "quota").mean())
    credited = rows.group_by("payee_id", "measure", "month").agg(
        pl.col("credited").cast(pl.Float64).max()
    )
    return credited.join(_spread(quotas), on=["payee_id", "measure", "month"])


def _spread(quotas: pl.DataFrame) -> pl.DataFrame:
    """Quotas of stretches as quotas of months: of stretches that overlap, the latest begun."""
    import polars as pl

    needed(quotas, ("payee_id", "measure", "start_date", "end_date", "amount"), "quotas")
    days = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    first, last = pl.col("start_date"), pl.col("end_date").dt.offset_by("-1d")
    rows = quotas.filter(days > 0).with_columns(
        quota=pl.col("amount").cast(pl.Float64) / (days / MONTH),
        month=pl.date_ranges(first.dt.truncate("1mo"), last.dt.truncate("1mo"), "1mo"),
    )
    rows = rows.explode("month").sort("start_date")
    return rows.group_by("payee_id", "measure", "month", maintain_order=True).agg(
        pl.col("quota").last()
    )


def _rolled(rows: pl.DataFrame, span: int) -> pl.Series:
    """Credited over quota of so many months up to each row's, by person and measure."""
    import polars as pl

    sums = [
        pl.col(name).rolling_sum_by("month", f"{span}mo").over("payee_id", "measure")
        for name in ("credited", "quota")
    ]
    made = rows.select(one=sums[0], other=sums[1])
    return made.select(pl.when(pl.col("other") > 0).then(pl.col("one") / pl.col("other")))[
        made.columns[0]
    ].rename("rolled")


def _known(rows: pl.DataFrame, told: pl.DataFrame, after: int) -> pl.DataFrame:
    """The rows with what had been told of the last month known at their start."""
    import polars as pl

    moved = told.with_columns(month=pl.col("month").dt.offset_by(f"{1 + after}mo"))
    return rows.join(moved, on=["payee_id", "month"], how="left")


def _recorded(rows: pl.DataFrame, known: int) -> pl.DataFrame:
    """The rows that were on record when their month is first looked at; of several the last."""
    import polars as pl

    if "recorded_date" not in rows.columns:
        return rows
    looked = pl.col("month").dt.offset_by(f"{1 + known}mo")
    return rows.filter((pl.col("recorded_date") < looked).fill_null(True))


def _dated(rows: pl.DataFrame, calendar: pl.DataFrame | None, what: str) -> pl.DataFrame:
    """The rows with the month in which their period begins.

    Raises:
        ParameterError: a period is neither a month such as 2026-03 nor in the calendar.
    """
    import polars as pl

    told = rows["period"].cast(pl.String)
    if calendar is not None and not calendar.is_empty():
        days = calendar.select("period", month=pl.col("start_date").dt.truncate("1mo"))
        made = rows.with_columns(period=told).join(days, on="period", how="left")
    else:
        month = (pl.col("period").cast(pl.String).str.slice(0, 7) + "-01").str.to_date(strict=False)
        made = rows.with_columns(month=month)
    wrong = made.filter(pl.col("month").is_null())
    if len(wrong):
        raise ParameterError(
            f"{what}: '{wrong['period'][0]}' is no month; write it as 2026-03, or give a calendar."
        )
    return made
