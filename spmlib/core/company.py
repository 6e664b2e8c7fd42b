"""A company: its input tables, checked, and what was wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import (
    AccountPotentials,
    Accounts,
    AccountTerritories,
    Adjustments,
    Calendar,
    Commitments,
    CurrencyRates,
    DeliveryMoves,
    DisputeMoves,
    Events,
    ForecastCalls,
    Issues,
    MarketPay,
    Opportunities,
    OpportunityHistory,
    Payees,
    Positions,
    Products,
    Quotas,
    Reads,
    Splits,
    Table,
    Transactions,
)


@dataclass(frozen=True)
class Company:
    """The tables a calculation starts from; a table that the sources lack is empty."""

    payees: Table[Payees]
    positions: Table[Positions]
    accounts: Table[Accounts]
    account_territories: Table[AccountTerritories]
    products: Table[Products]
    transactions: Table[Transactions]
    splits: Table[Splits]
    events: Table[Events]
    quotas: Table[Quotas]
    currency_rates: Table[CurrencyRates]
    calendar: Table[Calendar]
    issues: Table[Issues]
    reads: Table[Reads] = field(default_factory=lambda: engine.empty(Reads))
    opportunities: Table[Opportunities] = field(default_factory=lambda: engine.empty(Opportunities))
    opportunity_history: Table[OpportunityHistory] = field(
        default_factory=lambda: engine.empty(OpportunityHistory)
    )
    forecast_calls: Table[ForecastCalls] = field(
        default_factory=lambda: engine.empty(ForecastCalls)
    )
    account_potentials: Table[AccountPotentials] = field(
        default_factory=lambda: engine.empty(AccountPotentials)
    )
    commitments: Table[Commitments] = field(default_factory=lambda: engine.empty(Commitments))
    market_pay: Table[MarketPay] = field(default_factory=lambda: engine.empty(MarketPay))
    adjustments: Table[Adjustments] = field(default_factory=lambda: engine.empty(Adjustments))
    delivery_moves: Table[DeliveryMoves] = field(
        default_factory=lambda: engine.empty(DeliveryMoves)
    )
    dispute_moves: Table[DisputeMoves] = field(default_factory=lambda: engine.empty(DisputeMoves))


def attributed(company: Company) -> Table[Any]:
    """The transactions with the columns of their account and product that they lack."""
    rows: Table[Any] = company.transactions
    sides: list[tuple[str, Table[Any]]] = [
        ("account_id", company.accounts),
        ("product_id", company.products),
    ]
    for key, side in sides:
        fresh = [name for name in engine.names(side) if name not in engine.names(rows)]
        rows = rows.join(side.select(key, *fresh), on=key, how="left")
    return rows


def known_on(company: Company, day: date, until: date) -> Company:
    """The company as known before a day; as it is, where that is the last day known."""
    return company if day == until else as_known(company, day)


def as_known(company: Company, day: date) -> Company:
    """The company as far as it was known before a day, by the days on which rows were recorded."""
    seen = nw.coalesce("recorded_date", "event_date") < day
    return replace(
        company,
        transactions=company.transactions.filter(seen),
        events=company.events.filter(seen),
        adjustments=company.adjustments.filter(seen),
        opportunities=company.opportunities.filter(nw.col("created_date") < day),
        opportunity_history=company.opportunity_history.filter(nw.col("change_date") < day),
        forecast_calls=company.forecast_calls.filter(nw.col("call_date") < day),
        delivery_moves=company.delivery_moves.filter(nw.col("move_date") < day),
        dispute_moves=company.dispute_moves.filter(nw.col("move_date") < day),
    )
