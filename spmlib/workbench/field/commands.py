"""Visibility commands: ``spm field``, what each seller, manager and executive sees of a month."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spmlib.workbench import project
from spmlib.workbench.consoles import opened_here, progress, refusals, says


def field(
    period: Annotated[str, typer.Argument(help="Which month: 2026-10; the latest if empty.")] = "",
    payee: Annotated[str, typer.Option(help="This person's only: a payee_id.")] = "",
    to: Annotated[
        Path | None, typer.Option(help="A folder; results/<period>/field if empty.")
    ] = None,
) -> None:
    """Write everybody's page of where they stand: themselves, their team, their region."""
    from spmlib.core.errors import ParameterError
    from spmlib.workbench import statements
    from spmlib.workbench.field import pages

    with refusals():
        bench = opened_here()
        month = period or bench.through
        if month is None:
            raise ParameterError("period: nothing is booked; write the month to look at.")
        folder = to or project.found().results / month / "field"
        made = pages.documents(bench, month, payee or None)
        paths = list(progress(statements.write(folder, made), "Pages"))
        if not payee:
            paths.append(pages.write_index(bench, month, folder))
    says.print(f"{len(paths)} files in {folder}")
