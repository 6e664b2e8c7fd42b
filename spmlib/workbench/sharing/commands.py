"""Sharing commands: ``spm share``, a month's pages for those who may see them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from spmlib.workbench import project
from spmlib.workbench.consoles import complains, refusals, says

if TYPE_CHECKING:
    from spmlib.workbench.sharing.readers import Reader


def share(
    period: Annotated[str, typer.Argument(help="Which month: 2026-10.")],
    group: Annotated[
        str, typer.Option("--for", help="For whom: everyone, managers or finance.")
    ] = "",
    person: Annotated[str, typer.Option(help="For one person: a payee_id.")] = "",
    to: Annotated[
        Path | None, typer.Option(help="A folder; results/<period>/shared/<reader> if empty.")
    ] = None,
) -> None:
    """Copy the pages of a month that a reader may see into a folder, with an index of just these.

    Who may see which page is written in parameters/policies/shared.yaml; finance alone sees a page
    of which nothing is written there.
    """
    from spmlib.workbench.sharing import folders, readers

    with refusals():
        here, reader = project.found(), readers.reader(group, person)
        names = [path.stem for path in here.notebooks.glob("[!_]*.ipynb")]
        policy = readers.read(here.parameters / readers.FILE, names)
        results = here.results / _month(period)
        made = folders.share(results, policy, reader, (to or _usual(results, reader)).resolve())
    for name in made.unsaid:
        complains.print(escape(f"{name}: {readers.FILE} does not name it: for finance only"))
    for name in made.unmade:
        complains.print(escape(f"{name}: not shared, its report could not be made"), style="red")
    says.print(f"{len(made.pages)} pages for {reader}: {made.folder / 'index.html'}", markup=False)


def _month(written: str) -> str:
    from spmlib.core.errors import ParameterError
    from spmlib.core.months import MONTH

    if not MONTH.fullmatch(written):
        raise ParameterError(f"period: '{written}' is not a month; write it as 2026-10.")
    return written


def _usual(results: Path, reader: Reader) -> Path:
    """Where a share goes if nobody says; no person's folder can be taken for a group's."""
    from spmlib.core.documents import safe_name

    shared = results / "shared"
    return (
        shared / "people" / safe_name(reader.payee_id) if reader.payee_id else shared / reader.group
    )
