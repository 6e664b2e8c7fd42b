"""A small company whose summaries can be worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from spmlib.core.company import Company
from spmlib.incent.calculation import Parameters
from tests import small

MEASURES = "bookings: {sum: amount, where: {kind: booking}}\n"
CREDITING = """
splits: {policy: at_most_whole}
rules:
  owner: {kind: direct}
  shared: {kind: split}
  managers: {kind: roll_up, of: [owner, shared], levels: 1}
"""
PLAN = """
plan: seller
title: Seller
source: a test
currency: USD
components:
  bookings:
    clause: Bookings earn 8 %, and 12 % above quota.
    measure: bookings
    accumulate: year
    thresholds: quota
    pays: rate
    crossing: split
    table: {2026-01-01: [{from: 0%, rate: 8%}, {from: 100%, rate: 12%}]}
    modifiers: [{cap: {2026-01-01: 1_000.00}}]
  deals:
    clause: Half a percent of what is booked in a quarter.
    measure: bookings
    accumulate: quarter
    thresholds: money
    pays: rate
    crossing: split
    table: {2026-01-01: [{from: 0, rate: 0.5%}]}
"""


def parameters() -> Parameters:
    """What the strings above say."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "plans").mkdir()
        (home / "measures.yaml").write_text(MEASURES)
        (home / "crediting.yaml").write_text(CREDITING)
        (home / "plans" / "seller.yaml").write_text(PLAN)
        return small.parameters(home)


def company() -> Company:
    """Ada and Ben sell and report to Mia, who is in another team; a quota of 10,000 each.

    Ada books 4,000 in January, half of it Ben's, and EUR 1,000 in March; 9,000 in April. Nobody
    owns the 700 of March. A tenth of the January deal is cancelled in February.
    """
    people = [
        small.person("Ada", "seller", manager_id="Mia"),
        small.person("Ben", "seller", manager_id="Mia", team="partner"),
        small.person("Mia", None, team="leaders", role="manager"),
    ]
    first = date(2025, 12, 1)
    pair = {"currency": "EUR", "to_currency": "USD", "start_date": first}
    return small.company(
        payees=[payee for payee, _ in people],
        positions=[position for _, position in people],
        transactions=[
            small.sale("T1", "Ada", date(2026, 1, 5), 4000),
            small.sale("T2", "Ada", date(2026, 3, 5), 1000, currency="EUR"),
            small.sale("T3", None, date(2026, 3, 6), 700),
            small.sale("T4", "Ada", date(2026, 4, 7), 9000),
        ],
        splits=[{"transaction_id": "T1", "payee_id": "Ben", "share": "0.5"}],
        events=[
            {"event_id": "E1", "transaction_id": "T1", "event": "cancellation"}
            | {"event_date": date(2026, 2, 3), "amount": -400}
        ],
        quotas=[small.quota("Ada", 10_000), small.quota("Ben", 10_000)],
        currency_rates=[pair | {"rate": "1.1", "kind": "spot"}, pair | {"rate": 2, "kind": "plan"}],
    )
