"""Findings: what checks found, each under a name that stays when the audit is run again.

A name is the check and what it is about (``duplicates:T1+T2``), so that a finding which somebody
looked at and accepted can be marked in the policy's ``reviewed`` list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.tables import MONEY, Findings

if TYPE_CHECKING:
    import polars as pl


def rows(
    frame: pl.DataFrame,
    check: str,
    about: pl.Expr,
    evidence: pl.Expr,
    place: pl.Expr,
    remedy: str,
    currency: str,
) -> pl.DataFrame:
    """Findings from rows with period, amount [ticks], score, payee_id and transaction_id.

    Args:
        frame: one row for each thing that was found; ids that are not there are empty.
        check: that found them.
        about: what a finding is about, in ids.
        evidence: what was seen.
        place: what it rests on.
        remedy: what to do about it.
        currency: of the amounts.
    """
    import polars as pl

    missing = [c for c in ("payee_id", "transaction_id") if c not in frame.columns]
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
    return frame.select(
        finding_id=pl.concat_str(pl.lit(f"{check}:"), about),
        check=pl.lit(check),
        payee_id="payee_id",
        period="period",
        transaction_id="transaction_id",
        amount=pl.col("amount").cast(pl.Int64),
        currency=pl.lit(currency),
        score=pl.col("score").cast(pl.Float64).clip(0, 1),
        evidence=evidence,
        place=place.fill_null("?"),
        remedy=pl.lit(remedy),
    )


def none() -> pl.DataFrame:
    """Findings without a row."""
    import polars as pl

    kinds = {"money": pl.Int64, "estimate": pl.Float64}
    columns = Findings.columns()
    return pl.DataFrame(
        schema={name: kinds.get(column.kind, pl.String) for name, column in columns.items()}
    )


def ranked(found: pl.DataFrame) -> pl.DataFrame:
    """Findings, those of the most money first, weighed by how sure they are."""
    import polars as pl

    weight = (pl.col("amount") * pl.col("score")).alias("weight")
    ordered = found.with_columns(weight).sort("weight", "finding_id", descending=[True, False])
    return ordered.drop("weight")


def amount(column: str | pl.Expr, decimals: int = 2) -> pl.Expr:
    """An amount [ticks] as text: ``1,234.50``."""
    import polars as pl

    ticks = pl.col(column) if isinstance(column, str) else column
    unit = MONEY // 10**decimals
    size = (ticks.abs() + unit // 2) // unit
    whole = (size // 10**decimals).cast(pl.String)
    grouped = whole.str.reverse().str.replace_all(r"(\d{3})", "$1,").str.reverse()
    cents = (size % 10**decimals).cast(pl.String).str.zfill(decimals)
    sign = pl.when(ticks < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, grouped.str.strip_chars_start(","), pl.lit("."), cents)


def percent(share: pl.Expr) -> pl.Expr:
    """A ratio as text: ``95 %``."""
    import polars as pl

    return pl.concat_str((share * 100).round().cast(pl.Int64).cast(pl.String), pl.lit(" %"))


def times(ratio: pl.Expr) -> pl.Expr:
    """A ratio as text: ``4.2 times``."""
    import polars as pl

    return pl.concat_str(ratio.round(1).cast(pl.String), pl.lit(" times"))
