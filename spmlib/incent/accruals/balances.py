"""Balances: what is owed for pay at a month's end, and how it came there from the month before.

Owed is what was taken as cost to date less what was paid: opening + charged - paid = closing. What
is earned in a month is paid some months later (`paid_after`), as it was known when its own month
ended; what became known since is paid with the months after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.incent.accruals.books import Books
from spmlib.incent.accruals.to_date import to_date

if TYPE_CHECKING:
    import polars as pl

WHOSE = ["payee_id", "plan", "currency"]
CHARGED = ("earned", "late", "smoothed", "corrected", "reversed")
STEPS = ("opening", *CHARGED, "paid", "closing")
MADE_OF = ("payable", "unpaid", "held", "carried", "drawn", "late", "smoothed")


def standing(books: Books, period: str | None, given: pl.DataFrame | None = None) -> pl.DataFrame:
    """What is owed at a month's end, and of what it is made.

    Args:
        books: of the company.
        period: the month; none: before the calendar began, when nothing was owed.
        given: a forecast of whole windows from elsewhere, as `outlooks.expected` takes it.

    Returns:
        payee_id, plan, currency, accrued (to date), paid (to date), payable (pay of months that
        are not paid yet), unpaid (not yet billed or collected), held, carried (by bounds), drawn
        (in advance: below 0), late and smoothed (estimates), owing (the sum: accrued less paid)
        [ticks].
    """
    import polars as pl

    if period is None:
        numbers = ("accrued", "paid", *MADE_OF, "owing")
        words = [(name, pl.String) for name in WHOSE]
        return pl.DataFrame(schema=[*words, *((name, pl.Int64) for name in numbers)])
    known = books.ends(period)
    cost = to_date(known, books.parameters, books.policy, given=given)
    accrued = cost.group_by(WHOSE).agg(pl.col("earned", "late", "smoothed").sum())
    due = _summed(known.payouts).rename({"amount": "due"})
    rows = (
        accrued.join(due, on=WHOSE, how="full", coalesce=True)
        .join(paid(books, period), on=WHOSE, how="full", coalesce=True)
        .join(known.balances, on=WHOSE, how="full", coalesce=True)
    )
    told = rows.with_columns(pl.exclude(WHOSE).fill_null(0)).with_columns(
        accrued=pl.sum_horizontal("earned", "late", "smoothed"),
        payable=pl.col("due") - pl.col("paid"),
        drawn=-pl.col("owed"),
    )
    owing = told.with_columns(owing=pl.col("accrued") - pl.col("paid"))
    return owing.select(*WHOSE, "accrued", "paid", *MADE_OF, "owing").sort(WHOSE)


def paid(books: Books, period: str) -> pl.DataFrame:
    """What was paid by a month's end: payee_id, plan, currency, paid [ticks]."""
    last = books.before(period, books.policy.paid_after)
    rows = books.ends(last or period).payouts
    return _summed(rows if last else rows.clear()).rename({"amount": "paid"})


def roll_forward(
    charged: pl.DataFrame, opening: pl.DataFrame, closing: pl.DataFrame
) -> pl.DataFrame:
    """How what is owed came from one month's end to the next, currency by currency.

    Args:
        charged: Accruals of the month between.
        opening: of `standing`, at the end of the month before.
        closing: of `standing`, at its end.

    Returns:
        currency, opening, earned, late, smoothed, corrected, reversed, paid (below 0), closing
        [ticks]; each row adds up.
    """
    import polars as pl

    first = opening.group_by("currency").agg(
        opening=pl.col("owing").sum(), was=pl.col("paid").sum()
    )
    last = closing.group_by("currency").agg(closing=pl.col("owing").sum(), now=pl.col("paid").sum())
    moved = charged.group_by("currency").agg(pl.col(*CHARGED).sum())
    both = first.join(last, on="currency", how="full", coalesce=True)
    every = both.join(moved, on="currency", how="full", coalesce=True)
    filled = every.with_columns(pl.exclude("currency").fill_null(0))
    told = filled.with_columns(paid=pl.col("was") - pl.col("now"))
    return told.select("currency", *STEPS).sort("currency")


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return rows.group_by(WHOSE).agg(pl.col("amount").sum())
