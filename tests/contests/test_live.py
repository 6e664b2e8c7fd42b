"""The standing of a day: the next prize, what it needs, and who moved; worked by hand."""

from __future__ import annotations

from datetime import date

import polars as pl

from spmlib.motivate.contests.live import live
from tests.contests.spiffs_of import spiff_of

DAY = date(2026, 11, 3)  # four weeks before the end


def now(rows):
    schema = {"payee_id": pl.String, "score": pl.Float64, "place": pl.Int64, "prize": pl.Float64,
              "why": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_the_next_place_that_wins_more():
    spiff = spiff_of("{places: {1: 5_000, 2: 3_000, 3: 3_000}}", "minimum: 10")
    rows = now(
        [
            ("A", 60, 1, 5000, None),
            ("B", 40, 2, 3000, None),
            ("C", 32, 3, 3000, None),
            ("D", 20, 4, 0, None),
            ("E", 8, None, 0, "below the minimum"),
            ("F", 70, None, 0, "no longer eligible on the last day"),
        ]
    )
    before = now([("B", 20, 4, 0, None), ("A", 60, 1, 5000, None), ("D", 20, 3, 0, None)])
    made = {row["payee_id"]: row for row in live(rows, before, spiff, DAY).to_dicts()}
    assert list(made) == ["A", "B", "C", "D", "F", "E"]
    told = {who: (row["next"], row["behind"]) for who, row in made.items()}
    assert told == {
        "A": (None, None),
        "B": ("place 1", 20),
        "C": ("place 1", 28),  # place 2 wins no more than place 3
        "D": ("place 3", 12),
        "E": ("place 3", 24),  # all three places are taken
        "F": (None, None),
    }
    assert made["D"]["pace"] == 3  # 12 in four weeks
    assert (made["B"]["moved"], made["D"]["moved"], made["A"]["moved"]) == (2, -1, 0)
    assert (made["B"]["added"], made["C"]["added"], made["C"]["moved"]) == (20, 32, None)


def test_a_place_that_nobody_holds_needs_the_minimum():
    spiff = spiff_of("{places: {1: 5_000, 2: 3_000}}", "minimum: 10")
    rows = now([("A", 60, 1, 5000, None), ("E", 8, None, 0, "below the minimum")])
    made = live(rows, rows.clear(), spiff, DAY).filter(payee_id="E").row(0, named=True)
    assert (made["next"], made["behind"], made["pace"]) == ("place 2", 2, 0.5)
    none = live(rows, rows.clear(), spiff_of("{places: {1: 5_000, 2: 3_000}}"), DAY)
    assert none.filter(payee_id="E").row(0, named=True)["behind"] == 0


def test_levels_and_what_is_paid_by_each():
    spiff = spiff_of("{levels: {3: 300, 5: 800}, each: {amount: 200, per: 2, most: 3}}")
    rows = now([("A", 7, 1, 0, None), ("B", 2.5, 2, 0, None), ("C", -1, None, 0, "nothing scored")])
    made = {row["payee_id"]: row for row in live(rows, rows, spiff, DAY).to_dicts()}
    assert made["A"]["next"] is None  # three times is the most, and no level is above
    assert (made["B"]["next"], made["B"]["behind"]) == ("level 3", 0.5)
    assert (made["C"]["next"], made["C"]["behind"]) == ("2 more", 3)


def test_groups_compete_apart_and_a_window_that_is_over_asks_for_no_pace():
    spiff = spiff_of("{places: {1: 5_000}}")
    rows = now(
        [("A", 9, 1, 5000, None), ("B", 5, 1, 5000, None), ("C", 4, 2, 0, None)]
    ).with_columns(competing=pl.Series(["X", "Y", "Y"]))
    made = live(rows, rows, spiff, date(2026, 12, 1))
    assert made["competing"].to_list() == ["X", "Y", "Y"]
    assert made.filter(payee_id="C").select("behind", "pace").row(0) == (1, None)
    assert live(rows.clear(), rows.clear(), spiff, DAY).is_empty()
