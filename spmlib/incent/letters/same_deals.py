"""Same deals: what was sold, paid by a plan as it was and as it is, by the engine of pay itself.

History says what would have been paid for what was sold; not what will be sold.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.letters import Deal, SameDeals
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import in_force
from spmlib.core.tables import MONEY, Earnings, Table, Terms
from spmlib.incent.calculation import Parameters, calculated
from spmlib.incent.letters.standpoints import standpoints
from spmlib.incent.lines import BESIDE
from spmlib.rules.plans import Component, Plan

if TYPE_CHECKING:
    import polars as pl

Value = TypeVar("Value")
LARGEST = 3  # deals that are told one by one
SUMMED = ("payee_id", "plan", "component", "transaction_id")


def same_deals(
    company: Company,
    was: Parameters,
    now: Parameters,
    days: tuple[date, date],
    months: Sequence[str],
    people: Container[tuple[str, str]],
) -> dict[tuple[str, str], SameDeals]:
    """What the deals of some months pay by the old rules and by the new, for everybody at once.

    Args:
        company: its tables.
        was, now: parameters of both versions.
        days: on which the old rules are read, and on which the new ones are.
        months: periods whose deals count, in order.
        people: payee_id and plan of those who are told.

    Returns:
        By payee_id and plan, for those of them who earned anything under it in those months; none
        of a plan whose currency is another: its amounts cannot be compared.
    """
    import polars as pl

    rows = engine.collected(company.calendar).sort("start_date").to_dicts()
    calendar = {row["period"]: row for row in rows}
    since, until = calendar[months[0]]["start_date"], calendar[months[-1]]["end_date"]
    month = next((row["period"] for row in rows if row["end_date"] > days[1]), months[-1])
    versions = [frozen(said, day) for said, day in ((was, days[0]), (now, days[1]))]
    results = [calculated(company, said, month) for said in versions]
    paid = [
        _paid(result.earnings, months).rename({"amount": name})
        for result, name in zip(results, ("was", "now"), strict=True)
    ]
    both = paid[0].join(paid[1], on=list(SUMMED), how="full", coalesce=True, nulls_equal=True)
    summed = both.with_columns(pl.col("was", "now").fill_null(0)).sort(*SUMMED, nulls_last=True)
    told = _told(company, summed)
    terms = [_terms(result.terms, month) for result in results]
    stood = _stood(results[1].terms, months[-1])
    made = {}
    for (payee_id, plan), own in summed.group_by("payee_id", "plan", maintain_order=True):
        key = str(payee_id), str(plan)
        if key in people and _one_currency(was, now, key[1]):
            plans = versions[0].plans[key[1]], versions[1].plans[key[1]]
            held = [one.get(key, {}) for one in terms]
            points = standpoints(*plans, held, stood.get(key, {}))
            deals = _deals(own, plans[1].currency, since, until, told)
            made[key] = replace(deals, standpoints=points)
    return made


def _terms(terms: Table[Terms], month: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The last terms of a month, by person and plan, then by component."""
    made: dict[tuple[str, str], dict[str, Any]] = {}
    rows = engine.collected(terms.filter(nw.col("period") == month)).sort("segment_start")
    for row in rows.to_dicts():
        made.setdefault((row["payee_id"], row["plan"]), {})[row["component"]] = row
    return made


def _stood(terms: Table[Terms], month: str) -> dict[tuple[str, str], dict[str, Fraction]]:
    """Which share of quota people had reached by the end of a month."""
    return {
        key: {
            name: Fraction(row["after"], row["quota"]) for name, row in own.items() if row["quota"]
        }
        for key, own in _terms(terms, month).items()
    }


def _one_currency(was: Parameters, now: Parameters, plan: str) -> bool:
    both = was.plans.get(plan), now.plans.get(plan)
    return len({one.currency if one else "" for one in both}) == 1 and both[1] is not None


def frozen(said: Parameters, on: date) -> Parameters:
    """Parameters whose plans say on every day what they say on one."""
    return replace(said, plans={name: _frozen(plan, on) for name, plan in said.plans.items()})


def _frozen(plan: Plan, on: date) -> Plan:
    components = {name: _component(one, on) for name, one in plan.components.items()}
    whole = tuple(replace(m, **_limits(m, on)) for m in plan.modifiers)
    return replace(plan, components=components, modifiers=whole)


def _component(of: Component, on: date) -> Component:
    return replace(
        of,
        tables=_held(of.tables, on),
        windfall=_held(of.windfall, on),
        modifiers=tuple(replace(m, **_limits(m, on)) for m in of.modifiers),
    )


def _limits(modifier: Any, on: date) -> dict[str, Any]:
    return {"steps": _held(modifier.steps, on), "limits": _held(modifier.limits, on)}


def _held(values: Mapping[date, Value], on: date) -> dict[date, Value]:
    """What is in force on a day, from the first day on."""
    if not values:
        return {}
    first = min(values)
    value = in_force(values, on)
    return {first: value if value is not None else values[first]}


def _paid(earnings: Table[Earnings], months: Sequence[str]) -> pl.DataFrame:
    """What was earned in some months: a row for each person, plan, component and transaction."""
    import polars as pl

    lines = engine.collected(earnings)
    own = lines.filter(pl.col("period").is_in(list(months)), ~pl.col("kind").is_in(BESIDE))
    return own.group_by(SUMMED).agg(pl.col("amount").sum())


def _deals(
    rows: pl.DataFrame,
    currency: str,
    since: date,
    until: date,
    told: Mapping[str, tuple[str, date]],
) -> SameDeals:
    import polars as pl

    def money(ticks: int) -> Decimal:
        return round(Decimal(ticks) / MONEY, CURRENCIES[currency])

    parts = rows.group_by("component", maintain_order=True).agg(pl.col("was", "now").sum())
    booked = rows.filter(pl.col("transaction_id").is_not_null(), pl.col("was") != pl.col("now"))
    summed = booked.group_by("transaction_id").agg(pl.col("was", "now").sum())
    moved = summed.sort((pl.col("now") - pl.col("was")).abs(), "transaction_id", descending=True)
    return SameDeals(
        since,
        until,
        currency,
        tuple((name or "", money(was), money(now)) for name, was, now in parts.iter_rows()),
        tuple(
            Deal(one, told[one][0], told[one][1], money(was), money(now))
            for one, was, now in moved.head(LARGEST).iter_rows()
        ),
    )


def _told(company: Company, rows: pl.DataFrame) -> dict[str, tuple[str, date]]:
    """Customer and day of each transaction."""
    ids = rows.select("transaction_id").unique().drop_nulls()
    booked = engine.collected(company.transactions).join(ids, on="transaction_id", how="semi")
    names = engine.collected(company.accounts.select("account_id", "name"))
    named = booked.join(names, on="account_id", how="left")
    chosen = named.select("transaction_id", "name", "event_date")
    return {one: (name or "", day) for one, name, day in chosen.iter_rows()}
