"""Lines: orders booked twice, typed wrongly, sold at a loss, or changed after they paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from spmlib.incent.audit.books import Books
from spmlib.incent.audit.planted.copies import (
    Planted,
    changed,
    drawn,
    paying,
    recent,
    scaled,
)

if TYPE_CHECKING:
    import polars as pl

COPIES = ("exact", "a day or three later", "a cent apart", "customer retyped")


def duplicates(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Lines booked again under other ids: exactly, days or a cent apart, for a customer retyped.

    Innocent beside them: as many subscriptions that are billed each month at one amount, and as
    many orders of other customers for the same product, owner, day and amount.
    """
    import polars as pl

    chosen = drawn(paying(books), 3 * many, rng)
    chosen = chosen[rng.permutation(chosen.height)]
    wrong, series, twins = chosen[:many], chosen[many : 2 * many], chosen[2 * many :]
    how = rng.integers(0, len(COPIES), wrong.height)
    copies, accounts = _retyped(books, wrong, how, rng)
    made = [copies, *_innocent(books, series, twins, rng)]
    originals = pl.concat([frame.select("of", "transaction_id") for frame in made])
    rows = pl.concat([frame.drop("of") for frame in made]).select(books.transactions.columns)
    again = [_again(books.tables[name], originals) for name in ("earnings", "credits")]
    return Planted(
        changed(
            books,
            transactions=pl.concat([books.transactions, rows]),
            accounts=pl.concat([books.accounts, accounts]),
            earnings=pl.concat([books.earnings, again[0]]),
            credits=pl.concat([books.credits, again[1]]),
        ),
        tuple(_ids("X", wrong.height)),
    )


