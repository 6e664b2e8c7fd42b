"""The command line: ``spm report | check | explain | audit | close | statements | plan ...``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from spmlib.workbench import (
    audit_commands,
    delivery_commands,
    dispute_commands,
    gaming_commands,
    plan_commands,
    printed,
    project,
    statement_commands,
)
from spmlib.workbench.consoles import complains, opened_here, refusals, says
from spmlib.workbench.field import commands as field_commands
from spmlib.workbench.monthly import commands as monthly_commands
from spmlib.workbench.sharing import commands as sharing_commands
from spmlib.workbench.start import commands as start_commands

if TYPE_CHECKING:
    from spmlib.workbench.execution import Outcome
    from spmlib.workbench.opened import Workbench
    from spmlib.workbench.runs import Run

app = typer.Typer(
    help="Sales performance management: plan, pay and explain every cent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(plan_commands.app, name="plan")
app.command()(audit_commands.audit)
app.add_typer(statement_commands.app)
app.add_typer(delivery_commands.app)
app.add_typer(dispute_commands.app, name="dispute")
app.command("gaming")(gaming_commands.gaming)
app.command("field")(field_commands.field)
app.command("lab", context_settings={"ignore_unknown_options": True})(start_commands.lab)
app.command("monthly")(monthly_commands.monthly)
app.command("share")(sharing_commands.share)
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

    with refusals():
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
    from spmlib.show import words
    from spmlib.workbench.opened import opened

    with refusals():
        bench = opened(project.found().parameters)
        issues, reads = bench.issues, bench.pandas("reads")
    says.print(printed.reading(reads))
    for issue in issues.itertuples():
        says.print(escape(f"{issue.effect}: {issue.place}: {issue.what}; {issue.remedy}"))
    rows = issues[issues["effect"] == "refused"].drop_duplicates(["table", "place", "row"])
    refused = len(rows)
    counted = f"{words.counted(len(issues), 'issue')}; {words.counted(refused, 'row')} refused"
    says.print(counted if len(issues) else "No issues.")
    raise typer.Exit(min(refused, 1))


@app.command()
def explain(
    payee: Annotated[str, typer.Argument(help="Whose pay: a payee_id.")],
    period: Annotated[str, typer.Argument(help="Which month: 2026-10.")],
) -> None:
    """Print a payee's receipt: every cent, down to transactions and lines of the plan."""
    from spmlib.workbench.opened import opened

    with refusals():
        receipts = opened(project.found().parameters).receipts(payee, period)
    for receipt in receipts:
        says.print(escape(str(receipt)))
    if not receipts:
        says.print(f"Nothing was earned by {payee} in {period}.")


@app.command()
def preview(period: Annotated[str, typer.Argument(help="Which month: 2026-10.")]) -> None:
    """Compute a month as it would be closed now: what is paid, and what corrects closed months."""
    from spmlib.workbench import closes

    with refusals():
        bench = opened_here()
        month = closes.preview(bench, closes.kept(bench), period)
    says.print(printed.closing(month))


@app.command()
def close(period: Annotated[str, typer.Argument(help="Which month: 2026-10.")]) -> None:
    """Close a month: pay the difference to what is on record, and record it for good."""
    from spmlib.workbench import closes

    with refusals():
        bench = opened_here()
        book = closes.kept(bench)
        month = closes.preview(bench, book, period)
        made = closes.close(bench, book, month)
    says.print(printed.closing(month))
    says.print(f"Closed {made.period} as number {made.number}, at {made.closed}.")


@app.command()
def known(
    period: Annotated[str, typer.Argument(help="Whose earnings: 2026-03.")],
    as_of: Annotated[str, typer.Option(help="When this month was closed: 2026-05.")],
) -> None:
    """Print what was known of a month's earnings when another month was closed."""
    from spmlib.workbench import closes

    with refusals():
        bench = opened_here()
        rows = closes.known(closes.kept(bench), period, as_of)
    says.print(printed.sums(rows, f"{period}, as known when {as_of} was closed"))


@app.command()
def diff(
    one: Annotated[
        str, typer.Argument(help="A closed month, preview, now, or parameters' folder.")
    ],
    other: Annotated[str, typer.Argument(help="Likewise.")],
    period: Annotated[str, typer.Option(help="Of what is not closed: 2026-10.")] = "",
    most: Annotated[int, typer.Option(help="People to print.", min=1)] = 20,
    to: Annotated[
        Path | None, typer.Option(help="A folder for people.csv and lines.csv, everybody in them.")
    ] = None,
) -> None:
    """Compare two closes, previews or parameter sets: who, by how much, and because of what."""
    from spmlib.workbench import closes, differences, exports

    with refusals():
        bench = opened_here()
        book = closes.kept(bench)
        sides = [differences.side(bench, book, word, period) for word in (one, other)]
        found = differences.difference(*sides)
    written = exports.write_tables(differences.frames(found), to) if to is not None else []
    for text in printed.told(found, one, other, most):
        says.print(escape(text))
    for path in written:
        says.print(escape(f"Written: {path}"))


@app.command()
def journal(
    ledger: Annotated[str, typer.Argument(help="Which one: accruals.")],
    period: Annotated[str, typer.Argument(help="Which month: 2026-10.")],
    to: Annotated[
        Path | None, typer.Option(help="A folder; results/<month>/journals if not given.")
    ] = None,
) -> None:
    """Write a month's entries for the general ledger as CSV, with the rows behind them."""
    from spmlib.workbench import journals

    with refusals():
        folder = to or project.found().results / period / "journals"
        written = journals.write(opened_here(), ledger, period, folder)
    for path in written:
        says.print(escape(f"Written: {path}"))


@app.command("test")
def run_tests(
    everything: Annotated[bool, typer.Option("--all", help="The slow ones too.")] = False,
) -> None:
    """Run all tests: style, types, notebooks, worked cases, everything."""
    chosen = ["-m", ""] if everything else []
    command = [sys.executable, "-m", "pytest", "--quiet", "--numprocesses=auto", *chosen]
    asked = {"SPMLIB_NIGHTLY": "1"} if everything else {}
    raise typer.Exit(subprocess.call(command, cwd=project.found().root, env=os.environ | asked))


@app.command()
def notebooks(jobs: Jobs = 0) -> None:
    """Execute the committed notebooks again and store their outputs in them."""
    from spmlib.workbench import execution

    with refusals():
        paths = sorted(project.found().notebooks.glob("[!_]*.ipynb"))
    with _progress(len(paths)) as told:
        outcomes = execution.refresh(paths, 600, told, jobs)
    raise typer.Exit(int(any(outcome.failure for outcome in outcomes)))


def _made(here: project.Project, run: Run, bench: Workbench, jobs: int) -> int:
    """Make a run's reports, its tables and its index; gives the exit code."""
    from spmlib.workbench import execution, exports, manifest, months, site

    began, folder = datetime.now(UTC), here.results / run.period
    with _progress(len(run.reports)) as told:
        outcomes = execution.execute(run, folder, site.moment(began.isoformat()), told, jobs)
    exports.write(bench, run.period, folder / "tables")
    record = manifest.record(run, began, outcomes)
    manifest.write(manifest.dumped(record), folder / manifest.NAME)
    manifest.write(site.index(folder, record), folder / "index.html")
    months.write(here.results)
    says.print(f"Open {(folder / 'index.html').resolve().as_uri()}")
    return int(record["status"] == "failed")


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
