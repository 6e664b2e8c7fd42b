"""Command of the start: ``spm lab``."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from spmlib.workbench import project
from spmlib.workbench.consoles import complains, refusals


def lab(
    others: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="JUPYTERLAB_OPTIONS",
            help="Passed on: --no-browser, --port=9001, --allow-root ...",
        ),
    ] = None,
    print_: Annotated[bool, typer.Option("--print", help="Print the command only.")] = False,
) -> None:
    """Open JupyterLab on the first notebook: what you want to know, and where it is answered."""
    from spmlib.workbench.start import lab as jupyter

    with refusals():
        here = project.found()
        told = [*jupyter.arguments(here), *(others or ())]
        if print_:
            typer.echo(shlex.join(["jupyter", "lab", *told]))
            return
        if copied := jupyter.provide(here):
            complains.print(f"{copied} notebooks copied to notebooks/, without outputs.")
    jupyter.start(told)