def prices(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Amounts with a nought too many; what they pay is ten times as much."""
    wrong = drawn(paying(books), many, rng)["transaction_id"].to_list()
    factors = dict.fromkeys(wrong, 10.0)
    return Planted(
        changed(
            books,
            transactions=scaled(books.transactions, factors, "amount"),
            earnings=scaled(books.earnings, factors, "amount", "credited"),
            credits=scaled(books.credits, factors, "amount", "source_amount"),
        ),
        tuple(wrong),
    )


def margins(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Lines sold at a loss."""
    import polars as pl

    wrong = drawn(paying(books), many, rng)["transaction_id"].to_list()
    loss = pl.col("transaction_id").is_in(wrong)
    margin = pl.when(loss).then(-pl.col("amount") // 10).otherwise("margin")
    return Planted(
        changed(books, transactions=books.transactions.with_columns(margin=margin)), tuple(wrong)
    )


def changes(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Orders whose amount, owner or day is another than when they paid, or that are gone.

    Innocent beside them: as many late bookings, and as many cancellations since.
    """
    import polars as pl

    months = recent(books)
    record = books.earnings.filter(pl.col("period") < months[-1])
    due = paying(books).filter(pl.col("period") < months[-2])
    rows = drawn(due, 2 * many, rng)
    rows = rows[rng.permutation(rows.height)]
    chosen = rows["transaction_id"].to_list()
    wrong, late = chosen[:many], chosen[many:]
    how = dict(zip(wrong, rng.integers(0, 4, len(wrong)).tolist(), strict=True))
    of = {n: [name for name, which in how.items() if which == n] for n in range(4)}
    lines = scaled(
        books.earnings, {n: float(rng.uniform(1.2, 3.0)) for n in of[0]}, "amount", "credited"
    )
    owners = rows.filter(pl.col("transaction_id").is_in(of[1]))
    lines = _given_away(lines, owners.select("transaction_id", "owner_id"))
    moved = pl.col("transaction_id").is_in(of[2]) & pl.col("event_id").is_null()
    other = pl.lit(months[0]) if months else pl.col("period")
    next_ = pl.when(pl.col("period") == months[0]).then(pl.lit(months[1])).otherwise(other)
    lines = lines.with_columns(period=pl.when(moved).then(next_).otherwise("period"))
    lines = lines.filter(~pl.col("transaction_id").is_in(of[3]).fill_null(False))
    known = record.filter(~pl.col("transaction_id").is_in(late).fill_null(False))
    cancelled = known.filter(pl.col("event_id").is_not_null())["event_id"].unique().sort()
    since = cancelled.to_list()[-many:]
    known = known.filter(~pl.col("event_id").is_in(since).fill_null(False))
    made = changed(books, earnings=lines)
    return Planted(replace(made, recorded=known), tuple(wrong))


def _ids(letter: str, many: int) -> list[str]:
    return [f"{letter}{number:06}" for number in range(many)]


def _again(frame: pl.DataFrame, originals: pl.DataFrame) -> pl.DataFrame:
    """The bookings of originals once more for each copy."""
    import polars as pl

    own = frame.filter(pl.col("event_id").is_null())
    both = originals.rename({"transaction_id": "copy"}).join(
        own, left_on="of", right_on="transaction_id"
    )
    return both.rename({"copy": "transaction_id"}).select(frame.columns)


def _retyped(
    books: Books, wrong: pl.DataFrame, how: np.ndarray, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The copies, and the customers that were typed anew."""
    import polars as pl

    size = wrong.height
    later = np.where(how == 1, rng.integers(1, 4, size), 0)
    ticks = wrong["amount"].to_numpy()
    cent = np.where(how == 2, np.maximum(100, ticks // 10**5 // 100 * 100), 0)
    retyped = how == 3
    customers = np.array(wrong["account_id"].to_list(), object)
    new = np.array(_ids("XC", size), object)
    copies = wrong.with_columns(
        of="transaction_id",
        transaction_id=pl.Series(_ids("X", size)),
        deal_id=pl.Series(_ids("XD", size)),
        amount=pl.Series(ticks + cent),
        event_date=pl.col("event_date") + pl.duration(days=pl.lit(pl.Series(later))),
        recorded_date=pl.max_horizontal("event_date", "recorded_date")
        + pl.duration(days=pl.lit(pl.Series(later))),
        account_id=pl.Series(np.where(retyped, new, customers).tolist(), dtype=pl.String),
    )
    old = pl.DataFrame({"account_id": customers[retyped].tolist(), "new": new[retyped].tolist()},
                       schema={"account_id": pl.String, "new": pl.String})  # fmt: skip
    accounts = old.join(books.accounts, on="account_id")
    names = [_typed(name, rng) for name in accounts["name"]]
    accounts = accounts.with_columns(name=pl.Series(names, dtype=pl.String), account_id="new")
    kept = [*books.transactions.columns, "of"]
    return copies.select(kept), accounts.select(books.accounts.columns)


def _typed(name: str, rng: np.random.Generator) -> str:
    """A name as somebody else types it: two letters swapped, one left out, or its form changed."""
    where, which = int(rng.integers(1, max(2, len(name) - 2))), int(rng.integers(0, 3))
    if which == 0:
        return name[:where] + name[where + 1 : where + 2] + name[where] + name[where + 2 :]
    if which == 1:
        return name[:where] + name[where + 1 :]
    return name.upper().replace(" LLC", ", L.L.C.").replace(" GMBH", " G.m.b.H.") + "."


def _innocent(
    books: Books, series: pl.DataFrame, twins: pl.DataFrame, rng: np.random.Generator
) -> list[pl.DataFrame]:
    """Subscriptions of one amount a month, and other customers' orders of the same amount."""
    import polars as pl

    kept = [*books.transactions.columns, "of"]
    monthly = [
        series.with_columns(
            of="transaction_id",
            transaction_id=pl.Series([f"Y{month}{name}" for name in series["transaction_id"]]),
            deal_id=pl.lit(None, pl.String),
            event_date=pl.col("event_date") - timedelta(days=30 * month),
            recorded_date=pl.lit(None, pl.Date),
        ).select(kept)
        for month in range(1, 6)
    ]
    others = rng.choice(books.accounts["account_id"].to_numpy(), twins.height)
    other = twins.with_columns(
        of="transaction_id",
        transaction_id=pl.concat_str(pl.lit("Z"), "transaction_id"),
        deal_id=pl.lit(None, pl.String),
        account_id=pl.Series(others.tolist(), dtype=pl.String),
    )
    return [*monthly, other.filter(pl.col("account_id") != twins["account_id"]).select(kept)]


def _given_away(lines: pl.DataFrame, wrong: pl.DataFrame) -> pl.DataFrame:
    """The lines with some orders' owners changed to another holder of the plan."""
    import polars as pl

    held = lines.join(wrong, on="transaction_id").filter(pl.col("payee_id") == pl.col("owner_id"))
    people = lines.group_by("plan").agg(others=pl.col("payee_id").unique().sort())
    told = held.group_by("transaction_id").agg(pl.col("plan").first()).join(people, on="plan")
    told = told.join(wrong, on="transaction_id").select(
        "transaction_id",
        "owner_id",
        new=pl.when(pl.col("others").list.first() == pl.col("owner_id"))
        .then(pl.col("others").list.last())
        .otherwise(pl.col("others").list.first()),
    )
    both = lines.join(told, on="transaction_id", how="left", maintain_order="left")
    own = {
        name: pl.when(pl.col(name) == pl.col("owner_id")).then("new").otherwise(name)
        for name in ("payee_id", "through_id")
    }
    return both.with_columns(**own).drop("owner_id", "new")
