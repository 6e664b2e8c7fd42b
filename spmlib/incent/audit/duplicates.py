"""Duplicates: lines that were booked twice, exactly or nearly.

Lines are compared only with those near them: in blocks that agree in customer or in owner and
product, in classes of amounts, in the order of days, with the few that follow. So the work grows
with the lines, not with their pairs. What comes again regularly, as a subscription does, is no
duplicate: a pair has to lie closer together than its likes usually do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from spmlib.incent.audit import names
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import amount, percent, rows
from spmlib.incent.audit.written import Duplicates, Policy

if TYPE_CHECKING:
    import polars as pl

NEAREST = 6  # lines that follow in a block which a line is compared with
SERIES = 4  # so many alike have a usual distance
BLOCKS = (  # what lines that are compared agree in
    ("customer", "currency"),
    ("customer", "product_id", "currency"),
    ("owner_id", "product_id", "currency"),
)
KEPT = (
    *("transaction_id", "day", "amount", "currency", "account_id", "customer", "owner_id"),
    *("product_id", "kind", "quantity", "deal_id"),
)


def duplicates(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: lines that may be another one booked again; what the later one pays is at stake."""
    import polars as pl

    found = pairs(books.transactions, books.accounts, policy.duplicates)
    later = books.booked.select("transaction_id", "known_date", "period", "month")
    both = found.join(later, on="transaction_id").join(
        later, left_on="other_id", right_on="transaction_id", suffix="_other"
    )
    # The one that came to be known later is the copy.
    turned = (pl.col("known_date_other"), pl.col("other_id"))
    is_later = (pl.col("known_date") > turned[0]) | (
        (pl.col("known_date") == turned[0]) & (pl.col("transaction_id") > turned[1])
    )
    both = both.with_columns(
        copy=pl.when(is_later).then("transaction_id").otherwise("other_id"),
        first=pl.when(is_later).then("other_id").otherwise("transaction_id"),
        period=pl.when(is_later).then("period").otherwise("period_other"),
    )
    paid = books.by_transaction.rename({"amount": "pay"})
    first = paid.select("transaction_id", first_pay="pay")
    both = both.join(paid, left_on="copy", right_on="transaction_id").join(
        first, left_on="first", right_on="transaction_id"
    )
    # Where one of them was taken back, there is nothing left to hold back.
    both = both.filter(pl.col("pay") > 0, pl.col("first_pay") > 0)
    best = both.sort("score", "first", descending=[True, False]).unique("copy", keep="first")
    evidence = pl.concat_str(
        pl.lit("booked like "), "first", pl.lit(": "), "said", pl.lit("; it pays "), amount("pay"),
        pl.lit(f" {books.currency} to "), pl.col("payees").cast(pl.String), pl.lit(" people"),
    )  # fmt: skip
    return rows(
        best.with_columns(transaction_id="copy", amount="pay"),
        "duplicates",
        pl.concat_str("first", pl.lit("+"), "copy"),
        evidence,
        pl.col("source"),
        "ask which of the two is right, and withdraw the other",
        books.currency,
    )


def pairs(transactions: pl.DataFrame, accounts: pl.DataFrame, terms: Duplicates) -> pl.DataFrame:
    """The pairs of lines that may be one, and how sure that is.

    Args:
        transactions: Transactions [ticks]; lines without an amount are not looked at.
        accounts: Accounts, for the customers' names.
        terms: how far apart two lines may be.

    Returns:
        transaction_id and other_id (each pair once), score from 0 to 1, days and apart (between
        them; a ratio of their amounts), and said: in what they differ.
    """
    import polars as pl

    lines = _lines(transactions, accounts)
    near = [pair for block in BLOCKS for pair in _near(lines, block, terms)]
    none = lines.select(one="row", other="row").head(0)
    ids = pl.concat([none, *near]).unique(maintain_order=False)
    one = ids.join(lines, left_on="one", right_on="row").join(
        lines, left_on="other", right_on="row", suffix="_other"
    )
    return _scored(one, terms).filter(pl.col("score") >= terms.sure)


