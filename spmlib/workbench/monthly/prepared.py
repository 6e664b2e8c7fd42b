"""Prepared: what a month's run is to do, with every parameter read before anything starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.ledger import Ledger
from spmlib.core.months import MONTH
from spmlib.workbench import audits, closes, deliveries, runs, statements
from spmlib.workbench.monthly import written
from spmlib.workbench.monthly.written import Policy
from spmlib.workbench.opened import Workbench, opened
from spmlib.workbench.post.addresses import folded
from spmlib.workbench.post.written import Mail
from spmlib.workbench.project import Project
from spmlib.workbench.runs import Run

LAST = "last"
FILE = Path("policies/monthly.yaml")
STATEMENTS = Path("policies/statements.yaml")


@dataclass(frozen=True)
class Prepared:
    """A month's run, ready to start."""

    here: Project
    bench: Workbench
    book: Ledger
    run: Run
    policy: Policy
    mail: Mail | None  # if a summary is sent
    close: bool
    jobs: int

    @property
    def period(self) -> str:
        """The month."""
        return self.run.period

    @property
    def folder(self) -> Path:
        """Where its results go."""
        return self.here.results / self.period

    def has(self, file: Path | str) -> bool:
        """Whether the company's parameters have a file."""
        return (self.bench.folder / file).exists()


def prepared(
    here: Project, period: str, day: date, run: str = "", close: bool = False, jobs: int = 0
) -> Prepared:
    """A month's run, ready to start.

    Args:
        here: where things are.
        period: the month, or ``last``: the last one that is over on the day.
        day: the day.
        run: the file of ``parameters/runs`` whose notebooks are taken; if empty, that of the month
            or, where it has none, the latest.
        close: whether the month is to be closed.
        jobs: notebooks at a time; 0: one for each processor.

    Raises:
        ParameterError: a parameter is wrong, or the month is none of the calendar's.
        LedgerError: it is to be closed, and another month comes first.
    """
    bench = opened(here.parameters)
    month = last_over(bench, day) if period == LAST else _month(bench, period)
    path = runs.named(here.runs, run) if run else here.runs / f"{month}.yaml"
    chosen = runs.read(path if path.exists() else runs.latest(here.runs), here.notebooks, month)
    policy, book = written.read(bench.folder / FILE), closes.kept(bench)
    made = Prepared(here, bench, book, chosen, policy, _mail(bench, policy), close, jobs)
    if made.has(STATEMENTS):
        statements.policy(bench)
    if close:
        recorded = book.closes()
        if made.has(audits.FILE):
            audits.policy(bench)
        if month not in {one.period for one in recorded}:
            closes.refuse_order(bench, recorded, month)
    return made


def last_over(bench: Workbench, day: date) -> str:
    """The last period of the company's calendar that is over on a day.

    Raises:
        ParameterError: none is.
    """
    import polars as pl

    calendar = engine.collected(bench.company.calendar).sort("start_date")
    over = calendar.filter(pl.col("end_date") <= day)["period"].to_list()
    if not over:
        raise ParameterError(
            f"--period last: no period of the calendar is over on {day}; name one, such as 2026-10."
        )
    return str(over[-1])


def _month(bench: Workbench, period: str) -> str:
    if not MONTH.fullmatch(period):
        raise ParameterError(f"--period: '{period}' is not a month; write 2026-10, or last.")
    bench.refuse_period(period)
    return period


def _mail(bench: Workbench, policy: Policy) -> Mail | None:
    """How the summary goes, if it does."""
    if not policy.to:
        return None
    mail = deliveries.mail(bench)
    if not mail.send:
        wrong = "monthly.yaml: a summary is to be sent, and mail.yaml says `send: no`"
        raise ParameterError(f"{wrong}; write `send: yes` there, or `send: no` here.")
    for address in policy.to:
        if mail.domains and folded(address).rpartition("@")[2] not in mail.domains:
            wrong = f"monthly.yaml: '{address}' is not of {', '.join(mail.domains)}"
            raise ParameterError(f"{wrong}; correct it, or add its domain to mail.yaml.")
    return mail
