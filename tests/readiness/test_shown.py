"""Tables of readiness say formulas in words, and what is not known."""

import pandas as pd
import pytest

from spmlib.show import readiness_tables as shown

RULE = {
    "kind": "rate",
    "measure": "new_bookings",
    "over": "month",
    "value": 0.02125,
    "per": "money",
}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({}, "2.125 % of new bookings of the month"),
        ({"over": "quarter", "value": -0.01}, "−1 % of new bookings of the quarter"),
        ({"per": "units", "value": 9.5}, "9.50 for each of new bookings of the month"),
        ({"kind": "amount", "measure": "", "over": "", "value": 1400.0}, "1,400 a month"),
        ({"kind": "rate each", "low": 0.01, "high": 0.02, "value": None},
         "1 % to 2 %, each their own, of new bookings of the month"),
        ({"kind": "amount", "value": 425.0, "low": 400.0, "high": 425.0},
         "425 a month, once 400"),
    ],
)  # fmt: skip
def test_formulas_in_words(words, says):
    row = RULE | words
    row.setdefault("low", row["value"])
    row.setdefault("high", row["value"])
    assert shown.formula(row) == says


def test_every_table_is_drawn():
    rule = pd.DataFrame(
        [RULE | {"rule": 1, "reason": "", "cause": "owner", "low": 0.02, "high": 0.02, "people": 2,
                 "lines": 1200, "money": 99.5, "exact": 0.994, "found_by": "near"}]
    )  # fmt: skip
    said = shown.rules(rule, "USD", "Rules").as_raw_html()
    assert "Owner" in said and "Nearly" in said and "99 %" in said
    since = pd.Timestamp("2026-01-01")
    entry = {"what": "Slides", "team": "finance", "owner": "x", "since": since, "rows": 3.0}
    entry |= {"money": None, "hours": 4.0, "lines_share": 0.1, "money_share": None}
    said = shown.register(pd.DataFrame([entry]), "USD", "Register").as_raw_html()
    assert said.count("not known") == 2 and "10.0 %" in said
    one = {"name": "C1", "says": "word " * 20, "sort": "none", "people": 1, "lines": 2}
    one |= {"money": 3.0, "share": 0.8, "past": True}
    said = shown.taken(pd.DataFrame([one]), "USD", "Taken").as_raw_html()
    assert "Ask why" in said and "(goal)" in said and "…" in said
    paid = {"rule": 1, "lines": 2, "exact": 1, "given": -10.005, "paid": 3.0, "beyond": 0.0}
    assert "−10.01" in shown.reproduced(pd.DataFrame([paid]), "USD", "Paid").as_raw_html()
    found = {"says": "By hand", "lines": 1, "people": 1, "money": 2.5}
    found |= {"planted_lines": 1000, "planted_people": 3, "planted_money": 4.0}
    assert "1,000" in shown.sources(pd.DataFrame([found]), "USD", "Sources").as_raw_html()
