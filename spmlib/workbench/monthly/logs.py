"""Logs: a line for each step, on the error stream and in a file: when, what, how long, how it went.

    2026-11-01T05:00:41+00:00  check                      12.4  done       120 rows, no issues

Words are one line whatever they come from, so that a log can be read line by line: the first four
words of each are the moment (UTC), the step, its seconds and its outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

LONGEST = 400  # characters of what a line says beside


def line(moment: str, step: str, seconds: float, outcome: str, said: str = "") -> str:
    """A line of the log.

    >>> line("2026-11-01T05:00:41+00:00", "check", 12.41, "done", "no issues")
    '2026-11-01T05:00:41+00:00  check                         12.4  done       no issues'
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in said).split())[:LONGEST]
    return f"{moment}  {step:24}  {seconds:8.1f}  {outcome:9}  {words}".rstrip()


class Log:
    """Where the lines go."""

    def __init__(self, path: Path, told: Callable[[str], None], now: Callable[[], str]) -> None:
        self.path, self.told, self.now = path, told, now
        self.lines: list[str] = []  # of this process

    def write(self, step: str, seconds: float, outcome: str, said: str = "") -> None:
        """Add a line, to be seen at once."""
        made = line(self.now(), step, seconds, outcome, said)
        self.lines.append(made)
        self.told(made)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(made + "\n")
