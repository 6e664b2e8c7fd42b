"""Deliveries: the register of what went to whom and when, and how far each document is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.core import engine, registers
from spmlib.core.errors import ParameterError
from spmlib.core.ledger import Close, Ledger
from spmlib.core.parameters import nearest
from spmlib.core.registers import Rows
from spmlib.core.tables import Deliveries, DeliveryMoves
from spmlib.incent.distribution import moves, standing
from spmlib.workbench import closes
from spmlib.workbench.opened import Workbench
from spmlib.workbench.post import written
from spmlib.workbench.post.written import Mail

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

FILE = Path("policies/mail.yaml")
BY_HAND = ("sent", "failed", "bounced", "acknowledged", "withdrawn", "chased", "prepared")
LOGGED = ("recorded", "move", "document", "of", "version", "payee_id", "to", "by", "reason")


def kept(bench: Workbench) -> Ledger:
    """The register of a company: in ``deliveries/`` of where closed months are kept."""
    months = closes.kept(bench)
    return Ledger(months.store, f"{months.root}/deliveries")


def mail(bench: Workbench) -> Mail:
    """What the company decides of its post: ``policies/mail.yaml`` of its parameters."""
    return written.read(bench.folder / FILE)


def happened(bench: Workbench, book: Ledger) -> pl.DataFrame:
    """All moves, those of the company's own table first, then those on record.

    Returns:
        The table `DeliveryMoves`.
    """
    import polars as pl

    columns = DeliveryMoves.columns()
    brought = engine.collected(bench.company.delivery_moves)
    rows = [_move(place, row) for place, row in enumerate(registers.rows(book), 1)]
    recorded = pl.DataFrame(rows, schema=dict(brought.select(*columns).schema), orient="row")
    return pl.concat([brought.select(*columns), recorded])


def table(bench: Workbench, book: Ledger, mail: Mail, day: date) -> pl.DataFrame:
    """How far each document is on its way on a day: the table `Deliveries`."""
    company = bench.company
    payees, positions = engine.collected(company.payees), engine.collected(company.positions)
    return standing.deliveries(happened(bench, book), payees, positions, mail.chase, day)


def shown(rows: pl.DataFrame) -> pd.DataFrame:
    """The table `Deliveries` as pandas."""
    return engine.pandas(engine.table(rows), Deliveries)


def log(book: Ledger) -> pd.DataFrame:
    """What is on record, in the order it was recorded: what went to whom and when.

    Returns:
        recorded (ISO 8601), move, document, of, version, payee_id, to, by, reason.
    """
    import pandas as pd

    rows = [{name: row.get(name) or "" for name in LOGGED} for row in registers.rows(book)]
    return pd.DataFrame(rows, columns=list(LOGGED))


def record(
    bench: Workbench, book: Ledger, delivery_id: str, move: str, by: str, reason: str, when: str
) -> Close:
    """Put on record what a person says of a delivery.

    Raises:
        ParameterError: nothing is known of the delivery, or nobody says so.
        MoveRefused: it is not where it could be moved so.
    """
    if move not in BY_HAND:
        raise ParameterError(f"'{move}' is nothing to record; write {nearest(move, BY_HAND)}.")
    if not by.strip():
        raise ParameterError(f"{delivery_id}: nobody says so; write `--by` and who does.")
    brought = before(bench)

    def made(known: Rows) -> Rows:
        last = moves.lasts([*brought, *known])
        if delivery_id not in last:
            raise ParameterError(
                f"there is no delivery '{delivery_id}'; write {_near(delivery_id, last)}."
            )
        moves.refuse(delivery_id, last[delivery_id], move)
        row = next(row for row in (*brought, *known) if row["delivery_id"] == delivery_id)
        words = {name: row[name] for name in ("delivery_id", *standing.WHOLE)}
        return [{**words, "move": move, "by": by, "reason": reason}]

    return registers.record(book, move, made, when)


def before(bench: Workbench) -> list[dict[str, Any]]:
    """The moves of the company's own table, in order, as the register has rows."""
    import polars as pl

    rows = standing.ordered(engine.collected(bench.company.delivery_moves))
    named = pl.concat_str("document", "of", "version", "payee_id", separator="/")
    return rows.with_columns(delivery_id=named).to_dicts()


def _move(place: int, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the register as one of `DeliveryMoves`."""
    words = {name: row.get(name) or None for name in DeliveryMoves.columns()}
    when = date.fromisoformat(row["recorded"][:10])
    return {**words, "move_id": f"register-{place}", "move_date": when, "number": place + 1}


def _near(word: str, known: Any) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=3, cutoff=0.5)
    return f"one of: {', '.join(close)}" if close else "one that `spm deliveries` prints"
