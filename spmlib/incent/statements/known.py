"""Known: the tables that statements of a month are made from, wherever they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.incent.calculation import Results

if TYPE_CHECKING:
    import polars as pl

ESTIMATE = "estimate"


@dataclass(frozen=True)
class Known:
    """Tables of results [ticks], of all months up to the one that is told of.

    Attributes:
        state: closed, preview or estimate.
        terms: to explain lines by; where people stand is what ``attainments`` say.
        posted: the Postings of the month's close; none where nothing is closed.
    """

    state: str
    credits: pl.DataFrame
    attainments: pl.DataFrame
    terms: pl.DataFrame
    earnings: pl.DataFrame
    payments: pl.DataFrame
    balances: pl.DataFrame
    payroll: pl.DataFrame
    posted: pl.DataFrame | None = None


def of_results(results: Results) -> Known:
    """What a calculation says, where nothing is closed."""
    names = ("credits", "attainments", "terms", "earnings", "payments", "balances", "payroll")
    return Known(ESTIMATE, **{name: engine.collected(getattr(results, name)) for name in names})
