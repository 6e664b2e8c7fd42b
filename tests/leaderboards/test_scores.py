"""Scores of plain tables: kinds, part periods, odd input."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards import boards, movement, panels
from spmlib.motivate.leaderboards.scores import Kind, scores


def grid(**columns):
    return panels.grid(pl.DataFrame(columns))


def told(made, name):
    return made.filter(payee_id=name).row(0, named=True)


def test_growth_is_against_the_same_month_a_year_ago():
    made = grid(
        payee_id=["a", "a", "b"], period=["2025-03", "2026-03", "2026-03"], value=[80, 100, 5]
    )
    found = scores(made, "2026-03", Kind("growth"))
    assert told(found, "a")["score"] == 0.25
    assert told(found, "b")["why"] == "no base"


def test_growth_from_nothing_or_less_has_no_score():
    made = grid(
        payee_id=["a", "a", "b", "b"], period=["2025-03", "2026-03"] * 2, value=[0, 9, -1, 9]
    )
    assert scores(made, "2026-03", Kind("growth"))["why"].to_list() == ["no base", "no base"]


def test_improvement_is_against_ones_own_mean_and_deviation():
    months = [f"2026-{month:02}" for month in range(1, 6)]
    made = grid(payee_id=["a"] * 5, period=months, value=[10.0, 20, 30, 20, 40])
    assert told(scores(made, "2026-05", Kind("improvement")), "a")["score"] == 20
    found = scores(made, "2026-05", Kind("improvement", unit="deviations"))
    assert told(found, "a")["score"] == pytest.approx(
        20 / np.std([10, 20, 30, 20], ddof=1), abs=1e-6
    )


def test_steady_people_have_no_deviations():
    months = [f"2026-{month:02}" for month in range(1, 6)]
    made = grid(payee_id=["a"] * 5, period=months, value=[10.0] * 4 + [40])
    assert scores(made, "2026-05", Kind("improvement", unit="deviations"))["why"][0] == "steady"


@pytest.mark.parametrize(("part", "score"), [("prorate", 60), ("as_is", 30), ("leave_out", None)])
def test_half_a_month_is_handled_by_rule(part, score):
    made = grid(payee_id=["a"], period=["2026-06"], value=[30], days=[30], present=[15])
    assert scores(made, "2026-06", Kind(part=part))["score"][0] == score


@pytest.mark.parametrize(("present", "why"), [(14, "part"), (15, ""), (16, ""), (0, "absent")])
def test_too_small_a_part_has_no_score(present, why):
    made = grid(payee_id=["a"], period=["2026-06"], value=[30], days=[30], present=[present])
    assert scores(made, "2026-06", Kind(least_present=0.5))["why"][0] == why


def test_attainment_without_quota_has_no_score_and_below_zero_has():
    made = grid(
        payee_id=["a", "b", "c"], period=["2026-06"] * 3, value=[5, -5, 0], quota=[0, 10, 10]
    )
    found = scores(made, "2026-06", Kind("attainment"))
    assert found["why"].to_list() == ["no quota", "", ""]
    assert found["score"].to_list() == [None, -0.5, 0]


def test_attainments_a_hair_apart_are_told_apart():
    quota, value = [900_000_000, 900_000_000], [Decimal("900000000.01"), Decimal("900000000.00")]
    made = boards.ranked(
        pl.DataFrame({"payee_id": ["a", "b"], "value": value, "quota": quota}), kind="attainment"
    )
    assert made["place"].to_list() == [1, 2]


@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame])
def test_any_frame_will_do(kind):
    made = boards.ranked(kind({"payee_id": ["a", "b", "c", "d"], "value": [1.0, 2.0, None, 2.0]}))
    assert made.select("payee_id", "place").rows() == [("b", 1), ("d", 1), ("a", 3), ("c", None)]


def test_odd_tables_are_ranked():
    assert boards.ranked(pd.DataFrame({"payee_id": [], "value": []})).is_empty()
    assert boards.ranked(pl.DataFrame({"payee_id": ["a"], "value": [-3]}))["place"].to_list() == [1]
    level = boards.ranked(pl.DataFrame({"payee_id": ["a", "b", "c"], "value": [4, 4, 4]}))
    assert level["place"].to_list() == [1, 1, 1]


def test_groups_are_ranked_apart():
    rows = {"payee_id": ["a", "b", "c"], "value": [1, 2, 3], "region": ["x", "x", "y"]}
    assert boards.ranked(pl.DataFrame(rows), group="region")["place"].to_list() == [1, 2, 1]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ({"payee_id": ["a", "a"], "value": [1, 2]}, "has 2 rows for now; add them up first"),
        ({"payee_id": ["a", None], "value": [1, 2]}, "1 rows have none"),
        ({"payee_id": ["a"], "amount": [1]}, "no column 'value'"),
        ({"payee_id": ["a"], "value": ["1"]}, "is no number"),
        ({"payee_id": ["a"], "value": [float("inf")]}, "too large to be exact"),
    ],
)
def test_what_cannot_be_ranked_is_refused(rows, wrong):
    with pytest.raises(ParameterError, match=wrong):
        boards.ranked(pl.DataFrame(rows))


def test_rows_are_counted_up_by_month_of_the_day():
    rows = pd.DataFrame(
        {"who": ["a", "a"], "day": pd.to_datetime(["2026-01-31", "2026-02-01"]), "sold": [0.1, 0.2]}
    )
    made = panels.panel(rows, "sold", "who", day="day")
    assert made.select("period", "value").rows() == [
        ("2026-01", Decimal("0.1")),
        ("2026-02", Decimal("0.2")),
    ]
    counted = panels.panel(rows, person="who", day="day", counted="count")
    assert counted["value"].to_list() == [1, 1]


def test_movement_names_who_is_new_back_and_gone():
    rows = pl.DataFrame(
        [
            ("a", "1", 1), ("a", "2", 1), ("a", "3", 3), ("b", "1", 2), ("b", "3", 1),
            ("c", "3", 2), ("d", "2", 2), ("e", "2", 3), ("e", "3", 4),
        ],
        schema=["payee_id", "period", "place"], orient="row",
    )  # fmt: skip
    made = movement.moved(rows, "3", "2")
    assert dict(made.select("payee_id", "came").rows()) == {
        "a": "down", "b": "returned", "c": "new", "d": "gone", "e": "down",
    }  # fmt: skip
    assert made.filter(payee_id="a")["moved"].to_list() == [-2]


def test_a_run_pauses_or_ends_while_away():
    flags = [[1, 1, np.nan, 1]]
    assert movement.runs(flags)[0].tolist() == [3]
    assert movement.runs(flags, "end")[0].tolist() == [1]
    assert movement.runs([[1, 1, 0]])[1].tolist() == [2]


def test_the_first_months_are_no_personal_best():
    values = [[1.0, 2.0, 3.0]]
    assert movement.personal_bests(values, ["a", "b", "c"], least=3)[2].tolist() == [False]
    assert movement.personal_bests(values, ["a", "b", "c"], least=2)[2].tolist() == [True]
    assert movement.personal_bests([[3.0, 1.0, 3.0]], ["a", "b", "c"], 2)[2].tolist() == [False]


def test_a_day_that_is_none_is_refused():
    rows = pl.DataFrame({"payee_id": ["a"], "day": ["31.1.2026"], "amount": [1]})
    with pytest.raises(ParameterError, match=r"'31\.1\.2026' is not a day"):
        panels.panel(rows, day="day")
