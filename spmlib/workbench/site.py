"""The pages of a run: each notebook as a self-contained HTML page, and an index of them.

No page needs a network: style and pictures are inside, and a content security policy forbids the
rest. A script is on pages that can be searched only: this project's own, which the policy admits by
its hash. To change the look, edit ``templates/style.css``; all pages share it.

What a notebook can put on the index: the outputs of its cells tagged ``glance`` stand on top; what
its cell tagged ``lead`` shows is its finding, in a sentence; its first picture is the thumbnail.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from spmlib.workbench import notebooks
from spmlib.workbench.runs import Report, Run
from spmlib.workbench.start.questions import AREAS, MORE

if TYPE_CHECKING:
    from jinja2 import Environment

    from spmlib.workbench.execution import Failure

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE = "en"
FOREIGN = re.compile(r'<a href="(?!https?:|mailto:)[^":]*:[^"]*"', re.I)  # it may do, not lead
LINK = re.compile(
    r'<a href="([\w.%-]+)\.ipynb(#[^"]*)?">(.*?)</a>', re.S
)  # to a notebook beside it
TABLES = ("*.csv", "*.parquet", "*.xlsx")


@dataclass(frozen=True)
class Masthead:
    """What a page says of the run that made it."""

    name: str
    title: str
    made: str
    parameters: Mapping[str, Any]
    beside: frozenset[str] = frozenset()  # names of the run's reports

    @classmethod
    def of(cls, report: Report, run: Run, made: str) -> Masthead:
        """The masthead of a report."""
        beside = frozenset(other.name for other in run.reports)
        return cls(report.name, run.title, made, report.parameters, beside)


@dataclass(frozen=True)
class Script:
    """The script of a page that can be searched, and the hash by which its policy admits it."""

    text: str

    @property
    def hash(self) -> str:
        """The source that a content security policy names (W3C, CSP 3, 2.3.1)."""
        digest = hashlib.sha256(self.text.encode()).digest()
        return f"sha256-{base64.b64encode(digest).decode()}"


def page(notebook: Any, masthead: Masthead) -> str:
    """A notebook as a page: prose, pictures and tables first, each computation folded."""
    return _template("report").render(
        question=notebooks.question(notebook),
        contents=[(quote(h.replace(" ", "-")), h) for h in notebooks.headings(notebook)],
        settings=notebooks.defaults(notebook) | dict(masthead.parameters),
        cells=[cell for _, cell in notebooks.numbered(notebook)],
        masthead=masthead,
        style=_style(),
    )


def failed(notebook: Any, failure: Failure, masthead: Masthead, folder: Path) -> str:
    """The page that says why a notebook became no report, and in which cell.

    Args:
        notebook: as it is in the notebooks' folder.
        failure: reason and cell.
        masthead: of the run.
        folder: where the last good report lies, if there is one.
    """
    return _template("failed").render(
        question=notebooks.question(notebook),
        failure=failure,
        masthead=masthead,
        good=_good(folder / f"{masthead.name}.ipynb"),
        style=_style(),
    )


def index(folder: Path, manifest: Mapping[str, Any], reader: str = "") -> str:
    """The page that lists a run's reports, from what lies in its folder.

    Args:
        folder: the run's results.
        manifest: the run's record.
        reader: for whom the folder was made; then it stands alone, and can be searched.
    """
    cards = [_card(folder, record) for record in manifest["reports"]]
    areas = {title: [c for c in cards if c["name"].startswith(k)] for k, title in AREAS.items()}
    other = [card for card in cards if card["name"][:1] not in AREAS]
    return _template("index").render(
        manifest=manifest,
        made=moment(manifest["made"]),
        areas={title: cards for title, cards in {**areas, MORE: other}.items() if cards},
        glance=[html for card in cards for html in card["glance"]],
        failures=sum(card["failure"] is not None for card in cards),
        count=len(cards),
        tables=_tables(folder),
        reader=reader,
        script=script() if reader else None,
        style=_style(),
    )


def months(found: Sequence[Any]) -> str:
    """The page of all months, that can be searched.

    Args:
        found: `months.Month` of each, as they shall stand.
    """
    return _template("months").render(months=found, script=script(), style=_style())


def script() -> Script:
    """The project's own script: it hides what was not searched for."""
    return Script((TEMPLATES / "search.js.j2").read_text(encoding="utf-8"))


