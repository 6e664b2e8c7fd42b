"""The command of the pay audit: ``spm audit PERIOD``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from spmlib.workbench.consoles import opened_here, refusals, says

if TYPE_CHECKING:
    from spmlib.incent.audit.audits import Audit


def audit(
    period: Annotated[str, typer.Argument(help="Whose pay is about to leave: 2026-10.")],
    to: Annotated[Path | None, typer.Option(help="A CSV file for all findings.")] = None,
    currency: Annotated[
        str, typer.Option(help="To read amounts in; the one most booked in if empty.")
    ] = "",
    most: Annotated[int, typer.Option(help="Findings to print.", min=1)] = 20,
) -> None:
    """Look a month's pay through before it leaves; exit code 1 if a finding stops it."""
    from spmlib.core.errors import ParameterError
    from spmlib.workbench import audits

    with refusals():
        if to is not None and to.suffix != ".csv":
            raise ParameterError(f"--to {to}: this is no CSV file; write {to.stem}.csv.")
        made = audits.audit(opened_here(), period, currency)
        written = audits.write(made, to) if to is not None else None
    says.print(_shown(made, most))
    for text in _told(made, most):
        says.print(escape(text))
    if written is not None:
        says.print(escape(f"Written: {written}"))
    raise typer.Exit(min(made.stops.height, 1))


def _shown(made: Audit, most: int) -> Table:
    """The gravest findings."""
    shown = Table("finding", "person", box=None, pad_edge=False)
    shown.add_column(f"at stake [{made.currency}]", justify="right")
    shown.add_column("sure", justify="right")
    shown.add_column("evidence", overflow="fold")
    for row in made.findings.head(most).iter_rows(named=True):
        amount, sure = f"{row['amount'] / 10_000:,.2f}", f"{row['score']:.0%}"
        words = (row["finding_id"], row["payee_id"] or "", amount, sure, row["evidence"])
        shown.add_row(*(escape(word) for word in words))
    return shown


def _told(made: Audit, most: int) -> list[str]:
    """What the findings come to."""
    count, more = made.findings.height, made.findings.height - most
    told = [f"and {more} more; --to FILE.csv writes them all"] if more > 0 else []
    if count == 0:
        told += [f"{made.period}: no findings."]
    else:
        stake = f"{made.at_stake / 10_000:,.2f} {made.currency}"
        told += [f"{made.period}: {count} findings, {stake} at stake."]
    if made.reviewed.height:
        told += [f"{made.reviewed.height} more were looked at before."]
    if made.stops.height:
        least, sure = made.policy.stop
        limit = f"{least / 10_000:,.0f} {made.currency} or more and {sure:.0%} sure or more"
        told += [f"{made.stops.height} of them stop the pay: {limit}."]
    return told
