"""Scenarios: what open windows would be taken as costing, were more sold or another method used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.core.tables import MONEY
from spmlib.incent.accruals import outlooks
from spmlib.incent.accruals.books import Books
from spmlib.incent.accruals.readings import exact, in_one
from spmlib.incent.accruals.to_date import NOT_SMOOTHED, to_date

if TYPE_CHECKING:
    import pandas as pd

ASKED = "as the policy says"


def tried(
    books: Books, period: str, currency: str, more: float = 0.0, method: str = ASKED
) -> pd.DataFrame:
    """The open windows that are accrued by more than what they have earned, component by component.

    Args:
        books: of the company.
        period: the month at whose end they are looked at.
        currency: to read amounts in.
        more: how much more is credited in what is left of them than is expected: 0.1 is a tenth.
        method: of `written.METHODS`; the policy's if not given.

    Returns:
        plan, component, method, people, gone (credited over what is expected), earned (to date),
        smoothed (what the method adds), accrued (to date, with what is expected late) [currency];
        what adds most first.
    """
    import polars as pl

    known = books.ends(period)
    ahead = outlooks.expected(known, books.policy.outlook)
    left = (pl.col("expected") - pl.col("credited")) * (1 + more)
    given = ahead.with_columns(amount=pl.col("credited") + left)
    said = "" if method == ASKED else method
    rows = to_date(known, books.parameters, books.policy, said, given)
    looks_ahead = pl.col("method") != NOT_SMOOTHED
    open_ = rows.filter(pl.col("forecast").is_not_null(), looks_ahead).with_columns(
        accrued=pl.sum_horizontal("earned", "late", "smoothed"),
        gone=pl.col("credited_to_date") / MONEY,
    )
    columns = ("payee_id", "plan", "component", "method", "currency", "gone", "forecast")
    read = in_one(
        open_.select(*columns, "earned", "smoothed", "accrued"), period, books.company, currency
    )
    summed = read.group_by("plan", "component", "method").agg(
        pl.col("earned", "smoothed", "accrued").sum(),
        people=pl.col("payee_id").n_unique(),
        gone=pl.col("gone").sum() / pl.col("forecast").sum(),
    )
    order = ("plan", "component", "method", "people", "gone", "earned", "smoothed", "accrued")
    return exact(summed.sort(pl.col("smoothed").abs(), descending=True).select(order))
