"""Sizes: what each transaction counted, where a plan pays every transaction alone.

Draws are of sums, and what transactions alone earn of a sum is as it was. If their table changes,
it is put beside the old one on the transactions that there were.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.arrays import Floats
from spmlib.core.company import Company
from spmlib.core.tables import MONEY, Accounts, Credits, Products, Table, Transactions
from spmlib.incent.work import Parameters
from spmlib.rules.filters import kinds, matching
from spmlib.rules.measures import Measure


def sizes(
    credits: Table[Credits], company: Company, parameters: Parameters, since: date, until: date
) -> dict[str, dict[str, Floats]]:
    """By plan and component that pays transactions alone: what each credited [plan currency].

    Args:
        credits: of the calculation.
        company: its transactions, accounts, products and positions.
        parameters: plans and measures.
        since: first day.
        until: first day after.

    Returns:
        Of components whose measure sums amounts; cancellations are left out.
    """
    lines = _lines(company)
    known = kinds(engine.names(lines), Transactions, Accounts, Products)
    held = engine.open_ended(company.positions).select("payee_id", "plan", "start_date", "end_date")
    made: dict[str, dict[str, Floats]] = {}
    for plan in parameters.plans.values():
        for component in plan.components.values():
            measure = parameters.measures[component.measure]
            if not component.alone or not _is_amount(measure):
                continue
            counted = lines.filter(matching(measure.where, known)) if measure.where else lines
            own = counted.select("transaction_id")
            rows: Table[Any] = credits.rename({"amount": "worth"}).join(own, on="transaction_id")
            on = rows.join(held.filter(nw.col("plan") == plan.name), on="payee_id")
            on = on.filter(engine.during("event_date"), nw.col("worth") > 0)
            on = on.filter(nw.col("event_date") >= since, nw.col("event_date") < until)
            worth = engine.collected(on.select("worth"))["worth"].to_numpy() / MONEY
            made.setdefault(plan.name, {})[component.name] = worth
    return made


def _is_amount(measure: Measure) -> bool:
    return not measure.per and measure.sums == "amount"


def _lines(company: Company) -> Table[Any]:
    """Transactions with what is known of their account and product."""
    sides: Mapping[str, Table[Any]] = {
        "account_id": company.accounts,
        "product_id": company.products,
    }
    lines: Table[Any] = company.transactions.drop("event_date", "currency")
    for column, side in sides.items():
        fresh = [name for name in engine.names(side) if name not in engine.names(lines)]
        lines = lines.join(side.select(column, *fresh), on=column, how="left")
    return lines
