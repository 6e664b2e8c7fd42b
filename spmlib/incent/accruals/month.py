"""Month: an accrual as a whole: what is charged, what is owed, and taxes on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.incent.accruals import balances, taxes
from spmlib.incent.accruals.accrued import accruals, teamed
from spmlib.incent.accruals.books import Books

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Month:
    """A month's accrual.

    Attributes:
        period: the month.
        day: its last day.
        charged: Accruals.
        opening: of `balances.standing`, at the end of the month before.
        closing: likewise, at its end.
        taxes: of `taxes.charged`, with the team.
    """

    period: str
    day: date
    charged: pl.DataFrame
    opening: pl.DataFrame
    closing: pl.DataFrame
    taxes: pl.DataFrame

    @property
    def roll_forward(self) -> pl.DataFrame:
        """How what is owed came from the end of the month before to its own."""
        return balances.roll_forward(self.charged, self.opening, self.closing)


def month(books: Books, period: str, given: pl.DataFrame | None = None) -> Month:
    """A month's accrual, with what was known on its last day.

    Args:
        books: of the company.
        period: the month.
        given: a forecast of whole windows from elsewhere, as `outlooks.expected` takes it.

    Raises:
        ParameterError: there is no such period; nothing is said of taxes in somebody's currency;
            a rate to it is missing.
    """
    known = books.ends(period)
    opening = balances.standing(books, books.before(period))
    closing = balances.standing(books, period, given)
    due = taxes.charged(books, period, opening, closing)
    return Month(
        period=period,
        day=known.day - timedelta(days=1),
        charged=engine.collected(accruals(books, period, given)),
        opening=opening,
        closing=closing,
        taxes=teamed(due, books.company, known.day),
    )
