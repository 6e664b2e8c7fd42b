"""Missing splits: deals that one person has alone, where others usually share or did the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from spmlib.core.tables import SHARE
from spmlib.incent.audit import findings
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import amount, percent, rows
from spmlib.incent.audit.written import Policy, Standing

if TYPE_CHECKING:
    import polars as pl


def missing_splits(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: deals that nobody shares, where earlier ones like them nearly always were shared.

    At stake is what the deal pays its owner, times the share usually given away.
    """
    import polars as pl

    deals = _deals(books)
    found = [_unshared(deals, by, policy.splits) for by in policy.splits.by]
    if not found or all(frame.is_empty() for frame in found):
        return findings.none()
    together = pl.concat(found).sort("like", "of", descending=[True, False])
    best = together.unique("deal", keep="first", maintain_order=True)
    return rows(
        best.with_columns(
            amount=(pl.col("pay") * pl.col("usual")).round(), score=pl.col("like"),
            transaction_id="first",
        ),
        "missing_splits",
        pl.col("deal"),
        pl.concat_str(
            pl.lit("nobody shares it, and "), pl.col("shared_before").cast(pl.String),
            pl.lit(" of "), pl.col("before").cast(pl.String), pl.lit(" earlier deals of "), "of",
            pl.lit(" were shared, lately with "), "colleague", pl.lit(" at "),
            percent(pl.col("usual")), pl.lit("; it pays "), "owner_id", pl.lit(" "), amount("pay"),
            pl.lit(f" {books.currency}"),
        ),
        pl.lit(policy.splits.place),
        "ask whether the colleague shares in it, and add the split",
        books.currency,
    )  # fmt: skip


def opportunity_owners(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: deals whose opportunity somebody else pursued, who is credited with nothing of it.

    At stake is what the deal pays its owner. Who had left by then needs no credit.
    """
    import polars as pl

    del policy  # who pursued a deal is on record
    deals = _deals(books).drop_nulls("owner_id")
    gone = books.payees.select(pursuer="payee_id", leave_date="leave_date")
    pursued = books.opportunities.drop_nulls(["deal_id", "owner_id"]).select(
        "opportunity_id", deal="deal_id", pursuer="owner_id"
    )
    other = deals.join(pursued, on="deal").filter(pl.col("pursuer") != pl.col("owner_id"))
    other = other.join(gone, on="pursuer").filter(
        pl.col("leave_date").is_null() | (pl.col("leave_date") > pl.col("day"))
    )
    direct = books.credits.filter(pl.col("level") == 0).select("transaction_id", "payee_id")
    of_deal = books.transactions.select("transaction_id", deal=_deal())
    credited = direct.join(of_deal, on="transaction_id").select("deal", pursuer="payee_id").unique()
    found = other.join(credited, on=["deal", "pursuer"], how="anti")
    return rows(
        found.with_columns(
            amount="pay", score=pl.lit(0.8), transaction_id="first", payee_id="owner_id"
        ),
        "opportunity_owners",
        pl.concat_str("deal", "pursuer", separator="/"),
        pl.concat_str(
            "pursuer", pl.lit(" pursued opportunity "), "opportunity_id",
            pl.lit(" and is credited with nothing of it; it pays "), "owner_id", pl.lit(" "),
            amount("pay"), pl.lit(f" {books.currency}"),
        ),
        pl.concat_str(pl.lit("opportunities "), "opportunity_id"),
        "ask both, and correct the owner or add the split",
        books.currency,
    )  # fmt: skip


def _deal() -> pl.Expr:
    import polars as pl

    return pl.coalesce("deal_id", "transaction_id")


def _deals(books: Books) -> pl.DataFrame:
    """One row for each deal with what it pays its owner, and how it was shared."""
    import polars as pl

    shared = books.splits.group_by("transaction_id").agg(
        given=pl.col("share").sum() / SHARE, colleague=pl.col("payee_id").first()
    )
    own = books.pay.select("transaction_id", "amount", owner_id="payee_id")
    lines = (
        books.booked.filter(pl.col("amount") > 0)
        .join(shared, on="transaction_id", how="left")
        .join(own, on=["transaction_id", "owner_id"], how="left", suffix="_paid")
        .join(books.accounts.drop("latitude", "longitude"), on="account_id", how="left")
    )
    kept = [c for c in lines.columns if c not in ("amount", "amount_paid", "given", "colleague")]
    firsts = [c for c in kept if c not in ("transaction_id", "event_date", "deal_id")]
    return (
        lines.sort("transaction_id")
        .group_by(deal=_deal())
        .agg(
            pl.col(firsts).first(),
            first=pl.col("transaction_id").first(),
            day=pl.col("event_date").min(),
            given=pl.col("given").max(),
            colleague=pl.col("colleague").drop_nulls().first(),
            pay=pl.col("amount_paid").fill_null(0).sum(),
        )
    )


def _unshared(deals: pl.DataFrame, by: Sequence[str], terms: Standing) -> pl.DataFrame:
    """Deals that are not shared, with what is usual for the deals before them."""
    import polars as pl

    columns = [name for name in by if name in deals.columns]
    told = deals.drop_nulls(columns).sort("day", "deal")
    shared = pl.col("given").is_not_null()
    before = (pl.int_range(pl.len()).over(columns)).alias("before")
    count = (shared.cast(pl.Int64).cum_sum() - shared.cast(pl.Int64)).over(columns)
    given = pl.col("given").fill_null(0)
    sums = (given.cum_sum() - given).over(columns)
    told = told.with_columns(
        before,
        shared_before=count,
        usual=sums / count,
        colleague=pl.col("colleague").shift(1).forward_fill().over(columns),
        of=pl.concat_str(columns, separator=" and "),
        unshared=~shared,
    )
    like = pl.col("shared_before") / pl.col("before")
    enough = (pl.col("before") >= terms.deals) & (like >= terms.share)
    found = told.filter("unshared", enough, pl.col("pay") > 0)
    return found.select(
        "deal", "first", "period", "owner_id", "pay", "before", "shared_before", "usual",
        "colleague", "of", like=like, payee_id="owner_id",
    )  # fmt: skip
