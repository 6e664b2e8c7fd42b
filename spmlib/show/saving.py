"""Saving: a box that names a file, with buttons that write it and read it back."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets

from spmlib.core.errors import SpmError
from spmlib.show.controls import LABEL, WIDE


class Saving:
    """A file's name, whether it may be replaced, and buttons to save and to read.

    What is done, or why it is not, stands below the buttons.
    """

    def __init__(
        self, name: str, save: Callable[[str, bool], str], read: Callable[[str], str]
    ) -> None:
        """A box.

        Args:
            name: of the file at first.
            save: writes the file of a name, replacing what is there if so told; says what it did.
            read: reads the file of a name; says what it did.
        """
        wide = ipywidgets.Layout(width=WIDE)
        self.name = ipywidgets.Text(value=name, description="File", style=LABEL, layout=wide)
        self.replace = ipywidgets.Checkbox(description="replace what is there", indent=False)
        self.save = ipywidgets.Button(description="Save answers")
        self.read = ipywidgets.Button(description="Read answers")
        self.says = ipywidgets.HTML()
        self.save.on_click(lambda _: self._done(save, self.name.value, self.replace.value))
        self.read.on_click(lambda _: self._done(read, self.name.value))
        buttons = ipywidgets.HBox([self.save, self.read, self.replace])
        self.box = ipywidgets.VBox([self.name, buttons, self.says])

    def _done(self, act: Callable[..., str], *given: Any) -> None:
        try:
            told = act(*given)
        except (SpmError, OSError) as wrong:
            told = str(wrong)
        self.replace.value = False  # asked for anew each time
        self.says.value = f'<p role="status">{escape(told)}</p>'
