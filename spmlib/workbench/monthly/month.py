"""A month, from its data to the last page: check, audit, close, reports, tables, statements, site.

To add a step, write what it rests on and what it does, and call it where its turn is in `made`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from spmlib.workbench import audits, closes, execution, exports, manifest, months, site, statements
from spmlib.workbench.execution import Failure, Outcome
from spmlib.workbench.monthly import fingerprints, summary
from spmlib.workbench.monthly.prepared import FILE, STATEMENTS, Prepared
from spmlib.workbench.monthly.steps import DONE, FAILED, REFUSED, SKIPPED, Ended, Steps
from spmlib.workbench.runs import Report


def refuse_parameters(ready: Prepared, steps: Steps, company: str) -> None:
    """Refuse parameters that nothing can be computed by, before anything starts.

    Raises:
        ParameterError: with the place, what is wrong and what would be right.
    """
    known = steps.record.get("check")
    if not ready.bench.unreadable and (known is None or known.inputs != _basis(ready, company)):
        ready.bench.results  # noqa: B018  computed when first asked for


def made(ready: Prepared, steps: Steps, company: str) -> bool:
    """Make a month; whether all is well.

    Args:
        ready: the run.
        steps: of the month.
        company: the hash of what its results rest on.
    """
    data = steps.do("check", _basis(ready, company), lambda: checked(ready))
    if not ready.bench.unreadable and data.outcome != FAILED:
        closed(ready, steps, company, data)
        basis = fingerprints.of(company, fingerprints.ledger(ready.book), ready.period)
        outcomes = reported(ready, steps, basis)
        _tables(ready, steps, company)
        stated(ready, steps, basis)
        _index(ready, steps, outcomes)
        refuse_news(ready, steps, company)
    summary.sent(ready, steps)
    return all(ended.well for ended in steps.ended.values())


def _basis(ready: Prepared, company: str) -> str:
    return fingerprints.of(company, ready.policy.most_refused)


def checked(ready: Prepared) -> Ended:
    """What is wrong with the data, and whether that is more than is borne."""
    bench = ready.bench
    issues = bench.issues
    rows = issues[issues["effect"] == "refused"].drop_duplicates(["table", "place", "row"])
    said = f"{len(issues)} issues, {len(rows)} rows refused; `spm check` prints them"
    if bench.unreadable:
        return Ended(REFUSED, f"nothing can be computed: {bench.unreadable[0]}", found=len(rows))
    if len(rows) > ready.policy.most_refused:
        return Ended(REFUSED, said, found=len(rows))
    return Ended(DONE, said if len(issues) else "no issues", found=len(rows))


def closed(ready: Prepared, steps: Steps, company: str, data: Ended) -> None:
    """Close the month if that was said, it is not closed, and nothing speaks against it.

    Args:
        ready: the run.
        steps: of the month.
        company: the hash of what its results rest on.
        data: how the check ended.
    """
    for close in ready.book.closes():
        if close.period == ready.period:
            said = f"it was closed on {close.closed}, as number {close.number}"
            steps.end("close", "", Ended(SKIPPED, said), 0.0)
            return
    if not ready.close:
        steps.end("close", "", Ended(SKIPPED, "nobody said --close"), 0.0)
        return
    if not data.well:
        most = ready.policy.most_refused
        said = f"not closed: {data.found} rows are refused, and {FILE.name} bears {most}"
        steps.end("close", "", Ended(REFUSED, said), 0.0)
        return
    if ready.has(audits.FILE):
        basis = fingerprints.of(company, fingerprints.ledger(ready.book), ready.period)
        if not steps.do("audit", basis, lambda: _audited(ready)).well:
            steps.end("close", "", Ended(REFUSED, "not closed: the audit stops it"), 0.0)
            return
    steps.do("close", "", lambda: _close(ready))


def _audited(ready: Prepared) -> Ended:
    found = audits.audit(ready.bench, ready.period)
    said = f"{found.findings.height} findings, {found.stops.height} stop the pay"
    said += f"; `spm audit {ready.period}` prints them"
    return Ended(REFUSED if found.stops.height else DONE, said, found=found.stops.height)


def _close(ready: Prepared) -> Ended:
    month = closes.preview(ready.bench, ready.book, ready.period)
    close = closes.close(ready.bench, ready.book, month)
    return Ended(DONE, f"closed as number {close.number}, at {close.closed}")


def reported(ready: Prepared, steps: Steps, basis: str) -> list[Outcome]:
    """The notebooks that are not as they should be already, at once; all outcomes, in order."""
    run, folder = ready.run, ready.folder
    inputs = {report.name: _inputs(report, run.timeout, basis) for report in run.reports}
    outcomes: dict[str, Outcome] = {}
    for one in run.reports:
        if kept := steps.unchanged(_named(one.name), inputs[one.name]):
            outcomes[one.name] = Outcome(one.name, one.parameters, kept.seconds)
    fresh = tuple(one for one in run.reports if one.name not in outcomes)

    def told(outcome: Outcome) -> None:
        outcomes[outcome.name] = outcome
        pages = [folder / f"{outcome.name}.{kind}" for kind in ("html", "ipynb")]
        ended = (
            Ended(FAILED, str(outcome.failure))
            if outcome.failure
            else Ended(DONE, files=steps.files(pages))
        )
        steps.end(_named(outcome.name), inputs[outcome.name], ended, outcome.seconds)

    def work() -> Ended:
        if fresh:
            when = site.moment(datetime.now(UTC).isoformat())
            execution.execute(replace(run, reports=fresh), folder, when, told, ready.jobs)
        failed = sum(outcomes[one.name].failure is not None for one in fresh)
        count = f"{len(fresh) - failed} made, {len(run.reports) - len(fresh)} unchanged"
        return Ended(FAILED if failed else DONE, f"{count}, {failed} failed")

    steps.do("reports", "", work)
    lost = Failure("it was not begun")
    others = {one.name: Outcome(one.name, one.parameters, 0.0, lost) for one in run.reports}
    return [(others | outcomes)[one.name] for one in run.reports]


def _named(report: str) -> str:
    return f"report:{report}"


def _inputs(report: Report, timeout: int, basis: str) -> str:
    return fingerprints.of(basis, fingerprints.file(report.notebook), report.parameters, timeout)


def _tables(ready: Prepared, steps: Steps, company: str) -> None:
    def work() -> Ended:
        paths = exports.write(ready.bench, ready.period, ready.folder / "tables")
        return Ended(DONE, f"{len(paths)} files", steps.files(paths))

    steps.do("tables", fingerprints.of(company, ready.period), work)


def stated(ready: Prepared, steps: Steps, basis: str) -> None:
    """Everybody's statement; those of people who get none any more are taken away."""
    if not ready.has(STATEMENTS):
        steps.end("statements", "", Ended(SKIPPED, f"there is no {STATEMENTS.as_posix()}"), 0.0)
        return

    def work() -> Ended:
        told = statements.documents(ready.bench, ready.period)
        paths = list(statements.write(ready.folder / "statements", told))
        for path in steps.before("statements") - set(paths):
            path.unlink(missing_ok=True)
        return Ended(DONE, f"{len(paths)} files", steps.files(paths))

    steps.do("statements", basis, work)