def _lines(transactions: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    named = accounts.select("account_id", customer=names.plain(pl.col("name")))
    found = transactions.filter(pl.col("amount") != 0).join(named, on="account_id", how="left")
    customer = pl.coalesce("customer", pl.concat_str(pl.lit("#"), "account_id"))
    day = pl.col("event_date").cast(pl.Int32)
    return found.with_columns(customer=customer, day=day).select(*KEPT).with_row_index("row")


def _near(lines: pl.DataFrame, block: Sequence[str], terms: Duplicates) -> Iterator[pl.DataFrame]:
    """Pairs of rows of a block whose days and amounts are near."""
    import polars as pl

    width = max(2 * terms.share, 1e-9)
    size = pl.col("amount").abs().cast(pl.Float64).log() / width
    told = lines.drop_nulls(list(block))
    for shift in (0.0, 0.5):  # two lines a width apart meet in one of the two
        sign, grade = pl.col("amount").sign(), (size + shift).floor().cast(pl.Int64)
        of = pl.struct(*block, sign=sign, grade=grade)
        ordered = told.select("row", "day", "amount", block=of.hash()).sort("block", "day", "row")
        usual = _usual(ordered)
        for step in range(1, NEAREST + 1):
            pair = ordered.select(
                one=pl.col("row").shift(step),
                other="row",
                same=pl.col("block") == pl.col("block").shift(step),
                days=pl.col("day") - pl.col("day").shift(step),
                usual=usual,
            )
            close = pl.col("same") & (pl.col("days") <= terms.days)
            found = pair.filter(close & (2 * pl.col("days") <= pl.col("usual")))
            if found.is_empty() and pair.filter(close).is_empty():
                break
            yield found.select(
                one=pl.min_horizontal("one", "other"), other=pl.max_horizontal("one", "other")
            )


def _usual(ordered: pl.DataFrame) -> pl.Series:
    """Days that lines of a block usually lie apart; without end where too few are alike."""
    import polars as pl

    inside = pl.col("block") == pl.col("block").shift(1)
    gaps = ordered.select("block", gap=pl.when(inside).then(pl.col("day").diff()))
    count = gaps.group_by("block").len().filter(pl.col("len") >= SERIES)
    dense = gaps.join(count, on="block", how="semi").group_by("block")
    usual = dense.agg(usual=pl.col("gap").median())
    told = ordered.join(usual, on="block", how="left", maintain_order="left")
    return told["usual"].fill_null(float("inf"))


def _scored(pair: pl.DataFrame, terms: Duplicates) -> pl.DataFrame:
    """Each pair with its score: the product of what each difference leaves of it."""
    import polars as pl

    larger = pl.max_horizontal(pl.col("amount").abs(), pl.col("amount_other").abs())
    apart = (pl.col("amount") - pl.col("amount_other")).abs() / larger
    pair = pair.filter(apart <= terms.share).with_columns(
        days=(pl.col("day") - pl.col("day_other")).abs(), apart=apart
    )
    pair = _named(pair).filter(pl.col("like") >= terms.alike)
    differ = {
        "amount": pl.col("amount") != pl.col("amount_other"),
        "day": pl.col("days") > 0,
        "customer": pl.col("account_id").ne_missing(pl.col("account_id_other")),
        **{
            word: pl.col(name).ne_missing(pl.col(f"{name}_other"))
            for word, name in (
                ("product", "product_id"),
                ("quantity", "quantity"),
                ("kind", "kind"),
                ("owner", "owner_id"),
            )
        },
    }
    score = pl.lit(1.0)
    for word, found in differ.items():
        kept = terms.scores[word]
        power = pl.col("days").cast(pl.Float64) if word == "day" else found.cast(pl.Float64)
        score = score * pl.lit(kept).pow(power)
    return pair.with_columns(score=score * pl.col("like"), said=_said(differ)).select(
        "transaction_id", "score", "days", "apart", "said", other_id="transaction_id_other"
    )


def _named(pair: pl.DataFrame) -> pl.DataFrame:
    """The pairs with how alike their customers' names are; each two names are compared once."""
    import polars as pl

    both = ["customer", "customer_other"]
    told = pair.select(both).drop_nulls().unique()
    like = names.alike(pl.col(both[0]), pl.col(both[1]))
    return pair.join(told.with_columns(like=like), on=both)


def _said(differ: dict[str, pl.Expr]) -> pl.Expr:
    """In what two lines are alike, and in what they differ."""
    import polars as pl

    count = pl.col("days").cast(pl.String)
    money = (pl.col("amount") - pl.col("amount_other")).abs()
    parts = [
        pl.when(differ["amount"])
        .then(pl.concat_str(pl.lit("amounts "), amount(money), pl.lit(" apart")))
        .otherwise(pl.lit("the same amount")),
        pl.when(differ["day"])
        .then(pl.concat_str(count, pl.lit(" days apart")))
        .otherwise(pl.lit("the same day")),
        pl.when(differ["customer"])
        .then(pl.concat_str(pl.lit("customers' names "), percent(pl.col("like")), pl.lit(" alike")))
        .otherwise(pl.lit("the same customer")),
    ]
    for word in ("product", "quantity", "kind", "owner"):
        parts.append(pl.when(differ[word]).then(pl.lit(f"another {word}")))
    return pl.concat_str(parts, separator=", ", ignore_nulls=True)
