"""Tables show money to the last digit, text as text, and are the same whenever they are made."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from spmlib.show import findings, tables, territory_tables

LARGE = Decimal("12345678901234.56")  # as a float its cents would be lost
RECEIPT = pd.DataFrame(
    {
        "component": ["bookings", "bookings", "bookings", "due"],
        "window": ["2026", "2026", "2026", "2026-01"],
        "standing": ["", "", "", "Seller"],
        "kind": ["clause", "credit", "sum", "due"],
        "event_date": [None, date(2026, 1, 5), None, None],
        "line": ["", "T1 owner", "", ""],
        "credit": ["", "50 %", "", ""],
        "words": ["Bookings earn 8 %.", "1,000.00 x 8 %", "", ""],
        "amount": [None, LARGE, LARGE, LARGE],
        "currency": "USD",
        "place": ["", "seller.yaml:14", "", ""],
    }
)
NOBODY = pd.DataFrame(
    {
        "transaction_id": ["T1", "T2", "T3"],
        "event_date": date(2026, 1, 5),
        "kind": "booking",
        "amount": [Decimal("-1.005"), Decimal("1500"), Decimal("1.2345")],
        "currency": ["USD", "JPY", "KWD"],
        "what": "nobody owns it",
        "remedy": "<script>alert(1)</script>",
    }
)


def cells(html):
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[dh][^>]*>.*?</t[dh]>", html)]


def test_a_receipt_is_exact():
    html = tables.receipt(RECEIPT, "Receipt of Ada", "Seller").as_raw_html()
    assert cells(html).count("12,345,678,901,234.56") == 3
    assert "1,000.00 x 8 %  (50 %)" in cells(html)
    assert "Bookings earn 8 %." in cells(html)
    assert "seller.yaml:14" in cells(html)


def test_money_has_the_decimals_of_its_currency():
    found = cells(tables.uncredited(NOBODY, "To nobody").as_raw_html())
    assert {"−1.01", "1,500", "1.235"} <= set(found)


def test_what_people_write_is_text():
    html = tables.uncredited(NOBODY, "To <b>nobody</b>").as_raw_html()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<b>" not in html


def test_what_names_a_group_is_text():
    named = RECEIPT.assign(standing="<i>to date</i>")
    html = tables.receipt(named, "Receipt", "a < b").as_raw_html()
    assert "<i>" not in html
    assert "a &lt; b" in html


def test_a_table_is_the_same_whenever_it_is_made():
    made = [tables.receipt(RECEIPT, "Receipt", "").as_raw_html() for _ in range(2)]
    assert made[0] == made[1]


def test_a_table_needs_no_network():
    html = tables.receipt(RECEIPT, "Receipt", "").as_raw_html()
    assert not re.search(r"https?://|@import|url\(", html)


def test_money_stands_to_the_right():
    html = tables.receipt(RECEIPT, "Receipt", "").as_raw_html()
    cell = next(c for c in re.findall(r"<td[^>]*>[^<]*</td>", html) if "901,234.56" in c)
    assert "gt_right" in cell


@pytest.mark.parametrize(("holds", "says"), [(True, "✓ holds"), (False, "✗ FAILS")])
def test_a_check_says_whether_it_holds(holds, says):
    table = pd.DataFrame([{"check": "It adds up", "says": "1 = 1", "holds": holds}])
    assert says in cells(tables.checks(table).as_raw_html())


def test_tiles_are_text_too():
    html = findings.tiles({"Due": ("USD 1M", "to <b>2</b> people")}).data
    assert "<dt>Due</dt>" in html
    assert "&lt;b&gt;2" in html


def test_tables_of_territories_say_limits_and_certificates():
    regions = pd.DataFrame(
        {
            "region": ["EMEA"], "accounts": [440], "territories": [5], "km_today": [5.2e6],
            "km": [3.1e6], "moved": [116], "gap": [0.00088], "within": [True], "beyond_today": [3],
        }
    )  # fmt: skip
    found = cells(territory_tables.regions(regions, "Regions").as_raw_html())
    assert {"0.09 %", "all", "3.1M", "5.2M"} <= set(found)
    assert "not all" in cells(
        territory_tables.regions(regions.assign(within=False), "R").as_raw_html()
    )
    each = pd.DataFrame(
        {
            "territory_id": ["E-1", "E-2"], "name": ["Ada", "vacant"], "accounts": [9, 3],
            "gained": [1, 3], "lost": [2, 0], "km_today": [9e4, 0.0], "km": [8e4, 1e4],
            "saving": [97.254, 0.0],
        }
    )  # fmt: skip
    found = cells(territory_tables.territories(each, "Territories").as_raw_html())
    assert "97" in found and "vacant" in found
    moves = pd.DataFrame(
        {
            "account_id": ["007"], "name": ["<Firm>"], "giver": ["E-1"], "taker": ["E-2"],
            "visits": [12], "potential": [122_000.0], "saved": [93_042.9],
        }
    )  # fmt: skip
    found = cells(territory_tables.moves(moves, "USD", "Moves").as_raw_html())
    assert {"007", "122K", "93K", "&lt;Firm&gt;"} <= set(found)
    numbers = pd.DataFrame(
        {"territories": [4], "km": [1.5e6], "gap": [0.0241], "worst_load": [1.1], "within": [True]}
    )
    assert "2.4 %" in cells(territory_tables.numbers(numbers, "Numbers").as_raw_html())
    saving = pd.DataFrame(
        {"moving": [12_000.0], "moved": [496], "km": [2.67e7], "gap": [0.001], "within": [True]}
    )
    found = cells(territory_tables.frontier(saving, "Moves").as_raw_html())
    assert {"12,000", "496", "26.7M", "0.10 %"} <= set(found)
    back = pd.DataFrame(
        {
            "name": ["Firm"],
            "giver": ["E-1"],
            "taker": ["E-2"],
            "more": [81_043.2],
            "within": [False],
        }
    )
    assert {"81K", "no"} <= set(cells(territory_tables.by_hand(back, "By hand").as_raw_html()))
