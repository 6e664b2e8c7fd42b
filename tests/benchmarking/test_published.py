"""Published cases of compensation arithmetic, and public data, met to the digit."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import polars as pl
import pytest

from spmlib.incent.benchmarking.ageing import aged, composite
from spmlib.incent.benchmarking.attained import attainment_distribution, share_at_or_above
from spmlib.incent.benchmarking.inequality import excellence_ratio, gini
from spmlib.incent.benchmarking.percentiles import percentile
from spmlib.incent.benchmarking.performance import cost_of_sales, quota_to_ote, upside
from spmlib.incent.benchmarking.ranges import compa_ratio, range_penetration
from tests.shared import REAL, SHARED, needs

PATH = SHARED / "worked-examples/compensation.json"
pytestmark = pytest.mark.skipif(not PATH.exists(), reason=f"{PATH} is not there")


@cache
def cases() -> dict:
    return {case["id"]: case for case in json.loads(PATH.read_text("utf-8"))}


def case(name: str) -> tuple[dict, dict]:
    return cases()[name]["inputs"], cases()[name]["expected"]


def test_compa_ratio():
    given, expected = case("P1")
    made = compa_ratio(given["pay"], given["midpoint"])
    assert made == expected["compa"]
    assert (1 - made) * 100 == pytest.approx(expected["pct_below"], abs=1e-12)


def test_range_penetration():
    given, expected = case("P2")
    assert range_penetration(given["pay"], given["min"], given["max"]) == expected["pir"]


def test_three_employees_at_once():
    given, expected = case("P4")
    pay, middle, low, high = np.array(given["rows"], float).T
    assert compa_ratio(pay, middle) == pytest.approx(expected["compa"], abs=5e-7)
    assert range_penetration(pay, low, high) == pytest.approx(expected["pir"], abs=5e-7)


def test_ageing_by_simple_proration():
    given, expected = case("A1")
    made = {name: aged(*_ordered(given[name]), "simple") for name in "ab"}
    assert made == {name: expected[name] for name in "ab"}
    assert composite(list(made.values())) == expected["composite"]


def _ordered(row: list) -> tuple:
    value, months, rate = row
    return value, rate, months


def test_ageing_geometrically_differs_from_simple():
    given, expected = case("A3")
    value, rate, months = given["value"], given["rate"], given["months"]
    made = aged(value, rate, months, "geometric")
    assert round(made, 2) == expected["exact"]
    assert aged(value, rate, months, "simple") == pytest.approx(91_350.0)


def test_cost_of_sales():
    given, expected = case("S1")
    assert cost_of_sales(given["base"], given["variable"], given["sales"]) == expected["ccos"]


def test_upside_on_top_of_the_target():
    given, expected = case("S2")
    base_share = given["mix"][0] / sum(given["mix"])
    made = upside(given["tcc"], base_share, given["upside_ratio"])
    assert made._asdict() == expected


def test_quota_to_on_target_earnings():
    given, expected = case("S5")
    assert quota_to_ote(given["quota"], expected["ote"]) == pytest.approx(given["ratio"], abs=1e-6)
    assert given["quota"] / given["ratio"] == pytest.approx(expected["ote"], abs=0.005)


def test_percentile_of_wholesale_representatives():
    given, expected = case("R1")
    made = percentile(given["pay"], given["points"])
    assert round(made, 4) == expected["percentile"]
    assert (made.low, made.high) == (made, made)
    assert str(percentile(37_859.99, given["points"])) == "<10"
    assert str(percentile(134_470.01, given["points"])) == ">90"


@needs("adventureworks")
def test_inequality_of_what_sellers_sold():
    _, expected = case("G2")
    orders = pl.read_csv(REAL / "adventureworks/reseller_orders.csv")
    sold = orders.group_by("EmployeeKey").agg(pl.col("SalesAmount").sum())["SalesAmount"].to_numpy()
    assert len(sold) == case("G2")[0]["n"]
    assert round(sold.sum(), 4) == expected["total"]
    assert round(gini(sold), 6) == expected["gini"]
    assert round(excellence_ratio(sold), 6) == expected["p90_p50"]


@needs("adventureworks")
def test_attainment_of_sellers_by_quarter():
    given, expected = case("H1")
    rows = pl.read_csv(REAL / "adventureworks/quota_vs_actual_by_quarter.csv")
    attainment = (rows["SalesAmount"] / rows["SalesAmountQuota"]).to_numpy()
    made = attainment_distribution(attainment, given["edges"])
    assert made["count"].tolist() == expected["counts"]
    assert made["start"].tolist() == given["edges"][:-1]
    found = share_at_or_above(attainment)
    assert (found.value * found.count, found.count) == (expected["at_or_above_100"], expected["n"])
    assert round(float(np.median(attainment)), 6) == pytest.approx(expected["median"], abs=2e-6)
