"""What a notebook says of itself: its question, lead, parameters, pictures, and where it stopped.

A notebook is nbformat's node. Cells are numbered from 1 as in the file that people edit: the cells
that papermill adds do not count.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

# nbformat's validator would compile a grammar of web addresses, for 1.2 s in every process, though
# no notebook has one to check; what is None here counts as not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

ADDED = {"injected-parameters", "papermill-error-cell-tag"}  # tags of papermill's own cells
MARKS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)|\[([^\]]*)\]\([^)]*\)")  # Markdown around plain words
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")  # the first one there is shown
LIVE = "application/vnd.jupyter.widget-view+json"  # beside it stands what is shown without it
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
Node = Any  # nbformat.NotebookNode


def read(path: Path) -> Node:
    """The notebook in a file."""
    import nbformat

    return nbformat.read(path, as_version=4)


def whole(path: Path) -> Node:
    """The notebook in a file that may be damaged.

    Raises:
        ValueError: it is no notebook.
    """
    import nbformat

    try:
        return read(path)
    except (AttributeError, KeyError, TypeError, nbformat.ValidationError) as error:
        raise ValueError(str(error)) from None


def write(notebook: Node, path: Path) -> None:
    """Write a notebook."""
    import nbformat

    nbformat.write(notebook, path)


def question(notebook: Node) -> str:
    """The question it opens with: the first line of its first cell, without the ``#``."""
    return _opening(notebook)[0].lstrip("# ").strip()


def lead(notebook: Node) -> str:
    """What it found, in a sentence: the output of its cell tagged ``lead``, else its opening."""
    shown = [_plain(output) for cell in tagged(notebook, "lead") for output in outputs(cell)]
    return next(filter(None, shown), "") or _first_sentence("\n".join(_opening(notebook)[1:]))


def headings(notebook: Node) -> list[str]:
    """The titles of its sections, in order."""
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [title for source in prose for title in re.findall(r"(?m)^## +(.+?) *$", source)]


def tagged(notebook: Node, tag: str) -> list[Node]:
    """The cells that carry a tag."""
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def outputs(cell: Node) -> list[Node]:
    """What a cell shows: nothing for prose."""
    return list(cell.get("outputs", []))


def numbered(notebook: Node) -> list[tuple[int, Node]]:
    """Its own cells, each with its number."""
    own = [c for c in notebook.cells if not ADDED & set(c.metadata.get("tags", []))]
    return list(enumerate(own, start=1))


def defaults(notebook: Node) -> dict[str, Any]:
    """The names and values that the cell tagged ``parameters`` assigns.

    Raises:
        ValueError: a line assigns anything but a written value to a name.
    """
    lines = [
        line for cell in tagged(notebook, "parameters") for line in ast.parse(cell.source).body
    ]
    return dict(_assigned(line) for line in lines)


def settings(notebook: Node) -> dict[str, Any]:
    """The names and values it was executed with: its own, then those a run gave it."""
    given = [c for c in tagged(notebook, "injected-parameters") if c.cell_type == "code"]
    lines = [line for cell in given for line in ast.parse(cell.source).body]
    return defaults(notebook) | dict(_assigned(line) for line in lines)


def picture(output: Node) -> str | None:
    """The kind of picture that an output is; None if it is none."""
    return next((kind for kind in PICTURES if kind in output.get("data", {})), None)


def silent_pictures(notebook: Node) -> list[int]:
    """The numbers of the cells with a picture that says nothing to those who cannot see it."""
    return [number for number, cell in numbered(notebook) if not all(_spoken(cell))]


def alt(output: Node, kind: str) -> str:
    """The alternative text of an output's picture: its metadata, else the SVG's own title."""
    metadata = output.get("metadata", {})
    written = metadata.get(kind, {}).get("alt") or metadata.get("alt", "")
    title = re.search(
        r"<title[^>]*>\s*(.+?)\s*</title>", output.data.get("image/svg+xml", ""), re.S
    )
    return written or (unescape(title[1]) if title else "")


