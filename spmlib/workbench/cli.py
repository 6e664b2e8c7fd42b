"""The command line: ``spm report | check | explain | test | notebooks``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from spmlib.core.errors import SpmError
from spmlib.workbench import project

if TYPE_CHECKING:
    import pandas as pd

    from spmlib.workbench.execution import Outcome
    from spmlib.workbench.opened import Workbench
    from spmlib.workbench.runs import Run

app = typer.Typer(
    help="Sales performance management: plan, pay and explain every cent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
says = Console(highlight=False, soft_wrap=True)
complains = Console(stderr=True, highlight=False, soft_wrap=True)
Jobs = Annotated[int, typer.Option(help="Notebooks at a time; 0: one for each processor.", min=0)]


@app.command()
def report(
    run: Annotated[
        str, typer.Argument(help="A file of parameters/runs; the latest if empty.")
    ] = "",
    jobs: Jobs = 0,
) -> None:
    """Make a month's reports, as pages to open in a browser."""
    from spmlib.workbench import runs
    from spmlib.workbench.opened import opened

    with _refusals():
        here = project.found()
        path = runs.named(here.runs, run) if run else runs.latest(here.runs)
        chosen, bench = runs.read(path, here.notebooks), opened(here.parameters)
        bench.refuse_period(chosen.period)
        bench.results  # noqa: B018  what cannot be computed is refused before anything is written
        made = _made(here, chosen, bench, jobs)
    raise typer.Exit(made)


@app.command()
def check() -> None:
    """Read a company's data and print everything that is wrong with it, each with its remedy."""
    from spmlib.workbench.opened import opened

    with _refusals():
        bench = opened(project.found().parameters)
        issues, reads = bench.issues, bench.pandas("reads")
    says.print(_read(reads))
    for issue in issues.itertuples():
        says.print(escape(f"{issue.effect}: {issue.place}: {issue.what}; {issue.remedy}"))
    rows = issues[issues["effect"] == "refused"].drop_duplicates(["table", "place", "row"])
    refused = len(rows)
    says.print(f"{len(issues)} issues; {refused} rows refused" if len(issues) else "No issues.")
    raise typer.Exit(min(refused, 1))


def _read(reads: pd.DataFrame) -> Table:
    """How many rows came in, and what became of them."""
    shown = Table("table", "place", box=None, pad_edge=False)
    for column in ("rows in", "used", "refused", "left out"):
        shown.add_column(column, justify="right")
    for row in reads.itertuples():
        counts = (row.rows_in, row.rows_used, row.rows_refused, row.rows_left_out)
        shown.add_row(escape(row.table), escape(row.place), *(f"{count:,}" for count in counts))
    return shown


@app.command()
def explain(
    payee: Annotated[str, typer.Argument(help="Whose pay: a payee_id.")],
    period: Annotated[str, typer.Argument(help="Which month: 2026-10.")],
) -> None:
    """Print a payee's receipt: every cent, down to transactions and lines of the plan."""
    from spmlib.workbench.opened import opened

    with _refusals():
        receipts = opened(project.found().parameters).receipts(payee, period)
    for receipt in receipts:
        says.print(escape(str(receipt)))
    if not receipts:
        says.print(f"Nothing was earned by {payee} in {period}.")


@app.command("test")
def run_tests(
    everything: Annotated[bool, typer.Option("--all", help="The slow ones too.")] = False,
) -> None:
    """Run all tests: style, types, notebooks, worked cases, everything."""
    chosen = ["-m", ""] if everything else []
    command = [sys.executable, "-m", "pytest", "--quiet", "--numprocesses=auto", *chosen]
    raise typer.Exit(subprocess.call(command, cwd=project.found().root))


@app.command()
def notebooks(jobs: Jobs = 0) -> None:
    """Execute the committed notebooks again and store their outputs in them."""
    from spmlib.workbench import execution

    with _refusals():
        paths = sorted(project.found().notebooks.glob("[!_]*.ipynb"))
    with _progress(len(paths)) as told:
        outcomes = execution.refresh(paths, 600, told, jobs)
    raise typer.Exit(int(any(outcome.failure for outcome in outcomes)))


def _made(here: project.Project, run: Run, bench: Workbench, jobs: int) -> int:
    """Make a run's reports, its tables and its index; gives the exit code."""
    from spmlib.workbench import execution, exports, manifest, site

    began, folder = datetime.now(UTC), here.results / run.period
    with _progress(len(run.reports)) as told:
        outcomes = execution.execute(run, folder, site.moment(began.isoformat()), told, jobs)
    exports.write(bench, run.period, folder / "tables")
    record = manifest.record(run, began, outcomes)
    manifest.write(manifest.dumped(record), folder / manifest.NAME)
    manifest.write(site.index(folder, record), folder / "index.html")
    says.print(f"Open {(folder / 'index.html').resolve().as_uri()}")
    return int(record["status"] == "failed")


@contextmanager
def _refusals() -> Iterator[None]:
    """What the user can mend is a line, not a traceback."""
    try:
        yield
    except SpmError as error:
        complains.print(escape(str(error)), style="red")
        raise typer.Exit(2) from None


@contextmanager
def _progress(count: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar while notebooks run, on a terminal only; a failure is said everywhere."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("Notebooks"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=complains, transient=True, disable=not complains.is_terminal
    ) as bar:
        task = bar.add_task("notebooks", total=count)

        def told(outcome: Outcome) -> None:
            bar.advance(task)
            _line(outcome)

        yield told


def _line(outcome: Outcome) -> None:
    if outcome.failure:
        complains.print(escape(f"FAILED  {outcome.name}, {outcome.failure}"), style="red")
    elif complains.is_terminal:
        complains.print(escape(f"done    {outcome.name}  {outcome.seconds:.1f} s"))
