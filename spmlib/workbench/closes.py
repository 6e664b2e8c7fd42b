"""Closes: a month computed, compared with what is on record, paid and recorded.

Everything that is known now is computed anew, up to the period; what differs from the record is
posted, and the difference is paid. `preview` does all but record it. What was known at any close
can be read again (`known`), and any two of closes, previews and parameter sets can be compared.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.core import engine, ledger
from spmlib.core.errors import ParameterError
from spmlib.core.ledger import Close, Ledger, LedgerError
from spmlib.core.parameters import needed, read, text
from spmlib.core.reading import mappings
from spmlib.core.tables import Postings
from spmlib.incent.calculation import calculated
from spmlib.incent.paying import postings
from spmlib.incent.paying.payments import History
from spmlib.workbench import changes, disputes, manifest
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import polars as pl

FILE = "ledger.yaml"  # of the parameters; says where the ledger is, if not in ../ledger
# Of the period that is closed.
SNAPSHOTS = ("payouts", "payroll", "payments", "balances", "attainments")


@dataclass(frozen=True)
class Month:
    """A period computed against the record, and not yet on it."""

    period: str
    tables: dict[str, pl.DataFrame]
    before: tuple[Close, ...]


def kept(bench: Workbench) -> Ledger:
    """The ledger of a company: in ``ledger/`` beside its parameters, or where ledger.yaml says.

    Raises:
        ParameterError: ledger.yaml does not say where.
    """
    path = bench.folder / FILE
    if not path.exists():
        return ledger.at(bench.folder.parent / "ledger")
    entry = read(path)
    return ledger.at(text(needed(entry, "at", "at: ../ledger")))


def preview(bench: Workbench, book: Ledger, period: str) -> Month:
    """A period as it would be closed now.

    Raises:
        LedgerError: it is closed, or is not the next to close.
    """
    import polars as pl

    closes = tuple(book.closes())
    refuse_order(bench, closes, period)
    posted = _posted(book, closes)
    on_record = postings.known(posted)
    _refuse_lost_plans(bench, on_record)
    bench = disputes.with_asked(bench, book, period)
    history = _history(book, closes) if closes else _opening(bench, period)
    results = calculated(bench.company, bench.parameters, period, history)
    own = pl.col("period") == period
    tables = {n: _sorted(engine.collected(getattr(results, n)).filter(own)) for n in SNAPSHOTS}
    earned, payables = engine.collected(results.earnings), results.payables().together
    tables |= {
        "postings": postings.postings(earned, on_record, period, first=not closes),
        "payables": _fresh(payables, history.payables, period) if closes else payables,
        "opening": history.paid if not closes else history.paid.head(0),
        "issues": _sorted(engine.collected(results.issues)),
    }
    tables[disputes.SETTLED] = disputes.met(bench, book, tables["postings"])
    return Month(period, tables, closes)


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in one order, whatever order they were computed in: a close made again is the same."""
    return rows.sort(rows.columns, nulls_last=True)


def close(bench: Workbench, book: Ledger, month: Month) -> Close:
    """Record a period that was computed.

    Raises:
        LedgerError: another close came in the meantime.
    """
    made = ledger.close(book, month.before, month.period, month.tables, about(bench), now())
    disputes.settle(bench, book, made.closed)
    return made


def about(bench: Workbench) -> dict[str, Any]:
    """What a record of a company's tables rests on: inputs, parameters, versions."""
    return {
        "inputs": dict(_inputs(bench)),
        "parameters": {"commit": _commit(bench.folder), "files": changes.hashes(bench.folder)},
        "versions": manifest.versions(),
    }


