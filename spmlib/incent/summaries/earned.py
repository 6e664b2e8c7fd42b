"""Earned: pay, summed up: attainment, cost by team, and one person's year.

Earnings and payouts of several currencies are read in one (`worths`); a person's own are shown in
the currency of their plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import SHARE, Attainments, Credits, Earnings, Payments, Table
from spmlib.incent.summaries.credited import positioned
from spmlib.incent.summaries.overview import figures, periods, staff
from spmlib.incent.summaries.worths import worth
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import pandas as pd

EARNED = nw.col("kind") == "earned"  # of payments: before payment terms


def attainment(
    attainments: Table[Attainments], company: Company, plans: Mapping[str, Plan], period: str
) -> pd.DataFrame:
    """Everybody's standing against the quota of the longest window that they have.

    Returns:
        payee_id, name, team, role, plan, title (of the plan), component, measure, window,
        credited_to_date, quota, attainment, pace (share of the window's days gone by); the
        highest attainment first.
    """
    here = attainments.filter(nw.col("period") == period, nw.col("quota") > 0)
    dated = here.join(_windows(company, period), on="window")
    longest = dated.unique("payee_id", keep="last", order_by=["length", "quota", "component"])
    titles = {name: plan.title for name, plan in plans.items()}
    named = longest.with_columns(
        title=nw.col("plan").replace_strict(titles, return_dtype=nw.String)
    )
    rows = named.join(staff(company, period).drop("plan"), on="payee_id")
    columns = (
        *("payee_id", "name", "team", "role", "plan", "title", "component", "measure", "window"),
        *("credited_to_date", "quota", "attainment", "pace"),
    )
    return figures(rows.sort("attainment", "payee_id", descending=[True, False]).select(*columns))


def by_team(payments: Table[Payments], company: Company, currency: str, until: str) -> pd.DataFrame:
    """What each team earned each month: period, team, amount [currency]."""
    rows = _earned(payments, company, currency, until)
    summed = rows.group_by("period", "team").agg(nw.col("amount").sum())
    return figures(summed.sort("period", "team"))


def cost(
    payments: Table[Payments],
    credits: Table[Credits],
    company: Company,
    currency: str,
    until: str,
) -> pd.DataFrame:
    """What each team earned in the year to date, for what it was credited with.

    Returns:
        team, people (paid), earned [currency], amount (credited, roll-ups left out) [currency],
        share (earned for each unit credited); the dearest team first.
    """
    year = _year(company, until)
    paid = _earned(payments, company, currency, until).join(year, on="period")
    earned = paid.group_by("team").agg(
        earned=nw.col("amount").sum(), people=nw.col("payee_id").n_unique()
    )
    own = positioned(credits.filter(nw.col("level") == 0).join(year, on="period"), company)
    counted = worth(own, company, currency).group_by("team").agg(nw.col("amount").sum())
    both = earned.join(counted, on="team", how="left")
    shared = both.with_columns(share=_share("earned", "amount"))
    return figures(
        shared.sort("earned", descending=True).select("team", "people", "earned", "amount", "share")
    )


def by_month(
    payments: Table[Payments], company: Company, payee_id: str, until: str
) -> pd.DataFrame:
    """A person's year so far, month by month, beside the target incentive.

    Returns:
        period, amount (earned in the month), earned (to date), target (to date: twelfths of the
        position held at each month's end); [currency], currency (of the plan; where nothing was
        earned, the one the person is paid in).
    """
    months = _year(company, until, "last").sort("last")
    own = nw.col("payee_id") == payee_id
    paid = payments.filter(own, EARNED).group_by("period", "currency").agg(nw.col("amount").sum())
    joined = months.join(paid, on="period", how="left").join(
        _targets(company, payee_id, until), on="period", how="left"
    )
    paid_in = company.payees.filter(own).select(paid_in="currency")
    filled = joined.join(paid_in, how="cross").with_columns(
        nw.col("amount").fill_null(0),
        nw.col("target").fill_null(0),
        currency=nw.coalesce("currency", "paid_in"),
    )
    to_date = filled.with_columns(
        earned=nw.col("amount").cum_sum().over(order_by="last"),
        target=nw.col("target").cum_sum().over(order_by="last"),
    )
    return figures(to_date.sort("last").select("period", "amount", "earned", "target", "currency"))


def by_component(
    earnings: Table[Earnings], company: Company, payee_id: str, until: str
) -> pd.DataFrame:
    """What each component of a person's plan earned in the year so far, month by month.

    Returns:
        period, component, amount [currency], currency.
    """
    own = earnings.filter(nw.col("payee_id") == payee_id)
    named = own.with_columns(component=nw.col("component").fill_null("whole_plan"))
    rows = named.join(_year(company, until), on="period")
    summed = rows.group_by("period", "component", "currency").agg(nw.col("amount").sum())
    return figures(
        summed.sort("period", "component").select("period", "component", "amount", "currency")
    )


def steps(earnings: Table[Earnings], payee_id: str, period: str) -> pd.DataFrame:
    """What made a person's pay of a month, from the first component to the last modifier.

    Returns:
        component, kind (credit, restatement, prize, a modifier; due in the last row, the sum),
        count (of lines), amount, start and end (of the step, on the way to the sum) [currency],
        currency; in the order in which they are applied.
    """
    own = nw.col("payee_id") == payee_id, nw.col("period") == period
    lines = earnings.filter(*own).select(
        *("kind", "number", "amount", "currency"),
        component=nw.col("component").fill_null("whole_plan"),
        whole=nw.col("component").is_null(),
        due=nw.lit(False),
    )
    total = lines.with_columns(
        component=nw.lit(""), kind=nw.lit("due"), number=nw.col("number") * 0, due=nw.lit(True)
    )
    keys = ("due", "whole", "component", "number", "kind")
    both = nw.concat([lines, total.with_columns(whole=nw.col("due"))])
    summed = both.group_by(*keys, "currency").agg(nw.col("amount").sum(), count=nw.len())
    place = nw.col("amount").cum_sum().over("due", order_by=list(keys))
    stepped = summed.with_columns(end=place).with_columns(start=nw.col("end") - nw.col("amount"))
    columns = ("component", "kind", "count", "amount", "start", "end", "currency")
    return figures(stepped.sort(*keys).select(*columns))


def typical(attainment: pd.DataFrame, attainments: Table[Attainments], period: str) -> str:
    """The person in the middle of the plan that most people hold.

    Args:
        attainment: as `attainment` makes it, in its order; where nobody has a quota it has no rows.
        attainments: of the calculation, for those who have none.
        period: the month.

    Raises:
        ParameterError: nobody holds a plan in the period.
    """
    if len(attainment):
        plan = attainment["plan"].value_counts().index[0]
        own = attainment[attainment["plan"] == plan]
        return str(own["payee_id"].iloc[len(own) // 2])
    here = attainments.filter(nw.col("period") == period).select("payee_id").unique("payee_id")
    ids = engine.collected(here.sort("payee_id"))["payee_id"]
    if ids.is_empty():
        raise ParameterError(f"nobody holds a plan in {period}; take a period in which some do.")
    return str(ids[len(ids) // 2])


def _earned(payments: Table[Payments], company: Company, currency: str, until: str) -> Table[Any]:
    """What was earned in one currency, each with the team at the end of its period."""
    dated = (
        payments.filter(EARNED)
        .join(periods(company, until), on="period")
        .with_columns(event_date=nw.col("last").dt.offset_by("-1d"))
    )
    return worth(last_held(dated, company), company, currency)


def last_held(
    rows: Table[Any], company: Company, by: tuple[str, ...] = ("period", "plan")
) -> Table[Any]:
    """Rows of people with the team of the last position that had begun by the row's day.

    Args:
        by: the columns that, with payee_id, name one row.
    """
    held = company.positions.select("payee_id", "team", held_from="start_date")
    joined = rows.join(held, on="payee_id").filter(nw.col("held_from") <= nw.col("event_date"))
    return joined.unique(["payee_id", *by], keep="last", order_by=["held_from"])


def _targets(company: Company, payee_id: str, until: str) -> Table[Any]:
    """A twelfth of the target incentive of the position held at each period's end."""
    held = engine.open_ended(company.positions).filter(nw.col("payee_id") == payee_id)
    rows = held.join(periods(company, until).select("period", "last"), how="cross")
    there = (nw.col("start_date") < nw.col("last")) & (nw.col("end_date") >= nw.col("last"))
    twelfth = engine.rounded(nw.col("target_incentive"), 12)
    return rows.filter(there).select("period", target=twelfth)


def _year(company: Company, until: str, *columns: str) -> Table[Any]:
    """The periods of the year so far."""
    known = periods(company, until)
    year = known.filter(nw.col("period") == until).select("year")
    return known.join(year, on="year").select("period", *columns)


def _windows(company: Company, period: str) -> Table[Any]:
    """The windows that a period lies in: window, days, pace."""
    close = company.calendar.filter(nw.col("period") == period).select(close="end_date")
    spans = [
        company.calendar.group_by(name)
        .agg(first=nw.col("start_date").min(), last=nw.col("end_date").max())
        .select("first", "last", window=name)
        for name in ("period", "quarter", "half", "year")
    ]
    rows = nw.concat(spans, how="vertical").join(close, how="cross")
    gone = (nw.col("close") - nw.col("first")).dt.total_minutes()
    whole = (nw.col("last") - nw.col("first")).dt.total_minutes()
    pace = engine.rounded(gone * SHARE, whole)
    return rows.filter(
        engine.during("close", "first", "last") | (nw.col("close") == nw.col("last"))
    ).select("window", length=whole, pace=pace)


def _share(part: str, whole: str) -> nw.Expr:
    """One amount over another, rounded; empty where there is nothing to divide by."""
    exact = engine.rounded(engine.wide(part) * SHARE, engine.wide(whole)).cast(nw.Int64)
    return nw.when(nw.col(whole) > 0).then(exact).otherwise(None)
