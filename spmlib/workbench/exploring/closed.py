"""Closed: the tables of a close, as they were recorded, whatever has become known since."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.ledger import Close, Ledger, LedgerError
from spmlib.core.tables import CLOSED, RESULTS, Definition, money, text
from spmlib.workbench import closes
from spmlib.workbench.exploring.tables import Tables, ordered

if TYPE_CHECKING:
    import pyarrow as pa

    from spmlib.workbench.opened import Workbench

EARNINGS = "earnings"  # of all months, as known at the close: what postings so far add up to


class Settled(Definition):
    """One row per accepted dispute: what was granted, and what the close posts for it."""

    dispute_id = text("Dispute.")
    payee_id = text("Person.")
    remedy = text("data or adjustment.")
    granted = money("What was granted [currency].")
    posted = money("What the close posts for it [currency].")
    currency = text("Of both.")


KNOWN = RESULTS | CLOSED | {"disputes": Settled, "opening": RESULTS["payouts"]}


class Closed(Tables):
    """The tables of one close."""

    def __init__(self, book: Ledger, made: Close) -> None:
        """The tables that a ledger keeps of a close."""
        definitions = {name: KNOWN[name] for name in [EARNINGS, *made.tables] if name in KNOWN}
        title = f"{made.period}, closed on {made.closed[:10]} (close {made.number})"
        super().__init__(definitions, partial(_read, book, made), title)
        self.period, self.closed, self.number = made.period, made.closed, made.number


def closed(bench: Workbench, period: str | None = None) -> Closed:
    """The tables of a close on record.

    Args:
        bench: the company.
        period: that was closed; the last one if none is named.

    Raises:
        ParameterError: the calendar has no such period.
        LedgerError: it is not closed, or what was closed is no longer whole.
    """
    book = closes.kept(bench)
    made = {close.period: close for close in book.closes()}
    if period is None and made:
        return Closed(book, list(made.values())[-1])
    if period in made:
        return Closed(book, made[period])
    if period is not None:
        bench.refuse_period(period)
    if not made:
        now = "company.tables has what is known now, and spm close records a month"
        raise LedgerError(f"no month is closed yet; {now}.")
    there = " to ".join(dict.fromkeys((min(made), max(made))))
    raise LedgerError(f"{period} is not closed; the ledger has {there}.")


def _read(book: Ledger, made: Close, name: str) -> pa.Table:
    """A table of a close, its exact columns decimals."""
    known = name == EARNINGS
    rows = closes.on_record(book, made.period) if known else book.table(made, name)
    return ordered(engine.table(rows), KNOWN[name])
