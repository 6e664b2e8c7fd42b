"""Wages as the Bureau of Labor Statistics publishes them, read through a sources.yaml alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from spmlib.core import engine, sources
from spmlib.incent.benchmarking import surveys
from spmlib.incent.benchmarking.percentiles import Placed, placed
from tests.benchmarking.companies import policy
from tests.shared import SHARED, needs

pytestmark = needs("bls_oews")
HERE = Path(__file__).parents[1] / "real" / "bls_oews"


@pytest.fixture(scope="module")
def company():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPMLIB_SHARED", str(SHARED.resolve()))
        yield sources.read(HERE / "sources.yaml")


@pytest.fixture(scope="module")
def market(company, tmp_path_factory):
    said = policy(tmp_path_factory.mktemp("policy"))
    return surveys.market(company, said, date(2024, 5, 12), "total_cash")


def standing(market, job: str, place: str, pay: float) -> tuple[float, str]:
    cells = market.cells.with_row_index("n")
    n = cells.filter((pl.col("job") == job) & (pl.col("place") == place))["n"][0]
    made: Placed = placed(np.array([pay]), surveys.AT, market.points[[n]], market.least[[n]])
    return float(made.value[0]), made.words()[0]


def test_every_row_is_read(company):
    reads = engine.collected(company.reads)
    assert reads["rows_used"].to_list() == [831, 7010, 6920]
    assert engine.collected(company.issues).filter(pl.col("effect") == "refused").is_empty()


def test_wholesale_representatives(market):
    assert round(standing(market, "41-4012", "US", 70_000)[0], 4) == 52.6145
    assert standing(market, "41-4012", "US", 37_000)[1] == "<10"
    assert standing(market, "41-4012", "US", 134_471)[1] == ">90"


def test_sales_managers_are_top_coded(market):
    """Of 11-2022 the quarter above earns 201,490; a tenth earns 239,200 or more."""
    assert standing(market, "11-2022", "US", 220_000)[1] == "75-90"
    assert standing(market, "11-2022", "US", 239_200)[1] == ">75"
    assert standing(market, "11-2022", "US", 201_490)[1] == "75.0"


def test_new_york_tells_a_median_alone(market):
    assert standing(market, "41-4012", "New York State", 73_875)[1] == "50.0"
    assert standing(market, "41-4012", "New York State", 73_874)[1] == "<50"
    assert standing(market, "41-4012", "New York City", 78_960)[1] == ">50"


def test_washington_tells_hours_and_is_two_years_older(market, company):
    row = engine.collected(company.market_pay).filter(
        (pl.col("job") == "41-4012") & (pl.col("place") == "Washington")
    )
    hourly = row["p50"][0] / 10_000
    yearly = hourly * 2080 * 1.12  # two years at 6 %, simply
    assert hourly == 33.70
    assert standing(market, "41-4012", "Washington", yearly)[0] == pytest.approx(50)
    assert standing(market, "41-4012", "Washington", 10**6)[1] == ">75"


def test_standard_errors_come_with_the_rows(company):
    rows = engine.collected(company.market_pay).filter(pl.col("survey") == "BLS OEWS")
    told = rows.filter(pl.col("job") == "41-4012")["relative_error"][0]
    assert told / 10**8 == 0.005
