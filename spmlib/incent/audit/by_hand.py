"""By hand: adjustments that come again, stay just below a limit, or that nobody else approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.incent.audit import findings
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import amount, rows
from spmlib.incent.audit.written import Policy

if TYPE_CHECKING:
    import polars as pl


def repeated_adjustments(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: the same person, cause and approver month after month; that month is at stake."""
    import polars as pl

    key = ["payee_id", "cause", "approved_by"]
    months = (
        adjusted(books)
        .filter(pl.col("worth") > 0)
        .group_by(*key, "period", "month")
        .agg(pl.col("worth").sum(), place=pl.col("adjustment_id").sort().str.join(", "))
    )
    by: dict[str, Any] = {"partition_by": key, "order_by": "month"}
    run = (pl.col("month").diff() != 1).fill_null(True).cum_sum().over(**by)
    months = months.with_columns(run=run)
    by = {"partition_by": [*key, "run"], "order_by": "month"}
    months = months.with_columns(
        row=pl.col("month").cum_count().over(**by), all=pl.col("worth").cum_sum().over(**by)
    )
    found = months.filter(pl.col("row") >= policy.adjustments.months)
    return rows(
        found.with_columns(amount="worth", score=1 - 0.5 ** (pl.col("row") - 1).cast(pl.Float64)),
        "repeated_adjustments",
        pl.concat_str(
            "payee_id", "cause", pl.col("approved_by").fill_null("nobody"), "period", separator="/"
        ),
        pl.concat_str(
            pl.lit("given "), "cause", pl.lit(" in "), pl.col("row").cast(pl.String),
            pl.lit(" months in a row, approved by "), pl.col("approved_by").fill_null("nobody"),
            pl.lit(": "), amount("all"), pl.lit(f" {books.currency} in all"),
        ),
        pl.concat_str(pl.lit("adjustments "), "place"),
        "mend what is adjusted every month: the plan, the quota or the crediting rule",
        books.currency,
    )  # fmt: skip


def below_limit(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: adjustments at or just below an amount above which somebody else approves."""
    import polars as pl

    terms = policy.adjustments
    near = [_near(adjusted(books), limit, terms.below) for limit in terms.limits]
    if not near:
        return findings.none()
    found = pl.concat(near).with_columns(
        again=pl.len().over("limit", pl.coalesce("requested_by", "approved_by", "payee_id"))
    )
    return rows(
        found.with_columns(
            amount="worth", score=1 - 0.5 ** pl.col("again").cast(pl.Float64)
        ),
        "below_limit",
        pl.col("adjustment_id"),
        pl.concat_str(
            amount("worth"), pl.lit(f" {books.currency} is just below the limit of "),
            amount("limit"), pl.lit("; asked for by "),
            pl.col("requested_by").fill_null("nobody"), pl.lit(", who did so "),
            pl.col("again").cast(pl.String), pl.lit(" times; "), pl.col("reason").fill_null(""),
        ),
        pl.concat_str(pl.lit("adjustments "), "adjustment_id"),
        "have it approved as if it were above the limit, with others of its kind",
        books.currency,
    )  # fmt: skip


def unapproved(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: adjustments approved by nobody, by who asked for them, or by who is paid."""
    import polars as pl

    del policy  # nobody approves their own
    told = adjusted(books)
    names = books.payees.select("payee_id", named=_word("name"))
    told = told.join(names, on="payee_id", how="left")
    approver, asker = _word("approved_by"), _word("requested_by")
    payee = (approver == _word("payee_id")) | (approver == pl.col("named"))
    why = (
        pl.when(approver.is_null() | (approver == ""))
        .then(pl.lit("nobody approved it"))
        .when(payee)
        .then(pl.lit("the person paid approved it"))
        .when(approver == asker)
        .then(pl.lit("who asked for it approved it"))
    )
    found = told.with_columns(why=why).drop_nulls("why").filter(pl.col("worth") > 0)
    return rows(
        found.with_columns(amount="worth", score=pl.when("kept_back").then(0.3).otherwise(1.0)),
        "unapproved",
        pl.col("adjustment_id"),
        pl.concat_str(
            "why", pl.lit(": "), amount("worth"), pl.lit(f" {books.currency}, "),
            pl.col("cause").fill_null("no cause"), pl.lit(", asked for by "),
            pl.col("requested_by").fill_null("nobody"),
            pl.when("kept_back").then(pl.lit("; it is not paid yet")).otherwise(pl.lit("")),
        ),
        pl.concat_str(pl.lit("adjustments "), "adjustment_id"),
        "have somebody else approve it before it is paid",
        books.currency,
    )  # fmt: skip


def adjusted_twice(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: adjustments of the same person, cause and amount in one month."""
    import polars as pl

    del policy
    key = ["payee_id", "period", "cause", "amount", "transaction_id"]
    told = adjusted(books).filter(pl.col("worth") > 0).sort("adjustment_id")
    twice = told.with_columns(
        place=pl.col("adjustment_id").first().over(key), row=pl.int_range(pl.len()).over(key)
    ).filter(pl.col("row") > 0)
    return rows(
        twice.with_columns(amount="worth", score=pl.lit(0.9)),
        "adjusted_twice",
        pl.concat_str("place", pl.lit("+"), "adjustment_id"),
        pl.concat_str(
            pl.lit("the same person, month, cause and amount as "), "place", pl.lit(": "),
            amount("worth"), pl.lit(f" {books.currency}"),
        ),
        pl.concat_str(pl.lit("adjustments "), "adjustment_id"),
        "ask which of the two is right, and withdraw the other",
        books.currency,
    )  # fmt: skip


def adjusted(books: Books) -> pl.DataFrame:
    """Adjustments with the months that pay them, and what each is worth [currency of the books]."""
    import polars as pl

    money = pl.DataFrame(
        {"plan": list(books.plans), "currency": [plan.currency for plan in books.plans.values()]},
        schema={"plan": pl.String, "currency": pl.String},
    )
    paid_in = books.payees.select("payee_id", own="currency")
    told = books.adjustments.join(money, on="plan", how="left").join(
        paid_in, on="payee_id", how="left"
    )
    paid = books.earnings.filter(pl.col("kind") == "adjustment")["event_id"].to_list()
    told = told.with_columns(
        currency=pl.coalesce("currency", "own"),
        worth="amount",
        known_date=pl.max_horizontal("recorded_date", "event_date"),
        # Where the calculation pays adjustments, it keeps back what nobody else approved.
        kept_back=pl.lit(bool(paid)) & ~pl.col("adjustment_id").is_in(paid),
    )
    return books.worth(books.dated(told.drop("own"), "known_date"), "worth")


def _near(told: pl.DataFrame, limit: int, below: float) -> pl.DataFrame:
    import polars as pl

    least = round(limit * (1 - below))
    near = (pl.col("worth") >= least) & (pl.col("worth") <= limit)
    return told.filter(near).with_columns(limit=pl.lit(limit, pl.Int64))


def _word(name: str) -> pl.Expr:
    """Who is named, however they are written."""
    import polars as pl

    return pl.col(name).str.strip_chars().str.to_lowercase()
