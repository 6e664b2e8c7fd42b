"""Leaving: a notebook as it may be handed on, with what its page shows and nothing behind it.

An executed notebook holds more than its page: beside each table as it is shown lies the whole frame
as text, and beside the outputs the paths of the machine that made them. Of these nothing leaves.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from copy import deepcopy
from typing import Any
from urllib.parse import unquote

from spmlib.workbench import notebooks

KINDS = ("text/html", *notebooks.PICTURES, "text/markdown", "text/plain")  # a page's order
NEARBY = r"(?!#|[a-z]+:|//)"  # an address beside the page, not on it and not elsewhere
IN_MARKDOWN = re.compile(rf"(?<!!)\[([^\]]*)\]\(({NEARBY}[^)\s]*)[^)]*\)", re.I)
IN_HTML = re.compile(
    rf"""<a\b[^>]*?\bhref\s*=\s*["']?({NEARBY}[^"'\s>]*)["']?[^>]*>(.*?)</a\s*>""", re.I | re.S
)


def leaving(notebook: Any, shared: Collection[str]) -> Any:
    """The notebook as it may be handed on.

    Args:
        notebook: as a run executed it.
        shared: names of the pages that go with it: links to all others become plain words.

    Returns:
        The same cells, each with what the page shows of it; the same page is made from it, but for
        links.
    """
    made = deepcopy(notebook)
    made.metadata = _kept(made.metadata, ("kernelspec", "language_info"))
    ended = notebook.metadata.get("papermill", {}).get("end_time")
    made.metadata |= {"papermill": {"end_time": ended}} if ended else {}
    for cell in made.cells:
        cell.metadata = _kept(cell.metadata, ("tags",))
        cell.pop("attachments", None)
        if cell.cell_type == "markdown":
            cell.source = unlinked(cell.source, shared)
        if "outputs" in cell:
            cell.outputs = [_shown(o, shared) for o in cell.outputs if _is_shown(cell, o)]
    return made


def unlinked(text: str, shared: Collection[str]) -> str:
    """Markdown or HTML in which links lead to the shared pages, or elsewhere; others are words.

    Example:
        >>> unlinked("See [pay](22_payouts.ipynb) and [whom](20_crediting.ipynb).", {"22_payouts"})
        'See [pay](22_payouts.ipynb) and whom.'
    """

    def in_markdown(link: re.Match[str]) -> str:
        return link[0] if _leads(link[2], shared) else link[1]

    def in_html(link: re.Match[str]) -> str:
        return link[0] if _leads(link[1], shared) else link[2]

    return IN_HTML.sub(in_html, IN_MARKDOWN.sub(in_markdown, text))


def _leads(address: str, shared: Collection[str]) -> bool:
    name, _, kind = unquote(re.split(r"[#?]", address)[0]).removeprefix("./").rpartition(".")
    return name in shared and kind in ("ipynb", "html")


def _kept(metadata: Any, names: Collection[str]) -> Any:
    for name in set(metadata) - set(names):
        del metadata[name]
    return metadata


def _is_shown(cell: Any, output: Any) -> bool:
    hidden = "parameters" in cell.metadata.get("tags", []) or not cell.source
    told = output.output_type == "stream" or any(kind in output.get("data", {}) for kind in KINDS)
    return told and not hidden


def _shown(output: Any, shared: Collection[str]) -> Any:
    """What a page shows of an output."""
    if output.output_type == "stream":
        return output
    kind = next(kind for kind in KINDS if kind in output.data)
    words = kind in ("text/html", "text/markdown")
    alt = notebooks.alt(output, kind) if kind in notebooks.PICTURES else ""
    output.data = {kind: unlinked(output.data[kind], shared) if words else output.data[kind]}
    output.metadata = {kind: {"alt": alt}} if alt else {}
    return output
