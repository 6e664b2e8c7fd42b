"""Signs in bookings on small tables whose answers are plain."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.gaming import ends, holding, limits, odds, reversals

END = date(2026, 4, 1)


def row(who, n, days_left, back=None, amount=100.0, discount=0.0):
    day = END - timedelta(days_left)
    return {
        "payee_id": who, "transaction_id": f"{who}{n}", "deal_id": None, "account_id": "A",
        "day": day, "amount": amount, "discount": discount, "window": "Q1",
        "window_start": date(2026, 1, 1), "window_end": END, "next_end": date(2026, 7, 1),
        "days_left": days_left, "days_in": 90 - days_left,
        "cancelled_day": None if back is None else END + timedelta(back),
        "cancelled": 0.0 if back is None else 1.0,
    }  # fmt: skip


def sold(who, last, other, back=()):
    late = [row(who, f"l{n}", 2, back[n] if n < len(back) else None) for n in range(last)]
    return [*late, *(row(who, f"o{n}", 40) for n in range(other))]


def test_only_what_comes_back_early_in_the_next_window_counts():
    rows = pl.DataFrame(
        sold("ada", 10, 20, back=(0, 10, 30, 31, -1)) + sold("bob", 10, 20) + sold("cyd", 2, 9),
        infer_schema_length=None,
    )
    found = reversals.reversals(rows, last_days=5, early=31)
    ada = found.filter(payee_id="ada").row(0, named=True)
    assert (ada["tries"], ada["hits"], ada["other_hits"], ada["amount"]) == (10, 3, 0, 300)
    assert ada["p_value"] == max(
        odds.among_own([3], [10], [0], [20])[0], odds.among_peers([3, 0, 0], [10, 10, 2])[0]
    )
    assert found.filter(payee_id="cyd")["p_value"][0] is None  # too few to say


def deal(name, amount, day, who="ada", account="A"):
    at = date(2026, 1, 1) + timedelta(day)
    return {"payee_id": who, "account_id": account, "deal": name, "day": at, "amount": amount}


@pytest.mark.parametrize(
    ("deals", "groups"),
    [
        ([deal("a", 95.0, 0), deal("b", 96.0, 5)], [["a", "b"]]),
        ([deal("a", 95.0, 0), deal("b", 40.0, 5)], [["a", "b"]]),  # what is left
        ([deal("a", 95.0, 0), deal("b", 96.0, 11)], []),  # too late
        ([deal("a", 95.0, 0), deal("b", 96.0, 5, account="B")], []),  # another customer
        ([deal("a", 95.0, 0), deal("b", 96.0, 5, who="bob")], []),  # another seller
        ([deal("a", 60.0, 0), deal("b", 60.0, 5)], []),  # none is just below
        ([deal("a", 100.0, 0), deal("b", 96.0, 5)], []),  # one was approved
        ([deal("a", 95.0, 0), deal("b", 4.0, 5)], []),  # together below it
        ([deal(n, 95.0, 8 * d) for d, n in enumerate("abc")], [["a", "b", "c"]]),
    ],
)
def test_parts_are_each_below_a_limit_and_together_above_it(deals, groups):
    found = limits.parts(pl.DataFrame(deals), [100.0], within=10, just_below=0.15)
    assert found["deals"].to_list() == groups


def test_the_highest_limit_that_fits_is_told():
    rows = pl.DataFrame([deal("a", 95.0, 0), deal("b", 96.0, 1)])
    assert limits.parts(rows, [96.5, 100.0], 10, 0.15)["limit"].to_list() == [100.0]
    with pytest.raises(ParameterError, match="a limit is an amount above 0"):
        limits.parts(rows, [], 10, 0.15)


def test_a_heap_below_a_limit_is_seen():
    import numpy as np

    rng = np.random.default_rng(3)
    amounts = np.exp(rng.normal(np.log(100), 0.8, 3000))
    over = (amounts > 100) & (amounts < 130) & (rng.random(3000) < 0.6)
    cut = np.where(over, 100 * rng.uniform(0.9, 0.999, 3000), amounts)
    near, density = limits.below(cut, 100.0, 0.1)
    assert near.p_value < 0.001 and density is not None and density.below < 0.001
    assert limits.below([90.0, 100.0], 100.0, 0.15)[0].above == 2
    assert limits.below([90.0, 101.0], 100.0, 0.15)[1] is None


def test_late_deals_are_counted_once_and_priced_by_their_discount():
    late = [row("ada", n, 1, amount=80.0, discount=0.2) for n in range(8)]
    rows = pl.DataFrame(
        late + [row("ada", 20 + n, 50) for n in range(8)] + sold("bob", 1, 30) + sold("cyd", 1, 30),
        infer_schema_length=None,
    )
    ada = ends.hockey_sticks(rows, 4).filter(payee_id="ada").row(0, named=True)
    assert (ada["tries"], ada["hits"]) == (16, 8)
    assert ada["discount_more"] == pytest.approx(0.2)
    assert ada["price"] == pytest.approx(160)
    assert ada["p_adjusted"] < 0.05


def test_deals_after_shut_windows_are_held_against_those_after_open_ones():
    first = [row("ada", n, 88) for n in range(8)] + [row("ada", 30 + n, 20) for n in range(2)]
    rows = pl.DataFrame(first + sold("bob", 0, 12), infer_schema_length=None)
    shut = pl.DataFrame(
        {"payee_id": ["ada", "bob"], "window_end": [date(2026, 1, 1)] * 2, "shut": [True, True]}
    )
    ada = holding.held_back(rows, shut, 10).filter(payee_id="ada").row(0, named=True)
    assert (ada["tries"], ada["hits"], ada["amount"]) == (10, 8, 800)
    assert ada["p_value"] == 1  # nothing of their own to hold it against
