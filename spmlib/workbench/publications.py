"""Publications: plans approved and published, on a record that nothing can be taken from.

A plan's record is a ledger of its own (`spmlib.core.ledger`), beside that of closed months. An
approval is an entry without tables: who approves, which files, which quotas. Approvals hold for
exactly that: once a file of the scenario or what it comes to changes, they are void. What is
published is an entry with tables, and never changes; a later publication is the next version.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """A scenario as it would be published now, with its decisions and measures."""
    import polars as pl

    told = {"decisions": of.scenario.decisions, "scenario_measures": compared.measures([of])}
    others = {name: pl.from_pandas(table) for name, table in told.items()}
    return proposed(bench, of.scenario, plans.tables(bench, of, currency) | others)


def proposed(bench: Workbench, scenario: Scenario, tables: Mapping[str, pl.DataFrame]) -> Proposal:
    """A scenario and its tables, with what approvals of them hold for."""
    files = {_named(bench, path): _hashed(path.read_bytes()) for path in scenario.paths}
    contents = {name: _hashed(_content(tables[name])) for name in FORCE}
    return Proposal(scenario, tables, files, contents)


def approvals(book: Ledger, plan: Proposal) -> list[Approval]:
    """The approvals of a scenario that are on record, and whether each holds."""
    return [
        Approval(
            made.about["by"], made.about["reason"], made.closed, made.number, _void(made, plan)
        )
        for made in _entries(book.closes(), plan.scenario, APPROVED)
    ]


def missing(book: Ledger, plan: Proposal) -> list[str]:
    """Who still has to approve; ``anybody`` where nobody is named and nobody did."""
    holding = {made.by for made in approvals(book, plan) if not made.void}
    asked = plan.scenario.approvers
    if not asked:
        return [] if holding else ["anybody"]
    return [who for who in asked if who not in holding]


def approve(book: Ledger, plan: Proposal, by: str, reason: str) -> Close:
    """Put an approval on record.

    Raises:
        PlanRefused: nobody signed it, or who approves decided something of it, is not asked, or
            approved it already.
        LedgerError: something else was recorded in the meantime.
    """
    scenario, before = plan.scenario, book.closes()
    where = f"{scenario.plan}/{scenario.name}"
    if not scenario.authors:
        raise PlanRefused(f"{where}: nobody signed it; write `author` into {scenario.name}.yaml.")
    if by in scenario.authors:
        raise PlanRefused(f"{where}: {by} decided changes of it; let somebody else approve it.")
    if scenario.approvers and by not in scenario.approvers:
        asked = ", ".join(scenario.approvers)
        raise PlanRefused(f"{where}: {by} is not asked to approve it; its approvers are {asked}.")
    if by in {made.by for made in approvals(book, plan) if not made.void}:
        raise PlanRefused(f"{where}: {by} approved it as it stands; publish it.")
    about = {"step": APPROVED, "by": by, "reason": reason, **_asked(plan)}
    return ledger.close(book, before, scenario.name, {}, about, closes.now())


def publish(bench: Workbench, book: Ledger, plan: Proposal) -> Close:
    """Put a scenario's tables on record as the plan that holds.

    Raises:
        PlanRefused: an approval is missing or void, or this very plan is published.
        LedgerError: something else was recorded in the meantime.
    """
    scenario, before = plan.scenario, book.closes()
    where = f"{scenario.plan}/{scenario.name}"
    if left := missing(book, plan):
        void = "".join(f" ({a.by}: {a.void})" for a in approvals(book, plan) if a.void)
        wrong = f"{where}: it is not approved by {', '.join(left)}{void}"
        raise PlanRefused(f"{wrong}; ask for `spm plan approve {scenario.plan} {scenario.name}`.")
    last = [made for made in before if made.about["step"] == PUBLISHED][-1:]
    if last and last[0].period == scenario.name and not _void(last[0], plan):
        raise PlanRefused(
            f"{where}: it was published on {last[0].closed}, and nothing has changed."
        )
    holding = [made.number for made in approvals(book, plan) if not made.void]
    told = {"step": PUBLISHED, "approvals": holding, **_asked(plan), **closes.about(bench)}
    return ledger.close(book, before, scenario.name, plan.tables, told, closes.now())


def export(book: Ledger, published: Close, folder: Path) -> list[Path]:
    """Write a published plan's tables as CSV files into a folder of its number.

    Returns:
        The files; quotas and territories as the company's own files have them.
    """
    frames = {name: _shown(book.table(published, name), name) for name in published.tables}
    return exports.write_tables(frames, folder / f"{published.number:04}")


def standing(bench: Workbench, proposals: Sequence[Proposal]) -> pd.DataFrame:
    """Who decided scenarios, who has to approve them and still has: one row for each.

    Returns:
        scenario, authors, approvers, missing.
    """
    import pandas as pd

    rows = []
    for one in proposals:
        scenario, left = one.scenario, missing(kept(bench, one.scenario.plan), one)
        asked = [sorted(scenario.authors), scenario.approvers or ["anybody else"], left]
        rows.append((scenario.name, *(", ".join(names) for names in asked)))
    return pd.DataFrame(rows, columns=["scenario", "authors", "approvers", "missing"])


def checks(bench: Workbench, plan: Proposal) -> pd.DataFrame:
    """What must hold of approvals, tried on a record that is thrown away: check, says, holds."""
    import pandas as pd

    book = ledger.at(f"memory://{uuid.uuid4().hex}")
    author = min(plan.scenario.authors, default="")
    asked = plan.scenario.approvers or ("somebody",)
    unapproved = _refused(lambda: publish(bench, book, plan))
    by_author = _refused(lambda: approve(book, plan, author, "tried"))
    for who in asked:
        approve(book, plan, who, "tried")
    held = sum(not made.void for made in approvals(book, plan))
    first = min(plan.files)
    other = replace(plan, files={**plan.files, first: "changed"})
    void = sum(bool(made.void) for made in approvals(book, other))
    rows = [
        ("Nothing is published without approval", unapproved or "it was", bool(unapproved)),
        ("Who decides does not approve", by_author or "it was accepted", bool(by_author)),
        ("Approvals hold for what was approved", f"{held} of {len(asked)}", held == len(asked)),
        (f"They are void once {first} changes", f"{void} of {len(asked)}", void == len(asked)),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def _refused(act: Callable[[], object]) -> str:
    """What an act is refused for; empty if it is not."""
    try:
        act()
    except PlanRefused as error:
        return str(error)
    return ""


def _entries(made: Sequence[Close], scenario: Scenario, step: str) -> list[Close]:
    return [one for one in made if one.period == scenario.name and one.about["step"] == step]


def _asked(plan: Proposal) -> dict[str, Any]:
    """What an approval is of."""
    return {"files": dict(plan.files), "contents": dict(plan.contents)}


def _void(made: Close, plan: Proposal) -> str:
    """What has changed since an entry was made; empty if nothing has."""
    was, now = made.about["files"], plan.files
    changed = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    if changed:
        return f"{', '.join(changed)} changed since {made.closed}"
    other = [n for n, sha in plan.contents.items() if made.about["contents"].get(n) != sha]
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
