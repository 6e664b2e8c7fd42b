"""`spm close` killed at any instant of its run; two at once; and readers while one is at work.

The command is a process of its own, as a scheduler starts it, in a ledger that has a close already.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from spmlib.core.ledger import Close
from spmlib.workbench import closes
from spmlib.workbench.cli import app
from spmlib.workbench.opened import opened
from tests.workbench.test_closes import BOOKED, Company

SPM = [sys.executable, "-c", "from spmlib.workbench.cli import app; app()"]
BEFORE, AFTER = ["2026-01"], ["2026-01", "2026-02"]
SPREAD = 8  # instants over the whole run
WRITTEN = 10  # tables of a close: killed once so many of them are there
Tables = dict[str, pl.DataFrame]


class Books:
    """A company with one month closed, and news since; copied for each close that is tried."""

    def __init__(self, root: Path) -> None:
        self.root = root
        company = Company(root / "company")
        company.closes("2026-01")
        company.knows(BOOKED | {"T1": "2026-01-10,Ann,1500", "T9": "2026-01-11,Ben,77"})
        self.undisturbed = self.copy("undisturbed")
        began = time.monotonic()
        assert ended(closing(self.undisturbed)) == (0, "")
        self.seconds = time.monotonic() - began
        self.expected = tables(self.undisturbed)

    def copy(self, name: str) -> Path:
        return Path(shutil.copytree(self.root / "company", self.root / name))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    return Books(tmp_path_factory.mktemp("books"))


def test_killed_at_any_instant_of_its_run_the_ledger_is_as_before_or_as_after(books: Books):
    seen = [killed(books, f"at {n}", after(books, n / SPREAD)) for n in range(SPREAD)]
    assert seen[0] == BEFORE  # at the first instant there is not even an interpreter


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(n, marks=[] if n in (1, 5, WRITTEN) else [pytest.mark.nightly])
        for n in range(1, WRITTEN + 1)
    ],
)
def test_killed_while_it_writes_its_tables(books: Books, count: int):
    killed(books, f"with {count} tables", lambda at: len(fresh(at)) >= count)


def test_killed_while_it_writes_its_manifest(books: Books):
    def manifest_begun(at: Path) -> bool:
        return len(list((at / "ledger/closes").iterdir())) > 1

    killed(books, "manifest begun", manifest_begun)


def test_killed_once_its_manifest_is_there_the_month_is_closed(books: Books):
    made = killed(books, "manifest there", lambda at: (at / "ledger/closes/0002.json").exists())
    assert made == AFTER


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_killed_at_many_more_instants(books: Books):
    instants = [n / 200 * 1.1 for n in range(200)]
    seen = [killed(books, f"nightly {n}", after(books, at)) for n, at in enumerate(instants)]
    assert seen[0] == BEFORE


def test_of_two_processes_one_closes_and_the_other_is_told(books: Books):
    """The first is stopped while it writes, so that the second overtakes it."""
    at, first = stopped(books, "two")
    assert ended(closing(at)) == (0, "")
    first.send_signal(signal.SIGCONT)
    code, words = ended(first)
    assert code == 2
    assert "0002.json: close 2 was written by somebody else at" in words
    assert "(it is of 2026-02), then close again if that is still right." in words
    assert len(words.splitlines()) == 1  # no traceback
    assert_as_undisturbed(books, at)


def test_of_two_processes_started_together_one_closes(books: Books):
    at = books.copy("together")
    both = [closing(at) for _ in range(2)]
    won, (code, told) = sorted(ended(process) for process in both)
    assert (won, code) == ((0, ""), 2)
    assert "close 2 was written by somebody else" in told or "2026-02 was closed on" in told
    assert_as_undisturbed(books, at)


def test_who_reads_during_a_close_never_fails_and_sees_all_or_nothing_of_it(books: Books):
    at = books.copy("read")
    process, seen = closing(at), []
    while process.poll() is None:
        seen.append(read(at))
    seen.append(read(at))
    assert ended(process) == (0, "")
    before = list(takewhile(BEFORE.__eq__, seen))
    assert before and seen[len(before) :] == [AFTER] * (len(seen) - len(before))


def test_who_reads_while_a_close_stands_still_does_not_wait(books: Books):
    at, process = stopped(books, "still")
    try:
        assert read(at) == BEFORE
        assert closes.known(closes.kept(opened(at / "parameters")), "2026-01", "2026-01").height
    finally:
        process.send_signal(signal.SIGCONT)
    assert ended(process) == (0, "")
    assert read(at) == AFTER


def closing(at: Path) -> subprocess.Popen[str]:
    """`spm close 2026-02`, begun."""
    pipe = subprocess.PIPE
    return subprocess.Popen([*SPM, "close", "2026-02"], cwd=at, stdout=pipe, stderr=pipe, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """How a process ended, once it has: its exit code, and what it complained of."""
    _, words = process.communicate()
    return process.returncode, words


def after(books: Books, part: float) -> Callable[[Path], bool]:
    """Whether a part of the time that an undisturbed close takes is over."""
    until = time.monotonic() + books.seconds * part
    return lambda _: time.monotonic() >= until


def wait(process: subprocess.Popen[str], met: Callable[[], bool]) -> None:
    """Look again and again until something is met, or the process has ended."""
    while not met() and process.poll() is None:
        time.sleep(0.0005)


def stopped(books: Books, name: str) -> tuple[Path, subprocess.Popen[str]]:
    """A close that stands still after it has written a table, and before its manifest."""
    for attempt in range(50):
        at = books.copy(f"{name} {attempt}")
        process = closing(at)
        wait(process, lambda at=at: bool(fresh(at)))
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if read(at) == BEFORE:
            return at, process
        process.send_signal(signal.SIGCONT)
        ended(process)
    pytest.fail("no close could be stopped before its end")


def killed(books: Books, name: str, met: Callable[[Path], bool]) -> list[str]:
    """The periods closed after a kill; what stands is whole, and can be closed to the end."""
    at = books.copy(name)
    process = closing(at)
    wait(process, lambda: met(at))
    process.kill()  # SIGKILL, or nothing if it has ended by itself
    assert ended(process)[0] in (-signal.SIGKILL, 0)
    periods = read(at)
    assert periods in (BEFORE, AFTER)
    if periods == AFTER:
        assert_as_undisturbed(books, at)
    with contextlib.chdir(at):
        again = CliRunner().invoke(app, ["close", "2026-02"])
    assert again.exit_code == (2 if periods == AFTER else 0), again.output
    assert (periods == AFTER) == ("2026-02 was closed on" in again.stderr)
    assert_as_undisturbed(books, at)
    return periods


def fresh(at: Path) -> list[Path]:
    """The tables of the close that is being written, those of a close killed before included."""
    return list((at / "ledger/tables").glob("0002-*/*.parquet"))


def read(at: Path) -> list[str]:
    """The closed periods; that their hashes hold is a part of reading, so is each table's."""
    book = closes.kept(opened(at / "parameters"))
    found = book.closes()
    for made in found:
        assert all(len(book.table(made, n)) == made.tables[n]["rows"] for n in made.tables)
    return [made.period for made in found]


def tables(at: Path) -> list[Tables]:
    """The tables of each close of a ledger, whatever the order of their rows."""
    book = closes.kept(opened(at / "parameters"))

    def of(made: Close) -> Tables:
        rows = {name: book.table(made, name) for name in sorted(made.tables)}
        return {name: frame.sort(frame.columns) for name, frame in rows.items()}

    return [of(made) for made in book.closes()]


def assert_as_undisturbed(books: Books, at: Path) -> None:
    """Every table of every close is that of the ledger that nobody disturbed."""
    found = tables(at)
    assert len(found) == len(books.expected) == 2
    assert len(found[1]) == WRITTEN
    for made, expected in zip(found, books.expected, strict=True):
        assert list(made) == list(expected)
        assert all(made[name].equals(expected[name]) for name in made)
