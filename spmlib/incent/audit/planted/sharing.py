"""Sharing: credits above policy or rolled up twice, and deals whose sharers are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.tables import SHARE
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.planted.copies import Planted, changed, drawn, paying, recent

if TYPE_CHECKING:
    import polars as pl

GROUP = ["owner_id", "segment"]


def over_credited(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Colleagues who share in deals whose owners keep all of them: 110 % to 200 % in all."""
    import polars as pl

    own = books.credits.filter(pl.col("rule") == "owner", pl.col("event_id").is_null())
    paid = books.pay.filter(pl.col("amount") >= 600 * 10_000)  # a tenth of it matters
    own = own.join(paying(books), on="transaction_id", how="semi").sort("transaction_id")
    own = own.join(paid, on=["transaction_id", "payee_id"], how="semi")
    wrong = drawn(own, many, rng)
    share = pl.Series(rng.integers(10, 100, wrong.height)) * (SHARE // 100)
    people = books.credits["payee_id"].unique().sort().to_numpy()
    other = pl.Series(rng.choice(people, wrong.height).tolist(), dtype=pl.String)
    # The whole stays with the owner, and the colleague is credited beside.
    whole = pl.col("transaction_id").is_in(wrong["transaction_id"].to_list()) & (
        pl.col("rule") == "owner"
    )
    credits = books.credits.with_columns(share=pl.when(whole).then(SHARE).otherwise("share"))
    extra = wrong.with_columns(
        rule=pl.lit("shared"),
        share=share,
        payee_id=other,
        through_id=other,
        level=pl.lit(0, pl.Int64),
    )
    made = pl.concat([credits, extra.select(credits.columns)], how="vertical_relaxed")
    return Planted(changed(books, credits=made), tuple(wrong["transaction_id"]))


def double_roll_ups(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Managers credited once more with what their people are credited with, a level up."""
    import polars as pl

    key = ["transaction_id", "payee_id", "through_id"]
    lines = books.worth(books.earnings).filter(
        pl.col("amount") >= 30 * 10_000, pl.col("event_id").is_null()
    )
    up = books.credits.filter(
        pl.col("level") == 1, pl.col("event_id").is_null(), pl.col("period").is_in(recent(books))
    ).join(lines, on=key, how="semi")
    wrong = drawn(up.sort(key), many, rng)
    again = wrong.with_columns(level=pl.col("level") + 1)
    paid = books.earnings.join(wrong, on=key, how="semi").filter(pl.col("event_id").is_null())
    return Planted(
        changed(
            books,
            credits=pl.concat([books.credits, again]),
            earnings=pl.concat([books.earnings, paid]),
        ),
        tuple("/".join(row) for row in wrong.select(key).iter_rows()),
    )


def missing_splits(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Deals that nobody shares, of owners who always share with one colleague in a segment.

    Innocent beside them: all other deals that nobody shares, and every fourth pair shares only
    half of its deals.
    """
    import polars as pl

    lines = books.booked.filter(pl.col("amount") > 0).join(books.accounts, on="account_id")
    lines = lines.with_columns(deal=pl.coalesce("deal_id", "transaction_id"))
    deals = lines.group_by(*GROUP, "deal").agg(
        day=pl.col("event_date").min(), period=pl.col("period").first()
    )
    pay = books.pay.select("transaction_id", "amount", owner_id="payee_id")
    paid = lines.join(pay, on=["transaction_id", "owner_id"], suffix="_paid")
    worth = paid.group_by("deal").agg(worth=pl.col("amount_paid").sum())
    deals = deals.join(worth, on="deal").sort("day", "deal")
    place = pl.int_range(pl.len()).over(GROUP)
    deals = deals.with_columns(
        place=place, able=(place >= 10) & pl.col("period").is_in(recent(books))
        & (pl.col("worth") >= 200 * 10_000)
    )  # fmt: skip
    groups = deals.filter("able").select(GROUP).unique().sort(GROUP)
    chosen = drawn(groups, many, rng).with_row_index("pair")
    own = deals.join(chosen, on=GROUP).sort("pair", "day", "deal")
    half = pl.col("pair") % 4 == 3
    last = own.filter("able", ~half).group_by("pair", maintain_order=True).last()
    bare = pl.col("deal").is_in(last["deal"].to_list()) | (half & (pl.col("place") % 2 == 0))
    shared = own.filter(~bare)
    return Planted(_with_splits(books, lines, own, shared), tuple(last["deal"]))


def opportunity_owners(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Opportunities that a colleague of the same role pursued, and is credited with nothing of."""
    import polars as pl

    deals = paying(books).drop_nulls("deal_id").group_by("deal_id").agg(pl.col("owner_id").first())
    own = books.opportunities.drop_nulls("deal_id").join(
        deals, on=["deal_id", "owner_id"], how="semi"
    )
    wrong = drawn(own.sort("deal_id"), many, rng)
    here = books.payees.filter(pl.col("leave_date").is_null())["payee_id"].sort()
    credited = (
        books.credits.join(
            books.transactions.select("transaction_id", "deal_id"), on="transaction_id"
        )
        .select("deal_id", "payee_id")
        .unique()
    )
    free = wrong.select("deal_id").join(here.to_frame(), how="cross").join(
        credited, on=["deal_id", "payee_id"], how="anti"
    ).sort("deal_id", "payee_id")  # fmt: skip
    lots = pl.Series(rng.random(free.height))
    other = free.with_columns(lot=lots).sort("lot").unique("deal_id", keep="first")
    new = dict(other.select("deal_id", "payee_id").iter_rows())
    opportunities = books.opportunities.with_columns(
        owner_id=pl.col("deal_id").replace_strict(new, default=pl.col("owner_id"))
    )
    keys = tuple(f"{deal}/{person}" for deal, person in sorted(new.items()))
    return Planted(changed(books, opportunities=opportunities), keys)


def _with_splits(
    books: Books, lines: pl.DataFrame, own: pl.DataFrame, shared: pl.DataFrame
) -> Books:
    """The books in which those deals are shared with one colleague, and their likes are not."""
    import polars as pl

    of_pair = lines.join(own.select("deal"), on="deal", how="semi")["transaction_id"].to_list()
    rest = books.splits.filter(~pl.col("transaction_id").is_in(of_pair))
    people = books.payees["payee_id"].sort()
    colleague = pl.col("pair").cast(pl.Int64) % people.len()
    given = lines.join(shared.select("deal", "pair"), on="deal").select(
        "transaction_id",
        payee_id=colleague.replace_strict(dict(enumerate(people.to_list()))),
        share=pl.lit(3 * SHARE // 10, pl.Int64),
    )
    return changed(books, splits=pl.concat([rest.select(given.columns), given]))
