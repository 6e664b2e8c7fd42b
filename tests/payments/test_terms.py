"""Each case of terms.yaml is paid to the minor unit, and its lines add up to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.incent.calculation import Results, calculated
from tests import small

CASES = yaml.safe_load((Path(__file__).parent / "terms.yaml").read_text("utf-8"))
EVENTS = {"billed": "billing", "collected": "collection", "cancelled": "cancellation"}
Case = Mapping[str, Any]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_case_is_paid(case: Case, tmp_path: Path):
    results = computed(case, tmp_path)
    months = len(case["paid"])
    assert by_month(results.payouts, months) == amounts(case["paid"])
    assert by_month(results.payments, months) == amounts(case["paid"])
    for name in ("owed", "carried", "unpaid"):
        if name in case:
            assert by_month(results.balances, months, name) == amounts(case[name])


def computed(case: Case, folder: Path) -> Results:
    """The results of a case."""
    table = case.get("table", f"[{{from: 0, rate: {case.get('rate', '100%')}}}]")
    payment = yaml.safe_dump(case["payment"], default_flow_style=True, width=1000).strip()
    text = small.plan(
        currency=_currency(case),
        accumulate=case.get("accumulate", "month"),
        table=f"{{2026-01-01: {table}}}",
        payment=_unquoted(payment),
    )
    small.written(folder, text)
    months = len(case["paid"])
    return calculated(company(case), small.parameters(folder), f"2026-{months:02}")


def company(case: Case) -> Company:
    """One person's bookings, one a month, and what became of the first."""
    payee, position = small.person("Ann", "seller", start_date=case.get("since", date(2025, 12, 1)))
    since = case.get("since", date(2026, 1, 1))
    first = position | {"start_date": since}
    booked = case.get("booked", case.get("earned"))
    sales = [
        small.sale(f"T{n}", "Ann", date(2026, n, 20), str(amount), currency=_currency(case))
        for n, amount in enumerate(booked, start=1)
        if amount
    ]
    events = [
        {"event_id": f"{word}{day}", "transaction_id": "T1", "event": event}
        | {"event_date": day, "amount": str(amount)}
        for word, event in EVENTS.items()
        for day, amount in case.get(word, {}).items()
    ]
    payee = payee | {"hire_date": since, "currency": _currency(case)}
    return small.company(payees=[payee], positions=[first], transactions=sales, events=events)


def by_month(table: Any, months: int, column: str = "amount") -> list[Decimal]:
    """The sums of each month."""
    rows = engine.collected(table)
    found = {f"2026-{n:02}": Decimal(0) for n in range(1, months + 1)}
    for row in rows.iter_rows(named=True):
        found[row["period"]] += Decimal(row[column]).scaleb(-4)
    return list(found.values())


def amounts(written: list[Any]) -> list[Decimal]:
    """Numbers as they are written."""
    return [Decimal(str(amount)) for amount in written]


def _currency(case: Case) -> str:
    return case.get("currency", "USD")


def _unquoted(text: str) -> str:
    return text.replace("'", "")
