"""Written: scenarios of pay, files of ``parameters/scenarios/pay`` that say only what they change.

    title: No brake above 175 %
    on: base
    author: sales compensation
    date: 2026-11-10
    reason: The best sellers slow down in autumn.
    changes:
      - {file: account_executive, word: components.new_business.table.2026-01-01.4, left_out: true}
      - {file: quotas, word: new_bookings.account_executive, to: 110%}

``file`` is a plan, ``measures`` or ``crediting``; or ``quotas`` and ``target_incentives``, which
multiply what was issued: of a measure, or of one role in it; of everybody with a role.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from spmlib.core import written
from spmlib.core.errors import ParameterError, PlanError
from spmlib.core.scenarios import written as scenarios
from spmlib.core.scenarios.overlays import empty
from spmlib.core.scenarios.written import Files, Ground
from spmlib.core.written import Block
from spmlib.incent.work import Parameters
from spmlib.rules import crediting, measures, plans
from spmlib.rules.spiffs import written as spiffs

FOLDER = "scenarios/pay"
QUOTAS, TARGETS = "quotas", "target_incentives"  # no files: their words multiply what was issued
OTHERS = ("measures", "crediting")
EXAMPLE = "{file: quotas, word: new_bookings.account_executive, to: 110%}"


@dataclass(frozen=True)
class Scenario(scenarios.Scenario):
    """What a company's files say about pay, with some words changed."""

    @cached_property
    def parameters(self) -> Parameters:
        """What the changed files say.

        Raises:
            ParameterError: what is changed cannot be meant; told with the line that changes it.
        """
        known = self._told("measures", measures.told)
        return Parameters(
            measures=known,
            plans={
                name: self._told(name, partial(plans.told, file=name, measures=known))
                for name in self.files
                if name not in (*OTHERS, QUOTAS, TARGETS)
            },
            crediting=self._told("crediting", crediting.told),
            spiffs=spiffs.read(self.folder.parents[1] / "spiffs", known),
        )

    def _told(self, file: str, reader: Callable[[Block], Any]) -> Any:
        """What a file says; what is wrong with it is told with a line of the scenario."""
        own = [change for change in self.changes if change.file in (file, "measures")]
        try:
            return reader(self.files[file])
        except ParameterError as error:
            said, kind = str(error), ParameterError if file in OTHERS else PlanError
            if own and said.split(":")[0] not in {c.place.split(":")[0] for c in own}:
                said = f"{own[-1].place}: with this change, {said}"
            raise kind(said) from None


def names(folder: Path) -> list[str]:
    """The scenarios of pay in a folder of parameters, ``base`` first."""
    return scenarios.names(folder / FOLDER)


def read(folder: Path, name: str) -> Scenario:
    """A scenario of pay, with all that it stands on.

    Args:
        folder: of the parameters.
        name: of the scenario; ``base`` is the files as they are.

    Raises:
        ParameterError: there is no such scenario, or it stands on one that is not there or on
            itself, or a change names no file, no place in it, or a word that is changed already.
    """
    paths = _paths(folder)
    ground = Ground(
        folder=folder / FOLDER,
        among=(*paths, QUOTAS, TARGETS),
        files=lambda: _files(paths),
        made=Scenario,
        example=EXAMPLE,
    )
    return scenarios.read(ground, name)


def _paths(folder: Path) -> dict[str, Path]:
    """The files that a scenario may change, by name."""
    found = {path.stem: path for path in sorted((folder / "plans").glob("*.yaml"))}
    return found | {name: folder / f"{name}.yaml" for name in OTHERS}


def _files(paths: Mapping[str, Path]) -> Files:
    read_: dict[str, Block] = {name: written.read(path) for name, path in paths.items()}
    issued = {name: empty(f"{name}:1") for name in (QUOTAS, TARGETS)}
    return read_ | issued, tuple(paths.values())
