"""Pipelines: open opportunities that are to close in a period, as deals that might be booked.

An opportunity says neither margin nor term. What it does not say is taken as it usually was in the
year before: of the same owner and kind, and apart for an account's first bookings; else of
everybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import MONEY, SHARE, Transactions
from spmlib.incent.estimating.deals import Deal
from spmlib.incent.estimating.ready import Ready

if TYPE_CHECKING:
    import polars as pl

PARTS = ("margin", "arr", "quantity")  # taken as so much for each 1 of amount
KNOWN = ("transaction_id", "event_date", "account_id", "owner_id", "currency", "amount")


def pipeline(ready: Ready, day: date, owners: Sequence[str]) -> pl.DataFrame:
    """The open deals of some people that are to close in the period, as rows of transactions.

    Args:
        ready: the company in the period.
        day: the first day that is not yet known.
        owners: whose deals.

    Returns:
        The columns of transactions, in the order of days and ids [ticks, parts of a share].
    """
    import polars as pl

    opened = _open(ready, day).filter(pl.col("owner_id").is_in(list(owners)))
    old = _booked(ready, day)["account_id"].unique().drop_nulls()
    first = ~pl.col("account_id").is_in(old.implode()).fill_null(False)
    return _completed(opened.with_columns(first=first), ready, day)


def usual(ready: Ready, day: date, owner_id: str, kind: str, new: bool, currency: str) -> Deal:
    """A deal of 1,000 as somebody's deals of a kind usually were in the year before a day.

    Args:
        ready: the company in the period.
        day: the first day that is not yet known.
        owner_id: whose deal.
        kind: of the deal.
        new: whether it is an account's first.
        currency: of its amounts.
    """
    import polars as pl

    row = {
        "account_id": None,
        "owner_id": owner_id,
        "product_id": None,
        "kind": kind,
        "currency": currency,
        "amount": 1000 * MONEY,
        "transaction_id": "usual",
        "event_date": ready.start,
        "first": new,
    }
    kinds = {"amount": pl.Int64, "account_id": pl.String, "product_id": pl.String}
    return as_deals(_completed(pl.DataFrame([row], schema_overrides=kinds), ready, day))[0]


def kinds_of(ready: Ready, day: date, owner_id: str) -> list[str]:
    """What somebody booked in the year before a day, the commonest first."""
    import polars as pl

    own = _booked(ready, day).filter(pl.col("owner_id") == owner_id, pl.col("kind").is_not_null())
    counts = own.group_by("kind").len().sort(["len", "kind"], descending=[True, False])
    return counts["kind"].to_list()


def _completed(opened: pl.DataFrame, ready: Ready, day: date) -> pl.DataFrame:
    """Deals as rows of transactions, with what is usual where they say nothing."""
    import polars as pl

    names, booked = engine.names(ready.company.transactions), _booked(ready, day)
    rows = _with_kind(opened, booked)
    for keys in (["owner_id", "kind", "first"], ["owner_id", "kind"], ["kind", "first"], ["kind"]):
        rows = _filled(rows, _usual(booked, keys, names), keys)
    parts = {
        n: ((pl.col("amount") * pl.col(f"usual {n}") / MONEY).round() * MONEY).cast(pl.Int64)
        for n in PARTS
    }
    rows = rows.with_columns(**parts, recorded_date=pl.lit(None, pl.Date))
    missing = [name for name in names if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias(n) for n in missing)
    return rows.select(names).sort("event_date", "transaction_id")


def as_deals(rows: pl.DataFrame) -> list[Deal]:
    """Rows of transactions as deals."""
    defined = Transactions.columns()
    others = [name for name in rows.columns if name not in defined]
    return [
        Deal(
            row["transaction_id"],
            row["event_date"],
            Decimal(row["amount"]) / MONEY,
            row["currency"],
            row["owner_id"],
            row["kind"],
            margin=_decimal(row["margin"], MONEY),
            quantity=_decimal(row["quantity"], MONEY),
            arr=_decimal(row["arr"], MONEY),
            discount=_decimal(row["discount"], SHARE),
            account_id=row["account_id"],
            product_id=row["product_id"],
            others={name: row[name] for name in others if row[name] is not None},
        )
        for row in rows.iter_rows(named=True)
    ]


def _decimal(value: int | None, scale: int) -> Decimal | None:
    return None if value is None else Decimal(value) / scale


def _open(ready: Ready, day: date) -> pl.DataFrame:
    """The opportunities that are open, as they stood before the day, to close in the period."""
    import polars as pl

    company = ready.company
    known = engine.collected(company.opportunities.filter(nw.col("created_date") < day))
    history = engine.collected(company.opportunity_history.filter(nw.col("change_date") < day))
    numbered = history.with_row_index("row").sort("change_date", "row")
    last = numbered.group_by("opportunity_id", maintain_order=True).last()
    due = last.filter(
        pl.col("status") == "open",
        pl.col("amount").is_not_null(),
        pl.col("close_date") >= ready.start,
        pl.col("close_date") < ready.end,
    )
    joined = known.join(due, on="opportunity_id")
    return joined.select(
        "account_id",
        "owner_id",
        "product_id",
        "kind",
        "currency",
        "amount",
        transaction_id="opportunity_id",
        event_date="close_date",
    )


def _booked(ready: Ready, day: date) -> pl.DataFrame:
    """What was booked in the year before the day, with whether it was its account's first day."""
    import polars as pl

    rows = engine.collected(ready.company.transactions.filter(nw.col("event_date") < day))
    first = pl.col("event_date") == pl.col("event_date").min().over("account_id")
    marked = rows.with_columns(first=first & pl.col("account_id").is_not_null())
    since = day - timedelta(365)
    return marked.filter(pl.col("event_date") >= since, pl.col("account_id").is_not_null())


