"""Sample tables of the pay audit's charts."""

import pandas as pd

from spmlib.show import audit_charts

STAKES = pd.DataFrame(
    {"period": ["2026-01", "2026-02"], "count": [2, 1], "amount": [1200.0, 300.0]}
)
KINDS = pd.DataFrame(
    {
        "says": ["Booked twice", "Paid after leaving"],
        "recall": [1.0, 0.9],
        "recall_low": [0.93, 0.8],
        "recall_high": [1.0, 0.95],
        "precision": [0.9, 1.0],
        "precision_low": [0.8, 0.9],
        "precision_high": [0.95, 1.0],
    }
)
DRAWN_AUDIT = {
    "at_stake": (
        STAKES,
        lambda t: audit_charts.at_stake(t, "USD", "Stakes"),
        "Stakes: most in January 2026, USD 1.2K; 3 findings in 2 months",
    ),
    "found_and_false": (
        KINDS,
        lambda t: audit_charts.found_and_false(t, "Found"),
        "Found: 1 of 2 kinds of fault are found in 95 % of cases with 80 % of findings right",
    ),
}
