"""Publications: plans approved and published, on a record that nothing can be taken from.

A plan's record is a ledger of its own (`spmlib.core.ledger`), beside that of closed months. An
approval is an entry without tables: who approves, which files, which quotas. Approvals hold for
exactly that: once a file of the scenario or what it comes to changes, they are void. What is
published is an entry with tables, and never changes; a later publication is the next version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.core import engine, ledger
from spmlib.core.errors import SpmError
from spmlib.core.ledger import Close, Ledger
from spmlib.core.tables import AccountTerritories, Quotas
from spmlib.orchestrate.scenarios import compared
from spmlib.orchestrate.scenarios.outcomes import Outcome
from spmlib.orchestrate.scenarios.written import Scenario
from spmlib.workbench import closes, exports, plans
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

APPROVED, PUBLISHED = "approved", "published"
FORCE = {"quotas": Quotas, "account_territories": AccountTerritories}  # what a plan puts in force


class PlanRefused(SpmError):
    """A plan cannot be approved or published as it stands."""


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


@dataclass(frozen=True)
class Approval:
    """An approval on record, and why it no longer holds; empty while it does."""

    by: str
    reason: str
    when: str  # ISO 8601
    number: int  # of the entry
    void: str


def kept(bench: Workbench, plan: str) -> Ledger:
    """The record of a plan: in ``plans/`` of where closed months are kept."""
    months = closes.kept(bench)
    return Ledger(months.store, f"{months.root}/plans/{plan}")


def proposal(bench: Workbench, of: Outcome, currency: str) -> Proposal:
    """A scenario as it would be published now."""
    import polars as pl

    made = plans.tables(bench, of, currency)
    told = {"decisions": of.scenario.decisions, "scenario_measures": compared.measures([of])}
    others = {name: pl.from_pandas(table) for name, table in told.items()}
    files = {_named(bench, path): _hashed(path.read_bytes()) for path in of.scenario.paths}
    contents = {name: _hashed(_content(made[name])) for name in FORCE}
    return Proposal(of.scenario, made | others, files, contents)


def approvals(book: Ledger, proposed: Proposal) -> list[Approval]:
    """The approvals of a scenario that are on record, and whether each holds."""
    return [
        Approval(
            made.about["by"], made.about["reason"], made.closed, made.number, _void(made, proposed)
        )
        for made in _entries(book.closes(), proposed.scenario, APPROVED)
    ]


def missing(book: Ledger, proposed: Proposal) -> list[str]:
    """Who still has to approve; ``anybody`` where nobody is named and nobody did."""
    holding = {made.by for made in approvals(book, proposed) if not made.void}
    asked = proposed.scenario.approvers
    if not asked:
        return [] if holding else ["anybody"]
    return [who for who in asked if who not in holding]


def approve(book: Ledger, proposed: Proposal, by: str, reason: str) -> Close:
    """Put an approval on record.

    Raises:
        PlanRefused: who approves decided something of it, is not asked, or approved it already.
        LedgerError: something else was recorded in the meantime.
    """
    scenario, before = proposed.scenario, book.closes()
    where = f"{scenario.plan}/{scenario.name}"
    if by in scenario.authors:
        raise PlanRefused(f"{where}: {by} decided changes of it; let somebody else approve it.")
    if scenario.approvers and by not in scenario.approvers:
        asked = ", ".join(scenario.approvers)
        raise PlanRefused(f"{where}: {by} is not asked to approve it; its approvers are {asked}.")
    if by in {made.by for made in approvals(book, proposed) if not made.void}:
        raise PlanRefused(f"{where}: {by} approved it as it stands; publish it.")
    about = {"step": APPROVED, "by": by, "reason": reason, **_asked(proposed)}
    return ledger.close(book, before, scenario.name, {}, about, closes.now())


def publish(bench: Workbench, book: Ledger, proposed: Proposal) -> Close:
    """Put a scenario's tables on record as the plan that holds.

    Raises:
        PlanRefused: an approval is missing or void, or this very plan is published.
        LedgerError: something else was recorded in the meantime.
    """
    scenario, before = proposed.scenario, book.closes()
    where = f"{scenario.plan}/{scenario.name}"
    if left := missing(book, proposed):
        void = "".join(f" ({a.by}: {a.void})" for a in approvals(book, proposed) if a.void)
        wrong = f"{where}: it is not approved by {', '.join(left)}{void}"
        raise PlanRefused(f"{wrong}; ask for `spm plan approve {scenario.plan} {scenario.name}`.")
    last = [made for made in before if made.about["step"] == PUBLISHED][-1:]
    if last and last[0].period == scenario.name and not _void(last[0], proposed):
        raise PlanRefused(
            f"{where}: it was published on {last[0].closed}, and nothing has changed."
        )
    holding = [made.number for made in approvals(book, proposed) if not made.void]
    told = {"step": PUBLISHED, "approvals": holding, **_asked(proposed), **closes.about(bench)}
    return ledger.close(book, before, scenario.name, proposed.tables, told, closes.now())


def export(book: Ledger, published: Close, folder: Path) -> list[Path]:
    """Write a published plan's tables as CSV files into a folder of its number.

    Returns:
        The files; quotas and territories as the company's own files have them.
    """
    frames = {name: _shown(book.table(published, name), name) for name in published.tables}
    return exports.write_tables(frames, folder / f"{published.number:04}")


def _entries(made: Sequence[Close], scenario: Scenario, step: str) -> list[Close]:
    return [one for one in made if one.period == scenario.name and one.about["step"] == step]


def _asked(proposed: Proposal) -> dict[str, Any]:
    """What an approval is of."""
    return {"files": dict(proposed.files), "contents": dict(proposed.contents)}


def _void(made: Close, proposed: Proposal) -> str:
    """What has changed since an entry was made; empty if nothing has."""
    was, now = made.about["files"], proposed.files
    changed = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    if changed:
        return f"{', '.join(changed)} changed since {made.closed}"
    other = [n for n, sha in proposed.contents.items() if made.about["contents"].get(n) != sha]
    return f"{', '.join(other)} come out differently since {made.closed}" if other else ""


def _named(bench: Workbench, path: Path) -> str:
    return path.relative_to(bench.folder).as_posix()


def _content(frame: pl.DataFrame) -> bytes:
    """A table as bytes that are the same wherever it is computed."""
    text = StringIO()
    frame.write_csv(text)
    return text.getvalue().encode()


def _hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _shown(frame: pl.DataFrame, name: str) -> pd.DataFrame:
    if name in FORCE:
        return engine.pandas(engine.brought(frame), FORCE[name])
    return frame.to_pandas()
