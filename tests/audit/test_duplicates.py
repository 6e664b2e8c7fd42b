"""Duplicates: what was booked twice is found with what it pays; its innocent twins are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from spmlib.incent.audit import duplicates, names
from spmlib.incent.audit.duplicates import pairs
from tests import small
from tests.audit.ledgers import USD, accounts, computed, made, policy, sale

TERMS = policy().duplicates
DAY = date(2026, 3, 10)


def told(*sales, customers=("Fenwick Labs LLC",)):
    books = made(transactions=list(sales), accounts=accounts(*customers))
    found = pairs(books.transactions, books.accounts, TERMS)
    return {frozenset(row): score for *row, score in
            found.select("transaction_id", "other_id", "score").iter_rows()}  # fmt: skip


def test_the_same_line_under_another_id_is_a_duplicate_beyond_doubt():
    assert told(sale("T1", DAY, 500), sale("T2", DAY, 500)) == {frozenset({"T1", "T2"}): 1.0}


def test_the_later_one_is_told_with_what_it_pays(tmp_path):
    ann, held = small.person("ann", "seller")
    books = computed(
        tmp_path, small.plan(), payees=[ann], positions=[held],
        accounts=accounts("Fenwick"), products=[{"product_id": "P1", "name": "P"}],
        transactions=[sale("T2", DAY, "812.50"), sale("T1", DAY + timedelta(1), "812.50")],
    )  # fmt: skip
    found = duplicates.duplicates(books, policy()).row(0, named=True)
    assert found["finding_id"] == "duplicates:T2+T1"  # T1 was booked later
    assert found["transaction_id"] == "T1" and found["period"] == "2026-03"
    assert found["amount"] == 81.25 * USD  # 10 % of it
    assert found["place"] == "seller.yaml:9" or found["place"].startswith("seller.yaml:")
    assert "81.25 USD" in found["evidence"] and "1 days apart" in found["evidence"]


def test_a_line_that_was_taken_back_needs_no_audit(tmp_path):
    ann, held = small.person("ann", "seller")
    gone = {"event_id": "E1", "transaction_id": "T2", "event": "cancellation",
            "event_date": DAY + timedelta(5), "amount": -500}  # fmt: skip
    books = computed(
        tmp_path, small.plan(), payees=[ann], positions=[held], events=[gone],
        accounts=accounts("Fenwick"), products=[{"product_id": "P1", "name": "P"}],
        transactions=[sale("T1", DAY, 500), sale("T2", DAY, 500)],
    )  # fmt: skip
    assert duplicates.duplicates(books, policy()).is_empty()


@pytest.mark.parametrize(
    ("apart", "found"), [(TERMS.days - 1, True), (TERMS.days, True), (TERMS.days + 1, False)]
)
def test_days_apart_below_at_and_above_what_the_policy_says(apart, found):
    assert bool(told(sale("T1", DAY, 500), sale("T2", DAY + timedelta(apart), 500))) == found


@pytest.mark.parametrize(
    ("amount", "found"), [("998.01", True), ("998", True), ("997.99", False), ("-1000", False)]
)
def test_amounts_apart_below_at_and_above_what_the_policy_says(amount, found):
    assert bool(told(sale("T1", DAY, 1000), sale("T2", DAY, amount))) == found  # 0.2 %


def test_a_customer_typed_anew_is_the_same():
    sales = sale("T1", DAY, 500), sale("T2", DAY, 500, account_id="A2")
    assert told(*sales, customers=("Corefield Devices LLC", "COREFEILD DEVICES, L.L.C."))
    assert not told(*sales, customers=("Corefield Devices LLC", "Palmgrove Analytics LLC"))


def test_numbered_branches_are_other_customers():
    sales = sale("T1", DAY, 500), sale("T2", DAY, 500, account_id="A2")
    assert not told(*sales, customers=("Fenwick Laboratories 12", "Fenwick Laboratories 13"))


def test_subscriptions_billed_each_month_or_day_are_no_duplicates():
    monthly = [sale(f"T{n}", DAY + timedelta(30 * n), 99) for n in range(6)]
    daily = [sale(f"T{n}", DAY + timedelta(n), 99) for n in range(10)]
    assert not told(*monthly) and not told(*daily)


def test_a_line_booked_twice_within_a_subscription_is_one():
    monthly = [sale(f"T{n}", DAY + timedelta(30 * n), 99) for n in range(6)]
    assert set(told(*monthly, sale("T9", DAY + timedelta(60), 99))) == {frozenset({"T2", "T9"})}


def test_what_differs_in_product_or_owner_and_quantity_is_less_sure():
    sure = [
        next(iter(told(sale("T1", DAY, 500), sale("T2", DAY, 500, **other)).values()), 0.0)
        for other in ({}, {"owner": "bob"}, {"quantity": 2}, {"product_id": "P2"})
    ]
    assert sure[0] == 1.0 and sure == sorted(sure, reverse=True) and sure[3] == 0.0


def test_nothing_is_found_in_nothing():
    assert not told() and not told(sale("T1", DAY, 500)) and not told(sale("T1", DAY, 0))


def test_against_all_pairs():
    """The blocks and windows find what comparing all pairs finds."""
    rng = np.random.default_rng(7)
    customers = [f"Customer {letter * 5}" for letter in "abcdefgh"]
    sales = [
        sale(
            f"T{n:03}", DAY + timedelta(int(rng.integers(0, 200))),
            int(rng.choice([100, 250, 999])), account_id=f"A{rng.integers(1, 9)}",
        )
        for n in range(120)
    ]  # fmt: skip
    loose = replace(TERMS, sure=0.0, alike=0.99)
    books = made(transactions=sales, accounts=accounts(*customers))
    found = pairs(books.transactions, books.accounts, loose)
    got = {frozenset(row) for row in found.select("transaction_id", "other_id").iter_rows()}
    slow = {
        frozenset({a["transaction_id"], b["transaction_id"]})
        for a, b in combinations(sales, 2)
        if (a["account_id"], a["amount"]) == (b["account_id"], b["amount"])
        and abs((a["event_date"] - b["event_date"]).days) <= loose.days
    }
    # What has a usual distance is left out by design: none of these series is that dense.
    assert got == slow and len(slow) > 3


def test_names_as_they_are_compared():
    frame = pl.DataFrame({"a": ["Dvořák s.r.o.", "GmbH", "Café  Noir S.A. de C.V.", None, ""],
                          "b": ["DVORAK SRO", "GMBH", "cafe noir", "x", ""]})  # fmt: skip
    plain = frame.select(names.plain(pl.col("a")), names.plain(pl.col("b")))
    assert plain["a"].to_list() == ["dvorak sro", "gmbh", "cafe noir", None, ""]
    alike = plain.select(names.alike(pl.col("a"), pl.col("b"))).to_series().to_list()
    assert alike[0] == 1.0 and alike[1] == 1.0 and alike[2] == 1.0 and alike[3] == 0.0


def test_dice_of_a_published_pair():
    """The usual example, night and nacht: 2 * 1 / 8 by their own letters, one pair of four each."""
    frame = pl.DataFrame({"a": ["night"], "b": ["nacht"]})
    # With the ends of the words counted as letters: (n, ht, t ) are shared of six each.
    assert frame.select(names.alike(pl.col("a"), pl.col("b"))).item() == 2 * 3 / 12
