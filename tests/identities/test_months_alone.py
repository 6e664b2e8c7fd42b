"""A month pays the same computed alone as it does once the months that follow are computed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.incent.calculation import calculated
from tests import small

TARGET = {"thresholds": "quota", "pays": "target", "weight": "100%", "proration": "none"}
TABLE = "{2026-01-01: [{from: 0%, rate: 1.0}]}"


def of_plan(accumulate: str, modifier: str) -> str:
    text = small.plan(accumulate=accumulate, table=TABLE, **TARGET)
    return f"{text}modifiers:\n  - {modifier}\n"


def company() -> Company:
    """A target of 40,000 and a quota of 400,000 a year; three quarters' quotas sold in February."""
    return small.company(
        payees=[{"payee_id": "A", "name": "A", "currency": "USD", "hire_date": date(2025, 1, 1)}],
        positions=[
            {
                "payee_id": "A",
                "start_date": date(2025, 1, 1),
                "role": "seller",
                "team": "sales",
                "plan": "seller",
                "target_incentive": 40_000,
            }
        ],
        quotas=[
            {
                "payee_id": "A",
                "measure": "bookings",
                "start_date": date(2026, 1, 1),
                "end_date": date(2027, 1, 1),
                "amount": 400_000,
            }
        ],
        transactions=[
            {
                "transaction_id": "T1",
                "event_date": date(2026, 2, 3),
                "owner_id": "A",
                "currency": "USD",
                "amount": 300_000,
            }
        ],
    )


def february(folder: Path, text: str, through: str) -> list[tuple[str, int]]:
    parameters = small.parameters(small.written(folder, text))
    rows = engine.collected(calculated(company(), parameters, through).earnings)
    own = rows.filter(pl.col("period") == "2026-02").sort("kind")
    return list(own.select("kind", "amount").iter_rows())


@pytest.mark.parametrize("accumulate", ["month", "quarter", "half"])
@pytest.mark.parametrize("modifier", ["cap: {2026-01-01: 50%}", "floor: {2026-01-01: 100%}"])
def test_limits_in_shares_of_the_years_target(tmp_path: Path, accumulate: str, modifier: str):
    text = of_plan(accumulate, modifier)
    assert february(tmp_path, text, "2026-02") == february(tmp_path, text, "2026-12")


def test_half_of_the_years_target_is_the_cap_in_february(tmp_path: Path):
    paid = dict(february(tmp_path, of_plan("quarter", "cap: {2026-01-01: 50%}"), "2026-02"))
    assert paid["credit"] + paid["cap"] == 20_000 * 10_000  # half of 40,000
