"""Clusters: exceptions by cause: the cause word first, then the wording of the reason.

Rows are of one cluster where cause, component, currency and sign are the same and their reasons'
words are alike, directly or by way of others (`wording`). Whoever reads a cluster can see why a row
is in it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from spmlib.core.errors import ParameterError
from spmlib.revops.readiness import wording

if TYPE_CHECKING:
    import polars as pl

TEXTS = ("cause", "component", "currency")
KEYS = (*TEXTS, "sign")
NEEDED = ("period", "amount")


def clustered(rows: pl.DataFrame, similar: float, names: Collection[str] = ()) -> pl.DataFrame:
    """The rows with their cluster, numbered by size of money, largest first.

    Args:
        rows: period, amount, and what is there of cause, component, reason, payee_id, currency,
            size (of the amount, absolute, in one currency); one row per exception.
        similar: share of words from which two reasons are the same.
        names: words that say who, not why, as `wording.names` gives.

    Raises:
        ParameterError: a column is missing, or an amount is missing or no number.
    """
    import polars as pl

    table = _filled(rows)
    keys = table.select(*KEYS, "reason").unique(maintain_order=True).sort(*KEYS, "reason")
    parts = [
        part.with_columns(
            group=pl.Series(
                wording.groups(part["reason"].to_list(), similar, names), dtype=pl.Int64
            )
        )
        for part in keys.partition_by(*KEYS, maintain_order=True)
    ]
    wording.groups([], similar)  # refuses a share that means nothing, also of no rows
    labelled = (
        table.join(pl.concat(parts), on=[*KEYS, "reason"])
        if parts
        else table.with_columns(group=pl.lit(0, dtype=pl.Int64))
    )
    named = [*KEYS, "group"]
    sizes = labelled.group_by(named).agg(money=pl.col("size").sum(), lines=pl.len())
    down = [True, True, *[False] * len(named)]
    numbered = (
        sizes.sort("money", "lines", *named, descending=down)
        .with_row_index("cluster", 1)
        .select(*named, "cluster")
    )
    return labelled.join(numbered, on=named).drop("group", "sign").sort("order").drop("order")


def causes(rows: pl.DataFrame, similar: float, names: Collection[str] = ()) -> pl.DataFrame:
    """The rows with the cluster of their words alone, whatever sign, currency and component.

    What is to be mended is one, whether it gives or takes. Where no reason is given, the cause is.

    Args:
        rows: as `clustered` gives.
        similar, names: as of `clustered`.
    """
    import polars as pl

    said = pl.when(pl.col("reason") != "").then(pl.col("reason")).otherwise(pl.col("cause"))
    words = rows.select(said)["reason"].to_list()
    labels = pl.Series("group", wording.groups(words, similar, names), dtype=pl.Int64)
    table = rows.drop("cluster").with_columns(labels)
    sizes = table.group_by("group").agg(pl.col("size").sum(), pl.len(), pl.col("reason").min())
    order = sizes.sort("size", "len", "reason", descending=[True, True, False])
    numbered = order.with_row_index("cluster", 1).select("group", "cluster")
    return table.join(numbered, on="group", maintain_order="left").drop("group")


def summary(rows: pl.DataFrame, by: str = "cluster") -> pl.DataFrame:
    """One row per cluster: cause, component, reason, lines, money, months, people, largest first.

    Args:
        rows: as `clustered` gives; money is the sum of absolute amounts.
        by: the column that numbers what is summed.
    """
    import polars as pl

    return (
        rows.sort("period", "reason")
        .group_by(by)
        .agg(
            *(_most(name) for name in ("cause", "component", "reason")),
            lines=pl.len(),
            money=pl.col("size").sum(),
            net=pl.col("amount").sum(),
            months=pl.col("period").n_unique(),
            people=pl.col("payee_id").filter(pl.col("payee_id") != "").n_unique(),
        )
        .sort(by)
    )


def _most(name: str) -> pl.Expr:
    """What is said most, of what says no day or number if anything does; empty where none does."""
    import polars as pl

    said = pl.col(name).filter(pl.col(name) != "")
    plain = said.filter(~said.str.contains(r"\d"))
    found = [part.mode().sort().first() for part in (plain, said)]
    return pl.coalesce(*found, pl.lit("")).alias(name)


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    """With the columns that may be missing, empty where nothing is said."""
    import polars as pl

    missing = [name for name in NEEDED if name not in rows.columns]
    if missing:
        raise ParameterError(f"exceptions have no column '{missing[0]}'; give {', '.join(NEEDED)}.")
    if rows.is_empty():
        rows = rows.with_columns(
            pl.col("amount").cast(pl.Float64), pl.col("period").cast(pl.String)
        )
    if not rows["amount"].dtype.is_numeric():
        raise ParameterError("amounts of exceptions are words; give numbers.")
    wrong = rows.filter(~pl.col("amount").cast(pl.Float64).is_finite().fill_null(False))
    if len(wrong):
        where = "exceptions have an amount missing, or none that is finite"
        raise ParameterError(f"{where}: {len(wrong)} of {len(rows)}; give each its amount.")
    if unnamed := rows["period"].null_count():
        raise ParameterError(
            f"{unnamed} of {len(rows)} exceptions name no period; name each one's."
        )
    texts = (*TEXTS, "reason", "payee_id")
    absent = [pl.lit("").alias(name) for name in texts if name not in rows.columns]
    size = pl.col("size" if "size" in rows.columns else "amount").abs()
    made = rows.with_columns(absent).with_columns(
        *(pl.col(name).cast(pl.String).fill_null("").str.strip_chars() for name in texts),
        size=size,
    )
    return made.with_columns(
        cause=pl.col("cause").str.to_lowercase(),
        sign=pl.col("amount").cast(pl.Float64).sign().cast(pl.Int8),
    ).with_row_index("order")
