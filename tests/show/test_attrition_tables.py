"""Tables of attrition: what is shown, and that nothing to show is said."""

from __future__ import annotations

import pandas as pd

from spmlib.show import attrition_tables


def test_no_leak_is_said_in_words():
    empty = pd.DataFrame({"feature": [], "kind": [], "figure": [], "says": []})
    assert "no sign of a leak" in attrition_tables.leaks(empty, "Leaks").as_raw_html()
    row = {"feature": "badge", "kind": "alone", "figure": 0.99, "says": "badge parts leavers"}
    html = attrition_tables.leaks(pd.DataFrame([row]), "Leaks").as_raw_html()
    assert "badge parts leavers" in html and "no sign" not in html


def test_flag_rates_of_nobody_are_an_empty_table():
    names = ["column", "group", "people", "flagged", "share", "low", "high", "ratio", "sign"]
    html = attrition_tables.flag_rates(pd.DataFrame(columns=[*names, "p_value"]), "Flagged")
    assert "Flagged" in html.as_raw_html()


def test_rates_have_their_interval():
    row = {"group": "account_executive", "people": 49, "person_months": 1251, "left": 5}
    table = pd.DataFrame([row | {"rate": 0.048, "low": 0.0156, "high": 0.112}])
    html = attrition_tables.rates(table, "Rates").as_raw_html()
    assert "Account executive" in html and "2 % to 11 %" in html


def test_a_skill_of_less_than_nothing_is_told_and_a_tiny_one_is_none():
    scores = {"auc": 0.5, "auc_low": 0.4, "auc_high": 0.6, "slope": None, "expected": 9.6}
    row = {"name": "One rule", "span": "a month", "rows": 9, "left": 3, "skill": -0.0001}
    table = pd.DataFrame([row | scores | {"skill_low": -0.02, "skill_high": 0.01}])
    html = attrition_tables.figures(table, "Figures").as_raw_html()
    assert "0.0 %" in html and "−2.0 % to 1.0 %" in html and "Within a month" in html
