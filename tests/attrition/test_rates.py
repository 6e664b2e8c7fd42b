"""Rates and shares with their intervals, against published figures."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import rates


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [  # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_newcombes(count, of, low, high):
    assert rates.wilson(count, of) == pytest.approx((low, high), abs=5e-5)
    mirrored = rates.wilson(of - count, of)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=5e-5)


def test_garwood_is_the_table_of_exact_limits():
    """Garwood (1936): 0: 0 to 3.689; 1: 0.0253 to 5.572; 10: 4.795 to 18.39."""
    for count, ends in ((0, (0, 3.689)), (1, (0.0253, 5.572)), (10, (4.795, 18.390))):
        assert rates.garwood(count) == pytest.approx(ends, abs=6e-4)


@pytest.mark.parametrize(("count", "of"), [(1, 0), (3, 2), (-1, 5)])
def test_a_share_that_cannot_be_is_refused(count, of):
    with pytest.raises(ParameterError, match="give 0 up to"):
        rates.wilson(count, of)


def months(people: int, length: int, leavers: int, role: str) -> list[dict]:
    return [
        {
            "payee_id": f"{role}{n}", "month": date(2026, m + 1, 1), "role": role,
            "left": int(n < leavers and m == length - 1),
        }
        for n in range(people)
        for m in range(length)
    ]  # fmt: skip


def test_a_rate_is_leavers_for_a_persons_year_and_small_groups_are_together():
    rows = pl.DataFrame(months(10, 6, 2, "a") + months(2, 6, 1, "b") + months(3, 6, 0, "c"))
    told = rates.group_rates(rows, "role").to_dicts()
    assert {row["group"]: row["left"] for row in told} == {"a": 2, "others": 1}
    a = next(row for row in told if row["group"] == "a")
    assert a["rate"] == pytest.approx(2 * 12 / 60)
    assert a["low"] == pytest.approx(rates.garwood(2)[0] * 12 / 60)
    whole = rates.group_rates(rows).to_dicts()
    assert [(row["people"], row["person_months"], row["left"]) for row in whole] == [(15, 90, 3)]


def test_no_small_group_follows_from_the_sum_of_all():
    """Were "b" alone left out, everybody less "a" would tell it."""
    rows = pl.DataFrame(months(10, 6, 2, "a") + months(12, 6, 2, "c") + months(2, 6, 1, "b"))
    told = rates.group_rates(rows, "role").select("group", "people", "left").rows()
    assert sorted(told) == [("c", 12, 2), ("others", 12, 3)]


def test_too_few_altogether_are_not_shown():
    assert rates.group_rates(pl.DataFrame(months(3, 6, 1, "a")), "role").is_empty()


def test_without_time_it_is_a_share():
    rows = pl.DataFrame({"left": ["Yes", "No", "No", "No", "No", "Yes"], "x": ["a"] * 5 + ["b"]})
    told = rates.group_shares(rows, "left", "x")
    assert told.select("group", "people", "left").rows() == [("others", 6, 2)]
    assert rates.group_shares(rows, "left")["share"][0] == pytest.approx(1 / 3)
