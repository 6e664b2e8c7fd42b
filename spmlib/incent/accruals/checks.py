"""Checks: what must hold of a month's accrual, whatever the numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.tables import MONEY, JournalLines, Table
from spmlib.incent.accruals.balances import MADE_OF
from spmlib.incent.accruals.month import Month

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Found = tuple[str, str, bool]


def of_month(month: Month, journal: Table[JournalLines], bridge: pd.DataFrame) -> pd.DataFrame:
    """The journal balances, what is owed rolls forward and is made of its parts, steps add up.

    Returns:
        check, says, holds.
    """
    import pandas as pd

    lines = engine.collected(journal)
    found = [_balances(lines), _rolls(month), _made_of(month), _posted(month, lines), _taxes(month)]
    told = pd.DataFrame([*found, _bridged(bridge)], columns=["check", "says", "holds"])
    return told


def _balances(lines: pl.DataFrame) -> Found:
    import polars as pl

    entries = lines.group_by("entry_id").agg(pl.col("debit", "credit").sum())
    wrong = len(entries.filter(pl.col("debit") != pl.col("credit")))
    return ("Each entry balances", f"{len(entries)} entries, {wrong} do not", wrong == 0)


def _rolls(month: Month) -> Found:
    import polars as pl

    rows = month.roll_forward
    left = rows.select(pl.sum_horizontal(pl.exclude("currency", "closing")) - pl.col("closing"))
    off = int(left.to_series().abs().sum())
    said = f"{_said(off)} between what was carried forward and what is owed"
    return ("Opening + charged − paid = closing", said, off == 0)


def _made_of(month: Month) -> Found:
    import polars as pl

    closing = month.closing
    off = int(closing.select(pl.sum_horizontal(MADE_OF) - pl.col("owing")).to_series().abs().sum())
    said = f"{_said(off)} between {len(closing)} people's cost less pay and what it is made of"
    return ("What is owed is what is payable, outstanding and estimated", said, off == 0)


def _posted(month: Month, lines: pl.DataFrame) -> Found:
    import polars as pl

    own = lines.filter(pl.col("entry_id").str.contains(" (accrual|correction|reversal) "))
    expense = own.filter(pl.col("team").is_not_null() | (pl.col("line") == 1))
    booked = expense.filter(pl.col("account") == expense["account"][0]) if len(expense) else expense
    net = int((booked["debit"] - booked["credit"]).sum())
    charged = int(month.charged["amount"].sum())
    said = f"{_said(charged)} charged, {_said(net)} debited, all currencies as if one"
    return ("The expense posted is what the month is charged with", said, net == charged)


def _taxes(month: Month) -> Found:
    import polars as pl

    steps = pl.sum_horizontal("opening", "charged", "paid") - pl.col("closing")
    off = int(month.taxes.select(steps).to_series().abs().sum())
    return ("Taxes owed roll forward, person by person", f"{_said(off)} left over", off == 0)


def _bridged(bridge: pd.DataFrame) -> Found:
    total = sum(bridge["amount"].iloc[:-1], Decimal(0))
    end = bridge["amount"].iloc[-1]
    said = f"the steps come to {total:,.2f}, the month to {end:,.2f}"
    return ("The bridge leads from month to month", said, total == end)


def _said(ticks: int) -> str:
    return f"{Decimal(ticks) / MONEY:,.2f}"
