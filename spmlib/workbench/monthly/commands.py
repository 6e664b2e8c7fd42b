"""The command that a schedule starts: ``spm monthly --period 2026-10``."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spmlib.workbench import project
from spmlib.workbench.consoles import refusals

if TYPE_CHECKING:
    from spmlib.workbench.monthly.prepared import Prepared
    from spmlib.workbench.monthly.steps import Steps

WELL, LOOK, BUSY = 0, 1, 75  # 2: a parameter is wrong; 75 is EX_TEMPFAIL of sysexits.h
LOCK, LOG = ".monthly.lock", "monthly.log"


def monthly(
    period: Annotated[
        str, typer.Option(help="Which month: 2026-10, or last: the last one that is over.")
    ],
    run: Annotated[
        str, typer.Option(help="A file of parameters/runs; the month's own, or the latest.")
    ] = "",
    close: Annotated[
        bool, typer.Option("--close", help="Close the month, if all is well.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also what is done and rests on the same.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(help="Notebooks at a time; 0: one for each processor.", min=0)
    ] = 0,
    day: Annotated[
        str, typer.Option(help="For last, as on this day: 2026-11-01; today if empty.")
    ] = "",
) -> None:
    """All of a month: check, close (if told), reports, tables, statements, site, summary by mail.

    What is done and rests on the same data, parameters and code is left alone. Exit codes: 0 all
    is well; 1 a report failed or data were refused; 2 a parameter is wrong and nothing was started;
    75 another one is running.
    """
    from spmlib.workbench import closes
    from spmlib.workbench.monthly import fingerprints, locks, month, prepared
    from spmlib.workbench.monthly.logs import Log
    from spmlib.workbench.monthly.steps import Steps

    with refusals():
        here = project.found()
        ready = prepared.prepared(here, period, _day(day), run, close, jobs)
        lock = here.results / LOCK
        try:
            with locks.held(lock, f"month {ready.period}", closes.now()) as before:
                log = Log(ready.folder / LOG, lambda line: typer.echo(line, err=True), closes.now)
                steps, company = Steps(ready.folder, log, again), fingerprints.company(ready.bench)
                month.refuse_parameters(ready, steps, company)
                ready.folder.mkdir(parents=True, exist_ok=True)
                log.write("begin", 0.0, "done", _began(ready))
                if before:
                    log.write("lock", 0.0, "done", _taken_over(before))
                started = time.perf_counter()
                well = month.made(ready, steps, company)
                seconds = time.perf_counter() - started
                log.write("end", seconds, "done" if well else "failed", _look(steps))
        except locks.Held as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(BUSY) from None
    raise typer.Exit(WELL if well else LOOK)


def _began(ready: Prepared) -> str:
    """Who does what, with which notebooks."""
    own = ready.run.name == ready.period
    whose = "" if own else f", with the notebooks of run {ready.run.name}"
    return f"{ready.period} by process {os.getpid()}{whose}"


def _look(steps: Steps) -> str:
    """The steps that somebody has to look at."""
    names = [name for name, ended in steps.ended.items() if not ended.well]
    return f"look at {', '.join(names)}" if names else "all is well"


def _taken_over(before: Mapping[str, Any]) -> str:
    who = f"process {before.get('process')} on {before.get('machine')}"
    return f"taken over: {who} ended in the middle of {before.get('what')}"


def _day(written: str) -> date:
    """A day as written; else this machine's own, as its scheduler goes by it."""
    from spmlib.core.parameters import day
    from spmlib.core.written import word

    return day(word(written, "--day")) if written else datetime.now().astimezone().date()
