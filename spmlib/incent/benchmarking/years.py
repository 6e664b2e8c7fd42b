"""Years: what each person was paid, credited with and expected to bring in a year that is over.

All in one currency, at the plan's rate. Base pay is that of positions, by days; incentive what was
earned, whenever it is paid. Credits are a person's own: what rolls up to managers is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY, SHARE, Credits, Payments, Table
from spmlib.incent.benchmarking.people import rates
from spmlib.incent.calculation import Parameters, Results
from spmlib.incent.summaries.worths import worth
from spmlib.rules.measures import MONEYS

if TYPE_CHECKING:
    import polars as pl

Span = tuple[date, date]
SOLD = ("direct", "split")  # what is credited once for each booking


@dataclass(frozen=True)
class Year:
    """A year of everybody who was there.

    Attributes:
        name: of the year.
        currency: of all amounts.
        people: payee_id, role, team (the last of the year), part (of the year at work), base,
            target (of the days at work), earned, credited, sold (of it, by owners and their
            splits), quota (the largest in money; empty where there is none), on_target (base and
            target of the days held) [currency], attainment (of the component with the longest
            window; empty where there is none).
        others: earned by those who held no position with pay in the year any more [currency].
        booked: all that anybody was credited with, each booking and cancellation once [currency].
        windows: payee_id, role, component, window, attainment: of each window that has a quota and
            is over.
    """

    name: str
    currency: str
    people: pl.DataFrame
    others: float
    booked: float
    windows: pl.DataFrame


def last_whole(company: Company, period: str) -> str:
    """The last year of which all periods are over at the end of a period.

    Raises:
        ParameterError: there is none.
    """
    import polars as pl

    rows = engine.collected(company.calendar.select("period", "year", "end_date"))
    ends = dict(rows.select("period", "end_date").iter_rows())
    if period not in ends:
        raise ParameterError(f"there is no period '{period}' in the calendar; name one of it.")
    last = rows.group_by("year").agg(pl.col("end_date").max())
    over = [year for year, end in last.iter_rows() if end <= ends[period]]
    if not over:
        raise ParameterError(f"no year of the calendar is over in {period}; name a later period.")
    return str(max(over))


def year(
    company: Company, results: Results, parameters: Parameters, name: str, currency: str
) -> Year:
    """What everybody was paid, credited with and expected to bring in a year.

    Args:
        company: its positions, quotas and rates.
        results: of the calculation.
        parameters: its plans and measures.
        name: of the year in the calendar.
        currency: to read all amounts in.

    Raises:
        ParameterError: nobody held a paid position in it, or no rate leads into the currency.
    """
    import polars as pl

    months = company.calendar.filter(nw.col("year") == name)
    span = _span(months, name)
    held = _held(company, parameters, span, currency)
    if held.is_empty():
        raise ParameterError(f"nobody held a position with pay in {name}; name another year.")
    kinds = {n: rule.kind for n, rule in parameters.crediting.rules.items()}
    people = _people(held)
    earned = _earned(results.payments, company, months, currency)
    for more in (
        earned,
        _credited(results.credits, company, months, currency, kinds),
        _quotas(company, parameters, held, span),
    ):
        people = people.join(more, on="payee_id", how="left")
    windows = _windows(results, company, name)
    people = people.join(_attained(windows), on="payee_id", how="left")
    filled = people.with_columns(pl.col("earned", "credited", "sold").fill_null(0.0))
    roles = people.select("payee_id", "role")
    shown = windows.join(roles, on="payee_id").select(
        "payee_id", "role", "component", "window", "attainment"
    )
    others = earned.join(people, on="payee_id", how="anti")["earned"].sum()
    booked = _booked(results.credits, company, months, currency)
    return Year(
        name,
        currency,
        filled.sort("payee_id"),
        float(others),
        booked,
        shown.sort(*shown.columns[:4]),
    )


def _span(months: Table[Any], name: str) -> Span:
    """The first day of a year, and the day after its last.

    Raises:
        ParameterError: the calendar has no such year.
    """
    about = engine.collected(months.select("start_date", "end_date"))
    if about.is_empty():
        raise ParameterError(f"there is no year '{name}' in the calendar; name one of it.")
    return min(about["start_date"].to_list()), max(about["end_date"].to_list())


def _held(company: Company, parameters: Parameters, span: Span, currency: str) -> pl.DataFrame:
    """Each position with pay that was held in the year, with its days and what they are worth."""
    import polars as pl

    begin, end = span
    rows = engine.collected(engine.open_ended(company.positions))
    plans = {name: plan.currency for name, plan in parameters.plans.items()}
    paid_in = engine.collected(company.payees.select("payee_id", paid_in="currency"))
    plan = pl.col("plan").replace_strict(plans, default=None, return_dtype=pl.String)
    first = pl.max_horizontal(pl.col("start_date"), pl.lit(begin))
    last = pl.min_horizontal(pl.col("end_date"), pl.lit(end))
    made = (
        rows.join(paid_in, on="payee_id")
        .filter(pl.col("base_pay") > 0)
        .with_columns(
            code=pl.coalesce(plan, "paid_in"),
            first=first,
            last=last,
            part=(last - first).dt.total_days() / (end - begin).days,
        )
        .filter(pl.col("part") > 0)
    )
    known = rates(company, end).filter(pl.col("to") == currency)
    made = made.join(known, left_on="code", right_on="of", how="left").with_columns(
        worth=pl.when(pl.col("code") == currency).then(1.0).otherwise("rate")
    )
    lost = made.filter(pl.col("worth").is_null())["code"].unique().to_list()
    if lost:
        raise ParameterError(f"currency: no rate leads from {lost[0]} to {currency}; add one.")
    return made


def _people(held: pl.DataFrame) -> pl.DataFrame:
    """One row for each person: the last role and team, and pay by days."""
    import polars as pl

    active = (pl.col("status") == "active").cast(pl.Float64) * pl.col("part")
    by = pl.col("worth") / MONEY
    target = pl.col("target_incentive").fill_null(0) * by
    return (
        held.sort("start_date")
        .group_by("payee_id", maintain_order=True)
        .agg(
            pl.col("role", "team").last(),
            part=active.sum(),
            base=(pl.col("base_pay") * by * pl.col("part")).sum(),
            target=(target * active).sum(),
            on_target=((pl.col("base_pay") * by + target) * pl.col("part")).sum(),
        )
    )


def _earned(
    payments: Table[Payments], company: Company, months: Table[Any], currency: str
) -> pl.DataFrame:
    rows: Table[Any] = payments.filter(nw.col("kind") == "earned").join(
        months.select("period"), on="period"
    )
    summed = worth(rows, company, currency).group_by("payee_id").agg(nw.col("amount").sum())
    return engine.collected(
        summed.select("payee_id", earned=nw.col("amount").cast(nw.Float64) / MONEY)
    )


def _credited(
    credits: Table[Credits],
    company: Company,
    months: Table[Any],
    currency: str,
    kinds: Mapping[str, str],
) -> pl.DataFrame:
    """A person's own credits, and those of them that are of owners and their splits."""
    import polars as pl

    own: Table[Any] = credits.filter(nw.col("level") == 0)
    rows = worth(own.join(months.select("period"), on="period"), company, currency)
    summed = engine.collected(rows.group_by("payee_id", "rule").agg(nw.col("amount").sum()))
    amount = pl.col("amount") / MONEY
    sold = pl.col("rule").is_in([rule for rule, kind in kinds.items() if kind in SOLD])
    return summed.group_by("payee_id").agg(credited=amount.sum(), sold=amount.filter(sold).sum())


