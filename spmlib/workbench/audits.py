"""Audits: a month's pay looked through before it leaves, for a company that is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.core.tables import Findings
from spmlib.incent.audit import audits, books, written
from spmlib.incent.audit.audits import Audit
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.written import Policy
from spmlib.workbench import closes
from spmlib.workbench.exports import write_tables
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

FILE = "policies/audit.yaml"


def policy(bench: Workbench) -> Policy:
    """What a company's pay is audited for.

    Raises:
        ParameterError: the file is missing or wrong.
    """
    return written.read(bench.folder / FILE)


def kept(bench: Workbench, period: str = "", currency: str = "") -> Books:
    """The books of a company, with what was on record before a month was closed.

    Args:
        bench: the company.
        period: the month; all closes are on record if empty.
        currency: to read amounts in; the one most booked in if empty.
    """
    found = closes.recorded(closes.kept(bench), period)
    return books.books(
        bench.company,
        bench.results,
        bench.parameters,
        currency,
        None if found.is_empty() else engine.brought(found),
    )


def audit(bench: Workbench, period: str, currency: str = "") -> Audit:
    """What is to be looked at before a month's pay leaves.

    Raises:
        ParameterError: the policy is wrong, or there is no such period.
    """
    bench.refuse_period(period)
    return audits.audited(kept(bench, period, currency), policy(bench), period)


def frame(found: pl.DataFrame) -> pd.DataFrame:
    """Findings as pandas with exact decimals."""
    return engine.pandas(engine.brought(found), Findings)


def write(made: Audit, path: Path) -> Path:
    """Write an audit's open findings as CSV; no word is taken for a formula by a spreadsheet."""
    (whole,) = write_tables({path.stem: frame(made.findings)}, path.parent)
    return whole
