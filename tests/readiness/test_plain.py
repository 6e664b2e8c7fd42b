"""A small table of anybody's adjustments, whatever it was made with."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.readiness import written
from spmlib.revops.readiness.plain import looked_through

POLICY = written.read(Path(__file__).parents[2] / "parameters/policies/readiness.yaml")
PAID = [
    {"period": f"2026-0{month}", "payee_id": who, "amount": Decimal(amount), "reason": reason}
    for month, who, amount, reason in [
        (1, "A", "20.00", "2 % of bookings, see mail"),
        (2, "A", "30.01", None),
        (3, "A", "-4.00", "booking share of Mar (cancelled)"),
        (1, "B", "75", "Goodwill"),
        (3, "B", "12.5", "goodwil"),
    ]
]
SOLD = [("A", 1, "1000"), ("A", 2, "1500.4"), ("A", 3, "-200"), ("B", 1, "900"), ("B", 3, "55")]


def credited():
    names = ("payee_id", "period", "measure", "value")
    rows = [(who, f"2026-0{month}", "bookings", float(value)) for who, month, value in SOLD]
    return pd.DataFrame(rows, columns=names)


@pytest.mark.parametrize("made", [list, pd.DataFrame], ids=["rows", "pandas"])
def test_a_rate_is_found_whatever_sign_words_and_table(made):
    told = looked_through(made(PAID), POLICY, credited())
    assert told.rules.select("kind", "measure", "value", "lines", "found_by").rows() == [
        ("rate", "bookings", 0.02, 3, "amounts")
    ]
    assert told.rows["rule"].to_list() == [1, 1, 1, None, None]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ([1, 2], "no column 'period'"),
        ({"period": [1, 2], "amount": [1]}, "adjustments make no table"),
        ([{"period": 1, "amount": "a lot"}], "are words"),
        ("adjustments", "no column 'period'"),
    ],
)
def test_what_is_no_table_is_refused(given, wrong):
    with pytest.raises(ParameterError, match=wrong):
        looked_through(given, POLICY)
