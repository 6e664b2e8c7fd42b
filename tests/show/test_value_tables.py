"""Tables of value say what is measured, assumed, doubted and not known."""

from __future__ import annotations

import pandas as pd
import pytest

from spmlib.show import value_tables

NAN = float("nan")
ROWS = pd.DataFrame(
    {
        "says": ["Disputes", "Hours", "Cost of sales", "Shadow accounting", "Overpaid"],
        "unit": ["disputes", "hours", "percentage points", "hours", "USD"],
        "better": -1,
        "method": ["interrupted", "staggered", "before_after", "assumed", "unknown"],
        "why": ["trend", "teams", "mean", "1.5 hours each", "no month is closed"],
        "before": [20, 20, 5, NAN, NAN],
        "after": [10, 14, 3, NAN, NAN],
        "level": [3.5, 300.0, 8.0, 176.0, NAN],
        "money": [840.0, 18_000.0, NAN, 10_560.0, NAN],
        "base": [4.0, 400.0, 8.0, NAN, NAN],
        "change": [-1.0, -40.0, 0.5, NAN, NAN],
        "low": [-2.0, -60.0, -1.0, NAN, NAN],
        "high": [-0.5, -20.0, 2.0, NAN, NAN],
        "nw_low": [-1.5, NAN, -0.5, NAN, NAN],
        "nw_high": [-0.7, NAN, 1.5, NAN, NAN],
        "shown": [True, True, False, NAN, NAN],
        "truth": [-1.2, -50.0, 0.0, NAN, NAN],
        "placebo": [0.5, 0.0, NAN, NAN, NAN],
        "doubted": [True, False, False, False, False],
        "counted": [False, True, False, False, False],
    }
)


@pytest.mark.parametrize(
    "says",
    ["In doubt", "Better, counted", "Nothing shown", "Cost of sales, points", "20 + 14", "Planted",
     "\u221260 to \u221220"],
)  # fmt: skip
def test_effects_say_what_may_be_said(says):
    assert says in value_tables.effects(ROWS, "Effects").as_raw_html()


def test_a_column_without_anything_is_left_out():
    rows = ROWS.assign(truth=NAN, nw_low=NAN)
    made = value_tables.effects(rows, "Effects").as_raw_html()
    assert "Planted" not in made and "Newey" not in made


def test_what_is_not_known_and_what_is_assumed_says_why():
    made = value_tables.ways(ROWS, "USD", "Ways").as_raw_html()
    for says in ("No month is closed.", "Assumed", "1.5 hours each.", "11K", "Mean before"):
        assert says in made


def test_worths_name_what_holds_them():
    rows = pd.DataFrame(
        {"says": ["Disputes"], "unit": ["disputes"], "worth": [240.0], "within": ["Hours"],
         "counted": [False]}
    )  # fmt: skip
    made = value_tables.worths(rows, "USD", "Worth").as_raw_html()
    assert "240.00" in made and "Hours" in made
