"""Changes: what is another for people from one day to another, found in the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.letters import Change
from spmlib.core.tables import MONEY

if TYPE_CHECKING:
    import polars as pl

# Columns of positions, and the kind of change that another value in them is.
KINDS = {
    "manager_id": "manager",
    "territory_id": "territory",
    "role": "role",
    "team": "role",
    "plan": "plan",
    "target_incentive": "pay",
    "base_pay": "pay",
    "commission_rate": "pay",
    "full_time": "pay",
    "status": "role",
}
AMOUNTS = {"target_incentive": MONEY, "base_pay": MONEY}
MOST = 200  # accounts that are named one by one


def changes(
    company: Company, since: date, until: date, currencies: Mapping[str, str]
) -> dict[str, list[Change]]:
    """What is another for each person on a day than it was on an earlier one.

    People who hold no position on one of the days have no change: they came, or left.

    Args:
        company: its tables.
        since: the day that was.
        until: the day that is.
        currencies: of plans, by name.

    Returns:
        By payee_id: positions, then accounts, then quotas; everybody with any.
    """
    was, now = _held(company, since), _held(company, until)
    found: dict[str, list[Change]] = {}
    for payee_id in sorted(was.keys() & now.keys()):
        made = list(_positions(was[payee_id], now[payee_id], currencies))
        if made:
            found[payee_id] = made
    for extra in (
        _accounts(company, was, now, since, until),
        _quotas(company, was, now, since, until),
    ):
        for payee_id, change in extra:
            found.setdefault(payee_id, []).append(change)
    return found


def _held(company: Company, on: date) -> dict[str, dict[str, Any]]:
    """The position that each person holds on a day."""
    rows = engine.collected(_in_force(company.positions, on).sort("start_date"))
    return {row["payee_id"]: row for row in rows.to_dicts()}


def _in_force(table: Any, on: date) -> Any:
    rows = engine.open_ended(table)
    return rows.filter(nw.col("start_date") <= on, nw.col("end_date") > on)


def _positions(
    was: Mapping[str, Any], now: Mapping[str, Any], currencies: Mapping[str, str]
) -> Iterator[Change]:
    for column, kind in KINDS.items():
        if was.get(column) == now.get(column):
            continue
        amounts = None
        if column in AMOUNTS:
            amounts = _decimal(was[column]), _decimal(now[column])
        yield Change(
            kind=kind,
            what=column,
            was=_word(was[column]),
            now=_word(now[column]),
            start=now["start_date"],
            amounts=amounts,
            currency=currencies.get(now["plan"] or "", "") if amounts else "",
        )


def _accounts(
    company: Company,
    was: Mapping[str, Mapping[str, Any]],
    now: Mapping[str, Mapping[str, Any]],
    since: date,
    until: date,
) -> Iterator[tuple[str, Change]]:
    """Accounts that come to a person's territory, and those that go."""
    import polars as pl

    names = engine.collected(company.accounts.select("account_id", "name"))
    of = [_holding(company, held, on) for held, on in ((was, since), (now, until))]
    key = ["payee_id", "account_id"]
    for frame, other, here in ((of[1], of[0], True), (of[0], of[1], False)):
        rows = frame.join(other, on=key, how="anti").join(names, on="account_id", how="left")
        rows = rows.filter(pl.col("payee_id").is_in(list(was.keys() & now.keys())))
        for row in rows.sort("payee_id", "account_id").iter_rows(named=True):
            name = f"{row['account_id']} {row['name'] or ''}".strip()
            start = row["start_date"] if here else until
            yield (
                row["payee_id"],
                Change("account", name, "" if here else name, name if here else "", start),
            )


def _holding(company: Company, held: Mapping[str, Mapping[str, Any]], on: date) -> pl.DataFrame:
    """The accounts in each person's territory on a day: payee_id, account_id, start_date."""
    import polars as pl

    people = pl.DataFrame(
        {
            "payee_id": list(held),
            "territory_id": [row["territory_id"] for row in held.values()],
        },
        schema={"payee_id": pl.String, "territory_id": pl.String},
    )
    accounts = engine.collected(_in_force(company.account_territories, on))
    rows = accounts.select("account_id", "territory_id", "start_date")
    return rows.join(people, on="territory_id").select("payee_id", "account_id", "start_date")


def _quotas(
    company: Company,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    since: date,
    until: date,
) -> Iterator[tuple[str, Change]]:
    """Quotas whose measure, amount or length is another."""
    frames = [
        engine.collected(_in_force(company.quotas, on)).sort("payee_id", "measure", "start_date")
        for on in (since, until)
    ]
    told = [
        {(row["payee_id"], row["measure"]): row for row in frame.to_dicts()} for frame in frames
    ]
    for payee_id, measure in sorted(told[0].keys() | told[1].keys()):
        if payee_id not in was or payee_id not in now:
            continue
        old, new = (rows.get((payee_id, measure)) for rows in told)
        if old is not None and new is not None and _quota(old) == _quota(new):
            continue
        amounts = None
        if old is not None and new is not None:
            amounts = _decimal(old["amount"]), _decimal(new["amount"])
        start = new["start_date"] if new is not None else until
        yield payee_id, Change("quota", measure, _span(old), _span(new), start, amounts)


def _quota(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["amount"], row["start_date"], row["end_date"]


def _span(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    return f"{_decimal(row['amount']):f} ({row['start_date']} - {row['end_date']})"


def _decimal(ticks: int | None) -> Decimal:
    return Decimal(ticks or 0) / MONEY


def _word(value: Any) -> str:
    return "" if value is None else str(value)
