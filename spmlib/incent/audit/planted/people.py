"""People: paid after leaving or without a position, too much, or what does not add up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from spmlib.incent.audit.books import Books
from spmlib.incent.audit.planted.copies import WORTH, Planted, changed, drawn, recent

if TYPE_CHECKING:
    import polars as pl

MONTH = ["payee_id", "plan", "period"]


def leavers(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """People who left in the last two or three months of those that paid, and were paid on.

    Innocent beside them: all who left and are paid what their plan still owes them.
    """
    import polars as pl

    months = recent(books)
    begun = books.periods.filter(pl.col("period") == months[-3])["start_date"][0]
    lines = books.earnings.filter(
        pl.col("event_id").is_null(), pl.col("transaction_id").is_not_null()
    ).join(books.payees.select("payee_id", "leave_date"), on="payee_id")
    lines = lines.filter(pl.col("leave_date").is_null(), pl.col("event_date") >= begun)
    people = drawn(lines.select("payee_id").unique().sort("payee_id"), max(1, many // 2), rng)
    after = [begun + timedelta(days=int(day)) for day in rng.integers(0, 60, people.height)]
    left = people.with_columns(new=pl.Series(after, dtype=pl.Date))
    late = books.worth(
        lines.join(left, on="payee_id").filter(pl.col("event_date") >= pl.col("new"))
    )
    paid = late.group_by(MONTH).agg(pl.col("amount").sum()).filter(pl.col("amount") >= WORTH)
    payees = books.payees.join(left, on="payee_id", how="left", maintain_order="left")
    payees = payees.with_columns(leave_date=pl.coalesce("new", "leave_date")).drop("new")
    return Planted(changed(books, payees=payees), _keys(paid))


def inactive(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """People whose positions ended a month or more before those that they are paid for."""
    import polars as pl

    months = recent(books)
    start = books.periods.filter(pl.col("period") == months[-2])["start_date"][0]
    by_event = [n for n, p in books.plans.items() if p.payment is not None and p.payment.by_event]
    paid = _paid(books).filter(pl.col("period").is_in(months[-2:]), ~pl.col("plan").is_in(by_event))
    open_ = books.positions.filter(pl.col("end_date").is_null(), pl.col("start_date") < start)
    open_ = open_.select("payee_id", "plan").join(paid, on=["payee_id", "plan"], how="semi")
    wrong = drawn(open_.unique().sort("payee_id"), max(1, many // 2), rng)
    ends = pl.col("end_date").is_null() & pl.col("payee_id").is_in(wrong["payee_id"].to_list())
    positions = books.positions.with_columns(
        end_date=pl.when(ends).then(pl.lit(start)).otherwise("end_date")
    )
    return Planted(
        changed(books, positions=positions),
        _keys(paid.join(wrong, on=["payee_id", "plan"], how="semi")),
    )


def outliers(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Months that pay somebody four to ten times what was earned: a rate typed wrongly."""
    import polars as pl

    earned = books.worth(books.earnings).group_by(MONTH).agg(pl.col("amount").sum())
    able = earned.filter(
        pl.col("amount") >= 10 * WORTH, pl.col("period").is_in(recent(books))
    ).sort(MONTH)
    wrong = drawn(able, many, rng)
    factors = wrong.select(*MONTH, factor=pl.Series(rng.uniform(4, 10, wrong.height)))
    return Planted(_multiplied(books, factors, MONTH), _keys(wrong))


def totals(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Plans that pay everybody twice to three times as much in a month: a table typed wrongly."""
    import polars as pl

    key = ["plan", "period"]
    earned = books.worth(books.earnings).group_by(key).agg(pl.col("amount").sum())
    able = earned.filter(
        pl.col("amount") >= 30 * WORTH, pl.col("period").is_in(recent(books))
    ).sort(key)
    one = able.group_by("plan", maintain_order=True).agg(pl.col("period").sort())
    picked = one.with_columns(
        period=pl.Series([str(rng.choice(months)) for months in one["period"].to_list()])
    )
    wrong = drawn(picked, many, rng)
    factors = wrong.with_columns(factor=pl.Series(rng.uniform(2, 3, wrong.height)))
    keys = tuple(f"{plan}/{period}" for plan, period in wrong.select(key).iter_rows())
    return Planted(_multiplied(books, factors, key), keys)


def unexplained(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Payouts that somebody changed by hand."""
    import polars as pl

    wrong = drawn(_paid(books), many, rng)
    more = pl.Series(rng.integers(30, 3000, wrong.height) * 10_000)
    off = wrong.select(*MONTH).with_columns(more=more)
    payouts = books.payouts.join(off, on=MONTH, how="left", maintain_order="left")
    unit = pl.when(pl.col("currency").is_in(["JPY", "IDR"])).then(200).otherwise(1)
    payouts = payouts.with_columns(amount=pl.col("amount") + pl.col("more").fill_null(0) * unit)
    return Planted(changed(books, payouts=payouts.drop("more")), _keys(wrong))


def currencies(books: Books, rng: np.random.Generator, many: int) -> Planted:
    """Payments sent to payroll in another currency than the person is paid in."""
    import polars as pl

    wrong = drawn(_paid(books), many, rng)
    mark = wrong.select(*MONTH, wrong=pl.lit(True))
    payroll = books.payroll.join(mark, on=MONTH, how="left", maintain_order="left")
    other = (
        pl.when(pl.col("payroll_currency") == "USD").then(pl.lit("EUR")).otherwise(pl.lit("USD"))
    )
    money = pl.when("wrong").then(other).otherwise("payroll_currency")
    payroll = payroll.with_columns(payroll_currency=money).drop("wrong")
    return Planted(changed(books, payroll=payroll), _keys(wrong))


def _paid(books: Books) -> pl.DataFrame:
    import polars as pl

    own = books.worth(books.payouts).filter(pl.col("amount") >= WORTH)
    return own.filter(pl.col("period").is_in(recent(books))).sort(MONTH)


def _multiplied(books: Books, factors: pl.DataFrame, by: list[str]) -> Books:
    """The books with some of the earnings multiplied."""
    import polars as pl

    lines = books.earnings.join(
        factors.select(*by, "factor"), on=by, how="left", maintain_order="left"
    )
    amount = (pl.col("amount") * pl.col("factor").fill_null(1.0)).round().cast(pl.Int64)
    return changed(books, earnings=lines.with_columns(amount=amount).drop("factor"))


def _keys(frame: pl.DataFrame) -> tuple[str, ...]:
    return tuple("/".join(row) for row in frame.select(MONTH).unique().sort(MONTH).iter_rows())
