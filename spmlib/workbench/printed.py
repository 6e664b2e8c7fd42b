"""Printed: what the command line shows as tables and lines; it computes nothing but sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from spmlib.workbench.closes import Month
    from spmlib.workbench.differences import Difference

Row = Mapping[str, Any]
LINES = 5  # of what belongs together
PLACES = 10  # of parameter files
INDENT = 14  # where the amounts of a person's lines end


def reading(reads: pd.DataFrame) -> Table:
    """How many rows came in, and what became of them."""
    shown = Table("table", "place", box=None, pad_edge=False)
    for column in ("rows in", "used", "refused", "left out"):
        shown.add_column(column, justify="right")
    for row in reads.itertuples():
        counts = (row.rows_in, row.rows_used, row.rows_refused, row.rows_left_out)
        shown.add_row(escape(row.table), escape(row.place), *(f"{count:,}" for count in counts))
    return shown


def closing(month: Month) -> Table:
    """What a month pays, by plan: what was earned, what corrects closed months, and terms."""
    import polars as pl

    own = pl.col("kind")
    parts = {
        "earned": own == "earned",
        "corrected": own.is_in(["correction", "terms"]),
        "terms": ~own.is_in(["earned", "correction", "terms"]),
    }
    rows = (
        month.tables["payments"]
        .group_by("plan", "currency")
        .agg(
            pl.col("payee_id").n_unique().alias("people"),
            *(pl.col("amount").filter(test).sum().alias(name) for name, test in parts.items()),
            pl.col("amount").sum().alias("paid"),
        )
    )
    shown = Table("plan", "people", *parts, "paid", "", box=None, pad_edge=False)
    shown.title, shown.columns[0].overflow = month.period, "fold"
    for column in shown.columns[1:-1]:
        column.justify = "right"
    for row in rows.sort("plan").iter_rows(named=True):
        amounts = (_amount(row[name], row["currency"]) for name in (*parts, "paid"))
        shown.add_row(escape(row["plan"]), f"{row['people']:,}", *amounts, row["currency"])
    return shown


def sums(rows: pl.DataFrame, title: str) -> Table:
    """Earnings by person and plan."""
    import polars as pl

    key = ("payee_id", "plan", "currency")
    summed = rows.group_by(key).agg(pl.col("amount").sum()).sort(key)
    shown = Table("payee", "plan", "earned", "", box=None, pad_edge=False, title=title)
    shown.columns[2].justify = "right"
    for row in summed.iter_rows(named=True):
        amount = _amount(row["amount"], row["currency"])
        shown.add_row(escape(row["payee_id"]), escape(row["plan"]), amount, row["currency"])
    return shown


def told(found: Difference, one: str, other: str, most: int) -> Iterator[str]:
    """Who differs, what was written differently, and each person with the lines that make it."""
    yield _summary(found, one, other)
    yield from _changes(found)
    for row in found.people.head(most).iter_rows(named=True):
        own = found.lines.filter(payee_id=row["payee_id"], plan=row["plan"])
        yield ""
        yield from _person(row, own.rows(named=True))
    if len(found.people) > most:
        yield f"\nand {len(found.people) - most:,} more, each with less; `--most` prints them."


def _summary(found: Difference, one: str, other: str) -> str:
    sums: dict[str, int] = {}
    for row in found.people.iter_rows(named=True):
        sums[row["currency"]] = sums.get(row["currency"], 0) + row["difference"]
    amounts = ", ".join(f"{_signed(sums[code], code)} {code}" for code in sorted(sums))
    count = found.people["payee_id"].n_unique()
    who = "1 person is" if count == 1 else f"{count:,} people are"
    return f"{who} paid something else with {other} than with {one}{': ' * bool(sums)}{amounts}."


def _changes(found: Difference) -> Iterator[str]:
    """Each place of the parameter files that differs, as it was and as it is now."""
    if not found.changes:
        return
    yield "\nWritten differently:"
    for change in found.changes[:PLACES]:
        yield f"    {change.place}"
        for word, lines in (("was", change.was), ("now", change.now)):
            yield from (f"        {word}  {line}" for line in lines[:LINES])
            if len(lines) > LINES:
                yield f"        and {len(lines) - LINES:,} more lines"
    if len(found.changes) > PLACES:
        yield f"    and {len(found.changes) - PLACES:,} more places"


def _person(person: Row, lines: Sequence[Row]) -> Iterator[str]:
    """A person's pay on both sides, and the lines by what they follow; the largest first."""
    currency, own = person["currency"], (person["payee_id"], person["plan"])
    yield f"{', '.join(own)}: {_step(person, currency)} {currency} ({_sum([person], currency)})"
    groups: dict[tuple[str, ...], list[Row]] = {}
    for line in lines:
        groups.setdefault((_headed(line), _written(line)), []).append(line)
    ordered = sorted(groups.items(), key=lambda group: -abs(_total(group[1])))
    for words, group in ordered:
        said = "  ".join(word for word in words if word)
        single = len(group) == 1 and not group[0]["transaction_id"]
        turned = f": {_step(group[0], currency)}" if single else ""
        yield f"{_sum(group, currency):>{INDENT}}  {said}{turned}"
        if not single:
            yield from _booked(group, currency)


def _booked(lines: Sequence[Row], currency: str) -> Iterator[str]:
    """The lines of a group: the transaction, how it is credited, and what it earned and earns."""
    for line in lines[:LINES]:
        yield f"{_sum([line], currency):>{INDENT + 4}}  {_credit(line)}: {_step(line, currency)}"
    if rest := lines[LINES:]:
        yield f"{_sum(rest, currency):>{INDENT + 4}}  in {len(rest):,} more lines"


def _headed(line: Row) -> str:
    """What a line belongs to: its component, and its kind if it is no credit."""
    from spmlib.incent.explaining import receipts

    kind = line["kind"]
    words = receipts.PAID | receipts.WORDS
    said = [line["component"], None if kind == "credit" else words.get(kind, kind)]
    return ", ".join(word for word in said if word)


def _written(line: Row) -> str:
    """Where the rule is written that a line follows, on both sides if that differs."""
    was, now = line["source_was"], line["source"]
    return f"{was} -> {now}" if was and was != now else now or ""


def _credit(line: Row) -> str:
    """The transaction, and its event, of a line; how it is credited; why a close corrects it."""
    from spmlib.incent.paying import postings

    through = line["through_id"] if line["through_id"] != line["payee_id"] else None
    reason = postings.REASONS.get(line["reason"]) if line["reason"] != "month" else None
    late = f"of {line['period']}, {reason}" if reason else None
    words = (line["transaction_id"], line["event_id"], line["rule"], late)
    said = ", ".join(word for word in (*words, through and f"through {through}") if word)
    return said or "earned in the month itself"


def _step(row: Row, currency: str) -> str:
    return f"{_amount(row['was'], currency)} -> {_amount(row['now'], currency)}"


def _sum(rows: Sequence[Row], currency: str) -> str:
    return _signed(_total(rows), currency)


def _total(rows: Sequence[Row]) -> int:
    return sum(row["difference"] for row in rows)


def _signed(ticks: int, currency: str) -> str:
    return f"{'+' if ticks > 0 else ''}{_amount(ticks, currency)}"


def _amount(ticks: int, currency: str) -> str:
    from spmlib.core.money import CURRENCIES

    return f"{Decimal(ticks).scaleb(-4):,.{CURRENCIES[currency]}f}"
