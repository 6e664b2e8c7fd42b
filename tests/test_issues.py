"""Everything that crediting and pay find wrong is told, with what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from spmlib.core import engine
from spmlib.incent.calculation import calculated
from tests import small

DAY, LATER = date(2026, 3, 5), date(2026, 9, 1)
MEASURES = "bookings: {sum: amount}\nseats: {sum: quantity}\nmargin: {sum: margin, per: amount}\n"
OWNER = "rules:\n  owner: {kind: direct}\n"
TWO = "splits: {policy: whole}\n" + OWNER + "  split: {kind: split}\n"
FIRST = "boundary: upper, table: {2026-01-01: [{from: 0%, factor: 1}, {from: 50%, factor: 2}]}"


def issues(
    folder: Path,
    crediting: str = OWNER,
    thresholds: str = "money",
    modifiers: str = "",
    **tables: list[Mapping[str, Any]],
) -> set[tuple[str, str, str, str]]:
    """The table, row, words and effect of the issues of a company of Ann and Ben."""
    text = small.plan(thresholds=thresholds, modifiers=modifiers)
    small.written(folder, text, crediting=crediting, measures=MEASURES)
    ann, held = small.person("Ann", "seller")
    ben, also = small.person("Ben", "seller", end_date=LATER)
    people = {
        "payees": [ann, ben | {"leave_date": LATER}],
        "positions": [held, also],
        "transactions": [small.sale("T1", "Ann", DAY, 10, margin=1)],
    }
    made = calculated(small.company(**people | tables), small.parameters(folder))
    rows = engine.collected(made.issues)
    return set(rows.select("table", "row", "what", "effect").iter_rows())


def test_where_nothing_is_wrong_nothing_is_said(tmp_path):
    assert issues(tmp_path) == set()


def test_credited_to_nobody(tmp_path):
    sales = [small.sale("T1", None, DAY, 1), small.sale("T2", "Ben", LATER, 1)]
    nobody = "nobody owns it, and no rule names anyone else"
    assert issues(tmp_path, transactions=sales) == {
        ("transactions", "T1", nobody, "refused"),
        ("transactions", "T2", "its owner Ben had left by then", "refused"),
    }


def test_the_day_before_leaving_is_credited(tmp_path):
    last = small.sale("T1", "Ben", date(2026, 8, 31), 1)
    assert issues(tmp_path, transactions=[last]) == set()


def test_a_rule_that_admits_nobody(tmp_path):
    rules = "rules:\n  owner: {kind: direct, where: {kind: renewal}}\n"
    said = "no rule credits anybody who holds a position on its day"
    assert issues(tmp_path, rules) == {("transactions", "T1", said, "refused")}


def test_others_are_credited_where_the_owner_had_left(tmp_path):
    both = OWNER + "  team: {kind: team, who: {role: seller}}\n"
    sales = [small.sale("T1", "Ben", LATER, 1)]
    assert issues(tmp_path, both, transactions=sales) == {
        ("transactions", "T1", "its owner Ben had left by then", "noted")
    }


def test_credited_twice(tmp_path):
    twice = OWNER + "  again: {kind: direct}\n"
    said = "it is credited to Ann by 2 rules"
    assert issues(tmp_path, twice) == {("transactions", "T1", said, "noted")}


def test_splits_against_the_policy(tmp_path):
    splits = [{"transaction_id": "T1", "payee_id": "Ben", "share": Fraction(2, 5)}]
    said = issues(tmp_path, TWO, splits=splits)
    wrong = "its splits add up to about 40 %, against the policy"
    assert ("transactions", "T1", wrong, "refused") in said


def test_no_rate_is_told_once(tmp_path):
    sales = [small.sale("T1", "Ann", DAY, 1, currency="EUR")]
    said = "there is no rate from EUR to USD"
    assert issues(tmp_path, transactions=sales) == {("transactions", "T1", said, "refused")}


def test_no_quota_for_the_component(tmp_path):
    quotas = [small.quota("Ann", 100)]
    said = "there is no quota for 'bookings' in 2026, so component 'bookings' pays nothing"
    found = issues(tmp_path, thresholds="quota", quotas=quotas)
    assert found == {("quotas", "Ben", said, "noted")}


@pytest.mark.parametrize(
    ("modifier", "what"),
    [
        (
            "gate: {measure: bookings, at_least: 80%, of: quota_to_date, otherwise: lose}",
            "so the gate of 'bookings' stays shut",
        ),
        (
            f"multiplier: {{measure: bookings, of: quota, {FIRST}}}",
            "so the multiplier of 'bookings' takes its first factor",
        ),
    ],
)
def test_no_quota_for_a_modifier(tmp_path, modifier, what):
    quotas = [small.quota("Ann", 100)]
    found = issues(tmp_path, modifiers=f"[{modifier}]", quotas=quotas)
    said = f"there is no quota for 'bookings' in 2026, {what}"
    assert found == {("quotas", "Ben", said, "noted")}


def test_values_that_are_not_there_to_sum(tmp_path):
    modifiers = f"[multiplier: {{measure: margin, {FIRST}}}]"
    sales = [small.sale("T1", "Ann", DAY, 1, margin=1), small.sale("T2", "Ann", DAY, 1)]
    said = "1 of 2 that it counts have no margin"
    found = issues(tmp_path, modifiers=modifiers, transactions=sales)
    assert found == {("measures", "margin", said, "noted")}


def test_a_plan_that_nobody_wrote(tmp_path):
    ann, held = small.person("Ann", "sellers")
    found = issues(tmp_path, payees=[ann], positions=[held])
    assert found == {("positions", "Ann", "there is no plan 'sellers'", "noted")}
