"""Small tables for the charts of delivery, and what each picture has to say."""

from __future__ import annotations

import pandas as pd

from spmlib.show import charts

ANSWERS = pd.DataFrame(
    {
        "day": [0, 1, 3, 9],
        "at_risk": [10, 10, 6, 2],
        "acknowledged": [0, 4, 3, 1],
        "open": [1.0, 0.6, 0.3, 0.15],
    }
)
TEAMS = pd.DataFrame(
    {
        "team": ["sales", "partner", None],
        "documents": [10, 4, 1],
        "acknowledged": [8, 4, 0],
        "overdue": [1, 0, 1],
    }
)
DRAWN_DELIVERY = {
    "acknowledged_after": (
        ANSWERS,
        lambda t: charts.acknowledged_after(t, 3.0, [7, 14], "Plans"),
        "of 10 documents, half did in 3 days, 85 % within 9 days",
    ),
    "acknowledged_by_team": (
        TEAMS,
        lambda t: charts.acknowledged_by_team(t, "Plans"),
        "12 of 15 documents acknowledged, 2 overdue",
    ),
}
