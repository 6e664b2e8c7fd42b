"""Explain: a receipt is an amount read aloud: this much, at this rate, as written there.

Pieces add up to their line, lines to their section, sections to the receipt. `printed` is its text,
`rows` its table; what draws it nicely takes the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING

from spmlib.core.money import CURRENCIES

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 92  # of the words of a receipt; amounts stand to their right


@dataclass(frozen=True)
class Piece:
    """So much, at such a rate."""

    words: str  # "12,000.00 x 8 %"
    amount: Decimal  # [currency]
    place: str  # file and line of the rate


@dataclass(frozen=True)
class Line:
    """One line of earnings and its pieces."""

    kind: str  # as in Earnings
    label: str  # the transaction and its rule, or the modifier
    event_date: date | None  # none: of the whole month
    credited: Decimal | None
    amount: Decimal
    pieces: tuple[Piece, ...]
    credit: str = ""  # how the credit came about: "EUR 1,000.00 x 1.08, 50 %, crediting.yaml:9"


@dataclass(frozen=True)
class Section:
    """The lines of one component in one window."""

    component: str  # empty: the whole plan
    clause: str
    window: str
    standing: str  # "counted to date 812,300.00 of quota 900,000.00 (90.3 %)"
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        """What the component earned in the period."""
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Receipt:
    """What one person is due for one period under one plan, and why."""

    payee_id: str
    name: str
    period: str
    plan: str
    title: str
    source: str  # the signed document
    currency: str
    sections: tuple[Section, ...]

    @property
    def total(self) -> Decimal:
        """What is due."""
        return sum((section.total for section in self.sections), Decimal(0))

    def __str__(self) -> str:
        """The receipt as text."""
        return printed(self)


def printed(receipt: Receipt) -> str:
    """A receipt as plain text, one amount a line."""
    return "\n".join(_text(receipt))


def rows(receipts: Iterable[Receipt]) -> pd.DataFrame:
    """The pieces of receipts as a table.

    Returns:
        payee_id, period, plan, component, clause, window, standing, kind, line, credit,
        event_date, credited, words, amount [currency], currency, place; one row for each piece.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "payee_id": receipt.payee_id,
                "period": receipt.period,
                "plan": receipt.plan,
                "component": section.component,
                "clause": section.clause,
                "window": section.window,
                "standing": section.standing,
                "kind": line.kind,
                "line": line.label,
                "credit": line.credit,
                "event_date": line.event_date,
                "credited": line.credited,
                "words": piece.words,
                "amount": piece.amount,
                "currency": receipt.currency,
                "place": piece.place,
            }
            for receipt in receipts
            for section in receipt.sections
            for line in section.lines
            for piece in line.pieces
        ]
    )


def _text(receipt: Receipt) -> Iterator[str]:
    places = CURRENCIES[receipt.currency]
    yield f"{receipt.name} ({receipt.payee_id})   {receipt.period}   {receipt.title}"
    yield f"{receipt.source}"
    for section in receipt.sections:
        yield ""
        yield f"{section.component or 'the whole plan'}, {section.window}: {section.standing}"
        yield from wrap(section.clause, WIDTH, initial_indent="  ", subsequent_indent="  ")
        for line in section.lines:
            yield from _line_text(line, places)
        yield _amount_text(f"  {section.component or 'the whole plan'}", section.total, places, "")
    yield ""
    yield _amount_text(f"Due in {receipt.currency}", receipt.total, places, "")


def _line_text(line: Line, places: int) -> Iterator[str]:
    for number, piece in enumerate(line.pieces):
        label = f"  {line.event_date or ''!s:<10}  {line.label}" if number == 0 else ""
        yield _amount_text(f"{label:<44}  {piece.words}", piece.amount, places, piece.place)
    if line.credit:
        yield f"              {line.credit}"


def _amount_text(label: str, amount: Decimal, places: int, place: str) -> str:
    return f"{label:<{WIDTH}} {amount:>16,.{places}f}   {place}".rstrip()
