"""Known: what the calculation said of everybody's pay with what was known at a month's end.

It is computed to the end of the year, with nothing booked after the month: so windows that run on
have their whole quota and target, and months that are over say just what they would alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company, known_on
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Table
from spmlib.incent.calculation import Parameters, Results, calculated

if TYPE_CHECKING:
    import polars as pl

OWN = ("payee_id", "plan", "component")
TERMS = ("unpaid", "held", "carried", "owed")  # of Balances


@dataclass(frozen=True)
class Known:
    """What was known when a period ended.

    Attributes:
        period: the one that ended.
        day: the first day after it.
        earned: payee_id, plan, component, window, period, currency, amount [ticks].
        late: of what was booked, how much came to be known only after its period had ended:
            payee_id, plan, component, period, booked, late [ticks].
        attained: Attainments, to the end of the year.
        sticks: payee_id, plan, component, window, quota, target, personal_rate, of whole windows.
        payouts: payee_id, plan, period, currency, amount [ticks].
        balances: payee_id, plan, unpaid, held, carried, owed [ticks] at the period's end.
        payroll: payee_id, plan, currency, rate, payroll_currency: of the latest period of each.
        lines: Earnings of the period, line by line.
        windows: window, period, place (of the period in it, from 0), places: of all lengths.
    """

    period: str
    day: date
    earned: pl.DataFrame
    late: pl.DataFrame
    attained: pl.DataFrame
    sticks: pl.DataFrame
    payouts: pl.DataFrame
    balances: pl.DataFrame
    payroll: pl.DataFrame
    lines: pl.DataFrame
    windows: pl.DataFrame


Ends = Callable[[str], Known]


def month_ends(company: Company, parameters: Parameters, until: date | None = None) -> Ends:
    """What was known at the end of each period that is asked for, each computed once.

    Args:
        company: with all that is known now.
        parameters: as they are now.
        until: the day up to which anything is known; there nothing is left out.
    """
    return cache(lambda period: known(company, parameters, period, until))


def known(
    company: Company, parameters: Parameters, period: str, until: date | None = None
) -> Known:
    """What was known when a period ended.

    Raises:
        ParameterError: the calendar has no such period.
    """
    months = periods(company)
    if period not in months:
        ends = f"the calendar has {months[0]} to {months[-1]}"
        raise ParameterError(f"there is no period '{period}'; {ends}.")
    day, last = _ends(company, period)
    return of_results(
        calculated(known_on(company, day, until or date.max), parameters, last),
        company,
        period,
        day,
    )


def of_results(results: Results, company: Company, period: str, day: date) -> Known:
    """What a calculation says of the periods up to one.

    Args:
        results: of a calculation to the end of the period's year.
        company: whose bookings it is of.
        period: the last one that is over.
        day: the first day after it.
    """
    import polars as pl

    over = nw.col("period") <= period
    lines: Table[Any] = engine.kept(results.earnings.filter(over))
    key = (*OWN, "window", "period", "currency")
    paid = engine.collected(results.payroll.filter(over)).sort("period")
    balances = engine.collected(results.balances.filter(nw.col("period") == period))
    payouts = engine.collected(results.payouts.filter(over))
    return Known(
        period=period,
        day=day,
        earned=engine.collected(lines.group_by(*key).agg(nw.col("amount").sum())),
        late=_late(lines, company),
        attained=engine.collected(results.attainments),
        sticks=_sticks(engine.collected(results.terms)),
        payouts=payouts.select("payee_id", "plan", "period", "currency", "amount"),
        balances=balances.select("payee_id", "plan", "currency", *TERMS),
        payroll=paid.group_by("payee_id", "plan", maintain_order=True)
        .agg(pl.col("currency", "payroll_currency").last(), pl.col("rate").drop_nulls().last())
        .sort("payee_id", "plan"),
        lines=engine.collected(lines.filter(nw.col("period") == period)),
        windows=windows(company),
    )


def periods(company: Company) -> list[str]:
    """The periods of the calendar, in order."""
    calendar: Table[Any] = company.calendar
    return engine.collected(calendar.sort("start_date"))["period"].to_list()


def before(company: Company, period: str, by: int = 1) -> str | None:
    """The period that many before one; none where the calendar begins later."""
    months = periods(company)
    place = months.index(period) - by
    return months[place] if place >= 0 else None


def windows(company: Company) -> pl.DataFrame:
    """Which periods every window has: window, period, place (from 0), places."""
    import polars as pl

    rows = engine.collected(company.calendar).sort("start_date")
    parts = [
        rows.select(window=pl.col(length), period=pl.col("period"))
        for length in ("period", "quarter", "half", "year")
    ]
    told = pl.concat(parts)
    return told.with_columns(
        place=pl.int_range(pl.len()).over("window"), places=pl.len().over("window")
    )


def _ends(company: Company, period: str) -> tuple[date, str]:
    """The first day after a period, and the last period of its year."""
    import polars as pl

    rows = engine.collected(company.calendar).sort("start_date")
    own = rows.row(by_predicate=pl.col("period") == period, named=True)
    return own["end_date"], rows.filter(pl.col("year") == own["year"])["period"][-1]


def _late(lines: Table[Any], company: Company) -> pl.DataFrame:
    """What lines of transactions and events come to, and how much of it was late."""
    ends = company.calendar.select("period", period_end="end_date")
    recorded = nw.coalesce("recorded_date", "event_date")
    booked = company.transactions.select("transaction_id", came=recorded)
    happened = company.events.select("event_id", happened=recorded)
    dated = (
        lines.filter(~nw.col("transaction_id").is_null())
        .join(booked, on="transaction_id")
        .join(happened, on="event_id", how="left")
        .join(ends, on="period")
    )
    after = nw.max_horizontal("came", "happened") >= nw.col("period_end")
    told = dated.with_columns(
        late=nw.when(after).then(nw.col("amount")).otherwise(nw.lit(0).cast(nw.Int64))
    )
    summed = told.group_by(*OWN, "period").agg(
        booked=nw.col("amount").sum(), late=nw.col("late").sum()
    )
    return engine.collected(summed)


def _sticks(terms: pl.DataFrame) -> pl.DataFrame:
    """What each whole window is measured with: that of its last segment."""
    import polars as pl

    rows = terms.sort("segment_start").group_by(*OWN, "window", maintain_order=True)
    return rows.agg(pl.col("quota", "target", "personal_rate").last())