def _card(folder: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """What the index says of one report; of the last good one where this run's failed."""
    name, path = record["name"], folder / f"{record['name']}.ipynb"
    notebook = notebooks.read(path) if path.exists() else None
    shown = notebook or _opening(record)
    return {
        "name": name,
        "question": notebooks.question(shown),
        "lead": notebooks.lead(shown),
        "headings": notebooks.headings(shown),
        "picture": _thumbnail(notebook),
        "glance": _glance(notebook),
        "good": _good(path),
        "failure": record["failure"],
        "parameters": record["parameters"],
        "explained": (folder / f"{name}.FAILED.html").exists(),
    }


def _opening(record: Mapping[str, Any]) -> Any:
    from nbformat.v4 import new_markdown_cell, new_notebook

    return new_notebook(cells=[new_markdown_cell(f"# {record['question']}")])


def _good(path: Path) -> str | None:
    """When the good report was made that lies there."""
    return completed(notebooks.read(path)) if path.exists() else None


def completed(notebook: Any) -> str:
    """When a report's notebook was executed, as the pages print it."""
    return moment(notebook.metadata.get("papermill", {}).get("end_time", ""))


def moment(iso: str) -> str:
    """A moment as the pages print it, in the machine's own time zone: 24 November 2026, 03:34."""
    from datetime import datetime

    local = datetime.fromisoformat(iso).astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def _thumbnail(notebook: Any) -> tuple[str, str] | None:
    """The first picture of a notebook, as an address and its alternative text."""
    cells = notebook.cells if notebook else []
    shown = (_picture(output) for cell in cells for output in notebooks.outputs(cell))
    return next(filter(None, shown), None)


def _picture(output: Any) -> tuple[str, str] | None:
    """The picture of an output, as an address that holds it and its alternative text."""
    kind = notebooks.picture(output)
    if kind is None:
        return None
    content = output.data[kind]
    text = kind == "image/svg+xml"
    data = base64.b64encode(content.encode()).decode() if text else "".join(content.split())
    return f"data:{kind};base64,{data}", notebooks.alt(output, kind)


def _glance(notebook: Any) -> list[str]:
    cells = notebooks.tagged(notebook, "glance") if notebook else []
    shown = [output.get("data", {}) for cell in cells for output in notebooks.outputs(cell)]
    return [data["text/html"] for data in shown if "text/html" in data]


def _tables(folder: Path) -> list[tuple[str, str]]:
    """The tables that lie beside the reports: where, and how large."""
    files = sorted(file for kind in TABLES for file in (folder / "tables").glob(kind))
    return [(file.name, _size(file.stat().st_size)) for file in files]


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def _template(name: str) -> Any:
    return _environment().get_template(f"{name}.html.j2")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader
    from nbconvert.filters import Highlight2HTML, ansi2html

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    highlighted = Highlight2HTML(pygments_lexer="python")
    environment.filters |= {
        "ansi": ansi2html,
        "highlighted": highlighted,
        "picture": _picture,
        "prose": _prose,
        "told": _told,
    }
    return environment


def _told(markdown: str, beside: frozenset[str]) -> str:
    """What a cell says in Markdown: it may hold words of the data, which are never HTML."""
    return FOREIGN.sub('<a href="#"', _prose(markdown, beside, escape=True))


def _prose(markdown: str, beside: frozenset[str], escape: bool = False) -> str:
    """Markdown as HTML; links to notebooks lead to their pages, if the run makes these."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=escape, exclude_anchor_links=True)
    rendered = str(MarkdownWithMath(renderer=renderer).render(markdown))

    def led(link: re.Match[str]) -> str:
        name, anchor, shown = link[1], link[2] or "", link[3]
        return f'<a href="{name}.html{anchor}">{shown}</a>' if unquote(name) in beside else shown

    return LINK.sub(led, rendered)


def _style() -> str:
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")
