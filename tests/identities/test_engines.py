"""Whatever engine computes it, everybody is paid the very same cents."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

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


def test_duckdb_pays_what_polars_pays(tmp_path: Path) -> None:
    folder = _written(tmp_path)
    on_polars = calculated(_company(), small.parameters(folder))
    with engines.on(engines.duckdb()):
        on_duckdb = calculated(engines.moved(_company()), small.parameters(folder))
        assert _rows(on_duckdb, "earnings").equals(_rows(on_polars, "earnings"))
        assert _rows(on_duckdb, "credits").equals(_rows(on_polars, "credits"))
    assert _rows(on_polars, "earnings")["amount"].sum() != 0


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
        quotas=[
            small.quota(name, amount) for name, amount in [("Ada", 40_000), ("Ben", "9999.99")]
        ],
    )


def _written(folder: Path) -> Path:
    (folder / "plans").mkdir()
    (folder / "plans" / "seller.yaml").write_text(PLAN)
    (folder / "crediting.yaml").write_text(CREDITING)
    (folder / "measures.yaml").write_text("bookings: {sum: amount}\n")
    return folder
