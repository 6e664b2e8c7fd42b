"""Widgets: pictures and tables that change as a few numbers are moved, and stand still on a page.

    widgets.live(
        partial(outlooks.tried, ready, decided),
        partial(plan_tables.tried, currency=currency, title="As decided, and as tried"),
        growth=widgets.share("Growth of the target", 0.12, 0, 0.3),
        mix=widgets.choice("Shared out by", "history", ["history", "even"]),
    )

The first function computes, given what the controls say; those after it draw what it gave; nothing
is computed here. Where no program runs behind the page (a report, an e-mail, print) what was drawn
for the starting values stands there by itself, with its words; where one runs, what is live hides
it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.show.controls import Control, choice, number, of_rows, share

__all__ = ["Control", "Live", "choice", "live", "number", "of_rows", "share"]

WAIT = 0.15  # seconds without a move after which it is drawn again
VIEW = "application/vnd.jupyter.widget-view+json"
HINT = "Run this notebook to move it."


class Live:
    """What is shown for the values of some controls, and shown anew when one is moved."""

    def __init__(
        self,
        computed: Callable[..., Any],
        drawn: Sequence[Callable[[Any], Any]],
        controls: dict[str, Control],
    ) -> None:
        self.controls = controls
        self.html = ""  # what is shown now
        self.alt = ""  # the same in words
        self._computed, self._drawn = computed, drawn
        self._waiting: asyncio.TimerHandle | None = None
        self._held = False  # while several are moved at once
        self._screen = ipywidgets.HTML(layout=ipywidgets.Layout(width="auto", margin="0"))
        self.box = ipywidgets.VBox([*(c.shown for c in controls.values()), self._screen])
        self.show()
        for control in controls.values():
            control.box.observe(self._moved, "value")

    def show(self) -> None:
        """Compute and draw what the controls say."""
        values = {name: control.value for name, control in self.controls.items()}
        try:
            pairs = [still(shown) for shown in self._made(self._computed(**values))]
        except ParameterError as wrong:
            pairs = [(f'<p role="alert">{escape(str(wrong))}</p>', str(wrong))]
        self.html = "".join(html for html, _ in pairs)
        self.alt = " ".join(words for _, words in pairs if words)
        self._screen.value = f"<style>.{self._name()}{{display:none}}</style>{self.html}"

    def at(self, **values: Any) -> Live:
        """Moved to some values, and drawn at once.

        Raises:
            ParameterError: there is no such control, or it cannot be moved there.
        """
        for name in values:
            if name not in self.controls:
                near = nearest(name, self.controls)
                raise ParameterError(f"there is no control '{name}'; write {near}.")
        self._held = True
        try:
            for name, value in values.items():
                self.controls[name].move(value)
        finally:
            self._held = False
        self.show()
        return self

    def still(self) -> str:
        """What is shown now, as a page keeps it, with what the controls say below it."""
        said = "; ".join(control.said() for control in self.controls.values())
        caption = f"<figcaption>{escape(said)}. {HINT}</figcaption>"
        return f'<figure class="{self._name()}">{self.html}{caption}</figure>'

    def _ipython_display_(self) -> None:
        """Leave the still picture, and what is live, which hides it where it runs."""
        from IPython.display import display

        shown = {"text/html": self.still(), "text/plain": self.alt}
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        for data in (shown, {VIEW: view}):
            display(data, raw=True)  # type: ignore[no-untyped-call]

    def _made(self, told: Any) -> list[Any]:
        """What is drawn of what was computed: of a tuple, each part by a function of its own."""
        if not self._drawn:
            return [told]
        parts = told if isinstance(told, tuple) else (told,) * len(self._drawn)
        return [draw(part) for draw, part in zip(self._drawn, parts, strict=True)]

    def _moved(self, _: Any) -> None:
        """Draw once moves have stopped for a moment; at once where nothing else can run."""
        if self._held:
            return None
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self.show()
        if self._waiting:
            self._waiting.cancel()
        self._waiting = loop.call_later(WAIT, self.show)
        return None

    def _name(self) -> str:
        """The same each time a notebook runs, and another for other controls."""
        said = "|".join(f"{name}: {control.label}" for name, control in self.controls.items())
        return f"still-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def live(computed: Callable[..., Any], *drawn: Callable[[Any], Any], **controls: Control) -> Live:
    """What is shown for the values of some controls, and shown anew when one is moved.

    Args:
        computed: takes the controls' values by name; what it gives is drawn, a tuple part by part.
        drawn: each takes what was computed, or its part of it, and gives a picture, a table or a
            sentence; if there is none, what was computed is shown itself.
        controls: by the name under which `computed` takes each.

    Raises:
        ParameterError: there is nothing to move.
    """
    if not controls:
        raise ParameterError("nothing can be moved; give a control, e.g. a share.")
    return Live(computed, drawn, controls)


def still(made: Any) -> tuple[str, str]:
    """What a notebook would show of something, as HTML that needs nothing beside it; and in words.

    Args:
        made: a picture, a table, a finding, or whatever else a notebook shows.
    """
    from IPython.core.formatters import DisplayFormatter

    data, about = DisplayFormatter().format(made)  # type: ignore[no-untyped-call]
    plain = data.get("text/plain", "")
    if "text/html" in data:
        return data["text/html"], ""
    if "image/png" in data:
        return _image(data["image/png"], about.get("image/png", {}), plain), plain
    if "text/markdown" in data:
        from nbconvert.filters import markdown2html  # slow to import, and seldom needed

        return markdown2html(data["text/markdown"]), data["text/markdown"]
    return f"<pre>{escape(plain)}</pre>", plain


def _image(png: bytes, about: dict[str, Any], plain: str) -> str:
    import base64

    address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    wide = f' width="{about["width"]}"' if "width" in about else ""
    alt = escape(about.get("alt") or plain, quote=True)
    return f'<img src="{address}" alt="{alt}"{wide} style="max-width:100%;height:auto">'
