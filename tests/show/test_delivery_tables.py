"""Tables of delivery name people by id, and say what comes next."""

from __future__ import annotations

from datetime import date

import pandas as pd

from spmlib.show import delivery_tables


def test_who_waits_longest_comes_first():
    table = pd.DataFrame(
        {
            "payee_id": ["B", "A", "C"],
            "role": "account_executive",
            "document": "plan_change",
            "of": "seller_emea",
            "sent_date": date(2026, 1, 12),
            "overdue_days": [3, 3, 40],
            "chased_count": [0, 1, 4],
            "manager_id": ["M", "M", None],
            "next": ["chase", "escalate", "visit"],
        }
    )
    said = delivery_tables.waiting(table, "Waiting").as_raw_html()
    places = [said.index(f">{name}<") for name in ("C", "A", "B")]
    assert places == sorted(places)
    for words in ("Speak with the person", "Tell the manager", "Remind", "Plan change"):
        assert words in said
    assert "12 Jan 2026" in said


def test_shares_and_counts():
    row = {"documents": 3, "reached": 3, "acknowledged": 2, "share": 2 / 3, "chased": 1}
    table = pd.DataFrame([{"team": "customer_success", **row, "open": 1, "overdue": 0}])
    said = delivery_tables.acknowledged(table.assign(longest=0), "Teams").as_raw_html()
    assert "Customer success" in said
    assert "67 %" in said


def test_months_of_statements():
    table = pd.DataFrame([{"of": "2026-09", "documents": 1115, "sent": 1115, "bounced": 2}])
    said = delivery_tables.sent(table.assign(failed=0, unsure=0), "Sent").as_raw_html()
    assert "September 2026" in said
    assert "1,115" in said
