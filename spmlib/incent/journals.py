"""Journals: entries for the general ledger, as accruals and contract costs post them.

Amounts come in with a sign: above zero is debited, below zero credited. No entry is mended: one
that does not balance to the cent is refused.
"""

from __future__ import annotations

import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, JournalLines, Table


def journal(postings: pl.DataFrame) -> Table[JournalLines]:
    """Entries that balance, from amounts with a sign; amounts of zero are left out.

    Args:
        postings: entry_id, entry_date, account, team, amount [ticks; a debit is above zero],
            currency, description, source; in the order in which they are to stand.

    Raises:
        ParameterError: an entry does not balance in one of its currencies.
    """
    refuse_unbalanced(postings)
    moved = postings.filter(pl.col("amount") != 0)
    rows = moved.with_columns(
        line=pl.int_range(1, pl.len() + 1).over("entry_id"),
        debit=pl.col("amount").clip(lower_bound=0),
        credit=-pl.col("amount").clip(upper_bound=0),
    )
    return engine.brought(rows.select(*JournalLines.columns()))


def refuse_unbalanced(postings: pl.DataFrame) -> None:
    """Refuse postings of which an entry does not add up to nothing in each of its currencies.

    Raises:
        ParameterError: one does not: its name, and what is too much.
    """
    sums = postings.group_by("entry_id", "currency", maintain_order=True).agg(
        pl.col("amount").sum()
    )
    wrong = sums.filter(pl.col("amount") != 0)
    if len(wrong):
        entry, currency, over = wrong.row(0)
        side = "debited" if over > 0 else "credited"
        said = f"{abs(over) / MONEY:,.4f} {currency} too much is {side}"
        raise ParameterError(f"entry {entry}: {said}; post what is missing on the other side.")
