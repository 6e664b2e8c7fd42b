"""Printed plans: scenarios side by side, their decisions and approvals, as tables and lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from spmlib.workbench.approvals import Approval

FORMS = {"currency": ",.0f", "share": ".1%", "people": ",.1f", "accounts": ",.0f", "ratio": ".3f"}


def measures(table: pd.DataFrame, one: str, other: str) -> Table:
    """What two scenarios come to, and what lies between them."""
    shown = Table("", box=None, pad_edge=False)
    for name in (one, other, "difference", "8 of 10 cases"):
        shown.add_column(escape(name), justify="right")
    for row in table.itertuples():
        values = [_said(value, row.unit) for value in (row.one, row.other)]
        between = [_said(value, row.unit, "+") for value in (row.low_80, row.high_80)]
        cases = " to ".join(between) if all(between) else ""
        shown.add_row(row.measure, *values, _said(row.difference, row.unit, "+"), cases)
    return shown


def decisions(differ: pd.DataFrame) -> Iterator[str]:
    """The words that two scenarios say differently: both values, and who decided the second."""
    yield ""
    yield "Written differently:" if len(differ) else "Nothing is written differently."
    for row in differ.itertuples():
        values = [word if isinstance(word, str) else "(nothing)" for word in (row.was, row.value)]
        yield f"    {row.file} {row.word}: {' -> '.join(values)}"
        if isinstance(row.author, str):
            yield f"        {row.author}, {row.decided_date}, {row.place}: {row.reason}"
    yield ""


def people(table: pd.DataFrame, one: str, other: str, most: int) -> Table:
    """Whose quota differs most."""
    shown = Table("payee", "name", box=None, pad_edge=False)
    for name in (one, other, "difference"):
        shown.add_column(escape(name), justify="right")
    for row in table[table["difference"] != 0].head(most).itertuples():
        amounts = (f"{row.one:,.0f}", f"{row.other:,.0f}", f"{row.difference:+,.0f}")
        shown.add_row(escape(row.payee_id), escape(row.name), *amounts)
    return shown


def approvals(made: Sequence[Approval], missing: Sequence[str]) -> Iterator[str]:
    """Who approved a scenario, whether that holds, and who still has to."""
    for one in made:
        state = f"void, as {one.void}" if one.void else "holds"
        yield f"{one.by}, {one.when}: {one.reason} ({state})"
    if missing:
        yield f"Still to approve: {', '.join(missing)}."


def _said(value: float, unit: str, sign: str = "") -> str:
    return "" if pd.isna(value) else format(value, f"{sign}{FORMS[unit]}")
