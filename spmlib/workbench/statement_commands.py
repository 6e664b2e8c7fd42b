"""Commands of what people receive: ``spm statements | letters | plans``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spmlib.workbench import project
from spmlib.workbench.consoles import opened_here, progress, refusals, says

app = typer.Typer()


@app.command()
def statements(
    period: Annotated[str, typer.Argument(help="Which month: 2026-10.")],
    payee: Annotated[str, typer.Option(help="This person's only: a payee_id.")] = "",
    kind: Annotated[str, typer.Option("--format", help="html, pdf, or both if empty.")] = "",
    to: Annotated[
        Path | None, typer.Option(help="A folder; results/<period>/statements if empty.")
    ] = None,
) -> None:
    """Write everybody's pay statement of a month: a page and a PDF, in a folder for each person."""
    from spmlib.core.errors import ParameterError
    from spmlib.workbench import statements as made

    with refusals():
        if kind and kind not in made.FORMATS:
            raise ParameterError(f"--format: '{kind}' is none; write html or pdf.")
        bench = opened_here()
        folder = to or project.found().results / period / "statements"
        formats = (kind,) if kind else tuple(made.FORMATS)
        told = made.documents(bench, period, formats, payee or None)
        count = sum(1 for _ in progress(made.write(folder, told), "Statements"))
    says.print(f"{count} files in {folder}")


@app.command()
def letters(
    period: Annotated[str, typer.Argument(help="Which month's changes: 2026-01.")],
    kind: Annotated[str, typer.Option("--format", help="html, pdf, or both if empty.")] = "",
    to: Annotated[
        Path | None, typer.Option(help="A folder; results/<period>/letters if empty.")
    ] = None,
) -> None:
    """Write the letters of a month's changes: plan, quota, territory, manager."""
    from spmlib.core.errors import ParameterError
    from spmlib.workbench import letters as made
    from spmlib.workbench import statements as written

    with refusals():
        if kind and kind not in made.FORMATS:
            raise ParameterError(f"--format: '{kind}' is none; write html or pdf.")
        bench = opened_here()
        folder = to or project.found().results / period / "letters"
        told = made.documents(bench, period, (kind,) if kind else tuple(made.FORMATS))
        count = sum(1 for _ in progress(written.write(folder, told), "Letters"))
    says.print(f"{count} files in {folder}")


@app.command("plans")
def plan_documents(
    period: Annotated[str, typer.Argument(help="As they hold at the end of: 2026-10.")],
    kind: Annotated[str, typer.Option("--format", help="html, pdf, or both if empty.")] = "",
    to: Annotated[
        Path | None, typer.Option(help="A folder; results/<period>/plans if empty.")
    ] = None,
) -> None:
    """Write everybody's plan in words, tables, worked examples and their own goals."""
    from spmlib.core.errors import ParameterError
    from spmlib.workbench import plan_documents as made
    from spmlib.workbench import statements as written

    with refusals():
        if kind and kind not in made.FORMATS:
            raise ParameterError(f"--format: '{kind}' is none; write html or pdf.")
        bench = opened_here()
        folder = to or project.found().results / period / "plans"
        told = made.documents(bench, period, (kind,) if kind else tuple(made.FORMATS))
        count = sum(1 for _ in progress(written.write(folder, told), "Plans"))
    says.print(f"{count} files in {folder}")
