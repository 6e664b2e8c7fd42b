"""The firm: every table of it, from people to the last payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from . import (
    activities,
    blemishes,
    calls,
    catalogue,
    commitments,
    customers,
    deals,
    deliveries,
    disputes,
    ledger,
    market,
    opportunities,
    organisation,
    people,
    positions,
    potentials,
    quotas,
    renewals,
)
from .days import written
from .people import People
from .written import exact

Columns = Mapping[str, Sequence[object]]


def tables() -> dict[str, Columns]:
    """Every table by name, as columns of text ready to be written."""
    staff, clients = people.people(), customers.customers()
    patch = customers.patches(clients, organisation.seats())
    new = deals.new_business(staff, clients, patch)
    channel = deals.channel_sales(staff, clients, patch)
    clients = renewals.with_first_orders(clients, pl.concat([new, channel]))
    more = deals.expansions(staff, clients)
    kept, due = renewals.renewals(staff, clients, pl.concat([new, channel]))
    scores, met = activities.objectives(staff), activities.meetings(staff, clients)
    lines = ledger.ledger([new, channel, more, kept, met, scores])
    pursued = opportunities.pursued(staff, clients, new)
    made = {
        "payees": people.payees(staff),
        "positions": positions.positions(staff),
        "accounts": customers.accounts(clients),
        "account_territories": customers.account_territories(clients),
        "account_potentials": potentials.potentials(clients, pursued),
        "products": catalogue.products(),
        "transactions": _transactions(lines, clients, staff),
        "splits": _splits(ledger.splits(lines, staff), staff),
        "events": _events(ledger.events(lines)),
        "quotas": quotas.quotas(staff, clients, lines, due),
        "commitments": commitments.commitments(staff, pursued),
        "currency_rates": catalogue.currency_rates(),
        "market_pay": market.market_pay(),
        "opportunities": opportunities.opportunities(
            pursued, clients, staff, _deals_of(pursued, lines)
        ),
        "opportunity_history": opportunities.history(pursued),
        "forecast_calls": calls.calls(staff, pursued),
    }
    made["delivery_moves"] = deliveries.deliveries(staff, made["positions"])
    made = blemishes.blemished(made)
    return {**made, "dispute_moves": disputes.disputes(made)}


def _transactions(lines: pl.DataFrame, clients: customers.Customers, staff: People) -> Columns:
    day, known = (lines[name].to_numpy() for name in ("day", "known"))
    places = _places(lines["currency"])
    sold = lines["amount"].to_numpy() != 0
    product = lines["product"].to_list()
    told = {name: exact(lines[name].to_numpy(), places) for name in ("amount", "margin", "arr")}
    return {
        "transaction_id": _line(lines["n"]),
        "event_date": written(day),
        "recorded_date": written(np.where(known == day, -1, known)),
        "deal_id": _deal(lines["deal_no"]),
        "account_id": clients.id(lines["account"].to_numpy()).tolist(),
        "product_id": [catalogue.PRODUCTS[p][0] if p >= 0 else "" for p in product],
        "owner_id": [staff.id(p) if p >= 0 else "" for p in lines["owner"].to_list()],
        "kind": lines["kind"].to_list(),
        "channel": lines["channel"].to_list(),
        "new_logo": [word if word == "yes" else "" for word in lines["new_logo"].to_list()],
        "term_months": ["" if t < 0 else str(t) for t in lines["term"].to_list()],
        "currency": lines["currency"].to_list(),
        "amount": told["amount"],
        "margin": _where(sold, told["margin"]),
        "quantity": exact(lines["quantity"].to_numpy()),
        "arr": _where(lines["arr"].to_numpy() != 0, told["arr"]),
        "discount": _where(sold, exact(lines["discount"].to_numpy())),
    }


def _splits(shared: pl.DataFrame, staff: People) -> Columns:
    return {
        "transaction_id": _line(shared["n"]),
        "payee_id": [staff.id(p) for p in shared["person"].to_list()],
        "share": shared["share"].to_list(),
    }


def _events(happened: pl.DataFrame) -> Columns:
    day, known = (happened[name].to_numpy() for name in ("day", "known"))
    return {
        "event_id": [f"E{n + 1:05d}" for n in range(len(happened))],
        "transaction_id": _line(happened["n"]),
        "event": happened["event"].to_list(),
        "event_date": written(day),
        "recorded_date": written(np.where(known == day, -1, known)),
        "amount": exact(happened["amount"].to_numpy(), _places(happened["currency"])),
    }


def _line(numbers: pl.Series) -> list[object]:
    return [f"T{n + 1:05d}" for n in numbers.to_list()]


def _deal(numbers: pl.Series) -> list[object]:
    """The number under which each line's deal was booked; empty for meetings and objectives."""
    order = _order(numbers)
    return [order.get(n, "") for n in numbers.to_list()]


def _deals_of(pursued: pl.DataFrame, lines: pl.DataFrame) -> list[object]:
    """The number under which each deal pursued was booked; empty where it was not."""
    order = _order(lines["deal_no"])
    return [order.get(n, "") if n >= 0 else "" for n in pursued["deal"].to_list()]


def _order(numbers: pl.Series) -> dict[int, str]:
    """Deals numbered in the order of their first line."""
    booked = dict.fromkeys(n for n in numbers.to_list() if n >= 0)
    return {n: f"D{place:05d}" for place, n in enumerate(booked, 1)}


def _places(currency: pl.Series) -> np.ndarray:
    """Decimals in which a currency is usually written."""
    return np.where(currency.is_in(["JPY", "IDR"]).to_numpy(), 0, 2)


def _where(there: np.ndarray, words: list[str]) -> list[object]:
    return [word if kept else "" for word, kept in zip(words, there.tolist(), strict=True)]
