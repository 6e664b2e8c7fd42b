"""Approvals: who approved a scenario, on a record that nothing can be taken from.

A plan's record is a ledger of its own (`spmlib.core.ledger`), beside that of closed months. An
approval is an entry without tables: who approves, which files, which quotas. Approvals hold for
exactly that: once a file of the scenario or what it comes to changes, they are void.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spmlib.core import ledger
from spmlib.core.errors import SpmError
from spmlib.core.ledger import Close, Ledger
from spmlib.orchestrate.scenarios.written import Scenario
from spmlib.workbench import closes
from spmlib.workbench.opened import Workbench
from spmlib.workbench.proposals import Proposal

if TYPE_CHECKING:
    import pandas as pd

APPROVED = "approved"


class PlanRefused(SpmError):
    """A plan cannot be approved or published as it stands."""


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


def approvals(book: Ledger, plan: Proposal) -> list[Approval]:
    """The approvals of a scenario that are on record, and whether each holds."""
    return [
        Approval(
            made.about["by"],
            made.about["reason"],
            made.closed,
            made.number,
            changed_since(made, plan),
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
    about = {"step": APPROVED, "by": by, "reason": reason, **held_for(plan)}
    return ledger.close(book, before, scenario.name, {}, about, closes.now())


def standing(bench: Workbench, made: Sequence[Proposal]) -> pd.DataFrame:
    """Who decided scenarios, who has to approve them and still has: one row for each.

    Returns:
        scenario, authors, approvers, missing.
    """
    import pandas as pd

    rows = []
    for one in made:
        scenario, left = one.scenario, missing(kept(bench, one.scenario.plan), one)
        asked = [sorted(scenario.authors), scenario.approvers or ["anybody else"], left]
        rows.append((scenario.name, *(", ".join(names) for names in asked)))
    return pd.DataFrame(rows, columns=["scenario", "authors", "approvers", "missing"])


def held_for(plan: Proposal) -> dict[str, Any]:
    """What an approval is of."""
    return {"files": dict(plan.files), "contents": dict(plan.contents)}


def changed_since(made: Close, plan: Proposal) -> str:
    """What has changed since an entry was made; empty if nothing has."""
    was, now = made.about["files"], plan.files
    changed = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    if changed:
        return f"{', '.join(changed)} changed since {made.closed}"
    other = [n for n, sha in plan.contents.items() if made.about["contents"].get(n) != sha]
    return f"{', '.join(other)} come out differently since {made.closed}" if other else ""


def _entries(made: Sequence[Close], scenario: Scenario, step: str) -> list[Close]:
    return [one for one in made if one.period == scenario.name and one.about["step"] == step]
