"""Lines: what a line of earnings is called, so that statement, dispute and audit mean the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

KEY = (
    *("payee_id", "plan", "component", "window", "period", "kind", "number"),
    *("transaction_id", "event_id", "rule", "through_id"),
)
BESIDE = ("adjustment", "spiff")  # kinds of lines that no curve gives and no modifier sees
DIGITS = 10  # a person has some hundred lines a year: two alike come once in some ten million years


def line_id(line: Mapping[str, Any]) -> str:
    """The name of a line: digits of a hash of its key; amounts may change, the name does not.

    Args:
        line: a row of Earnings.
    """
    words = "\x1f".join("" if line[name] is None else str(line[name]) for name in KEY)
    return hashlib.sha256(words.encode()).hexdigest()[:DIGITS].upper()


def named(lines: pl.DataFrame) -> pl.DataFrame:
    """Rows of Earnings with ``line_id``."""
    import polars as pl

    ids = [line_id(row) for row in lines.select(KEY).iter_rows(named=True)]
    return lines.with_columns(line_id=pl.Series(ids, dtype=pl.String))
