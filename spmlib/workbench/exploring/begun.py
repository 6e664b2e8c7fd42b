"""Begun: a company opened by whoever explores, from its folder or from that of its parameters."""

from __future__ import annotations

from pathlib import Path

from spmlib.core.errors import ParameterError
from spmlib.workbench import project
from spmlib.workbench.exploring import patience
from spmlib.workbench.opened import Workbench, opened


def begun(folder: Path | str | None = None) -> Workbench:
    """The company of a folder; of the one that one is in, or the nearest above, if none is named.

    Raises:
        ParameterError: no company is there, or a parameter file is missing or wrong.
    """
    home = project.found().parameters if folder is None else _parameters(Path(folder))
    with patience.asked(f"reading {home}"):
        return opened(home)


def _parameters(folder: Path) -> Path:
    """The parameters of a company's folder, or the folder itself if they lie in it."""
    inside = folder / "parameters"
    if inside.is_dir():
        return inside
    if (folder / "sources.yaml").exists():
        return folder
    wrong = "there is no such folder" if not folder.is_dir() else "it holds no parameters/"
    raise ParameterError(f"{folder}: {wrong}; write the folder that holds a company's parameters.")
