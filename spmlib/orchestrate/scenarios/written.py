"""Written: the scenarios of a plan, files of ``parameters/scenarios``.

    folder = parameters / "scenarios" / "2027"
    hire_later = read(folder, "hire_later")
    hire_later.file("capacity")  # the block as if it had been written so

How scenarios are read is in `spmlib.core.scenarios`. To let scenarios change files of another
folder, name it in `FILES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spmlib.core import parameters, written
from spmlib.core.parameters import refuse
from spmlib.core.scenarios import written as scenarios
from spmlib.core.scenarios.overlays import empty
from spmlib.core.scenarios.written import BASE, Files, Ground, names
from spmlib.core.written import Block

__all__ = ["BASE", "Scenario", "names", "read"]

FILES = ("quotas", "capacity", "territories", "budgets")  # folders of parameters
ACCOUNTS = "accounts"  # no file: its words are accounts, and what they say is a territory


@dataclass(frozen=True)
class Scenario(scenarios.Scenario):
    """A plan with some words changed."""

    @property
    def plan(self) -> str:
        """Whose files it changes."""
        return self.folder.name

    def file(self, name: str) -> Block:
        """What a file of the plan says.

        Raises:
            ParameterError: the plan has no such file.
        """
        if name not in self.files:
            have = ", ".join(file for file in self.files if file != ACCOUNTS)
            wrong = f"the plan has no file {name}/{self.plan}.yaml"
            refuse(f"scenarios/{self.plan}/{self.name}", wrong, f"write it; it has {have}")
        return self.files[name]

    @property
    def accounts(self) -> dict[str, str]:
        """The territory of each account that the scenario moves."""
        moved = self.files[ACCOUNTS]
        return {str(account): str(parameters.text(moved[account])) for account in moved}


def read(folder: Path, name: str) -> Scenario:
    """A scenario of a plan, with all that it stands on.

    Args:
        folder: of the plan's scenarios; its name is the plan's, and beside its parent are the
            folders of `FILES`.
        name: of the scenario; ``base`` is the files as they are.

    Raises:
        ParameterError: there is no such scenario, or it stands on one that is not there or on
            itself, or a change names no file, no place in it, or a word that is changed already.
    """
    ground = Ground(
        folder=folder,
        among=(*FILES, ACCOUNTS),
        files=lambda: _files(folder),
        made=Scenario,
        example="{file: quotas, word: growth, to: 10%}",
        whole=(ACCOUNTS,),
        more=("from", "approvers"),
    )
    return scenarios.read(ground, name)


def _files(folder: Path) -> Files:
    """The files of a plan as they are written."""
    home = folder.parent.parent
    paths = {name: home / name / f"{folder.name}.yaml" for name in FILES}
    there = {name: path for name, path in paths.items() if path.exists()}
    if not there:
        listed = ", ".join(f"{name}/{folder.name}.yaml" for name in FILES)
        refuse(str(home), f"the plan '{folder.name}' has no files", f"write one of {listed}")
    files = {name: written.read(path) for name, path in there.items()}
    return files | {ACCOUNTS: empty(f"{folder.name}:1")}, tuple(there.values())
