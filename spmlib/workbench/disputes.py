"""Disputes: the register of what people say is wrong with their pay, and what closes do about it.

Moves lie in the company's own table (`dispute_moves`) and, from then on, in a register beside the
ledger of closed months. An accepted dispute that a close has paid is closed by it: recorded right
after the close, or by whoever looks next if the run ended in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.core import engine, registers
from spmlib.core.errors import ParameterError
from spmlib.core.ledger import Close, Ledger
from spmlib.core.parameters import nearest
from spmlib.core.registers import Rows
from spmlib.core.tables import MONEY, DisputeMoves, Disputes
from spmlib.incent import lines
from spmlib.incent.disputes import cases, causes, corrections, disputes, moves, written
from spmlib.incent.disputes.moves import Claim
from spmlib.incent.disputes.written import Decisions
from spmlib.workbench.opened import Workbench

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

FILE = Path("policies/disputes.yaml")
SETTLED = "disputes"  # table of a close: what it posts for each accepted dispute


class _Nothing(Exception):
    """There is nothing to record."""


def kept(months: Ledger) -> Ledger:
    """The register: in ``disputes/`` of where closed months are kept."""
    return Ledger(months.store, f"{months.root}/disputes")


def decisions(bench: Workbench) -> Decisions:
    """What the company decides of disputes: ``policies/disputes.yaml`` of its parameters."""
    return written.read(bench.folder / FILE)


def happened(bench: Workbench, book: Ledger) -> pl.DataFrame:
    """All moves, those of the company's own table first, then those on record.

    Returns:
        The table `DisputeMoves` [ticks].
    """
    import polars as pl

    columns = list(DisputeMoves.columns())
    brought = engine.collected(bench.company.dispute_moves).select(columns)
    rows = [_typed(place, row) for place, row in enumerate(registers.rows(book), 1)]
    recorded = pl.DataFrame(rows, schema=dict(brought.schema), orient="row")
    return pl.concat([disputes.ordered(brought), recorded])


def table(bench: Workbench, book: Ledger, day: date) -> pl.DataFrame:
    """How each dispute stands on a day: the table `Disputes` [ticks]."""
    return disputes.disputes(happened(bench, book), day)


def shown(rows: pl.DataFrame) -> pd.DataFrame:
    """The table `Disputes` as pandas."""
    return engine.pandas(engine.table(rows), Disputes)


def claim(
    bench: Workbench,
    payee: str,
    period: str,
    named: Sequence[str],
    transaction: str,
    claimed: Decimal | None,
    says: str,
    cause: str = "",
    plan: str = "",
) -> Claim:
    """What somebody disputes, each line looked up in the statement.

    Raises:
        ParameterError: the person has no such line in the period, or no such plan.
    """
    import polars as pl

    bench.refuse_period(period)
    earned = engine.collected(bench.results.earnings)
    own = lines.named(earned.filter(pl.col("payee_id") == payee, pl.col("period") == period))
    ids = tuple(name.upper() for name in named)
    for name in ids:
        if name not in own["line_id"]:
            right = f"write {nearest(name, own['line_id'])}" if len(own) else "there are none"
            raise ParameterError(f"{payee} has no line '{name}' in {period}; {right}.")
    if transaction:
        _refuse_transaction(bench, transaction)
    plans = own.filter(pl.col("line_id").is_in(ids))["plan"].unique().to_list()
    held = plans or _plans(bench, payee, period)
    if len(held) > 1 and plan not in held:
        raise ParameterError(f"{payee} holds {', '.join(sorted(held))}; say which with --plan.")
    if not held:
        raise ParameterError(f"{payee} holds no plan in {period}; nothing of it can be disputed.")
    under = plan if plan in held else held[0]
    currency = bench.parameters.plans[under].currency
    ended = engine.collected(bench.company.calendar).filter(pl.col("period") == period)["end_date"]
    return Claim(payee, under, period, ended[0], ids, transaction, claimed, currency, says, cause)


def record_raised(
    bench: Workbench, book: Ledger, claimed: Claim, by: str, day: date, when: str
) -> str:
    """Put a new dispute on record; returns its id.

    Raises:
        MoveRefused: it may not be raised so.
    """
    decided, brought = decisions(bench), _brought(bench)
    given = ""

    def made(known: Rows) -> Rows:
        nonlocal given
        given = _next(row["dispute_id"] for row in (*brought, *known))
        return [moves.raised(given, claimed, by, day, decided, [*brought, *known])]

    registers.record(book, "raised", made, when)
    return given


def record(
    bench: Workbench,
    book: Ledger,
    dispute_id: str,
    move: str,
    by: str,
    day: date,
    when: str,
    **said: Any,
) -> Close:
    """Put a move of a dispute on record.

    Raises:
        ParameterError: nothing is known of the dispute.
        MoveRefused: the move may not follow, or is not that person's to do.
    """
    decided, brought = decisions(bench), _brought(bench)
    if move in ("raised", "closed"):
        raise ParameterError(f"'{move}' is not recorded by hand; a close closes what it paid.")

    def made(known: Rows) -> Rows:
        own = _own([*brought, *known], dispute_id)
        return [moves.moved(own, move, by, day, decided, said)]

    return registers.record(book, move, made, when)


def with_asked(bench: Workbench, months: Ledger, period: str) -> Workbench:
    """The company with the adjustments that accepted disputes ask for, beside its own.

    Each is for the last day of the disputed statement's month, or, where that is before the first
    month closed, for the first day of that one: earlier months count as paid outside the ledger.
    """
    import polars as pl

    rows = engine.collected(bench.company.adjustments)
    given = tuple(rows["dispute_id"].drop_nulls().unique())
    calendar = engine.collected(bench.company.calendar)
    first = next((made.period for made in months.closes()), period)
    begins = calendar.filter(pl.col("period") == first)["start_date"][0]
    last = pl.col("end_date") - pl.duration(days=1)
    days = calendar.select("period", event_date=pl.max_horizontal(last, pl.lit(begins)))
    more = corrections.asked(happened(bench, kept(months)), days, given)
    if more.is_empty():
        return bench
    both = pl.concat([rows, more.select(*rows.columns)])
    return replace(bench, company=replace(bench.company, adjustments=engine.brought(both)))


def met(bench: Workbench, months: Ledger, postings: pl.DataFrame) -> pl.DataFrame:
    """What a close posts for each accepted dispute: as `corrections.met`.

    Args:
        bench: with the adjustments asked for.
        months: the ledger.
        postings: of the close.
    """
    given = engine.collected(bench.company.adjustments.select("adjustment_id", "dispute_id"))
    return corrections.met(table(bench, kept(months), engine.FOREVER), postings, given)


def settle(bench: Workbench, months: Ledger, when: str) -> list[str]:
    """Close the disputes that closes on record have paid; returns those closed just now.

    What was closed before stays so: done again, or by two at once, it closes nothing twice.
    """
    import polars as pl

    brought = _brought(bench)
    paid: dict[str, Close] = {}
    for made in months.closes():
        if SETTLED in made.tables:
            rows = months.table(made, SETTLED).filter(pl.col("met"))
            paid |= {name: made for name in rows["dispute_id"] if name not in paid}
    done: list[str] = []

    def made_(known: Rows) -> Rows:
        last = {row["dispute_id"]: row["move"] for row in (*brought, *known)}
        done[:] = [name for name in sorted(paid) if last.get(name) == "accepted"]
        if not done:
            raise _Nothing
        day = date.fromisoformat(when[:10])
        return [moves.closed(n, paid[n].number, paid[n].period, day) for n in done]

    if paid:
        with suppress(_Nothing):
            registers.record(kept(months), "closed", made_, when)
    return done


def proposed(bench: Workbench, book: Ledger, dispute_id: str) -> pl.DataFrame:
    """The causes that a re-run proposes for a dispute: `DisputeCauses` [ticks].

    Raises:
        ParameterError: there is no such dispute, or it names no transaction.
    """
    import polars as pl

    known = table(bench, book, engine.FOREVER)
    own = known.filter(pl.col("dispute_id") == dispute_id)
    if own.is_empty():
        raise ParameterError(_no_dispute(dispute_id, known["dispute_id"].to_list()))
    row = own.to_dicts()[0]
    earned = engine.collected(bench.results.earnings)
    mine = lines.named(
        earned.filter(pl.col("payee_id") == row["payee_id"], pl.col("period") == row["period"])
    )
    asked = (row["lines"] or "").split()
    on_lines = mine.filter(pl.col("line_id").is_in(asked))["transaction_id"].drop_nulls()
    names = sorted(
        {*on_lines.to_list(), *([row["transaction_id"]] if row["transaction_id"] else [])}
    )
    case = cases.case(
        bench.company,
        bench.parameters,
        engine.collected(bench.results.credits),
        row["payee_id"],
        row["plan"],
        row["period"],
        names,
        row["claimed"],
    )
    calendar = engine.collected(bench.company.calendar)
    ended = calendar.filter(pl.col("period") == row["period"])["end_date"][0]
    return causes.proposed(case, bench.company, decisions(bench), ended)


def _brought(bench: Workbench) -> Rows:
    """The moves of the company's own table, in order, as the register has rows."""
    rows = disputes.ordered(engine.collected(bench.company.dispute_moves)).to_dicts()
    for row in rows:
        for name in ("claimed", "granted"):
            if row[name] is not None:
                row[name] = str(Decimal(row[name]) / MONEY)
    return rows


