"""Ledgers: small books to audit, in plain rows; tables that a test does not name are empty."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from spmlib.core import engine, tables
from spmlib.incent.audit import books, written
from spmlib.incent.audit.books import Books
from spmlib.incent.calculation import calculated
from tests import small

POLICY = Path(__file__).parents[2] / "parameters/policies/audit.yaml"
USD = 10_000  # ticks


def policy(**words: str) -> written.Policy:
    """The policy of the project; words replace whole lines that begin with them."""
    return written.decided(written.parameters.read(POLICY))


def made(**rows: Any) -> Books:
    """Books of 2026: amounts in units; ``payments`` follow from payouts where none are given."""
    given = {"calendar": small.months(2026)} | rows
    named = tables.INPUTS | tables.RESULTS
    found = {
        name: engine.collected(small.table(named[name], given.get(name, ())))
        for name in (*books.BROUGHT, *books.FOLLOWS)
    }
    rates = pl.DataFrame(
        schema={"currency": pl.String, "period": pl.String, "worth_rate": pl.Int64}
    )
    return Books("USD", found, rates, rows.get("plans", {}))


def computed(folder: Path, *plans: str, crediting: str = small.OWNER, **rows: Any) -> Books:
    """Books of a company whose pay is computed from plans."""
    said = small.parameters(small.written(folder, *plans, crediting=crediting))
    company = small.company(**rows)
    return books.books(company, calculated(company, said), said, "USD")


def sale(name: str, day: date, amount: Any, **words: Any) -> dict[str, Any]:
    """A booking of a customer, a product and a quantity."""
    more = {"account_id": "A1", "product_id": "P1", "quantity": 1, "kind": "new"}
    return small.sale(name, words.pop("owner", "ann"), day, amount, **more | words)


def accounts(*names: str) -> list[dict[str, Any]]:
    """Customers A1, A2 ... by name."""
    return [{"account_id": f"A{n}", "name": name} for n, name in enumerate(names, 1)]


def line(name: str, payee: str, amount: Any, day: date, **words: Any) -> dict[str, Any]:
    """A line of earnings by one transaction."""
    usual = {
        "transaction_id": name,
        "payee_id": payee,
        "through_id": payee,
        "plan": "seller",
        "component": "bookings",
        "window": "2026",
        "period": f"{day:%Y-%m}",
        "kind": "credit",
        "number": 0,
        "rule": "owner",
        "event_date": day,
        "credited": 10,
        "before": 0,
        "after": 10,
        "amount": amount,
        "currency": "USD",
        "source": "seller.yaml:12",
    }
    return usual | words


def credit(name: str, payee: str, share: Any, day: date, **words: Any) -> dict[str, Any]:
    """A credit of one transaction."""
    usual = {
        "transaction_id": name,
        "event_date": day,
        "period": f"{day:%Y-%m}",
        "payee_id": payee,
        "rule": "owner",
        "rule_source": "crediting.yaml:9",
        "through_id": payee,
        "level": 0,
        "share": share,
        "source_amount": 100,
        "source_currency": "USD",
        "rate": 1,
        "amount": 100,
        "currency": "USD",
    }
    return usual | words
