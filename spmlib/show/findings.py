"""Findings: what matters most, said large: a sentence, and a few figures as tiles."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.display import HTML


def tiles(figures: Mapping[str, tuple[str, str]]) -> HTML:
    """A few figures, large: name -> (figure, remark)."""
    from IPython.display import HTML

    shape = "grid-template-columns:repeat(auto-fit,minmax(11rem,1fr))"
    each = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(figure)} "
        f"<small>{escape(remark)}</small></dd></div>"
        for name, (figure, remark) in figures.items()
    )
    return HTML(  # type: ignore[no-untyped-call]
        f'<dl class="tiles" style="display:grid;gap:1px;{shape}">{each}</dl>'
    )


def sentence(text: str) -> Any:
    """A finding, in a sentence, as prose."""
    from IPython.display import Markdown

    return Markdown(text)  # type: ignore[no-untyped-call]