def _index(ready: Prepared, steps: Steps, outcomes: list[Outcome]) -> None:
    """The page that lists the reports and tables that are there, and the record of the run."""
    shown = [name for name in steps.ended if name.startswith("report:") or name == "tables"]
    basis = [(n, (e := steps.ended[n]).inputs, e.files, e.outcome, e.said) for n in sorted(shown)]
    inputs = fingerprints.of(basis, fingerprints.file(ready.run.path), ready.run.title)
    began = datetime.now(UTC)

    def work() -> Ended:
        record = manifest.record(ready.run, began, outcomes)
        record["seconds"] = round(sum(outcome.seconds for outcome in outcomes), 1)
        paths = [ready.folder / manifest.NAME, ready.folder / "index.html"]
        manifest.write(manifest.dumped(record), paths[0])
        manifest.write(site.index(ready.folder, record), paths[1])
        months.write(ready.folder.parent)
        return Ended(DONE, paths[1].resolve().as_uri(), steps.files(paths))

    steps.do("index", inputs, work)


def refuse_news(ready: Prepared, steps: Steps, company: str) -> None:
    """Say so if what the month rests on changed while it was made; then nothing of it counts."""
    if fingerprints.company(ready.bench) != company:
        said = "data, parameters or the library changed while the month was made; start it again"
        steps.forget()
        steps.end("inputs", "", Ended(FAILED, said), 0.0)
