"""A real company's pipeline: as right as the figures of the project say.

Maven Analytics' CRM opportunities: 8,300 deals of 2017 with the day on which each was engaged and
closed, and what it was won for; no amounts, dates or stages of open deals. Asked as each month
from June to December begins, of what is won in it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from spmlib.core import engine
from spmlib.orchestrate.pipeline.outlooks import accuracy, calibration, outlook
from tests.pipeline import companies
from tests.shared import REAL, needs

FILE = REAL / "maven_crm/sales_pipeline.csv"
pytestmark = needs("maven_crm")


def company():
    """The opportunities with a row of history for each day that is known."""
    from dataclasses import replace

    from spmlib.core import periods

    rows = pl.read_csv(FILE, try_parse_dates=True).filter(pl.col("engage_date").is_not_null())
    base = companies.of([], [], calendar=[])
    empty = (
        engine.collected(base.opportunities).schema,
        engine.collected(base.opportunity_history).schema,
    )
    about = rows.select(
        "opportunity_id",
        created_date="engage_date",
        owner_id="sales_agent",
        product_id="product",
        currency=pl.lit("USD"),
    )
    opened = rows.select("opportunity_id", change_date="engage_date", status=pl.lit("open"))
    closed = rows.filter(pl.col("close_date").is_not_null()).select(
        "opportunity_id",
        change_date="close_date",
        status=pl.col("deal_stage").str.to_lowercase(),
        amount=pl.col("close_value").fill_null(0) * 10_000,
    )
    history = pl.concat([opened, closed], how="diagonal")
    made = [
        engine.table(pl.concat([pl.DataFrame(schema=schema), frame], how="diagonal"))
        for schema, frame in zip(empty, (about, history), strict=True)
    ]
    calendar = periods.of_years(2016, 2018)
    return replace(base, opportunities=made[0], opportunity_history=made[1], calendar=calendar)


@pytest.fixture(scope="module")
def made():
    return outlook(company(), date(2018, 1, 1), "USD", leads=1)


def test_the_rows_are_those_of_the_readme(made):
    assert made.deals.about.height == 8300
    won = made.deals.closings.filter("won")
    assert (won.height, won["amount"].sum()) == (4238, 10_005_534)
    np.testing.assert_allclose(made.trials.actual[:2, 0], [1_134_672, 721_932])


def test_month_ahead_revenue_is_as_right_as_the_figures_say(made):
    error = accuracy(made).set_index("answer")
    assert error["days"].unique().tolist() == [7]
    assert error.loc["last_quarter", "error"] == pytest.approx(0.085, abs=0.001)  # as published
    assert error.loc["expected", "error"] < 0.055
    assert error.loc["pipeline", "error"] < 0.15


def test_without_its_own_season_the_pipeline_is_worse_and_weighs_less(made):
    plain = outlook(company(), date(2018, 1, 1), "USD", leads=1, seasonal=False)
    error = accuracy(plain).set_index("answer")["error"]
    assert error["expected"] < 0.095
    assert error["pipeline"] > accuracy(made).set_index("answer")["error"]["pipeline"]
    assert plain.stack.weights[-1, 0, 0] < made.stack.weights[-1, 0, 0]


def test_deals_were_won_about_as_often_as_said(made):
    judged = calibration(made)
    apart = np.average(np.abs(judged["won"] - judged["chance"]), weights=judged["deals"])
    assert apart < 0.05
