"""Notebooks executed in parallel processes; a report appears whole, or the last good one stays.

Everything is written in a folder aside and renamed at the end. A notebook that fails leaves
``NAME.FAILED.html`` and ``NAME.FAILED.ipynb`` beside the last good ones.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from spmlib.workbench import notebooks, project, site
from spmlib.workbench.runs import Report, Run

NOISE = re.compile(r"\[IPKernelApp\] WARNING|Kernel died while|Timeout waiting|^\s*$")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
START = 120  # seconds a kernel may take to start, and what a cell shows to arrive after it ran
DAY = 86_400  # seconds


@dataclass(frozen=True)
class Failure:
    """Why a notebook became no report, and in which cell."""

    reason: str  # "ZeroDivisionError: division by zero"
    cell: int | None = None  # its number in the notebook, from 1
    section: str = ""  # the heading it stands under
    source: str = ""
    trace: str = ""  # what Python said, or the kernel's last words

    def __str__(self) -> str:
        """The cell and the reason, in a line."""
        under = f" (under '{self.section}')" if self.section else ""
        return f"cell {self.cell}{under}: {self.reason}" if self.cell else self.reason


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook."""

    name: str
    parameters: Mapping[str, Any]
    seconds: float
    failure: Failure | None = None

    @property
    def record(self) -> dict[str, Any]:
        """The outcome as the manifest keeps it."""
        status = "failed" if self.failure else "good"
        return asdict(self) | {"status": status, "seconds": round(self.seconds, 1)}


Told = Callable[[Outcome], None]


def execute(run: Run, folder: Path, made: str, told: Told, workers: int = 0) -> list[Outcome]:
    """Execute a run's notebooks into a folder, as many at a time as there are processors.

    Args:
        run: notebooks and parameters, already checked.
        folder: where the reports appear.
        made: when the run began, as the pages print it.
        told: hears of each outcome as it comes.
        workers: processes at a time; 0: one for each processor.

    Returns:
        The outcomes, in the order of the run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(folder)
    jobs = {report.name: (report, run, folder, made) for report in run.reports}
    outcomes = _in_parallel(_report, jobs, told, workers)
    return [outcomes[report.name] for report in run.reports]


def refresh(paths: Sequence[Path], timeout: int, told: Told, workers: int = 0) -> list[Outcome]:
    """Execute notebooks as they stand and store their outputs in them; one that fails stays."""
    jobs = {path.stem: (path, timeout) for path in paths}
    return list(_in_parallel(_refreshed, jobs, told, workers).values())


def _remove_leftovers(folder: Path) -> None:
    """Remove what runs left that were killed more than a day ago."""
    for aside in folder.glob(".making-*"):
        if time.time() - aside.stat().st_mtime > DAY:
            shutil.rmtree(aside, ignore_errors=True)


def _in_parallel(
    work: Callable[..., Outcome], jobs: Mapping[str, tuple[Any, ...]], told: Told, workers: int
) -> dict[str, Outcome]:
    most = max(1, min(len(jobs), workers or os.cpu_count() or 1))
    spawned = multiprocessing.get_context("spawn")  # to fork is unsafe once libraries have threads
    outcomes = {}
    with ProcessPoolExecutor(most, spawned, initializer=_ready) as pool:
        names = {pool.submit(work, *job): name for name, job in jobs.items()}
        for future in as_completed(names):
            outcome = _result(future, names[future])
            outcomes[outcome.name] = outcome
            told(outcome)
    return outcomes


def _result(future: Future[Outcome], name: str) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        return Outcome(name, {}, 0.0, Failure("its process was killed: is there enough memory?"))


def _ready() -> None:
    """Prepare a worker: byte code is kept, and the log of libraries is not the user's business."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    logging.disable(logging.CRITICAL)
    threading.Thread(target=_end_with_its_parent, daemon=True).start()


