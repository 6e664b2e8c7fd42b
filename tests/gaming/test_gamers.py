"""People who play are found in a copy of the sample company; the others are left alone."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.incent.calculation import calculated
from spmlib.incent.gaming import bookings, findings, limits, people_found, reversals, written
from tests.shared import sample_workbench

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "data"))
from sample_company import gamers  # noqa: E402

PEOPLE = {
    "cross": ("H1052", "H1061", "H1064", "H1079", "H1088"),
    "split": ("H1067", "H1070"),
    "cancel": ("H1076", "H1103"),
}


@pytest.fixture(scope="module")
def decided():
    return written.read(ROOT / "parameters/policies/gaming.yaml")


@pytest.fixture(scope="module")
def bench():
    return sample_workbench()


@pytest.fixture(scope="module")
def played(bench):
    rows = [engine.collected(t) for t in (bench.company.transactions, bench.company.events)]
    made = gamers.planted(*rows, PEOPLE)
    company = replace(
        bench.company,
        transactions=engine.brought(made.transactions),
        events=engine.brought(made.events),
    )
    return company


@pytest.fixture(scope="module")
def audited(bench, played, decided):
    results = calculated(played, bench.parameters, "2026-10")
    return findings.audit(played, bench.parameters, results, decided, "2026-10", "USD")


def named(rows: pl.DataFrame, sure: float) -> set[str]:
    return set(rows.filter(pl.col("p_adjusted") <= sure)["payee_id"])


def test_who_books_and_cancels_is_found_and_nobody_else(played, bench, decided):
    for company, wanted in ((played, set(PEOPLE["cancel"])), (bench.company, set())):
        rows = bookings.bookings(company, "USD", "month")
        found = reversals.reversals(rows, decided.last_days, decided.early)
        assert named(found, decided.sure) == wanted


def test_who_cuts_deals_at_a_limit_is_found_and_nobody_else(played, bench, decided):
    """Who has sold little at other amounts comes near the top, but may not be told apart."""
    asked = (decided.limits, decided.split_within, decided.just_below)
    found, clean = (
        limits.by_person(bookings.deals(bookings.bookings(company, "USD", "month")), *asked)
        for company in (played, bench.company)
    )
    assert set(found.head(2)["payee_id"]) == set(PEOPLE["split"])
    assert set() < named(found, decided.sure) <= set(PEOPLE["split"])
    assert named(clean, decided.sure) == set()


def test_who_ends_just_above_thresholds_comes_first_and_nobody_else_is_named(audited, decided):
    found = people_found.people_heaped(audited.against, decided)
    assert named(found, decided.sure) <= set(PEOPLE["cross"])
    first = found.head(5)["payee_id"].to_list()
    assert len(set(first) & set(PEOPLE["cross"])) >= 4


def test_a_threshold_that_some_pull_deals_across_is_found(audited, bench, decided):
    def heaps(of):
        own = of.against.filter(plan="account_executive", component="services")
        return [row["where"] for row in people_found.heaps_found(own, decided, of.years)]

    clean = findings.audit(
        bench.company, bench.parameters, bench.results, decided, "2026-10", "USD"
    )
    assert "45,000" in heaps(audited)
    assert heaps(clean) == []


def test_what_is_said_of_people_is_an_indication_with_its_base_rate(audited, decided):
    told = engine.collected(findings.findings(audited)).filter(pl.col("payee_id").is_not_null())
    assert set(PEOPLE["cancel"]) <= set(told.filter(kind="reversals")["payee_id"])
    assert (told["p_adjusted"] <= decided.sure).all()
    assert told["evidence"].str.contains("indication").all()
    assert told["source"].str.contains(r"\.yaml:\d+").all()


def test_rules_are_found_with_file_and_line_dearest_first(audited):
    told = engine.collected(findings.findings(audited))
    assert told["amount"].is_sorted(descending=True)
    kinds = set(told.filter(pl.col("payee_id").is_null())["kind"])
    assert {"retroactive", "jump", "rate", "crossing", "gate", "multiplier", "split"} <= kinds
    assert {"extreme", "timing", "pulling_forward", "sandbagging", "mixing"} <= kinds
    assert told["source"].str.contains(r"\.yaml:\d+").all()
    assert (told["remedy"].str.len_chars() > 0).all()
    whole = told.filter(plan="account_executive", component="services", kind="retroactive")
    assert sorted(whole["where"]) == ["20,000", "45,000"]


def test_planted_twice_is_the_same(bench):
    rows = [engine.collected(t) for t in (bench.company.transactions, bench.company.events)]
    one, other = (gamers.planted(*rows, PEOPLE) for _ in range(2))
    assert one.transactions.equals(other.transactions) and one.events.equals(other.events)
