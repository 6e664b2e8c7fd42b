"""Consoles: where commands print, and how they say what the user can mend."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from spmlib.core.errors import SpmError
from spmlib.workbench import project

if TYPE_CHECKING:
    from spmlib.workbench.opened import Workbench

One = TypeVar("One")
WIDE = None if sys.stdout.isatty() else 120  # a pipe or a file has no width of its own
says = Console(highlight=False, soft_wrap=True, width=WIDE)
complains = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def refusals() -> Iterator[None]:
    """What the user can mend is a line, not a traceback."""
    try:
        yield
    except SpmError as error:
        complains.print(escape(str(error)), style="red")
        raise typer.Exit(2) from None


def opened_here() -> Workbench:
    """The company of the folder one is in."""
    from spmlib.workbench.opened import opened

    return opened(project.found().parameters)


def progress(made: Iterable[One], what: str) -> Iterator[One]:
    """What is made, one by one, with a count on a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=complains, transient=True, disable=WIDE is not None) as bar:
        task = bar.add_task(what, total=None)
        for one in made:
            yield one
            bar.advance(task)
