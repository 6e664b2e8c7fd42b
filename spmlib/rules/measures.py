"""Measures: what counts, and what is summed (``parameters/measures.yaml``).

A filter names columns and values, lists or ranges; it is never code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.parameters import Block, Number, refuse

SUMS = ("amount", "margin", "quantity", "arr", "count")
MONEYS = ("amount", "margin", "arr")  # those of SUMS that are in a currency
RANGE = ("at_least", "more_than", "at_most", "below")
WORDS = ("title", "sum", "per", "where")


@dataclass(frozen=True)
class Filter:
    """What one column must hold: one of some words, or a number in a range."""

    column: str
    place: str
    among: tuple[str, ...] = ()
    limits: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """What one measure counts."""

    name: str
    title: str
    place: str
    sums: str
    per: str | None
    where: tuple[Filter, ...]


def read(path: Path) -> dict[str, Measure]:
    """The measures of a company by name.

    Raises:
        ParameterError: a measure has an unknown word, sums nothing known, or filters by code.
    """
    return told(parameters.read(path))


def told(entries: Block) -> dict[str, Measure]:
    """The measures that a file says, once it is read.

    Raises:
        ParameterError: as `read`.
    """
    return {name: _measure(name, entries[name], entries.places[name]) for name in entries}


def filters(entry: Any, name: str = "where", example: str = "kind: new") -> tuple[Filter, ...]:
    """The filters of a ``where`` or ``who`` block."""
    where = parameters.block(entry, f"`{name}`", f"{{{example}}}")
    return tuple(_filter(column, where[column], where.places[column]) for column in where)


def _measure(name: str, entry: Any, place: str) -> Measure:
    block = parameters.block(entry, f"measure '{name}'", "`sum: amount` below it")
    parameters.known(block, WORDS, "a measure")
    return Measure(
        name=name,
        title=str(block.get("title", name.replace("_", " ").capitalize())),
        place=place,
        sums=parameters.choice(block, "sum", SUMS),
        per=parameters.choice(block, "per", SUMS) if "per" in block else None,
        where=filters(block["where"]) if "where" in block else (),
    )


def _filter(column: str, entry: Any, place: str) -> Filter:
    if isinstance(entry, Block):
        parameters.known(entry, RANGE, "a range")
        if not entry:
            refuse(place, f"the range of '{column}' is empty", "write {at_least: 10%}")
        limits = {word: parameters.number(entry[word]) for word in entry}
        return Filter(column, place, limits=limits)
    among = parameters.words(entry)
    if not among:
        refuse(place, f"the list of '{column}' is empty", "write the words that count")
    return Filter(column, place, among=among)
