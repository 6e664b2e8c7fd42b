"""Gamers: people who play their plans, planted into a copy of the firm's bookings by a seeded draw.

Nobody in the sample company does so. A copy with a few who do shows whether the audit finds them,
and whether it leaves the others alone. Everything is in the engine's own columns and ticks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

TICKS = 10_000


@dataclass(frozen=True)
class Planted:
    """Bookings with gamers in them.

    Attributes:
        transactions, events: with what was planted.
        cross, split, cancel: who pulls deals across thresholds, cuts them at limits, books and
            cancels.
    """

    transactions: pl.DataFrame
    events: pl.DataFrame
    cross: tuple[str, ...]
    split: tuple[str, ...]
    cancel: tuple[str, ...]


def planted(
    transactions: pl.DataFrame,
    events: pl.DataFrame,
    people: Mapping[str, Sequence[str]],
    thresholds: Sequence[int] = (20_000, 45_000),
    limit: int = 25_000,
    end: date = date(2026, 11, 1),
    seed: int = 54,
) -> Planted:
    """A copy of bookings in which some people play.

    Args:
        transactions, events: of the firm [ticks].
        people: who plays what: cross, split, cancel.
        thresholds: of services in a quarter that some pull deals across [their currency].
        limit: that some stay below [their currency].
        end: the first day that is not known yet.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    rows = transactions
    for who in people.get("cross", ()):
        rows = _crossed(rows, who, thresholds, rng)
    for who in people.get("split", ()):
        rows = _cut(rows, who, limit, rng)
    back = events
    for who in people.get("cancel", ()):
        rows, back = _cancelled(rows, back, who, end, rng)
    names = (tuple(people.get(kind, ())) for kind in ("cross", "split", "cancel"))
    cross, split, cancel = names
    return Planted(rows, back, cross, split, cancel)


def _crossed(
    rows: pl.DataFrame, who: str, thresholds: Sequence[int], rng: np.random.Generator
) -> pl.DataFrame:
    """The services of each quarter scaled to end just above a threshold, by the last deal."""
    own = (pl.col("owner_id") == who) & (pl.col("kind") == "service")
    quarter = pl.col("event_date").dt.truncate("1q")
    sums = (
        rows.filter(own)
        .group_by(quarter.alias("quarter"))
        .agg(pl.col("amount").sum(), last=pl.col("transaction_id").last())
    )
    for row in sums.sort("quarter").to_dicts():
        below = [t for t in thresholds if t * TICKS * 0.6 <= row["amount"] <= t * TICKS * 1.7]
        if below:
            wanted = int(below[-1] * TICKS * (1 + rng.uniform(0.001, 0.03)))
            factor = wanted / row["amount"]
            scaled = ((pl.col("amount") * factor / 100).round() * 100).cast(pl.Int64)
            at = own & (quarter == row["quarter"])
            rows = rows.with_columns(amount=pl.when(at).then(scaled).otherwise("amount"))
    return rows


def _cut(rows: pl.DataFrame, who: str, limit: int, rng: np.random.Generator) -> pl.DataFrame:
    """Deals above the limit, in parts just below it some days apart."""
    own = rows.filter(
        pl.col("owner_id") == who,
        pl.col("amount") > limit * TICKS,
        pl.col("amount") < 6 * limit * TICKS,
        pl.col("kind") == "new",
    )
    made = []
    for n, row in enumerate(own.to_dicts()):
        left, part = row["amount"], 0
        while left > 0:
            size = min(left, int(limit * TICKS * rng.uniform(0.9, 0.995)) // 100 * 100)
            day = row["event_date"] + timedelta(int(rng.integers(1, 4)) * part)
            name = f"{row['transaction_id']}-{part}"
            made.append(
                row | {"transaction_id": name, "deal_id": f"{who}-{n}-{part}", "amount": size,
                       "event_date": day, "margin": None, "arr": None}
            )  # fmt: skip
            left, part = left - size, part + 1
    kept = rows.filter(~pl.col("transaction_id").is_in(own["transaction_id"].implode()))
    return pl.concat([kept, pl.DataFrame(made, schema=rows.schema)]) if made else rows


def _cancelled(
    rows: pl.DataFrame, events: pl.DataFrame, who: str, end: date, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bookings in the last days of every third month, cancelled early in the next."""
    own = rows.filter(pl.col("owner_id") == who, pl.col("kind") == "new", pl.col("amount") > 0)
    months = sorted({(day.year, day.month) for day in own["event_date"]})[1::3]
    booked, back = [], []
    for year, month in months:
        after = date(year + month // 12, month % 12 + 1, 1)
        if after + timedelta(31) >= end:
            continue
        row = own.row(int(rng.integers(len(own))), named=True)
        name = f"{who}-{year}-{month:02}"
        day = after - timedelta(int(rng.integers(1, 4)))
        gone = after + timedelta(int(rng.integers(2, 20)))
        booked.append(row | {"transaction_id": name, "deal_id": name, "event_date": day})
        undone = {"event_id": name, "transaction_id": name, "event": "cancellation"}
        dated = {"event_date": gone, "recorded_date": None, "amount": -row["amount"]}
        back.append(undone | dated)
    more = pl.DataFrame(booked, schema=rows.schema)
    return (
        pl.concat([rows, more]),
        pl.concat([events, pl.DataFrame(back, schema=events.schema)]),
    )
