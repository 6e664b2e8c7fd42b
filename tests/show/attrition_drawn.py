"""The pictures of attrition, each with a small table and its finding."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

STAYS = pd.DataFrame(
    {
        "group": ["seller"] * 3 + ["manager"] * 3,
        "months": [0, 6, 12] * 2,
        "stays": [1.0, 0.9, 0.8, 1.0, 0.95, 0.9],
        "low": [1.0, 0.85, 0.7, 1.0, 0.9, 0.8],
        "high": [1.0, 0.94, 0.88, 1.0, 0.98, 0.96],
    }
)
CAME = pd.DataFrame(
    {
        "predicted": [0.01, 0.02, 0.08],
        "observed": [0.012, 0.01, 0.09],
        "low": [0.005, 0.004, 0.06],
        "high": [0.02, 0.018, 0.12],
        "left": [3, 2, 20],
    }
)
REASONS = pd.DataFrame(
    {
        "reason": ["quota", "tenure", "season"],
        "changeable": ["yes", "no", "no"],
        "people": [12, 30, 0],
        "mean": [0.7, 0.2, None],
    }
)
VALUES = pd.DataFrame(
    {"name": ["M01", "M02"], "at_risk": [1_200_000.0, 300_000.0], "share": [0.31, 0.12]}
)
DRAWN_ATTRITION = {
    "staying": (
        STAYS,
        lambda t: charts.staying(t, "Still there", "band: 95 %"),
        "at the end Seller 80 %, Manager 90 % are still there",
    ),
    "foretold_and_came": (
        CAME,
        lambda t: charts.foretold_and_came(t, "Later months"),
        "of 3 groups 2 have the chance that was said in their interval",
    ),
    "leaving_reasons": (
        REASONS,
        lambda t: charts.leaving_reasons(t, "Reasons"),
        "Quota is told of 12 people",
    ),
    "value_at_risk": (
        VALUES,
        lambda t: charts.value_at_risk(t, "USD", "At risk"),
        "most with M01, USD 1.2M",
    ),
}
