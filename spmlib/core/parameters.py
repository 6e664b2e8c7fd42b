"""Parameter files: YAML in which every word remembers the file and line it is written on.

Nothing is guessed: a scalar stays the text that was written until a reader below asks for a
number, a day or a choice. So ``12:30`` is never 750, ``NO`` never false and ``1e-3`` never a
surprise; a key written twice, an alias and an unknown key are refused with their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from spmlib.core.errors import ParameterError

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(r"[+-]?\d[\d_]*(\.\d[\d_]*)?")
DEEPEST, LARGEST = 40, 5_000_000  # levels of nesting, and characters of a file
Value = TypeVar("Value")


class Written(str):
    """A scalar as it was written."""

    place: str


class Block(dict[str, Any]):
    """A mapping as it was written; ``places`` holds each key's file and line."""

    place: str
    places: dict[str, str]


class Items(list[Any]):
    """A list as it was written."""

    place: str


class Number(Decimal):
    """An exact number that remembers where it is written."""

    place: str
    percent: bool


def read(path: Path) -> Block:
    """The mapping that a YAML file holds, every word with its place.

    Raises:
        ParameterError: the file is missing, is no YAML, is no mapping, or writes a key twice.
    """
    root = _composed(path)
    if not isinstance(root, yaml.MappingNode):
        refuse(f"{path.name}:1", "the file holds no mapping", "write `name: value` lines")
    try:
        return _placed(root, path.name, set(), 0)
    except RecursionError:  # pragma: no cover - composing fails first
        refuse(f"{path.name}:1", "it is nested too deeply", f"use at most {DEEPEST} levels")


def refuse(
    place: str, wrong: str, right: str, kind: type[ParameterError] = ParameterError
) -> NoReturn:
    """Raise the error of a place: what is wrong; what would be right."""
    raise kind(f"{place}: {wrong}; {right}.")


def number(written: Any, what: str = "a number") -> Number:
    """An exact number: ``90_000.00``, ``8%`` (0.08).

    Raises:
        ParameterError: it is no plain decimal number.
    """
    place = place_of(written)
    text = written.strip() if isinstance(written, str) else ""
    digits = text.removesuffix("%").strip()
    if not NUMBER.fullmatch(digits):
        refuse(place, f"'{shown(written)}' is not {what}", "write digits, such as 90_000.00 or 8%")
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
    made = number(written, f"a {what}")
    if abs(made) > 1 and not made.percent:
        remedy = f"write {written}% if percent is meant, or {made * 100:f}% if the {what} is {made}"
        refuse(made.place, f"{what} {written} is above 1 and has no %", remedy)
    return made


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
    made = number(written, "a whole number")
    if made != made.to_integral_value() or made.percent:
        refuse(made.place, f"'{written}' is not a whole number", "write one without a fraction")
    return int(made)


def block(written: Any, what: str, example: str) -> Block:
    """A mapping."""
    if not isinstance(written, Block):
        refuse(place_of(written), f"{what} is not a mapping", f"write {example}")
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
        refuse(
            entry.places[key],
            f"'{shown(entry[key])}' is no {key}",
            f"write {nearest(entry[key], options)}",
        )
    return str(entry[key])


def known(entry: Block, keys: Iterable[str], what: str) -> None:
    """Refuse a key that is not one of those known, naming the nearest."""
    options = tuple(keys)
    for key in entry:
        if key not in options:
            remedy = f"write {nearest(key, options)}"
            refuse(entry.places[key], f"'{key}' is not a word of {what}", remedy)


def history(written: Any, value: Callable[[Any], Value], example: str) -> dict[date, Value]:
    """Values by the day each takes effect, oldest first."""
    entry = block(written, "a dated value", example)
    if not entry or not all(DAY.fullmatch(key) for key in entry):
        refuse(entry.place, "the value is not dated", f"write {example}")
    days = {day(_word(key, entry.places[key])): key for key in entry}
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
    """What was written, cut to a length that fits an error message."""
    plain = str(written)
    return plain if len(plain) <= 60 else plain[:57] + "..."


def _composed(path: Path) -> yaml.Node | None:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        refuse(str(path), "there is no such file", "write it, or correct the name")
    except (OSError, UnicodeDecodeError) as error:
        refuse(str(path), f"it cannot be read ({error})", "save it as UTF-8 text")
    if len(content) > LARGEST:
        refuse(f"{path.name}:1", "the file is too long", f"keep it below {LARGEST} characters")
    try:
        return yaml.compose(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        refuse(
            f"{path.name}:{line}", f"this is no YAML ({error.problem})", "check indents and quotes"
        )
    except (yaml.YAMLError, RecursionError) as error:
        refuse(f"{path.name}:1", f"this is no YAML ({shown(error)})", "check indents and quotes")


def _placed(node: yaml.Node, name: str, seen: set[int], depth: int) -> Any:
    place = f"{name}:{node.start_mark.line + 1}"
    if id(node) in seen:
        refuse(place, "an alias repeats a block written elsewhere", "write the block out here")
    if depth > DEEPEST:
        refuse(place, "it is nested too deeply", f"use at most {DEEPEST} levels")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _word(node.value, place)
    if isinstance(node, yaml.SequenceNode):
        items = Items(_placed(item, name, seen, depth + 1) for item in node.value)
        items.place = place
        return items
    return _block(node, name, place, seen, depth)


def _block(node: Any, name: str, place: str, seen: set[int], depth: int) -> Block:
    made = Block()
    made.place, made.places = place, {}
    for key_node, value_node in node.value:
        key, line = key_node.value, f"{name}:{key_node.start_mark.line + 1}"
        if not isinstance(key, str):
            refuse(line, "a key is not a word", "write `name: value`")
        if key in made:
            refuse(
                line, f"'{key}' is written twice in the same block", "delete or rename one of them"
            )
        made[key] = _placed(value_node, name, seen, depth + 1)
        made.places[key] = line
    return made


def _word(value: str, place: str) -> Written:
    word = Written(value)
    word.place = place
    return word
