"""Credited: people credited with more of a transaction than the policy allows, or twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.tables import SHARE
from spmlib.incent.audit import findings
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import percent, rows
from spmlib.incent.audit.written import Most, Policy

if TYPE_CHECKING:
    import polars as pl

ROUNDED = 10  # parts of 10^8 by which shares may miss the whole: a third three times


def over_credited(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: transactions whose shares add up to more than allowed; the excess is at stake.

    Defined as::

        what the rules' credits of the transaction pay * (1 - most / sum of their shares)
    """
    import polars as pl

    found = [_over(books, most) for most in policy.credits]
    return pl.concat(found) if found else findings.none()


def double_roll_ups(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: people credited twice with one credit of the same person, once being right."""
    import polars as pl

    del policy  # nobody is credited twice by any
    key = ["transaction_id", "event_id", "payee_id", "through_id"]
    own = books.credits.filter(pl.col("event_id").is_null(), pl.col("level") > 0)
    own = own.filter(own.select(key).is_duplicated())
    twice = own.group_by(key).agg(
        times=pl.len(),
        rules=pl.col("rule").unique().sort().str.join(" and "),
        place=pl.col("rule_source").last(),
        levels=pl.col("level").unique().sort().cast(pl.String).str.join(" and "),
    )
    return _twice(books, twice.filter(pl.col("times") > 1))


def _over(books: Books, most: Most) -> pl.DataFrame:
    import polars as pl

    own = books.credits.filter(
        pl.col("rule").is_in(list(most.rules)), pl.col("level") == 0, pl.col("event_id").is_null()
    )
    summed = own.group_by("transaction_id").agg(
        total=pl.col("share").sum(), people=pl.col("payee_id").sort().str.join(", ")
    )
    over = summed.filter(pl.col("total") > most.most + ROUNDED)
    paid = _pay_of(books, most.rules)
    found = _dated(books, over).join(paid, on="transaction_id", how="left")
    part = 1 - most.most / pl.col("total")
    return rows(
        found.with_columns(amount=(pl.col("pay") * part).round().fill_null(0), score=pl.lit(1.0)),
        "over_credited",
        pl.concat_str("transaction_id", pl.lit(f"/{most.name}")),
        pl.concat_str(
            pl.lit("shares of "), percent(pl.col("total") / SHARE), pl.lit(" in all, and "),
            pl.lit(f"{round(100 * most.most / SHARE)} % at most are allowed by "),
            pl.lit(" and ".join(most.rules)), pl.lit(": "), "people",
        ),
        pl.lit(most.place),
        "correct the shares, or the positions that overlap",
        books.currency,
    )  # fmt: skip


def _twice(books: Books, twice: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    key = ["transaction_id", "payee_id", "through_id"]
    own = books.earnings.join(twice.select(key), on=key, how="semi")
    lines = books.worth(own.filter(pl.col("event_id").is_null()))
    paid = lines.group_by(key).agg(pay=pl.col("amount").sum())
    found = _dated(books, twice).join(paid, on=key, how="left")
    again = (pl.col("times") - 1) / pl.col("times")
    return rows(
        found.with_columns(amount=(pl.col("pay") * again).round().fill_null(0), score=pl.lit(0.95)),
        "double_roll_ups",
        pl.concat_str(key, separator="/"),
        pl.concat_str(
            pl.lit("credited "), pl.col("times").cast(pl.String), pl.lit(" times with what is "),
            "through_id", pl.lit("'s, by "), "rules", pl.lit(" at level "), "levels",
        ),
        pl.col("place"),
        "correct the rules that roll up, or the hierarchy of that day",
        books.currency,
    )  # fmt: skip


def _pay_of(books: Books, rules: tuple[str, ...]) -> pl.DataFrame:
    """What credits by some rules pay, by transaction."""
    import polars as pl

    own = books.earnings.filter(pl.col("rule").is_in(list(rules)), pl.col("event_id").is_null())
    direct = own.filter(pl.col("through_id") == pl.col("payee_id"))
    return books.worth(direct).group_by("transaction_id").agg(pay=pl.col("amount").sum())


def _dated(books: Books, found: pl.DataFrame) -> pl.DataFrame:
    """The rows with the month that pays their transaction."""
    return found.join(books.booked.select("transaction_id", "period"), on="transaction_id")
