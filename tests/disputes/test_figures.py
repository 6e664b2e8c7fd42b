"""Ages, times, causes, repeats and shares of disputes, against figures worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from spmlib.core.tables import Disputes
from spmlib.incent.disputes import ageing, figures

KIND = {"day": pl.Date, "money": pl.Int64, "whole": pl.Int64, "estimate": pl.Float64}


def disputes(*rows: dict[str, Any]) -> pl.DataFrame:
    """The table `Disputes` of a few words each."""
    columns = Disputes.columns()
    schema = {name: KIND.get(column.kind, pl.String) for name, column in columns.items()}
    usual = {"payee_id": "A", "plan": "seller", "period": "2026-09", "currency": "USD"}
    made = [
        {name: (usual | row).get(name) for name in columns} | {"dispute_id": f"DSP-{n}"}
        for n, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(made, schema=schema)


def test_open_ones_by_age_each_boundary_in_the_older_class():
    told = disputes(
        *({"status": "raised", "days": days, "claimed": 10} for days in (0, 7, 8, 60, 61)),
        {"status": "rejected", "days": 5, "claimed": 99},
        {"status": "raised", "days": 7, "claimed": 3, "currency": "EUR", "overdue_days": 2},
    )
    rows = ageing.ageing(told).select("age", "currency", "count", "overdue", "claimed").rows()
    assert rows == [
        ("0-7", "EUR", 1, 1, 3),
        ("0-7", "USD", 2, 0, 20),
        ("8-14", "USD", 1, 0, 10),
        ("15-30", None, 0, 0, 0),
        ("31-60", "USD", 1, 0, 10),
        ("61+", "USD", 1, 0, 10),
    ]


def test_times_of_what_was_decided():
    due = date(2026, 10, 10)
    told = disputes(
        *(
            {
                "cause": "late",
                "status": "accepted",
                "days": days,
                "due_date": due,
                "decided_date": date(2026, 10, day),
            }
            for days, day in ((2, 2), (4, 10), (9, 11))
        ),
        {"cause": "late", "status": "raised", "days": 50},
    )
    (row,) = ageing.times(told).rows(named=True)
    assert (row["decided"], row["median"], row["p90"], row["longest"]) == (3, 4, 9, 9)
    assert row["late_share"] == pytest.approx(1 / 3)  # on the day it was due is in time


def test_causes_with_what_was_claimed_and_granted():
    told = disputes(
        {"cause": "late", "status": "closed", "claimed": 100, "granted": 60},
        {"cause": "late", "status": "rejected", "claimed": -50},
        {"cause": "late", "status": "raised", "claimed": 7},
        {"cause": "split", "status": "withdrawn", "claimed": 5, "granted": 5},
    )
    late, split = figures.by(told, "cause").rows(named=True)
    assert (late["count"], late["decided_count"], late["granted_count"]) == (3, 2, 1)
    assert (late["accepted_share"], late["claimed"], late["granted"]) == (0.5, 157, 60)
    assert (split["accepted_share"], split["claimed"], split["granted"]) == (None, 5, 0)


def test_again_counts_the_days_up_to_one_and_enough_of_them():
    days = [date(2026, 10, 31), date(2026, 10, 2), date(2026, 10, 1), date(2026, 11, 1)]
    told = disputes(*({"raised_date": day, "status": "raised"} for day in days))
    found = figures.again(told, "payee_id", date(2026, 10, 31), days=30, least=2)
    assert found["count"].to_list() == [2]  # the 1st is 30 days ago, the 1st of November to come
    assert figures.again(told, "payee_id", date(2026, 10, 31), days=30, least=3).is_empty()


def test_share_of_pay_by_count_and_by_amount():
    told = disputes(
        {"status": "raised", "claimed": 30},
        {"status": "raised", "claimed": -10},  # the same statement once more
        {"status": "raised", "claimed": 5, "payee_id": "B"},
    )
    paid = pl.DataFrame(
        {
            "payee_id": ["A", "B", "C", "A"],
            "plan": ["seller"] * 4,
            "period": ["2026-09"] * 3 + ["2026-10"],
            "currency": ["USD"] * 4,
            "amount": [100, -50, 50, 10],
        }
    )
    first, second = figures.share_of_pay(told, paid).rows(named=True)
    assert (first["statements"], first["disputed"]) == (3, 2)
    assert first["share_by_count"] == pytest.approx(2 / 3)
    assert first["share_by_amount"] == pytest.approx(45 / 200)
    assert (second["disputed"], second["share_by_amount"]) == (0, 0)


def test_mend_first_what_took_most_days():
    told = disputes(
        {"cause": "late", "status": "closed", "days": 3, "claimed": 500, "granted": 500},
        {"cause": "split", "status": "closed", "days": 20, "claimed": 5, "granted": 5},
    )
    assert figures.mend_first(told)["cause"].to_list() == ["split", "late"]


def test_rules_and_people_are_those_of_the_lines_and_of_the_day():
    told = disputes({"status": "raised", "lines": "L1 L2", "raised_date": date(2026, 9, 1)})
    named = pl.DataFrame(
        {
            "line_id": ["L1", "L2", "L3"],
            "component": ["bookings"] * 3,
            "source": ["p.yaml:1", "p.yaml:2", "p.yaml:3"],
        }
    )
    assert sorted(figures.with_rules(told, named)["source"]) == ["p.yaml:1", "p.yaml:2"]
    held = pl.DataFrame(
        {
            "payee_id": ["A", "A"],
            "team": ["one", "two"],
            "role": ["r", "r"],
            "manager_id": ["M", "N"],
            "start_date": [date(2026, 1, 1), date(2026, 9, 1)],
            "end_date": [date(2026, 9, 1), None],
        }
    )
    assert figures.with_people(told, held)["manager_id"].to_list() == ["N"]
