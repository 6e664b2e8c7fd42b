"""Patience: what is being done while it takes long, said on a terminal or in a notebook only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def asked(what: str) -> Iterator[None]:
    """Say what is being done until it is done; nothing where nobody looks on (a pipe, a log)."""
    if (display := _notebook()) is not None:
        told = display(_words(f"{what} ..."), raw=True, display_id=True)
        try:
            yield
        finally:
            told.update(_words(""), raw=True)
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.live import Live
        from rich.spinner import Spinner
        from rich.text import Text

        turning, terminal = Spinner("dots", Text(what)), Console(stderr=True)
        with Live(turning, console=terminal, transient=True, redirect_stdout=False):
            yield
    else:
        yield


def _notebook() -> Any:
    """What displays in the notebook one is in; none outside."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is None:
        return None
    from IPython.display import display

    return display


def _words(text: str) -> dict[str, str]:
    return {"text/plain": text}
