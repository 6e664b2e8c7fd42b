"""All months: the page that lists every run's folder, its reports, and how they went.

``results/index.html`` is made from what lies in the folders beside it, so it is true of them
whenever it is made; a folder without a record of a run (``manifest.json``) is none of a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from spmlib.workbench import manifest, notebooks, site

CHECKS = "Checks"  # the section in which a notebook asserts what must hold
HELD = "checks held"


@dataclass(frozen=True)
class Entry:
    """What is said of one report: of the last good one where its run failed."""

    name: str
    question: str
    lead: str
    headings: tuple[str, ...]
    failure: str  # cell and reason; empty if it was made
    checks: str
    good: str | None  # when the good report that lies there was made
    page: str | None  # addresses, as seen from the page of all months
    notebook: str | None
    explained: str | None


@dataclass(frozen=True)
class Month:
    """What is said of one run's folder."""

    title: str
    made: str
    address: str | None
    entries: tuple[Entry, ...] = ()
    wrong: str = ""  # why nothing can be said of it

    @property
    def failed(self) -> int:
        """How many reports could not be made."""
        return sum(bool(entry.failure) for entry in self.entries)

    @property
    def held(self) -> int:
        """How many reports ran to the end of their checks."""
        return sum(entry.checks == HELD for entry in self.entries)


def write(results: Path) -> Path:
    """Write ``index.html`` over the months; gives its path."""
    path = results / "index.html"
    manifest.write(site.months(months(results)), path)
    return path


def months(results: Path) -> list[Month]:
    """The months of a folder of results, the latest first."""
    folders = sorted((f.parent for f in results.glob(f"[!.]*/{manifest.NAME}")), reverse=True)
    return [_month(folder) for folder in folders]


def _month(folder: Path) -> Month:
    address = _address(folder, "index.html")
    try:
        record = manifest.read(folder / manifest.NAME)
        entries = tuple(_entry(folder, report) for report in record["reports"])
        return Month(str(record["title"]), site.moment(record["made"]), address, entries)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Month(folder.name, "", address, wrong=f"{manifest.NAME} or a notebook is damaged")


def _entry(folder: Path, report: Mapping[str, Any]) -> Entry:
    name, failure = str(report["name"]), report["failure"]
    path = folder / f"{name}.ipynb"
    notebook = notebooks.whole(path) if path.exists() else None
    headings = tuple(notebooks.headings(notebook)) if notebook else ()
    return Entry(
        name=name,
        question=notebooks.question(notebook) if notebook else str(report["question"]),
        lead=notebooks.lead(notebook) if notebook else "",
        headings=headings,
        failure=_said(failure) if failure else "",
        checks=_checks(headings, failure),
        good=site.completed(notebook) if notebook else None,
        page=_address(folder, f"{name}.html"),
        notebook=_address(folder, f"{name}.ipynb"),
        explained=_address(folder, f"{name}.FAILED.html"),
    )


def _said(failure: Mapping[str, Any]) -> str:
    where = f"in cell {failure['cell']}: " if failure["cell"] else ""
    return f"{where}{failure['reason']}"


def _checks(headings: tuple[str, ...], failure: Mapping[str, Any] | None) -> str:
    """What became of the checks of a report in its latest run."""
    if failure:
        return "a check failed" if failure["section"] == CHECKS else "checks not reached"
    return HELD if CHECKS in headings else "no checks"


def _address(folder: Path, name: str) -> str | None:
    """Where a file lies, as seen from the page of all months; None if there is none."""
    return quote(f"{folder.name}/{name}") if (folder / name).exists() else None
