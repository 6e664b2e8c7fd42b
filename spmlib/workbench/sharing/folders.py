"""Folders: the pages of a month that a reader may see, in a folder that names no others.

The folder is made aside and then takes the place of the one before, so that no page stays behind
that is not for its reader any more. Only what an earlier share put there is ever replaced.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmlib.core.errors import ParameterError
from spmlib.workbench import manifest, notebooks, site
from spmlib.workbench.sharing.leaving import leaving
from spmlib.workbench.sharing.readers import UNSAID, Policy, Reader

RECORD = "shared.json"  # what a share put into its folder


@dataclass(frozen=True)
class Share:
    """What was shared, and what was not."""

    folder: Path
    pages: tuple[str, ...]
    unsaid: tuple[str, ...]  # nothing is written of them: for finance only
    unmade: tuple[str, ...]  # for this reader, but the run could not make them


def share(results: Path, policy: Policy, reader: Reader, folder: Path) -> Share:
    """Put the pages of a run that a reader may see into a folder, with an index of just these.

    Args:
        results: the run's folder, with its reports and its record.
        policy: who may see which page.
        reader: for whom.
        folder: where to; what an earlier share put there is replaced.

    Raises:
        ParameterError: there is no run, no page for this reader, or the folder holds other files.
    """
    record = _record(results)
    reports = {str(report["name"]): report for report in record["reports"]}
    paths = {name: results / f"{name}.ipynb" for name, it in reports.items() if not it["failure"]}
    made = {name: _notebook(path) for name, path in paths.items() if path.exists()}
    seen = {n: node for n, node in made.items() if _seen(policy, n, node, reader)}
    unsaid = tuple(name for name in reports if name not in policy.pages)
    if not seen:
        _refuse_nothing(results.name, reader, unsaid)
    _refuse_others(folder)
    shown = record | {"reports": [_told(reports[name], node) for name, node in seen.items()]}
    _replace(folder, seen, shown, reader)
    groups = {n: policy.readers(n) for n in reports if n not in made}
    unmade = tuple(n for n, may in groups.items() if {"everyone", reader.group} & set(may))
    return Share(folder, tuple(seen), unsaid, unmade)


def _record(results: Path) -> dict[str, Any]:
    path = results / manifest.NAME
    if not path.exists():
        raise ParameterError(
            f"{results}: there are no reports of {results.name}; make them: spm report."
        )
    with _readable(path):
        record = manifest.read(path)
        if not {"reports", "made", "title", "period"} <= set(record):
            raise ValueError("it is not the record of a run")
    return record


def _notebook(path: Path) -> Any:
    with _readable(path):
        return notebooks.whole(path)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What a run left and cannot be read is a line, not a traceback."""
    try:
        yield
    except ValueError as error:
        said = str(error).split("\n", maxsplit=1)[0][:80]
        raise ParameterError(
            f"{path}: it cannot be read ({said}); make the reports again: spm report."
        ) from None


def _seen(policy: Policy, name: str, notebook: Any, reader: Reader) -> bool:
    """Whether a reader may see a page: by what it was made with, not by what a run asked for."""
    return policy.shows(name, notebooks.settings(notebook), reader)


def _told(report: Mapping[str, Any], notebook: Any) -> dict[str, Any]:
    """What the record says of a report, with the values that its notebook was executed with."""
    values = notebooks.settings(notebook)
    given = {name: values[name] for name in report["parameters"] if name in values}
    return {**report, "parameters": given}


def _refuse_nothing(period: str, reader: Reader, unsaid: Sequence[str]) -> None:
    silent = f" ({len(unsaid)} pages are not named in it: for {UNSAID[0]} only)" if unsaid else ""
    raise ParameterError(
        f"shared.yaml: no page of {period} is for {reader}{silent}; "
        "name them there under `pages:`, each with its readers."
    )


def _refuse_others(folder: Path) -> None:
    """Refuse a folder with files that no share put there."""
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"{folder}: this is a file; name a folder.")
    others = sorted(_files(folder) - _earlier(folder))
    if others:
        raise ParameterError(
            f"{folder}: it holds {others[0]}, which no share put there; name an empty folder."
        )


def _files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}


def _earlier(folder: Path) -> set[str]:
    try:
        files = manifest.read(folder / RECORD)["files"]
        return {str(name) for name in files}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _replace(
    folder: Path, seen: Mapping[str, Any], record: Mapping[str, Any], reader: Reader
) -> None:
    """Make the folder aside, then put it in the place of the one before."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder.parent) as aside:
        new, old = Path(aside) / "new", Path(aside) / "old"
        new.mkdir(mode=0o755)
        _write(new, seen, record, reader)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)


def _write(
    folder: Path, seen: Mapping[str, Any], record: Mapping[str, Any], reader: Reader
) -> None:
    made, beside = site.moment(record["made"]), frozenset(seen)
    for report in record["reports"]:
        name = report["name"]
        masthead = site.Masthead(name, record["title"], made, report["parameters"], beside)
        notebook = leaving(seen[name], seen)
        notebooks.write(notebook, folder / f"{name}.ipynb")
        _put(folder / f"{name}.html", site.page(notebook, masthead))
    _put(folder / "index.html", site.index(folder, record, str(reader)))
    about = {"period": record["period"], "reader": str(reader), "made": record["made"]}
    files = sorted({*_files(folder), RECORD})
    _put(folder / RECORD, json.dumps(about | {"files": files}, indent=2) + "\n")


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
