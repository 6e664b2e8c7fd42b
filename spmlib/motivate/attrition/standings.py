"""Standings: what a person held at a month's start, and what had changed by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition.frames import asof, needed, unscaled

if TYPE_CHECKING:
    import polars as pl

ENDED = ("accepted", "rejected", "withdrawn")  # moves that end a dispute


def held(rows: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """The rows with role, team, manager, territory and pay [currency a year] as of the month.

    Who has no position on the day keeps the last one: when one ends is not known before.
    """
    import polars as pl

    told = _positions(positions)
    made = asof(rows, told, "month", "start_date")
    return made.with_columns(pl.col("team", "territory_id", "role", "manager_id").cast(pl.String))


def pay_changes(rows: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """The rows with pay_change: base and target over those a year ago, less 1."""
    import polars as pl

    before = _positions(positions).select("payee_id", "start_date", was="pay")
    made = rows.with_columns(ago=pl.col("month").dt.offset_by("-1y"))
    made = asof(made, before, "ago", "start_date")
    change = pl.when(pl.col("was") > 0).then(pl.col("pay") / pl.col("was") - 1)
    return made.with_columns(pay_change=change).drop("was", "ago")


def moves(rows: pl.DataFrame, positions: pl.DataFrame, recent: int) -> pl.DataFrame:
    """The rows with manager_changed and territory_moved: 1 if within so many months."""
    import polars as pl

    made = rows
    for column, name in (("manager_id", "manager_changed"), ("territory_id", "territory_moved")):
        if column not in positions.columns:
            made = made.with_columns(pl.lit(0.0).alias(name))
            continue
        told = positions.sort("payee_id", "start_date")
        before = pl.col(column).shift(1).over("payee_id")
        changed = before.is_not_null() & pl.col(column).is_not_null() & (before != pl.col(column))
        days = told.filter(changed).select("payee_id", "start_date", changed="start_date")
        made = asof(made, days, "month", "start_date")
        since = pl.col("month").dt.offset_by(f"-{recent}mo")
        flag = (pl.col("changed") > since).fill_null(False).cast(pl.Float64)
        made = made.with_columns(flag.alias(name)).drop("changed")
    return made


def compa_ratios(rows: pl.DataFrame, market: pl.DataFrame | None, fewest: int) -> pl.DataFrame:
    """The rows with compa_ratio: base pay for full time over the market's median.

    Without a market it is the median of the role, in its currency and month, where `fewest` people
    have one. A market row holds from its effective_date on.
    """
    import polars as pl

    by = ["role", *(["currency"] if "currency" in rows.columns else [])]
    if market is not None:
        needed(market, (*by, "effective_date", "p50"), "market")
        median = market.group_by(*by, "effective_date").agg(pl.col("p50").cast(pl.Float64).mean())
        made = asof(rows, median, "month", "effective_date", by)
        middle = pl.col("p50")
    else:
        enough = pl.col("base").count().over(*by, "month") >= fewest
        made = rows
        middle = pl.when(enough).then(pl.col("base").median().over(*by, "month"))
    ratio = pl.when(middle > 0).then(pl.col("base") / middle)
    return made.with_columns(compa_ratio=ratio)


def disputes(rows: pl.DataFrame, told: pl.DataFrame | None, recent: int) -> pl.DataFrame:
    """The rows with disputes_open at the month's start and disputes_rejected in so many months.

    Raises:
        ParameterError: the table is neither of moves nor of disputes.
    """
    import polars as pl

    if told is None:
        empty = pl.lit(0.0)
        return rows.with_columns(disputes_open=empty, disputes_rejected=empty)
    raised, ended = _ends(told)
    rejected = ended.filter(pl.col("move") == "rejected")
    made = rows.with_columns(at=pl.col("month").dt.offset_by("-1d")).with_columns(
        ago=pl.col("month").dt.offset_by(f"-{recent}mo").dt.offset_by("-1d")
    )
    for name, events, at in (
        ("raised", raised, "at"),
        ("ended", ended, "at"),
        ("no", rejected, "at"),
        ("no_before", rejected, "ago"),
    ):
        made = _counted(made, events, at, name)
    return made.with_columns(
        disputes_open=pl.col("raised") - pl.col("ended"),
        disputes_rejected=pl.col("no") - pl.col("no_before"),
    )


def _ends(told: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """When disputes were raised, and when and how they ended: payee_id, day, move."""
    import polars as pl

    if {"dispute_id", "move", "move_date", "payee_id"} <= set(told.columns):
        whose = pl.col("payee_id").drop_nulls().first().over("dispute_id")
        rows = told.with_columns(payee_id=whose).select("payee_id", "move", day="move_date")
        return (
            rows.filter(pl.col("move") == "raised"),
            rows.filter(pl.col("move").is_in(ENDED)),
        )
    if {"payee_id", "raised_date", "decided_date", "status"} <= set(told.columns):
        raised = told.select("payee_id", move=pl.lit("raised"), day="raised_date")
        ended = told.filter(pl.col("decided_date").is_not_null())
        return raised, ended.select("payee_id", move="status", day="decided_date")
    raise ParameterError(
        "disputes: neither moves (dispute_id, move, move_date, payee_id) nor disputes (payee_id, "
        "raised_date, decided_date, status); give one of the two."
    )


def _counted(rows: pl.DataFrame, events: pl.DataFrame, at: str, name: str) -> pl.DataFrame:
    """The rows with how many events of the person there had been by the day `at`."""
    import polars as pl

    days = events.filter(pl.col("payee_id").is_not_null()).sort("day")
    counts = days.select(
        "payee_id",
        "day",
        pl.int_range(1, pl.len() + 1).over("payee_id").cast(pl.Float64).alias(name),
    )
    return asof(rows, counts, at, "day").with_columns(pl.col(name).fill_null(0.0))


def _positions(positions: pl.DataFrame) -> pl.DataFrame:
    """Positions with pay in doubles: base for full time, target, and both."""
    import polars as pl

    absent = [
        pl.lit(None, kind).alias(name)
        for name, kind in (
            ("team", pl.String), ("territory_id", pl.String), ("base_pay", pl.Float64),
            ("target_incentive", pl.Float64), ("full_time", pl.Float64),
        )
        if name not in positions.columns
    ]  # fmt: skip
    told = positions.with_columns(absent)
    part = unscaled("full_time", told).fill_null(1.0)
    base, target = (pl.col(name).cast(pl.Float64) for name in ("base_pay", "target_incentive"))
    pay = pl.when(base.is_not_null() | target.is_not_null()).then(
        base.fill_null(0.0) + target.fill_null(0.0)
    )
    return told.select(
        *("payee_id", "start_date", "role", "team", "manager_id", "territory_id"),
        base=base / part,
        target=target,
        pay=pay / part,
    ).sort("start_date")
