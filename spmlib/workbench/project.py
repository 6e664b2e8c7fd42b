"""Where things are: the folder that holds ``parameters/``, from anywhere in it.

A company's folder may hold parameters only: then the workbench's own notebooks are run on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spmlib.core.errors import ParameterError

OWN = Path(__file__).resolve().parents[2] / "notebooks"


@dataclass(frozen=True)
class Project:
    """A workbench's folders."""

    root: Path

    @property
    def parameters(self) -> Path:
        """Plans, crediting rules, measures, sources and runs."""
        return self.root / "parameters"

    @property
    def runs(self) -> Path:
        """The files that say which notebooks make a month's reports."""
        return self.parameters / "runs"

    @property
    def notebooks(self) -> Path:
        """The analyses, one question each: the folder's own, or the workbench's."""
        own = self.root / "notebooks"
        return own if own.is_dir() else OWN

    def within(self, notebook: Path) -> Path:
        """The folder in which a notebook runs: its own, if that is a part of the project."""
        return notebook.parent if notebook.is_relative_to(self.root) else self.root

    @property
    def results(self) -> Path:
        """What runs made, a folder for each period."""
        return self.root / "results"


def found(start: Path | None = None) -> Project:
    """The project that a folder lies in; by default the folder one is in.

    Raises:
        ParameterError: neither it nor any folder above holds ``parameters/``.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "parameters").is_dir():
            return Project(folder)
    raise ParameterError(
        f"{here}: no folder here or above holds parameters/; "
        "change into the workbench's folder (cd spmlib) and try again."
    )