def _typed(place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the register as one of `DisputeMoves` [ticks]."""
    made: dict[str, Any] = {name: row.get(name) or None for name in DisputeMoves.columns()}
    for name in ("claimed", "granted"):
        if made[name] is not None:
            made[name] = int(Decimal(made[name]) * MONEY)
    for name in ("move_date", "due_date"):
        if made[name] is not None:
            made[name] = moves.as_day(made[name])
    return {**made, "move_id": f"register-{place:06}", "number": 1_000_000 + place}


def _own(rows: Rows, dispute_id: str) -> Rows:
    own = [row for row in rows if row["dispute_id"] == dispute_id]
    if not own:
        raise ParameterError(_no_dispute(dispute_id, [row["dispute_id"] for row in rows]))
    return own


def _no_dispute(dispute_id: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(dispute_id, dict.fromkeys(known), n=3)
    right = f"write one of: {', '.join(close)}" if close else "`spm dispute list` prints them"
    return f"there is no dispute '{dispute_id}'; {right}."


def _next(known: Any) -> str:
    """The id after the last."""
    numbers = [int(name[4:]) for name in known if name[:4] == "DSP-" and name[4:].isdigit()]
    return f"DSP-{max(numbers, default=0) + 1:04}"


def _plans(bench: Workbench, payee: str, period: str) -> list[str]:
    import polars as pl

    held = engine.collected(engine.open_ended(bench.company.positions))
    days = engine.collected(bench.company.calendar).filter(pl.col("period") == period)
    start, end = days["start_date"][0], days["end_date"][0]
    own = held.filter(
        pl.col("payee_id") == payee, pl.col("start_date") < end, pl.col("end_date") > start
    )
    return own["plan"].drop_nulls().unique().sort().to_list()


def _refuse_transaction(bench: Workbench, name: str) -> None:
    import narwhals as nw

    rows = bench.company.transactions.filter(nw.col("transaction_id") == name)
    if engine.collected(rows).is_empty():
        raise ParameterError(f"there is no transaction '{name}'; it has to be booked first.")
