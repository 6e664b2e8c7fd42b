"""Standings by hand, and levels of pay that add up; odd people and amounts among them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.visibility import drilled, pipelines, standings
from tests.visibility.test_sights import POLICY

MONTHS = pl.DataFrame(
    {
        "period": [f"2026-{n:02}" for n in range(1, 13)],
        "start_date": [date(2026, n, 1) for n in range(1, 13)],
        "end_date": [date(2026, n + 1, 1) if n < 12 else date(2027, 1, 1) for n in range(1, 13)],
        "quarter": [f"2026-Q{(n + 2) // 3}" for n in range(1, 13)],
        "half": [f"2026-H{(n + 5) // 6}" for n in range(1, 13)],
        "year": ["2026"] * 12,
    }
)


def stood(credited, quota, window="2026-Q4", start=date(2026, 1, 1), end=None, to_date=()):
    """One person's standing at the end of October."""
    rows = pl.DataFrame(
        [("A", "p", "c", "m", window, "2026-10", credited * 10_000, quota)],
        schema={
            **dict.fromkeys(
                ("payee_id", "plan", "component", "measure", "window", "period"), pl.String
            ),
            **dict.fromkeys(("credited_to_date", "quota"), pl.Int64),
        },
        orient="row",
    ).with_columns(pl.col("quota") * 10_000)
    held = pl.DataFrame(
        [("A", "p", start, end)],
        schema={
            "payee_id": pl.String,
            "plan": pl.String,
            "start_date": pl.Date,
            "end_date": pl.Date,
        },
        orient="row",
    )
    (made,) = standings.standings(rows, MONTHS, held, "2026-10", POLICY, to_date).to_dicts()
    return made


def test_a_quarter_a_month_in():
    made = stood(310, 1000)
    assert made["elapsed"] == pytest.approx(31 / 92)
    assert made["expected"] == pytest.approx(310 * 92 / 31)
    assert made["pace"] == pytest.approx(0.31 * 92 / 31)
    assert (made["asked"], made["left_periods"], made["state"]) == (345.0, 2, "on pace")


@pytest.mark.parametrize(
    ("credited", "quota", "state"),
    [
        *((1000, 1000, "reached"), (999, 1000, "ahead"), (337, 1000, "ahead")),
        *((336, 1000, "on pace"), (287, 1000, "on pace"), (286, 1000, "behind")),
        *((0, 1000, "behind"), (-5, 1000, "behind"), (500, None, "none"), (500, 0, "none")),
    ],
)
def test_states_below_at_and_above(credited, quota, state):
    made = stood(credited, quota)
    assert made["state"] == state
    assert (made["attainment"] is None) == (not quota)


def test_who_came_within_the_window_has_fewer_days():
    assert stood(1, 2, "2026", date(2026, 10, 1))["elapsed"] == pytest.approx(31 / 92)
    assert stood(1, 2, "2026", end=date(2026, 7, 1))["elapsed"] == 1.0  # who left is done


def test_a_quota_to_date_is_its_own_pace():
    made = stood(50, 100, "2026", to_date=[("p", "c")])
    assert made["pace"] == made["attainment"] == 0.5
    assert (made["state"], made["asked"]) == ("behind", None)
    assert stood(150, 100, "2026", to_date=[("p", "c")])["state"] == "ahead"  # it still grows


def test_a_month_is_over_when_it_is_over():
    made = stood(50, 100, "2026-10")
    assert (made["elapsed"], made["expected"], made["asked"], made["left_periods"]) == (
        1,
        50,
        None,
        0,
    )


def test_a_period_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match="the calendar has no period '2031-01'"):
        standings.standings(pl.DataFrame(), MONTHS, pl.DataFrame(), "2031-01", POLICY)


LINES = pl.DataFrame(
    {
        "payee_id": ["A", "A", "A", "B", "X/Y"],
        "plan": ["p", "p", "q", "p", "p"],
        "component": ["c", None, "c", "c", "c"],
        "line": ["1", "2", "3", "4", "5"],
        "amount": [10_000_01, -3, 7, 250, -10_000],
    }
)
PLACES = pl.DataFrame({"payee_id": ["A", "B"], "region": ["R", "S"], "team": ["M", "N"]})


def test_each_level_adds_up_to_its_parent():
    made = drilled.drilled(LINES, PLACES)
    inside = (
        made.filter(pl.col("parent") != "")
        .group_by("parent")
        .agg(total=pl.col("amount").sum(), lines=pl.col("count").sum())
    )
    both = made.join(inside, left_on="key", right_on="parent")
    assert len(both) == len(made.filter(pl.col("level") != "line"))
    assert (both["amount"] == both["total"]).all() and (both["count"] == both["lines"]).all()
    assert made["key"].is_unique().all()
    for level in drilled.LEVELS:
        assert made.filter(pl.col("level") == level)["amount"].sum() == LINES["amount"].sum()


def test_down_from_the_company_to_a_line():
    made = drilled.drilled(LINES, PLACES)
    assert set(drilled.below(made)["name"]) == {"R", "S", drilled.NONE}
    assert drilled.below(made, "company/R/M/A")["name"].sort().to_list() == ["p", "p.c", "q.c"]
    assert drilled.below(made, "company/R/M/A/p.c")["amount"].to_list() == [10_000_01]
    with pytest.raises(ParameterError, match=r"there is nothing under 'company/Z'; write "):
        drilled.below(made, "company/Z")


def test_two_places_are_refused():
    with pytest.raises(ParameterError, match="places: A has two"):
        drilled.drilled(LINES, pl.concat([PLACES, PLACES.head(1)]))


def test_open_deals_are_those_that_stood_open():
    history = pl.DataFrame(
        [
            ("1", date(2026, 1, 1), "open", "commit", 100),
            ("1", date(2026, 2, 1), "won", "commit", 100),
            ("2", date(2026, 1, 1), "open", "commit", 5),
            ("2", date(2026, 1, 1), "open", "best_case", 7),
            ("3", date(2026, 1, 1), "open", None, None),
        ],
        schema=["opportunity_id", "change_date", "status", "category", "amount"],
        orient="row",
    )
    deals = pl.DataFrame(
        {"opportunity_id": ["1", "2", "3"], "owner_id": ["A"] * 3, "currency": ["USD"] * 3}
    )
    before, after = (pipelines.pipelines(deals, history, date(2026, m, 1)) for m in (2, 3))
    assert before.sort("category").rows() == [
        ("A", "best_case", "USD", 1, 7),
        ("A", "commit", "USD", 1, 100),
    ]
    assert after.rows() == [("A", "best_case", "USD", 1, 7)]
