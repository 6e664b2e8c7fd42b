"""Blemishes: the few honest mistakes of a real firm's data, each told in data/README.md.

Two more stand where they belong: accounts without a territory (`customers.UNCOVERED`) and a new
seller without a quota (`quotas.MISSING`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

Columns = Mapping[str, Sequence[object]]

LEAVER = "H1058"  # the seller of AE-AE-3, who left on 2025-10-01
SHARED_FROM = "2025-11-10"  # the first share after this day is given to the leaver
DOUBLE = ("00801", "2025-07-01", "2025-08-01")  # an account left in its old territory for a month

# column, what is written into it, in how many lines, from which day, and what those lines are
LINES: tuple[tuple[str, str, int, str, dict[str, str]], ...] = (
    ("owner_id", LEAVER, 2, "2025-10-06",
     {"product_id": "PL-100", "kind": "new", "channel": "direct", "new_logo": "",
      "currency": "USD"}),
    ("currency", "CHF", 1, "2026-02-01", {"kind": "service", "currency": "EUR"}),
    ("account_id", "09999", 1, "2025-05-05", {"kind": "expansion"}),
    ("owner_id", "", 2, "2026-03-09", {"kind": "meeting"}),
)  # fmt: skip


def blemished(tables: Mapping[str, Columns]) -> dict[str, Columns]:
    """The tables with their mistakes written in; only cells change, never the number of rows."""
    lines = pl.DataFrame(tables["transactions"])
    days = dict(lines.select("transaction_id", "event_date").iter_rows())
    return {
        **tables,
        "transactions": _misbooked(lines, tables).to_dict(as_series=False),
        "splits": _with_leaver(tables["splits"], days),
        "account_territories": _with_overlap(tables["account_territories"]),
    }


def _misbooked(lines: pl.DataFrame, tables: Mapping[str, Columns]) -> pl.DataFrame:
    """The lines with wrong cells, in lines that have neither splits nor events."""
    busy = [*tables["splits"]["transaction_id"], *tables["events"]["transaction_id"]]
    quiet = ~pl.col("transaction_id").is_in(busy)
    for column, wrong, many, since, like in LINES:
        fits = quiet & (pl.col("event_date") >= since)
        for name, value in like.items():
            fits &= pl.col(name) == value
        first = fits & (fits.cast(pl.Int64).cum_sum() <= many)
        lines = lines.with_columns(
            pl.when(first).then(pl.lit(wrong)).otherwise(pl.col(column)).alias(column)
        )
    return lines


def _with_leaver(splits: Columns, days: Mapping[str, str]) -> Columns:
    """One share given to somebody who had left."""
    payees = list(splits["payee_id"])
    late = (n for n, line in enumerate(splits["transaction_id"]) if days[str(line)] >= SHARED_FROM)
    payees[next(late)] = LEAVER
    return {**splits, "payee_id": payees}


def _with_overlap(held: Columns) -> Columns:
    """One account that belongs to two territories for a month."""
    account, old, new = DOUBLE
    rows = zip(held["account_id"], held["end_date"], strict=True)
    return {**held, "end_date": [new if (a, end) == (account, old) else end for a, end in rows]}
