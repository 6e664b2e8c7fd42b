"""Proposals: scenarios as they would be published now, and what approvals of them hold for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from spmlib.core.tables import AccountTerritories, Quotas
from spmlib.orchestrate.scenarios import compared
from spmlib.orchestrate.scenarios.outcomes import Outcome
from spmlib.orchestrate.scenarios.written import Scenario
from spmlib.workbench import plans
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import polars as pl

FORCE = {"quotas": Quotas, "account_territories": AccountTerritories}  # what a plan puts in force


@dataclass(frozen=True)
class Proposal:
    """A scenario as it would be published now.

    Attributes:
        scenario: that is proposed.
        tables: by name; those of `FORCE`, its decisions and measures.
        files: the hash of each file it is read from, by name.
        contents: the hash of each table it puts in force.
    """

    scenario: Scenario
    tables: Mapping[str, pl.DataFrame]
    files: Mapping[str, str]
    contents: Mapping[str, str]


def proposal(bench: Workbench, of: Outcome, currency: str) -> Proposal:
    """A scenario as it would be published now, with its decisions and measures."""
    import polars as pl

    told = {"decisions": of.scenario.decisions, "scenario_measures": compared.measures([of])}
    others = {name: pl.from_pandas(table) for name, table in told.items()}
    return proposed(bench, of.scenario, plans.tables(bench, of, currency) | others)


def proposals(bench: Workbench, made: Sequence[Outcome], currency: str) -> list[Proposal]:
    """Scenarios as they would be published now: as `proposal`."""
    return [proposal(bench, of, currency) for of in made]


def proposed(bench: Workbench, scenario: Scenario, tables: Mapping[str, pl.DataFrame]) -> Proposal:
    """A scenario and its tables, with what approvals of them hold for."""
    files = {_named(bench, path): _hashed(path.read_bytes()) for path in scenario.paths}
    contents = {name: _hashed(_content(tables[name])) for name in FORCE}
    return Proposal(scenario, tables, files, contents)


def _named(bench: Workbench, path: Path) -> str:
    return path.relative_to(bench.folder).as_posix()


def _content(frame: pl.DataFrame) -> bytes:
    """A table as bytes that are the same wherever it is computed."""
    text = StringIO()
    frame.write_csv(text)
    return text.getvalue().encode()


def _hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
