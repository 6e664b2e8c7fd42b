"""The words of a plan's `payment`, defaults filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

WHOLE = Fraction(1)


@dataclass(frozen=True)
class Draw:
    """`draw`: pay that is topped up for some months."""

    recoverable: bool
    amount: Fraction
    months: int
    start: date | None = None
    covers: tuple[str, ...] = ()
    from_month: int = 1
    share: Fraction = WHOLE
    balance_limit: Fraction | None = None
    forgive_after: int | None = None
    forgive_on: date | None = None


@dataclass(frozen=True)
class Clawback:
    """`clawback`: how much a cancellation takes back."""

    within_months: int
    schedule: str
    at: str
    table: tuple[tuple[int, Fraction], ...] = ()


@dataclass(frozen=True)
class Bound:
    """`minimum` or `maximum`."""

    amount: Fraction
    later: bool


@dataclass(frozen=True)
class Payment:
    """The payment terms of a plan; without any, what was earned is paid at once."""

    events: dict[str, Fraction] = field(default_factory=dict)
    advance: Fraction = Fraction(0)
    until_collected: bool = False
    employed_months: int = 0
    draw: Draw | None = None
    clawback: Clawback | None = None
    guarantee: tuple[Fraction, int] | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None


def payment(words: dict[str, Any]) -> Payment:
    """The terms that the words of `payment` describe."""
    hold = words.get("hold", {})
    guarantee = words.get("guarantee")
    return Payment(
        events={word: amount(text) for word, text in words.get("event", {}).items()},
        advance=amount(words.get("advance", "0")),
        until_collected=hold.get("until") == "collected",
        employed_months=int(hold.get("months", "0")),
        draw=_draw(words["draw"]) if "draw" in words else None,
        clawback=_clawback(words["clawback"]) if "clawback" in words else None,
        guarantee=(amount(guarantee["amount"]), int(guarantee["months"])) if guarantee else None,
        minimum=_bound(words["minimum"], "shortfall") if "minimum" in words else None,
        maximum=_bound(words["maximum"], "excess") if "maximum" in words else None,
    )


def amount(text: str) -> Fraction:
    """An exact number; `50%` is a half."""
    text = text.replace("_", "")
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def _draw(words: dict[str, Any]) -> Draw:
    recover, forgive = words.get("recover", {}), words.get("forgive", {})
    limit, after = recover.get("balance_limit"), forgive.get("after_month")
    return Draw(
        recoverable=words["kind"] == "recoverable",
        amount=amount(words["amount"]),
        months=int(words["months"]),
        start=_day(words.get("from")),
        covers=tuple(words.get("covers", ())),
        from_month=int(recover.get("from_month", "1")),
        share=amount(recover.get("share", "100%")),
        balance_limit=None if limit is None else amount(limit),
        forgive_after=None if after is None else int(after),
        forgive_on=_day(forgive.get("date")),
    )


def _clawback(words: dict[str, Any]) -> Clawback:
    rows = [(int(row["from_month"]), amount(row["share"])) for row in words.get("table", [])]
    return Clawback(int(words["within_months"]), words["schedule"], words["at"], tuple(rows))


def _bound(words: Any, beyond: str) -> Bound:
    if isinstance(words, str):
        return Bound(amount(words), later=True)
    return Bound(amount(words["amount"]), later=words.get(beyond, "later") == "later")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
