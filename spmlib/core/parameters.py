"""Parameters: readers that turn the written words of a YAML file into numbers, days and choices.

Each reader says what it wants and refuses all else with the word's place. Nothing is guessed: a
scalar stays the text that was written until a reader is asked for more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar

from spmlib.core.written import Block, Items, Written, read, refuse, word

__all__ = ["Block", "Items", "Number", "Written", "read", "refuse"]

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(r"[+-]?[0-9][0-9_]*(\.[0-9][0-9_]*)?")
BEFORE, AFTER = 12, 10  # digits of a number before its point and after it: all fit the engine
Value = TypeVar("Value")


class Number(Decimal):
    """An exact number that remembers where it is written."""

    place: str
    percent: bool


def number(written: Any, what: str = "a number", example: str = "90_000.00") -> Number:
    """An exact number: ``90_000.00``, ``8%`` (0.08).

    Raises:
        ParameterError: it is no plain decimal number.
    """
    place = place_of(written)
    text = written.strip() if isinstance(written, str) else ""
    digits = text.removesuffix("%").strip()
    if not NUMBER.fullmatch(digits):
        point = " with a point before decimals" if "," in text else ""
        refuse(place, f"'{shown(written)}' is not {what}", f"write digits{point}, as in {example}")
    _refuse_inexact(digits, place)
    percent = text.endswith("%")
    exact = Decimal(digits.replace("_", ""))
    made = Number(exact.scaleb(-2) if percent else exact)
    made.place, made.percent = place, percent
    return made


def share(written: Any, what: str = "share") -> Number:
    """A ratio: ``8%`` or ``0.08``.

    Raises:
        ParameterError: it is above 1 and has no ``%``: 8 where 8 % is meant.
    """
    made = number(written, f"a {what}", "8%")
    if abs(made) > 1 and not made.percent:
        remedy = f"write {written}% if percent is meant, or {made * 100:f}% if the {what} is {made}"
        refuse(made.place, f"{what} {written} is above 1 and has no %", remedy)
    return made


def shares(written: Any) -> tuple[float, ...]:
    """One share or a list of shares, as estimates take them."""
    return tuple(float(share(word)) for word in words(written))


def day(written: Any) -> date:
    """A day written as YYYY-MM-DD."""
    try:
        if not DAY.fullmatch(written):
            raise ValueError
        return date.fromisoformat(written)
    except (ValueError, TypeError):
        refuse(place_of(written), f"'{shown(written)}' is not a day", "write it as 2026-01-31")


def words(written: Any) -> tuple[str, ...]:
    """One word or a list of words."""
    if isinstance(written, Items):
        return tuple(text(item) for item in written)
    return (text(written),)


def text(written: Any) -> str:
    """A word."""
    if not isinstance(written, str) or not written.strip():
        refuse(place_of(written), "a word is missing here", "write one")
    return written


def whole(written: Any) -> int:
    """A whole number."""
    made = number(written, "a whole number", "3")
    if made != made.to_integral_value() or made.percent:
        refuse(made.place, f"'{written}' is not a whole number", "write one without a fraction")
    return int(made)


def block(written: Any, what: str, example: str) -> Block:
    """A mapping."""
    if not isinstance(written, Block):
        wrong = f"{what} is not written as `name: value`"
        refuse(place_of(written), wrong, f"write {example}")
    return written


def needed(entry: Block, key: str, example: str) -> Any:
    """What stands under a key that must be there."""
    if key not in entry:
        refuse(entry.place, f"'{key}' is missing", f"add `{example}`")
    return entry[key]


def choice(entry: Block, key: str, among: Iterable[str], default: str | None = None) -> str:
    """One of the words that are allowed under a key."""
    options = tuple(among)
    if key not in entry:
        if default is not None:
            return default
        refuse(entry.place, f"'{key}' is missing", f"add `{key}:` with one of {', '.join(options)}")
    if entry[key] not in options:
        wrong = f"`{key}: {shown(entry[key])}` means nothing"
        refuse(entry.places[key], wrong, f"write {nearest(entry[key], options)}")
    return str(entry[key])


def known(entry: Block, keys: Iterable[str], what: str) -> None:
    """Refuse a key that is not one of those known, naming the nearest."""
    options = tuple(keys)
    for key in entry:
        if key not in options:
            remedy = f"write {nearest(key, options)}"
            refuse(entry.places[key], f"'{shown(key)}' is not a word of {what}", remedy)


def currency(entry: Block) -> str:
    """The currency that an entry names, ISO 4217."""
    from spmlib.core.money import CURRENCIES

    written = text(needed(entry, "currency", "currency: USD"))
    if written not in CURRENCIES:
        near = [code for code in ("USD", written.upper()) if code in CURRENCIES][-1]
        remedy = f"write an ISO 4217 code, such as {near}"
        refuse(entry.places["currency"], f"'{shown(written)}' is no currency", remedy)
    return str(written)


def history(written: Any, value: Callable[[Any], Value], example: str) -> dict[date, Value]:
    """Values by the day each takes effect, oldest first."""
    if not isinstance(written, Block) or not any(DAY.fullmatch(key) for key in written):
        wrong = "there is no day from which this holds"
        refuse(place_of(written), wrong, f"write {example}")
    entry = written
    days = {day(word(key, entry.places[key])): key for key in entry}
    return {start: value(entry[days[start]]) for start in sorted(days)}


def nearest(word: Any, options: Iterable[str]) -> str:
    """The nearest known word, then all of them, for an error message."""
    every = tuple(options)
    close = get_close_matches(str(word), every, n=1)
    listed = f"one of: {', '.join(every)}"
    return f"'{close[0]}' ({listed})" if close and len(every) > 1 else listed


def in_force(values: Mapping[date, Value], on: date) -> Value | None:
    """The value of a history that holds on a day; None before its first."""
    started = [start for start in values if start <= on]
    return values[max(started)] if started else None


def place_of(written: Any) -> str:
    """File and line of anything that was read here."""
    return getattr(written, "place", "?")


def shown(written: Any) -> str:
    """What was written, in one line cut to a length that fits an error message."""
    plain = " ".join(str(written).split())
    return plain if len(plain) <= 60 else plain[:57] + "..."


def said(number: Number) -> str:
    """A number as a plan would say it: ``90,000.00``, ``8%``."""
    return percent(number) if number.percent else f"{number:,f}"


def percent(ratio: Decimal) -> str:
    """A ratio in percent: ``8%``."""
    return f"{(ratio * 100).normalize():f}%"


def _refuse_inexact(digits: str, place: str) -> None:
    before, _, after = digits.lstrip("+-").replace("_", "").partition(".")
    if len(before.lstrip("0")) > BEFORE or len(after.rstrip("0")) > AFTER:
        remedy = f"write at most {BEFORE} digits before the point and {AFTER} after it"
        refuse(place, f"'{shown(digits)}' is too large or too fine to be exact", remedy)
