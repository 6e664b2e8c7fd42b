"""Whatever engine computes it, everybody is paid the very same cents."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine, engines
from spmlib.core.company import Company
from spmlib.incent.calculation import Results, calculated
from tests import small

PLAN = """
plan: seller
source: Sales Compensation Plan 2026
currency: USD
components:
  bookings:
    measure: bookings
    accumulate: year
    thresholds: quota
    quota: to_date
    pays: rate
    crossing: whole
    boundary: upper
    proration: days
    table:
      2026-01-01: [{from: 0%, rate: 3.33%}, {from: 50%, rate: 7%}, {from: 100%, rate: 11.1%}]
    modifiers:
      - gate: {measure: bookings, at_least: 20%, of: quota_to_date, otherwise: withhold}
      - cap: {2026-01-01: 9_000.00}
  deals:
    measure: bookings
    accumulate: transaction
    thresholds: money
    pays: amount
    boundary: lower
    table:
      2026-01-01: [{from: 0, amount: 0}, {from: 1_000, amount: 25.00}]
"""
CREDITING = """
splits: {policy: at_most_whole}
rules:
  owner: {kind: direct}
  shared: {kind: split}
  managers: {kind: roll_up, of: [owner, shared], levels: 2, share: 33.3%}
"""


# Payment terms, each with what must come of it, so that a case is never empty.
TERMS = {
    "": {"earned"},
    "event: {booking: 33.33%, billing: 16.67%, collection: 50%}, advance: 40%": {"event"},
    "hold: {until: collected}, minimum: 0, maximum: {amount: 99.99, excess: later}": {
        *("event", "carried", "maximum"),
    },
    "hold: {until: employed, months: 15}, guarantee: {amount: 50, months: 4}": {
        *("hold", "guarantee"),
    },
    "draw: {kind: recoverable, amount: 100, months: 4, "
    "recover: {from_month: 2, share: 33.3%, balance_limit: 250}}": {"draw", "recovery"},
    "clawback: {within_months: 7, schedule: pro_rata, at: current_curve}": {"earned"},
    "clawback: {within_months: 7, schedule: pro_rata, at: paid_rate}, event: {collection: 100%}": {
        *("clawback", "event"),
    },
}
EVENTS = [
    ("T00", "billing", date(2026, 2, 1), "1234.5678"),
    ("T00", "collection", date(2026, 2, 20), "600"),
    ("T00", "collection", date(2026, 4, 20), "634.5678"),
    ("T02", "cancellation", date(2026, 3, 9), "-1666.67"),
    ("T02", "billing", date(2026, 3, 10), "2000"),
    ("T02", "collection", date(2026, 5, 1), "3333.33"),
    ("T05", "cancellation", date(2026, 4, 30), "-0.01"),
    ("T07", "cancellation", date(2026, 6, 30), "-5000"),
    ("T10", "cancellation", date(2026, 10, 1), "-1000"),
    ("T12", "collection", date(2026, 7, 31), "5000"),
]
TABLES = ("credits", "attainments", "earnings", "payments", "balances", "payouts", "payroll")


OFTEN = tuple(
    pytest.param(*item, marks=[pytest.mark.nightly] if n in (0, 2, 3, 4, 5) else [])
    for n, item in enumerate(TERMS.items())
)


@pytest.mark.parametrize(("terms", "kinds"), OFTEN)
def test_duckdb_pays_what_polars_pays(tmp_path: Path, terms: str, kinds: set[str]) -> None:
    folder = _written(tmp_path, terms)
    on_polars = calculated(_company(), small.parameters(folder), "2026-10")
    with engines.on(engines.duckdb()):
        on_duckdb = calculated(engines.moved(_company()), small.parameters(folder), "2026-10")
        for name in TABLES:
            assert _rows(on_duckdb, name).equals(_rows(on_polars, name)), name
    assert _rows(on_polars, "earnings")["amount"].sum() != 0
    there = {*_rows(on_polars, "payments")["kind"], *_rows(on_polars, "earnings")["kind"]}
    assert kinds <= there


def _rows(results: Results, name: str) -> pl.DataFrame:
    rows = engine.collected(getattr(results, name))
    whole = {n: pl.Int64 for n, kind in rows.schema.items() if kind.is_integer()}
    return rows.cast(whole).sort(rows.columns)


def _company() -> Company:
    people = [
        small.person("Ada", "seller", manager_id="Ben"),
        small.person("Cem", "seller", manager_id="Ben", start_date=date(2026, 3, 10)),
        small.person("Ben", "seller"),
    ]
    sales = [
        small.sale(
            f"T{n:02}", "Ada" if n % 3 else "Cem", date(2026, 1 + n // 4, 3 * (n % 9) + 1), amount
        )
        for n, amount in enumerate(["1234.5678", "-99.99", "5000", "1000", "1000.01"] * 8)
    ]
    return small.company(
        payees=[payee for payee, _ in people],
        positions=[position for _, position in people],
        transactions=sales,
        splits=[
            {"transaction_id": "T05", "payee_id": "Cem", "share": "0.3333"},
            {"transaction_id": "T10", "payee_id": "Ben", "share": "0.5"},
        ],
        events=[
            dict(zip(("transaction_id", "event", "event_date", "amount"), row, strict=True))
            | {"event_id": f"E{number}"}
            for number, row in enumerate(EVENTS)
        ],
        quotas=[
            small.quota(name, amount) for name, amount in [("Ada", 40_000), ("Ben", "9999.99")]
        ],
    )


def _written(folder: Path, terms: str) -> Path:
    (folder / "plans").mkdir()
    payment = f"payment: {{{terms}}}\n" if terms else ""
    (folder / "plans" / "seller.yaml").write_text(PLAN + payment)
    (folder / "crediting.yaml").write_text(CREDITING)
    (folder / "measures.yaml").write_text("bookings: {sum: amount}\n")
    return folder
