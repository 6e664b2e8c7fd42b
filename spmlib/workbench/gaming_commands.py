"""Gaming commands: ``spm gaming [PERIOD]``, where plans can be played and who seems to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from spmlib.workbench.consoles import opened_here, refusals, says

if TYPE_CHECKING:
    import pandas as pd

    from spmlib.incent.gaming.findings import Audit
    from spmlib.workbench.opened import Workbench

POLICY = "policies/gaming.yaml"


def audited(bench: Workbench, period: str = "", currency: str = "") -> Audit:
    """A company as the gaming audit sees it.

    Args:
        bench: the company.
        period: the last one looked at; the last in which anything was booked if empty.
        currency: to read amounts in; the one most booked in if empty.

    Raises:
        ParameterError: there is no policy, no such period or no rate.
    """
    from spmlib.core.errors import ParameterError
    from spmlib.incent.gaming import findings, written

    last = period or bench.through
    if last is None:
        raise ParameterError("period: nothing is booked; write the period to look at.")
    bench.refuse_period(last)
    decided = written.read(bench.folder / POLICY)
    return findings.audit(bench.company, bench.parameters, bench.results, decided, last, currency)


def gaming(
    period: Annotated[
        str, typer.Argument(help="The last month looked at; the latest if empty.")
    ] = "",
    most: Annotated[int, typer.Option(help="Findings to print.", min=1)] = 20,
    to: Annotated[Path | None, typer.Option(help="A folder for gaming_findings.csv.")] = None,
) -> None:
    """Print where plans can be played and what a year of it is worth, with file and line."""
    from spmlib.incent.gaming import readings
    from spmlib.workbench import exports

    with refusals():
        audit = audited(opened_here(), period)
        found = readings.table(audit)
        written = exports.write_tables({"gaming_findings": found}, to) if to is not None else []
    says.print(_printed(found.head(most), audit.currency))
    more = len(found) - most
    if more > 0:
        says.print(f"{more} more: --most {len(found)} prints them all.")
    for path in written:
        says.print(escape(f"Written: {path}"))


def _printed(found: pd.DataFrame, currency: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("Kind", "Whose", "Where", f"{currency} a year", "Chance", "Rule"):
        table.add_column(name, justify="right" if "year" in name or name == "Chance" else "left")
    for row in found.to_dict("records"):
        parts = [row[name] for name in ("payee_id", "plan", "component")]
        whose = ", ".join(str(part) for part in parts if isinstance(part, str))
        chance = row["p_adjusted"]
        told = "" if chance != chance else f"{chance:.3f}"
        cells = (row["kind"], whose, row["where"], f"{row['amount']:,.0f}", told, row["source"])
        table.add_row(*(escape(cell) for cell in cells))
    return table