def now() -> str:
    """This moment, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def known(book: Ledger, period: str, as_of: str) -> pl.DataFrame:
    """What was known of a period's earnings when another was closed: Earnings [ticks].

    Raises:
        LedgerError: the other was never closed.
    """
    rows = on_record(book, as_of)
    return rows.filter(rows["period"] == period)


def on_record(book: Ledger, as_of: str) -> pl.DataFrame:
    """What was known of the earnings of all months when one was closed: Earnings [ticks].

    Raises:
        LedgerError: it was never closed.
    """
    closes = book.closes()
    there = [number for number, made in enumerate(closes) if made.period == as_of]
    if not there:
        periods = ", ".join(made.period for made in closes) or "none yet"
        raise LedgerError(f"{as_of} was never closed; the ledger has {periods}.")
    return postings.known(_posted(book, closes[: there[0] + 1]))


def is_next(bench: Workbench, made: Sequence[Close], period: str) -> bool:
    """Whether a period is the one to close after those that were."""
    calendar = engine.collected(bench.company.calendar).sort("start_date")
    periods = calendar["period"].to_list()
    return not made or periods[periods.index(made[-1].period) + 1 :][:1] == [period]


def recorded(book: Ledger, before: str = "") -> pl.DataFrame:
    """What closes recorded as earned: Earnings [ticks]; without rows before the first close.

    Args:
        book: the ledger.
        before: a month whose own close, and what followed it, is left out.
    """
    made = book.closes()
    months = [one.period for one in made]
    until = months.index(before) if before in months else len(made)
    return postings.known(_posted(book, made[:until]))


def _fresh(payables: pl.DataFrame, closed: pl.DataFrame, period: str) -> pl.DataFrame:
    """What this close adds to what is recorded as payable, all of it in its period."""
    import polars as pl

    key = ["payee_id", "plan", "component"]
    both = pl.concat([payables, closed.with_columns(-pl.col("amount")).select(payables.columns)])
    summed = both.group_by(key).agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    return summed.with_columns(period=pl.lit(period)).select(payables.columns).sort(key)


def _opening(bench: Workbench, period: str) -> History:
    """Before the first close: what earlier periods come to now counts as recorded and paid."""
    import polars as pl

    results = calculated(bench.company, bench.parameters, period)
    earlier = pl.col("period") != period
    paid = engine.collected(results.payouts).filter(earlier)
    return History(results.payables().together.filter(earlier), _sums(paid))


def _history(book: Ledger, closes: Sequence[Close]) -> History:
    """What closes recorded as payable, and what was paid in them and before the first."""
    import polars as pl

    payables = pl.concat([book.table(made, "payables") for made in closes])
    paid = [book.table(made, "payouts") for made in closes]
    return History(payables, _sums(book.table(closes[0], "opening"), *paid))


def _sums(*frames: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    rows = pl.concat([frame.select("payee_id", "plan", "amount") for frame in frames])
    return rows.group_by("payee_id", "plan").agg(pl.col("amount").sum())


def _posted(book: Ledger, closes: Iterable[Close]) -> pl.DataFrame:
    """The postings of closes, in order."""
    import polars as pl

    none = engine.collected(engine.empty(Postings))
    return pl.concat([none, *(book.table(made, "postings") for made in closes)])


def refuse_order(bench: Workbench, closes: Sequence[Close], period: str) -> None:
    """Refuse a period that is closed, or that does not follow the last one closed.

    Raises:
        LedgerError: with what would be right.
    """
    import polars as pl

    calendar = engine.collected(bench.company.calendar).sort("start_date")
    periods = calendar.select(pl.col("period"))["period"].to_list()
    bench.refuse_period(period)
    for made in closes:
        if made.period == period:
            later = "what changed since then is paid with the next close"
            raise LedgerError(f"{period} was closed on {made.closed}; {later}.")
    if closes:
        following = periods[periods.index(closes[-1].period) + 1 :][:1]
        if [period] != following:
            said = f"write {following[0]}" if following else "widen the calendar"
            wrong = f"{period} does not follow {closes[-1].period}, the last one closed"
            raise LedgerError(f"{wrong}; {said}.")


def _refuse_lost_plans(bench: Workbench, on_record: pl.DataFrame) -> None:
    """Refuse to close without a plan that has paid before."""
    for plan in on_record["plan"].unique().sort():
        if plan not in bench.parameters.plans:
            right = "put its file back; end people's positions under it instead"
            raise ParameterError(f"plans: '{plan}' has paid before and is not there; {right}.")


def _inputs(bench: Workbench) -> Iterable[tuple[str, str]]:
    """Every file that sources.yaml names, with its hash; queries as they are written."""
    for entries in mappings.read(bench.folder / "sources.yaml").values():
        for entry in entries:
            for origin in (entry.origin, *(join.origin for join in entry.joins)):
                if origin.file:
                    yield origin.file, hashlib.sha256(origin.path.read_bytes()).hexdigest()
                else:
                    yield origin.name, origin.sql


def _commit(folder: Path) -> str | None:
    """The commit that the parameters are at; none if they differ, or lie in none."""
    command: list[Any] = ["git", "-C", folder, "status", "--porcelain", "--", "."]
    try:
        changed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        head = subprocess.run(
            ["git", "-C", folder, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return None if changed.strip() else head.strip()
