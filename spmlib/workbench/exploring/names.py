"""Names: what somebody who misspelt one is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from spmlib.core.tables import ACCOUNTED, CLOSED, INPUTS, PLANNED, RESULTS

FEW = 15  # names that an error can list


def meant(word: str, options: Iterable[str], where: str) -> str:
    """What to write instead of a name that is not there: the nearest, or all if they are few.

    Args:
        word: as it was written.
        options: the names there are.
        where: they are listed, if they are many.

    >>> meant("earnigs", ["earnings", "payouts"], "")
    "write 'earnings' (one of: earnings, payouts)"
    >>> meant("amuont", [*map(str, range(99)), "amount"], "describe")
    "write 'amount' (describe lists all)"
    """
    every = tuple(options)
    few = len(every) <= FEW
    listed = f"one of: {', '.join(every)}" if few else f"{where} lists all"
    close = get_close_matches(word.lower(), every, n=1)
    if close:
        return f"write '{close[0]}' ({listed})"
    return f"write {listed}" if few else listed


def lacking(name: str, there: Mapping[str, Any]) -> str:
    """That there is no table of a name, and where it is or what was meant.

    Args:
        name: as it was written.
        there: the tables there are, by name.
    """
    wrong = f"there is no table '{name}'"
    if name in CLOSED:
        return f"{wrong} but in closes; write company.closed('2026-09').{name}."
    if name in PLANNED or name in ACCOUNTED:
        return f"{wrong} here: an analysis makes it; docs/tables.md says what it holds."
    if name in INPUTS or name in RESULTS:
        return f"{wrong} in a close; company.{name} is as known now."
    return f"{wrong}; {meant(name, there, 'company.tables')}."
