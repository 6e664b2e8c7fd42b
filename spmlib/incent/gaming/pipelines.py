"""Pipelines: what everybody could gain by the timing of their open deals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, SHARE, Table, Terms
from spmlib.incent.gaming.paid import Paid, of_component
from spmlib.incent.gaming.standings import COLUMNS
from spmlib.incent.gaming.timing import Account, Deal, Timing, best
from spmlib.incent.summaries.worths import worth
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import polars as pl


def open_deals(
    company: Company, period: str, categories: Sequence[str], currency: str
) -> pl.DataFrame:
    """The open deals of some categories: payee_id, deal, amount [currency], close_date."""
    import polars as pl

    end = engine.collected(company.calendar.filter(nw.col("period") == period))["end_date"][0]
    history = engine.collected(
        company.opportunity_history.filter(nw.col("change_date") < nw.lit(end))
    ).sort("change_date")
    latest = history.unique("opportunity_id", keep="last", maintain_order=True)
    there = latest.filter(
        pl.col("status") == "open",
        pl.col("category").is_in(list(categories)),
        pl.col("amount").is_not_null(),
        pl.col("close_date") >= end,
    )
    owned = engine.collected(company.opportunities.select("opportunity_id", "owner_id", "currency"))
    joined = there.join(owned, on="opportunity_id").with_columns(period=pl.lit(period))
    told = engine.collected(worth(engine.brought(joined), company, currency))
    return told.select(
        payee_id="owner_id",
        deal="opportunity_id",
        amount=(pl.col("amount") / MONEY).round(2),
        close_date="close_date",
    ).sort("payee_id", "close_date", "deal")


def timings(
    company: Company,
    terms: Table[Terms],
    plans: Mapping[str, Plan],
    measures: Sequence[str],
    period: str,
    categories: Sequence[str],
    freedom: int,
) -> dict[tuple[str, str], tuple[Timing, list[Deal], list[str]]]:
    """The best timing of each person's open deals, each free by so many days to both sides.

    Every component of the person's plan counts that adds up one of the measures. Windows to come
    pay as the present one does; deals are taken to be won, so that a gain is what timing may bring.

    Returns:
        By payee_id and plan: the timing, its deals and the names of the windows.
    """
    own = engine.collected(terms.filter(nw.col("period") == period)).sort("segment_start")
    calendar = engine.collected(company.calendar).sort("start_date")
    made = {}
    for name, plan in plans.items():
        counted = [
            c for c in plan.components.values()
            if c.measure in measures and not c.alone and c.thresholds in ("quota", "money")
            and not (c.crossing == "transaction" and c.word == "rate")
        ]  # fmt: skip
        rows = own.filter(plan=name)
        if not counted or rows.is_empty():
            continue
        deals = open_deals(company, period, categories, plan.currency)
        for payee, mine in deals.partition_by("payee_id", as_dict=True).items():
            standing = rows.filter(payee_id=payee[0]).to_dicts()
            accounts, windows = _accounts(counted, standing, calendar, period)
            if accounts:
                chosen = list(_deals(mine.to_dicts(), windows, freedom, accounts))
                made[str(payee[0]), name] = (
                    best(chosen, accounts), chosen, [label for label, _, _ in windows]
                )  # fmt: skip
    return made


def _accounts(
    counted: Sequence[Component],
    rows: Sequence[Mapping[str, Any]],
    calendar: pl.DataFrame,
    now: str,
) -> tuple[list[Account], list[tuple[str, date, date]]]:
    """Each component in each of its windows from now on, and the finest windows there are."""
    import polars as pl

    start = calendar.filter(period=now)["start_date"][0]
    lengths = {COLUMNS.get(c.accumulate, c.accumulate) for c in counted}
    fine = next(c for c in ("period", "quarter", "half", "year") if c in lengths)
    parts = calendar.group_by(fine, maintain_order=True).agg(
        pl.col("start_date").first(), pl.col("end_date").last(),
        *(pl.col(c).first().alias(f"in_{c}") for c in ("period", "quarter", "half", "year")),
    )  # fmt: skip
    parts = parts.filter(pl.col("end_date") > start)
    windows = [tuple(row) for row in parts.select(fine, "start_date", "end_date").iter_rows()]
    year = windows[-1][2] + timedelta(366)
    windows.append(("after", windows[-1][2], year))
    accounts = []
    for component in counted:
        own = [row for row in rows if row["component"] == component.name]
        paid = _paid(component, own[-1]) if own else None
        if paid is None:
            continue
        labels = parts[f"in_{COLUMNS.get(component.accumulate, component.accumulate)}"].to_list()
        for number, label in enumerate(dict.fromkeys(labels)):
            inside = tuple(n for n, one in enumerate(labels) if one == label)
            before = Fraction(own[-1]["after"], MONEY) if number == 0 else Fraction(0)
            accounts.append(Account(paid, inside, before))
        accounts.append(Account(paid, (len(labels),)))
    return accounts, windows


def _paid(component: Component, row: Mapping[str, Any]) -> Paid | None:
    """What a component pays as a row of Terms says; none without a quota."""
    if component.thresholds == "quota" and not (row["quota"] or 0) > 0:
        return None
    return of_component(
        component,
        row["table_date"],
        quota=Fraction(row["quota"] or 0, MONEY),
        target=Fraction(row["target"] or 0, MONEY),
        personal_rate=Fraction(row["personal_rate"] or 0, SHARE),
        cell=row["cell"],
    )


def _deals(
    rows: Sequence[Mapping[str, Any]],
    windows: Sequence[tuple[str, date, date]],
    freedom: int,
    accounts: Sequence[Account],
) -> Iterator[Deal]:
    """The deals as far as they count, with the windows that they may be booked in."""
    span = timedelta(freedom)
    limits = [a.paid.windfall for a in accounts if a.paid.windfall is not None]
    for row in rows:
        day = row["close_date"]
        may = [n for n, (_, a, b) in enumerate(windows) if a <= day + span and day - span < b]
        at = [n for n, (_, a, b) in enumerate(windows) if a <= day < b]
        if may and at:
            yield Deal(row["deal"], min([Fraction(str(row["amount"])), *limits]), tuple(may), at[0])
