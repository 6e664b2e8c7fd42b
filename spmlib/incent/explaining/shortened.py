"""Shortened: receipts as rows that a page can hold, each section with its clause and its sum.

The largest lines stand as they are; the others are one row that says how many they are. So the
rows still add up to what is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from spmlib.core.explain import Line, Receipt, Section

if TYPE_CHECKING:
    import pandas as pd

MOST = 15  # lines of a section


def shortened(receipts: Iterable[Receipt], most: int = MOST) -> pd.DataFrame:
    """The receipts' rows: for each section its clause, its largest lines in order, and its sum.

    Returns:
        plan, component, window, standing, kind (clause, a kind of Earnings, others, sum or due),
        event_date, line, credit, words, amount [currency], currency, place.
    """
    import pandas as pd

    return pd.DataFrame([row for receipt in receipts for row in _rows(receipt, most)])


def _rows(receipt: Receipt, most: int) -> Iterator[dict[str, Any]]:
    common = {"plan": receipt.plan, "currency": receipt.currency}
    for section in receipt.sections:
        about = common | {
            "component": section.component or "whole_plan",
            "window": section.window,
            "standing": section.standing,
        }
        yield about | _row("clause", words=" ".join(section.clause.split()))
        yield from (about | row for row in _lines(section, most))
        yield about | _row("sum", amount=section.total)
    due = {"component": "due", "window": receipt.period, "standing": receipt.title}
    yield common | due | _row("due", amount=receipt.total)


def _lines(section: Section, most: int) -> Iterator[dict[str, Any]]:
    ranked = sorted(section.lines, key=lambda line: -abs(line.amount))
    others = {id(line) for line in ranked[most:]}
    for line in section.lines:
        if id(line) not in others:
            yield from _pieces(line)
    if others:
        amount = sum((line.amount for line in section.lines if id(line) in others), Decimal(0))
        yield _row("others", line=f"{len(others):,} smaller lines", amount=amount)


def _pieces(line: Line) -> Iterator[dict[str, Any]]:
    for number, piece in enumerate(line.pieces):
        first = {"line": line.label, "credit": line.credit} if number == 0 else {}
        told = {"words": piece.words, "amount": piece.amount, "place": piece.place}
        yield _row(line.kind, event_date=line.event_date, **first, **told)


def _row(kind: str, **cells: Any) -> dict[str, Any]:
    empty = {"event_date": None, "line": "", "credit": "", "words": "", "amount": None, "place": ""}
    return {"kind": kind} | empty | cells
