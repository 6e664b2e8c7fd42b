"""Written: a YAML file in which every word remembers the file and line it is written on.

Nothing is guessed: every scalar stays the text that was written. So ``12:30`` is never 750, ``NO``
never false and ``1e-3`` never a surprise; a key written twice, an alias and what is no YAML are
refused with their place. `spmlib.core.parameters` turns the words into numbers, days and choices.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import yaml

from spmlib.core.errors import ParameterError

DEEPEST, LARGEST = 40, 5_000_000  # levels of nesting, and characters of a file
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # composed only: nothing is constructed
FAULTS = {  # of YAML, by a part of what its reader says, and what to do about each
    "cannot start any token": "indent by spaces, not tabs; quote a word that starts with @ or %",
    "mapping values are not allowed": "quote a text that holds a colon, or check the indent",
    "expected ',' or '}'": "close the { of this line or of the one above",
    "expected ',' or ']'": "close the [ of this line or of the one above",
    "expected <block end>": "indent the lines of a block alike",
    "another document": "delete the line of dashes; one file says one thing",
    "undefined alias": "quote a word that starts with *",
    "end of stream": "close the quotes or brackets that were opened",
}


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


def read(path: Path) -> Block:
    """The mapping that a YAML file holds, every word with its place.

    Raises:
        ParameterError: the file is missing, is no YAML, is no mapping, or writes a key twice.
    """
    root = _composed(path)
    if not isinstance(root, yaml.MappingNode):
        refuse(f"{path.name}:1", "the file holds no `name: value` lines", "write some")
    return _placed(root, path.name, set(), 1)


def refuse(
    place: str, wrong: str, right: str, kind: type[ParameterError] = ParameterError
) -> NoReturn:
    """Raise the error of a place: what is wrong; what would be right."""
    raise kind(f"{place}: {wrong}; {right}.")


def word(value: str, place: str) -> Written:
    """A scalar with its place."""
    made = Written(value)
    made.place = place
    return made


def _composed(path: Path) -> yaml.Node | None:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        refuse(str(path), "there is no such file", "write it, or correct the name")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        refuse(f"{path.name}:{line}", "this is not UTF-8 text", "save the file as UTF-8")
    except OSError as error:
        refuse(str(path), f"it cannot be read ({error.strerror})", "let this user read it")
    if len(content) > LARGEST:
        refuse(f"{path.name}:1", "the file is too long", f"keep it below {LARGEST} characters")
    try:
        _refuse_depth(content, path.name)
        return yaml.compose(content, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        known = [remedy for fault, remedy in FAULTS.items() if fault in str(error.problem)]
        remedy = known[0] if known else "check indents, brackets and quotes"
        refuse(f"{path.name}:{line}", f"this is no YAML ({error.problem})", remedy)
    except yaml.reader.ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        wrong = f"this is no YAML ({error.reason})"
        refuse(f"{path.name}:{line}", wrong, "delete the invisible character")


def _refuse_depth(content: str, name: str) -> None:
    """Refuse what is nested so deeply that composing it would exhaust the stack."""
    depth = 0
    for event in yaml.parse(content, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            refuse(f"{name}:{line}", "it is nested too deeply", f"use at most {DEEPEST} levels")


def _placed(node: yaml.Node, name: str, seen: set[int], line: int) -> Any:
    if id(node) in seen:
        wrong = "`*` repeats what is written elsewhere"
        refuse(f"{name}:{line}", wrong, "write it out here, or quote the word")
    place = f"{name}:{node.start_mark.line + 1}"
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return word(node.value, place)
    if isinstance(node, yaml.SequenceNode):
        items = Items(_placed(item, name, seen, line) for item in node.value)
        items.place = place
        return items
    return _block(node, name, place, seen)


def _block(node: Any, name: str, place: str, seen: set[int]) -> Block:
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
        made[key] = _placed(value_node, name, seen, key_node.start_mark.line + 1)
        made.places[key] = line
    return made
