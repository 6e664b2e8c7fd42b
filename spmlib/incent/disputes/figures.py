"""Figures: what is disputed, why, what it costs, and who or what is disputed again and again.

Amounts are ticks of a currency and never added across currencies: each has its own row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

GRANTED = ("accepted", "closed")


def by(disputes: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Disputes counted and summed by cause, plan, owner or any other columns.

    Args:
        disputes: the table `Disputes` [ticks].
        columns: by which; the currency is always one of them.

    Returns:
        the columns, currency, count, granted_count, decided_count (accepted or rejected),
        accepted_share (granted of decided; empty where none is decided), claimed, granted
        [ticks, sizes of amounts: what is taken back counts as what is given], the most first.
    """
    import polars as pl

    keys = list(dict.fromkeys((*columns, "currency")))
    good = pl.col("status").is_in(GRANTED)
    judged = good | (pl.col("status") == "rejected")
    found = disputes.group_by(keys).agg(
        count=pl.len().cast(pl.Int64),
        granted_count=good.sum().cast(pl.Int64),
        decided_count=judged.sum().cast(pl.Int64),
        claimed=pl.col("claimed").fill_null(0).abs().sum(),
        granted=pl.col("granted").filter(good).fill_null(0).abs().sum(),
    )
    share = pl.when(pl.col("decided_count") > 0).then(
        pl.col("granted_count") / pl.col("decided_count")
    )
    found = found.with_columns(accepted_share=share)
    return found.sort("count", *keys, descending=[True, *(False for _ in keys)])


def again(disputes: pl.DataFrame, column: str, day: date, days: int, least: int) -> pl.DataFrame:
    """Who or what is disputed again and again: `by` of recent disputes, repeated ones only.

    Args:
        disputes: the table `Disputes`, or with columns more (team, manager, rule).
        column: payee_id, plan, cause, or one that was joined to it.
        day: the last day that counts.
        days: how many days up to it count.
        least: disputes from which on it counts as again and again.
    """
    import polars as pl

    age = (pl.lit(day) - pl.col("raised_date")).dt.total_days()
    recent = disputes.filter(age >= 0, age < days, pl.col(column).is_not_null())
    counts = recent.group_by(column).agg(total=pl.len()).filter(pl.col("total") >= least)
    return by(recent.join(counts.select(column), on=column), column)


def with_people(disputes: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """The disputes with team, role and manager_id held on the day when each was raised.

    Who holds no position on the day has none of them.
    """
    import polars as pl

    held = positions.select(
        "payee_id", "team", "role", "manager_id", start="start_date", end="end_date"
    )
    joined = disputes.select("dispute_id", "payee_id", "raised_date").join(held, on="payee_id")
    day = pl.col("raised_date")
    there = joined.filter(
        day >= pl.col("start"), pl.col("end").is_null() | (day < pl.col("end"))
    ).unique("dispute_id", keep="last", maintain_order=True)
    return disputes.join(
        there.select("dispute_id", "team", "role", "manager_id"), on="dispute_id", how="left"
    )


def with_rules(disputes: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """A row for each dispute and plan rule that its lines follow: dispute columns, and source.

    Args:
        disputes: the table `Disputes`.
        named: Earnings with ``line_id`` (`spmlib.incent.lines.named`).
    """
    import polars as pl

    apart = disputes.with_columns(line_id=pl.col("lines").str.split(" ")).explode("line_id")
    rules = named.select("line_id", "component", "source").unique()
    joined = apart.join(rules, on="line_id").unique(["dispute_id", "component", "source"])
    return joined.drop("line_id")


def share_of_pay(disputes: pl.DataFrame, payouts: pl.DataFrame) -> pl.DataFrame:
    """How much of pay is disputed, month by month of the statements, and in each currency.

    Defined as::

        share_by_count = statements disputed / statements    (a person's plan and month each)
        share_by_amount = sum |claimed| / sum |paid|

    Args:
        disputes: the table `Disputes` [ticks].
        payouts: the table `Payouts` [ticks].

    Returns:
        period, currency, statements, disputed, claimed, paid [ticks], share_by_count,
        share_by_amount (empty where nothing was paid); every month paid has a row.
    """
    import polars as pl

    keys = ["period", "currency"]
    paid = payouts.group_by(keys).agg(
        statements=pl.len().cast(pl.Int64), paid=pl.col("amount").abs().sum()
    )
    asked = disputes.group_by(keys).agg(
        disputed=pl.struct("payee_id", "plan").n_unique().cast(pl.Int64),
        claimed=pl.col("claimed").fill_null(0).abs().sum(),
    )
    joined = paid.join(asked, on=keys, how="left").with_columns(
        pl.col("disputed", "claimed").fill_null(0)
    )
    return joined.with_columns(
        share_by_count=pl.col("disputed") / pl.col("statements"),
        share_by_amount=pl.when(pl.col("paid") > 0).then(pl.col("claimed") / pl.col("paid")),
    ).sort(keys)


def mend_first(disputes: pl.DataFrame, columns: Sequence[str] = ("cause",)) -> pl.DataFrame:
    """Causes by the days that disputes took and what was granted: what to mend first.

    Returns:
        as `by`, with days (all that its disputes waited) [days]; the most days first.
    """
    import polars as pl

    found = by(disputes, *columns)
    keys = list(dict.fromkeys((*columns, "currency")))
    days = disputes.group_by(keys).agg(days=pl.col("days").sum())
    joined = found.join(days, on=keys, nulls_equal=True)
    return joined.sort("days", "count", *keys, descending=[True, True, *(False for _ in keys)])
