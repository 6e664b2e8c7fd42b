"""Of the sample company nobody is forgotten: what differs between two days, row by row, is told."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from spmlib.core import engine
from spmlib.incent.letters.changes import KINDS, changes
from tests.shared import sample_workbench


@pytest.fixture(scope="module")
def company() -> Any:
    return sample_workbench().company


def rows(table: Any, on: date) -> list[dict[str, Any]]:
    told = engine.collected(table).to_dicts()
    return [
        row
        for row in told
        if row["start_date"] <= on and (row["end_date"] is None or on < row["end_date"])
    ]


def standing(company: Any, on: date) -> dict[str, dict[str, Any]]:
    """Slow and plain: what each person holds, and whose customers theirs are."""
    held = {row["payee_id"]: row for row in rows(company.positions, on)}
    where = [
        (row["account_id"], row["territory_id"]) for row in rows(company.account_territories, on)
    ]
    for row in held.values():
        row["accounts"] = {a for a, t in where if row["territory_id"] and t == row["territory_id"]}
    return held


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2025, 12, 31), date(2026, 1, 31)),
        (date(2025, 6, 30), date(2026, 6, 30)),
        (date(2026, 1, 1), date(2026, 10, 31)),
    ],
)
def test_every_difference_is_told_once(company: Any, since: date, until: date):
    was, now = standing(company, since), standing(company, until)
    expected = Counter(
        (who, column)
        for who in was.keys() & now.keys()
        for column in KINDS
        if was[who].get(column) != now[who].get(column)
    )
    expected += Counter(
        (who, account)
        for who in was.keys() & now.keys()
        for account in was[who]["accounts"] ^ now[who]["accounts"]
    )
    found = changes(company, since, until, {})
    told = [(who, change) for who, own in found.items() for change in own]
    others = [(who, change) for who, change in told if change.kind != "quota"]
    names = [
        (who, change.what.split(" ")[0] if change.kind == "account" else change.what)
        for who, change in others
    ]
    assert expected and Counter(names) == expected
    assert all(since < change.start <= until for _, change in told)
