"""Currencies: quotas in the currency of each person's plan, or all in one, by the plan's rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.conversion import converted
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Quotas, Table


def of_people(company: Company, plans: Mapping[str, str], day: date) -> dict[str, str]:
    """The currency of the plan that each person holds on a day, or held last before it.

    Args:
        company: its positions.
        plans: the currency of each plan.
        day: on which.
    """
    held = company.positions.filter(nw.col("start_date") <= day, ~nw.col("plan").is_null())
    rows = engine.collected(held.select("payee_id", "plan", "start_date")).sort("start_date")
    last = dict(rows.select("payee_id", "plan").iter_rows())
    return {person: plans[plan] for person, plan in last.items() if plan in plans}


def in_own(
    quotas: Table[Quotas], company: Company, people: Mapping[str, str], currency: str
) -> Table[Quotas]:
    """Quotas in one currency, each turned into that of the person's plan.

    Raises:
        ParameterError: as `_turned`.
    """
    rows = _with_currencies(quotas, people, currency).with_columns(currency=nw.lit(currency))
    goals = sorted({currency, *people.values()})
    parts = [_turned(rows.filter(nw.col("own") == goal), company, goal) for goal in goals]
    return _ordered(engine.stacked(parts))


def in_one(
    quotas: Table[Quotas], company: Company, people: Mapping[str, str], currency: str
) -> Table[Quotas]:
    """Quotas in the currencies of plans, all turned into one.

    Raises:
        ParameterError: as `_turned`.
    """
    rows = _with_currencies(quotas, people, currency).with_columns(currency=nw.col("own"))
    return _ordered(_turned(rows, company, currency))


def _with_currencies(
    quotas: Table[Quotas], people: Mapping[str, str], currency: str
) -> Table[Quotas]:
    """The rows with the currency of each person's plan; the one given where none is known."""
    own = engine.made(
        {"payee_id": list(people), "own": list(people.values())}, {"payee_id": str, "own": str}
    )
    return quotas.join(own, on="payee_id", how="left").with_columns(
        nw.col("own").fill_null(currency)
    )


def _turned(rows: Table[Quotas], company: Company, currency: str) -> Table[Quotas]:
    """Rows in one currency, at the plan's rate of their first day; spot where plans fix none.

    Raises:
        ParameterError: there is no rate.
    """
    rates = company.currency_rates.filter(nw.col("to_currency") == currency)
    fixed = engine.collected(rates.filter(nw.col("kind") == "plan").head(1))
    kind = "spot" if fixed.is_empty() else "plan"
    dated = engine.kept(rows.with_columns(event_date=nw.col("start_date")))
    days = engine.kept(dated.select("event_date").unique(["event_date"]))
    made = converted(dated, rates.filter(nw.col("kind") == kind), days, currency, ["amount"])
    made = engine.kept(made.with_columns(amount=nw.col(f"amount@{currency}")))
    missing = engine.collected(made.filter(nw.col("amount").is_null()).head(1))
    if len(missing):
        row = missing.to_dicts()[0]
        wrong = f"{row['currency']} has no {kind} rate into {currency} on {row['start_date']}"
        raise ParameterError(f"currency_rates: {wrong}; add one.")
    return made.select(*Quotas.columns())


def _ordered(rows: Table[Quotas]) -> Table[Quotas]:
    return rows.sort("payee_id", "measure", "start_date")
