"""Numbers of a source are read exactly, in the notation that their whole column proves."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmlib.core.reading import numbers
from spmlib.core.reading.issues import Unsettled
from spmlib.core.reading.numbers import Notation
from spmlib.core.tables import MONEY, SCALE


def ticks(cells, kind="money", hint="", **said):
    return numbers.read(pl.Series(cells), Notation(kind, **said), hint).values.to_list()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0", 0),
        ("-0.0001", -1),
        ("+7", 70000),
        (".5", 5000),
        ("5.", 50000),
        ("007", 70000),
        ("1,234.50", 12345000),
        ("1,234,567.5", 12345675000),
        ("1'234.50", 12345000),
        ("1 234.50", 12345000),
        ("1\u00a0234.50", 12345000),
        ("(1,234.50)", -12345000),
        ("12.5-", -125000),
        ("−3", -30000),
        ("- 3", -30000),
        ("1e-4", 1),
        ("0E-10", 0),
        ("1.50000000000000000000000", 15000),
        ("922337203685477.5807", 2**63 - 1),
        ("-922337203685477.5808", -(2**63)),
        ("922337203685477.5808", None),
        ("123456789012345678901234567890", None),
        ("1.00005", None),
        ("1.0000000000000000000000001", None),
        ("--5", None),
        ("(-5)", None),
        ("1.2.3", None),
        ("1,23,456.5", None),
        ("12%", None),
        ("NaN", None),
        ("inf", None),
        ("1e5", None),
        ("0x10", None),
        ("١٢", None),
        ("€5", None),
    ],
)
def test_a_cell_with_a_decimal_dot(cell, expected):
    assert ticks([cell, "0.5"]) == [expected, 5000]
    assert ticks([cell], decimal=".") == [expected]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234", "0,5"], [12340000, 5000]),
        (["1.234,56"], [12345600]),
        (["1.234.567"], [12345670000]),
        (["27,50", "-27,50"], [275000, -275000]),
        (["1.234", "0.125"], [12340, 1250]),
        (["1,234", "1234.5"], [12340000, 12345000]),
        (["12", "-3"], [120000, -30000]),
    ],
)
def test_the_mark_is_proved_by_the_whole_column(cells, expected):
    assert ticks(cells) == expected
    assert ticks(cells[::-1]) == expected[::-1]


@pytest.mark.parametrize("cells", [["1.234"], ["1,234"], ["1.234", "2.500", "7"], ["-1,234"]])
def test_what_can_be_read_two_ways_is_refused(cells):
    with pytest.raises(Unsettled, match="can be read two ways"):
        ticks(cells)
    assert ticks(cells, decimal=".") != ticks(cells, decimal=",")
    assert ticks(cells, hint=",") == ticks(cells, decimal=",")


def test_few_cells_against_many_are_refused_alone():
    many = [f"{n}.5" for n in range(10)]
    assert ticks([*many, "1,5"])[-1] is None
    with pytest.raises(Unsettled, match=r"a dot in '0\.5' and a comma in '1,5'"):
        ticks([*many[:9], "1,5"])


def test_shares_count_percent_where_it_is_written():
    assert ticks(["12.5%", "0.125", "-3 %"], "share") == [12_500_000, 12_500_000, -3_000_000]
    assert ticks(["12.5", "100"], "share", percent=True) == [12_500_000, 100_000_000]
    assert ticks(["0.000001%", "0.0000001%"], "share") == [1, None]


def test_rounding_is_half_away_from_zero_and_only_where_allowed():
    cells = ["2.00005", "-2.00005", "2.000049999", "2.005"]
    assert ticks(cells) == [None, None, None, 20050]
    assert ticks(cells, round_to=4) == [20001, -20001, 20000, 20050]
    assert ticks(cells, round_to=2) == [20000, -20000, 20000, 20100]
    assert ticks(["0.5000000000000000000000001"], round_to=0) == [10000]


def test_floats_are_their_shortest_decimals_and_said():
    read = numbers.read(pl.Series([0.1, 1e-7, 12345678.25, None, float("nan")]), Notation("rate"))
    assert read.values.to_list() == [10**9, 1000, 123456782500000000, None, None]
    assert [fault.effect for fault in read.faults] == ["refused", "noted"]
    assert ticks([0.1 + 0.2]) == [None]


def test_typed_numbers_are_exact():
    assert ticks([1, -2, None]) == [10000, -20000, None]
    assert ticks([Decimal("1.2345"), Decimal("-0.0001")]) == [12345, -1]
    assert ticks([Decimal("1.00005")]) == [None]
    assert ticks(pl.Series([Decimal("1.50")], dtype=pl.Decimal(38, 25))) == [15000]
    assert ticks(pl.Series([2**62], dtype=pl.Int64)) == [None]


exact = st.decimals(-(10**14), 10**14, places=4, allow_nan=False)


@given(st.lists(exact, min_size=1), st.sampled_from(".,"), st.booleans())
def test_decimals_survive_any_notation(values, mark, grouped):
    other = "," if mark == "." else "."
    written = [f"{value:,.4f}" if grouped else f"{value:.4f}" for value in values]
    cells = [text.translate({ord("."): mark, ord(","): other}) for text in written]
    assert ticks(cells, decimal=mark) == [int(value * MONEY) for value in values]
    assert ticks([*cells, f"0{mark}5"])[:-1] == [int(value * MONEY) for value in values]


fine = st.decimals(-(10**6), 10**6, places=12, allow_nan=False)


@given(st.lists(fine, min_size=1), st.sampled_from(["money", "share", "rate"]), st.data())
def test_rounding_agrees_with_decimals(values, kind, data):
    places = data.draw(st.integers(0, 4))
    by = Decimal(1).scaleb(-places)
    expected = [int(v.quantize(by, ROUND_HALF_UP) * SCALE[kind]) for v in values]
    assert ticks([f"{v:f}" for v in values], kind, round_to=places, decimal=".") == expected
