"""True-ups: what a month came to once all of it was known, less what was accrued of it, and why.

Accrued is what was earned as known on the month's last day, and what was expected to become known;
actual is what the calculation says of the same month now. What a method adds for windows that run
on is left out: it is no estimate of the month, but a part of the window (`trials`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Earnings, Table
from spmlib.incent.accruals import late
from spmlib.incent.accruals.accrued import teamed
from spmlib.incent.accruals.books import Books
from spmlib.incent.accruals.known import OWN, Known
from spmlib.incent.paying.postings import REASONS, postings

if TYPE_CHECKING:
    import polars as pl

WHY = REASONS | {"estimate": "expected late, taken back"}
COLUMNS = ("team", *OWN, "period", "reason", "amount", "currency")


def true_ups(books: Books, months: Iterable[str], now: Table[Earnings]) -> pl.DataFrame:
    """What months came to, less what was accrued of them.

    Args:
        books: of the company.
        months: that are over.
        now: the earnings of those months as they are known now.

    Returns:
        team, payee_id, plan, component, period, reason (of `WHY`), amount [ticks], currency: by
        person, component and month they add up to actual less accrued.
    """
    import polars as pl

    asked = list(months)
    known = engine.collected(now.filter(nw.col("period").is_in(asked)))
    by_month = known.partition_by("period", as_dict=True)
    empty = known.clear()
    found = [
        teamed(_of_month(books, then, by_month.get((month,), empty)), books.company, then.day)
        for month in asked
        if (then := books.ends(month))
    ]
    rows = pl.concat(found).filter(pl.col("amount") != 0)
    return rows.select(COLUMNS).sort("period", *OWN[:2], "component", "reason", nulls_last=True)


def _of_month(books: Books, then: Known, now: pl.DataFrame) -> pl.DataFrame:
    """The differences of one month, by reason; the expected late with its sign turned."""
    import polars as pl

    lines = postings(now.select(then.lines.columns), then.lines, "", first=False)
    key = [*OWN, "period", "reason", "currency"]
    news = lines.group_by(key).agg(pl.col("amount").sum())
    expected = late.expected(then, books.policy.late)
    taken = expected.with_columns(
        period=pl.lit(then.period), reason=pl.lit("estimate"), amount=-pl.col("late")
    )
    return pl.concat([news.select(*key, "amount"), taken.select(*key, "amount")])
