"""Totals: a plan's pay of a month against what was to be expected, and pay that does not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.core.money import CURRENCIES
from spmlib.core.tables import MONEY
from spmlib.incent.audit.books import Books
from spmlib.incent.audit.findings import amount, percent, rows
from spmlib.incent.audit.usual import LEAST_SPREAD, SPREAD, usual
from spmlib.incent.audit.written import Policy, Totals

if TYPE_CHECKING:
    import polars as pl


def totals(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: plans that pay more in a month than expected, by more than chance explains.

    What is expected is what was said (``books.expected``: an accrual, a budget, a forecast), else
    what the plan's people usually earn for what they are credited with.
    """
    import polars as pl

    terms = policy.totals
    own = _expected(books, terms) if books.expected is None else _said(books, books.expected)
    far = (pl.col("total") / pl.col("expected") - 1) >= terms.share
    found = own.filter((pl.col("total") > pl.col("high")) & far, pl.col("expected") > 0)
    width = (pl.col("high") - pl.col("expected")).clip(lower_bound=1.0)
    beyond = (pl.col("total") - pl.col("expected")) / width
    return rows(
        found.with_columns(
            amount=(pl.col("total") - pl.col("expected")).round(), score=1 - 0.4 / beyond
        ),
        "totals",
        pl.concat_str("plan", "period", separator="/"),
        pl.concat_str(
            pl.lit("earns "), amount("total"), pl.lit(f" {books.currency} in all, "),
            percent(pl.col("total") / pl.col("expected") - 1), pl.lit(" above the expected "),
            amount(pl.col("expected").round().cast(pl.Int64)), pl.lit("; up to "),
            amount(pl.col("high").round().cast(pl.Int64)), pl.lit(" would be chance"),
        ),
        pl.concat_str("plan", pl.lit(".yaml")),
        "compare the plan's file, and what was credited, with the month before: spm diff",
        books.currency,
    )  # fmt: skip


def unexplained(books: Books, policy: Policy) -> pl.DataFrame:
    """Findings: payouts that are not the sum of their lines, exact to the minor unit."""
    import polars as pl

    del policy  # nothing may be unexplained
    key = ["payee_id", "plan", "period", "currency"]
    lines = books.payments.group_by(key).agg(lines=pl.col("amount").sum())
    paid = books.payouts.select(*key, paid="amount")
    both = paid.join(lines, on=key, how="full", coalesce=True).with_columns(
        pl.col("paid", "lines").fill_null(0)
    )
    units = {code: MONEY // 10**places for code, places in CURRENCIES.items()}
    unit = pl.col("currency").replace_strict(units, default=1, return_dtype=pl.Int64)
    off = both.with_columns(off=pl.col("paid") - pl.col("lines")).filter(
        pl.col("off").abs() >= unit
    )
    told = books.worth(off.with_columns(amount=pl.col("off").abs()).rename({"currency": "of"})
                       .with_columns(currency="of"))  # fmt: skip
    return rows(
        told.with_columns(score=pl.lit(1.0)),
        "unexplained",
        pl.concat_str("payee_id", "plan", "period", separator="/"),
        pl.concat_str(
            pl.lit("is paid "), amount("paid"), pl.lit(" "), "of",
            pl.lit(", and the lines of pay add up to "),
            amount("lines"),
        ),
        pl.concat_str(pl.lit("payouts "), "payee_id"),
        "compute the month again; find who changed the payout by hand",
        books.currency,
    )  # fmt: skip


def _expected(books: Books, terms: Totals) -> pl.DataFrame:
    """Each plan and month: total, expected and the highest that chance explains [ticks]."""
    import polars as pl
    from scipy.stats import norm

    people = usual(books, terms.months, terms.history, others=True)
    own = people.group_by("plan", "period", "month").agg(
        total=pl.col("earned").sum(), expected=pl.col("expected").sum()
    )
    positive = (pl.col("total") > 0) & (pl.col("expected") > 0)
    own = own.with_columns(
        away=pl.when(positive).then((pl.col("total") / pl.col("expected")).log())
    )
    window: dict[str, Any] = {"window_size": terms.months, "min_samples": terms.history}
    by: dict[str, Any] = {"partition_by": "plan", "order_by": "month"}
    middle = pl.col("away").shift(1).rolling_median(**window).over(**by)
    # A plan that seldom pays has no usual distance from what is expected.
    own = own.with_columns(middle=middle.fill_null(0.0))
    off = (pl.col("away") - pl.col("middle")).abs().shift(1)
    spread = SPREAD * off.rolling_median(window_size=terms.months, min_samples=2).over(**by)
    own = own.with_columns(spread=spread.fill_null(LEAST_SPREAD).clip(lower_bound=LEAST_SPREAD))
    expected = pl.col("expected") * pl.col("middle").exp()
    most = float(norm.ppf((1 + terms.sure) / 2))
    return own.with_columns(expected=expected, high=expected * (most * pl.col("spread")).exp())


def _said(books: Books, expected: pl.DataFrame) -> pl.DataFrame:
    """The same, where somebody said what to expect."""
    import polars as pl

    paid = books.worth(books.payouts).group_by("plan", "period").agg(total=pl.col("amount").sum())
    told = expected.select("plan", "period", "high", expected="amount")
    return paid.join(told, on=["plan", "period"])
