"""The words of a plan file, read with nothing but a YAML parser and exact fractions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import yaml

from tests.oracles.terms import Payment, payment

PLAIN = (
    *("measure", "accumulate", "group", "thresholds", "quota", "pays", "crossing", "within"),
    *("boundary", "on_change", "proration", "matrix", "category"),
)


@dataclass(frozen=True)
class Number:
    """A number as it was written: 8% is a share, 8 is not."""

    value: Fraction
    share: bool


@dataclass(frozen=True)
class Row:
    """One row of a rate table."""

    when: Fraction | None  # of the second measure, in a matrix
    start: Fraction
    word: str  # rate, payout, amount or factor
    value: Fraction


@dataclass(frozen=True)
class Modifier:
    """One entry of `modifiers`."""

    word: str  # gate, multiplier, cap or floor
    over: str | None
    options: dict[str, Any]
    tables: dict[date, Any]  # rows of factors, or a Number


@dataclass(frozen=True)
class Component:
    """One component, its words as the page gives them, defaults filled in."""

    name: str
    measure: str
    accumulate: str
    thresholds: str
    pays: str
    tables: dict[date, list[Row]]
    quota: str = "window"
    crossing: str = "split"
    group: str = "transaction"
    within: str = "step"
    boundary: str = "upper"
    on_change: str = "continue"
    proration: str = "none"
    weight: Fraction = Fraction(1)
    matrix: dict[str, str] | None = None
    windfall: dict[date, Number] = field(default_factory=dict)
    modifiers: tuple[Modifier, ...] = ()
    category: str = ""


@dataclass(frozen=True)
class Plan:
    """A plan file."""

    name: str
    currency: str
    components: tuple[Component, ...]
    modifiers: tuple[Modifier, ...]
    payment: Payment = field(default_factory=Payment)


def plan(text: str) -> Plan:
    """The plan that a file's text describes; every scalar is taken as the text it is."""
    page = yaml.load(text, Loader=yaml.BaseLoader)
    return Plan(
        name=page["plan"],
        currency=page["currency"],
        components=tuple(_component(*item) for item in page["components"].items()),
        modifiers=tuple(_modifier(entry) for entry in page.get("modifiers", [])),
        payment=payment(page.get("payment", {})),
    )


def number(text: str) -> Number:
    """An exact number: `8%` is 8/100 and a share, `90_000.00` is 90000."""
    text = text.replace("_", "")
    if text.endswith("%"):
        return Number(Fraction(text[:-1]) / 100, True)
    return Number(Fraction(text), False)


def in_force(tables: dict[date, Any], day: date) -> Any:
    """What a dated table says on a day: the last entry that is not later."""
    started = [start for start in tables if start <= day]
    return tables[max(started)]


def _component(name: str, words: dict[str, Any]) -> Component:
    plain = {word: words[word] for word in PLAIN if word in words}
    return Component(
        name=name,
        tables={date.fromisoformat(d): _rows(rows) for d, rows in words["table"].items()},
        weight=number(words.get("weight", "1")).value,
        windfall={date.fromisoformat(d): number(n) for d, n in words.get("windfall", {}).items()},
        modifiers=tuple(_modifier(entry) for entry in words.get("modifiers", [])),
        **plain,
    )


def _rows(rows: list[dict[str, str]]) -> list[Row]:
    return [_row(row) for row in rows]


def _row(row: dict[str, str]) -> Row:
    (word,) = {"rate", "payout", "amount", "factor"} & row.keys()
    when = number(row["when"]).value if "when" in row else None
    return Row(when, number(row["from"]).value, word, number(row[word]).value)


def _modifier(entry: dict[str, Any]) -> Modifier:
    ((word, options),) = entry.items()
    tables: dict[date, Any] = {}
    if word == "multiplier":
        tables = {date.fromisoformat(d): _rows(rows) for d, rows in options["table"].items()}
    elif word in ("cap", "floor"):
        tables = {date.fromisoformat(d): number(n) for d, n in options.items() if d != "over"}
    return Modifier(word, options.get("over"), options, tables)
