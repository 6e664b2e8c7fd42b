"""Publications: approved plans put in force, for good.

What is published is an entry with tables of the plan's record (`approvals.kept`) and never changes;
a later publication is the next version.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from spmlib.core import engine, ledger
from spmlib.core.ledger import Close, Ledger
from spmlib.workbench import closes, exports
from spmlib.workbench.approvals import (
    PlanRefused,
    approvals,
    approve,
    changed_since,
    held_for,
    missing,
)
from spmlib.workbench.opened import Workbench
from spmlib.workbench.proposals import FORCE, Proposal

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

PUBLISHED = "published"


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
    if last and last[0].period == scenario.name and not changed_since(last[0], plan):
        raise PlanRefused(
            f"{where}: it was published on {last[0].closed}, and nothing has changed."
        )
    holding = [made.number for made in approvals(book, plan) if not made.void]
    told = {"step": PUBLISHED, "approvals": holding, **held_for(plan), **closes.about(bench)}
    return ledger.close(book, before, scenario.name, plan.tables, told, closes.now())


def export(book: Ledger, published: Close, folder: Path) -> list[Path]:
    """Write a published plan's tables as CSV files into a folder of its number.

    Returns:
        The files; quotas and territories as the company's own files have them.
    """
    frames = {name: _shown(book.table(published, name), name) for name in published.tables}
    return exports.write_tables(frames, folder / f"{published.number:04}")


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


def _shown(frame: pl.DataFrame, name: str) -> pd.DataFrame:
    if name in FORCE:
        return engine.pandas(engine.brought(frame), FORCE[name])
    return frame.to_pandas()
