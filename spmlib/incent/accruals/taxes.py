"""Taxes: what the employer pays on accrued pay, person by person, against wage bases.

At a month's end, what would be due if all that is owed were paid next: on top of the base pay up to
then and of what was paid before in that calendar year. So whoever is above the wage base costs only
what has none, and what is earned in December and paid in January counts in the new year. A month
is charged with what that is more than a month before, and with what was due on what it paid::

    charged = closing - opening + paid

Source: IRC 3111 and 3121(a)(1): the tax is on wages by the calendar year in which they are paid.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from spmlib.core import engine
from spmlib.incent.accruals.balances import WHOSE
from spmlib.incent.accruals.books import Books
from spmlib.incent.accruals.wages import base_pay, in_payroll
from spmlib.rules.employer_taxes import EmployerTaxes, due_in_ticks

if TYPE_CHECKING:
    import polars as pl

NAMED = ["payee_id", "currency", "tax"]
STEPS = ("opening", "charged", "paid", "closing")


def charged(
    books: Books, period: str, opening: pl.DataFrame, closing: pl.DataFrame
) -> pl.DataFrame:
    """What a month is charged with for taxes on pay, tax by tax.

    Args:
        books: of the company.
        period: the month.
        opening: of `balances.standing`, at the end of the month before.
        closing: of `balances.standing`, at its end.

    Returns:
        payee_id, currency (of the payroll), tax, opening, charged, paid (below 0), closing [ticks].

    Raises:
        ParameterError: nothing is said of somebody's currency or of a year; there is no rate from
            the plan's currency to the payroll's.
    """
    import polars as pl

    parts = {
        "opening": on_owing(books, books.before(period), opening),
        "paid": on_paid(books, period, opening, closing),
        "closing": on_owing(books, period, closing),
    }
    told = [
        part.with_columns(pl.lit(name).alias("step")).select(*NAMED, "step", "due")
        for name, part in parts.items()
    ]
    steps = {name: pl.col("due").filter(pl.col("step") == name).sum() for name in parts}
    summed = pl.concat(told).group_by(NAMED).agg(**steps)
    made = summed.with_columns(
        charged=pl.col("closing") - pl.col("opening") + pl.col("paid"), paid=-pl.col("paid")
    )
    return made.select(*NAMED, *STEPS).sort(NAMED)


def on(pay: pl.DataFrame, taxes: EmployerTaxes, day: date) -> pl.DataFrame:
    """What is due on pay of a day, tax by tax.

    Args:
        pay: payee_id, currency (of the payroll), amount, before (paid in the year) [ticks].
        taxes: by payroll currency.
        day: on which it is paid.

    Returns:
        payee_id, currency, tax, due [ticks].
    """
    import polars as pl

    frames = [pl.DataFrame(schema=dict.fromkeys(NAMED, pl.String) | {"due": pl.Int64})]
    for (currency,), rows in pay.group_by("currency", maintain_order=True):
        amounts, wages = rows["amount"].to_numpy(), rows["before"].to_numpy()
        for name, tax in taxes.of(str(currency), day).items():
            due = pl.Series(due_in_ticks(tax, amounts, wages, str(currency)))
            frames.append(rows.select("payee_id", "currency", tax=pl.lit(name), due=due))
    return pl.concat(frames)


def on_owing(books: Books, period: str | None, standing: pl.DataFrame) -> pl.DataFrame:
    """The taxes that would be due if all that is owed at a month's end were paid next: as `on`."""
    after = books.policy.paid_after
    rows = standing.select(*WHOSE, amount="owing")
    day = pay_day(books.ends(period).day, after) if period else date.max
    last = books.before(period, after) if period else None
    return on(with_wages(books, rows, period, last, day), books.taxes, day)


def on_paid(
    books: Books, period: str, opening: pl.DataFrame, closing: pl.DataFrame
) -> pl.DataFrame:
    """The taxes that were due on what a month paid: as `on`."""
    import polars as pl

    was = opening.select(*WHOSE, was="paid")
    both = closing.select(*WHOSE, "paid").join(was, on=WHOSE, how="full", coalesce=True)
    amount = pl.col("paid").fill_null(0) - pl.col("was").fill_null(0)
    day = books.ends(period).day - timedelta(days=1)
    last = books.before(period, books.policy.paid_after + 1)
    rows = with_wages(books, both.select(*WHOSE, amount=amount), period, last, day)
    return on(rows, books.taxes, day)


def with_wages(
    books: Books, rows: pl.DataFrame, period: str | None, last: str | None, day: date
) -> pl.DataFrame:
    """Pay by person in the payroll's currency, with what was paid in the year before it.

    Args:
        books: of the company.
        rows: payee_id, plan, currency, amount [ticks].
        period: whose month end says what rates are; none where there is nothing to pay.
        last: the last month that was paid before; none: nothing was.
        day: on which it is paid.

    Returns:
        payee_id, currency (of the payroll), amount, before [ticks]; amounts of 0 are left out.
    """
    import polars as pl

    if period is None:
        return rows.select("payee_id", "currency", "amount", before="amount").clear()
    nothing = pl.lit(0, pl.Int64)
    base = base_pay(books.company, books.parameters.plans, day)
    parts = [rows.with_columns(before=nothing), base.with_columns(amount=nothing)]
    if last is not None:
        earlier = books.ends(last).payouts.filter(pl.col("period").is_in(_paid_in(books, day.year)))
        own = earlier.select(*WHOSE, amount=nothing, before="amount")
        parts.append(own)
    columns = [*WHOSE, "amount", "before"]
    summed = pl.concat([part.select(columns) for part in parts]).group_by(WHOSE)
    turned = in_payroll(
        summed.agg(pl.col("amount", "before").sum()), books.company, books.ends(period).day
    )
    told = turned.group_by("payee_id", "currency").agg(pl.col("amount", "before").sum())
    return told.filter(pl.col("amount") != 0).sort("payee_id", "currency")


def pay_day(after: date, months: int) -> date:
    """The last day of the month in which a month is paid.

    Args:
        after: the first day after the month.
        months: how many months later it is paid.

    >>> pay_day(date(2027, 1, 1), 1)
    datetime.date(2027, 1, 31)
    """
    last = after - timedelta(days=1)
    year, month = divmod(last.year * 12 + last.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _paid_in(books: Books, year: int) -> list[str]:
    """The periods that are paid in a calendar year."""
    rows = engine.collected(books.company.calendar).select("period", "end_date").iter_rows()
    after = books.policy.paid_after
    return [period for period, end in rows if pay_day(end, after).year == year]