def _booked(credits: Table[Credits], company: Company, months: Table[Any], currency: str) -> float:
    """What was credited to anybody, each booking and cancellation once, as it was booked."""
    rows: Table[Any] = credits.join(months.select("period"), on="period").select(
        "transaction_id", "event_id", "period", amount="source_amount", currency="source_currency"
    )
    once = rows.unique(["transaction_id", "event_id"])
    summed = engine.collected(worth(once, company, currency).select(nw.col("amount").sum()))
    return float(summed["amount"][0] or 0) / MONEY


def _quotas(
    company: Company, parameters: Parameters, held: pl.DataFrame, span: Span
) -> pl.DataFrame:
    """Each person's largest quota in money, of the days held: payee_id, quota [currency]."""
    import polars as pl

    begin, end = span
    measures = parameters.measures.items()
    money = [name for name, m in measures if m.sums in MONEYS and not m.per]
    there = (
        held.sort("start_date")
        .group_by("payee_id")
        .agg(pl.col("worth").last(), since=pl.col("first").min(), until=pl.col("last").max())
    )
    rows = engine.collected(company.quotas).filter(pl.col("measure").is_in(money))
    first = pl.max_horizontal("start_date", "since", pl.lit(begin))
    last = pl.min_horizontal("end_date", "until", pl.lit(end))
    whole = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    part = (last - first).dt.total_days().clip(lower_bound=0) / whole
    summed = (
        rows.join(there, on="payee_id")
        .with_columns(value=pl.col("amount") / MONEY * part * pl.col("worth"))
        .filter(pl.col("value") > 0)
        .group_by("payee_id", "measure")
        .agg(pl.col("value").sum())
    )
    return summed.group_by("payee_id").agg(quota=pl.col("value").max())


def _windows(results: Results, company: Company, name: str) -> pl.DataFrame:
    """Each window of the year that has a quota: payee_id, component, window, months, attainment."""
    import polars as pl

    months = company.calendar.filter(nw.col("year") == name).select("period", "start_date")
    rows: Table[Any] = results.attainments.filter(nw.col("quota") > 0)
    known = engine.collected(rows.join(months, on="period"))
    keys = ["payee_id", "plan", "component", "window"]
    last = (
        known.sort("start_date")
        .group_by(keys, maintain_order=True)
        .agg(pl.col("quota", "attainment").last(), months=pl.len())
    )
    return last.drop_nulls("attainment").with_columns(pl.col("attainment") / SHARE)


def _attained(windows: pl.DataFrame) -> pl.DataFrame:
    """Each person's attainment: of the component with the longest windows, by quota."""
    import polars as pl

    quota = pl.col("quota").cast(pl.Float64)
    of_each = windows.group_by("payee_id", "plan", "component").agg(
        months=pl.col("months").max(),
        size=quota.sum(),
        attainment=(pl.col("attainment") * quota).sum() / quota.sum(),
    )
    ordered = of_each.sort("months", "size", "plan", "component")
    best = ordered.unique("payee_id", keep="last", maintain_order=True)
    return best.select("payee_id", "attainment")
