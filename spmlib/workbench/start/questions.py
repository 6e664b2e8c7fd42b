"""Questions: which notebook answers what, as the notebooks themselves say it.

Nothing is kept beside them: a notebook that is added, renamed or asks something else is here
when this is next read.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.core.parameters import refuse

if TYPE_CHECKING:
    import pandas as pd

AREAS = {
    "0": "Start here",
    "1": "Orchestrate: who sells what, where and how much",
    "2": "Incent: what is owed, and why",
    "3": "Motivate: what people see",
    "4": "Revenue operations: is it working, and what to do next",
    "5": "Incent, afterwards: what people are told, and what is checked",
}
MORE = "More"
COMMON = ("period", "currency")  # parameters that most take, not worth saying of each


def questions(folder: Path) -> pd.DataFrame:
    """All notebooks of a folder but the first and those that begin with ``_``, in order.

    Returns:
        area, question, notebook (file's name without .ipynb), takes (what it may be given beside
        period and currency, with blanks for ``_``, joined by commas).

    Raises:
        ParameterError: a file is no notebook.
    """
    import pandas as pd

    files = [path for path in sorted(folder.glob("[!_]*.ipynb")) if path.name[:1] != "0"]
    columns = ["area", "question", "notebook", "takes"]
    rows = pd.DataFrame([_row(path) for path in files], columns=columns)
    order = [*AREAS.values(), MORE]
    return rows.sort_values("area", key=lambda area: area.map(order.index), kind="stable")


def _row(path: Path) -> tuple[str, str, str, str]:
    cells = _cells(path)
    first = _source(cells[0]) if cells else ""
    question = first.splitlines()[0].lstrip("# ").strip() if first.strip() else path.stem
    takes = [name for name in _takes(cells) if name not in COMMON]
    words = ", ".join(name.replace("_", " ") for name in takes)
    return AREAS.get(path.name[:1], MORE), question, path.stem, words


def _cells(path: Path) -> list[dict[str, Any]]:
    """Read as plain JSON: to check each against its schema takes longer than all else here."""
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["cells"])
    except (ValueError, KeyError, TypeError):
        refuse(str(path), "it is no notebook", "remove it, or let its name begin with _")


def _takes(cells: list[dict[str, Any]]) -> list[str]:
    tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", [])]
    lines = [line for cell in tagged for line in _lines(_source(cell))]
    named = [line.targets[0] for line in lines if isinstance(line, ast.Assign)]
    return [name.id for name in named if isinstance(name, ast.Name)]


def _lines(source: str) -> list[ast.stmt]:
    """Of a cell that somebody is still writing, none."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])
