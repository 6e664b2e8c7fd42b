"""Accrued: what a month's pay costs before it is closed, person by person and window by window.

It costs what is taken as cost to date (`to_date`) at its end more than at the end of the month
before. So late news, reversals and corrections come with the month that learns of them, and the
estimates of the month before go::

    amount = earned + late + smoothed + corrected + reversed
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import Accruals, Table
from spmlib.incent.accruals.books import Books
from spmlib.incent.accruals.known import OWN
from spmlib.incent.accruals.to_date import KEY, NOT_SMOOTHED, to_date
from spmlib.incent.summaries.earned import last_held

if TYPE_CHECKING:
    import polars as pl

PARTS = ("earned", "late", "smoothed", "corrected", "reversed")
THEN = ("earned", "late", "smoothed")


def accruals(books: Books, period: str, given: pl.DataFrame | None = None) -> Table[Accruals]:
    """What a month's pay costs, before it is closed.

    Args:
        books: of the company.
        period: the month.
        given: a forecast of whole windows from elsewhere, as `outlooks.expected` takes it.
    """
    known, last = books.ends(period), books.before(period)
    now = to_date(known, books.parameters, books.policy, given=given)
    then = to_date(books.ends(last), books.parameters, books.policy) if last else now.clear()
    rows = between(now, then, period, books.policy.place)
    return engine.brought(_kept(rows, books.company, known.day).select(*Accruals.columns()))


def between(now: pl.DataFrame, then: pl.DataFrame, period: str, place: str = "") -> pl.DataFrame:
    """What a month is charged with, from what is taken as cost at its end and the one before.

    Args:
        now: of `to_date`, at its end.
        then: likewise, of the month before.
        period: the month.
        place: of the policy, where a row has no method.

    Returns:
        The columns of Accruals but for the team.
    """
    import polars as pl

    was = [pl.col(name).alias(f"{name}_then") for name in THEN]
    both = now.join(then.select(*KEY, *was), on=KEY, how="full", nulls_equal=True, coalesce=True)
    filled = both.with_columns(
        pl.col("month", *THEN, *(f"{name}_then" for name in THEN)).fill_null(0),
        pl.col("method").fill_null(NOT_SMOOTHED),
        pl.col("source").fill_null(place),
    )
    told = filled.with_columns(
        period=pl.lit(period),
        accrued_to_date=pl.sum_horizontal(THEN),
        earned=pl.col("month"),
        corrected=pl.col("earned") - pl.col("month") - pl.col("earned_then"),
        reversed=-(pl.col("late_then") + pl.col("smoothed_then")),
    )
    return told.with_columns(amount=pl.sum_horizontal(PARTS))


def teamed(rows: pl.DataFrame, company: Company, day: date) -> pl.DataFrame:
    """The rows, each with the team that its person had last held before a day."""
    import polars as pl

    people = rows.select("payee_id").unique()
    dated = people.with_columns(event_date=pl.lit(day).dt.offset_by("-1d"))
    held = engine.collected(last_held(engine.brought(dated), company, ()))
    return rows.join(held.select("payee_id", "team"), on="payee_id", how="left")


def _kept(rows: pl.DataFrame, company: Company, day: date) -> pl.DataFrame:
    """The rows that move, or whose window runs on."""
    import polars as pl

    moves = pl.any_horizontal(pl.col(*PARTS) != 0)
    kept = rows.filter(moves | pl.col("forecast").is_not_null())
    return teamed(kept, company, day).sort(*OWN, "window", nulls_last=True)
