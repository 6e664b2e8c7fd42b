"""Tutorials as a reader follows them: each block of a page is a file to write, or commands to type.

A fence says which: its language, then the path of a file; ``console`` holds commands, each after
``$``, and below it what is shown.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from spmlib.workbench.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)(?: ([\w./]+))?\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """One block of code of a page."""

    line: int  # of the page, where its fence is
    language: str
    path: str  # of the file that it is; empty: none
    text: str

    @property
    def commands(self) -> Iterator[tuple[str, str]]:
        """What is typed, and what is shown."""
        for part in re.split(r"^\$ ", self.text, flags=re.M)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


def blocks(name: str) -> list[Block]:
    """The blocks of a page, in order."""
    page = (DOCS / name).read_text(encoding="utf-8")
    return [
        Block(page.count("\n", 0, found.start()) + 1, found[1], found[2] or "", found[3])
        for found in BLOCK.finditer(page)
    ]


def followed(name: str, folder: Path) -> Iterator[tuple[str, str, str]]:
    """A page, followed in a folder that one is in: where, what is shown on the page, and here."""
    for block in blocks(name):
        if block.path:
            path = folder / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        for command, shown in block.commands if block.language == "console" else ():
            yield f"{name}:{block.line}: {command}", plain(shown), plain(typed(command))


def typed(command: str) -> str:
    """What a command shows, its complaints too."""
    program, *words = shlex.split(command)
    assert program == "spm", f"only spm can be typed in a tutorial, not {program}"
    return CliRunner().invoke(app, words).output


def plain(shown: str) -> str:
    """Without blanks at the ends of lines, and without empty lines around it."""
    return "\n".join(line.rstrip() for line in shown.strip("\n").splitlines()).rstrip()
