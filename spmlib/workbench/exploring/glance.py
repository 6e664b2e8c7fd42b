"""Glance: what one sees of a company first: its months, people, plans, issues, and how it stands.

Nothing is computed for it but counts of what was read, so that it is there at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.errors import SpmError

if TYPE_CHECKING:
    from spmlib.core.tables import Table
    from spmlib.workbench.opened import Workbench

Facts = Mapping[str, tuple[str, str]]  # of what -> figure, remark


def facts(bench: Workbench) -> Facts:
    """What there is of a company: for each thing its figure, and a remark.

    Args:
        bench: the company; whatever is wrong with it is said here, never raised.
    """
    return {
        "Months": _months(bench),
        "People": _people(bench),
        "Plans": _plans(bench),
        "Transactions": _transactions(bench),
        "Issues": _issues(bench),
        "State": _state(bench),
    }


def name(bench: Workbench) -> str:
    """What a company is called: as the folder that holds its parameters."""
    return bench.folder.resolve().parent.name


def printed(bench: Workbench) -> str:
    """The same as plain text."""
    lines = [
        f"  {what:<12}  {figure}{f' ({remark})' if remark else ''}"
        for what, (figure, remark) in facts(bench).items()
    ]
    after = "  company.tables lists the tables, company.sql('select ...') asks them"
    return "\n".join([name(bench), *lines, after])


def _months(bench: Workbench) -> tuple[str, str]:
    periods = _periods(bench)
    if not periods:
        return "none", "there is no calendar"
    booked = f"booked until {bench.through}" if bench.through else "nothing is booked in them"
    return f"{len(periods)}", f"{periods[0]} to {periods[-1]}; {booked}"


def _people(bench: Workbench) -> tuple[str, str]:
    planned = bench.company.positions.filter(~nw.col("plan").is_null())
    held = engine.collected(planned.select(nw.col("payee_id").n_unique())).item()
    return f"{_rows(bench.company.payees):,}", f"{held:,} have held a plan"


def _plans(bench: Workbench) -> tuple[str, str]:
    spiffs = len(bench.parameters.spiffs)
    return f"{len(bench.parameters.plans)}", f"and {spiffs} SPIFFs" if spiffs else ""


def _transactions(bench: Workbench) -> tuple[str, str]:
    rows = engine.collected(bench.company.transactions.select("currency"))["currency"]
    counted = rows.drop_nulls().unique().sort().to_list()
    return f"{len(rows):,}", f"in {', '.join(counted)}" if counted else ""


def _issues(bench: Workbench) -> tuple[str, str]:
    """Of what was read; those of what follows from it are known when it is computed."""
    if bench.unreadable:
        return f"{_rows(bench.company.issues):,}", bench.unreadable[0]
    effects = engine.collected(bench.company.issues.select("effect"))["effect"]
    refused = int((effects == "refused").sum())
    where = "company.issues computes the pay, and has them all"
    return f"{len(effects):,}", f"{refused:,} refused, in what was read; {where}"


def _state(bench: Workbench) -> tuple[str, str]:
    """Which months are closed, and which is next."""
    from spmlib.workbench import closes

    try:
        made = closes.kept(bench).closes()
    except (SpmError, OSError, ValueError) as error:
        return "not known", f"the ledger cannot be read: {error}"
    if not made:
        return "open", "no month is closed yet"
    periods = _periods(bench)
    last = made[-1].period
    following = periods[periods.index(last) + 1 :][:1] if last in periods else []
    right = f"{following[0]} is open" if following else "the calendar has no later month"
    return (
        f"closed to {last}",
        f"{len(made)} on record, the last of {made[-1].closed[:10]}; {right}",
    )


def _periods(bench: Workbench) -> list[str]:
    calendar: Table[Any] = bench.company.calendar
    return engine.collected(calendar).sort("start_date")["period"].to_list()


def _rows(table: Table[Any]) -> int:
    return engine.collected(table.select(nw.len())).item()