def _with_kind(rows: pl.DataFrame, booked: pl.DataFrame) -> pl.DataFrame:
    """With the kind that its owner books most, where an opportunity does not say it."""
    import polars as pl

    usual = booked.group_by("owner_id", "first").agg(mode=_mode("kind"))
    every = booked.group_by("owner_id").agg(more=_mode("kind"))
    joined = rows.join(usual, on=["owner_id", "first"], how="left").join(
        every, on="owner_id", how="left"
    )
    return joined.with_columns(kind=pl.coalesce("kind", "mode", "more")).drop("mode", "more")


def _usual(booked: pl.DataFrame, keys: Sequence[str], names: Sequence[str]) -> pl.DataFrame:
    """What bookings of a kind usually were: parts of amount, and the commonest of the rest."""
    import polars as pl

    defined = {*KNOWN, *PARTS, "recorded_date", "deal_id", "kind"}
    common = [name for name in names if name not in defined]
    parts: dict[str, Any] = {
        f"usual {n}": pl.col(n).sum().cast(pl.Float64) / pl.col("amount").sum() for n in PARTS
    }
    parts |= {f"usual {n}": _mode(n) for n in common}
    return booked.filter(pl.col("amount") > 0).group_by(keys).agg(**parts)


def _filled(rows: pl.DataFrame, usual: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """The rows with what is usual where they have nothing yet."""
    import polars as pl

    names = [name for name in usual.columns if name not in keys]
    joined = rows.join(usual, on=list(keys), how="left", suffix=" more")
    for name in names:
        plain = name.removeprefix("usual ")
        own = name if plain in PARTS else plain
        told = f"{name} more" if name in rows.columns else name
        there = [own] if own in joined.columns and own != told else []
        joined = joined.with_columns(pl.coalesce(*there, told).alias(own))
    extra = [c for c in joined.columns if c.endswith(" more")]
    extra += [n for n in names if n.removeprefix("usual ") not in PARTS]
    return joined.drop(*(c for c in extra if c in joined.columns))


def _mode(name: str) -> pl.Expr:
    """The commonest value; of several, the first in order."""
    import polars as pl

    return pl.col(name).mode().sort().first()