def stopped_at(notebook: Node) -> tuple[int, Node] | None:
    """The cell that a failed run stopped at, with its number.

    papermill marks a cell that raised; after a timeout or a dead kernel it calls every cell
    completed, but ``exception`` was set to False only in those that began.
    """
    begun = [(n, cell) for n, cell in numbered(notebook) if _exception(cell) is not None]
    raised = [(n, cell) for n, cell in begun if _exception(cell)]
    return raised[0] if raised else begun[-1] if begun else None


def section(notebook: Node, number: int) -> str:
    """The heading that a cell stands under."""
    before = [cell.source for n, cell in numbered(notebook) if n <= number]
    titles = re.findall(r"(?m)^#+ +(.+?) *$", "\n".join(s for s in before if s.startswith("#")))
    return titles[-1] if titles else ""


def still(notebook: Node) -> Node:
    """The notebook without its live controls: they need the program that made them."""
    made = deepcopy(notebook)
    made.metadata.pop("widgets", None)
    for cell in made.cells:
        if "outputs" in cell:
            cell.outputs = [shown for shown in cell.outputs if LIVE not in shown.get("data", {})]
    return made


def tidy(notebook: Node) -> Node:
    """The notebook without what differs from one execution to the next, to be committed."""
    made = still(notebook)
    made.cells = [cell for _, cell in numbered(made)]
    made.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for cell in made.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = {"tags": tags} if tags else {}
    return made


def marked(notebook: Node, failure: str) -> Node:
    """The notebook of a failed run, saying so first: papermill says nothing of a dead kernel."""
    from nbformat.v4 import new_markdown_cell

    words = f"**This run failed**, {failure}\n\nThe outputs below are incomplete: do not use them."
    made = deepcopy(notebook)
    made.cells.insert(0, new_markdown_cell(words, metadata={"tags": ["injected-parameters"]}))
    return made


def _opening(notebook: Node) -> list[str]:
    first = notebook.cells[0].source if notebook.cells else ""
    return first.splitlines() or [""]


def _first_sentence(text: str) -> str:
    paragraph = text.strip().split("\n\n")[0].replace("\n", " ")
    words = MARKS.sub(r"\1", paragraph)
    return re.split(r"(?<=[.!?]) ", words, maxsplit=1)[0]


def _plain(output: Node) -> str:
    data = output.get("data", {})
    text = data.get("text/markdown") or data.get("text/html") or output.get("text", "")
    return " ".join(unescape(re.sub(r"<[^>]+>|\*", "", text or data.get("text/plain", ""))).split())


def _assigned(line: ast.stmt) -> tuple[str, Any]:
    target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
    if not isinstance(target, ast.Name) or not isinstance(line, ast.Assign | ast.AnnAssign):
        raise ValueError(f"`{ast.unparse(line)}` does not give a name its value")
    return target.id, ast.literal_eval(line.value or ast.Constant(""))


def _spoken(cell: Node) -> Iterator[bool]:
    for output in outputs(cell):
        if kind := picture(output):
            yield bool(alt(output, kind))
        yield from _Images.alts(output.get("data", {}).get("text/html", ""))
    if cell.cell_type == "markdown":
        yield from (bool(words) for words in re.findall(r"!\[(.*?)\]\(", cell.source))
        yield from _Images.alts(cell.source)


def _exception(cell: Node) -> bool | None:
    return cell.metadata.get("papermill", {}).get("exception")


class _Images(HTMLParser):
    """The images of a piece of HTML: whether each has an alternative text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[bool] = []

    @classmethod
    def alts(cls, html: str) -> list[bool]:
        parser = cls()
        parser.feed(html)
        return parser.found

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "img":  # an empty alt is allowed: it marks a picture as decoration
            self.found.append("alt" in dict(attributes))
