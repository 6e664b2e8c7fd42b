"""Registers: what people put on record one after the other, and of which nothing is lost.

A register is a ledger of its own (`spmlib.core.ledger`): each entry holds the rows that were
recorded together, chained to the one before. Two who write at once both get in: who comes second
sees what the first wrote, and is asked again what there is to record.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spmlib.core import ledger
from spmlib.core.ledger import Close, Ledger, LedgerError, Overtaken

Rows = list[dict[str, Any]]  # values that JSON knows
TRIES = 100  # before a register that others keep writing in is given up
PAUSE = 0.02  # longest wait before the second try [seconds]; grows with each


def rows(book: Ledger) -> Rows:
    """Everything on record, in the order it was recorded.

    Returns:
        The rows as they were recorded, each with ``entry`` (from 1) and ``recorded`` (ISO 8601).

    Raises:
        LedgerError: an entry is missing, or was changed.
    """
    return _rows(book.closes())


def record(
    book: Ledger, kind: str, made: Callable[[Rows], Sequence[Mapping[str, Any]]], when: str
) -> Close:
    """Put rows on record, together.

    Args:
        book: the register.
        kind: what the entry is, in a word.
        made: the rows to record, from all that stands; raises where they are not permitted. Called
            again whenever somebody else recorded something in the meantime.
        when: the moment, ISO 8601.

    Returns:
        The entry, as it now stands.

    Raises:
        LedgerError: others recorded something each time.
    """
    for number in range(TRIES):
        before = book.closes()
        about = {"rows": [dict(row) for row in made(_rows(before))]}
        try:
            return ledger.close(book, before, kind, {}, about, when)
        except Overtaken:
            time.sleep(random.uniform(0, PAUSE * (1 + number)))  # so that two do not keep in step
    raise LedgerError(f"{book.root}: others recorded something {TRIES} times; try again later.")


def _rows(entries: Sequence[Close]) -> Rows:
    return [
        {**row, "entry": one.number, "recorded": one.closed}
        for one in entries
        for row in one.about["rows"]
    ]
