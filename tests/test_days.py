"""Days of a source are read in the order that their whole column, or a rule, proves."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmlib.core.reading import days
from spmlib.core.reading.issues import Unsettled


def read(said="", **columns):
    made = {name: pl.Series(cells) for name, cells in columns.items()}
    return {name: reading.values.to_list() for name, reading in days.read(made, said)}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-1-3", date(2026, 1, 3)),
        ("2026/01/31", date(2026, 1, 31)),
        ("20260131", date(2026, 1, 31)),
        ("2026-01-31 23:59", date(2026, 1, 31)),
        ("2026-01-31T23:59:59.999Z", date(2026, 1, 31)),
        ("2026-01-31T23:59:59-11:00", date(2026, 1, 31)),
        ("2026-01-31 00:30:00+0200", date(2026, 1, 31)),
        ("31.01.2026", date(2026, 1, 31)),
        ("01.02.2026 08:26", date(2026, 2, 1)),
        ("31/01/2026", date(2026, 1, 31)),
        ("01/31/2026 11:59 PM", date(2026, 1, 31)),
        ("2/24/2003 0:00", date(2003, 2, 24)),
        ("31-Jan-2026", date(2026, 1, 31)),
        ("31 January 2026", date(2026, 1, 31)),
        ("JAN 31, 2026", date(2026, 1, 31)),
        ("01/01/2026", date(2026, 1, 1)),
        ("46053", date(2026, 1, 31)),
        ("46053.75", date(2026, 1, 31)),
        ("29.02.2024", date(2024, 2, 29)),
        ("29.02.2026", None),
        ("2026-13-01", None),
        ("31/13/2026", None),
        ("13.13.2026", None),
        ("tomorrow", None),
        ("2026", None),
        ("123456", None),
        ("31-Foo-2026", None),
    ],
)
def test_a_cell_that_is_a_day_in_one_way(cell, expected):
    assert read(d=[cell])["d"] == [expected]


def test_one_cell_settles_its_column():
    assert read(d=["01/02/2026", "13/02/2026"])["d"][0] == date(2026, 2, 1)
    assert read(d=["01/02/2026", "02/13/2026"])["d"][0] == date(2026, 1, 2)


def test_thirteen_settles_and_twelve_does_not():
    with pytest.raises(Unsettled, match="cannot be told: '11/12/2026'"):
        read(d=["12/11/2026", "11/12/2026"])
    assert read(d=["12/11/2026", "11/13/2026"])["d"][0] == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("first", "second"),
    [("start_date", "end_date"), ("event_date", "recorded_date"), ("hire_date", "leave_date")],
)
def test_a_rule_between_columns_settles_both(first, second):
    by_month = read(**{first: ["01/02/2026"], second: ["02/01/2026"]})
    assert by_month == {first: [date(2026, 1, 2)], second: [date(2026, 2, 1)]}
    by_day = read(**{first: ["02/01/2026"], second: ["01/02/2026"]})
    assert by_day == {first: [date(2026, 1, 2)], second: [date(2026, 2, 1)]}


def test_a_rule_against_a_settled_column():
    made = read(start_date=["2026-01-15"], end_date=["02/01/2026"])
    assert made["end_date"] == [date(2026, 2, 1)]


def test_a_rule_that_both_orders_break_settles_nothing():
    with pytest.raises(Unsettled, match="start_date cannot be told"):
        read(start_date=["01/02/2026", "03/04/2026"], end_date=["02/01/2026", "01/01/2026"])


def test_columns_of_one_source_are_alike_unless_a_rule_says_otherwise():
    assert read(hire_date=["01/02/2026"], other=["13/02/2026"])["hire_date"] == [date(2026, 2, 1)]
    with pytest.raises(Unsettled):
        read(d=["01/02/2026"], one=["13/02/2026"], two=["02/13/2026"])


def test_few_cells_against_many_are_refused_alone():
    many = [f"{n}/02/2026" for n in range(13, 23)]
    assert read(d=[*many, "02/13/2026", "03/04/2026"])["d"][-2:] == [None, date(2026, 4, 3)]
    with pytest.raises(Unsettled, match="the day first in '13/02/2026'"):
        read(d=[*many[:9], "02/13/2026"])


def test_a_column_half_read_by_a_spreadsheet_is_refused():
    with pytest.raises(Unsettled, match="mixes '2026-05-01' and '01/13/2026'"):
        read(d=["2026-05-01", "01/13/2026"])
    assert read("month_first", d=["2026-05-01", "01/13/2026"])["d"][1] == date(2026, 1, 13)


def test_what_is_said_holds():
    assert read("day_first", d=["01/02/2026"])["d"] == [date(2026, 2, 1)]
    assert read("month_first", d=["01/02/2026", "13/02/2026"])["d"] == [date(2026, 1, 2), None]
    assert read("iso", d=["2026-01-02", "01/02/2026"])["d"] == [date(2026, 1, 2), None]


def test_two_digits_are_a_year_only_where_the_order_is_said():
    assert read(d=["13/02/26"])["d"] == [None]
    made = read("day_first", d=["13/02/26", "13/02/68", "13/02/69", "13/02/99"])["d"]
    assert [day.year for day in made] == [2026, 2068, 1969, 1999]


def test_typed_days_stay_and_times_keep_their_day():
    made = read(d=[date(2026, 1, 2)], t=[datetime(2026, 1, 2, 23, 59)])
    assert made == {"d": [date(2026, 1, 2)], "t": [date(2026, 1, 2)]}
    zoned = pl.Series([datetime(2026, 1, 2, 23)]).dt.replace_time_zone("America/New_York")
    assert read(z=zoned)["z"] == [date(2026, 1, 2)]


some_day = st.dates(date(1930, 1, 1), date(2170, 1, 1))
FORMATS = {"day_first": "%d/%m/%Y", "month_first": "%m/%d/%Y", "iso": "%Y-%m-%d"}


@given(st.lists(some_day, min_size=1), st.sampled_from(sorted(FORMATS)))
def test_a_column_is_read_right_or_not_at_all(values, order):
    cells = [value.strftime(FORMATS[order]) for value in values]
    assert read(order, d=cells)["d"] == values
    try:
        made = read(d=cells)["d"]
    except Unsettled:
        assert all(value.day <= 12 for value in values)
    else:
        assert made == values


@given(st.lists(some_day, min_size=1))
def test_excel_counts_days(values):
    cells = [str((value - date(1899, 12, 30)) // timedelta(1)) for value in values]
    assert read(d=cells)["d"] == values
