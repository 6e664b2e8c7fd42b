"""Lab: JupyterLab on a company's notebooks, opened at the one that says where to go.

It listens on this machine only and asks for Jupyter's token. Notebooks keep what they show, so a
company without notebooks of its own is given copies, without outputs: the workbench's own would
run on the sample company, and would keep this company's pay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from spmlib.core.errors import ParameterError
from spmlib.workbench.project import OWN, Project

FIRST = "00_start_here.ipynb"
LOOPBACK = "127.0.0.1"
PERIOD = re.compile(r'(?m)^period = "[^"]*"$')


def arguments(here: Project) -> list[str]:
    """What JupyterLab is told: which folder, which notebook, this machine only.

    Raises:
        ParameterError: the company's notebooks have none to start with.

    Example:
        >>> arguments(Project(OWN.parent))[1:]
        ['--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb', '--ip=127.0.0.1']
    """
    own = here.root / "notebooks"
    if own.is_dir() and not (own / FIRST).is_file():
        raise ParameterError(f"{own}: there is no {FIRST}; copy it from {OWN}.")
    first = f"/lab/tree/notebooks/{FIRST}"
    root = f"--ServerApp.root_dir={here.root}"
    return [root, f"--LabApp.default_url={first}", f"--ip={LOOPBACK}"]


def provide(here: Project) -> int:
    """Copy the workbench's notebooks, without outputs, to a company that has none; how many.

    They look at the last month in which something was booked.

    Raises:
        ParameterError: a parameter file of the company is missing or wrong; nothing is copied.
    """
    folder = here.root / "notebooks"
    if folder.is_dir():
        return 0
    from spmlib.workbench import notebooks
    from spmlib.workbench.opened import opened

    period = opened(here.parameters).through
    blank = {path.name: _blank(path, period) for path in sorted(OWN.glob("*.ipynb"))}
    folder.mkdir()
    for name, notebook in blank.items():
        notebooks.write(notebook, folder / name)
    return len(blank)


def start(told: Sequence[str]) -> None:
    """Run JupyterLab until somebody stops it."""
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]  # it ships no types

    LabApp.launch_instance(argv=list(told))


def _blank(path: Path, period: str | None) -> object:
    from spmlib.workbench import notebooks

    notebook = notebooks.tidy(notebooks.read(path))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for cell in notebooks.tagged(notebook, "parameters") if period else ():
        cell.source = PERIOD.sub(f'period = "{period}"', cell.source)
    return notebook
