"""Tables of the own frontier say what they hold, by id."""

from __future__ import annotations

import pandas as pd

from spmlib.show import frontier_tables

SCORES = pd.DataFrame(
    {
        "unit": ["H1", "H2"],
        "corrected": [0.7, 0.9],
        "low_95": [0.6, 0.8],
        "high_95": [0.75, 0.99],
        "more": [500_000.0, 100_000.0],
        "more_low_95": [400_000.0, 10_000.0],
        "more_high_95": [900_000.0, 200_000.0],
        "peers": ["H2 100%", ""],
    }
)


def test_whom_to_learn_from():
    page = frontier_tables.to_learn(SCORES, "USD", "Executives").as_raw_html()
    for said in ("Executives", "H2 100%", "60 % to 75 %", "500K", "400K to 900K"):
        assert said in page


def test_where_methods_disagree():
    table = SCORES[["unit", "corrected"]].assign(
        effect=[0.012, -0.004], score_place=[2, 1], effect_place=[1, 2], apart=1
    )
    page = frontier_tables.both(table, "Both").as_raw_html()
    assert "1.2 %" in page and "\N{MINUS SIGN}0.4 %" in page


def test_how_well_it_was_foretold():
    table = pd.DataFrame(
        {"method": ["alike", "quota"], "correlation": [None, 0.716], "error": [0.4, 0.25]}
    )
    page = frontier_tables.foresight(table, "Foretold").as_raw_html()
    assert "0.72" in page and "25 %" in page and "Alike" in page and "nan" not in page.lower()