def _end_with_its_parent() -> None:
    """End this worker once the process that started it is gone, killed or not."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _report(report: Report, run: Run, folder: Path, made: str) -> Outcome:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as aside:
        notebook = Path(aside) / f"{report.name}.ipynb"
        failure = _executed(report.notebook, notebook, report.parameters, run.timeout)
        failure = failure or _rendered(notebook, report, run, made)
        if failure:
            _mark(notebook, failure, report, run, made, folder)
        for file in sorted(Path(aside).glob(f"{report.name}.*")):
            os.replace(file, folder / file.name)
    if not failure:
        for file in folder.glob(f"{report.name}.FAILED.*"):
            file.unlink()
    return Outcome(report.name, report.parameters, time.perf_counter() - began, failure)


def _refreshed(path: Path, timeout: int) -> Outcome:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=".making-", dir=path.parent) as aside:
        made = Path(aside) / path.name
        failure = _executed(path, made, {}, timeout)
        if not failure:
            notebooks.write(notebooks.tidy(notebooks.read(made)), made)
            os.replace(made, path)
    return Outcome(path.stem, {}, time.perf_counter() - began, failure)


def _executed(source: Path, made: Path, values: Mapping[str, Any], timeout: int) -> Failure | None:
    """Run a notebook where it lies, as JupyterLab would, and write what it showed."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    options = {"progress_bar": False, "start_timeout": START, "execution_timeout": timeout}
    shown = {"iopub_timeout": START, "raise_on_iopub_timeout": True}  # else lost after four seconds
    with _last_words(made.with_suffix(".log")) as words:
        try:
            where = project.found(made.parent).within(source)
            papermill.execute_notebook(source, made, values, cwd=where, **options, **shown)
            return None
        except papermill.PapermillExecutionError as error:
            trace = COLOURS.sub("", "\n".join(error.traceback))
            return _failure(made, f"{error.ename}: {error.evalue}".removesuffix(": "), trace)
        except CellTimeoutError as error:
            late = f"the cell took longer than {timeout} seconds"
            lost = f"what the cell shows did not arrive within {START} seconds"
            return _failure(made, lost if "IOPub" in str(error) else late, words())
        except DeadKernelError:
            return _failure(made, "the kernel died: killed, or out of memory", words())
        except Exception as error:  # whatever else happens to one notebook, the others go on
            return _failure(made, f"{type(error).__name__}: {error}", words())


def _rendered(notebook: Path, report: Report, run: Run, made: str) -> Failure | None:
    node = notebooks.still(notebooks.read(notebook))
    notebooks.write(node, notebook)
    for number in notebooks.silent_pictures(node):
        reason = "a picture without alternative text: say in a sentence what it shows"
        return replace(_at(node, number), reason=reason)
    page = site.page(node, site.Masthead.of(report, run, made))
    notebook.with_suffix(".html").write_text(page, encoding="utf-8")
    return None


def _mark(
    notebook: Path, failure: Failure, report: Report, run: Run, made: str, folder: Path
) -> None:
    """Turn what a failed notebook left into the page and the notebook that say so."""
    page = notebook.with_name(f"{report.name}.FAILED.html")
    source = notebooks.read(report.notebook)
    text = site.failed(source, failure, site.Masthead.of(report, run, made), folder)
    page.write_text(text, encoding="utf-8")
    if notebook.exists():
        notebooks.write(notebooks.marked(notebooks.read(notebook), str(failure)), notebook)
        notebook.rename(notebook.with_name(f"{report.name}.FAILED.ipynb"))


def _failure(made: Path, reason: str, trace: str) -> Failure:
    stopped = notebooks.stopped_at(notebooks.read(made)) if made.exists() else None
    where = _at(notebooks.read(made), stopped[0]) if stopped else Failure(reason)
    return replace(where, reason=reason, trace=trace)


def _at(notebook: Any, number: int) -> Failure:
    cell = dict(notebooks.numbered(notebook))[number]
    return Failure("", number, notebooks.section(notebook, number), cell.source)


@contextmanager
def _last_words(log: Path) -> Iterator[Callable[[], str]]:
    """Send what kernels write to the terminal into a file; gives what it holds worth reading."""
    before = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield lambda: "\n".join(_worth_reading(log))
    finally:
        os.dup2(before, 2)
        os.close(before)
        log.unlink()


def _worth_reading(log: Path) -> list[str]:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if not NOISE.search(line)][-20:]
