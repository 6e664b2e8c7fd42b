"""Journals: a month's entries for the general ledger, as CSV files.

To add a ledger, write what its tables are and name it in `LEDGERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest
from spmlib.core.tables import Accruals, CostRollForward, CostSchedules, JournalLines
from spmlib.incent.accruals import books, entries
from spmlib.incent.accruals.month import month
from spmlib.incent.contract_costs import companies, outlooks
from spmlib.incent.contract_costs import entries as cost_entries
from spmlib.incent.contract_costs import written as costs_written
from spmlib.rules import employer_taxes
from spmlib.workbench.exports import write_tables
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd


def accruals(bench: Workbench, period: str) -> dict[str, pd.DataFrame]:
    """The journal of a month's accrual, and the rows behind it."""
    kept = books.opened(bench.folder, bench.company, bench.parameters)
    made = month(kept, period)
    lines = entries.entries(made, kept.policy)
    return {
        "accruals_journal": engine.pandas(lines, JournalLines),
        "accruals": engine.pandas(engine.brought(made.charged), Accruals),
    }


def contract_costs(bench: Workbench, period: str) -> dict[str, pd.DataFrame]:
    """The journal of a month's costs of contracts, their roll-forward, and each cost's month."""
    policies = bench.folder / "policies"
    policy = costs_written.read(policies / "contract_costs.yaml")
    taxes = employer_taxes.read(policies / "employer_taxes.yaml") if policy.taxes else None
    ready = companies.prepared(bench.company, bench.results.earnings, policy, period, taxes)
    rolled = outlooks.rolled(ready, "team").filter(nw.col("period") == period)
    return {
        "contract_costs_journal": engine.pandas(cost_entries.journal(ready), JournalLines),
        "contract_costs_roll_forward": engine.pandas(rolled, CostRollForward),
        "contract_costs": engine.pandas(ready.lives.schedule(period, period), CostSchedules),
    }


LEDGERS: Mapping[str, Callable[[Workbench, str], dict[str, pd.DataFrame]]] = {
    "accruals": accruals,
    "contract_costs": contract_costs,
}


def write(bench: Workbench, ledger: str, period: str, folder: Path) -> list[Path]:
    """Write a ledger's tables of a month into a folder.

    Raises:
        ParameterError: there is no such ledger or period.
    """
    if ledger not in LEDGERS:
        remedy = f"write {nearest(ledger, LEDGERS)}"
        raise ParameterError(f"there is no journal '{ledger}'; {remedy}.")
    bench.refuse_period(period)
    return write_tables(LEDGERS[ledger](bench, period), folder)
