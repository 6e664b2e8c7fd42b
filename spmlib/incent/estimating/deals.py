"""Deals: what might be booked, as rows of transactions that do not exist yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import nearest
from spmlib.core.tables import SCALE, Transactions

if TYPE_CHECKING:
    import polars as pl

NATIVE = {"id": "String", "text": "String", "day": "Date"}
Amount = Decimal | Fraction | int | str


@dataclass(frozen=True)
class Deal:
    """One deal that might be booked.

    Attributes:
        deal_id: what it is called; deals of a day count in the order of their names.
        day: on which it would be booked.
        amount: what it is worth; below zero it takes back what was booked before.
        currency: of its amounts; empty: that of the owner's plan.
        owner_id: who owns it; empty: whoever asks.
        kind: new, expansion, renewal, service ..., as the company's transactions have it.
        margin, quantity, arr: as in transactions; none where it has none.
        discount: share of the list price; nothing if not said.
        account_id, product_id: whose columns measures and rules may look at.
        others: further columns by name, of transactions, account or product: new_logo, channel,
            family, region ...; they stand before those of the account and the product.
        splits: what colleagues have of it: payee_id: share.
    """

    deal_id: str
    day: date
    amount: Amount
    currency: str = ""
    owner_id: str = ""
    kind: str | None = None
    margin: Amount | None = None
    quantity: Amount | None = None
    arr: Amount | None = None
    discount: Amount | None = 0
    account_id: str | None = None
    product_id: str | None = None
    others: Mapping[str, Any] = field(default_factory=dict)
    splits: Mapping[str, Amount] = field(default_factory=dict)


def rows(deals: Sequence[Deal], company: Company) -> pl.DataFrame:
    """The deals as rows of transactions, each column there [ticks, parts of a share].

    Raises:
        ParameterError: two have one name; a currency, account, product, person or column is
            unknown; a number has more decimals than its column.
    """
    import polars as pl

    known = engine.names(company.transactions)
    columns = Transactions.columns()
    schema = {n: _native(columns[n].kind if n in columns else "text") for n in known}
    extra = dict.fromkeys(n for deal in deals for n in deal.others if n not in known)
    _refuse_unknown(deals, known, company)
    made = [_row(deal, {**schema, **extra}, columns) for deal in deals]
    return pl.DataFrame(made, schema=schema | dict.fromkeys(extra, pl.String))


def _native(kind: str) -> Any:
    import polars as pl

    return getattr(pl, NATIVE.get(kind, "Int64"))


def _row(deal: Deal, names: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        "transaction_id": deal.deal_id,
        "event_date": deal.day,
        "owner_id": deal.owner_id,
        "kind": deal.kind,
        "currency": deal.currency,
        "account_id": deal.account_id,
        "product_id": deal.product_id,
        "amount": deal.amount,
        "margin": deal.margin,
        "quantity": deal.quantity,
        "arr": deal.arr,
        "discount": deal.discount,
    }
    row = dict.fromkeys(names) | said | dict(deal.others)
    scaled = {n: c.kind for n, c in columns.items() if c.kind in SCALE}
    return {
        name: ticks(value, scaled[name], f"{deal.deal_id}: {name}") if name in scaled else value
        for name, value in row.items()
    }


def ticks(value: Amount | None, kind: str, what: str) -> int | None:
    """A number as the engine's integer.

    Raises:
        ParameterError: it has more decimals than a column of its kind.
    """
    if value is None:
        return None
    exact = Fraction(value) * SCALE[kind]
    if exact.denominator != 1:
        most = len(str(SCALE[kind])) - 1
        raise ParameterError(f"{what} is {value}; write at most {most} decimals.")
    return int(exact)


def _refuse_unknown(deals: Sequence[Deal], known: Sequence[str], company: Company) -> None:
    names = [deal.deal_id for deal in deals]
    for deal in deals:
        if names.count(deal.deal_id) > 1:
            raise ParameterError(f"two deals are called {deal.deal_id}; call one otherwise.")
        if deal.currency not in CURRENCIES:
            raise ParameterError(
                f"{deal.deal_id}: '{deal.currency}' is no currency; write an ISO 4217 code."
            )
    sides: list[tuple[str, Any, str]] = [
        ("account_id", company.accounts, "account"),
        ("product_id", company.products, "product"),
    ]
    for key, table, word in sides:
        named = {getattr(deal, key) for deal in deals} - {None}
        if named:
            there = set(engine.collected(table.select(key))[key])
            for one in sorted(named - there):
                raise ParameterError(f"there is no {word} '{one}'; write one of {key}, or none.")
    sides_known = {*known, *engine.names(company.accounts), *engine.names(company.products)}
    for deal in deals:
        for name in deal.others:
            if name not in sides_known:
                near = nearest(name, sorted(sides_known))
                raise ParameterError(f"{deal.deal_id}: there is no column '{name}'; write {near}.")
