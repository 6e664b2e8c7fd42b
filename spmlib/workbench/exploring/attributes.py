"""Attributes: tables that an object gives by name, found by Tab without being computed.

They are properties. What only ``__getattr__`` answers is asked by some completers (jedi) while one
types, which would compute a year's pay for a list of names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

One = TypeVar("One")


def attributes(names: Iterable[str], of: Callable[[Any], Any]) -> Callable[[type[One]], type[One]]:
    """What gives a class an attribute for each table, but where it has one of that name.

    Args:
        names: of the tables.
        of: where an object has its tables by name.

    >>> @attributes(["payouts"], of=lambda shelf: {"payouts": "a frame"})
    ... class Shelf:
    ...     pass
    >>> Shelf().payouts
    'a frame'
    """

    def given(one: type[One]) -> type[One]:
        for name in names:
            if not hasattr(one, name):
                setattr(one, name, _attribute(name, of))
        return one

    return given


def _attribute(name: str, of: Callable[[Any], Any]) -> property:
    return property(lambda self: of(self)[name], doc=f"The table `{name}`, as a pandas frame.")
