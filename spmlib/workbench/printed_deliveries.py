"""Printed deliveries: what the command line shows of documents on their way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def shares(rows: pl.DataFrame) -> Table:
    """How much is acknowledged, by document and team."""
    from spmlib.incent.distribution.shares import acknowledged

    shown = Table("document", "team", box=None, pad_edge=False)
    for column in ("documents", "acknowledged", "share", "open", "overdue", "longest"):
        shown.add_column(column, justify="right")
    for row in acknowledged(rows, ("document", "team")).iter_rows(named=True):
        counts = [row["documents"], row["acknowledged"], f"{row['share']:.0%}"]
        counts += [row["open"], row["overdue"], row["longest"]]
        shown.add_row(escape(row["document"]), escape(row["team"] or ""), *map(str, counts))
    return shown


def overdue(rows: pl.DataFrame) -> Iterator[str]:
    """What is to be done, the most overdue first."""
    waiting = rows.filter(rows["next"].is_not_null())
    for row in waiting.sort("overdue_days", "delivery_id", descending=[True, False]).to_dicts():
        since = f" from {row['next_date']}" if row["next_date"] else ""
        late = f", {row['overdue_days']} days overdue" if row["overdue_days"] else ""
        chased = f", chased {row['chased_count']} times" if row["chased_count"] else ""
        yield f"{row['next']:8} {row['delivery_id']}: {row['status']}{late}{chased}{since}"


def logged(log: pd.DataFrame) -> Iterator[str]:
    """What is on record, line by line."""
    for row in log.itertuples():
        name = "/".join((row.document, row.of, row.version, row.payee_id))
        words = (row.recorded, f"{row.move:12}", name, row.to, f"by {row.by}", row.reason)
        yield "  ".join(word for word in words if word)
